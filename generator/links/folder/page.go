package folder

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"io"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/generator/links"
)

// worker reads files one after the other, with the same memory.
type worker struct {
	*checker
	report   Report
	faults   []fault
	waiting  []question
	external map[string]*external

	doc  []byte
	uses []use
	ids  []uint64
	path []byte // of the address at hand
	at   place
}

// fault is a problem before its file is read again.
type fault struct {
	file, at, length int32 // where the value stands
	kind             Kind
	target           int32 // number of the missed address, or the file that lacks the anchor
}

// question is a link whose anchor another page has to have.
type question struct {
	fault
	hash uint64
}

type external struct {
	files             []int32
	loaded, malformed bool
}

// use is an address that a file uses.
type use struct {
	value      []byte // entities resolved
	at, length int32  // where it stands as it is written
	role       role
}

// place is what relative addresses start from.
type place struct {
	file int32    // that is being read
	self int32    // that "#a" means: the file itself, unless the page has a base element
	path string   // of that document on the own host
	base *url.URL // of a base element on another host
}

func newWorker(c *checker) *worker {
	return &worker{checker: c, external: map[string]*external{}}
}

// file reads a page or a style sheet.
func (w *worker) file(file int32) error {
	if err := w.load(w.files[file]); err != nil {
		return err
	}
	w.text(file)
	return nil
}

// text checks what was loaded.
func (w *worker) text(file int32) {
	w.report.Bytes += int64(len(w.doc))
	w.uses, w.ids = w.uses[:0], w.ids[:0]
	w.at = place{file: file, self: file, path: w.under + w.address(file)}
	if contentOf(w.files[file]) == styleSheet {
		w.report.Sheets++
		w.styles(w.doc, 0)
	} else {
		w.report.Pages++
		w.read()
	}
	for i := range w.uses {
		w.check(&w.uses[i])
	}
}

func (w *worker) load(name string) error {
	f, err := os.Open(filepath.Join(w.dir, filepath.FromSlash(name)))
	if err != nil {
		return fmt.Errorf("check links: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("check links: %w", err)
	}
	if info.Size() >= math.MaxInt32 {
		return fmt.Errorf("check links: %s has %d bytes", name, info.Size())
	}
	w.doc = slices.Grow(w.doc[:0], int(info.Size()))[:info.Size()]
	n, err := io.ReadFull(f, w.doc)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF { // shorter: it is being written
		return fmt.Errorf("check links: %w", err)
	}
	w.doc = w.doc[:n]
	return nil
}

// read collects what the page uses and the anchors it has.
func (w *worker) read() {
	based := false
	links.Tags(w.doc, func(t *links.Tag) {
		if t.Text != nil {
			w.styles(t.Text, t.TextAt)
		}
		switch t.Name[0] | 0x20 {
		case 'm':
			if t.Is("meta") {
				w.meta(t)
				return
			}
		case 'b':
			if href, ok := t.Get("href"); ok && !based && t.Is("base") {
				based = true
				w.setBase(href)
			}
		case 'l':
			if t.Is("link") {
				w.lacks(t, "href", "imagesrcset")
			}
		case 'i':
			if t.Is("img") {
				w.lacks(t, "src", "srcset")
			}
		}
		for i := range t.Attributes {
			if a := &t.Attributes[i]; a.Value != nil {
				if r := roleOf(t, a.Name); r != none {
					w.attribute(r, *a)
				}
			}
		}
	})
	slices.Sort(w.ids)
	if len(w.ids) > 0 {
		w.anchors[w.at.file] = slices.Clone(w.ids)
	}
}

// lacks notes an element without the attribute it is there for.
func (w *worker) lacks(t *links.Tag, wanted, instead string) {
	if _, ok := t.Get(wanted); ok {
		return
	}
	if _, ok := t.Get(instead); ok {
		return
	}
	w.faults = append(w.faults, fault{w.at.file, int32(t.At), int32(len(t.Name) + 1), Empty, -1})
}

func (w *worker) attribute(r role, a links.Attribute) {
	switch r {
	case anchor:
		w.ids = append(w.ids, maphash.Bytes(w.seed, utf8Text(links.Unescape(bytes.TrimSpace(a.Value)))))
	case list:
		value := links.Unescape(a.Value)
		links.Candidates(value, func(address []byte, at int) {
			w.part(a, value, address, at, at+len(address), load)
		})
	case style:
		value := links.Unescape(a.Value)
		links.Styles(value, func(address []byte, at, end int) {
			w.part(a, value, address, at, end, load)
		})
	default:
		w.add(r, a)
	}
}

// add notes the address that a whole attribute is.
func (w *worker) add(r role, a links.Attribute) {
	trimmed := bytes.TrimLeft(a.Value, " \t\r\n\f")
	at := a.At + len(a.Value) - len(trimmed)
	trimmed = bytes.TrimRight(trimmed, " \t\r\n\f")
	if len(trimmed) == 0 && r == quote {
		return
	}
	w.uses = append(w.uses, use{utf8Text(links.Unescape(trimmed)), int32(at), int32(len(trimmed)), r})
}

// part notes an address within an attribute. Where entities were resolved, its place is that of the attribute.
func (w *worker) part(a links.Attribute, value, address []byte, at, end int, r role) {
	if len(address) == 0 {
		return
	}
	begin, length := a.At, len(a.Value)
	if len(value) == len(a.Value) {
		begin, length = a.At+at, end-at
	}
	w.uses = append(w.uses, use{utf8Text(bytes.Clone(address)), int32(begin), int32(length), r})
}

// styles notes what a style sheet loads. A mere fragment names an element of the document that uses the sheet: nothing is loaded.
func (w *worker) styles(css []byte, offset int) {
	links.Styles(css, func(address []byte, at, end int) {
		if len(address) == 0 || address[0] == '#' {
			return
		}
		w.uses = append(w.uses, use{utf8Text(address), int32(offset + at), int32(end - at), load})
	})
}

func (w *worker) meta(t *links.Tag) {
	content, ok := t.Get("content")
	if !ok || content.Value == nil {
		return
	}
	if equiv, ok := t.Get("http-equiv"); ok && bytes.EqualFold(bytes.TrimSpace(equiv.Value), []byte("refresh")) {
		value := links.Unescape(content.Value)
		if address, at, ok := links.Refresh(value); ok {
			w.part(content, value, address, at, at+len(address), link)
		}
		return
	}
	if r := roleOfMeta(t); r != none {
		w.add(r, content)
	}
}

// setBase reads a base element: addresses then start from another document.
func (w *worker) setBase(href links.Attribute) {
	value := string(utf8Text(links.Unescape(bytes.TrimSpace(href.Value))))
	own := &url.URL{Scheme: w.scheme, Host: w.host, Path: w.at.path}
	base, err := own.Parse(value)
	if err != nil || value == "" {
		return
	}
	if base.Scheme != own.Scheme && base.Scheme != "http" || asciiHost(base.Scheme, base.Host) != w.host {
		w.at.base = base
		return
	}
	w.at.path = base.Path
	if w.at.path == "" {
		w.at.path = "/"
	}
	w.at.self = -1
}

// utf8Text returns a text as UTF-8; what is none is taken for GB 18030, which older pages are written in.
func utf8Text(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	if decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(text); err == nil {
		return decoded
	}
	return text
}
