// Package themes holds the themes that are built into the program.
package themes

import "embed"

// FS has a folder for each theme.
//
//go:embed default
var FS embed.FS
