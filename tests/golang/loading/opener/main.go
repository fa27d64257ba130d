// Opens the files of its arguments in one process, as lura does with those of a folder, and
// prints a line of JSON for each: its error, "" when it loaded. What it does not survive ends it.
package main

import (
	"encoding/json"
	"net/http"
	"os"
	"plugin"

	"example.com/shared"
)

type answer struct {
	File  string `json:"file"`
	Error string `json:"error"`
}

func main() {
	_ = http.MethodGet + shared.Greeting()
	for _, file := range os.Args[1:] {
		found := answer{File: file}
		if _, err := plugin.Open(file); err != nil {
			found.Error = err.Error()
		}
		json.NewEncoder(os.Stdout).Encode(found)
	}
}
