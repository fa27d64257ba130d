// An http-client plugin as in KrakenD's documentation.
package main

import (
	"context"
	"errors"
	"io"
	"net/http"
)

// ClientRegisterer is the symbol that KrakenD looks up.
var ClientRegisterer = registerer("client-template")

type registerer string

// RegisterClients gives KrakenD the name and the factory of the client.
func (r registerer) RegisterClients(register func(
	name string,
	factory func(context.Context, map[string]interface{}) (http.Handler, error),
)) {
	register(string(r), r.newClient)
}

func (r registerer) newClient(
	_ context.Context, extra map[string]interface{},
) (http.Handler, error) {
	if name, ok := extra["name"].(string); !ok || name != string(r) {
		return nil, errors.New("not for " + string(r))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		response, err := http.DefaultClient.Do(req)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer response.Body.Close()
		w.WriteHeader(response.StatusCode)
		_, _ = io.Copy(w, response.Body)
	}), nil
}

func main() {}
