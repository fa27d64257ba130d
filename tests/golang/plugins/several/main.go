// Three registerers in one file, each with a name of its own.
package main

import (
	"context"
	"net/http"
)

var (
	// HandlerRegisterer is looked up for plugin/http-server.
	HandlerRegisterer = handlers("several-server")
	// ClientRegisterer is looked up for plugin/http-client.
	ClientRegisterer = clients("several-client")
	// ModifierRegisterer is looked up for plugin/req-resp-modifier.
	ModifierRegisterer = modifiers("several-modifier")
)

type (
	handlers  string
	clients   string
	modifiers string
)

// RegisterHandlers gives KrakenD the name and the factory of the handler.
func (r handlers) RegisterHandlers(register func(
	name string,
	factory func(context.Context, map[string]interface{}, http.Handler) (http.Handler, error),
)) {
	register(string(r), func(
		_ context.Context, _ map[string]interface{}, next http.Handler,
	) (http.Handler, error) {
		return next, nil
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

// RegisterModifiers gives KrakenD the names and factories of the modifiers.
func (r modifiers) RegisterModifiers(register func(
	name string,
	factory func(map[string]interface{}) func(interface{}) (interface{}, error),
	appliesToRequest bool,
	appliesToResponse bool,
)) {
	pass := func(map[string]interface{}) func(interface{}) (interface{}, error) {
		return func(input interface{}) (interface{}, error) { return input, nil }
	}
	register(string(r)+"-request", pass, true, false)
	register(string(r)+"-response", pass, false, true)
}

func main() {}
