// Package links reads the addresses that HTML and style sheets use, and knows which addresses a portal has, and so which links are
// broken.
//
// The readers (Tags, Scan, Candidates, Refresh, Styles) build no tree and keep nothing of what they read. Graph checks the links of
// pages while they are rendered; package folder checks any folder of HTML and package web the addresses of other sites.
package links

import "bytes"

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

// Scan reads the attributes of HTML that matter for links. A value is valid only until yield returns.
func Scan(doc []byte, yield func(kind UseKind, value []byte)) { new(scanner).scan(doc, yield) }

func (s *scanner) scan(doc []byte, yield func(kind UseKind, value []byte)) {
	s.tags(doc, func(t *Tag) {
		for i := range t.Attributes {
			if a := &t.Attributes[i]; a.Value != nil {
				report(t.Name, a.Name, a.Value, yield)
			}
		}
	})
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
		Candidates(Unescape(value), func(address []byte, _ int) { yield(Source, address) })
		return
	default:
		return
	}
	yield(kind, Unescape(bytes.TrimSpace(value)))
}
