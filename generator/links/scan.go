// Package links knows which addresses a portal has and which its pages use, and so which links are broken.
package links

import (
	"bytes"
	"html"
)

// Use is an address that a page uses, or an identifier that it defines, as the attribute's value is written.
type Use struct {
	Kind  UseKind
	Value string
}

// UseKind says what an attribute's value is to the page.
type UseKind uint8

// A page links to, loads or defines.
const (
	Href   UseKind = iota // href of a, area, link; action of form
	Source                // src, poster, data; each address of srcset
	Anchor                // id of any element; name of a
)

// Scan reads the attributes of HTML that matter for links, without building a tree: each byte is read once and nothing is kept;
// a value is valid only until yield returns.
// It follows the tokenizer of the HTML standard for tags, comments, raw text elements and unquoted values.
func Scan(doc []byte, yield func(kind UseKind, value []byte)) {
	for {
		i := bytes.IndexByte(doc, '<')
		if i < 0 || i+1 >= len(doc) {
			return
		}
		doc = doc[i+1:]
		switch c := doc[0]; {
		case c == '!' && bytes.HasPrefix(doc, []byte("!--")):
			end := bytes.Index(doc[3:], []byte("-->"))
			if end < 0 {
				return
			}
			doc = doc[3+end+3:]
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			doc = tag(doc, yield)
		case c == '/' || c == '!' || c == '?':
			end := bytes.IndexByte(doc, '>')
			if end < 0 {
				return
			}
			doc = doc[end+1:]
		}
	}
}

// tag reads one start tag, from its name on, and returns what follows it.
func tag(doc []byte, yield func(UseKind, []byte)) []byte {
	n := 0
	for n < len(doc) && class[doc[n]]&endsName == 0 {
		n++
	}
	name := doc[:n]
	rest := doc[n:]
	for {
		for len(rest) > 0 && (isSpace(rest[0]) || rest[0] == '/') {
			rest = rest[1:]
		}
		if len(rest) == 0 {
			return nil
		}
		if rest[0] == '>' {
			rest = rest[1:]
			break
		}
		k := 0
		for k < len(rest) && class[rest[k]]&(endsName|equals) == 0 {
			k++
		}
		if k == 0 { // a stray =
			k = 1
		}
		attribute := rest[:k]
		rest = rest[k:]
		var value []byte
		value, rest = attributeValue(rest)
		if value != nil {
			report(name, attribute, value, yield)
		}
	}
	return skipRawText(name, rest)
}

// attributeValue reads = and a value; the value is nil where there is none.
func attributeValue(rest []byte) (value, after []byte) {
	at := 0
	for at < len(rest) && isSpace(rest[at]) {
		at++
	}
	if at == len(rest) || rest[at] != '=' {
		return nil, rest
	}
	rest = rest[at+1:]
	for len(rest) > 0 && isSpace(rest[0]) {
		rest = rest[1:]
	}
	if len(rest) == 0 {
		return nil, nil
	}
	if q := rest[0]; q == '"' || q == '\'' {
		end := bytes.IndexByte(rest[1:], q)
		if end < 0 {
			return nil, nil
		}
		return rest[1 : 1+end], rest[end+2:]
	}
	end := 0
	for end < len(rest) && !isSpace(rest[end]) && rest[end] != '>' {
		end++
	}
	return rest[:end], rest[end:]
}

// report yields the value of an attribute that matters.
func report(element, attribute, value []byte, yield func(UseKind, []byte)) {
	// most attributes are a class: their first letter tells at once
	switch attribute[0] | 0x20 {
	case 'h', 'a', 's', 'p', 'd', 'i', 'n':
	default:
		return
	}
	var kind UseKind
	switch {
	case equal(attribute, "href"), equal(attribute, "action"):
		kind = Href
	case equal(attribute, "src"), equal(attribute, "poster"), equal(attribute, "data") && equal(element, "object"):
		kind = Source
	case equal(attribute, "id"), equal(attribute, "name") && equal(element, "a"):
		kind = Anchor
	case equal(attribute, "srcset"):
		for _, candidate := range bytes.Split(value, []byte(",")) {
			if fields := bytes.Fields(candidate); len(fields) > 0 {
				yield(Source, unescape(fields[0]))
			}
		}
		return
	default:
		return
	}
	yield(kind, unescape(bytes.TrimSpace(value)))
}

func unescape(value []byte) []byte {
	if bytes.IndexByte(value, '&') < 0 {
		return value
	}
	return []byte(html.UnescapeString(string(value)))
}

// skipRawText passes over the content of elements whose content is no HTML.
func skipRawText(name, rest []byte) []byte {
	var closing []byte
	if name[0]|0x20 != 's' && name[0]|0x20 != 't' { // saves four comparisons for most elements
		return rest
	}
	switch {
	case equal(name, "script"):
		closing = []byte("</script")
	case equal(name, "style"):
		closing = []byte("</style")
	case equal(name, "textarea"):
		closing = []byte("</textarea")
	case equal(name, "title"):
		closing = []byte("</title")
	default:
		return rest
	}
	for at := 0; ; {
		i := bytes.Index(rest[at:], []byte("</"))
		if i < 0 {
			return nil
		}
		at += i
		if len(rest)-at >= len(closing) && bytes.EqualFold(rest[at:at+len(closing)], closing) {
			return rest[at:]
		}
		at += 2
	}
}

func isSpace(c byte) bool { return class[c]&space != 0 }

// Classes of characters: one look into a table for each byte of a tag.
const (
	space    = 1 << iota
	endsName // of an element; an attribute's ends at = as well
	equals
)

var class = [256]uint8{' ': space | endsName, '\n': space | endsName, '\t': space | endsName, '\r': space | endsName, '\f': space | endsName,
	'>': endsName, '/': endsName, '=': equals}

// equal compares a name of HTML, whatever its case, with a lower-case one.
func equal(name []byte, lower string) bool {
	if len(name) != len(lower) {
		return false
	}
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
