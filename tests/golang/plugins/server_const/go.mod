module example.com/plugins/server_const

go 1.21
