package pdf

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// font turns the bytes of a shown string into characters with widths.
type font struct {
	unicode  *cmap                     // ToUnicode, or nil
	lengths  func(code string) int     // how many bytes the first code has
	fallback func(code string) string  // where ToUnicode says nothing; "" is unknown
	width    func(code string) float64 // in thousandths of the font's size
	vertical bool
}

// glyph is one character shown.
type glyph struct {
	text  string
	width float64
	space bool // the one-byte code 32, to which word spacing applies
}

const maxFonts = 10_000

// font returns the font of the object and remembers it by its number.
func (d *Document) font(o object) *font {
	r, isReference := o.(reference)
	if f := d.fonts[int(r)]; isReference && f != nil {
		return f
	}
	if d.built++; d.built > maxFonts {
		d.damage = ErrTooLarge
		return nil
	}
	f := d.newFont(d.dict(o))
	if isReference {
		d.fonts[int(r)] = f
	}
	return f
}

func (d *Document) newFont(o dict) *font {
	f := &font{}
	if s, ok := d.resolve(o["ToUnicode"]).(stream); ok {
		if data, err := d.decode(s); err == nil && d.charge(len(data)) {
			f.unicode = readCMap(data)
		}
	}
	if d.name(o["Subtype"]) == "Type0" {
		d.composite(f, o)
	} else {
		d.simple(f, o)
	}
	return f
}

// composite is a font of several bytes a character (9.7). Its Encoding is a CMap in the file, or one of those that every reader knows.
func (d *Document) composite(f *font, o dict) {
	two := func(code string) int { return min(2, len(code)) }
	f.lengths = two
	f.fallback = func(string) string { return "" }
	switch encoding := d.resolve(o["Encoding"]).(type) {
	case name:
		f.vertical = strings.HasSuffix(string(encoding), "-V")
		switch {
		case strings.Contains(string(encoding), "UCS2"), strings.Contains(string(encoding), "UTF16"):
			f.fallback = fromUTF16
		case strings.HasPrefix(string(encoding), "GB"):
			f.lengths = gbLength
			f.fallback = fromGB
		}
	case stream:
		if data, err := d.decode(encoding); err == nil && d.charge(len(data)) {
			if m := readCMap(data); len(m.spaces) > 0 {
				f.lengths = m.length
			}
		}
	}
	if f.unicode != nil && len(f.unicode.spaces) > 0 && d.name(o["Encoding"]) != "Identity-H" {
		f.lengths = f.unicode.length
	}
	var descendant dict
	if fonts := d.array(o["DescendantFonts"]); len(fonts) > 0 {
		descendant = d.dict(fonts[0])
	}
	normal := 1000.0
	if n, ok := d.resolve(descendant["DW"]).(float64); ok {
		normal = n
	}
	widths := d.cidWidths(d.array(descendant["W"]))
	f.width = func(code string) float64 {
		if w, ok := widths[codeNumber(code)]; ok {
			return w
		}
		return normal
	}
}

// cidWidths reads "first [w w w] first last w" (9.7.4.3).
func (d *Document) cidWidths(a array) map[int]float64 {
	const most = 1 << 16
	widths := map[int]float64{}
	steps := 0
	defer func() { d.charge(steps) }()
	for i := 0; i+1 < len(a) && steps < most; {
		first := int(d.number(a[i]))
		if list := d.array(a[i+1]); list != nil {
			for k, w := range list {
				widths[first+k] = d.number(w)
			}
			i += 2
			continue
		}
		if i+2 >= len(a) {
			break
		}
		last, w := int(d.number(a[i+1])), d.number(a[i+2])
		for k := first; k <= last && steps < most; k++ {
			widths[k] = w
			steps++
		}
		i += 3
	}
	return widths
}

// simple is a font of one byte a character (9.6).
func (d *Document) simple(f *font, o dict) {
	f.lengths = func(code string) int { return min(1, len(code)) }
	differences := map[byte]string{}
	if encoding := d.dict(o["Encoding"]); encoding != nil {
		next := 0
		for _, entry := range d.array(encoding["Differences"]) {
			switch entry := d.resolve(entry).(type) {
			case float64:
				next = int(entry)
			case name:
				if next >= 0 && next < 256 {
					differences[byte(next)] = glyphName(string(entry))
				}
				next++
			}
		}
	}
	f.fallback = func(code string) string {
		if s, ok := differences[code[0]]; ok {
			return s
		}
		if code[0] < 0x80 {
			return code
		}
		return string(charmap.Windows1252.DecodeByte(code[0]))
	}
	first := int(d.number(o["FirstChar"]))
	widths := d.array(o["Widths"])
	f.width = func(code string) float64 {
		if i := int(code[0]) - first; i >= 0 && i < len(widths) {
			return d.number(widths[i])
		}
		return 500
	}
}

// glyphs splits a string into characters.
func (f *font) glyphs(s string, yield func(glyph)) {
	for s != "" {
		n := max(1, f.lengths(s))
		code := s[:min(n, len(s))]
		s = s[len(code):]
		t, ok := "", false
		if f.unicode != nil {
			t, ok = f.unicode.lookup(code)
		}
		if !ok {
			t = f.fallback(code)
		}
		if t == "" || !utf8.ValidString(t) {
			t = "\ufffd"
		}
		yield(glyph{t, f.width(code), code == " "})
	}
}

func codeNumber(code string) int {
	n := 0
	for i := range len(code) {
		n = n<<8 | int(code[i])
	}
	return n
}

func fromUTF16(code string) string {
	units := make([]uint16, 0, len(code)/2)
	for i := 0; i+1 < len(code); i += 2 {
		units = append(units, uint16(code[i])<<8|uint16(code[i+1]))
	}
	return string(utf16.Decode(units))
}

// gbLength is how many bytes a character has in GBK or GB 18030.
func gbLength(code string) int {
	switch {
	case code[0] < 0x81 || len(code) == 1:
		return 1
	case len(code) >= 4 && code[1]-'0' <= 9:
		return 4
	}
	return 2
}

func fromGB(code string) string {
	s, err := simplifiedchinese.GB18030.NewDecoder().String(code)
	if err != nil {
		return ""
	}
	return s
}

// glyphName knows the names that matter for looking through a text: digits, letters, common signs, and uniXXXX of the Adobe Glyph List.
func glyphName(n string) string {
	if i := strings.IndexByte(n, '.'); i > 0 {
		n = n[:i]
	}
	if len(n) == 1 {
		return n
	}
	if s, ok := strings.CutPrefix(n, "uni"); ok && len(s) >= 4 && len(s)%4 == 0 {
		l := lexer{data: []byte("<" + s)}
		return fromUTF16(string(l.hex()))
	}
	const signs = "zero 0 one 1 two 2 three 3 four 4 five 5 six 6 seven 7 eight 8 nine 9 space \u00a0 hyphen - minus - period . comma , colon : semicolon ; slash / asterisk * parenleft ( parenright ) at @ underscore _ plus + endash – emdash — bullet •"
	rest := signs
	for rest != "" {
		var key, value string
		key, rest, _ = strings.Cut(rest, " ")
		value, rest, _ = strings.Cut(rest, " ")
		if key == n {
			return strings.ReplaceAll(value, "\u00a0", " ")
		}
	}
	return ""
}

// cmap is a mapping of codes to Unicode (9.10.3), or the code lengths of an encoding.
type cmap struct {
	spaces []codeSpace
	chars  map[string]string
	ranges []cmapRange
}

type codeSpace struct{ low, high string }

type cmapRange struct {
	low, high int
	size      int
	target    string // UTF-16, big end first; its last unit counts up
}

// maxMappings bounds what one CMap may hold.
const maxMappings = 1 << 17

// readCMap reads what it understands of a CMap.
func readCMap(data []byte) *cmap {
	m := &cmap{chars: map[string]string{}}
	l := lexer{data: data, operators: true}
	var stack []object
	for {
		o := l.object(0)
		switch o := o.(type) {
		case end:
			slices.SortStableFunc(m.ranges, byCode)
			return m
		case keyword:
			m.operator(o, stack)
			stack = stack[:0]
			continue
		}
		if len(stack) < 3*1024 {
			stack = append(stack, o)
		}
	}
}

func (m *cmap) operator(op keyword, stack []object) {
	str := func(i int) string {
		s, _ := stack[i].(text)
		return string(s)
	}
	switch op {
	case "endcodespacerange":
		for i := 0; i+1 < len(stack) && len(m.spaces) < 256; i += 2 {
			if low, high := str(i), str(i+1); len(low) == len(high) && len(low) > 0 && len(low) <= 4 {
				m.spaces = append(m.spaces, codeSpace{low, high})
			}
		}
	case "endbfchar":
		for i := 0; i+1 < len(stack) && len(m.chars) < maxMappings; i += 2 {
			m.chars[str(i)] = fromUTF16(str(i + 1))
		}
	case "endbfrange":
		for i := 0; i+2 < len(stack) && len(m.ranges) < maxMappings; i += 3 {
			low, high := str(i), str(i+1)
			if len(low) == 0 || len(low) > 4 || len(low) != len(high) {
				continue
			}
			switch target := stack[i+2].(type) {
			case text:
				m.ranges = append(m.ranges, cmapRange{codeNumber(low), codeNumber(high), len(low), string(target)})
			case array:
				first := codeNumber(low)
				for k, t := range target {
					if s, ok := t.(text); ok && len(m.ranges) < maxMappings {
						m.ranges = append(m.ranges, cmapRange{first + k, first + k, len(low), string(s)})
					}
				}
			}
		}
	}
}

func (m *cmap) length(code string) int {
	for n := 1; n <= 4 && n <= len(code); n++ {
		for _, s := range m.spaces {
			if len(s.low) == n && within(code[:n], s) {
				return n
			}
		}
	}
	return min(len(m.spaces[0].low), len(code))
}

// within tests each byte by itself (9.7.6.2).
func within(code string, s codeSpace) bool {
	for i := range len(code) {
		if code[i] < s.low[i] || code[i] > s.high[i] {
			return false
		}
	}
	return true
}

func (m *cmap) lookup(code string) (string, bool) {
	if t, ok := m.chars[code]; ok {
		return t, t != ""
	}
	n := codeNumber(code)
	i, found := slices.BinarySearchFunc(m.ranges, cmapRange{low: n, size: len(code)}, byCode)
	if !found {
		i--
	}
	if i < 0 || m.ranges[i].size != len(code) || n > m.ranges[i].high {
		return "", false
	}
	t := []byte(m.ranges[i].target)
	if k := len(t); k >= 2 {
		last := (int(t[k-2])<<8 | int(t[k-1])) + n - m.ranges[i].low
		t[k-2], t[k-1] = byte(last>>8), byte(last)
	}
	s := fromUTF16(string(t))
	return s, s != ""
}

func byCode(a, b cmapRange) int {
	return cmp.Or(cmp.Compare(a.size, b.size), cmp.Compare(a.low, b.low))
}
