package render

import "strings"

// What html/template's escapers do to a string, without its way through reflection. TestEscapersAgree holds the two equal.

// writeText writes a string as it has to stand in text, in title, and in quoted attributes.
func writeText(w *Buffer, s string) {
	start := 0
	for i := range len(s) {
		escaped := ""
		switch s[i] {
		case 0:
			escaped = "\uFFFD"
		case '"':
			escaped = "&#34;"
		case '&':
			escaped = "&amp;"
		case '\'':
			escaped = "&#39;"
		case '+':
			escaped = "&#43;"
		case '<':
			escaped = "&lt;"
		case '>':
			escaped = "&gt;"
		default:
			continue
		}
		w.WriteString(s[start:i])
		w.WriteString(escaped)
		start = i + 1
	}
	w.WriteString(s[start:])
}

// hasSafeScheme reports whether an address is relative, or of a scheme that does not run code.
func hasSafeScheme(s string) bool {
	scheme, _, found := strings.Cut(s, ":")
	return !found || strings.Contains(scheme, "/") ||
		strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "mailto")
}

// encodeAddress encodes what may not stand in an address or, where it is not whole but a part of one, what would have a meaning in it.
func encodeAddress(s string, whole bool) string {
	const hex = "0123456789abcdef"
	var b []byte
	start := 0
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '.', c == '_', c == '~':
			continue
		case whole && strings.IndexByte("!#$&*+,/:;=?@[]", c) >= 0:
			continue
		case whole && c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			continue
		}
		b = append(append(b, s[start:i]...), '%', hex[c>>4], hex[c&15])
		start = i + 1
	}
	if start == 0 {
		return s
	}
	return string(append(b, s[start:]...))
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
