package render

import (
	"encoding/json"
	"fmt"
	"html"
	"strings"
	"testing"

	"gongkai/generator/markdown"
)

func TestPagerShowsTheEndsAndTheNeighbours(t *testing.T) {
	for _, c := range []struct {
		current, pages int
		want           string
	}{
		{1, 1, "[1]"},
		{1, 3, "[1 2 3]"},
		{1, 9, "[1 2 3 0 9]"},
		{5, 9, "[1 0 3 4 5 6 7 0 9]"},
		{9, 9, "[1 0 7 8 9]"},
		{4, 7, "[1 2 3 4 5 6 7]"},
	} {
		if got := fmt.Sprint(PagerNumbers(c.current, c.pages)); got != c.want {
			t.Errorf("page %d of %d: %s, want %s", c.current, c.pages, got, c.want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"一二三", "一二三"},
		{"一二三四五六", "一二三四五…"},
		{"一\n二　三", "一 二 三"},
		{"  一", "一"},
		{"", ""},
	} {
		if got := shorten(c.text, 5); got != c.want {
			t.Errorf("shorten(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestEscapePath(t *testing.T) {
	for p, want := range map[string]string{
		"/xihe/a-b_c.pdf":  "/xihe/a-b_c.pdf",
		"/xihe/低保 名单.xlsx": "/xihe/%E4%BD%8E%E4%BF%9D%20%E5%90%8D%E5%8D%95.xlsx",
		"/a?b#c%":          "/a%3Fb%23c%25",
	} {
		if got := escapePath(p); got != want {
			t.Errorf("escapePath(%q) = %q, want %q", p, got, want)
		}
	}
}

// hostile are texts that would break out of where they are written.
var hostile = []string{`"><script>alert(1)</script>`, `</script><b>`, "a & b < c", `'"`, "正常标题", "\u2028", "<!--"}

func TestMarksAndFactsStandForThemselves(t *testing.T) {
	for _, text := range hostile {
		var m marks
		m.name("ArticleTitle", text)
		inner := strings.TrimSuffix(strings.TrimPrefix(string(m), `<meta name=ArticleTitle content="`), `">`)
		if strings.ContainsAny(inner, `"<`) || html.UnescapeString(inner) != text {
			t.Errorf("mark of %q: %s", text, m)
		}
		var f facts
		f.link("标题", text, "/a/")
		inner = strings.TrimSuffix(strings.TrimPrefix(string(f.html), `<div><dt>标题<dd><a href="/a/">`), "</a></div>")
		if strings.ContainsAny(inner, `"<`) || html.UnescapeString(inner) != text {
			t.Errorf("fact of %q: %s", text, f.html)
		}
	}
	var m marks
	m.name("Keywords", "")
	if len(m) > 0 {
		t.Errorf("an empty mark is written: %s", m)
	}
}

func TestLinkedDataCannotEndItsElement(t *testing.T) {
	for _, text := range hostile {
		got := string(organization(text, "https://www.shili.gov.example/", "", ""))
		if strings.Contains(got, "</") || strings.Contains(got, "<!--") {
			t.Errorf("data of %q ends its element: %s", text, got)
		}
		var read struct{ Name string }
		if err := json.Unmarshal([]byte(got), &read); err != nil || read.Name != text {
			t.Errorf("data of %q reads %q, %v", text, read.Name, err)
		}
	}
}

func TestContentsAreForLongTextsOnly(t *testing.T) {
	h := func(level int, text string) markdown.Heading {
		return markdown.Heading{Level: level, ID: markdown.ID(text), Text: text}
	}
	if got := contents([]markdown.Heading{h(2, "一"), h(4, "甲"), h(2, "二")}); got != "" {
		t.Errorf("contents of two headings: %s", got)
	}
	got := string(contents([]markdown.Heading{h(2, "一、总则"), h(3, "（一）<范围>"), h(2, "二")}))
	want := `<li class=toc-2><a href="#一-总则">一、总则</a><li class=toc-3><a href="#一-范围">（一）&lt;范围></a><li class=toc-2><a href="#二">二</a>`
	if got != want {
		t.Errorf("contents\n got %s\nwant %s", got, want)
	}
}

func TestNeighbourIsOfTheSameNameOrFolder(t *testing.T) {
	n := newNeighbours(map[string]string{
		"content/units/xihe/a/2026-10-list.md":   "/xihe/a/2026-10-list/",
		"content/units/xihe/a/2026-09-guide.md":  "/xihe/a/2026-09-guide/",
		"content/units/xilian/b/2026-08-only.md": "/xilian/b/2026-08-only/",
	})
	for p, want := range map[string]string{
		"content/units/xihe/a/2026-10-lst.md":   "content/units/xihe/a/2026-10-list.md",
		"content/units/xihe/a/2026-08-only.md":  "content/units/xilian/b/2026-08-only.md",
		"content/units/xihe/aa/2026-10-lis.md":  "content/units/xihe/a/2026-10-list.md",
		"content/units/xihe/a/something.md":     "",
		"content/units/nowhere/at/all/qwxyz.md": "",
	} {
		if got := n.contentPath(p); got != want {
			t.Errorf("contentPath(%s) = %q, want %q", p, got, want)
		}
	}
	if got := n.address("/xihe/a/2026-10-lists/"); got != "/xihe/a/2026-10-list/" {
		t.Errorf("address = %q", got)
	}
}
