package extract

import (
	"archive/tar"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"fmt"
	"io"
	"path"
	"strings"
)

// tar reads an archive of Unix and the files in it.
func (rd *reader) tar(where []string, r io.Reader, depth int) error {
	if depth >= rd.limits.Depth {
		return because(TooDeep, nil)
	}
	in := tar.NewReader(r)
	for rd.failed == nil {
		h, err := in.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if rd.entries--; rd.entries < 0 {
			return because(TooMany, nil)
		}
		name := entryName(h.Name)
		if strings.HasPrefix(path.Base(name), "._") {
			continue
		}
		inner := append(where[:len(where):len(where)], name)
		if rd.named(inner); rd.failed != nil {
			return nil
		}
		if h.Typeflag != tar.TypeReg || formatOf(name) == ignored {
			continue
		}
		data, err := rd.whole(in)
		if err != nil {
			rd.refuse(inner, err)
			if known, ok := err.(*Unreadable); !ok || known.Reason != TooLarge || rd.bytes <= 0 {
				return nil
			}
			continue
		}
		if rd.bytes -= int64(len(data)); rd.bytes < 0 {
			return because(TooLarge, fmt.Errorf("unpacks to more than %d bytes", rd.limits.Bytes))
		}
		rd.file(inner, bytes.NewReader(data), int64(len(data)), depth+1)
	}
	return nil
}

// squeezed reads one file that gzip or bzip2 packed; that is often an archive.
func (rd *reader) squeezed(where []string, r io.ReaderAt, size int64, depth int) error {
	if depth >= rd.limits.Depth {
		return because(TooDeep, nil)
	}
	section := io.NewSectionReader(r, 0, size)
	head := make([]byte, min(size, 3))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return err
	}
	l := &limited{rd: rd, packed: size}
	if string(head) == "BZh" {
		l.in = bzip2.NewReader(section)
	} else {
		z, err := gzip.NewReader(section)
		if err != nil {
			return err
		}
		l.in = z
	}
	name := where[len(where)-1]
	base := strings.TrimSuffix(name, path.Ext(name))
	switch ext := strings.ToLower(path.Ext(name)); {
	case ext == ".tgz", ext == ".tbz2", formatOf(base) == tarball:
		return rd.tar(where, l, depth)
	case formatOf(base) == ignored:
		return nil
	}
	data, err := rd.whole(l)
	if err != nil {
		return err
	}
	rd.file(append(where[:len(where):len(where)], path.Base(base)), bytes.NewReader(data), int64(len(data)), depth+1)
	return nil
}
