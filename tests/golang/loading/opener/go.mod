module example.com/loading/opener

go 1.21
