// A modifier that appends suffixes of its own: its names cannot be told from its string.
package main

import "fmt"

// ModifierRegisterer is the symbol that KrakenD looks up.
var ModifierRegisterer = registerer("modifier-own-suffix")

type registerer string

// RegisterModifiers gives KrakenD the names and factories of the modifiers.
func (r registerer) RegisterModifiers(register func(
	name string,
	factory func(map[string]interface{}) func(interface{}) (interface{}, error),
	appliesToRequest bool,
	appliesToResponse bool,
)) {
	register(string(r)+"-before", r.request, true, false)
	register(string(r)+"-after", r.response, false, true)
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
