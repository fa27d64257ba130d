// As server_var, in a module whose last path element has a dot: symbol names escape it.
package main

import (
	"context"
	"errors"
	"net/http"
)

var pluginName = "dotted-path"

// HandlerRegisterer is the symbol that KrakenD looks up.
var HandlerRegisterer = registerer(pluginName)

type registerer string

// RegisterHandlers gives KrakenD the name and the factory of the handler.
func (r registerer) RegisterHandlers(register func(
	name string,
	factory func(context.Context, map[string]interface{}, http.Handler) (http.Handler, error),
)) {
	register(string(r), r.newHandler)
}

func (r registerer) newHandler(
	_ context.Context, extra map[string]interface{}, next http.Handler,
) (http.Handler, error) {
	config, ok := extra[pluginName].(map[string]interface{})
	if !ok {
		return next, errors.New("configuration not found")
	}
	path, _ := config["path"].(string)
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == path {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, req)
	}), nil
}

func main() {}
