module example.com/loading/greets

go 1.21
