module example.com/plugins/pointer_method

go 1.21
