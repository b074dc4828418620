package mend

import (
	"bytes"
	"cmp"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gongkai/generator/calendar"
	"gongkai/generator/finding"
	"gongkai/generator/site"
	"gongkai/generator/source"
)

// dateEdits writes the days that are understood in the one form.
func (r *round) dateEdits(x *textFile) []edit {
	if !r.found(x.file, finding.DateForm) {
		return nil
	}
	var out []edit
	eachKey(x.keys, func(top, k *source.Key) {
		if !k.Date || k.Compound {
			return
		}
		for _, s := range k.Scalars {
			stamp, canonical, err := calendar.Parse(strings.TrimSpace(s.Text))
			if err == nil && !canonical && s.Start >= 0 {
				out = append(out, edit{s.Start, s.End, stamp.String(), finding.DateForm, top.Name})
			}
		}
	})
	return out
}

// eachKey calls yield for each key and each key of its groups, with the key at the top.
func eachKey(keys []source.Key, yield func(top, k *source.Key)) {
	for i := range keys {
		yield(&keys[i], &keys[i])
		for _, group := range keys[i].Groups {
			for j := range group {
				yield(&keys[i], &group[j])
			}
		}
	}
}

// keyOf returns the key with the English name, or nil.
func keyOf(keys []source.Key, name string) *source.Key {
	for i := range keys {
		if keys[i].Name == name {
			return &keys[i]
		}
	}
	return nil
}

// valueOf returns the text of a key; "" where it is not stated or holds no text.
func valueOf(keys []source.Key, name string) string {
	if k := keyOf(keys, name); k != nil && !k.Compound && len(k.Scalars) == 1 {
		return strings.Join(strings.Fields(k.Scalars[0].Text), " ")
	}
	return ""
}

// itemEdits writes / between the levels of an item.
func (r *round) itemEdits(x *textFile) []edit {
	k := keyOf(x.keys, "item")
	if k == nil || len(k.Scalars) != 1 || k.Scalars[0].Start < 0 || !r.found(x.file, finding.ItemSeparator) {
		return nil
	}
	uf := r.unitField(x.file)
	if uf == nil {
		return nil
	}
	it, exact := source.FindItem(uf, valueOf(x.keys, "item"))
	if it == nil || exact {
		return nil
	}
	return []edit{{k.Scalars[0].Start, k.Scalars[0].End, it.Path(), finding.ItemSeparator, "item"}}
}

// unitField returns the unit's field in which a document lies, or nil.
func (r *round) unitField(f *file) *site.UnitField {
	u, fd := r.unit(f), r.field(f)
	if u == nil || fd == nil {
		return nil
	}
	return r.site.UnitField(u, fd)
}

func (r *round) unit(f *file) *site.Unit {
	for _, u := range r.site.Units {
		if u.Slug == f.Unit {
			return u
		}
	}
	return nil
}

func (r *round) field(f *file) *site.Field {
	for _, fd := range r.site.Fields {
		if fd.Slug == f.Field {
			return fd
		}
	}
	return nil
}

// indexLine is how an index number stands in front matter, whether that can be read or not.
var indexLine = regexp.MustCompile(`(?mi)^(?:索引号|index)[ \t　]*[:：][ \t　]*["']?([^"'\r\n#]+)`)

// indexOf returns the index number that the bytes of a document state, or "".
func indexOf(f source.TextFile, raw []byte) string {
	if decoded, _, ok := source.Decode(raw); ok {
		raw = decoded
	}
	if clean, ok := source.CleanText(raw); ok {
		if keys, ok := f.Keys(clean); ok {
			return valueOf(keys, "index")
		}
	}
	front, _, _ := bytes.Cut(bytes.ReplaceAll(raw, []byte("\r"), nil), []byte("\n---\n"))
	if m := indexLine.FindSubmatch(front); m != nil {
		return strings.TrimSpace(string(m[1]))
	}
	return ""
}

// wanting is a document that has no index number, or one that belongs to another document.
type wanting struct {
	text   *textFile
	rule   *finding.Rule
	formed calendar.Date
}

// wantsIndex returns the rule by which a document needs an index number, or nil.
func (r *round) wantsIndex(x *textFile) *finding.Rule {
	switch number := valueOf(x.keys, "index"); {
	case !x.file.IsDisclosure() || x.keys == nil:
		return nil
	case number == "" && r.found(x.file, finding.MissingKey):
		return finding.MissingKey
	case number != "" && r.found(x.file, finding.DuplicateIndex):
		return finding.DuplicateIndex
	}
	return nil
}

// indexEdits gives the next index numbers to the documents without one of their own, in the order in which they were formed.
func (r *round) indexEdits(texts []*textFile) map[*file]edit {
	var list []wanting
	for _, x := range texts {
		rule := r.wantsIndex(x)
		if rule == nil {
			continue
		}
		stamp, _, err := calendar.Parse(valueOf(x.keys, "formed"))
		if err != nil {
			r.leave(rule, x.file.Path, 1, finding.T("没有写成文日期，不能编索引号", "there is no date of formation to make an index number of"))
			continue
		}
		list = append(list, wanting{x, rule, stamp.Date})
	}
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(a, b wanting) int {
		return cmp.Or(a.formed.Compare(b.formed), cmp.Compare(a.text.file.Path, b.text.file.Path))
	})
	used := r.indexNumbers()
	out := map[*file]edit{}
	for _, w := range list {
		u := r.unit(w.text.file)
		if u == nil {
			continue
		}
		number := site.NextIndexNo(u.IndexPrefix, int(w.formed.Year), slices.Values(used))
		if number == "" {
			r.leave(w.rule, w.text.file.Path, 1, finding.T("%[1]s 没有写索引号前缀，不能编索引号。在 %[2]s 加一行“索引号前缀: 440203-XH”的样子",
				"%[1]s has no prefix of index numbers; add a line like \"index_prefix: 440203-XH\" to %[2]s", u.Name, u.Source.Path))
			continue
		}
		if e, ok := indexEdit(w.text, number); ok {
			e.rule = w.rule
			used = append(used, number)
			out[w.text.file] = e
		}
	}
	return out
}

// indexNumbers returns the index numbers of all documents, published or not.
func (r *round) indexNumbers() []string {
	var used []string
	for _, f := range r.all {
		if f.IsDisclosure() {
			if number := indexOf(f.TextFile, f.raw); number != "" {
				used = append(used, number)
			}
		}
	}
	return used
}

// indexEdit puts the number in the place of the one that the key has, where the key stands without a value, or on a line of its own below the key that comes
// before it in the table, in the language of that key.
func indexEdit(x *textFile, number string) (edit, bool) {
	e := edit{part: "index"}
	if k := keyOf(x.keys, "index"); k != nil {
		if valueOf(x.keys, "index") != "" {
			e.start, e.end, e.text = k.Scalars[0].Start, k.Scalars[0].End, number
			return e, e.start >= 0
		}
		colon := bytes.IndexByte(x.text[k.At:lineEndAt(x.text, k.At)], ':')
		if colon < 0 || k.Compound {
			return e, false
		}
		e.start = k.At + colon + 1
		value := strings.TrimSpace(string(x.text[e.start:lineEndAt(x.text, e.start)]))
		switch {
		case strings.HasPrefix(value, `""`), strings.HasPrefix(value, "''"):
			e.start += bytes.Index(x.text[e.start:], []byte(value))
			e.end, e.text = e.start+2, number
		case value == "" || value[0] == '#':
			e.end, e.text = e.start, " "+number
		default:
			return e, false
		}
		return e, true
	}
	name, _ := x.file.KeyNamed("", "index")
	at, word := x.front.End, name.Chinese
	before := -1
	for _, k := range x.keys {
		if k.Name != "" && k.Order < name.Order && k.Order > before && k.OwnLine && len(k.Scalars) == 1 && !k.Compound && k.Scalars[0].Start >= 0 {
			before, at = k.Order, lineEndAt(x.text, k.Scalars[0].End)+1
			word = name.Chinese
			if k.Written[0] < 0x80 {
				word = name.Name
			}
		}
	}
	e.start, e.end, e.text = at, at, word+": "+number+"\n"
	return e, true
}

// attachmentEdits names the attachments that are meant.
func (r *round) attachmentEdits(x *textFile) []edit {
	k := keyOf(x.keys, "attachments")
	if k == nil || !r.found(x.file, finding.NoAttachment) {
		return nil
	}
	var out []edit
	dir := path.Dir(x.file.Path)
	for _, s := range k.Scalars {
		name := path.Clean(strings.ReplaceAll(strings.TrimSpace(s.Text), `\`, "/"))
		if s.Start < 0 || name == "." || r.publishable(path.Join(dir, name)) {
			continue
		}
		at := path.Join(dir, name)
		hits := r.moved(at, func(p string) bool { return strings.HasPrefix(p, dir+"/") && r.publishable(p) })
		if hits == nil {
			for _, p := range nearNames(path.Base(name), r.beside(path.Dir(at))) {
				hits = append(hits, path.Join(path.Dir(at), p))
			}
		}
		target, ok := r.only(finding.NoAttachment, x, s.Start, s.Text, hits)
		if !ok {
			continue
		}
		written, err := filepath.Rel(filepath.FromSlash(dir), filepath.FromSlash(target))
		if written = filepath.ToSlash(written); err != nil || s.Quote == 0 && (!meansItself(written) || strings.ContainsAny(written, ",[]{}")) {
			continue
		}
		out = append(out, edit{s.Start, s.End, written, finding.NoAttachment, "attachments"})
	}
	return out
}
