package memory

import (
	"gongkai/generator/disk"
	"gongkai/generator/finding"
	"gongkai/generator/links"
	"gongkai/generator/markdown"
	"gongkai/generator/pack"
	"gongkai/generator/render"
)

type (
	writer struct{ pack.Writer }
	reader struct{ *pack.Reader }
)

func (w *writer) stamp(s disk.Stamp) {
	w.Number(s.Size)
	w.Number(s.Modified)
	w.Number(s.Changed - s.Modified)
	w.Number(int64(s.Number))
}

func (r reader) stamp() disk.Stamp {
	s := disk.Stamp{Size: r.Number(), Modified: r.Number()}
	s.Changed = r.Number() + s.Modified
	s.Number = uint64(r.Number())
	return s
}

// encode writes the memory piece by piece, because all of it together may be as large as everything else that a build holds.
func (m *Memory) encode(emit func(piece []byte) error) error {
	w := &writer{}
	flush := func() error {
		err := emit(w.Bytes)
		w.Bytes = w.Bytes[:0]
		return err
	}
	w.Int(len(m.Outputs))
	for path, o := range m.Outputs {
		w.Text(path)
		w.Fixed(o.Key[:])
		w.Fixed(o.Sum[:])
		w.Number(o.Size)
		w.stamp(o.Stamp)
		w.Data(o.Facts)
		if err := flush(); err != nil {
			return err
		}
	}
	w.Int(len(m.Files))
	for path, f := range m.Files {
		w.Text(path)
		w.stamp(f.Stamp)
		w.Fixed(f.Sum[:])
	}
	w.Data(m.Search)
	w.Fixed(m.Model[:])
	return flush()
}

func decode(b []byte) (*Memory, error) {
	r := reader{pack.NewSharingReader(b)}
	n := r.Count()
	m := &Memory{Outputs: make(map[string]Output, n), Files: map[string]File{}}
	for range n {
		path := r.Text()
		var o Output
		r.Fixed(o.Key[:])
		r.Fixed(o.Sum[:])
		o.Size = r.Number()
		o.Stamp = r.stamp()
		o.Facts = r.Data()
		m.Outputs[path] = o
	}
	for range r.Count() {
		path := r.Text()
		f := File{Stamp: r.stamp()}
		r.Fixed(f.Sum[:])
		m.Files[path] = f
	}
	m.Search = r.Data()
	r.Fixed(m.Model[:])
	return m, r.Err()
}

func (t Texts) encode(emit func(piece []byte) error) error {
	w := &writer{}
	w.Int(len(t))
	for path, text := range t {
		w.Text(path)
		w.stamp(text.Stamp)
		w.Data(text.Record)
		if err := emit(w.Bytes); err != nil {
			return err
		}
		w.Bytes = w.Bytes[:0]
	}
	return emit(w.Bytes)
}

func decodeTexts(b []byte) (Texts, error) {
	r := reader{pack.NewSharingReader(b)}
	n := r.Count()
	t := make(Texts, n)
	for range n {
		path := r.Text()
		t[path] = Text{r.stamp(), r.Data()}
	}
	return t, r.Err()
}

// Encode writes facts as Output.Facts holds them.
func (f *Facts) Encode() []byte {
	w := &writer{pack.Writer{Bytes: make([]byte, 0, 64+len(f.Links.Anchors))}}
	w.Int(f.Links.Count)
	w.Text(f.Links.Anchors)
	w.Int(len(f.Links.Open))
	for _, l := range f.Links.Open {
		w.Text(l.Value)
		w.Text(l.Target)
		w.Text(l.Fragment)
		w.Int(int(l.Kind))
	}
	w.Int(len(f.Anchored))
	for _, l := range f.Anchored {
		w.link(l.Link)
		w.Text(l.Href)
	}
	w.Texts(f.Files)
	w.Int(len(f.Findings))
	for i := range f.Findings {
		f.Findings[i].Pack(&w.Writer)
	}
	w.Int(len(f.Asked))
	for _, l := range f.Asked {
		w.link(l)
	}
	w.Text(f.Excerpt)
	w.Int(f.Characters)
	w.Text(f.Document)
	w.Fixed(f.Text[:])
	return w.Bytes
}

func (w *writer) link(l markdown.Link) {
	w.Text(l.Destination)
	w.Int(l.Line)
	w.Int(l.Column)
	w.Flag(l.Image)
}

func (r reader) link() markdown.Link {
	return markdown.Link{Destination: r.Text(), Line: r.Int(), Column: r.Int(), Image: r.Flag()}
}

// DecodeFacts reads what Encode wrote.
func DecodeFacts(b []byte) (*Facts, error) {
	r := reader{pack.NewReader(b)}
	f := &Facts{Links: links.PageLinks{Count: r.Int(), Anchors: r.Text()}}
	for range r.Count() {
		f.Links.Open = append(f.Links.Open, links.OpenLink{Value: r.Text(), Target: r.Text(), Fragment: r.Text(), Kind: links.UseKind(r.Int())})
	}
	for range r.Count() {
		f.Anchored = append(f.Anchored, render.ResolvedLink{Link: r.link(), Href: r.Text()})
	}
	f.Files = r.Texts()
	for range r.Count() {
		f.Findings = append(f.Findings, finding.Unpack(r.Reader))
	}
	for range r.Count() {
		f.Asked = append(f.Asked, r.link())
	}
	f.Excerpt = r.Text()
	f.Characters = r.Int()
	f.Document = r.Text()
	r.Fixed(f.Text[:])
	return f, r.Err()
}
