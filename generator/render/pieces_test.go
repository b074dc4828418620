package render

import (
	"slices"
	"strings"
	"testing"

	"gongkai/generator/links"
	"gongkai/generator/markdown"
)

// What is said of a text's links without reading its HTML must be what reading it says.
func FuzzPiecesKnowTheirLinks(f *testing.F) {
	for _, text := range []string{
		"## 一、目标\n\n见[办法](/xihe/a b/?x=1&y=2#三)和 https://example.gov/x?y=1&amp;z=2，![图](a.png)。\n\n### 目标\n\n## 一、目标\n",
		"## a\n\n## b\n\n#### c\n\n![外](https://example.gov/p.png \"标题\")[ 空 ]( <a b> )[](#a)\n",
		"| [a](b) | ![c](d) |\n|---|---|\n| <a@b.cn> | `[x](y)` |\n",
		"# \"<&\n\n## '\n\n## 三\n\n[x](&#32;y) [z](\"q\") [w](<javascript:1>)[t](tel:0751-1)\n",
		"<div İİİİ>甲</div>\n\n<div \x87>乙\n", // letters whose lower case has another length
		"<a href=x id=y>z</a>\n\n<div id=q>\n文\n</div>\n",
	} {
		f.Add(text)
	}
	md := markdown.New()
	f.Fuzz(func(t *testing.T, text string) {
		result := md.Render("a.md", []byte(text), 1, nil)
		table := contents(result.Headings)
		var want, got []string
		add := func(list *[]string, kind links.UseKind, value string) {
			*list = append(*list, string('0'+rune(kind))+value)
		}
		for _, html := range []string{result.HTML, string(table)} {
			links.Scan([]byte(html), func(kind links.UseKind, value []byte) { add(&want, kind, string(value)) })
		}
		for _, p := range piecesOf(result, table) {
			for _, u := range p.Uses {
				add(&got, u.Kind, u.Value)
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(want, got) {
			t.Errorf("the HTML has\n%s\nand is said to have\n%s", strings.Join(want, "\n"), strings.Join(got, "\n"))
		}
	})
}
