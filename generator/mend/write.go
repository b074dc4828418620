package mend

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Errors of writing, beside those of the disk.
var (
	// ErrChanged says that a file is no longer as it was when the mends were planned.
	ErrChanged = errors.New("the file was changed meanwhile")
	// ErrOutside says that a symbolic link leads out of the content.
	ErrOutside = errors.New("a symbolic link leads out of the content")
)

// Write writes the files one by one, each as a whole or not at all, and returns how many were written. dir is the folder that holds content. The error names
// the file at which it stopped; those before it are written.
func Write(dir string, files []File) (written int, err error) {
	for i := range files {
		if err := replace(dir, &files[i]); err != nil {
			return i, fmt.Errorf("write %s: %w", files[i].Path, err)
		}
	}
	return len(files), nil
}

// replace puts a file with the new text in the place of the old one. A symbolic link stays a link: the file that it leads to is replaced.
func replace(dir string, f *File) error {
	target, inside := insideContent(dir, filepath.Join(dir, filepath.FromSlash(f.Path)))
	if !inside {
		return ErrOutside
	}
	info, err := os.Lstat(target)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return ErrOutside
	}
	now, err := os.ReadFile(target)
	if err != nil {
		return err
	}
	switch {
	case bytes.Equal(now, f.After):
		return nil // written already under another name
	case !bytes.Equal(now, f.raw):
		return ErrChanged
	}
	return writeBeside(target, f.After, info.Mode().Perm())
}

// writeBeside writes a new file beside the old one, with its mode, and renames it to it. Its name is one that is never read as content.
func writeBeside(target string, data []byte, mode fs.FileMode) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(target), ".gongkai-*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			tmp.Close()
			_ = os.Remove(tmp.Name())
		}
	}()
	if _, err = tmp.Write(data); err != nil {
		return err
	}
	if err = tmp.Chmod(mode); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	if err = tmp.Sync(); err != nil {
		return err
	}
	if err = tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), target)
}
