// Package shared is what the opener and some plugins have in common.
package shared

// Version is that of the module.
const Version = "v1.1.0"

// Greeting tells which version was linked.
func Greeting() string { return "hello from " + Version }
