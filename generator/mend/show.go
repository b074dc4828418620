package mend

import (
	"bytes"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"gongkai/generator/calendar"
	"gongkai/generator/privacy"
)

// Diff returns the unified diff of a file from its old to its new text, with the path as both names; nothing where only the encoding changes. Personal data
// is masked in it, in what stays as well, so that a log of it may be kept; it is therefore for reading, not for patching. The day bounds dates of birth.
func (f *File) Diff(today calendar.Date) []byte {
	scanner := privacy.NewScanner(today)
	before, after := hidden(scanner, string(f.Before)), hidden(scanner, string(f.After))
	// the error says that edits overlap or lie outside of the text, which those of lines do not
	out, _ := udiff.ToUnified(f.Path, f.Path, before, lineEdits(before, after), udiff.DefaultContextLines)
	return []byte(out)
}

// lineEdits returns the edits of whole lines between two texts. The library's search gives up after a hundred differences and takes the rest as one, which
// a list with a mask in each row has; where lines have only changed in their places, comparing them one by one is exact.
func lineEdits(before, after string) []udiff.Edit {
	found := udiff.Lines(before, after)
	if paired, ok := pairLines(before, after); ok && extent(paired) < extent(found) {
		return paired
	}
	return found
}

// pairLines compares each line with the one in the same place. ok is false where the texts differ in their number of lines.
func pairLines(before, after string) (edits []udiff.Edit, ok bool) {
	if strings.Count(before, "\n") != strings.Count(after, "\n") {
		return nil, false
	}
	at := 0
	for before != "" || after != "" {
		old, now := cutLine(&before), cutLine(&after)
		if n := len(edits); old != now && n > 0 && edits[n-1].End == at {
			edits[n-1].End += len(old)
			edits[n-1].New += now
		} else if old != now {
			edits = append(edits, udiff.Edit{Start: at, End: at + len(old), New: now})
		}
		at += len(old)
	}
	return edits, true
}

// cutLine takes the first line, with its end, off a text.
func cutLine(text *string) string {
	n := strings.IndexByte(*text, '\n') + 1
	if n == 0 {
		n = len(*text)
	}
	line := (*text)[:n]
	*text = (*text)[n:]
	return line
}

// extent returns how many bytes edits touch.
func extent(edits []udiff.Edit) int {
	n := 0
	for _, e := range edits {
		n += e.End - e.Start + len(e.New)
	}
	return n
}

// Colour paints the lines of the unified diff of one file for a terminal.
func Colour(diff []byte) []byte {
	var out bytes.Buffer
	for i, line := range strings.SplitAfter(string(diff), "\n") {
		text := strings.TrimRight(line, "\r\n")
		paint := ""
		switch {
		case text == "":
		case i < 2: // the two names
			paint = "\x1b[1m"
		case line[0] == '-':
			paint = "\x1b[31m"
		case line[0] == '+':
			paint = "\x1b[32m"
		case line[0] == '@':
			paint = "\x1b[36m"
		}
		if paint == "" {
			out.WriteString(line)
			continue
		}
		out.WriteString(paint + text + "\x1b[0m" + line[len(text):])
	}
	return out.Bytes()
}
