module example.com/plugins/several

go 1.21
