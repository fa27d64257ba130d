module example.com/plugins/computed

go 1.21
