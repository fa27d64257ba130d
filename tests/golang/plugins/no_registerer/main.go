// A Go plugin that has none of KrakenD's symbols.
package main

// Answer is exported, and nothing that KrakenD looks up.
var Answer = "forty-two"

func main() {}
