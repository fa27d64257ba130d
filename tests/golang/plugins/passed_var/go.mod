module example.com/plugins/passed_var

go 1.21
