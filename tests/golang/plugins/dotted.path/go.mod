module example.com/plugins/dotted.path

go 1.21
