// A plugin with a package that the opener has too.
package main

import (
	"context"
	"net/http"

	"example.com/shared"
)

type registerer string

// HandlerRegisterer is the symbol that lura looks for.
var HandlerRegisterer = registerer("greets")

func (r registerer) RegisterHandlers(f func(
	name string,
	handler func(context.Context, map[string]interface{}, http.Handler) (http.Handler, error),
)) {
	f(string(r), func(_ context.Context, _ map[string]interface{}, _ http.Handler) (http.Handler, error) {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Write([]byte(shared.Greeting()))
		}), nil
	})
}

func main() {}
