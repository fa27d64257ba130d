// The name is only known once the plugin runs: nothing in the file holds it.
package main

import (
	"context"
	"net/http"
	"os"
	"strings"
)

var stage = "TEST-"

// HandlerRegisterer is the symbol that KrakenD looks up.
var HandlerRegisterer = registerer(strings.ToLower(stage + os.Getenv("PLUGIN_SUFFIX")))

type registerer string

// RegisterHandlers gives KrakenD the name and the factory of the handler.
func (r registerer) RegisterHandlers(register func(
	name string,
	factory func(context.Context, map[string]interface{}, http.Handler) (http.Handler, error),
)) {
	register(string(r), func(
		_ context.Context, _ map[string]interface{}, next http.Handler,
	) (http.Handler, error) {
		return next, nil
	})
}

func main() {}
