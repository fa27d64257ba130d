module example.com/loading/speaks

go 1.21
