// Registers the name of another plugin: the later file wins.
package main

import (
	"context"
	"net/http"
)

// HandlerRegisterer is the symbol that KrakenD looks up.
var HandlerRegisterer = registerer("server-b")

type registerer string

// RegisterHandlers gives KrakenD the name and the factory of the handler.
func (r registerer) RegisterHandlers(register func(
	name string,
	factory func(context.Context, map[string]interface{}, http.Handler) (http.Handler, error),
)) {
	register(string(r), func(
		context.Context, map[string]interface{}, http.Handler,
	) (http.Handler, error) {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusTeapot)
		}), nil
	})
}

func main() {}
