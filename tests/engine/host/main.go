// The judge: what KrakenD's own engine does with a config and a folder of plugins, as JSON.
//
// It links lura and krakend-koanf in the versions that KrakenD CE 2.13.8 has, and does what
// KrakenD's executor does with them (krakend-ce executor.go, plugin.go, backend_factory.go).
//
//	host run CONFIG    one JSON value: what is loaded, registered, injected, run, logged
//	host scan          a JSON request a line on standard input, a JSON answer a line
//	host parse         the same
//
// Nothing listens and nothing is dialled: backends are answered inside the process.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	// Plugins print to standard output: the answers have it for themselves.
	answers := os.Stdout
	os.Stdout = os.Stderr
	if err := answer(os.Args[1:], answers); err != nil {
		fmt.Fprintln(os.Stderr, "enginehost:", err)
		os.Exit(1)
	}
}

func answer(arguments []string, answers *os.File) error {
	encoder := json.NewEncoder(answers)
	switch {
	case len(arguments) == 2 && arguments[0] == "run":
		return encoder.Encode(run(arguments[1]))
	case len(arguments) == 1 && arguments[0] == "scan":
		return eachLine(encoder, scan)
	case len(arguments) == 1 && arguments[0] == "parse":
		return eachLine(encoder, parse)
	}
	return fmt.Errorf("usage: run CONFIG | scan | parse, not %q", arguments)
}

// eachLine answers every request line until the input ends.
func eachLine[Request, Answer any](encoder *json.Encoder, f func(Request) Answer) error {
	lines := bufio.NewReader(os.Stdin)
	decoder := json.NewDecoder(lines)
	for decoder.More() {
		var request Request
		if err := decoder.Decode(&request); err != nil {
			return err
		}
		if err := encoder.Encode(f(request)); err != nil {
			return err
		}
	}
	return nil
}
