module example.com/plugins/two_vars

go 1.21
