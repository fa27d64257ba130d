// The name is a package variable that is not called pluginName.
package main

import (
	"context"
	"net/http"
)

var theName = "other-var"

// ClientRegisterer is the symbol that KrakenD looks up.
var ClientRegisterer = registerer(theName)

type registerer string

// RegisterClients gives KrakenD the name and the factory of the client.
func (r registerer) RegisterClients(register func(
	name string,
	factory func(context.Context, map[string]interface{}) (http.Handler, error),
)) {
	register(string(r), func(context.Context, map[string]interface{}) (http.Handler, error) {
		return http.NotFoundHandler(), nil
	})
}

func main() {}
