package extract

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// rtf reads a file of the Rich Text Format 1.9.1. A row of a table is a line with tabs.
func (rd *reader) rtf(where []string, r io.ReaderAt, size int64) error {
	if size > min(rd.limits.File, rd.bytes) {
		return because(TooLarge, fmt.Errorf("%d bytes", size))
	}
	rd.bytes -= size
	data, err := io.ReadAll(io.NewSectionReader(r, 0, size))
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(data, []byte(`{\rtf`)) {
		return because(Damaged, errors.New("no rtf"))
	}
	return (&rtf{rd: rd, part: Part{Where: where}, data: data}).read()
}

type rtf struct {
	rd     *reader
	part   Part
	data   []byte
	i      int
	text   strings.Builder
	raw    []byte   // characters in the code page of the file: two bytes may be one
	wide   []uint16 // halves of a character beyond the first plane
	groups []rtfGroup
	group  rtfGroup
	skip   int // characters that repeat a \u for older readers
}

// rtfGroup is what ends with a group.
type rtfGroup struct {
	hidden bool // the group is no text
	repeat int  // how many characters follow a \u
}

const maxRTFGroups = 10_000

// Destinations (RTF 1.9.1, Appendix B) that hold no text of the document; those that begin with \* are hidden anyway.
var rtfHidden = map[string]bool{
	"fonttbl": true, "colortbl": true, "stylesheet": true, "info": true, "pict": true, "objdata": true, "filetbl": true, "revtbl": true, "fldinst": true, "listtable": true,
}

var rtfSigns = map[string]string{
	"par": "\n", "line": "\n", "row": "\n", "nestrow": "\n", "sect": "\n", "page": "\n", "cell": "\t", "nestcell": "\t", "tab": " ",
	"emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emspace": " ", "enspace": " ",
}

func (f *rtf) read() error {
	f.group.repeat = 1
	for f.i < len(f.data) {
		c := f.data[f.i]
		f.i++
		switch c {
		case '{':
			f.decode()
			if len(f.groups) >= maxRTFGroups {
				return because(Damaged, errors.New("too many groups"))
			}
			f.groups = append(f.groups, f.group)
		case '}':
			f.decode()
			if n := len(f.groups); n > 0 {
				f.group, f.groups = f.groups[n-1], f.groups[:n-1]
			}
		case '\\':
			f.control()
		case '\r', '\n', 0:
		default:
			f.character(c)
		}
		if f.text.Len() > partText {
			if err := f.flush(); err != nil {
				return err
			}
		}
	}
	f.decode()
	if err := f.flush(); err != nil {
		return err
	}
	if len(f.groups) > 0 {
		return because(Damaged, io.ErrUnexpectedEOF)
	}
	return nil
}

// character takes a byte of the file's code page.
func (f *rtf) character(c byte) {
	switch {
	case f.skip > 0:
		f.skip--
	case !f.group.hidden:
		f.raw = append(f.raw, c)
	}
}

// control reads what follows a backslash: a sign, or a word with perhaps a number.
func (f *rtf) control() {
	if f.i >= len(f.data) {
		return
	}
	c := f.data[f.i]
	if c|0x20-'a' > 25 {
		f.i++
		switch c {
		case '\'':
			if n, err := strconv.ParseUint(string(f.data[f.i:min(len(f.data), f.i+2)]), 16, 8); err == nil {
				f.character(byte(n))
			}
			f.i = min(len(f.data), f.i+2)
		case '*':
			f.group.hidden = true
		case '\\', '{', '}':
			f.character(c)
		case '~':
			f.character(' ')
		case '_':
			f.character('-')
		case '\r', '\n':
			f.write("\n")
		}
		return
	}
	start := f.i
	for f.i < len(f.data) && f.data[f.i]|0x20-'a' <= 25 && f.i-start < 40 {
		f.i++
	}
	word := string(f.data[start:f.i])
	start = f.i
	if f.i < len(f.data) && f.data[f.i] == '-' {
		f.i++
	}
	for f.i < len(f.data) && f.data[f.i]-'0' <= 9 && f.i-start < 12 {
		f.i++
	}
	number, err := strconv.Atoi(string(f.data[start:f.i]))
	if f.i < len(f.data) && f.data[f.i] == ' ' {
		f.i++
	}
	switch {
	case word == "u" && err == nil:
		f.decodeRaw()
		if !f.group.hidden {
			f.wide = append(f.wide, uint16(number))
		}
		f.skip = f.group.repeat
		return
	case word == "uc" && err == nil:
		f.group.repeat = max(0, min(number, 100))
	case word == "bin" && number > 0:
		f.i = min(len(f.data), f.i+number)
	case rtfHidden[word]:
		f.decode()
		f.group.hidden = true
	case word == "annotation", word == "shptxt", word == "footnote":
		f.decode()
		f.group.hidden = false
	}
	if sign, ok := rtfSigns[word]; ok {
		f.write(sign)
	}
}

func (f *rtf) write(s string) {
	f.decode()
	if !f.group.hidden {
		f.text.WriteString(s)
	}
}

// decode writes the characters that are waiting for more of them.
func (f *rtf) decode() {
	f.decodeRaw()
	f.decodeWide()
	f.skip = 0
}

func (f *rtf) decodeRaw() {
	if len(f.raw) == 0 {
		return
	}
	f.decodeWide()
	if s, err := simplifiedchinese.GB18030.NewDecoder().Bytes(f.raw); err == nil {
		f.text.Write(s)
	}
	f.raw = f.raw[:0]
}

func (f *rtf) decodeWide() {
	if len(f.wide) > 0 {
		f.text.WriteString(string(utf16.Decode(f.wide)))
		f.wide = f.wide[:0]
	}
}

func (f *rtf) flush() error {
	text := f.text.String()
	f.text.Reset()
	if strings.TrimSpace(text) == "" {
		return nil
	}
	f.part.Text = text
	return f.rd.give(f.part)
}
