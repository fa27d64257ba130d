module example.com/plugins/modifier_template

go 1.21
