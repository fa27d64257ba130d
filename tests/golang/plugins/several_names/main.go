// One registerer that registers its string and two literals.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
)

// HandlerRegisterer is the symbol that KrakenD looks up.
var HandlerRegisterer = registerer("several-names")

type registerer string

// RegisterHandlers gives KrakenD three names.
func (r registerer) RegisterHandlers(register func(
	name string,
	factory func(context.Context, map[string]interface{}, http.Handler) (http.Handler, error),
)) {
	if os.Getenv("SEVERAL_NAMES_VERBOSE") != "" {
		fmt.Fprintln(os.Stderr, "registering", string(r))
	}
	register(string(r), r.newHandler)
	register("several-names-blue", r.newHandler)
	register("several-names-green", r.newHandler)
}

func (r registerer) newHandler(
	_ context.Context, _ map[string]interface{}, next http.Handler,
) (http.Handler, error) {
	return next, nil
}

func main() {}
