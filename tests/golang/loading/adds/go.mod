module example.com/loading/adds

go 1.21
