module example.com/plugins/client_template

go 1.21
