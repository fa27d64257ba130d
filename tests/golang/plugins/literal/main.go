// The registerer is an empty struct: the name is a literal inside a function.
package main

import (
	"context"
	"net/http"
)

// pluginName is for messages only: it is not what the plugin registers.
var pluginName = "literal plugin"

// ClientRegisterer is the symbol that KrakenD looks up.
var ClientRegisterer = registerer{}

type registerer struct{}

// RegisterClients gives KrakenD the name and the factory of the client.
func (registerer) RegisterClients(register func(
	name string,
	factory func(context.Context, map[string]interface{}) (http.Handler, error),
)) {
	register("literal-in-function", func(
		context.Context, map[string]interface{},
	) (http.Handler, error) {
		return http.RedirectHandler("/"+pluginName, http.StatusFound), nil
	})
}

func main() {}
