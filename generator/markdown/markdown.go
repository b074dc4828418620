// Package markdown turns the Markdown of Chinese official texts into HTML.
//
// The tree is goldmark's. Where goldmark's defaults mangle ordinary Chinese, or trap an editor who is no programmer, the rules differ:
//
//   - heading identifiers come from the heading's own text (一、工作目标 -> 一-工作目标), never from its position
//   - emphasis works beside Chinese punctuation, and asterisks that mask personal data stay (cjk.go)
//   - a line end inside a paragraph is nothing beside Chinese characters, a space between Latin words, and a line break where the
//     next line was meant to be one: an official ordinal such as （一） or 2., a signature with its date, 联系人： (lines.go)
//   - an address is a link wherever it stands in Chinese text, up to the next Chinese mark (address.go)
//   - raw HTML is not passed through; addresses that run code are removed; both are reported
//   - indented lines are text, not code; a line of --- is a rule, never a heading mark; ~ is a tilde
//
// One walk over the tree yields everything that later stages need to know of a text: its HTML, its plain text, its headings and its links
// with their positions.
package markdown

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"gongkai/generator/finding"
)

// Link is a link or picture of a text.
type Link struct {
	Destination  string // as it is written
	Image        bool
	Line, Column int
}

// Heading is a heading of a text.
type Heading struct {
	Level    int // 2 to 6; a # counts as ##, because the page's title is the one first level
	ID, Text string
}

// Result is what a text turned into.
type Result struct {
	HTML     string
	Text     string // the plain text, a line a block
	Lead     string // the beginning of Text without its tables, for a summary
	Headings []Heading
	Links    []Link
	Hrefs    []string // addresses that the HTML links to, as the resolver gave them
	Pictures []string // addresses of the pictures in it
	Findings []finding.Finding
}

// Resolver returns the address to write for a link as it stands in a text, and whether it leads to another site. An empty address means
// that the link leads nowhere: its text is written without it.
type Resolver func(Link) (href string, external bool)

// Renderer renders texts; it may be used by several goroutines.
type Renderer struct {
	// Advice asks for findings about what makes a text hard to use, beside those about what is wrong. It is set before the first text.
	Advice bool

	parser  parser.Parser
	buffers sync.Pool // of *buffers: the largest text so far fits, so that rendering a text allocates its results only
}

type buffers struct{ out, plain []byte }

// New returns a Renderer.
func New() *Renderer {
	p := newParser()
	p.AddOptions(parser.WithParagraphTransformers( // before goldmark's own
		util.Prioritized(plainTransformer{}, 140), util.Prioritized(newTableTransformer(), 150)))
	return &Renderer{
		parser:  goldmark.New(goldmark.WithParser(p), goldmark.WithExtensions(extension.Table, addresses)).Parser(),
		buffers: sync.Pool{New: func() any { return new(buffers) }},
	}
}

// newParser returns a parser with our rules, to which goldmark's extensions are to be added.
func newParser() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewHTMLBlockParser(), 900),
			util.Prioritized(IndentedParagraph{parser.NewParagraphParser()}, 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewRawHTMLParser(), 400),
			util.Prioritized(emphasisParser{}, 500),
		),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
	)
}

// IndentedParagraph is a paragraph whose first line may be indented by any number of spaces. Without indented code blocks goldmark
// would drop such a line.
type IndentedParagraph struct{ parser.BlockParser }

// CanAcceptIndentedLine reports that it can.
func (IndentedParagraph) CanAcceptIndentedLine() bool { return true }

// Render renders a text whose first line has the given number in the file at path.
func (r *Renderer) Render(path string, source []byte, firstLine int, resolve Resolver) Result {
	b := r.buffers.Get().(*buffers)
	w := &writer{path: path, source: source, firstLine: firstLine, resolve: resolve, out: b.out[:0], plain: b.plain[:0]}
	doc := r.parser.Parse(text.NewReader(source))
	w.blocks(doc)
	if r.Advice {
		w.advise(doc)
	}
	plain := strings.TrimSpace(string(w.plain))
	result := Result{HTML: string(w.out), Text: plain, Lead: w.lead(plain), Headings: w.headings, Links: w.links, Hrefs: w.hrefs, Pictures: w.pictures, Findings: w.findings}
	b.out, b.plain = w.out, w.plain
	r.buffers.Put(b)
	return result
}

// writer walks one tree.
type writer struct {
	path      string
	source    []byte
	firstLine int
	resolve   Resolver

	out      []byte
	plain    []byte
	widths   []int // of the current table's columns
	tables   []int // where in plain tables begin and end
	ids      map[string]int
	headings []Heading
	links    []Link
	hrefs    []string
	pictures []string
	findings []finding.Finding

	last    rune           // last character written in the current run of text; 0 at the beginning of a block or line
	pending bool           // a line end waits for the next character to decide what it stands for
	ended   int            // where in the source the line ends that waits
	lines   *text.Segments // of the current paragraph
	line    int            // of these, before which the last line end stood
}

func (w *writer) position(offset int) finding.Position {
	offset = min(max(offset, 0), len(w.source))
	before := w.source[:offset]
	start := bytes.LastIndexByte(before, '\n') + 1
	return finding.Position{Path: w.path, Line: w.firstLine + bytes.Count(before, []byte("\n")), Column: 1 + utf8.RuneCount(before[start:])}
}

func (w *writer) report(rule *finding.Rule, offset int, message, mend finding.Text) {
	w.findings = append(w.findings, finding.New(rule, w.position(offset), message, mend))
}

// lead returns the beginning of the plain text without the tables in it.
func (w *writer) lead(text string) string {
	const most = 600 // bytes, at least: some 200 Chinese characters
	if len(w.tables) > 0 {
		b := make([]byte, 0, 2*most)
		start := 0
		for i := 0; i < len(w.tables) && len(b) < most; i += 2 {
			b = append(b, w.plain[start:min(w.tables[i], start+most)]...)
			start = w.tables[i+1]
		}
		if len(b) < most {
			b = append(b, w.plain[start:min(len(w.plain), start+most)]...)
		}
		text = strings.TrimSpace(string(b[:min(len(b), most)]))
	}
	return strings.ToValidUTF8(text[:min(len(text), most)], "")
}

func (w *writer) raw(s string) { w.out = append(w.out, s...) }

// blocks writes the children of a block.
func (w *writer) blocks(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		w.block(n)
	}
}

// endBlock ends a line of the plain text.
func (w *writer) endBlock() {
	w.last, w.pending = 0, false
	if len(w.plain) > 0 && w.plain[len(w.plain)-1] != '\n' {
		w.plain = append(w.plain, '\n')
	}
}

func (w *writer) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Paragraph:
		w.headingMark(n)
		w.raw("<p>")
		w.lines, w.line = n.Lines(), 0
		w.inlines(n)
		w.endBlock()
	case *plainParagraph:
		w.plainParagraph(n)
	case *ast.TextBlock:
		w.lines, w.line = n.Lines(), 0
		w.inlines(n)
		w.endBlock()
	case *ast.Heading:
		w.heading(n)
	case *ast.List:
		w.list(n)
	case *ast.Blockquote:
		w.raw("<blockquote>")
		w.blocks(n)
		w.raw("</blockquote>")
	case *ast.FencedCodeBlock:
		w.raw("<pre>")
		for i := range n.Lines().Len() {
			s := n.Lines().At(i)
			w.escape(s.Value(w.source))
			w.plain = append(w.plain, s.Value(w.source)...)
		}
		w.raw("</pre>")
		w.endBlock()
	case *ast.ThematicBreak:
		w.raw("<hr>")
	case *ast.HTMLBlock:
		w.htmlBlock(n)
	case *extast.Table:
		w.tables = append(w.tables, len(w.plain))
		w.table(n)
		w.tables = append(w.tables, len(w.plain))
	case *plainTable:
		w.tables = append(w.tables, len(w.plain))
		w.plainTable(n)
		w.tables = append(w.tables, len(w.plain))
	case *ast.LinkReferenceDefinition:
	default:
		w.blocks(n)
	}
}

// headingMark reports a paragraph that was meant to be a heading: ##标题 without a space.
func (w *writer) headingMark(n *ast.Paragraph) {
	if n.Lines().Len() == 0 {
		return
	}
	s := n.Lines().At(0)
	line := bytes.TrimRight(s.Value(w.source), "\n")
	rest := bytes.TrimLeft(line, "#＃")
	if len(rest) == len(line) || len(rest) == 0 || len(line)-len(rest) > 18 {
		return
	}
	marks := string(line[:len(line)-len(rest)])
	w.report(finding.HeadingMark, s.Start,
		finding.T("“%s”没有成为标题", "%q did not become a heading", shorten(string(line), 20)),
		finding.T("写成“%[1]s %[2]s”（半角 # 后加一个空格）；如果不是标题，写成“\\%[3]s”", "write \"%[1]s %[2]s\" with a space, or \"\\%[3]s\" where it is no heading",
			strings.ReplaceAll(marks, "＃", "#"), shorten(strings.TrimSpace(string(rest)), 20), shorten(string(line), 20)))
}

func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}

func (w *writer) heading(n *ast.Heading) {
	level := max(2, n.Level)
	start, plainStart := len(w.out), len(w.plain)
	w.inlines(n)
	inner := string(w.out[start:])
	title := strings.TrimSpace(string(w.plain[plainStart:]))
	w.endBlock()
	id := w.headingID(title)
	w.out = append(w.out[:start], "<h"...)
	w.out = append(w.out, byte('0'+level))
	w.raw(" id=")
	w.attribute(id)
	w.raw(">")
	w.raw(inner)
	w.raw("</h")
	w.out = append(w.out, byte('0'+level), '>')
	w.headings = append(w.headings, Heading{level, id, title})
}

// headingID returns the identifier of a heading; a text that stood before gets -2, -3 …
func (w *writer) headingID(title string) string {
	id := ID(title)
	if w.ids == nil {
		w.ids = map[string]int{}
	}
	w.ids[id]++
	if n := w.ids[id]; n > 1 {
		id = fmt.Sprintf("%s-%d", id, n)
		w.ids[id]++
	}
	return id
}

// ID returns the identifier that a text has as a heading: its letters, digits and ideographs, lower case, everything else one hyphen.
func ID(title string) string {
	var b strings.Builder
	hyphen := false
	b.Grow(len(title))
	for _, r := range title {
		if r >= 0x4e00 && r <= 0x9fff { // ideographs: almost all of a Chinese heading
			if hyphen && b.Len() > 0 {
				b.WriteByte('-')
			}
			hyphen = false
			b.WriteRune(r)
			continue
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if hyphen && b.Len() > 0 {
				b.WriteByte('-')
			}
			hyphen = false
			b.WriteRune(unicode.ToLower(r))
		} else {
			hyphen = true
		}
	}
	if b.Len() == 0 {
		return "section"
	}
	return b.String()
}

func (w *writer) list(n *ast.List) {
	tag := "ul"
	if n.IsOrdered() {
		tag = "ol"
	}
	w.raw("<" + tag)
	if n.IsOrdered() && n.Start != 1 {
		w.raw(fmt.Sprintf(" start=%d", n.Start))
	}
	w.raw(">")
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		w.raw("<li>")
		w.blocks(item)
	}
	w.raw("</" + tag + ">")
}

const (
	// the frame scrolls on narrow screens; it takes the focus so that a keyboard can scroll it
	tableStart = "<div class=table-frame tabindex=0 role=region aria-label=表格><table>"
	tableEnd   = "</table></div>"
)

func (w *writer) table(n *extast.Table) {
	w.raw(tableStart)
	w.measure(n)
	body := false
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		header := row.Kind() == extast.KindTableHeader
		w.startRow(header, !header && !body)
		body = body || !header
		column := 0 // goldmark's cells that fill a short row have no alignment
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			w.startCell(header, n.Alignments[column], w.widths[column])
			w.inlines(c)
			w.endCell()
			column++
		}
		w.endBlock()
	}
	w.raw(tableEnd)
}

// measure finds the longest text of each column.
func (w *writer) measure(n *extast.Table) {
	w.widths = append(w.widths[:0], make([]int, len(n.Alignments))...)
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		column := 0
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			w.widths[column] = max(w.widths[column], w.textLength(c))
			column++
		}
	}
}

// textLength returns how many bytes of text a cell has, in its longest line.
func (w *writer) textLength(n ast.Node) int {
	longest, line := 0, 0
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			line += c.Segment.Len()
		case *ast.AutoLink:
			line += len(c.Label(w.source))
		case *ast.RawHTML: // <br>
			longest, line = max(longest, line), 0
		default:
			line += w.textLength(c)
		}
	}
	return max(longest, line)
}

// widthClass returns the class of a column whose longest text has so many bytes, three a Chinese character: a column of ordinals may be slim, and one of
// sentences must not be squeezed into a few characters a line where the table is wider than the screen. The style sheet says how wide they are.
func widthClass(longest int) string {
	switch {
	case longest <= 2*3:
		return "slim"
	case longest <= 6*3:
		return ""
	case longest <= 30*3:
		return "wide"
	}
	return "long"
}

func (w *writer) startRow(header, firstOfBody bool) {
	switch {
	case header:
		w.raw("<thead>")
	case firstOfBody:
		w.raw("<tbody>")
	}
	w.raw("<tr>")
}

// startCell begins a cell. Only the header's cells say how wide their columns are.
func (w *writer) startCell(header bool, a extast.Alignment, longest int) {
	if header {
		w.raw("<th scope=col")
	} else {
		w.raw("<td")
	}
	alignment, width := "", ""
	switch a {
	case extast.AlignRight:
		alignment = "right"
	case extast.AlignCenter:
		alignment = "center"
	}
	if header {
		width = widthClass(longest)
	}
	switch {
	case alignment != "" && width != "":
		w.raw(` class="` + alignment + " " + width + `"`)
	case alignment != "" || width != "":
		w.raw(" class=" + alignment + width)
	}
	w.raw(">")
}

func (w *writer) endCell() {
	w.last, w.pending = 0, false
	w.plain = append(w.plain, ' ')
}

// inlines writes the children of a block or a span.
func (w *writer) inlines(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		w.inline(n)
	}
}

func (w *writer) inline(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		w.text(n.Segment.Value(w.source), n.IsRaw())
		if !n.IsRaw() {
			w.linkMark(n.Segment)
		}
		switch {
		case n.HardLineBreak():
			w.lineBreak()
		case n.SoftLineBreak():
			w.pending, w.ended = true, n.Segment.Stop
		}
	case *ast.String:
		w.text(n.Value, n.IsRaw())
	case *ast.Emphasis:
		tag := "em"
		if n.Level == 2 {
			tag = "strong"
		}
		w.settle(firstText(n, w.source))
		w.raw("<" + tag + ">")
		w.inlines(n)
		w.raw("</" + tag + ">")
	case *ast.CodeSpan:
		w.settle(firstText(n, w.source))
		w.raw("<code>")
		w.inlines(n)
		w.raw("</code>")
	case *ast.Link:
		w.link(n, string(n.Destination), n.Title)
	case *ast.AutoLink:
		w.autoLink(n)
	case *ast.Image:
		w.image(n)
	case *ast.RawHTML:
		w.rawHTML(n)
	default:
		w.inlines(n)
	}
}

// text writes characters, deciding first what a line end before them stands for.
func (w *writer) text(value []byte, raw bool) {
	if w.last == 0 {
		value = bytes.TrimLeft(value, "　 \t") // paragraphs typed with two ideographic spaces: indenting is the style sheet's
	} else if w.pending {
		value = bytes.TrimLeft(value, "　")
	}
	if len(value) == 0 {
		return
	}
	w.settle(value)
	if !raw && bytes.IndexByte(value, '\\') >= 0 {
		value = util.UnescapePunctuations(value)
	}
	if !raw && bytes.IndexByte(value, '&') >= 0 {
		value = util.ResolveEntityNames(util.ResolveNumericReferences(value))
	}
	w.escape(value)
	w.plain = append(w.plain, value...)
	w.last, _ = utf8.DecodeLastRune(value)
}

// settle writes what a waiting line end stands for before the text that follows it.
func (w *writer) settle(next []byte) {
	if !w.pending {
		return
	}
	w.pending = false
	after, _ := utf8.DecodeRune(next)
	switch {
	case w.keepsLineEnd():
		w.lineBreak()
	case isCJK(w.last) || isCJK(after):
	default:
		w.out = append(w.out, '\n')
		w.plain = append(w.plain, ' ')
	}
}

func (w *writer) lineBreak() {
	w.raw("<br>")
	w.plain = append(w.plain, '\n')
	w.last, w.pending = 0, false
}

// firstText returns the first characters inside a span.
func firstText(n ast.Node, source []byte) []byte {
	for c := n.FirstChild(); c != nil; c = c.FirstChild() {
		if t, ok := c.(*ast.Text); ok {
			return t.Segment.Value(source)
		}
	}
	return nil
}

func (w *writer) link(n ast.Node, destination string, title []byte) {
	l := Link{Destination: destination}
	at := w.position(n.Pos())
	l.Line, l.Column = at.Line, at.Column
	w.settle(firstText(n, w.source))
	if unsafe(destination) {
		w.unsafe(n.Pos(), destination)
		w.inlines(n)
		return
	}
	closing := w.openLink(l, title)
	w.inlines(n)
	w.raw(closing)
}

// openLink writes the start tag of a link and returns the end tag; both are empty where the link leads nowhere.
func (w *writer) openLink(l Link, title []byte) string {
	href, external := w.address(l)
	if href == "" {
		return ""
	}
	w.raw("<a href=")
	w.attribute(href)
	w.hrefs = append(w.hrefs, href)
	if external {
		w.raw(" rel=external")
	}
	if len(title) > 0 {
		w.raw(" title=")
		w.attribute(string(util.ResolveEntityNames(util.UnescapePunctuations(title))))
	}
	w.raw(">")
	return "</a>"
}

func (w *writer) address(l Link) (href string, external bool) {
	w.links = append(w.links, l)
	if w.resolve == nil {
		return l.Destination, false
	}
	return w.resolve(l)
}

func (w *writer) autoLink(n *ast.AutoLink) {
	label := n.Label(w.source)
	destination := string(n.URL(w.source))
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(destination), "mailto:") {
		destination = "mailto:" + destination
	}
	w.settle(label)
	if unsafe(destination) {
		w.unsafe(n.Pos(), destination)
		w.text(label, true)
		return
	}
	at := w.position(n.Pos())
	closing := w.openLink(Link{Destination: destination, Line: at.Line, Column: at.Column}, nil)
	w.text(label, true)
	w.raw(closing)
}

func (w *writer) image(n *ast.Image) {
	destination := string(n.Destination)
	start := len(w.out)
	savedPlain := len(w.plain)
	w.settle([]byte("图"))
	head := len(w.out)
	w.inlines(n)
	alt := strings.TrimSpace(string(w.plain[savedPlain:]))
	w.out = w.out[:max(start, head)]
	w.plain = w.plain[:savedPlain]
	if unsafe(destination) {
		w.unsafe(n.Pos(), destination)
		w.text([]byte(alt), true)
		return
	}
	at := w.position(n.Pos())
	l := Link{Destination: destination, Image: true, Line: at.Line, Column: at.Column}
	href, external := w.address(l)
	switch {
	case external:
		// a picture of another site would tell that site who reads this page
		w.report(finding.ExternalPicture, n.Pos(),
			finding.T("图片“%s”在别的网站上，已改为链接", "the picture %q lies on another site and became a link", shorten(destination, 40)),
			finding.T("把图片存到正文旁边，只写文件名", "save the picture beside the document and give its file name"))
		w.raw("<a rel=external href=")
		w.attribute(href)
		w.hrefs = append(w.hrefs, href)
		w.raw(">")
		w.text([]byte(cmp.Or(alt, destination)), true)
		w.raw("</a>")
	case href == "":
		w.text([]byte(alt), true)
	default:
		w.raw("<img src=")
		w.attribute(href)
		w.pictures = append(w.pictures, href)
		w.raw(" alt=")
		w.attribute(alt)
		w.raw(" loading=lazy>")
		w.plain = append(w.plain, alt...)
		w.last = '图'
	}
}

// unsafe reports whether an address runs code or carries content instead of leading somewhere. Browsers drop control characters and
// white space inside a scheme, and so does this.
func unsafe(destination string) bool {
	if strings.IndexByte(destination, ':') < 0 && strings.IndexByte(destination, '&') < 0 {
		return false // no scheme, and nothing that could stand for its colon
	}
	destination = strings.ToLower(strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f {
			return -1
		}
		return r
	}, string(util.ResolveEntityNames(util.ResolveNumericReferences([]byte(destination))))))
	scheme, _, found := strings.Cut(destination, ":")
	if !found || strings.ContainsAny(scheme, "/?#") {
		return false
	}
	switch scheme {
	case "http", "https", "mailto", "tel", "ftp":
		return false
	}
	// a colon in a file name is no scheme unless it could be one
	for i, r := range scheme {
		if !(r >= 'a' && r <= 'z' || i > 0 && (r >= '0' && r <= '9' || r == '+' || r == '-' || r == '.')) {
			return false
		}
	}
	return true
}

func (w *writer) unsafe(offset int, destination string) {
	if name := onOwnComputer(destination); name != "" {
		w.report(finding.BrokenFile, offset,
			finding.T("“%s”在编辑人员自己的电脑上，读者打不开", "%q lies on the editor's own computer, where no reader can open it", shorten(destination, 40)),
			finding.T("把文件复制到正文所在的文件夹，链接写成 (%s)，或写进“附件”", "copy the file into this document's folder and link to (%s), or name it in the attachments", name))
		return
	}
	w.report(finding.UnsafeAddress, offset,
		finding.T("链接地址“%s”不安全，已去掉", "the address %q is unsafe and was removed", shorten(destination, 40)),
		finding.T("换成网页地址（https://…）或本站文件", "use a web address (https://…) or a file of this site"))
}

func (w *writer) htmlReport(offset int, tag string) {
	w.report(finding.RawHTML, offset,
		finding.T("HTML 代码“%s”没有输出", "the HTML %q was not passed through", shorten(tag, 30)),
		finding.T("改用 Markdown 写法；要显示尖括号本身，在 < 前加 \\", "use Markdown; to show the bracket itself put \\ before <"))
}

func (w *writer) rawHTML(n *ast.RawHTML) {
	if n.Segments.Len() == 0 {
		return
	}
	tag := string(n.Segments.Value(w.source))
	lower := strings.ToLower(strings.TrimRight(strings.Trim(tag, "<>"), "/ "))
	switch {
	case lower == "br":
		w.lineBreak() // the one way to break a line in a table's cell
	case strings.HasPrefix(tag, "<!--"):
	default:
		w.htmlReport(n.Segments.At(0).Start, tag)
	}
}

// htmlBlock keeps the text of an HTML block and drops its tags, scripts and styles.
func (w *writer) htmlBlock(n *ast.HTMLBlock) {
	var b []byte
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		b = append(b, s.Value(w.source)...)
	}
	if n.HasClosure() {
		b = append(b, n.ClosureLine.Value(w.source)...)
	}
	trimmed := bytes.TrimSpace(b)
	if bytes.HasPrefix(trimmed, []byte("<!--")) && bytes.HasSuffix(trimmed, []byte("-->")) {
		return
	}
	offset := n.Pos()
	if n.Lines().Len() > 0 {
		offset = n.Lines().At(0).Start
	}
	tag := string(trimmed)
	if i := strings.IndexByte(tag, '>'); i > 0 {
		tag = tag[:i+1]
	}
	w.htmlReport(offset, tag)
	for _, line := range strings.Split(stripTags(string(trimmed)), "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		w.raw("<p>")
		w.text([]byte(line), false)
		w.endBlock()
	}
}

// lowerASCII returns a text of the same length with the letters of tag names in lower case: offsets in it are those of the text.
func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c | 0x20
		}
	}
	return string(b)
}

// stripTags returns the text of an HTML fragment, without what stands in scripts, styles and comments.
func stripTags(s string) string {
	var b strings.Builder
	for s != "" {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:i])
		s = s[i:]
		skipTo := ">"
		lower := strings.ToLower(s[:min(len(s), 10)])
		switch {
		case strings.HasPrefix(lower, "<!--"):
			skipTo = "-->"
		case strings.HasPrefix(lower, "<script"):
			skipTo = "</script>"
		case strings.HasPrefix(lower, "<style"):
			skipTo = "</style>"
		case len(s) > 1 && !(s[1] == '/' || s[1] == '!' || s[1] == '?' || s[1]|0x20 >= 'a' && s[1]|0x20 <= 'z'):
			b.WriteByte('<')
			s = s[1:]
			continue
		}
		j := strings.Index(lowerASCII(s), skipTo)
		if j < 0 {
			break
		}
		if lower == "<br>" || strings.HasPrefix(lower, "</p") || strings.HasPrefix(lower, "</div") || strings.HasPrefix(lower, "</tr") || strings.HasPrefix(lower, "</li") {
			b.WriteByte('\n')
		} else if strings.HasPrefix(lower, "</t") {
			b.WriteByte(' ')
		}
		s = s[j+len(skipTo):]
	}
	return b.String()
}

// escape writes characters of a text.
func (w *writer) escape(s []byte) {
	start := 0
	for i, c := range s {
		var e string
		switch c {
		case '&':
			e = "&amp;"
		case '<':
			e = "&lt;"
		case '>':
			e = "&gt;"
		case 0:
			e = "\ufffd"
		default:
			continue
		}
		w.out = append(append(w.out, s[start:i]...), e...)
		start = i + 1
	}
	w.out = append(w.out, s[start:]...)
}

// attribute writes the value of an attribute, in quotes only where it needs them.
func (w *writer) attribute(s string) {
	quoted := s == "" || strings.ContainsAny(s, " \t\n\f\r\"'`=<>&")
	if !quoted {
		w.raw(s)
		return
	}
	w.raw(`"`)
	for i := range len(s) {
		switch c := s[i]; c {
		case '&':
			w.raw("&amp;")
		case '"':
			w.raw("&#34;")
		case '<':
			w.raw("&lt;")
		default:
			w.out = append(w.out, c)
		}
	}
	w.raw(`"`)
}
