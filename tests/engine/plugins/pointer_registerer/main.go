// The symbol is a pointer: what is looked up is a pointer to that, without methods.
package main

import (
	"context"
	"net/http"
)

// HandlerRegisterer is the symbol that KrakenD looks up.
var HandlerRegisterer = &registerer{name: "pointer"}

type registerer struct{ name string }

// RegisterHandlers is as KrakenD asks for it.
func (r *registerer) RegisterHandlers(f func(
	string, func(context.Context, map[string]interface{}, http.Handler) (http.Handler, error),
)) {
	f(r.name, func(_ context.Context, _ map[string]interface{}, h http.Handler) (http.Handler, error) {
		return h, nil
	})
}

func main() {}
