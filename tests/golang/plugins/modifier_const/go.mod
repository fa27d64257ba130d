module example.com/plugins/modifier_const

go 1.21
