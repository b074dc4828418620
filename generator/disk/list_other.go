//go:build !linux

package disk

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// read lists one folder.
func (l *lister) read(folder string, w *listing) ([]Entry, error) {
	read, err := os.ReadDir(filepath.Join(l.dir, filepath.FromSlash(folder)))
	if err != nil {
		return nil, err
	}
	w.entries = w.entries[:0]
	for _, d := range read {
		e := Entry{Path: path.Join(folder, d.Name()), Folder: d.IsDir(), Link: d.Type()&fs.ModeSymlink != 0}
		if l.stamps && !e.Folder {
			info, err := d.Info()
			if errors.Is(err, fs.ErrNotExist) {
				continue // it has gone meanwhile
			}
			if err != nil {
				return nil, err
			}
			e.Stamp = StampOf(info)
		}
		w.entries = append(w.entries, e)
	}
	return w.entries, nil
}
