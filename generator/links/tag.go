package links

import "bytes"

// Tag is a start tag as it is written. It and its parts are valid only until yield returns.
type Tag struct {
	At         int // offset of its < in the document
	Name       []byte
	Attributes []Attribute
	Text       []byte // what a style element holds; nil for others
	TextAt     int    // offset of Text in the document
}

// Attribute is an attribute of a tag, entities and space as they are written.
type Attribute struct {
	Name  []byte
	Value []byte // nil where the attribute has none
	At    int    // offset of Value in the document
}

// Is reports whether the tag has a name, which is given in lower case.
func (t *Tag) Is(name string) bool { return equal(t.Name, name) }

// Get returns the attribute of a name, which is given in lower case: the first one, as browsers do.
func (t *Tag) Get(name string) (Attribute, bool) {
	for _, a := range t.Attributes {
		if equal(a.Name, name) {
			return a, true
		}
	}
	return Attribute{}, false
}

// mostCompared is with how many attributes a name is compared: no page has so many but to take time.
const mostCompared = 64

// has reports whether the tag has an attribute of the name already: the standard drops all but the first.
func (t *Tag) has(name []byte) bool {
	for i := range min(len(t.Attributes), mostCompared) {
		if other := t.Attributes[i].Name; len(other) == len(name) && other[0]|0x20 == name[0]|0x20 && bytes.EqualFold(other, name) {
			return true
		}
	}
	return false
}

// Tags reads the start tags of HTML that have attributes, and the style elements, without building a tree: each byte is read once
// and nothing is kept. It follows the tokenizer of the HTML standard for tags, comments, raw text elements and unquoted values.
// A tag that the document ends in is none.
func Tags(doc []byte, yield func(*Tag)) { new(scanner).tags(doc, yield) }

// tags is Tags by a scanner that may have been used before: it allocates nothing then.
func (s *scanner) tags(doc []byte, yield func(*Tag)) {
	s.doc, s.at = doc, 0
	if s.tag.Attributes == nil {
		s.tag.Attributes = make([]Attribute, 0, 16)
	}
	for s.at < len(doc) {
		i := bytes.IndexByte(doc[s.at:], '<')
		if i < 0 {
			return
		}
		s.at += i + 1
		if s.at == len(doc) {
			return
		}
		switch c := doc[s.at]; {
		case c == '!' && bytes.HasPrefix(doc[s.at:], []byte("!--")):
			s.comment()
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			if !s.start() {
				return
			}
			s.rawText()
			if len(s.tag.Attributes) > 0 || s.tag.Text != nil {
				yield(&s.tag)
			}
		case c == '/' || c == '!' || c == '?':
			s.pass('>')
		}
	}
}

type scanner struct {
	doc []byte
	at  int
	tag Tag
}

// pass moves behind the next c, or to the end.
func (s *scanner) pass(c byte) {
	if i := bytes.IndexByte(s.doc[s.at:], c); i >= 0 {
		s.at += i + 1
		return
	}
	s.at = len(s.doc)
}

// comment passes over a comment, from its "!--" on; "<!-->" and "<!--->" are whole ones.
func (s *scanner) comment() {
	s.at++
	for {
		i := bytes.Index(s.doc[s.at:], []byte("--"))
		if i < 0 {
			s.at = len(s.doc)
			return
		}
		s.at += i
		end := s.doc[s.at:]
		for len(end) > 0 && end[0] == '-' {
			end = end[1:]
		}
		s.at = len(s.doc) - len(end)
		if bytes.HasPrefix(end, []byte("!>")) {
			s.at++
			end = end[1:]
		}
		if len(end) > 0 && end[0] == '>' {
			s.at++
			return
		}
	}
}

// start reads a start tag, from its name on, and reports whether it is whole.
func (s *scanner) start() bool {
	doc, at := s.doc, s.at
	begin := at
	s.tag.At = at - 1
	for at < len(doc) && class[doc[at]]&endsName == 0 {
		at++
	}
	s.tag.Name, s.tag.Attributes, s.tag.Text = doc[begin:at], s.tag.Attributes[:0], nil
	for {
		for at < len(doc) && class[doc[at]]&(space|slash) != 0 {
			at++
		}
		if at == len(doc) {
			return false
		}
		if doc[at] == '>' {
			s.at = at + 1
			return true
		}
		begin = at
		at++ // a stray = is the first letter of a name
		for at < len(doc) && class[doc[at]]&(endsName|equals) == 0 {
			at++
		}
		a := Attribute{Name: doc[begin:at]}
		for at < len(doc) && isSpace(doc[at]) {
			at++
		}
		if at < len(doc) && doc[at] == '=' {
			at++
			for at < len(doc) && isSpace(doc[at]) {
				at++
			}
			if at == len(doc) {
				return false
			}
			if q := doc[at]; q == '"' || q == '\'' {
				at++
				n := bytes.IndexByte(doc[at:], q)
				if n < 0 {
					return false
				}
				a.Value, a.At = doc[at:at+n], at
				at += n + 1
			} else {
				a.At = at
				for at < len(doc) && class[doc[at]]&space == 0 && doc[at] != '>' {
					at++
				}
				a.Value = doc[a.At:at]
			}
		}
		if !s.tag.has(a.Name) {
			s.tag.Attributes = append(s.tag.Attributes, a)
		}
	}
}

// rawText passes over the content of elements whose content is no HTML.
func (s *scanner) rawText() {
	name := s.tag.Name
	switch name[0] | 0x20 { // saves the comparisons for most elements
	case 's', 't', 'i', 'x', 'n':
	default:
		return
	}
	var closing string
	for _, c := range [...]string{"script", "style", "textarea", "title", "iframe", "xmp", "noembed", "noframes"} {
		if equal(name, c) {
			closing = c
		}
	}
	if closing == "" {
		return
	}
	begin := s.at
	for {
		i := bytes.Index(s.doc[s.at:], []byte("</"))
		if i < 0 {
			s.at = len(s.doc)
			break
		}
		s.at += i
		end := s.doc[s.at+2:]
		if len(end) >= len(closing) && equal(end[:len(closing)], closing) && (len(end) == len(closing) || class[end[len(closing)]]&endsName != 0) {
			break
		}
		s.at += 2
	}
	if closing == "style" {
		s.tag.Text, s.tag.TextAt = s.doc[begin:s.at:s.at], begin
	}
}

func isSpace(c byte) bool { return class[c]&space != 0 }

// Classes of characters: one look into a table for each byte of a tag.
const (
	space    = 1 << iota
	endsName // of an element; an attribute's ends at = as well
	equals
	slash
)

var class = [256]uint8{' ': space | endsName, '\n': space | endsName, '\t': space | endsName, '\r': space | endsName, '\f': space | endsName,
	'>': endsName, '/': endsName | slash, '=': equals}

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
