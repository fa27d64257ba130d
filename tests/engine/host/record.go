package main

import (
	"fmt"
	"strings"
	"sync"
)

// event is something that a plugin did: it was injected, or it met a request.
type event struct {
	// Pointer is the JSON Pointer of the owner of the extra_config ("" is the service).
	Pointer string `json:"pointer"`
	// Type is http-server, http-client, req-resp-modifier, or backend for the stub.
	Type string `json:"type"`
	Name string `json:"name"`
	// Half is request or response for modifiers.
	Half string `json:"half,omitempty"`
	// Error is what the plugin's factory returned instead of a plugin.
	Error string `json:"error,omitempty"`
}

// line is a log line as KrakenD would print it, without time and prefix.
type line struct {
	Level   string `json:"level"`
	Message string `json:"message"`
}

// recorder keeps what happens, from any goroutine. It is the logger of the engine, too.
type recorder struct {
	mutex    sync.Mutex
	injected []event
	ran      []event
	logs     []line
}

func (r *recorder) inject(e event) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.injected = append(r.injected, e)
}

func (r *recorder) run(e event) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.ran = append(r.ran, e)
}

// takeRun returns what ran since the last call.
func (r *recorder) takeRun() []event {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	ran := append([]event{}, r.ran...)
	r.ran = nil
	return ran
}

func (r *recorder) log(level string, v []interface{}) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	message := strings.TrimSuffix(fmt.Sprintln(v...), "\n")
	r.logs = append(r.logs, line{level, message})
}

func (r *recorder) Debug(v ...interface{})    { r.log("DEBUG", v) }
func (r *recorder) Info(v ...interface{})     { r.log("INFO", v) }
func (r *recorder) Warning(v ...interface{})  { r.log("WARNING", v) }
func (r *recorder) Error(v ...interface{})    { r.log("ERROR", v) }
func (r *recorder) Critical(v ...interface{}) { r.log("CRITICAL", v) }
func (r *recorder) Fatal(v ...interface{})    { r.log("FATAL", v) }
