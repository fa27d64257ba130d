// The symbol is there, its type lacks the method: "unknown type".
package main

// HandlerRegisterer is the symbol that KrakenD looks up.
var HandlerRegisterer = registerer("wrong-method")

type registerer string

// RegisterHandler lacks the last letter.
func (r registerer) RegisterHandler(func(string)) {}

func main() {}
