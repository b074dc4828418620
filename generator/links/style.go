package links

import (
	"bytes"
	"unicode/utf8"
)

// Styles reads the addresses that a style sheet, or a style attribute, loads: url(), image-set() and @import, with or without quotes, and where
// they stand, escapes included. Comments, other strings and the names of @namespace are passed over. An address is valid only until yield returns.
func Styles(css []byte, yield func(address []byte, at, end int)) {
	s := sheet{css: css}
	for s.at < len(css) {
		switch c := css[s.at]; {
		case c == '/' && bytes.HasPrefix(css[s.at:], []byte("/*")):
			end := bytes.Index(css[s.at+2:], []byte("*/"))
			if end < 0 {
				return
			}
			s.at += 2 + end + 2
		case c == '"' || c == '\'':
			text, at, end := s.quoted()
			if s.importing || s.images > 0 && s.depth == s.images {
				yield(text, at, end)
			}
			s.importing = false
		case c == '@':
			s.at++
			name := s.name()
			s.importing, s.namespace = equal(name, "import"), equal(name, "namespace")
		case c == ';' || c == '{' || c == '}':
			s.importing, s.namespace, s.depth, s.images = false, false, 0, 0
			s.at++
		case c == '(':
			s.depth++
			s.at++
		case c == ')':
			s.depth = max(0, s.depth-1)
			if s.depth < s.images {
				s.images = 0
			}
			s.at++
		case startsName(c):
			name := s.name()
			if s.at == len(css) || css[s.at] != '(' {
				continue
			}
			if equal(name, "image-set") || equal(name, "webkit-image-set") { // a string in it is an address, one in its type() is not
				s.images = s.depth + 1
			}
			if !equal(name, "url") && !equal(name, "src") {
				continue
			}
			s.at++
			text, at, end, ok := s.argument(equal(name, "url"))
			if ok && !s.namespace {
				yield(text, at, end)
			}
			s.importing = false
			s.depth++
		default:
			s.at++
		}
	}
}

type sheet struct {
	css                  []byte
	at                   int
	importing, namespace bool // within a rule of that kind
	depth, images        int  // parentheses that are open, and those of them up to image-set()'s
}

// name passes over an identifier.
func (s *sheet) name() []byte {
	begin := s.at
	for s.at < len(s.css) {
		switch c := s.css[s.at]; {
		case c == '\\':
			s.at = min(s.at+2, len(s.css))
		case startsName(c) || c == '-' || c >= '0' && c <= '9':
			s.at++
		default:
			return s.css[begin:s.at]
		}
	}
	return s.css[begin:]
}

func startsName(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == '\\' || c >= utf8.RuneSelf
}

// argument reads what stands in the parentheses of url(), and ok false where that is no address.
func (s *sheet) argument(bare bool) (text []byte, at, end int, ok bool) {
	for s.at < len(s.css) && isSpace(s.css[s.at]) {
		s.at++
	}
	if s.at == len(s.css) {
		return nil, 0, 0, false
	}
	if c := s.css[s.at]; c == '"' || c == '\'' {
		text, at, end = s.quoted()
		return text, at, end, true
	}
	if !bare {
		return nil, 0, 0, false // src(var(--x))
	}
	begin, escaped := s.at, false
	for s.at < len(s.css) && s.css[s.at] != ')' {
		if s.css[s.at] == '\\' {
			escaped = true
			s.at++
		}
		s.at++
	}
	s.at = min(s.at, len(s.css))
	text = bytes.TrimRight(s.css[begin:s.at], " \t\r\n\f")
	end = begin + len(text)
	if escaped {
		text = unescapeStyle(text)
	}
	return text, begin, end, true
}

// quoted reads a string from its quote on; one that is not closed ends with its line.
func (s *sheet) quoted() (text []byte, at, end int) {
	quote := s.css[s.at]
	s.at++
	begin, escaped := s.at, false
	for s.at < len(s.css) && s.css[s.at] != quote && s.css[s.at] != '\n' {
		if s.css[s.at] == '\\' {
			escaped = true
			s.at++
		}
		s.at++
	}
	s.at = min(s.at, len(s.css))
	text, end = s.css[begin:s.at], s.at
	if s.at < len(s.css) {
		s.at++
	}
	if escaped {
		text = unescapeStyle(text)
	}
	return text, begin, end
}

// unescapeStyle resolves the escapes of CSS: a backslash before up to six hexadecimal digits, before a line's end, or before a
// character that stands for itself.
func unescapeStyle(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		if text[i] != '\\' {
			out = append(out, text[i])
			i++
			continue
		}
		i++
		var r rune
		digits := 0
		for i < len(text) && digits < 6 {
			d := bytes.IndexByte([]byte("0123456789abcdef"), text[i]|0x20)
			if text[i] >= '0' && text[i] <= '9' {
				d = int(text[i] - '0')
			}
			if d < 0 {
				break
			}
			r = r<<4 | rune(d)
			digits++
			i++
		}
		switch {
		case digits > 0:
			if r == 0 || !utf8.ValidRune(r) {
				r = utf8.RuneError
			}
			out = utf8.AppendRune(out, r)
			if i < len(text) && isSpace(text[i]) {
				i++
			}
		case i < len(text) && text[i] == '\n':
			i++
		case i < len(text):
			out = append(out, text[i])
			i++
		}
	}
	return out
}
