module example.com/plugins/engine/takes_name

go 1.21
