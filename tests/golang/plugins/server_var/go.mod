module example.com/plugins/server_var

go 1.21
