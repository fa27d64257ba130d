module example.com/plugins/modifier_own_suffix

go 1.21
