package main

import (
	"os"

	koanfjson "github.com/knadh/koanf/parsers/json"
	koanf "github.com/krakend/krakend-koanf"
	"github.com/luraproject/lura/v2/config"
)

type parseRequest struct {
	Text []byte `json:"text"`
}

// parseAnswer tells the parsers' verdicts about one text; "" is acceptance.
type parseAnswer struct {
	// Syntax is the verdict of koanf's JSON parser alone, before any meaning.
	Syntax string `json:"syntax"`
	// Koanf is the verdict of KrakenD's parser since 2.12, Lura that of lura's own.
	Koanf string `json:"koanf"`
	Lura  string `json:"lura"`
	// Plugin is the loader block as koanf understood it, null when there is none.
	Plugin *config.Plugin `json:"plugin"`
	// ExtraConfig is that of the service.
	ExtraConfig config.ExtraConfig `json:"extra_config"`
}

func parse(request parseRequest) parseAnswer {
	answer := parseAnswer{}
	if _, err := koanfjson.Parser().Unmarshal(request.Text); err != nil {
		answer.Syntax = err.Error()
	}
	cfg, err := parseText(request.Text)
	if err != nil {
		answer.Koanf = err.Error()
	}
	answer.Plugin, answer.ExtraConfig = cfg.Plugin, cfg.ExtraConfig
	reader := func(string) ([]byte, error) { return request.Text, nil }
	if _, err := config.NewParserWithFileReader(reader).Parse("krakend.json"); err != nil {
		answer.Lura = err.Error()
	}
	return answer
}

func parseText(text []byte) (config.ServiceConfig, error) {
	file, err := os.CreateTemp("", "enginehost-*.json")
	if err != nil {
		return config.ServiceConfig{}, err
	}
	defer os.Remove(file.Name())
	if _, err := file.Write(text); err != nil {
		return config.ServiceConfig{}, err
	}
	if err := file.Close(); err != nil {
		return config.ServiceConfig{}, err
	}
	return koanf.New().Parse(file.Name())
}
