module example.com/plugins/literal

go 1.21
