package markdown

import (
	"slices"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"gongkai/generator/finding"
)

// plainOf returns the plain table that a text is, or nil.
func plainOf(t *testing.T, source string) *plainTable {
	t.Helper()
	var out *plainTable
	document := New().parser.Parse(text.NewReader([]byte(source)))
	if err := ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if p, ok := n.(*plainTable); ok {
			out = p
		}
		return ast.WalkContinue, nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestOnlyTablesWithoutMarkupArePlain(t *testing.T) {
	for source, plain := range map[string]bool{
		"|村|数|\n|---|--:|\n|甲村|1,200.5|\n": true,
		"村|数\n:-:|-\n甲|2\n":                true,
		"|村|数|\n|---|--:|\n|张*|1|\n":       false,
		"|村|数|\n|---|--:|\n|`a`|1|\n":      false,
		"|村|数|\n|---|--:|\n|www.a.cn|1|\n": false,
		"|村|数|\n|---|--:|\n|a@b.cn|1|\n":   false,
		"|村|数|\n|---|--:|\n|a\\|b|1|\n":    false,
		"|村|数|\n|---|\n|甲|1|\n":            false,
		"前\n|村|数|\n|---|--:|\n|甲|1|\n":     false,
		"村\n---\n甲\n":                      false,
	} {
		if got := plainOf(t, source) != nil; got != plain {
			t.Errorf("%q: plain is %v", source, got)
		}
	}
}

func FuzzPlainBlocksAreGoldmarks(f *testing.F) {
	for _, s := range []string{
		"|村|数|\n|---|--:|\n|甲村|1|\n|乙村|\n|丙|1|2|3|\n", "a|b\n-|:-:\n||\n|c|\n d | \n", "| a |  |\n|-|-|\n| |b|\n",
		"- |a|b|\n  |-|-|\n  |c|d|\n", "> |a|\n> |-|\n> |b|\n>\n> c", "|a|b|\n|-|-|\nc", "||\n|-|\n|a|", "|a|\n|-|\n|", "　a|b\n-|-\n　c|　\n",
		"正文一段，共3户。\n\n　　又一段 \n", "  缩进 (a)  \n\n- 甲\n\n  乙\n- 丙\n\n丁", "##标题\n\n  #甲\n\n＃题\n\n#\n", "> 引\n\n【办法】(a.md)\n\n1.2 三\n", "甲\n***\n乙 \n    丙\n\n    丁", "[x]: /y\n\n甲\n：乙",
	} {
		f.Add(s)
	}
	ours := New()
	theirs := New()
	theirs.parser = goldmark.New(goldmark.WithParser(newParser()), goldmark.WithExtensions(extension.Table, addresses)).Parser()
	f.Fuzz(func(t *testing.T, s string) {
		a, b := ours.Render("a.md", []byte(s), 1, nil), theirs.Render("a.md", []byte(s), 1, nil)
		if a.HTML != b.HTML || a.Text != b.Text || a.Lead != b.Lead || !slices.EqualFunc(a.Findings, b.Findings, func(x, y finding.Finding) bool { return x.Position == y.Position && x.Message == y.Message }) {
			t.Errorf("%q\n%s\ngoldmark's\n%s\n%q %q\n%v\n%v", s, a.HTML, b.HTML, a.Text, b.Text, a.Findings, b.Findings)
		}
	})
}
