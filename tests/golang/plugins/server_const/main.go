// An http-server plugin whose registerer is a string type set to a literal.
package main

import (
	"context"
	"net/http"
)

// HandlerRegisterer is the symbol that KrakenD looks up.
var HandlerRegisterer = registerer("server-const")

type registerer string

// RegisterHandlers gives KrakenD the name and the factory of the handler.
func (r registerer) RegisterHandlers(register func(
	name string,
	factory func(context.Context, map[string]interface{}, http.Handler) (http.Handler, error),
)) {
	register(string(r), r.newHandler)
}

func (r registerer) newHandler(
	_ context.Context, _ map[string]interface{}, next http.Handler,
) (http.Handler, error) {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("X-Plugin", string(r))
		next.ServeHTTP(w, req)
	}), nil
}

func main() {}
