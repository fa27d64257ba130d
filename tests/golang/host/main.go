// Opens one plugin as KrakenD's lura does and prints what it registers, a line each: the type
// and the name as a Go string literal. A plugin that cannot be opened: its error, and exit 1.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"plugin"
)

type handlerFactory = func(
	context.Context, map[string]interface{}, http.Handler,
) (http.Handler, error)

type clientFactory = func(context.Context, map[string]interface{}) (http.Handler, error)

type modifierFactory = func(map[string]interface{}) func(interface{}) (interface{}, error)

// HandlerRegisterer is lura's Registerer of transport/http/server/plugin.
type HandlerRegisterer interface {
	RegisterHandlers(func(name string, factory handlerFactory))
}

// ClientRegisterer is lura's Registerer of transport/http/client/plugin.
type ClientRegisterer interface {
	RegisterClients(func(name string, factory clientFactory))
}

// ModifierRegisterer is lura's Registerer of proxy/plugin.
type ModifierRegisterer interface {
	RegisterModifiers(func(name string, factory modifierFactory, request, response bool))
}

func main() {
	opened, err := plugin.Open(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if found, err := opened.Lookup("HandlerRegisterer"); err == nil {
		found.(HandlerRegisterer).RegisterHandlers(func(name string, _ handlerFactory) {
			fmt.Printf("http-server %q\n", name)
		})
	}
	if found, err := opened.Lookup("ClientRegisterer"); err == nil {
		found.(ClientRegisterer).RegisterClients(func(name string, _ clientFactory) {
			fmt.Printf("http-client %q\n", name)
		})
	}
	if found, err := opened.Lookup("ModifierRegisterer"); err == nil {
		found.(ModifierRegisterer).RegisterModifiers(
			func(name string, _ modifierFactory, _, _ bool) {
				fmt.Printf("req-resp-modifier %q\n", name)
			})
	}
}
