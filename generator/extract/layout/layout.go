// Package layout puts the characters of a page together to lines and cells, wherever a program placed them: a pdf and an OFD document
// say where each character stands, not which words it belongs to.
package layout

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Glyph is one character on the page, in a direction in which text runs along X; what stands higher has the greater Y.
type Glyph struct {
	X, Y, End, Size float64
	Text            string
}

// Table puts pages together one after the other; it keeps the headings of a table that goes on over the page.
type Table struct{ head []word }

// maxColumns bounds the tables whose headings are kept.
const maxColumns = 100

// Text puts the characters of the next page together to lines: from the top down, from left to right, with a tab where a gap is wide. It
// sorts them.
func (t *Table) Text(fs []Glyph) string {
	slices.SortStableFunc(fs, func(a, b Glyph) int { return cmp.Compare(b.Y, a.Y) })
	right := 0.0
	for _, f := range fs {
		right = max(right, f.End)
	}
	var b strings.Builder
	var broken wrapped
	var above []word
	head, carried := t.head, len(t.head) > 0
	for len(fs) > 0 {
		n := 1
		for n < len(fs) && fs[0].Y-fs[n].Y < 0.45*max(fs[0].Size, 1) {
			n++
		}
		line := fs[:n]
		fs = fs[n:]
		slices.SortStableFunc(line, func(a, b Glyph) int { return cmp.Compare(a.X, b.X) })
		words, numbers := joinLine(line)
		switch {
		case (carried || len(words) >= len(head)) && isHead(words):
			head, carried = words, false
		case len(words) == 1 && spans(words[0], head):
			head = nil // text below the table
		case carried && len(words) > 1:
			if carried = false; goesOn(words, head) {
				writeLine(&b, head, nil)
			} else {
				head = nil
			}
		}
		writeLine(&b, words, head)
		for _, w := range numbers {
			broken.add(w, head)
		}
		broken.over(above, words, right)
		above = words
	}
	t.head = head
	if strings.TrimSpace(b.String()) == "" {
		return ""
	}
	broken.write(&b)
	return b.String()
}

// goesOn reports whether a page begins with a row of the table that ended the page before. Its headings are then said again: they tell
// what the numbers are.
func goesOn(row, head []word) bool {
	if len(row) > len(head) {
		return false
	}
	last, size := -1, 0
	for _, w := range row {
		i := under(head, w)
		if i <= last {
			return false
		}
		last = i
	}
	for _, h := range head {
		size += len(h.text)
	}
	return size <= 1000
}

// isHead reports whether a line may be the headings of a table: two words at least and no figure.
func isHead(words []word) bool {
	for _, w := range words {
		if strings.ContainsAny(w.text, "0123456789") {
			return false
		}
	}
	return len(words) > 1 && len(words) <= maxColumns
}

// spans reports whether a word lies below several headings.
func spans(w word, head []word) bool {
	n := 0
	for _, h := range head {
		if middle := (h.x + h.end) / 2; w.x < middle && middle < w.end {
			n++
		}
	}
	return n > 1
}

// writeLine writes the words with tabs between them. In a row with fewer words than the table has headings, cells are empty; each word
// comes under its heading if that is clear.
func writeLine(b *strings.Builder, words, head []word) {
	at := make([]int, len(words))
	for i, w := range words {
		at[i] = i
		if len(words) < len(head) {
			at[i] = under(head, w)
		}
	}
	for i := range at {
		if i > 0 && at[i] <= at[i-1] {
			for i := range at {
				at[i] = i
			}
			break
		}
	}
	written := 0
	for i, w := range words {
		for ; written < at[i]; written++ {
			b.WriteByte('\t')
		}
		b.WriteString(w.text)
	}
	b.WriteByte('\n')
}

// under returns which heading's middle is nearest to the word's.
func under(head []word, w word) int {
	best := 0
	for i, h := range head {
		if math.Abs(h.x+h.end-w.x-w.end) < math.Abs(head[best].x+head[best].end-w.x-w.end) {
			best = i
		}
	}
	return best
}

// word is what stands together on a line, between wide gaps.
type word struct {
	x, end, y, size float64
	text            string
}

// joinLine returns the words of a line, and the numbers that stand alone between gaps of any width.
func joinLine(line []Glyph) (words, numbers []word) {
	var b strings.Builder
	start, end := line[0].X, line[0].X
	token, tokenStart := 0, line[0].X
	previous := Glyph{X: math.Inf(-1)}
	endToken := func() {
		if t := b.String()[token:]; isNumber(t) {
			numbers = append(numbers, word{tokenStart, end, line[0].Y, max(line[0].Size, 1), t})
		}
		token = b.Len()
	}
	flush := func() {
		endToken()
		if t := strings.TrimSpace(b.String()); t != "" {
			words = append(words, word{start, end, line[0].Y, max(line[0].Size, 1), t})
		}
		b.Reset()
		token = 0
	}
	for _, f := range line {
		size := max(f.Size, 1)
		switch gap := f.X - end; {
		case f.Text == previous.Text && f.X-previous.X < 0.1*size:
			continue // bold type made by setting a character twice
		case gap > 1.2*size:
			flush()
			start, tokenStart = f.X, f.X
		case gap > 0.3*size:
			endToken()
			b.WriteByte(' ')
			token, tokenStart = b.Len(), f.X
		case strings.TrimSpace(f.Text) == "":
			endToken()
			b.WriteString(plainForm(f.Text))
			token, tokenStart = b.Len(), f.End
			end, previous = max(f.End, f.X), f
			continue
		}
		b.WriteString(plainForm(f.Text))
		end, previous = max(f.End, f.X), f
	}
	flush()
	return words, numbers
}

// wrapped finds numbers that a narrow cell broke into lines, as lists of names often have them: digits right below digits, each line
// but the last of one length, together as long as an identity number or a card. They are written once more in whole, behind the heading
// above them, which may be what tells an old identity number from a code.
type wrapped struct {
	open, closed []brokenNumber
	runs         []string // numbers that the end of a line broke
}

type brokenNumber struct {
	last  word
	label string
	text  string
	lines int
	width int // digits of the first line
}

func (w *wrapped) add(lower word, head []word) {
	if !isNumber(lower.text) || len(lower.text) > 19 {
		return
	}
	kept := w.open[:0]
	joined := false
	for _, n := range w.open {
		upper := n.last
		switch distance := upper.y - lower.y; {
		case distance > 1.8*max(upper.size, 1):
			w.closed = append(w.closed, n)
			continue
		case !joined && distance > 0 && len(upper.text) == n.width && len(lower.text) <= n.width && aligned(upper, lower):
			n = brokenNumber{lower, n.label, n.text + lower.text, n.lines + 1, n.width}
			joined = true
		}
		if len(n.text) <= 20 {
			kept = append(kept, n)
		}
	}
	w.open = kept
	if !joined && len(w.open) < 64 {
		label := ""
		if len(head) > 0 {
			if h := head[under(head, lower)].text; len(h) <= 60 {
				label = h + "："
			}
		}
		w.open = append(w.open, brokenNumber{lower, label, lower.text, 1, len(lower.text)})
	}
}

// aligned reports whether two words begin together or have one middle.
func aligned(a, b word) bool {
	near := max(a.size, b.size, 1) / 2
	return math.Abs(a.x-b.x) < near || math.Abs(a.x+a.end-b.x-b.end) < 2*near
}

// over finds an identity number that the right margin broke: digits end the line above and others begin the next line.
func (w *wrapped) over(above, words []word, right float64) {
	if len(above) == 0 || len(words) == 0 || len(w.runs) >= 64 {
		return
	}
	upper, lower := above[len(above)-1], words[0]
	if right-upper.end > 2*upper.size || upper.y-lower.y > 3*upper.size || isNumber(upper.text) && isNumber(lower.text) {
		return
	}
	from, to := len(upper.text), 0
	for from > 0 && upper.text[from-1]-'0' <= 9 {
		from--
	}
	for to < len(lower.text) && (lower.text[to]-'0' <= 9 || lower.text[to]|0x20 == 'x') {
		to++
	}
	if from < len(upper.text) && to > 0 && len(upper.text)-from+to == 18 {
		text := upper.text[max(0, from-60):] // what stands before says what it is
		for text != "" && !utf8.RuneStart(text[0]) {
			text = text[1:]
		}
		w.runs = append(w.runs, text+lower.text[:to])
	}
}

func (w *wrapped) write(b *strings.Builder) {
	for _, text := range w.runs {
		b.WriteString(text)
		b.WriteByte('\n')
	}
	for _, n := range append(w.closed, w.open...) {
		if n.lines > 1 && len(n.text) >= 15 && len(n.text) <= 20 {
			b.WriteString(n.label)
			b.WriteString(n.text)
			b.WriteByte('\n')
		}
	}
}

func isNumber(s string) bool {
	for i := range len(s) {
		if s[i]-'0' > 9 && !(i == len(s)-1 && (s[i] == 'X' || s[i] == 'x')) {
			return false
		}
	}
	return s != ""
}
