package main

import (
	"path/filepath"

	"github.com/luraproject/lura/v2/plugin"
)

// scanRequest holds bytes, since names need not be UTF-8 (JSON carries them as base64).
type scanRequest struct {
	Folder  []byte `json:"folder"`
	Pattern []byte `json:"pattern"`
}

type scanAnswer struct {
	// Names of the files that lura would open, in its order.
	Names [][]byte `json:"names"`
	Error string   `json:"error"`
}

func scan(request scanRequest) scanAnswer {
	paths, err := plugin.Scan(string(request.Folder), string(request.Pattern))
	answer := scanAnswer{Names: [][]byte{}}
	if err != nil {
		answer.Error = err.Error()
	}
	for _, path := range paths {
		answer.Names = append(answer.Names, []byte(filepath.Base(path)))
	}
	return answer
}
