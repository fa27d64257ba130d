package main

import (
	"context"
	"net/http"
	"path/filepath"
	"plugin"

	"github.com/luraproject/lura/v2/config"
	luraplugin "github.com/luraproject/lura/v2/plugin"
	modifier "github.com/luraproject/lura/v2/proxy/plugin"
	client "github.com/luraproject/lura/v2/transport/http/client/plugin"
	server "github.com/luraproject/lura/v2/transport/http/server/plugin"
)

// pointerKey is put into each namespace object, so that a factory's call tells its place.
const pointerKey = "@enginehost"

type (
	modifierFunc    = func(interface{}) (interface{}, error)
	modifierFactory = func(map[string]interface{}) modifierFunc
	clientFactory   = func(context.Context, map[string]interface{}) (http.Handler, error)
	serverFactory   = func(context.Context, map[string]interface{}, http.Handler) (http.Handler, error)
)

// registration is a name that a file registers for a type.
type registration struct {
	File     []byte `json:"file"`
	Type     string `json:"type"`
	Name     string `json:"name"`
	Request  bool   `json:"request,omitempty"`
	Response bool   `json:"response,omitempty"`
}

// load is LoadPluginsWithContext of krakend-ce's plugin.go, with recording factories.
func load(ctx context.Context, cfg *config.Plugin, r *recorder) {
	n, err := client.LoadWithLogger(cfg.Folder, cfg.Pattern, r.registerClient, r)
	logLoader(r, "[SERVICE: Executor Plugin]", n, err)
	n, err = server.LoadWithLogger(cfg.Folder, cfg.Pattern, r.registerHandler, r)
	logLoader(r, "[SERVICE: Handler Plugin]", n, err)
	n, err = modifier.LoadWithLoggerAndContext(ctx, cfg.Folder, cfg.Pattern, r.registerModifier, r)
	logLoader(r, "[SERVICE: Modifier Plugin]", n, err)
}

func logLoader(r *recorder, tag string, n int, err error) {
	if several, ok := err.(interface{ Errs() []error }); ok {
		for _, one := range several.Errs() {
			r.Debug(tag, one.Error())
		}
	} else if err != nil {
		r.Debug(tag, err.Error())
	}
	if n > 0 {
		r.Info(tag, "Total plugins loaded:", n)
	}
}

func place(extra map[string]interface{}) string {
	pointer, _ := extra[pointerKey].(string)
	return pointer
}

func (r *recorder) registerHandler(name string, factory serverFactory) {
	server.RegisterHandler(name, func(
		ctx context.Context, extra map[string]interface{}, next http.Handler,
	) (http.Handler, error) {
		e := event{Pointer: place(extra), Type: "http-server", Name: name}
		handler, err := factory(ctx, extra, next)
		return r.observe(e, handler, err)
	})
}

func (r *recorder) registerClient(name string, factory clientFactory) {
	client.RegisterClient(name, func(
		ctx context.Context, extra map[string]interface{},
	) (http.Handler, error) {
		e := event{Pointer: place(extra), Type: "http-client", Name: name}
		handler, err := factory(ctx, extra)
		return r.observe(e, handler, err)
	})
}

func (r *recorder) observe(e event, handler http.Handler, err error) (http.Handler, error) {
	if err != nil {
		e.Error = err.Error()
		r.inject(e)
		return nil, err
	}
	r.inject(e)
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		r.run(e)
		handler.ServeHTTP(w, request)
	}), nil
}

// registerModifier registers each half for itself, as lura keeps them, so that a call tells
// which half it is.
func (r *recorder) registerModifier(name string, factory modifierFactory, request, response bool) {
	halves := map[string]bool{"request": request, "response": response}
	for half, applies := range halves {
		if applies {
			observed := r.observeModifier(name, half, factory)
			modifier.RegisterModifier(name, observed, half == "request", half == "response")
		}
	}
}

func (r *recorder) observeModifier(name, half string, factory modifierFactory) modifierFactory {
	return func(extra map[string]interface{}) modifierFunc {
		e := event{Pointer: place(extra), Type: "req-resp-modifier", Name: name, Half: half}
		modify := factory(extra)
		if modify == nil {
			return nil
		}
		r.inject(e)
		return func(input interface{}) (interface{}, error) {
			r.run(e)
			return modify(input)
		}
	}
}

// files are the names of the files that lura opens, in order.
func files(cfg *config.Plugin) [][]byte {
	names := [][]byte{}
	paths, err := luraplugin.Scan(cfg.Folder, cfg.Pattern)
	if err != nil {
		return names
	}
	for _, path := range paths {
		names = append(names, []byte(filepath.Base(path)))
	}
	return names
}

// registrations asks each file again, after load: the engine's register does not keep which
// file a name came from. Go has the file open already, so this runs no init a second time.
func registrations(cfg *config.Plugin) []registration {
	found := []registration{}
	paths, err := luraplugin.Scan(cfg.Folder, cfg.Pattern)
	if err != nil {
		return found
	}
	for _, path := range paths {
		found = append(found, registrationsOf(path)...)
	}
	return found
}

func registrationsOf(path string) (found []registration) {
	file := []byte(filepath.Base(path))
	add := func(kind, name string, request, response bool) {
		found = append(found, registration{file, kind, name, request, response})
	}
	opened, err := plugin.Open(path)
	if err != nil {
		return
	}
	look := func(symbol string, register func(interface{})) {
		defer func() { _ = recover() }() // as lura's open(): a panic ends this registerer only
		if value, err := opened.Lookup(symbol); err == nil {
			register(value)
		}
	}
	look("ClientRegisterer", func(value interface{}) {
		if registerer, ok := value.(client.Registerer); ok {
			registerer.RegisterClients(func(name string, _ clientFactory) {
				add("http-client", name, false, false)
			})
		}
	})
	look("HandlerRegisterer", func(value interface{}) {
		if registerer, ok := value.(server.Registerer); ok {
			registerer.RegisterHandlers(func(name string, _ serverFactory) {
				add("http-server", name, false, false)
			})
		}
	})
	look("ModifierRegisterer", func(value interface{}) {
		if registerer, ok := value.(modifier.Registerer); ok {
			registerer.RegisterModifiers(func(
				name string, _ func(map[string]interface{}) func(interface{}) (interface{}, error),
				request, response bool,
			) {
				add("req-resp-modifier", name, request, response)
			})
		}
	})
	return
}
