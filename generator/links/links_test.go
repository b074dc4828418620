package links

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestScan(t *testing.T) {
	for _, c := range []struct{ doc, want string }{
		{`<a href="/a/">x</a>`, "href /a/"},
		{`<a href=/a/>x`, "href /a/"},
		{`<A HREF='/b' class=x>`, "href /b"},
		{`<a class = "x"  href = "/c?a=1&amp;b=2">`, "href /c?a=1&b=2"},
		{`<img src=a.png srcset="b.png 2x, c.png 3x"><video poster=p.jpg>`, "source a.png|source b.png|source c.png|source p.jpg"},
		{`<h2 id=一-目标>x</h2><a name="旧">`, "anchor 一-目标|anchor 旧"},
		{`<!-- <a href=/no> --><a href=/yes>`, "href /yes"},
		{`<script>"<a href=/no>"</script><a href=/yes>`, "href /yes"},
		{`<title><a href=/no></title><style>a{}</style><link href=/s.css>`, "href /s.css"},
		{`<p data-href=/no title="<a href=/no>"><a href=/yes>`, "href /yes"},
		{`1 < 2 <a href=/yes>`, "href /yes"},
		{`<a href=>x</a><a href>`, "href "},
		{`<a href="/open`, ""},
		{`<a href=" /trim ">`, "href /trim"},
		{`<form action=/search/><input name=q></form>`, "href /search/"},
		{`</a href=/no><?php href=/no ?><!doctype html><a/href=/yes>`, "href /yes"},
	} {
		var got []string
		Scan([]byte(c.doc), func(kind UseKind, value []byte) {
			got = append(got, [...]string{"href", "source", "anchor"}[kind]+" "+string(value))
		})
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s\n got %q\nwant %q", c.doc, got, c.want)
		}
	}
}

func FuzzScan(f *testing.F) {
	f.Add(`<a href="/a/" id=x><script></script><!-- --> <img srcset="a 1x, b">`)
	f.Add(`<a b='c" href=x/>`)
	f.Fuzz(func(t *testing.T, doc string) {
		n := 0
		Scan([]byte(doc), func(UseKind, []byte) { n++ })
		if n > len(doc) {
			t.Errorf("%d uses in %d bytes", n, len(doc))
		}
	})
}

func TestGraph(t *testing.T) {
	base, err := url.Parse("https://www.shili.gov.example/sub/")
	if err != nil {
		t.Fatal(err)
	}
	g := NewGraph(base)
	for _, a := range []string{"/", "/xihe/", "/xihe/西联/", "/404.html", "/feed.xml"} {
		g.Define(a)
	}
	g.AddPage("/xihe/西联/", []byte(`<h2 id=一-目标></h2>`), nil, nil)
	g.DefineFile("/xihe/名单.xlsx")
	good := []string{
		"/sub/xihe/", "/sub/xihe", "/sub/xihe/index.html", "/sub/", "/sub/feed.xml", "/sub/404.html",
		"/sub/xihe/西联/", "/sub/xihe/%E8%A5%BF%E8%81%94/", "/sub/xihe/西联/#一-目标", "/sub/xihe/西联#%E4%B8%80-%E7%9B%AE%E6%A0%87",
		"https://www.shili.gov.example/sub/xihe/", "西联/", "../xihe/", "./", "", "#", "#top", "?q=1",
		"/sub/xihe/名单.xlsx", "名单.xlsx", "https://example.org/nothing", "mailto:a@example.org", "tel:1", "//example.org/x", "/elsewhere/on/the/host",
	}
	bad := []string{
		"/sub/xilian/", "/sub/xihe/西联/#二", "/sub/Xihe/", "西联/x.pdf", "../nothing/", "#没有", "https://www.shili.gov.example/sub/nothing/",
	}
	var page strings.Builder
	for _, l := range slices.Concat(good, bad) {
		fmt.Fprintf(&page, "<a href=%q>x</a>", l)
	}
	g.AddPage("/xihe/", []byte(page.String()), nil, nil)
	var got []string
	for _, b := range g.Broken() {
		got = append(got, b.Value)
	}
	slices.Sort(bad)
	if !slices.Equal(got, bad) {
		t.Errorf("broken links\n got %q\nwant %q", got, bad)
	}
}

func TestFragmentsCountOnEveryPage(t *testing.T) {
	const header = `<nav><a href=/a/>a</a><a href=#main>b</a><a href=/no/>c</a><b id=top-of-page></b></nav>`
	doc := "<p id=x><a href=#x>" + header + `<main id=main><a href="#top-of-page"></main>` + header
	first := strings.Index(doc, header)
	base := &url.URL{Scheme: "https", Host: "h", Path: "/"}
	plain, quick := NewGraph(base), NewGraph(base)
	for _, g := range []*Graph{plain, quick} {
		g.Define("/a/")
		g.Define("/b/")
	}
	quick.DefineFragments(func() []string { return []string{header} })
	quick.pages.Store(manyPages - 1)
	spans := []Span{{0, 7}, {first, first + len(header)}, {len(doc) - len(header), len(doc)}}
	for _, page := range []string{"/a/", "/b/"} {
		plain.AddPage(page, []byte(doc), nil, nil)
		quick.AddPage(page, []byte(doc), spans, nil)
	}
	quick.AddPage("/c/", []byte(header), []Span{{0, len(header)}}, nil)
	plain.AddPage("/c/", []byte(header), nil, nil)
	if plain.Count() != quick.Count() || plain.Count() != 19 {
		t.Errorf("%d links, with fragments %d", plain.Count(), quick.Count())
	}
	want, got := plain.Broken(), quick.Broken()
	if !slices.Equal(want, got) || len(got) != 4 { // #main on /c/ as well
		t.Errorf("broken %v, with fragments %v", want, got)
	}
	if !slices.Equal(plain.Anchors("/a/"), quick.Anchors("/a/")) {
		t.Errorf("anchors %v", quick.Anchors("/a/"))
	}
}
