module example.com/plugins/other_var

go 1.21
