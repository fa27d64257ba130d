module example.com/plugins/engine/pointer_registerer

go 1.21
