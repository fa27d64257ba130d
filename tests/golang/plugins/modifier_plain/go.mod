module example.com/plugins/modifier_plain

go 1.21
