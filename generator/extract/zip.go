package extract

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// freeBytes may be unpacked from a part whatever its ratio: small parts of one repeated row do no harm.
const freeBytes = 4 << 20

// zip reads an archive and the files in it.
func (rd *reader) zip(where []string, r io.ReaderAt, size int64, depth int) error {
	if depth >= rd.limits.Depth {
		return because(TooDeep, nil)
	}
	z, err := rd.openZip(r, size)
	if err != nil {
		return err
	}
	for _, f := range z.File {
		name := entryName(f.Name)
		if rd.failed != nil {
			return nil
		}
		if strings.HasPrefix(name, "__MACOSX/") || path.Base(name) == ".DS_Store" || path.Base(name) == "Thumbs.db" {
			continue
		}
		inner := append(where[:len(where):len(where)], name)
		if rd.named(inner); rd.failed != nil {
			return nil
		}
		if strings.HasSuffix(name, "/") || formatOf(name) == ignored {
			continue
		}
		data, err := rd.unpack(f)
		if err != nil {
			rd.refuse(inner, err)
			if rd.bytes <= 0 {
				return nil
			}
			continue
		}
		rd.file(inner, bytes.NewReader(data), int64(len(data)), depth+1)
	}
	return nil
}

// openZip reads an archive's directory and counts its entries.
func (rd *reader) openZip(r io.ReaderAt, size int64) (*zip.Reader, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	if rd.entries -= len(z.File); rd.entries < 0 {
		return nil, because(TooMany, fmt.Errorf("%d files", len(z.File)))
	}
	return z, nil
}

// entryName returns the name of an entry. Chinese programs for Windows write names in GBK without saying so.
func entryName(name string) string {
	if !utf8.ValidString(name) {
		if s, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil {
			name = s
		}
	}
	return strings.ToValidUTF8(strings.ReplaceAll(name, `\`, "/"), "\ufffd")
}

// unpack reads an entry into memory.
func (rd *reader) unpack(f *zip.File) ([]byte, error) {
	part, err := rd.part(f)
	if err != nil {
		return nil, err
	}
	defer part.Close()
	return rd.whole(part)
}

// whole reads a file within another one into memory.
func (rd *reader) whole(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, rd.limits.File+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > rd.limits.File {
		return nil, because(TooLarge, fmt.Errorf("more than %d bytes", rd.limits.File))
	}
	return data, nil
}

// part opens an entry; reading it fails where it goes beyond the limits.
func (rd *reader) part(f *zip.File) (io.ReadCloser, error) {
	const encrypted = 1
	if f.Flags&encrypted != 0 {
		return nil, because(Encrypted, nil)
	}
	in, err := f.Open()
	if err != nil {
		if errors.Is(err, zip.ErrAlgorithm) {
			return nil, because(Unsupported, err)
		}
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{&limited{in, rd, int64(min(f.CompressedSize64, 1<<40)), 0}, in}, nil
}

// limited counts what an entry unpacks to.
type limited struct {
	in       io.Reader
	rd       *reader
	packed   int64
	unpacked int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.in.Read(p)
	l.unpacked += int64(n)
	l.rd.bytes -= int64(n)
	switch {
	case l.unpacked > freeBytes && l.unpacked > l.packed*l.rd.limits.Ratio:
		return 0, because(Bomb, fmt.Errorf("%d bytes unpack to more than %d", l.packed, l.unpacked))
	case l.rd.bytes < 0:
		return 0, because(TooLarge, fmt.Errorf("unpacks to more than %d bytes", l.rd.limits.Bytes))
	}
	return n, err
}
