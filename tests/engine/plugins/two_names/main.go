// One registerer, two names: its own string and a literal.
package main

import (
	"context"
	"net/http"
)

// ClientRegisterer is the symbol that KrakenD looks up.
var ClientRegisterer = registerer("two-names-first")

type registerer string

// RegisterClients gives KrakenD two names for one client.
func (r registerer) RegisterClients(register func(
	name string,
	factory func(context.Context, map[string]interface{}) (http.Handler, error),
)) {
	register(string(r), r.newClient)
	register("two-names-second", r.newClient)
}

func (r registerer) newClient(
	context.Context, map[string]interface{},
) (http.Handler, error) {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("{}"))
	}), nil
}

func main() {}
