package folder

import (
	"bytes"

	"gongkai/generator/links"
)

// role is what an attribute's value is to the page.
type role uint8

const (
	none   role = iota
	link        // leads to another document
	load        // is loaded with the page
	quote       // names a source; may be empty
	list        // srcset
	anchor      // can be led to
	style       // a style attribute
)

// roleOf tells the role of most attributes by their first letter and length.
func roleOf(t *links.Tag, name []byte) role {
	is := func(want string) bool { return len(name) == len(want) && bytes.EqualFold(name, []byte(want)) }
	switch name[0] | 0x20 {
	case 'a':
		if is("action") {
			return quote
		}
	case 'b':
		if is("background") && (t.Is("body") || t.Is("table") || t.Is("td") || t.Is("th") || t.Is("tr")) {
			return load
		}
	case 'c':
		if is("cite") {
			return quote
		}
	case 'd':
		if is("data") && t.Is("object") {
			return load
		}
	case 'f':
		if is("formaction") {
			return quote
		}
	case 'h':
		if is("href") {
			return roleOfHref(t)
		}
	case 'i':
		switch {
		case is("id"):
			return anchor
		case is("imagesrcset"):
			return list
		}
	case 'l':
		if is("longdesc") {
			return quote
		}
	case 'm':
		if is("manifest") && t.Is("html") {
			return load
		}
	case 'n':
		if is("name") && (t.Is("a") || t.Is("map")) {
			return anchor
		}
	case 'p':
		if is("poster") {
			return load
		}
	case 's':
		switch {
		case is("src"):
			return load
		case is("srcset"):
			return list
		case is("style"):
			return style
		}
	case 'u':
		if is("usemap") {
			return quote
		}
	case 'x':
		if is("xlink:href") {
			return roleOfHref(t)
		}
	}
	return none
}

// roleOfHref tells links from what is loaded. The addresses of link elements that only open a connection name no document, and
// base is read apart.
func roleOfHref(t *links.Tag) role {
	switch {
	case t.Is("a"), t.Is("area"):
		return link
	case t.Is("base"):
		return none
	case t.Is("link"):
		rel, _ := t.Get("rel")
		loads := false
		for word := range bytes.FieldsSeq(rel.Value) {
			switch string(bytes.ToLower(word)) {
			case "dns-prefetch", "preconnect":
				return none
			case "stylesheet", "icon", "apple-touch-icon", "manifest", "preload", "modulepreload", "prefetch", "mask-icon":
				loads = true
			}
		}
		if !loads {
			return link
		}
	}
	return load // use and image of SVG
}

// roleOfMeta tells which meta elements hold an address in their content: those of social networks that every page carries, and
// the icon of a tile.
func roleOfMeta(t *links.Tag) role {
	key, ok := t.Get("property")
	if !ok {
		if key, ok = t.Get("name"); !ok {
			return none
		}
	}
	switch string(bytes.ToLower(key.Value)) {
	case "og:url":
		return link
	case "og:image", "og:image:url", "og:image:secure_url", "og:video", "og:video:url", "og:video:secure_url",
		"og:audio", "og:audio:url", "og:audio:secure_url", "twitter:image", "twitter:image:src", "msapplication-tileimage", "msapplication-config":
		return load
	}
	return none
}
