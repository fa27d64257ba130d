// A modifier with both halves under one name: the engine runs the request half only.
package main

// ModifierRegisterer is the symbol that KrakenD looks up.
var ModifierRegisterer = registerer("both-halves")

type registerer string

// RegisterModifiers gives KrakenD the name and the factory of the modifier.
func (r registerer) RegisterModifiers(register func(
	name string,
	factory func(map[string]interface{}) func(interface{}) (interface{}, error),
	appliesToRequest bool,
	appliesToResponse bool,
)) {
	register(string(r), r.pass, true, true)
}

func (r registerer) pass(map[string]interface{}) func(interface{}) (interface{}, error) {
	return func(input interface{}) (interface{}, error) { return input, nil }
}

func main() {}
