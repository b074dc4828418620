//go:build !linux

package build

import "testing"

// quickDir returns a folder for a test that makes many small files.
func quickDir(t testing.TB) string { return t.TempDir() }
