// A plugin with a package of a module that the opener has, but not with this package of it.
package main

import "example.com/shared/words"

type registerer string

// ModifierRegisterer is the symbol that lura looks for.
var ModifierRegisterer = registerer("speaks")

func (r registerer) RegisterModifiers(f func(
	name string,
	factory func(map[string]interface{}) func(interface{}) (interface{}, error),
	request, response bool,
)) {
	f(string(r), func(map[string]interface{}) func(interface{}) (interface{}, error) {
		return func(interface{}) (interface{}, error) { return words.Words, nil }
	}, true, false)
}

func main() {}
