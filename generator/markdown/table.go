package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// plainTable is a table without any markup in its cells: figures and names, as most tables of disclosures are. goldmark makes two nodes
// and a parse of each cell; here a table is one node, which saves a third of what parsing a text allocates.
type plainTable struct {
	ast.BaseBlock
	alignments []extast.Alignment
	cells      [][]byte // row by row, the header first, as many in each as there are alignments
}

var kindPlainTable = ast.NewNodeKind("PlainTable")

func (*plainTable) Kind() ast.NodeKind { return kindPlainTable }

func (t *plainTable) Dump(source []byte, level int) { ast.DumpHelper(t, source, level, nil, nil) }

// tableTransformer makes a plainTable of a paragraph that is one, and leaves every other paragraph to goldmark.
type tableTransformer struct{ goldmark parser.ParagraphTransformer }

func newTableTransformer() parser.ParagraphTransformer {
	return tableTransformer{extension.NewTableParagraphTransformer()}
}

func (t tableTransformer) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	if table := readPlainTable(node, reader.Source()); table != nil {
		table.SetPos(node.Pos())
		node.Parent().ReplaceChild(node.Parent(), node, table)
		return
	}
	t.goldmark.Transform(node, reader, pc)
}

// readPlainTable returns the table that a paragraph is, or nil where it is none or is not plain.
func readPlainTable(node *ast.Paragraph, source []byte) *plainTable {
	lines := node.Lines()
	if lines.Len() < 2 {
		return nil
	}
	delimiters := lines.At(1)
	t := &plainTable{alignments: readAlignments(delimiters.Value(source))}
	columns := len(t.alignments)
	if columns == 0 {
		return nil
	}
	t.cells = make([][]byte, 0, columns*(lines.Len()-1))
	for i := range lines.Len() {
		if i == 1 {
			continue
		}
		line := lines.At(i)
		row := line.Value(source)
		if line.Padding > 0 || !isPlain(row) {
			return nil
		}
		n := len(t.cells)
		t.cells = appendCells(t.cells, row)
		switch found := len(t.cells) - n; {
		case i == 0 && found != columns:
			return nil // no table
		case found > columns:
			t.cells = t.cells[:n+columns]
		default:
			t.cells = append(t.cells, make([][]byte, columns-found)...)
		}
	}
	return t
}

// readAlignments reads a line such as |:--|--:|, or returns nil where it is not as plain as that.
func readAlignments(line []byte) []extast.Alignment {
	if len(line) == 0 || line[0] == ' ' || bytes.IndexByte(line, '|') < 0 {
		return nil
	}
	line = bytes.TrimSuffix(bytes.Trim(line, " \n"), []byte("|"))
	var out []extast.Alignment
	for cell := range bytes.SplitSeq(bytes.TrimPrefix(line, []byte("|")), []byte("|")) {
		cell = bytes.Trim(cell, " ")
		left, right := bytes.HasPrefix(cell, []byte(":")), bytes.HasSuffix(cell, []byte(":"))
		marks := bytes.TrimSuffix(bytes.TrimPrefix(cell, []byte(":")), []byte(":"))
		if len(marks) == 0 || len(bytes.Trim(marks, "-")) > 0 {
			return nil
		}
		switch {
		case left && right:
			out = append(out, extast.AlignCenter)
		case left:
			out = append(out, extast.AlignLeft)
		case right:
			out = append(out, extast.AlignRight)
		default:
			out = append(out, extast.AlignNone)
		}
	}
	return out
}

// appendCells cuts a row into its cells.
func appendCells(cells [][]byte, row []byte) [][]byte {
	row = bytes.Trim(row, " \n")
	row = bytes.TrimPrefix(row, []byte("|"))
	row = bytes.TrimSuffix(row, []byte("|"))
	for len(row) > 0 {
		cell, rest, _ := bytes.Cut(row, []byte("|"))
		cells = append(cells, bytes.Trim(cell, " "))
		row = rest
	}
	return cells
}

// plainTable writes the table as table does.
func (w *writer) plainTable(t *plainTable) {
	w.raw(tableStart)
	columns := len(t.alignments)
	w.widths = append(w.widths[:0], make([]int, columns)...)
	for i, cell := range t.cells {
		w.widths[i%columns] = max(w.widths[i%columns], len(cell))
	}
	for i, cell := range t.cells {
		if i%columns == 0 {
			if i > 0 {
				w.endBlock()
			}
			w.startRow(i == 0, i == columns)
		}
		w.startCell(i < columns, t.alignments[i%columns], w.widths[i%columns])
		w.text(cell, false)
		w.endCell()
	}
	w.endBlock()
	w.raw(tableEnd)
}
