// The registerer is a struct with the name in it, and its method has a pointer receiver.
package main

import (
	"context"
	"net/http"
)

// ClientRegisterer is the symbol that KrakenD looks up.
var ClientRegisterer = registerer{name: "pointer-method"}

type registerer struct{ name string }

// RegisterClients gives KrakenD the name and the factory of the client.
func (r *registerer) RegisterClients(register func(
	name string,
	factory func(context.Context, map[string]interface{}) (http.Handler, error),
)) {
	register(r.name, func(context.Context, map[string]interface{}) (http.Handler, error) {
		return http.NotFoundHandler(), nil
	})
}

func main() {}
