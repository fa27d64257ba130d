// A server plugin whose method has the parameters of a client plugin.
package main

import (
	"context"
	"net/http"
)

// HandlerRegisterer is the symbol that KrakenD looks up.
var HandlerRegisterer = registerer("old-signature")

type registerer string

// RegisterHandlers lacks the next handler among the parameters of the factory.
func (r registerer) RegisterHandlers(f func(
	string, func(context.Context, map[string]interface{}) (http.Handler, error),
)) {
	f(string(r), nil)
}

func main() {}
