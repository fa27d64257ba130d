module example.com/plugins/engine/server_b

go 1.21
