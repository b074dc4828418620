package pdf

import (
	"bytes"
	"strconv"
)

// The objects of 7.3: nil, bool, float64 and
type (
	object    any
	name      string
	text      string // a string object: bytes
	array     []object
	dict      map[name]object
	reference int
	keyword   string // an operator of a content stream, or a stray word
	stream    struct {
		dict dict
		raw  []byte
	}
)

// end is what the lexer returns behind the last object.
type end struct{}

// lexer reads objects from bytes. Each step moves forward, so that it ends.
type lexer struct {
	data []byte
	pos  int
	// operators asks for a content stream's syntax, in which "1 0 R" is no reference.
	operators bool
	left      *int // how many objects may still be read; nil is any number
}

const maxDepth = 64 // of arrays and dictionaries within each other

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

func (l *lexer) skipSpace() {
	for l.pos < len(l.data) {
		switch c := l.data[l.pos]; {
		case isSpace(c):
			l.pos++
		case c == '%':
			for l.pos < len(l.data) && l.data[l.pos] != '\n' && l.data[l.pos] != '\r' {
				l.pos++
			}
		default:
			return
		}
	}
}

// object reads the next object, which stands in so many others.
func (l *lexer) object(depth int) object {
	l.skipSpace()
	if l.pos >= len(l.data) || depth > maxDepth {
		l.pos = len(l.data)
		return end{}
	}
	if l.left != nil {
		if *l.left--; *l.left <= 0 {
			l.pos = len(l.data)
			return end{}
		}
	}
	switch c := l.data[l.pos]; c {
	case '/':
		l.pos++
		return l.name()
	case '(':
		return l.literal()
	case '[':
		l.pos++
		return l.array(depth)
	case ']', ')', '{', '}':
		l.pos++
		return keyword(c)
	case '<':
		if l.pos+1 < len(l.data) && l.data[l.pos+1] == '<' {
			l.pos += 2
			return l.dict(depth)
		}
		return l.hex()
	case '>':
		l.pos++
		if l.pos < len(l.data) && l.data[l.pos] == '>' {
			l.pos++
		}
		return keyword(">>")
	}
	return l.word()
}

// word reads a number, a reference or a keyword.
func (l *lexer) word() object {
	start := l.pos
	for l.pos < len(l.data) && !isSpace(l.data[l.pos]) && !isDelimiter(l.data[l.pos]) {
		l.pos++
	}
	word := string(l.data[start:l.pos])
	if c := word[0]; c-'0' <= 9 || c == '-' || c == '+' || c == '.' {
		n, err := strconv.ParseFloat(word, 64)
		if err != nil {
			return float64(0)
		}
		if !l.operators && n >= 0 && n == float64(int32(n)) {
			if l.reference() {
				return reference(n)
			}
		}
		return n
	}
	switch word {
	case "true":
		return true
	case "false":
		return false
	case "null":
		return nil
	}
	return keyword(word)
}

// reference reads the rest of "12 0 R" behind the number, if it is one.
func (l *lexer) reference() bool {
	i := l.pos
	for i < len(l.data) && isSpace(l.data[i]) {
		i++
	}
	digits := i
	for i < len(l.data) && l.data[i]-'0' <= 9 && i-digits < 5 {
		i++
	}
	if i == digits || i >= len(l.data) || !isSpace(l.data[i]) {
		return false
	}
	for i < len(l.data) && isSpace(l.data[i]) {
		i++
	}
	if i >= len(l.data) || l.data[i] != 'R' || i+1 < len(l.data) && !isSpace(l.data[i+1]) && !isDelimiter(l.data[i+1]) {
		return false
	}
	l.pos = i + 1
	return true
}

func (l *lexer) name() name {
	start := l.pos
	escaped := false
	for l.pos < len(l.data) && !isSpace(l.data[l.pos]) && !isDelimiter(l.data[l.pos]) {
		escaped = escaped || l.data[l.pos] == '#'
		l.pos++
	}
	raw := l.data[start:l.pos]
	if !escaped {
		return name(raw)
	}
	var b []byte
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) && isHex(raw[i+1]) && isHex(raw[i+2]) {
			b = append(b, hexValue(raw[i+1])<<4|hexValue(raw[i+2]))
			i += 2
			continue
		}
		b = append(b, raw[i])
	}
	return name(b)
}

func isHex(c byte) bool { return c-'0' <= 9 || c|0x20-'a' <= 5 }

func hexValue(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

func (l *lexer) hex() text {
	l.pos++
	var b []byte
	var high byte
	odd := false
	for l.pos < len(l.data) {
		c := l.data[l.pos]
		l.pos++
		if c == '>' {
			break
		}
		if !isHex(c) {
			continue
		}
		if odd {
			b = append(b, high<<4|hexValue(c))
		}
		high, odd = hexValue(c), !odd
	}
	if odd {
		b = append(b, high<<4)
	}
	return text(b)
}

func (l *lexer) literal() text {
	l.pos++
	var b []byte
	for level := 1; l.pos < len(l.data); {
		c := l.data[l.pos]
		l.pos++
		switch c {
		case '(':
			level++
		case ')':
			if level--; level == 0 {
				return text(b)
			}
		case '\r':
			if l.pos < len(l.data) && l.data[l.pos] == '\n' {
				l.pos++
			}
			c = '\n'
		case '\\':
			var keep bool
			if c, keep = l.escape(); !keep {
				continue
			}
		}
		b = append(b, c)
	}
	return text(b)
}

func (l *lexer) escape() (c byte, keep bool) {
	if l.pos >= len(l.data) {
		return 0, false
	}
	c = l.data[l.pos]
	l.pos++
	switch c {
	case 'n':
		return '\n', true
	case 'r':
		return '\r', true
	case 't':
		return '\t', true
	case 'b':
		return '\b', true
	case 'f':
		return '\f', true
	case '\r':
		if l.pos < len(l.data) && l.data[l.pos] == '\n' {
			l.pos++
		}
		return 0, false
	case '\n':
		return 0, false
	}
	if c-'0' > 7 {
		return c, true
	}
	n := int(c - '0')
	for k := 0; k < 2 && l.pos < len(l.data) && l.data[l.pos]-'0' <= 7; k++ {
		n = n<<3 | int(l.data[l.pos]-'0')
		l.pos++
	}
	return byte(n), true
}

func (l *lexer) array(depth int) object {
	a := array{}
	for {
		switch o := l.object(depth + 1).(type) {
		case end:
			return a
		case keyword:
			if o == "]" {
				return a
			}
			if o == "endobj" {
				return a
			}
		default:
			a = append(a, o)
		}
	}
}

func (l *lexer) dict(depth int) object {
	d := dict{}
	for {
		switch key := l.object(depth + 1).(type) {
		case end:
			return d
		case keyword:
			if key == ">>" || key == "endobj" {
				return d
			}
		case name:
			switch value := l.object(depth + 1).(type) {
			case end:
				return d
			case keyword:
				if value == ">>" {
					return d
				}
			default:
				d[key] = value
			}
		}
	}
}

// streamData returns the bytes of the stream whose dictionary was just read. The length that the dictionary states is not asked:
// endstream tells it as well, and truly.
func (l *lexer) streamData() ([]byte, bool) {
	l.skipSpace()
	if !bytes.HasPrefix(l.data[l.pos:], []byte("stream")) {
		return nil, false
	}
	start := l.pos + len("stream")
	if start < len(l.data) && l.data[start] == '\r' {
		start++
	}
	if start < len(l.data) && l.data[start] == '\n' {
		start++
	}
	raw := l.data[start:]
	if i := bytes.Index(raw, []byte("endstream")); i >= 0 {
		raw = raw[:i]
	}
	return raw, true
}
