// Package pdf reads the text of PDF files (ISO 32000-1), page by page, for looking through it and not for showing it.
//
// Files come from anyone, so nothing in one is trusted. There is no cross-reference table: objects are found where they stand, which
// also reads files whose table is broken. Every loop ends with the bytes given or with a limit, nothing is allocated on the file's
// word, and what streams unpack to is counted. Files protected against changes only, which open without a password, are not read:
// they are ErrEncrypted like all encrypted ones.
//
// A page's text is put together by position: characters on one height are a line, a wide gap is a tab. So the cells of a table stay
// beside each other, and a number stays whole whose digits were placed one by one.
package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"gongkai/generator/extract/layout"
)

// The reasons why a file, or the rest of it, cannot be read.
var (
	ErrDamaged   = errors.New("not a PDF file, or a damaged one")
	ErrEncrypted = errors.New("encrypted")
	ErrTooLarge  = errors.New("unpacks to more than the limit")
)

// Limits bound what one file may cost.
type Limits struct {
	Bytes int64 // what all streams together may unpack to
	Ratio int64 // how many times its size a stream may unpack to, beyond the first megabytes
	Pages int
}

// Document is an opened file.
type Document struct {
	data    []byte
	limits  Limits
	spent   int64
	objects map[int]place
	cache   map[int]object
	packed  map[int][]byte
	trailer dict
	fonts   map[int]*font
	built   int // fonts made
	tokens  int // what may still be kept of objects
	table   layout.Table
	damage  error // what made a part unreadable, if anything did
}

// maxTokens bounds the memory that a file's objects take: one of two bytes becomes one of forty.
const maxTokens = 4_000_000

// place is where an object stands: at an offset of the file, or within an object stream.
type place struct {
	offset   int
	end      int // where the next object begins, so that one without an end costs no more than its own bytes
	stream   int // number of the object stream, or 0
	inOffset int
}

// Open finds the objects of a file. It keeps the data.
func Open(data []byte, limits Limits) (*Document, error) {
	head := data[:min(len(data), 1024)]
	if !bytes.Contains(head, []byte("%PDF-")) {
		return nil, fmt.Errorf("%w: no header", ErrDamaged)
	}
	d := &Document{
		data: data, limits: limits,
		objects: map[int]place{}, cache: map[int]object{}, packed: map[int][]byte{}, fonts: map[int]*font{}, trailer: dict{},
		tokens: maxTokens,
	}
	if err := d.scan(); err != nil {
		return nil, err
	}
	if d.trailer["Encrypt"] != nil {
		return nil, ErrEncrypted
	}
	if err := d.unpackObjects(); err != nil {
		return nil, err
	}
	if len(d.objects) == 0 {
		return nil, fmt.Errorf("%w: no objects", ErrDamaged)
	}
	return d, nil
}

// scan notes where each object begins, the last of a number being the valid one, and reads the trailers.
func (d *Document) scan() error {
	last, begun := 0, -1
	ended := func(i int) {
		if p := d.objects[last]; begun >= 0 && p.offset == begun {
			p.end = i
			d.objects[last] = p
		}
	}
	defer func() { ended(len(d.data)) }()
	for i := 0; i < len(d.data); {
		n := bytes.IndexAny(d.data[i:], "ost")
		if n < 0 {
			break
		}
		i += n
		rest := d.data[i:]
		switch {
		case bytes.HasPrefix(rest, []byte("obj")):
			if number, ok := numberBefore(d.data[:i]); ok {
				ended(i)
				last, begun = number, i+len("obj")
				d.objects[number] = place{offset: begun, end: len(d.data)}
			}
			i += len("obj")
		case bytes.HasPrefix(rest, []byte("stream")) && streamBegins(d.data, i):
			end := bytes.Index(rest, []byte("endstream"))
			if end < 0 {
				d.damage = fmt.Errorf("%w: a stream without end", ErrDamaged) // what came before can be read
				return nil
			}
			i += end + len("endstream")
		case bytes.HasPrefix(rest, []byte("trailer")):
			l := lexer{data: d.data, pos: i + len("trailer")}
			if t, ok := l.object(0).(dict); ok {
				d.addTrailer(t)
			}
			i += len("trailer")
		default:
			i++
		}
	}
	return nil
}

func (d *Document) addTrailer(t dict) {
	for _, key := range []name{"Root", "Encrypt"} {
		if t[key] != nil {
			d.trailer[key] = t[key]
		}
	}
}

// numberBefore reads the number of "12 0 obj" from what stands before obj.
func numberBefore(data []byte) (int, bool) {
	i := len(data)
	field := func() []byte {
		for i > 0 && isSpace(data[i-1]) {
			i--
		}
		end := i
		for i > 0 && data[i-1]-'0' <= 9 && end-i < 10 {
			i--
		}
		return data[i:end]
	}
	generation := field()
	if len(generation) == 0 || i == 0 || !isSpace(data[i-1]) {
		return 0, false
	}
	n, err := strconv.ParseInt(string(field()), 10, 32)
	return int(n), err == nil
}

// streamBegins reports whether "stream" at i follows a dictionary and is followed by a line's end.
func streamBegins(data []byte, i int) bool {
	j := i
	for j > 0 && isSpace(data[j-1]) {
		j--
	}
	after := i + len("stream")
	return j >= 2 && data[j-1] == '>' && data[j-2] == '>' && after < len(data) && (data[after] == '\n' || data[after] == '\r')
}

// unpackObjects finds the objects within object streams (7.5.7), and the trailers that cross-reference streams are.
func (d *Document) unpackObjects() error {
	numbers := make([]int, 0, len(d.objects))
	for number := range d.objects {
		numbers = append(numbers, number)
	}
	slices.SortFunc(numbers, func(a, b int) int { return d.objects[a].offset - d.objects[b].offset })
	for _, number := range numbers {
		at := d.objects[number]
		if at.stream != 0 {
			continue
		}
		window := d.data[at.offset:min(len(d.data), at.offset+2048)]
		if end := bytes.Index(window, []byte("stream")); end >= 0 {
			window = window[:end]
		} else {
			continue
		}
		isXRef := bytes.Contains(window, []byte("/XRef"))
		if !isXRef && !bytes.Contains(window, []byte("/ObjStm")) {
			continue
		}
		s, ok := d.object(number).(stream)
		if !ok {
			continue
		}
		if isXRef {
			d.addTrailer(s.dict)
			if d.trailer["Encrypt"] != nil {
				return ErrEncrypted
			}
			continue
		}
		data, err := d.decode(s)
		if errors.Is(err, ErrTooLarge) {
			return err
		}
		d.packed[number] = data
		d.index(number, at.offset, data, int(d.number(s.dict["N"])), int(d.number(s.dict["First"])))
	}
	return nil
}

func (d *Document) index(number, offset int, data []byte, n, first int) {
	l := lexer{data: data}
	for range n {
		id, ok1 := l.object(0).(float64)
		at, ok2 := l.object(0).(float64)
		if !ok1 || !ok2 {
			return
		}
		inOffset := first + int(at)
		if inOffset < 0 || inOffset > len(data) || id < 1 || id > 1<<31 {
			continue
		}
		if old, ok := d.objects[int(id)]; ok && old.stream == 0 && old.offset > offset {
			continue // written again later in the file
		}
		d.objects[int(id)] = place{offset: offset, stream: number, inOffset: inOffset}
	}
}

// object returns the object of the number, or nil.
func (d *Document) object(number int) object {
	if o, ok := d.cache[number]; ok {
		return o
	}
	at, ok := d.objects[number]
	if !ok {
		return nil
	}
	l := lexer{data: d.data[:at.end], pos: at.offset, left: &d.tokens}
	if at.stream != 0 {
		l = lexer{data: d.packed[at.stream], pos: at.inOffset, left: &d.tokens}
	}
	start := l.pos
	o := l.object(0)
	if !d.charge(l.pos-start) || d.tokens <= 0 {
		d.damage = ErrTooLarge
		return nil
	}
	if header, ok := o.(dict); ok && at.stream == 0 {
		if raw, ok := l.streamData(); ok {
			o = stream{header, raw}
		}
	}
	d.cache[number] = o
	return o
}

// resolve follows references; a chain that is too long is nil.
func (d *Document) resolve(o object) object {
	for range 16 {
		r, ok := o.(reference)
		if !ok {
			return o
		}
		o = d.object(int(r))
	}
	return nil
}

func (d *Document) dict(o object) dict {
	switch o := d.resolve(o).(type) {
	case dict:
		return o
	case stream:
		return o.dict
	}
	return nil
}

func (d *Document) array(o object) array {
	a, _ := d.resolve(o).(array)
	return a
}

func (d *Document) number(o object) float64 {
	n, _ := d.resolve(o).(float64)
	return n
}

func (d *Document) name(o object) name {
	n, _ := d.resolve(o).(name)
	return n
}

// pages returns the pages in reading order; where the tree is broken, in the order of their numbers.
func (d *Document) pages() []page {
	var found []page
	seen := map[reference]bool{}
	var walk func(o object, inherited object, depth int)
	walk = func(o object, inherited object, depth int) {
		if r, ok := o.(reference); ok {
			if seen[r] {
				return
			}
			seen[r] = true
		}
		node := d.dict(o)
		if node == nil || depth > 64 || len(found) >= d.limits.Pages {
			return
		}
		if node["Resources"] != nil {
			inherited = node["Resources"]
		}
		if kids := d.array(node["Kids"]); kids != nil {
			for _, kid := range kids {
				walk(kid, inherited, depth+1)
			}
			return
		}
		if node["Contents"] != nil || d.name(node["Type"]) == "Page" {
			found = append(found, page{node, inherited})
		}
	}
	walk(d.dict(d.trailer["Root"])["Pages"], nil, 0)
	if len(found) > 0 {
		return found
	}
	numbers := make([]int, 0, len(d.objects))
	for number := range d.objects {
		numbers = append(numbers, number)
	}
	slices.Sort(numbers)
	for _, number := range numbers {
		if p, ok := d.object(number).(dict); ok && d.name(p["Type"]) == "Page" && len(found) < d.limits.Pages {
			found = append(found, page{p, p["Resources"]})
		}
	}
	return found
}

type page struct {
	dict      dict
	resources object
}

// Pages calls yield with each page's number, from 1, and text until yield returns false. Characters whose font tells no Unicode
// value are U+FFFD. It returns how many pages there are, also those without text, ErrTooLarge
// where a limit ended it, and ErrDamaged where a part could not be read.
func (d *Document) Pages(yield func(number int, text string) bool) (int, error) {
	pages := d.pages()
	if len(pages) == 0 && d.damage != nil {
		return 0, d.damage
	}
	if len(pages) == 0 {
		return 0, fmt.Errorf("%w: no pages", ErrDamaged)
	}
	for i, p := range pages {
		text, err := d.text(p)
		if text != "" && !yield(i+1, text) {
			return len(pages), nil
		}
		if err != nil {
			return len(pages), err
		}
	}
	return len(pages), d.damage
}

// Spent returns how many bytes were unpacked or run so far.
func (d *Document) Spent() int64 { return d.spent }
