package pdf

import (
	"bytes"
	"errors"
	"math"

	"gongkai/generator/extract/layout"
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

const (
	maxGlyphs    = 400_000   // on one page
	maxOperators = 4_000_000 // on one page
	maxForms     = 12        // forms within forms
)

// interpreter runs the content of one page (8.2, 9.4), as far as text goes.
type interpreter struct {
	d         *Document
	fragments []layout.Glyph
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
	return d.table.Text(in.fragments), in.err
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
	in.fragments = append(in.fragments, layout.Glyph{X: x, Y: y, End: x + dx*c.width/1000, Size: size, Text: c.text})
}
