package memory

import (
	"encoding/binary"
	"errors"
	"slices"

	"gongkai/generator/finding"
	"gongkai/generator/links"
	"gongkai/generator/markdown"
	"gongkai/generator/render"
)

// writer appends values: numbers as varints, texts after their length.
type writer struct{ b []byte }

func (w *writer) number(n int64) { w.b = binary.AppendVarint(w.b, n) }
func (w *writer) text(s string)  { w.b = append(binary.AppendUvarint(w.b, uint64(len(s))), s...) }
func (w *writer) bytes(s []byte) { w.b = append(binary.AppendUvarint(w.b, uint64(len(s))), s...) }

// reader takes them back. A fault stops it: everything after is zero.
type reader struct {
	b     []byte
	wrong bool
}

var errDamaged = errors.New("the memory is damaged")

func (r *reader) number() int64 {
	n, size := binary.Varint(r.b)
	if size <= 0 {
		r.wrong, r.b = true, nil
		return 0
	}
	r.b = r.b[size:]
	return n
}

func (r *reader) bytes() []byte {
	n, size := binary.Uvarint(r.b)
	if size <= 0 || n > uint64(len(r.b)-size) {
		r.wrong, r.b = true, nil
		return nil
	}
	out := r.b[size : size+int(n) : size+int(n)]
	r.b = r.b[size+int(n):]
	return out
}

func (r *reader) text() string { return string(r.bytes()) }

// count reads how many values follow; each takes a byte at least.
func (r *reader) count() int {
	n := r.number()
	if n < 0 || n > int64(len(r.b)) {
		r.wrong, r.b = true, nil
		return 0
	}
	return int(n)
}

func (r *reader) fixed(to []byte) {
	if len(r.b) < len(to) {
		r.wrong, r.b = true, nil
		return
	}
	r.b = r.b[copy(to, r.b):]
}

func (w *writer) stamp(s Stamp) {
	w.number(s.Size)
	w.number(s.Modified)
	w.number(s.Changed - s.Modified)
	w.number(int64(s.Number))
}

func (r *reader) stamp() Stamp {
	s := Stamp{Size: r.number(), Modified: r.number()}
	s.Changed = r.number() + s.Modified
	s.Number = uint64(r.number())
	return s
}

func (m *Memory) encode(b []byte) []byte {
	w := &writer{b}
	w.number(int64(len(m.Outputs)))
	for _, path := range sortedKeys(m.Outputs) {
		o := m.Outputs[path]
		w.text(path)
		w.b = append(append(w.b, o.Key[:]...), o.Sum[:]...)
		w.number(o.Size)
		w.stamp(o.Stamp)
		w.bytes(o.Facts)
	}
	w.number(int64(len(m.Files)))
	for _, path := range sortedKeys(m.Files) {
		f := m.Files[path]
		w.text(path)
		w.stamp(f.Stamp)
		w.b = append(w.b, f.Sum[:]...)
	}
	w.bytes(m.Search)
	return w.b
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func decode(b []byte) (*Memory, error) {
	r := &reader{b: b}
	n := r.count()
	m := &Memory{Outputs: make(map[string]Output, n), Files: map[string]File{}}
	for range n {
		path := r.text()
		var o Output
		r.fixed(o.Key[:])
		r.fixed(o.Sum[:])
		o.Size = r.number()
		o.Stamp = r.stamp()
		o.Facts = r.bytes()
		m.Outputs[path] = o
	}
	for range r.count() {
		path := r.text()
		f := File{Stamp: r.stamp()}
		r.fixed(f.Sum[:])
		m.Files[path] = f
	}
	m.Search = r.bytes()
	if r.wrong || len(r.b) > 0 {
		return nil, errDamaged
	}
	return m, nil
}

// Encode writes facts as Output.Facts holds them.
func (f *Facts) Encode() []byte {
	w := &writer{make([]byte, 0, 64+len(f.Links.Anchors))}
	w.number(int64(f.Links.Count))
	w.text(f.Links.Anchors)
	w.number(int64(len(f.Links.Open)))
	for _, l := range f.Links.Open {
		w.text(l.Value)
		w.text(l.Target)
		w.text(l.Fragment)
		w.number(int64(l.Kind))
	}
	w.number(int64(len(f.Anchored)))
	for _, l := range f.Anchored {
		w.link(l.Link)
		w.text(l.Href)
	}
	w.number(int64(len(f.Files)))
	for _, name := range f.Files {
		w.text(name)
	}
	w.number(int64(len(f.Findings)))
	for i := range f.Findings {
		w.finding(&f.Findings[i])
	}
	w.number(int64(len(f.Asked)))
	for _, l := range f.Asked {
		w.link(l)
	}
	w.text(f.Excerpt)
	w.number(int64(f.Characters))
	w.text(f.Document)
	return w.b
}

func (w *writer) link(l markdown.Link) {
	w.text(l.Destination)
	w.number(int64(l.Line))
	w.number(int64(l.Column))
	image := int64(0)
	if l.Image {
		image = 1
	}
	w.number(image)
}

func (r *reader) link() markdown.Link {
	return markdown.Link{Destination: r.text(), Line: int(r.number()), Column: int(r.number()), Image: r.number() == 1}
}

func (w *writer) finding(f *finding.Finding) {
	w.text(f.Rule.ID)
	w.text(f.Position.Path)
	w.number(int64(f.Position.Line))
	w.number(int64(f.Position.Column))
	for _, t := range []string{f.Message.ZH, f.Message.EN, f.Mend.ZH, f.Mend.EN} {
		w.text(t)
	}
}

func (r *reader) finding() finding.Finding {
	id := r.text()
	f := finding.Finding{Position: finding.Position{Path: r.text(), Line: int(r.number()), Column: int(r.number())}}
	f.Message = finding.Text{ZH: r.text(), EN: r.text()}
	f.Mend = finding.Text{ZH: r.text(), EN: r.text()}
	if f.Rule = finding.Find(id); f.Rule == nil {
		r.wrong = true
	}
	return f
}

// DecodeFacts reads what Encode wrote.
func DecodeFacts(b []byte) (*Facts, error) {
	r := &reader{b: b}
	f := &Facts{Links: links.PageLinks{Count: int(r.number()), Anchors: r.text()}}
	for range r.count() {
		f.Links.Open = append(f.Links.Open, links.OpenLink{Value: r.text(), Target: r.text(), Fragment: r.text(), Kind: links.UseKind(r.number())})
	}
	for range r.count() {
		f.Anchored = append(f.Anchored, render.ResolvedLink{Link: r.link(), Href: r.text()})
	}
	for range r.count() {
		f.Files = append(f.Files, r.text())
	}
	for range r.count() {
		f.Findings = append(f.Findings, r.finding())
	}
	for range r.count() {
		f.Asked = append(f.Asked, r.link())
	}
	f.Excerpt = r.text()
	f.Characters = int(r.number())
	f.Document = r.text()
	if r.wrong || len(r.b) > 0 {
		return nil, errDamaged
	}
	return f, nil
}
