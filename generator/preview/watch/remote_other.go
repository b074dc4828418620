//go:build !linux

package watch

// remote returns why the system would not tell of changes in a folder, or nil. Here only the system's own refusal tells.
func remote(string) error { return nil }
