module example.com/plugins/several_names

go 1.21
