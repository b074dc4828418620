//go:build race

package preview

const raced = true
