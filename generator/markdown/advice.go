package markdown

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"gongkai/generator/finding"
)

// advise reports what makes a text hard to use with a screen reader: WCAG 2.2, 1.1.1, 1.3.1, 2.4.4 and 2.4.6.
func (w *writer) advise(doc ast.Node) {
	level := 1 // the page's title
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			if now := max(2, n.Level); now > level+1 {
				w.report(finding.SkippedHeading, n.Pos(),
					finding.T("标题从 %d 级跳到了 %d 级", "the heading goes from level %d to level %d", level, now),
					finding.T("改用 %s", "use %s", strings.Repeat("#", level+1)))
			}
			level = max(2, n.Level)
		case *ast.Image:
			if strings.TrimSpace(plainText(n, w.source)) == "" {
				w.report(finding.NoAlternative, n.Pos(),
					finding.T("图片“%s”没有替代文字", "the picture %q has no alternative text", string(n.Destination)),
					finding.T("写成 ![图片内容的说明](%s)", "write ![what it shows](%s)", string(n.Destination)))
			}
		case *ast.Link:
			if text := strings.Trim(plainText(n, w.source), " 　：:>》【】[]（）()。"); vagueTexts[strings.ToLower(text)] {
				w.report(finding.VagueLink, n.Pos(),
					finding.T("链接文字“%s”没有说明去向", "the link text %q does not say where it leads", text),
					finding.T("写出目标的名称，例如“[低保申请表](…)”", "name the target"))
			}
		case *plainTable:
			w.tableHeader(n, n.cells[:len(n.alignments)])
			return ast.WalkSkipChildren, nil
		case *extast.Table:
			var cells [][]byte
			if head := n.FirstChild(); head != nil {
				for c := head.FirstChild(); c != nil; c = c.NextSibling() {
					cells = append(cells, []byte(plainText(c, w.source)))
				}
			}
			w.tableHeader(n, cells)
		}
		return ast.WalkContinue, nil
	})
}

var vagueTexts = map[string]bool{
	"点击这里": true, "点这里": true, "点此": true, "这里": true, "此处": true, "点击": true, "点击此处": true, "点击查看": true, "点击下载": true, "查看": true,
	"详情": true, "查看详情": true, "详见": true, "更多": true, "链接": true, "下载": true, "here": true, "click here": true, "more": true, "link": true,
}

// tableHeader reports a table whose first row says nothing, as a table converted from a sheet without one has it.
func (w *writer) tableHeader(table ast.Node, cells [][]byte) {
	for _, c := range cells {
		if len(strings.TrimSpace(string(c))) > 0 {
			return
		}
	}
	w.report(finding.NoTableHeader, table.Pos(),
		finding.T("表格的第一行是空的，没有表头", "the first row of the table is empty: there are no headings"),
		finding.T("在第一行写各栏的名称", "name the columns in the first row"))
}

func plainText(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := c.(*ast.Text); ok && entering {
			b.Write(t.Segment.Value(source))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}
