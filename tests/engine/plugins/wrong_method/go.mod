module example.com/plugins/engine/wrong_method

go 1.21
