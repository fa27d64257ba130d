package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	koanf "github.com/krakend/krakend-koanf"
	"github.com/luraproject/lura/v2/config"
	"github.com/luraproject/lura/v2/proxy"
	modifier "github.com/luraproject/lura/v2/proxy/plugin"
	"github.com/luraproject/lura/v2/router/mux"
	"github.com/luraproject/lura/v2/transport/http/client"
	clientplugin "github.com/luraproject/lura/v2/transport/http/client/plugin"
	server "github.com/luraproject/lura/v2/transport/http/server/plugin"
)

const (
	requestTimeout = 2 * time.Second
	maxRequests    = 100
)

// aliases are those of cmd/krakend-ce/main.go that concern plugins.
var aliases = map[string]string{
	server.Namespace:       "plugin/http-server",
	clientplugin.Namespace: "plugin/http-client",
	modifier.Namespace:     "plugin/req-resp-modifier",
	proxy.Namespace:        "proxy",
}

// met is what one request came through, in order.
type met struct {
	// Pointer is that of the endpoint or async agent.
	Pointer string  `json:"pointer"`
	Status  int     `json:"status"`
	Error   string  `json:"error,omitempty"`
	Order   []event `json:"order"`
}

type report struct {
	// ParseError ends everything: KrakenD does not start.
	ParseError string         `json:"parse_error"`
	Plugin     *config.Plugin `json:"plugin"`
	Files      [][]byte       `json:"files"`
	Registered []registration `json:"registered"`
	// Injected has an entry a factory call; those with an error are out.
	Injected []event `json:"injected"`
	Requests []met   `json:"requests"`
	Logs     []line  `json:"logs"`
}

// run is NewCmdExecutor of krakend-ce's executor.go as far as plugins go, and a request each.
func run(path string) report {
	for namespace, alias := range aliases {
		config.ExtraConfigAlias[alias] = namespace
	}
	answer := report{Files: [][]byte{}, Registered: []registration{}, Requests: []met{}}
	cfg, err := koanf.New().Parse(path)
	if err != nil {
		answer.ParseError = err.Error()
		return answer
	}
	cfg.Normalize()
	mark(cfg)
	r := &recorder{injected: []event{}, logs: []line{}}
	http.DefaultTransport = stub{r}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	answer.Plugin = cfg.Plugin
	if cfg.Plugin != nil {
		answer.Files = files(cfg.Plugin)
		load(ctx, cfg.Plugin, r)
		answer.Registered = registrations(cfg.Plugin)
	}
	answer.Requests = serve(ctx, cfg, r)
	answer.Injected, answer.Logs = r.injected, r.logs
	return answer
}

// mark leaves each plugin entry's place in it, where factories find it.
func mark(cfg config.ServiceConfig) {
	markExtra(cfg.ExtraConfig, "")
	for i, endpoint := range cfg.Endpoints {
		markPipe(endpoint.ExtraConfig, endpoint.Backend, fmt.Sprintf("/endpoints/%d", i))
	}
	for i, agent := range cfg.AsyncAgents {
		markPipe(agent.ExtraConfig, agent.Backend, fmt.Sprintf("/async_agent/%d", i))
	}
}

func markPipe(extra config.ExtraConfig, backends []*config.Backend, pointer string) {
	markExtra(extra, pointer)
	for i, backend := range backends {
		markExtra(backend.ExtraConfig, fmt.Sprintf("%s/backend/%d", pointer, i))
	}
}

func markExtra(extra config.ExtraConfig, pointer string) {
	for namespace := range aliases {
		if entry, ok := extra[namespace].(map[string]interface{}); ok {
			entry[pointerKey] = pointer
		}
	}
}

// serve builds all pipes as the executor does, agents included, and sends one request each.
func serve(ctx context.Context, cfg config.ServiceConfig, r *recorder) []met {
	factory := proxy.NewDefaultFactory(backendFactory(ctx, r), r)
	handlers := make([]http.Handler, len(cfg.Endpoints))
	for i, endpoint := range cfg.Endpoints {
		pipe, err := factory.New(endpoint)
		if err != nil {
			r.Error("[SERVICE: Gin]", "Calling the ProxyFactory", err.Error())
			handlers[i] = http.NotFoundHandler()
			continue
		}
		handlers[i] = mux.EndpointHandler(endpoint, pipe)
	}
	requests := []met{}
	current := http.NotFoundHandler()
	dispatch := http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		current.ServeHTTP(w, request)
	})
	runServer := func(ctx context.Context, cfg config.ServiceConfig, service http.Handler) error {
		for i, endpoint := range cfg.Endpoints {
			if i == maxRequests {
				break
			}
			current = handlers[i]
			requests = append(requests, ask(ctx, service, endpoint, fmt.Sprintf("/endpoints/%d", i), r))
		}
		return nil
	}
	if err := server.New(r, runServer)(ctx, cfg, dispatch); err != nil {
		r.Error("[SERVICE: Gin]", err.Error())
	}
	for i, agent := range cfg.AsyncAgents {
		requests = append(requests, consume(ctx, factory, agent, fmt.Sprintf("/async_agent/%d", i), r))
	}
	return requests
}

// backendFactory is that of krakend-ce's backend_factory.go with the plugin executor alone.
func backendFactory(ctx context.Context, r *recorder) proxy.BackendFactory {
	executors := clientplugin.HTTPRequestExecutorWithContext(
		ctx, r, func(*config.Backend) client.HTTPRequestExecutor {
			return client.DefaultHTTPRequestExecutor(client.NewHTTPClient)
		},
	)
	return func(backend *config.Backend) proxy.Proxy {
		return proxy.NewHTTPProxyWithHTTPExecutor(backend, executors(backend), backend.Decoder)
	}
}

func ask(
	ctx context.Context, service http.Handler, endpoint *config.EndpointConfig, pointer string, r *recorder,
) (answer met) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	answer.Pointer = pointer
	defer func() {
		if reason := recover(); reason != nil {
			answer.Error = fmt.Sprintf("panic: %v", reason)
		}
		answer.Order = r.takeRun()
	}()
	target := "http://krakend.invalid" + strings.NewReplacer("{", "", "}", "", "*", "x").Replace(endpoint.Endpoint)
	request, err := http.NewRequestWithContext(ctx, strings.ToUpper(endpoint.Method), target, http.NoBody)
	if err != nil {
		answer.Error = err.Error()
		return
	}
	response := httptest.NewRecorder()
	service.ServeHTTP(response, request)
	answer.Status = response.Code
	return
}

// consume is AgentStarter.Start of lura's async package for one agent, and one message.
func consume(
	ctx context.Context, factory proxy.Factory, agent *config.AsyncAgent, pointer string, r *recorder,
) (answer met) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	answer = met{Pointer: pointer, Order: []event{}}
	pipe, err := factory.New(&config.EndpointConfig{
		Endpoint:    agent.Name,
		Timeout:     agent.Consumer.Timeout,
		Backend:     agent.Backend,
		ExtraConfig: agent.ExtraConfig,
	})
	if err != nil {
		r.Error(fmt.Sprintf("[SERVICE: AsyncAgent][%s] building the proxy pipe:", agent.Name), err)
		return
	}
	_, err = pipe(ctx, &proxy.Request{
		Params:  map[string]string{},
		Headers: map[string][]string{},
		Body:    io.NopCloser(strings.NewReader("{}")),
	})
	if err != nil {
		answer.Error = err.Error()
	}
	answer.Order = r.takeRun()
	return
}

// stub answers every backend request, whatever its host, without a socket.
type stub struct{ recorder *recorder }

func (s stub) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Body != nil {
		_ = request.Body.Close()
	}
	s.recorder.run(event{Type: "backend", Name: request.URL.Path})
	response := httptest.NewRecorder()
	response.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(response, `{"answer": 42}`)
	return response.Result(), nil
}
