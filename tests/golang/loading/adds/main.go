// A plugin with a package that the opener lacks.
package main

import "example.com/extra"

type registerer string

// ModifierRegisterer is the symbol that lura looks for.
var ModifierRegisterer = registerer("adds")

func (r registerer) RegisterModifiers(f func(
	name string,
	factory func(map[string]interface{}) func(interface{}) (interface{}, error),
	request, response bool,
)) {
	f(string(r), func(map[string]interface{}) func(interface{}) (interface{}, error) {
		return func(interface{}) (interface{}, error) { return extra.Sum(1, 2), nil }
	}, true, false)
}

func main() {}
