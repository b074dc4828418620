//go:build !unix

package disk

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// Create writes a file that does not exist yet. Its stamp is not known before it is looked at again.
func Create(name string, data []byte) (Stamp, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return Stamp{}, err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return Stamp{}, err
	}
	return Stamp{}, f.Close()
}

// Read returns the bytes of a regular file, which may be at most so large, and its size.
func Read(name string, most int64) ([]byte, int64, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	if info.Size() > most {
		return nil, info.Size(), &fs.PathError{Op: "read", Path: name, Err: ErrTooLarge}
	}
	data := make([]byte, info.Size())
	n, err := io.ReadFull(f, data)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, 0, err
	}
	return data[:n:n], info.Size(), nil
}
