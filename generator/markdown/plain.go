package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// plainParagraph is a paragraph of one line without any markup, as most of an official text's are. goldmark would look at each of its bytes for what
// could begin some.
type plainParagraph struct {
	ast.BaseBlock
	line text.Segment
}

var kindPlainParagraph = ast.NewNodeKind("PlainParagraph")

func (*plainParagraph) Kind() ast.NodeKind { return kindPlainParagraph }

// IsRaw keeps goldmark from parsing what stands in it.
func (*plainParagraph) IsRaw() bool { return true }

func (p *plainParagraph) Dump(source []byte, level int) { ast.DumpHelper(p, source, level, nil, nil) }

// plainTransformer makes a plainParagraph of a paragraph that is one. In lists it makes none, because a list decides later whether its paragraphs are any.
type plainTransformer struct{}

func (plainTransformer) Transform(node *ast.Paragraph, reader text.Reader, _ parser.Context) {
	lines := node.Lines()
	if lines.Len() != 1 || node.Parent().Kind() == ast.KindListItem {
		return
	}
	s := lines.At(0)
	line := s.Value(reader.Source())
	start, end := len(line)-len(bytes.TrimLeft(line, " ")), len(bytes.TrimRight(line, " \n"))
	if s.Padding > 0 || start >= end || !isPlain(line) {
		return
	}
	if rest := line[start:]; bytes.HasPrefix(rest, []byte("#")) || bytes.HasPrefix(rest, []byte("＃")) { // perhaps meant to be a heading
		return
	}
	p := &plainParagraph{line: text.NewSegment(s.Start+start, s.Start+end)}
	p.SetPos(node.Pos())
	p.SetBlankPreviousLines(node.HasBlankPreviousLines())
	node.Parent().ReplaceChild(node.Parent(), node, p)
}

// plainParagraph writes the paragraph as block does.
func (w *writer) plainParagraph(p *plainParagraph) {
	w.raw("<p>")
	w.text(p.line.Value(w.source), false)
	w.linkMark(p.line)
	w.endBlock()
}

// isPlain reports whether no character of a row can begin markup or an address.
func isPlain(row []byte) bool {
	for _, c := range row {
		if c < 0x80 && !plainCharacters[c] {
			return false
		}
	}
	return !bytes.Contains(row, []byte("www."))
}

var plainCharacters = func() (set [0x80]bool) {
	for _, c := range "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ |\n.,;-+=/%()#?'\"" {
		set[c] = true
	}
	return set
}()
