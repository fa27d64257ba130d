module example.com/plugins/engine/panics

go 1.21
