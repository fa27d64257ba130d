module example.com/plugins/engine/interface_registerer

go 1.21
