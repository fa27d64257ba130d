module example.com/loading/answers

go 1.21
