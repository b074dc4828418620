package links

import (
	"bytes"
	"html"
	"unicode/utf8"
)

// Unescape returns an attribute's value with its character references resolved. As the HTML standard wants it in attributes, a
// name without semicolon stays as it is where a letter, a digit or = follows: ?a=1&copy=2 is no ©. A value without reference is
// returned itself.
func Unescape(value []byte) []byte {
	i := bytes.IndexByte(value, '&')
	if i < 0 {
		return value
	}
	out := append(make([]byte, 0, len(value)), value[:i]...)
	for value = value[i:]; len(value) > 0; {
		n := reference(value)
		if n == 0 {
			n = 1
			out = append(out, '&')
		} else {
			out = append(out, html.UnescapeString(string(value[:n]))...)
		}
		value = value[n:]
		if i = bytes.IndexByte(value, '&'); i < 0 {
			i = len(value)
		}
		out = append(out, value[:i]...)
		value = value[i:]
	}
	return out
}

// longestName is more than the longest name of a character reference has.
const longestName = 40

// reference returns the length of the character reference at the start of a text, or 0 where the text stands for itself.
func reference(text []byte) int {
	n := 1
	if n < len(text) && text[n] == '#' {
		n++
	}
	for n < len(text) && n < longestName && isAlphanumeric(text[n]) {
		n++
	}
	if n == 1 {
		return 0
	}
	closed := n < len(text) && text[n] == ';'
	if closed {
		n++
	}
	if text[1] == '#' {
		// the digits may end before the letters do; what does not belong to the number is left as it is
		return n
	}
	resolved := html.UnescapeString(string(text[:n]))
	switch {
	case resolved == string(text[:n]):
		return 0
	case closed && resolved[len(resolved)-1] == ';' && resolved != ";": // only the start of the name is one: &copyright;
		return 0
	case !closed && (utf8.RuneCountInString(resolved) > 1 || n < len(text) && text[n] == '='):
		return 0
	}
	return n
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
