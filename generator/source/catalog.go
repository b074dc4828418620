package source

import (
	"bytes"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"gongkai/generator/finding"
	"gongkai/generator/markdown"
	"gongkai/generator/site"
)

// catalogParser reads the blocks of a catalog and leaves the text of its lines as it is.
var catalogParser = parser.NewParser(parser.WithBlockParsers(
	util.Prioritized(parser.NewThematicBreakParser(), 200),
	util.Prioritized(parser.NewListParser(), 300),
	util.Prioritized(parser.NewListItemParser(), 400),
	util.Prioritized(parser.NewATXHeadingParser(), 600),
	util.Prioritized(parser.NewHTMLBlockParser(), 900),
	util.Prioritized(markdown.IndentedParagraph{BlockParser: parser.NewParagraphParser()}, 1000),
))

// lineIndex finds line and column of byte offsets in a text whose first line has the given number.
type lineIndex struct {
	text   []byte
	first  int
	starts []int
}

func newLineIndex(text []byte, first int) *lineIndex {
	x := &lineIndex{text: text, first: first, starts: []int{0}}
	for i, c := range text {
		if c == '\n' {
			x.starts = append(x.starts, i+1)
		}
	}
	return x
}

func (x *lineIndex) position(offset int) (line, column int) {
	offset = min(max(offset, 0), len(x.text)) // a heading of a tab alone has an offset behind the text
	i := sort.SearchInts(x.starts, offset+1) - 1
	return x.first + i, 1 + utf8.RuneCount(x.text[x.starts[i]:offset])
}

// catalogReader turns the tree of a catalog's body into items.
type catalogReader struct {
	path     string
	body     []byte
	lines    *lineIndex
	items    []*site.Item
	seen     map[string]int // item path -> line of its heading
	findings []finding.Finding

	level1 string     // the ## that the following ### stand under
	item   *site.Item // the item that a list belongs to; nil before the first heading
}

// parseCatalog reads the items of a catalog. Faults are reported; what could be read is returned all the same.
func parseCatalog(path string, body []byte, bodyLine int) ([]*site.Item, []finding.Finding) {
	r := &catalogReader{path: path, body: body, lines: newLineIndex(body, bodyLine), seen: map[string]int{}}
	for n := catalogParser.Parse(text.NewReader(body)).FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			r.heading(n)
		case *ast.List:
			r.list(n)
		case *ast.HTMLBlock:
			if !bytes.HasPrefix(bytes.TrimSpace(r.raw(n)), []byte("<!--")) {
				r.stray(n)
			}
		default:
			r.stray(n)
		}
	}
	r.endGroup(false)
	return r.items, r.findings
}

func (r *catalogReader) report(rule *finding.Rule, offset int, message, mend finding.Text) {
	line, column := r.lines.position(offset)
	r.findings = append(r.findings, finding.New(rule, finding.Position{Path: r.path, Line: line, Column: column}, message, mend))
}

// raw returns the lines of a block as they are written.
func (r *catalogReader) raw(n ast.Node) []byte {
	if n.Lines().Len() == 0 {
		return nil
	}
	return r.body[n.Lines().At(0).Start:n.Lines().At(n.Lines().Len()-1).Stop]
}

func (r *catalogReader) offset(n ast.Node) int {
	if n.Lines() != nil && n.Lines().Len() > 0 {
		return n.Lines().At(0).Start
	}
	return n.Pos()
}

func (r *catalogReader) stray(n ast.Node) {
	shown := []rune(strings.TrimSpace(string(r.raw(n))))
	if len(shown) > 20 {
		shown = append(shown[:20], '…')
	}
	r.report(finding.CatalogText, r.offset(n),
		finding.T("目录里的“%s”不会显示", "%q in a catalog is not read", string(shown)),
		finding.T("目录只写 ## 一级事项、### 二级事项和“- 栏目：内容”", "a catalog has ## and ### headings and \"- column: value\" lines only"))
}

func (r *catalogReader) heading(h *ast.Heading) {
	offset := r.offset(h)
	name := strings.Join(strings.Fields(string(r.raw(h))), " ")
	line, _ := r.lines.position(offset)
	if name == "" {
		r.report(finding.CatalogText, offset, finding.T("标题是空的", "the heading is empty"), finding.T("写上事项名称，或删去这一行", "name the item or delete the line"))
		return
	}
	switch h.Level {
	case 2:
		r.endGroup(false)
		r.level1 = name
		r.item = &site.Item{Level1: name, Line: line}
	case 3:
		if r.level1 == "" {
			r.report(finding.ItemWithoutGroup, offset,
				finding.T("“%s”前面没有一级事项", "%q has no first-level item above it", name),
				finding.T("在它前面加一行“## 一级事项名称”；只有一级的事项把 ### 改成 ##", "put a line \"## first level\" before it, or make it ## where it has one level"))
			r.item = nil
			return
		}
		r.endGroup(true)
		r.item = &site.Item{Level1: r.level1, Level2: name, Line: line}
		r.add(r.item, offset)
	default:
		r.report(finding.CatalogText, offset,
			finding.T("目录里只用 ## 和 ### 两级标题", "a catalog has ## and ### headings only"),
			finding.T("改成 ##（一级事项）或 ###（二级事项）", "make it ## (first level) or ### (second level)"))
	}
}

// endGroup decides whether a ## was an item of its own: it is where it has columns, or where no ### follows it.
func (r *catalogReader) endGroup(subitemFollows bool) {
	it := r.item
	if it == nil || it.Level2 != "" {
		return
	}
	for _, c := range it.Columns {
		if c.Line != 0 {
			subitemFollows = false
		}
	}
	if !subitemFollows {
		r.add(it, r.lines.starts[it.Line-r.lines.first])
	}
}

func (r *catalogReader) add(it *site.Item, offset int) {
	if at := r.seen[it.Path()]; at != 0 {
		r.report(finding.DuplicateItem, offset,
			finding.T("事项“%s”写了两次，第一次在第 %d 行", "item %q stands twice, first on line %d", it.Path(), at),
			finding.T("合并两处，或改用不同的名称", "merge the two or give one another name"))
		return
	}
	r.seen[it.Path()] = it.Line
	r.items = append(r.items, it)
}

func (r *catalogReader) list(l *ast.List) {
	for n := l.FirstChild(); n != nil; n = n.NextSibling() {
		block := n.FirstChild()
		if block == nil || block.Lines() == nil || block.Lines().Len() == 0 {
			continue
		}
		r.column(r.offset(block), joinLines(block, r.body))
		for extra := block.NextSibling(); extra != nil; extra = extra.NextSibling() {
			r.stray(extra)
		}
	}
}

// joinLines returns the text of a block with its line breaks removed: a long cell may be broken anywhere between Chinese characters.
func joinLines(n ast.Node, source []byte) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		b.WriteString(strings.TrimSpace(string(s.Value(source))))
	}
	return b.String()
}

// column reads one line "公开时限：20个工作日" of an item.
func (r *catalogReader) column(offset int, line string) {
	i := strings.IndexAny(line, ":：")
	if i < 0 {
		r.report(finding.CatalogText, offset,
			finding.T("“%s”不是“栏目：内容”", "%q is not \"column: value\"", line),
			finding.T("写成“- 公开时限：20个工作日”的样子", "write it like \"- 公开时限：20个工作日\""))
		return
	}
	name := strings.TrimSpace(line[:i])
	_, width := utf8.DecodeRuneInString(line[i:])
	cell := strings.TrimSpace(line[i+width:])
	c, ok := columnNames[name]
	if !ok {
		r.report(finding.UnknownColumn, offset,
			finding.T("目录没有“%s”这一栏", "a catalog has no column %q", name),
			didYouMean(Nearest(name, columnList), finding.T("栏目有：%s", "the columns are: %s", strings.Join(columnList, "、"))))
		return
	}
	if r.item == nil {
		r.report(finding.CatalogText, offset,
			finding.T("“%s”前面没有事项标题", "%q stands under no item", name),
			finding.T("先写“## 一级事项”和“### 二级事项”", "write \"## first level\" and \"### second level\" first"))
		return
	}
	at, _ := r.lines.position(offset)
	if first := r.item.Columns[c].Line; first != 0 {
		r.report(finding.DuplicateColumn, offset,
			finding.T("“%s”写了两次，第一次在第 %d 行", "%q stands twice, first on line %d", name, first),
			finding.T("合并成一行，多个值用“；”隔开", "make it one line and separate the values by ；"))
		return
	}
	r.item.Columns[c] = site.Cell{Text: cell, Line: at}
	if c == site.LevelsOf {
		r.item.Levels = r.levels(offset, cell)
	}
}

func (r *catalogReader) levels(offset int, cell string) site.Levels {
	var set site.Levels
	for _, word := range strings.FieldsFunc(cell, func(c rune) bool { return strings.ContainsRune("；;、,，/ ", c) }) {
		switch word {
		case "乡村级", "乡村":
			set = set.With(site.Township).With(site.Village)
			continue
		}
		l, ok := site.ParseLevel(word)
		if !ok {
			r.report(finding.UnknownLevel, offset,
				finding.T("不认识的公开层级“%s”", "unknown level %q", word),
				finding.T("用“；”隔开：县级；乡级；村级", "use 县级；乡级；村级"))
			continue
		}
		set = set.With(l)
	}
	return set
}
