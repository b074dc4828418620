package mend

import (
	"bytes"
	"cmp"
	"slices"
	"unicode/utf8"

	"gongkai/generator/finding"
)

// edit replaces a part of a clean text (source.CleanText).
type edit struct {
	start, end int
	text       string
	rule       *finding.Rule
	part       string // the key whose value changes, by its English name, or source.BodyPart; empty where nothing but the form does
}

// splice returns the text with the edits, which are sorted and do not overlap.
func splice(text []byte, edits []edit) []byte {
	var out []byte
	at := 0
	for _, e := range edits {
		out = append(append(out, text[at:e.start]...), e.text...)
		at = e.end
	}
	return append(out, text[at:]...)
}

// sortEdits puts edits in order and leaves out those that overlap an earlier one; what is left out is found again in the next round.
func sortEdits(edits []edit) []edit {
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	out := edits[:0]
	for _, e := range edits {
		if n := len(out); n > 0 && (e.start < out[n-1].end || e.start == out[n-1].start) {
			continue
		}
		out = append(out, e)
	}
	return out
}

var utf8BOM = []byte("\xef\xbb\xbf")

// applyRaw returns the bytes of a file with edits of its clean text. Every byte outside of the edits stays: a byte order mark, and CR in line ends. A line
// that an edit adds ends as the line before it does.
func applyRaw(raw []byte, edits []edit) []byte {
	places := newOffsets(raw)
	mapped := make([]edit, len(edits))
	for i, e := range edits {
		mapped[i] = e
		mapped[i].start, mapped[i].end = places.raw(e.start), places.raw(e.end)
		mapped[i].text = string(bytes.ReplaceAll([]byte(e.text), []byte("\n"), places.lineEnd(raw, mapped[i].start)))
	}
	return splice(raw, mapped)
}

// offsets leads from places in a clean text to the same in the bytes of its file.
type offsets struct {
	first int   // length of the byte order mark
	cut   []int // offsets in the clean text of the LF before which a CR was dropped
}

func newOffsets(raw []byte) offsets {
	var o offsets
	if bytes.HasPrefix(raw, utf8BOM) {
		o.first = len(utf8BOM)
	}
	for i := o.first; i+1 < len(raw); i++ {
		if raw[i] == '\r' && raw[i+1] == '\n' {
			o.cut = append(o.cut, i-o.first-len(o.cut))
		}
	}
	return o
}

// raw returns the place in the file. The end of a line is before its CR.
func (o offsets) raw(clean int) int {
	n, _ := slices.BinarySearch(o.cut, clean)
	return o.first + clean + n
}

// lineEnd returns how the line ends that ends before a place of the file, or the first one where none does.
func (o offsets) lineEnd(raw []byte, at int) []byte {
	i := bytes.LastIndexAny(raw[:at], "\r\n")
	if i < 0 {
		i = bytes.IndexAny(raw, "\r\n")
	}
	switch {
	case i < 0 || raw[i] == '\n' && (i == 0 || raw[i-1] != '\r'):
		return []byte("\n")
	case raw[i] == '\r' && (i+1 == len(raw) || raw[i+1] != '\n'):
		return []byte("\r")
	}
	return []byte("\r\n")
}

// lineAt returns the number of the line, from 1, in which a place of a clean text stands, and the column in characters.
func lineAt(text []byte, at int) (line, column int) {
	start := bytes.LastIndexByte(text[:at], '\n') + 1
	return 1 + bytes.Count(text[:at], []byte("\n")), 1 + utf8.RuneCount(text[start:at])
}

// offsetOf returns the offset of a line and a column, or -1 where the text has no such place.
func offsetOf(text []byte, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 {
			return -1
		}
		at += i + 1
	}
	for ; column > 1; column-- {
		_, size := utf8.DecodeRune(text[at:])
		if size == 0 || text[at] == '\n' {
			return -1
		}
		at += size
	}
	return at
}

// lineEndAt returns the offset of the LF that ends the line at a place, or the length of the text.
func lineEndAt(text []byte, at int) int {
	if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(text)
}

// lineStart returns the offset at which the line of a place begins.
func lineStart(text []byte, at int) int { return bytes.LastIndexByte(text[:at], '\n') + 1 }
