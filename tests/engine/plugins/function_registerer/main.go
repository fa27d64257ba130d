// The symbol is a function.
package main

// HandlerRegisterer is the symbol that KrakenD looks up.
func HandlerRegisterer() {}

func main() {}
