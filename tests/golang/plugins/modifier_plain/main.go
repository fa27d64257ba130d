// A req-resp-modifier plugin that registers its registerer's string as it is.
package main

// ModifierRegisterer is the symbol that KrakenD looks up.
var ModifierRegisterer = registerer("modifier-plain")

type registerer string

// RegisterModifiers gives KrakenD the name and the factory of the modifier.
func (r registerer) RegisterModifiers(register func(
	name string,
	factory func(map[string]interface{}) func(interface{}) (interface{}, error),
	appliesToRequest bool,
	appliesToResponse bool,
)) {
	register(string(r), r.pass, true, false)
}

func (r registerer) pass(map[string]interface{}) func(interface{}) (interface{}, error) {
	return func(input interface{}) (interface{}, error) { return input, nil }
}

func main() {}
