module example.com/plugins/engine/function_registerer

go 1.21
