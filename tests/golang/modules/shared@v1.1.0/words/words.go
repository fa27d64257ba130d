// Package words is the part of the module that the opener does not have.
package words

// Words of this version.
var Words = []string{"one", "v1.1.0"}
