// The registerer is an empty struct, and its method passes the package variable.
package main

import (
	"context"
	"net/http"
)

var (
	banner     = "passed-var is here"
	pluginName = "passed-var"
	// fallback is an interface: two pointers, where a string has a pointer and a length.
	fallback http.Handler = http.RedirectHandler("/"+banner, http.StatusFound)
)

// ClientRegisterer is the symbol that KrakenD looks up.
var ClientRegisterer = registerer{}

type registerer struct{}

// RegisterClients gives KrakenD the name and the factory of the client.
func (registerer) RegisterClients(register func(
	name string,
	factory func(context.Context, map[string]interface{}) (http.Handler, error),
)) {
	register(pluginName, func(context.Context, map[string]interface{}) (http.Handler, error) {
		return fallback, nil
	})
}

func main() {}
