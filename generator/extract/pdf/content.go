package pdf

import (
	"bytes"
	"cmp"
	"errors"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// matrix is a transformation (8.3.3): a b 0, c d 0, e f 1.
type matrix struct{ a, b, c, d, e, f float64 }

var unit = matrix{a: 1, d: 1}

// then returns the transformation m followed by n.
func (m matrix) then(n matrix) matrix {
	return matrix{
		m.a*n.a + m.b*n.c, m.a*n.b + m.b*n.d,
		m.c*n.a + m.d*n.c, m.c*n.b + m.d*n.d,
		m.e*n.a + m.f*n.c + n.e, m.e*n.b + m.f*n.d + n.f,
	}
}

// fragment is one character on the page, in a direction in which text runs along x.
type fragment struct {
	x, y, end, size float64
	text            string
}

const (
	maxGlyphs    = 400_000   // on one page
	maxOperators = 4_000_000 // on one page
	maxForms     = 12        // forms within forms
	maxColumns   = 100       // of a table whose headings are kept
)

// interpreter runs the content of one page (8.2, 9.4), as far as text goes.
type interpreter struct {
	d         *Document
	fragments []fragment
	operators int
	err       error
}

type graphics struct {
	ctm                                     matrix
	font                                    *font
	size, charSpace, wordSpace, scale, rise float64
	leading                                 float64
}

// text returns the text of a page.
func (d *Document) text(p page) (string, error) {
	in := &interpreter{d: d}
	var content []byte
	parts := d.array(p.dict["Contents"])
	if parts == nil {
		parts = array{p.dict["Contents"]}
	}
	for _, part := range parts {
		if s, ok := d.resolve(part).(stream); ok {
			data, err := d.decode(s)
			if errors.Is(err, ErrTooLarge) || !d.charge(len(data)) {
				in.err = ErrTooLarge
				break
			}
			if err != nil {
				d.damage = err
			}
			content = append(append(content, data...), '\n')
		}
	}
	in.run(content, d.dict(p.resources), graphics{ctm: unit, scale: 1}, 0)
	return in.layout(), in.err
}

// charge counts content that is run: a stream that is not packed can be asked for again and again.
func (d *Document) charge(n int) bool {
	d.spent += int64(n)
	return d.spent <= d.limits.Bytes
}

func (in *interpreter) run(content []byte, resources dict, g graphics, depth int) {
	l := lexer{data: content, operators: true}
	fonts := in.d.dict(resources["Font"])
	forms := in.d.dict(resources["XObject"])
	var saved []graphics
	var stack []object
	used := map[name]*font{}
	tm, tlm := unit, unit
	num := func(fromEnd int) float64 {
		if i := len(stack) - fromEnd; i >= 0 {
			n, _ := stack[i].(float64)
			return n
		}
		return 0
	}
	move := func(x, y float64) {
		tlm = matrix{a: 1, d: 1, e: x, f: y}.then(tlm)
		tm = tlm
	}
	show := func(o object) {
		if s, ok := o.(text); ok {
			in.show(string(s), &g, &tm)
		}
	}
	for in.operators < maxOperators && len(in.fragments) < maxGlyphs {
		in.operators++
		o := l.object(0)
		op, ok := o.(keyword)
		if !ok {
			if _, ok := o.(end); ok {
				return
			}
			if len(stack) < 64 {
				stack = append(stack, o)
			}
			continue
		}
		var last object
		if len(stack) > 0 {
			last = stack[len(stack)-1]
		}
		switch op {
		case "q":
			if len(saved) < 256 {
				saved = append(saved, g)
			}
		case "Q":
			if n := len(saved); n > 0 {
				g, saved = saved[n-1], saved[:n-1]
			}
		case "cm":
			g.ctm = matrix{num(6), num(5), num(4), num(3), num(2), num(1)}.then(g.ctm)
		case "BT":
			tm, tlm = unit, unit
		case "Tf":
			if len(stack) >= 2 {
				if n, ok := stack[len(stack)-2].(name); ok {
					f, ok := used[n]
					if !ok {
						f = in.d.font(fonts[n])
						used[n] = f
					}
					g.font, g.size = f, num(1)
				}
			}
		case "Tc":
			g.charSpace = num(1)
		case "Tw":
			g.wordSpace = num(1)
		case "Tz":
			g.scale = num(1) / 100
		case "TL":
			g.leading = num(1)
		case "Ts":
			g.rise = num(1)
		case "Td":
			move(num(2), num(1))
		case "TD":
			g.leading = -num(1)
			move(num(2), num(1))
		case "Tm":
			tlm = matrix{num(6), num(5), num(4), num(3), num(2), num(1)}
			tm = tlm
		case "T*":
			move(0, -g.leading)
		case "Tj":
			show(last)
		case "'":
			move(0, -g.leading)
			show(last)
		case "\"":
			g.wordSpace, g.charSpace = num(3), num(2)
			move(0, -g.leading)
			show(last)
		case "TJ":
			list, _ := last.(array)
			for _, o := range list {
				if n, ok := o.(float64); ok {
					tm = matrix{a: 1, d: 1, e: -n / 1000 * g.size * g.scale}.then(tm)
				}
				show(o)
			}
		case "Do":
			if n, ok := last.(name); ok && depth < maxForms {
				in.form(forms[n], resources, g, depth)
			}
		case "BI":
			l.skipInlineImage()
		}
		stack = stack[:0]
	}
}

// form runs a form's content in its own resources (8.10).
func (in *interpreter) form(o object, resources dict, g graphics, depth int) {
	s, ok := in.d.resolve(o).(stream)
	if !ok || in.d.name(s.dict["Subtype"]) != "Form" {
		return
	}
	data, err := in.d.decode(s)
	if errors.Is(err, ErrTooLarge) || !in.d.charge(len(data)) {
		in.err = ErrTooLarge
		return
	}
	if err != nil {
		in.d.damage = err
	}
	if own := in.d.dict(s.dict["Resources"]); own != nil {
		resources = own
	}
	if m := in.d.array(s.dict["Matrix"]); len(m) == 6 {
		n := in.d.number
		g.ctm = matrix{n(m[0]), n(m[1]), n(m[2]), n(m[3]), n(m[4]), n(m[5])}.then(g.ctm)
	}
	in.run(data, resources, g, depth+1)
}

// skipInlineImage moves behind "EI" that stands alone.
func (l *lexer) skipInlineImage() {
	for {
		i := bytes.Index(l.data[l.pos:], []byte("EI"))
		if i < 0 {
			l.pos = len(l.data)
			return
		}
		l.pos += i + 2
		if isSpace(l.data[l.pos-3]) && (l.pos == len(l.data) || isSpace(l.data[l.pos])) {
			return
		}
	}
}

// show places the characters of one string and moves the text's position (9.4.4).
func (in *interpreter) show(s string, g *graphics, tm *matrix) {
	if g.font == nil {
		return
	}
	g.font.glyphs(s, func(c glyph) {
		if len(in.fragments) >= maxGlyphs {
			return
		}
		m := matrix{a: g.size * g.scale, d: g.size, f: g.rise}.then(*tm).then(g.ctm)
		advance := c.width/1000*g.size + g.charSpace
		if c.space {
			advance += g.wordSpace
		}
		step := matrix{a: 1, d: 1, e: advance * g.scale}
		if g.font.vertical {
			step = matrix{a: 1, d: 1, f: -g.size - g.charSpace}
		}
		in.place(m, c, g.font.vertical)
		*tm = step.then(*tm)
	})
}

// place records a character; text that runs upwards or downwards is turned, so that a page set crosswise is read like any other.
func (in *interpreter) place(m matrix, c glyph, vertical bool) {
	x, y, dx := m.e, m.f, m.a
	size := math.Hypot(m.c, m.d)
	if math.Abs(m.b) > math.Abs(m.a) {
		if m.b > 0 {
			x, y, dx = m.f, -m.e, m.b
		} else {
			x, y, dx = -m.f, m.e, -m.b
		}
	}
	if vertical {
		x, y, dx = -y, x, size
	}
	if dx < 0 { // mirrored, as some writers of images do
		dx = -dx
	}
	if math.IsNaN(x+y+dx+size) || math.IsInf(x+y+dx+size, 0) {
		return
	}
	in.fragments = append(in.fragments, fragment{x, y, x + dx*c.width/1000, size, c.text})
}

// layout puts lines together: from the top down, from left to right.
func (in *interpreter) layout() string {
	fs := in.fragments
	slices.SortStableFunc(fs, func(a, b fragment) int { return cmp.Compare(b.y, a.y) })
	right := 0.0
	for _, f := range fs {
		right = max(right, f.end)
	}
	var b strings.Builder
	var broken wrapped
	var above []word
	head, carried := in.d.head, len(in.d.head) > 0
	for len(fs) > 0 {
		n := 1
		for n < len(fs) && fs[0].y-fs[n].y < 0.45*max(fs[0].size, 1) {
			n++
		}
		line := fs[:n]
		fs = fs[n:]
		slices.SortStableFunc(line, func(a, b fragment) int { return cmp.Compare(a.x, b.x) })
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
	in.d.head = head
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
func joinLine(line []fragment) (words, numbers []word) {
	var b strings.Builder
	start, end := line[0].x, line[0].x
	token, tokenStart := 0, line[0].x
	previous := fragment{x: math.Inf(-1)}
	endToken := func() {
		if t := b.String()[token:]; isNumber(t) {
			numbers = append(numbers, word{tokenStart, end, line[0].y, max(line[0].size, 1), t})
		}
		token = b.Len()
	}
	flush := func() {
		endToken()
		if t := strings.TrimSpace(b.String()); t != "" {
			words = append(words, word{start, end, line[0].y, max(line[0].size, 1), t})
		}
		b.Reset()
		token = 0
	}
	for _, f := range line {
		size := max(f.size, 1)
		switch gap := f.x - end; {
		case f.text == previous.text && f.x-previous.x < 0.1*size:
			continue // bold type made by setting a character twice
		case gap > 1.2*size:
			flush()
			start, tokenStart = f.x, f.x
		case gap > 0.3*size:
			endToken()
			b.WriteByte(' ')
			token, tokenStart = b.Len(), f.x
		case strings.TrimSpace(f.text) == "":
			endToken()
			b.WriteString(plainForm(f.text))
			token, tokenStart = b.Len(), f.end
			end, previous = max(f.end, f.x), f
			continue
		}
		b.WriteString(plainForm(f.text))
		end, previous = max(f.end, f.x), f
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
