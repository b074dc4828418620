package extract

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// pack is an Office Open XML package (ISO/IEC 29500-2), or one of OpenDocument or OFD, which are made alike.
type pack struct {
	rd    *reader
	where []string
	depth int
	files map[string]*zip.File
	names []string
}

// office reads an xlsx, docx, pptx, an OpenDocument file or an OFD file; which of them is told by the parts in it, not by the name.
func (rd *reader) office(where []string, r io.ReaderAt, size int64, depth int) error {
	z, err := rd.openZip(r, size)
	if err != nil {
		return err
	}
	p := &pack{rd: rd, where: where, depth: depth, files: map[string]*zip.File{}}
	for _, f := range z.File {
		name := strings.TrimPrefix(entryName(f.Name), "/")
		if _, ok := p.files[name]; !ok {
			p.names = append(p.names, name)
		}
		p.files[name] = f
	}
	slices.SortFunc(p.names, natural)
	switch {
	case p.files["xl/workbook.xml"] != nil:
		err = p.workbook()
	case p.files["word/document.xml"] != nil:
		err = p.document()
	case p.files["ppt/presentation.xml"] != nil:
		err = p.slides()
	case p.files["OFD.xml"] != nil:
		return p.fixedLayout()
	case p.files["content.xml"] != nil && (p.files["mimetype"] != nil || p.files["META-INF/manifest.xml"] != nil):
		return p.openDocument()
	case formatOf(where[len(where)-1]) != office && formatOf(where[len(where)-1]) != oldOffice:
		rd.entries += len(z.File) // to be counted as those of an archive
		return rd.zip(where, r, size, depth)
	default:
		return because(Damaged, errors.New("no document of a known kind in the package"))
	}
	if err != nil {
		return err
	}
	return p.embedded()
}

// natural orders slide2 before slide10.
func natural(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }

// part calls read with a part's XML, if there is such a part.
func (p *pack) part(name string, read func(*tokens) error) error {
	f := p.files[name]
	if f == nil {
		return nil
	}
	in, err := p.rd.part(f)
	if err != nil {
		return err
	}
	defer in.Close()
	t := &tokens{in: in}
	t.decoder = xml.NewDecoder(t)
	return read(t)
}

// tokens reads XML token by token. encoding/xml knows no entities but XML's own, so none can grow; but it keeps a whole token in memory,
// so a token has a limit.
type tokens struct {
	in      io.Reader
	decoder *xml.Decoder
	read    int // bytes since the last token
	open    int // elements begun and not ended
}

const maxToken = 16 << 20

// Read serves the decoder.
func (t *tokens) Read(p []byte) (int, error) {
	if t.read > maxToken {
		return 0, because(Bomb, fmt.Errorf("more than %d bytes in one token", maxToken))
	}
	n, err := t.in.Read(p)
	t.read += n
	return n, err
}

// next returns the next token; io.EOF is the end of a whole file.
func (t *tokens) next() (xml.Token, error) {
	t.read = 0
	token, err := t.decoder.RawToken()
	switch token.(type) {
	case xml.StartElement:
		t.open++
	case xml.EndElement:
		t.open--
	}
	if err == io.EOF && t.open > 0 {
		err = io.ErrUnexpectedEOF
	}
	return token, err
}

// all yields the tokens up to the end of the file, or an error.
func (t *tokens) all(yield func(xml.Token, error) bool) {
	for {
		token, err := t.next()
		if err == io.EOF || !yield(token, err) || err != nil {
			return
		}
	}
}

// under calls read with each part whose name begins and ends so.
func (p *pack) under(prefix, suffix string, read func(name string) error) error {
	for _, name := range p.names {
		if strings.HasPrefix(name, prefix) && strings.HasSuffix(name, suffix) {
			if err := read(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// document reads the body, then headers, footers, notes and comments, of the building blocks as well, and charts and diagrams.
func (p *pack) document() error {
	parts := []string{"word/document.xml"}
	for _, name := range p.names {
		base, dir := path.Base(name), path.Dir(name)
		if dir != "word" && dir != "word/glossary" || !strings.HasSuffix(base, ".xml") {
			continue
		}
		if name == "word/glossary/document.xml" {
			parts = append(parts, name)
		}
		for _, kind := range []string{"header", "footer", "footnotes", "endnotes", "comments"} {
			if strings.HasPrefix(base, kind) && !strings.HasPrefix(base, "commentsE") && !strings.HasPrefix(base, "commentsI") {
				parts = append(parts, name)
			}
		}
	}
	for _, name := range parts {
		if err := p.flow(name, Part{Where: p.where}); err != nil {
			return err
		}
	}
	return p.pictured("word")
}

// pictured reads the text of charts, with what they keep of the cells that they show, and of diagrams.
func (p *pack) pictured(dir string) error {
	for _, prefix := range []string{dir + "/charts/chart", dir + "/diagrams/data"} {
		err := p.under(prefix, ".xml", func(name string) error { return p.flow(name, Part{Where: p.where}) })
		if err != nil {
			return err
		}
	}
	return nil
}

// slides reads slides, the notes and comments to them, and what their masters say on every slide.
func (p *pack) slides() error {
	for _, kind := range []string{"ppt/slides/slide", "ppt/notesSlides/notesSlide", "ppt/comments/"} {
		err := p.under(kind, ".xml", func(name string) error {
			number, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(name, kind), ".xml"))
			return p.flow(name, Part{Where: p.where, Page: number})
		})
		if err != nil {
			return err
		}
	}
	for _, kind := range []string{"slideMasters/slideMaster", "slideLayouts/slideLayout", "notesMasters/notesMaster", "handoutMasters/handoutMaster"} {
		err := p.under("ppt/"+kind, ".xml", func(name string) error { return p.flow(name, Part{Where: p.where}) })
		if err != nil {
			return err
		}
	}
	return p.pictured("ppt")
}

// embedded reads files within the document as those of an archive.
func (p *pack) embedded() error {
	for _, name := range p.names {
		if strings.Contains(name, "/embeddings/") && !strings.HasSuffix(name, "/") {
			p.inner(name, path.Base(name))
		}
	}
	return nil
}

// inner reads a file within the document, under the name that readers see.
func (p *pack) inner(name, shown string) {
	f := formatOf(shown)
	if f == ignored || p.rd.failed != nil {
		return
	}
	inner := append(p.where[:len(p.where):len(p.where)], shown)
	if p.depth >= p.rd.limits.Depth {
		p.rd.refuse(inner, because(TooDeep, nil))
		return
	}
	data, err := p.rd.unpack(p.files[name])
	if err != nil {
		p.rd.refuse(inner, err)
		return
	}
	if f == unknown && !holdsFile(data) {
		return
	}
	p.rd.file(inner, bytes.NewReader(data), int64(len(data)), p.depth+1)
}

// holdsFile reports whether an object that another program put into a document may be a document itself. Formulas and the like, which are
// the most frequent of these objects, are not.
func holdsFile(data []byte) bool {
	if !bytes.HasPrefix(data, []byte(compoundFile)) {
		return len(data) > 0
	}
	for _, stream := range []string{"Workbook", "WordDocument", "PowerPoint Document", "Package", "Ole10Native", "CONTENTS"} {
		var wide []byte
		for i := range len(stream) {
			wide = append(wide, stream[i], 0)
		}
		if bytes.Contains(data, wide) {
			return true
		}
	}
	return false
}

// flow reads a part of running text: WordprocessingML or DrawingML, whose elements for paragraphs, runs and tables have the same local
// names. A row of a table is a line with tabs.
func (p *pack) flow(name string, part Part) error {
	return p.part(name, func(d *tokens) error {
		f := flow{rd: p.rd, part: part}
		if err := f.read(d); err != nil {
			return err
		}
		return f.flush()
	})
}

type flow struct {
	rd      *reader
	part    Part
	text    strings.Builder
	deleted strings.Builder // text that tracked changes took out: still in the file
	rows    int             // tables around
	skip    int             // elements around whose text is a copy or no text
	inText  bool
	inGone  bool
}

func (f *flow) read(d *tokens) error {
	for t, err := range d.all {
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if f.skip > 0 {
				f.skip++
				continue
			}
			switch t.Name.Local {
			case "t", "text":
				f.inText = true
			case "v": // of a chart's cache
				f.inText = t.Name.Space == "c"
			case "numCache", "numLit": // sums and shares
				f.skip = 1
			case "delText":
				f.inGone = true
			case "tab":
				if t.Name.Space != "w" || len(t.Attr) == 0 { // w:tab with attributes defines a stop
					f.text.WriteByte(' ')
				}
			case "br", "cr":
				f.text.WriteByte(' ')
			case "noBreakHyphen":
				f.text.WriteByte('-')
			case "tr":
				f.rows++
			case "Fallback": // a copy of what Choice holds
				f.skip = 1
			}
		case xml.EndElement:
			if f.skip > 0 {
				f.skip--
				continue
			}
			if err := f.end(t.Name.Local); err != nil {
				return err
			}
		case xml.CharData:
			switch {
			case f.skip > 0:
			case f.inText:
				f.text.Write(t)
			case f.inGone:
				f.deleted.Write(t)
			}
		}
	}
	return nil
}

func (f *flow) end(element string) error {
	switch element {
	case "v":
		if f.inText {
			f.text.WriteByte('\n')
		}
		f.inText = false
	case "t", "text":
		f.inText = false
	case "delText":
		f.inGone = false
	case "p":
		if f.rows > 0 {
			f.text.WriteByte(' ')
		} else {
			f.text.WriteByte('\n')
		}
	case "tc":
		if f.rows == 1 {
			f.text.WriteByte('\t')
		}
	case "tr":
		if f.rows = max(0, f.rows-1); f.rows == 0 {
			f.text.WriteByte('\n')
		}
	case "del", "comment", "cm", "threadedComment":
		if f.rows == 0 && element != "del" {
			f.text.WriteByte('\n')
		}
		if f.deleted.Len() > 0 {
			f.deleted.WriteByte('\n')
		}
	default:
		return nil
	}
	if f.rows == 0 && f.text.Len()+f.deleted.Len() > partText || f.text.Len() > 8*partText {
		return f.flush()
	}
	return nil
}

// flush hands out what was gathered.
func (f *flow) flush() error {
	text := f.text.String() + f.deleted.String()
	f.text.Reset()
	f.deleted.Reset()
	if strings.TrimSpace(text) == "" {
		return nil
	}
	f.part.Text = text
	return f.rd.give(f.part)
}
