package source

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"gongkai/generator/finding"
	"gongkai/generator/site"
)

// This file is for those who change texts of the content: it says where the parts of a text stand, and what a text says by itself, so that two texts can be
// compared. Offsets count the bytes of a clean text: UTF-8 without byte order mark, with LF line ends (CleanText).

// TextFile is a text file of the content, by its place.
type TextFile struct {
	Path        string // content/units/xihe/_index.md
	Unit, Field string // names of the folders that it lies in; empty where there is none
	role        role
}

// TextFiles lists the text files that Load reads, by path. The error is one of Load.
func TextFiles(dir string) ([]TextFile, error) {
	l := &loader{root: dir}
	if err := l.walk(); err != nil {
		return nil, err
	}
	out := make([]TextFile, 0, len(l.files))
	for _, f := range l.files {
		out = append(out, TextFile{f.path, f.unit, f.field, f.role})
	}
	slices.SortFunc(out, func(a, b TextFile) int { return cmp.Compare(a.Path, b.Path) })
	return out, nil
}

// FileAt returns the text file that a content path stands for by its place alone. ok is false where no text is read from such a place.
func FileAt(p string) (f TextFile, ok bool) {
	parts := strings.Split(p, "/")
	if parts[0] != Dir || path.Clean(p) != p {
		return TextFile{}, false
	}
	name := parts[len(parts)-1]
	switch f = (TextFile{Path: p}); {
	case len(parts) == 2:
		f.role, ok = map[string]role{"site.yaml": roleConfig, "synonyms.yaml": roleSynonyms, "workdays.csv": roleWorkdays}[name]
		return f, ok
	case !isMarkdown(name):
		return TextFile{}, false
	case len(parts) == 3 && parts[1] == "fields":
		f.role = roleField
	case len(parts) == 3 && parts[1] == "pages":
		f.role = rolePage
	case parts[1] != "units":
		return TextFile{}, false
	case len(parts) == 4 && name == "_index.md":
		f.Unit, f.role = parts[2], roleUnit
	case len(parts) == 5 && name == "_index.md":
		f.Unit, f.Field, f.role = parts[2], parts[3], roleUnitField
	case len(parts) == 5:
		f.Unit, f.Field, f.role = parts[2], parts[3], roleDisclosure
	default:
		return TextFile{}, false
	}
	return f, true
}

// IsDisclosure reports whether the file is a disclosure.
func (t TextFile) IsDisclosure() bool { return t.role == roleDisclosure }

// IsCatalog reports whether the text below the front matter is a catalog of items: of a field, or of a unit's own.
func (t TextFile) IsCatalog() bool { return t.role == roleField || t.role == roleUnitField }

// HasFront reports whether the file begins with front matter between fences; the settings and the synonyms are keys from the first line on.
func (t TextFile) HasFront() bool { return t.table() != nil && !t.isSettings() }

// HasKeys reports whether the file has keys at all; the calendar of working days has none.
func (t TextFile) HasKeys() bool { return t.table() != nil }

func (t TextFile) isSettings() bool { return t.role == roleConfig || t.role == roleSynonyms }

// table returns the keys of the file; nil where it has none.
func (t TextFile) table() *keyTable {
	return map[role]*keyTable{
		roleConfig: configKeys, roleSynonyms: synonymFileKeys, roleField: fieldKeys, rolePage: pageKeys, roleUnit: unitKeys, roleUnitField: unitFieldKeys,
		roleDisclosure: disclosureKeys,
	}[t.role]
}

// KeyName is one key of a table.
type KeyName struct {
	Name    string // English
	Chinese string
	Order   int  // in its table, from 0
	Date    bool // holds a day
}

// KeyNamed returns the key that a word names, in either language: at the top of the file, where under is empty, and otherwise in the groups of the key with
// that English name.
func (t TextFile) KeyNamed(under, word string) (KeyName, bool) {
	table := t.table()
	if under != "" {
		table = groupsOf(under)
	}
	return table.named(word)
}

func (t *keyTable) named(word string) (KeyName, bool) {
	if t == nil {
		return KeyName{}, false
	}
	k := t.find(strings.TrimSpace(word))
	if k == nil {
		return KeyName{}, false
	}
	i := slices.IndexFunc(t.keys, func(other key) bool { return other.name == k.name })
	return KeyName{k.name, k.chinese, i, k.form == dateForm}, true
}

// CleanText returns the text of a file as it is parsed. ok is false where the bytes are no UTF-8 text (see Decode).
func CleanText(raw []byte) (text []byte, ok bool) {
	text, fault := cleanText("", raw)
	return text, fault == nil
}

// Decode returns the text of a file that was saved in an encoding of Windows as UTF-8, with its line ends as they are, and the name of the encoding. ok is
// false where the bytes are UTF-8 or where it cannot be told with certainty what they are.
func Decode(raw []byte) (text []byte, name string, ok bool) {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")):
		if len(raw)%2 != 0 {
			return nil, "", false
		}
		from, name = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM), "UTF-16"
	case bytes.IndexByte(raw, 0) >= 0, utf8.Valid(raw):
		return nil, "", false
	default:
		from, name = simplifiedchinese.GB18030, "GB18030"
	}
	text, err := from.NewDecoder().Bytes(raw)
	if err != nil || !plausible(text) {
		return nil, "", false
	}
	return text, name, true
}

// plausible reports whether a decoded text can be what was written. Bytes in another encoding, or a damaged file, decode as GB18030 or UTF-16, too, but to
// characters that nobody uses: in Chinese texts nine of ten characters are in the set of 1980, and names alone leave it.
func plausible(text []byte) bool {
	han, common := 0, 0
	for _, r := range string(text) {
		switch {
		case r == utf8.RuneError, r < ' ' && r != '\n' && r != '\r' && r != '\t', r >= 0x7f && r < 0xa0, r >= 0xe000 && r < 0xf900, r >= 0xfff0 && r <= 0xffff:
			return false
		case r >= 0x0250 && r < 0x2000 && (r < 0x0370 || r > 0x0451):
			return false // scripts that no Chinese document has, but for the Greek and the Cyrillic of GB 2312
		case r >= 0x3400:
			if r >= 0xff00 && r <= 0xffef {
				continue
			}
			han++
			if inGB2312(r) {
				common++
			}
		}
	}
	return common > 0 && 10*common >= 9*han
}

// inGB2312 reports whether a character is one of the 6763 of GB 2312.
func inGB2312(r rune) bool {
	b, err := simplifiedchinese.HZGB2312.NewEncoder().Bytes([]byte(string(r)))
	return err == nil && len(b) >= 4
}

// Front is where the parts of a text stand.
type Front struct {
	Start, End int // of the lines with keys, without fences
	Body       int // where the text below begins
}

// Front returns the parts of a clean text. ok is false where a fence is missing.
func (t TextFile) Front(text []byte) (f Front, ok bool) {
	if !t.HasFront() {
		return Front{0, len(text), len(text)}, t.HasKeys()
	}
	yaml, body, _, fault := splitFront(t.Path, text, t.table())
	if fault != nil {
		return Front{}, false
	}
	start := bytes.IndexByte(text, '\n') + 1
	return Front{start, start + len(yaml), len(text) - len(body)}, true
}

// IsFence reports whether a line is one of the fences of front matter; meant says that it was meant to be one but is typed with other marks.
func IsFence(line []byte) (is, meant bool) { return isFence(line), looksLikeFence(line) }

// Key is a key of front matter and where it stands.
type Key struct {
	KeyName         // zero where the table has no such key
	Written  string // as it is written
	Line     int    // in the text, from 1
	At       int    // offset of the key
	Value    int    // offset of its value; At where it has none
	Scalars  []Scalar
	Groups   [][]Key // of a key that holds groups of keys
	OwnLine  bool    // nothing but white space and a hyphen stands before it in its line
	Compound bool    // the value is a list or a group
}

// Scalar is a text in front matter: the value of a key, or one of a list.
type Scalar struct {
	Text string
	// Start and End are where the text itself stands, without quotation marks; both are -1 where it is written in another way than it reads.
	Start, End int
	Quote      byte // ", ' or 0
}

// Keys returns the keys of a clean text in their order. ok is false where the front matter cannot be read.
func (t TextFile) Keys(text []byte) (keys []Key, ok bool) {
	front, ok := t.Front(text)
	if !ok {
		return nil, false
	}
	pairs, _, whole, err := readYAML(text[front.Start:front.End], 1)
	if err != nil || !whole {
		return nil, false
	}
	x := &keyPlaces{text: text, lines: newLineIndex(text[front.Start:front.End], 1), offset: front.Start, line: bytes.Count(text[:front.Start], []byte("\n"))}
	return x.keys(pairs, t.table()), true
}

// keyPlaces turns lines and columns of front matter into offsets of the text.
type keyPlaces struct {
	text   []byte
	lines  *lineIndex // of the front matter
	offset int        // of the front matter in the text
	line   int        // lines before it
}

// at returns the offset of a line and a column of the front matter, or -1.
func (x *keyPlaces) at(line, column int) int {
	if line < 1 || line > len(x.lines.starts) || column < 1 {
		return -1
	}
	i := x.lines.starts[line-1]
	for ; column > 1; column-- {
		_, size := utf8.DecodeRune(x.lines.text[i:])
		if size == 0 || x.lines.text[i] == '\n' {
			return -1
		}
		i += size
	}
	return x.offset + i
}

func (x *keyPlaces) keys(pairs []pair, table *keyTable) []Key {
	out := make([]Key, 0, len(pairs))
	for _, p := range pairs {
		k := Key{Written: p.key, Line: p.line + x.line, At: x.at(p.line, p.column), Compound: p.value.kind != scalarNode}
		k.KeyName, _ = table.named(p.key)
		if k.Value = x.at(p.value.line, p.value.column); k.Value < 0 {
			k.Value = k.At
		}
		if k.At >= 0 {
			start := bytes.LastIndexByte(x.text[:k.At], '\n') + 1
			k.OwnLine = len(bytes.Trim(x.text[start:k.At], " -")) == 0
		}
		values := []node{p.value}
		if p.value.kind == listNode {
			values = p.value.list
		}
		for _, v := range values {
			switch v.kind {
			case scalarNode:
				k.Scalars = append(k.Scalars, x.scalar(v))
			case mappingNode:
				k.Groups = append(k.Groups, x.keys(v.pairs, groupsOf(k.Name)))
			}
		}
		out = append(out, k)
	}
	return out
}

// scalar finds the text of a value in the lines where it is written.
func (x *keyPlaces) scalar(v node) Scalar {
	s := Scalar{Text: v.text, Start: -1, End: -1}
	at := x.at(v.line, v.column)
	if at < 0 || v.text == "" {
		return s
	}
	if c := x.text[at:]; len(c) > 0 && (c[0] == '"' || c[0] == '\'') {
		s.Quote = c[0]
		at++
	}
	if !bytes.HasPrefix(x.text[at:], []byte(v.text)) || strings.Contains(v.text, "\n") {
		return s
	}
	end := at + len(v.text)
	if s.Quote != 0 && (end >= len(x.text) || x.text[end] != s.Quote) {
		return s
	}
	s.Start, s.End = at, end
	return s
}

// Stage is how far a text can be read by itself.
type Stage uint8

// The stages, in their order.
const (
	NoText  Stage = iota // it is not UTF-8
	NoFront              // a fence is missing
	NoKeys               // the lines of front matter are not written as YAML takes them
	Whole                // every part can be read, though keys may be unknown
)

// Reading is what a text says by itself, without the rest of the content.
type Reading struct {
	Stage    Stage
	Findings []finding.Finding // about the form of keys and of the catalog, not about their values
	keys     map[string]any
	body     string
	items    []site.Item
}

// Errors returns how many errors were found.
func (r *Reading) Errors() int {
	n, _, _ := finding.Count(r.Findings)
	return n
}

// Read reads a file by itself. Keys that are missing are no fault of the form.
func (t TextFile) Read(raw []byte) *Reading {
	r := &Reading{}
	text, fault := cleanText(t.Path, raw)
	if fault != nil {
		r.Findings = append(r.Findings, *fault)
		return r
	}
	r.Stage = NoFront
	if !t.HasKeys() {
		r.Stage, r.body = Whole, string(text)
		return r
	}
	yaml, body, line := text, []byte(nil), 1
	if t.HasFront() {
		if yaml, body, line, fault = splitFront(t.Path, text, t.table()); fault != nil {
			r.Findings = append(r.Findings, *fault)
			return r
		}
	}
	r.Stage = NoKeys
	f := &front{path: t.Path, table: t.table(), values: map[string]node{}}
	r.readKeys(f, yaml, t.HasFront())
	r.Findings = append(r.Findings, f.findings...)
	if !t.IsCatalog() {
		r.body = trimBody(body)
		return r
	}
	items, faults := parseCatalog(t.Path, body, line)
	r.Findings = append(r.Findings, faults...)
	r.body = strings.Join(catalogComments(body), "\n")
	for _, it := range items {
		item := *it
		item.Line = 0
		for c := range item.Columns {
			item.Columns[c].Text = strings.Join(site.SplitList(item.Columns[c].Text), "；")
			item.Columns[c].Line = min(1, item.Columns[c].Line)
		}
		r.items = append(r.items, item)
	}
	return r
}

// readKeys reads the keys as parseFront does, but for the ones that are missing.
func (r *Reading) readKeys(f *front, yaml []byte, fenced bool) {
	first := 1
	if fenced {
		first = 2
	}
	f.lint(yaml, first)
	if f.failed() {
		return
	}
	pairs, root, whole, err := readYAML(yaml, first)
	switch {
	case err != nil:
		f.syntax(err, first)
		return
	case !whole:
		f.notMapping(root)
		return
	}
	r.Stage = Whole
	f.mapping(pairs)
	r.keys = map[string]any{}
	for name, v := range f.values {
		groups := f.table.find(name).entries
		if groups != nil {
			f.entries(name, func(*front, node) {})
		}
		r.keys[name] = meaning(v, groups)
	}
	for _, p := range pairs {
		if f.table.find(p.key) == nil {
			r.keys["?"+p.key] = meaning(p.value, nil)
		}
	}
}

// meaning returns a value without its place, with the official names of the keys in it.
func meaning(v node, table *keyTable) any {
	switch v.kind {
	case scalarNode:
		return v.text
	case listNode:
		out := []any{}
		for _, n := range v.list {
			out = append(out, meaning(n, table))
		}
		return out
	case mappingNode:
		out := map[string]any{}
		for i, p := range v.pairs {
			name := "?" + p.key
			if k, ok := table.named(p.key); ok {
				name = k.Name
			}
			if _, twice := out[name]; twice {
				name = fmt.Sprintf("%s %d", name, i)
			}
			out[name] = meaning(p.value, nil)
		}
		return out
	}
	return nil
}

// trimBody returns a text without blank lines before and after it.
func trimBody(body []byte) string {
	for {
		line, rest, more := bytes.Cut(body, []byte("\n"))
		if !more || len(bytes.TrimLeft(line, " \t")) > 0 {
			break
		}
		body = rest
	}
	return strings.TrimRight(string(body), " \t\n")
}

// catalogComments returns the comments of a catalog, in their order: the one thing in it that is no item.
func catalogComments(body []byte) []string {
	var out []string
	for _, line := range strings.Split(string(body), "\n") {
		if trimmed := strings.TrimSpace(line); strings.HasPrefix(trimmed, "<!--") || strings.HasSuffix(trimmed, "-->") {
			out = append(out, trimmed)
		}
	}
	return out
}

// BodyPart is the name under which Differs returns the text below the front matter.
const BodyPart = "/"

// Differs returns the English names of the keys in which two readings of one file differ, sorted, and BodyPart where the texts below differ. Places, names of
// keys in another language, blank lines around a body, and the form of separators in a catalog are no difference.
func (r *Reading) Differs(other *Reading) []string {
	var out []string
	for name, v := range r.keys {
		if w, ok := other.keys[name]; !ok || !reflect.DeepEqual(v, w) {
			out = append(out, name)
		}
	}
	for name := range other.keys {
		if _, ok := r.keys[name]; !ok {
			out = append(out, name)
		}
	}
	if r.body != other.body || !slices.Equal(r.items, other.items) {
		out = append(out, BodyPart)
	}
	slices.Sort(out)
	return out
}

// CatalogLine is a line of a catalog that begins an item or states a column.
type CatalogLine struct {
	Line   int // in the text, from 1
	Column string
	Cell   string // without line breaks
	Order  int    // of the column in the official form
}

// CatalogColumns returns the lines of a catalog that state columns, by line.
func (t TextFile) CatalogColumns(text []byte) []CatalogLine {
	front, ok := t.Front(text)
	if !ok || !t.IsCatalog() {
		return nil
	}
	items, _ := parseCatalog(t.Path, text[front.Body:], 1+bytes.Count(text[:front.Body], []byte("\n")))
	var out []CatalogLine
	for _, it := range items {
		for c, cell := range it.Columns {
			if cell.Line > 0 {
				out = append(out, CatalogLine{cell.Line, columnList[c], cell.Text, c})
			}
		}
	}
	slices.SortFunc(out, func(a, b CatalogLine) int { return cmp.Compare(a.Line, b.Line) })
	return out
}

// FindItem returns the item of a unit's field that a path means, or nil. exact is false where the levels are separated by another mark than /.
func FindItem(uf *site.UnitField, p string) (it *site.Item, exact bool) {
	return newItemFinder(uf).find(p)
}
