// The registerer is as large as a pointer, and is none.
package main

import (
	"context"
	"net/http"
)

type config struct{ name string }

type registerer struct{ config *config }

// HandlerRegisterer is the symbol that KrakenD looks up.
var HandlerRegisterer = registerer{&config{"field-pointer"}}

// RegisterHandlers is as KrakenD asks for it.
func (r *registerer) RegisterHandlers(f func(
	string, func(context.Context, map[string]interface{}, http.Handler) (http.Handler, error),
)) {
	f(r.config.name, func(_ context.Context, _ map[string]interface{}, h http.Handler) (http.Handler, error) {
		return h, nil
	})
}

func main() {}
