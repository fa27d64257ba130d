// The registerer begins with a word that says what is in an interface, as an interface does.
package main

import (
	"context"
	"net/http"
)

type logger interface{ log() string }

type quiet struct{}

func (quiet) log() string { return "field-interface" }

type registerer struct{ logger logger }

// HandlerRegisterer is the symbol that KrakenD looks up.
var HandlerRegisterer = registerer{quiet{}}

// RegisterHandlers is as KrakenD asks for it.
func (r registerer) RegisterHandlers(f func(
	string, func(context.Context, map[string]interface{}, http.Handler) (http.Handler, error),
)) {
	f(r.logger.log(), func(_ context.Context, _ map[string]interface{}, h http.Handler) (http.Handler, error) {
		return h, nil
	})
}

func main() {}
