module example.com/plugins/engine/both_halves

go 1.21
