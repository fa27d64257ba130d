module example.com/plugins/no_registerer

go 1.21
