// A second server plugin, which passes every request on.
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
		_ context.Context, _ map[string]interface{}, next http.Handler,
	) (http.Handler, error) {
		return http.HandlerFunc(next.ServeHTTP), nil
	})
}

func main() {}
