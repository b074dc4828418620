//go:build unix

package disk

import (
	"io/fs"
	"syscall"
)

// system returns what only this system tells of a file: its number, and when anything about it last changed, which programs cannot set.
func system(info fs.FileInfo) (number uint64, changed int64) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0
	}
	return uint64(s.Ino), changeTime(s)
}
