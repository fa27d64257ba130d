// The symbol is of an interface type: a pointer to that has no methods.
package main

import (
	"context"
	"net/http"
)

// Registerer is what KrakenD asks for.
type Registerer interface {
	RegisterHandlers(f func(
		string, func(context.Context, map[string]interface{}, http.Handler) (http.Handler, error),
	))
}

// HandlerRegisterer is the symbol that KrakenD looks up.
var HandlerRegisterer Registerer = registerer("interface")

type registerer string

// RegisterHandlers is as KrakenD asks for it.
func (r registerer) RegisterHandlers(f func(
	string, func(context.Context, map[string]interface{}, http.Handler) (http.Handler, error),
)) {
	f(string(r), func(_ context.Context, _ map[string]interface{}, h http.Handler) (http.Handler, error) {
		return h, nil
	})
}

func main() {}
