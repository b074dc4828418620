package extract

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

const (
	partText  = 256 << 10 // bytes of text in a part, to the next line's end
	partCells = 32 << 10  // cells in a part
	partRows  = 1024
	maxCell   = 1 << 20 // bytes of one cell; a cell that goes on is cut, so that a quotation mark without an end holds no file in memory
)

// errBinary says that a file is no text.
var errBinary = errors.New("binary content")

// decoded returns the text of a file as UTF-8: with or without a byte order mark, or GB 18030, which Office writes in China.
func (rd *reader) decoded(r io.ReaderAt, size int64) (io.Reader, error) {
	if size > rd.bytes {
		return nil, because(TooLarge, fmt.Errorf("%d bytes", size))
	}
	rd.bytes -= size
	section := func() io.Reader { return io.NewSectionReader(r, 0, size) }
	head := make([]byte, min(size, 4))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return transform.NewReader(section(), unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()), nil
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		return io.NewSectionReader(r, 3, size-3), nil
	}
	valid, binary, err := sniff(section())
	switch {
	case err != nil:
		return nil, err
	case binary:
		return nil, because(Damaged, errBinary)
	case valid:
		return section(), nil
	}
	return transform.NewReader(section(), simplifiedchinese.GB18030.NewDecoder()), nil
}

// sniff reports whether a text is UTF-8 throughout, and whether it is no text at all.
func sniff(r io.Reader) (valid, binary bool, err error) {
	valid = true
	buf := make([]byte, 64<<10)
	kept := 0
	for {
		n, err := io.ReadFull(r, buf[kept:])
		data := buf[:kept+n]
		if bytes.IndexByte(data, 0) >= 0 {
			return false, true, nil
		}
		last := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !last {
			return false, false, err
		}
		end := len(data)
		if start := lastRune(data); !last && !utf8.FullRune(data[start:]) {
			end = start // the character goes on in the next block
		}
		valid = valid && utf8.Valid(data[:end])
		if last {
			return valid, false, nil
		}
		kept = copy(buf, data[end:])
	}
}

// lastRune returns where the last character begins.
func lastRune(data []byte) int {
	i := max(0, len(data)-1)
	for i > 0 && len(data)-i < utf8.UTFMax && !utf8.RuneStart(data[i]) {
		i--
	}
	return i
}

// plain reads a txt file.
func (rd *reader) plain(where []string, r io.ReaderAt, size int64) error {
	text, err := rd.decoded(r, size)
	if err != nil {
		return err
	}
	return rd.lines(Part{Where: where, Line: 1}, text)
}

// lines hands text out in parts that end with a line. A line longer than a part is cut.
func (rd *reader) lines(p Part, r io.Reader) error {
	in := bufio.NewReaderSize(r, partText)
	for {
		block, err := in.Peek(partText)
		if len(block) == 0 {
			if err == io.EOF {
				return nil
			}
			return err
		}
		end := len(block)
		if len(block) == partText {
			if i := bytes.LastIndexByte(block, '\n'); i >= 0 {
				end = i + 1
			} else if i := bytes.LastIndexAny(block[:end], " \t，。；、,;"); i > 0 {
				end = i // between words: a number that goes on in the next part would not be found
			}
		}
		p.Text = strings.ToValidUTF8(string(block[:end]), "\ufffd")
		if err := rd.give(p); err != nil {
			return err
		}
		p.Line += strings.Count(p.Text, "\n")
		if _, err := in.Discard(end); err != nil {
			return err
		}
	}
}

// csv reads comma-separated values (RFC 4180), and values separated by tabs or semicolons where the first line has more of them. It is
// more patient than encoding/csv: a quotation mark in the middle of a value, or one without an end, loses nothing.
func (rd *reader) csv(where []string, r io.ReaderAt, size int64) error {
	text, err := rd.decoded(r, size)
	if err != nil {
		return err
	}
	in := bufio.NewReaderSize(text, 64<<10)
	comma := delimiter(in)
	rows := rowWriter{rd: rd, part: Part{Where: where, Row: 1}}
	var cell []byte
	var row []string
	flush := func() {
		row = append(row, strings.ToValidUTF8(string(cell), "\ufffd"))
		cell = cell[:0]
	}
	quoted, number, cells := false, 1, 0
	endRow := func() error {
		flush()
		err := rows.add(number, row)
		row, number, cells = nil, number+1, 0
		return err
	}
	for {
		c, err := in.ReadByte()
		if err != nil {
			if err != io.EOF {
				return err
			}
			if len(cell) > 0 || len(row) > 0 {
				if err := endRow(); err != nil {
					return err
				}
			}
			return rows.flush()
		}
		switch {
		case quoted && c == '"':
			if next, err := in.Peek(1); err == nil && next[0] == '"' {
				in.Discard(1)
				cell = append(cell, '"')
				continue
			}
			quoted = false
		case quoted:
			cell = append(cell, c)
		case c == '"' && len(cell) == 0:
			quoted = true
		case c == comma:
			flush()
			cells++
		case c == '\n':
			if n := len(cell); n > 0 && cell[n-1] == '\r' {
				cell = cell[:n-1]
			}
			if err := endRow(); err != nil {
				return err
			}
		default:
			cell = append(cell, c)
		}
		if len(cell) >= maxCell || cells >= partCells {
			if err := endRow(); err != nil {
				return err
			}
		}
	}
}

func delimiter(in *bufio.Reader) byte {
	head, _ := in.Peek(4096)
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best, most := byte(','), bytes.Count(line, []byte(","))
	for _, c := range []byte{'\t', ';'} {
		if n := bytes.Count(line, []byte{c}); n > most {
			best, most = c, n
		}
	}
	return best
}

// rowWriter gathers rows to parts.
type rowWriter struct {
	rd    *reader
	part  Part
	cells int
}

// add takes a row by its number, from 1. Rows that were left out are empty; after a wide gap a new part begins.
func (w *rowWriter) add(number int, row []string) error {
	next := w.part.Row + len(w.part.Rows)
	if len(w.part.Rows) == 0 || number < next || number > next+100 || len(w.part.Rows) >= partRows || w.cells+len(row) > partCells {
		if err := w.flush(); err != nil {
			return err
		}
		w.part.Row = number
		next = number
	}
	for ; next < number; next++ {
		w.part.Rows = append(w.part.Rows, nil)
	}
	w.part.Rows = append(w.part.Rows, row)
	w.cells += len(row)
	return nil
}

// flush hands the rows out.
func (w *rowWriter) flush() error {
	if len(w.part.Rows) == 0 {
		return nil
	}
	err := w.rd.give(w.part)
	w.part.Rows, w.cells = w.part.Rows[:0], 0
	return err
}
