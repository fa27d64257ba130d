// A modifier that registers constants: name and suffix are one literal each.
package main

import "fmt"

const name = "modifier-const"

// ModifierRegisterer is the symbol that KrakenD looks up.
var ModifierRegisterer = registerer(name)

type registerer string

// RegisterModifiers gives KrakenD the names and factories of the modifiers.
func (r registerer) RegisterModifiers(register func(
	name string,
	factory func(map[string]interface{}) func(interface{}) (interface{}, error),
	appliesToRequest bool,
	appliesToResponse bool,
)) {
	register(name+"-request", r.request, true, false)
	register(name+"-response", r.response, false, true)
}

func (r registerer) request(
	map[string]interface{},
) func(interface{}) (interface{}, error) {
	return func(input interface{}) (interface{}, error) {
		fmt.Println(string(r), "request")
		return input, nil
	}
}

func (r registerer) response(
	map[string]interface{},
) func(interface{}) (interface{}, error) {
	return func(input interface{}) (interface{}, error) {
		fmt.Println(string(r), "response")
		return input, nil
	}
}

func main() {}
