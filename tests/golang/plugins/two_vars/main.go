// Two registerers, each filled from a string variable of its own, and one more variable.
package main

import (
	"context"
	"net/http"
)

var (
	version    = "1.4.2"
	serverName = "two-vars-server"
	clientName = "two-vars-client"
)

var (
	// HandlerRegisterer is looked up for plugin/http-server.
	HandlerRegisterer = handlers(serverName)
	// ClientRegisterer is looked up for plugin/http-client.
	ClientRegisterer = clients(clientName)
)

type (
	handlers string
	clients  string
)

// RegisterHandlers gives KrakenD the name and the factory of the handler.
func (r handlers) RegisterHandlers(register func(
	name string,
	factory func(context.Context, map[string]interface{}, http.Handler) (http.Handler, error),
)) {
	register(string(r), func(
		_ context.Context, _ map[string]interface{}, next http.Handler,
	) (http.Handler, error) {
		return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			w.Header().Set("X-Version", version)
			next.ServeHTTP(w, req)
		}), nil
	})
}

// RegisterClients gives KrakenD the name and the factory of the client.
func (r clients) RegisterClients(register func(
	name string,
	factory func(context.Context, map[string]interface{}) (http.Handler, error),
)) {
	register(string(r), func(context.Context, map[string]interface{}) (http.Handler, error) {
		return http.NotFoundHandler(), nil
	})
}

func main() {}
