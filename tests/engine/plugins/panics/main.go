// The registerer panics: the engine recovers and goes on without the file.
package main

import (
	"context"
	"net/http"
)

// HandlerRegisterer is the symbol that KrakenD looks up.
var HandlerRegisterer = registerer("panics")

type registerer string

// RegisterHandlers registers nothing.
func (r registerer) RegisterHandlers(func(
	name string,
	factory func(context.Context, map[string]interface{}, http.Handler) (http.Handler, error),
)) {
	panic("boom in " + string(r))
}

func main() {}
