//go:build !linux

package disk

import (
	"io/fs"
	"os"
)

// stampIn returns the stamp of a file in an open folder.
func stampIn(_ *os.File, d fs.DirEntry) (Stamp, error) {
	info, err := d.Info()
	if err != nil {
		return Stamp{}, err
	}
	return StampOf(info), nil
}
