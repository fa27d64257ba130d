module example.com/plugins/engine/two_names

go 1.21
