// A req-resp-modifier plugin as in KrakenD's documentation: it registers two names, built from
// the registerer's string and a suffix each.
package main

import "fmt"

// ModifierRegisterer is the symbol that KrakenD looks up.
var ModifierRegisterer = registerer("modifier-template")

type registerer string

// RegisterModifiers gives KrakenD the names and factories of the modifiers.
func (r registerer) RegisterModifiers(register func(
	name string,
	factory func(map[string]interface{}) func(interface{}) (interface{}, error),
	appliesToRequest bool,
	appliesToResponse bool,
)) {
	register(string(r)+"-request", r.request, true, false)
	register(string(r)+"-response", r.response, false, true)
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
