// The registerer is an empty struct: the name is a literal inside a function.
package main

import (
	"context"
	"net/http"
)

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
		return http.NotFoundHandler(), nil
	})
}

func main() {}
