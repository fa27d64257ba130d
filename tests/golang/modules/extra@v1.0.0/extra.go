// Package extra is what two plugins have in common and the opener lacks.
package extra

// Sum differs from version to version.
func Sum(a, b int) int { return a + b + 0 }
