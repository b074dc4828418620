package scaffold

import (
	"embed"
	"io/fs"
)

//go:embed all:starter
var starter embed.FS

// Starter returns the small district that a new site begins with.
func Starter() fs.FS {
	sub, err := fs.Sub(starter, "starter")
	if err != nil {
		panic(err) // the folder is a part of the program
	}
	return sub
}
