// A plugin that needs a shared library besides the C library.
package main

// #cgo LDFLAGS: -lanswer
// int answer(void);
import "C"

type registerer string

// ModifierRegisterer is the symbol that lura looks for.
var ModifierRegisterer = registerer("answers")

func (r registerer) RegisterModifiers(f func(
	name string,
	factory func(map[string]interface{}) func(interface{}) (interface{}, error),
	request, response bool,
)) {
	f(string(r), func(map[string]interface{}) func(interface{}) (interface{}, error) {
		return func(interface{}) (interface{}, error) { return int(C.answer()), nil }
	}, true, false)
}

func main() {}
