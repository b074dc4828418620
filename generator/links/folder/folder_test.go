package folder

import (
	"fmt"
	"hash/maphash"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// write makes a site: paths and contents in turn.
func write(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		name := filepath.Join(dir, filepath.FromSlash(files[i]))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// good are files without any fault, published below /sub/.
var good = []string{
	"index.html", `<!doctype html><html><head>
<base href="./"><link rel=canonical href=https://www.xihe.gov.example/sub/><link rel=alternate hreflang=en href="https://WWW.xihe.gov.example:443/sub/en/">
<link rel=preconnect href=https://cdn.example><meta property=og:url content=https://www.xihe.gov.example/sub/?from=share>
<meta property="og:title" content="/no/address"><meta http-equiv=refresh content="300"><link rel=stylesheet href=/sub/css/site.css?v=1>
<style>@import "css/more.css"; a{background:url(img/标志.png)}</style></head>
<body style="background:url('img/a%20b.png')" id=一、目标><h2 id="二&amp;三">x</h2><a name=旧></a><svg><use href=#图></use><g id=图></g></svg>
<a href=#一、目标><a href="#%E4%B8%80%E3%80%81%E7%9B%AE%E6%A0%87"><a href="#二&amp;三"><a href=#旧><a href=#top><a href=#><a href="#:~:text=目标"><a href="?a=1&copy=2#旧">
<a href=en/><a href="/sub/en/#main"><a href=en/index.html#main><a href="en/#main:~:text=x"><a href=./><a href=../sub/><a href=../../../sub/en/>
<a href=//www.xihe.gov.example/sub/en/><a href="/sub/%E9%99%84%E4%BB%B6/%e5%90%8d%e5%8d%95.pdf#page=2"><a href="附件/名单.pdf"><a href='/sub//en/.//'><a href="\sub\en\">
<a href="javascript:void(0)"><a href=mailto:a@xihe.gov.example?subject=x><a href="mailto:?to=a@b.example"><a href=tel:0751-0001000><a href=weixin://dl/chat>
<a href="https://example.org/a?b=1&amp;c=2#frag"><a href=https://example.org/a?b=1&amp;c=2><a href=http://old.example.org/>
<img src=img/a%20b.png srcset="img/标志.png 1x, data:image/png;base64,AA== 2x"><img src="data:,x"><video poster=img/标志.png><source src=//cdn.example/v.mp4></video>
<object data=附件/名单.pdf></object><map name=图册><area href=en/></map><img src=img/标志.png usemap=#图册><form action=""><button formaction=en/></form>
<!-- <a href=/no> --><script>"<a href=/no>"</script><textarea><a href=/no></textarea><p title="<a href=/no>"></p></html>`,
	"en/index.html", "<main id=main>\n<a href=../>up</a><a href=../css/site.css>x</a></main>",
	"old.htm", `<meta http-equiv=Refresh content="0; URL='en/#main'">`,
	"css/site.css", "@charset 'utf-8';\n@import url(more.css);\nbody{background:url(../img/a%20b.png) url(data:,x) url(#x)}",
	"css/more.css", "/* url(no.png) */",
	"img/标志.png", "", "img/a b.png", "", "附件/名单.pdf", "", "none/file.txt", "", "Notice/index.html", "<p id=甲>",
}

func TestNothingIsWrongWithAGoodSite(t *testing.T) {
	r, err := Check(write(t, good...), Options{BaseURL: "https://www.xihe.gov.example/sub/"})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Problems {
		t.Errorf("%+v", p)
	}
	var external []string
	for _, e := range r.External {
		external = append(external, fmt.Sprint(e.URL, " ", e.Loaded, " ", e.Files))
	}
	want := []string{"http://old.example.org/ false [index.html]", "https://cdn.example/v.mp4 true [index.html]", "https://example.org/a?b=1&c=2 false [index.html]"}
	if !slices.Equal(external, want) {
		t.Errorf("external\n got %q\nwant %q", external, want)
	}
	if r.Files != 10 || r.Pages != 4 || r.Sheets != 2 || r.Scripts != 1 || r.Data != 3 || r.Contacts != 3 || r.Other != 1 || r.Internal != 41 {
		t.Errorf("%+v", r)
	}
}

// faults are planted one by one: what is added to the home page, or to another file, and the one problem that it is.
var faults = []struct{ html, kind, value, target, suggestion string }{
	{`<a href=/sub/gone/>`, "missing", "/sub/gone/", "/gone/", ""},
	{`<a href="/sub/en/x.html#a">`, "missing", "/sub/en/x.html#a", "/en/x.html", ""},
	{`<a href='附件/名単.pdf'>`, "missing", "附件/名単.pdf", "/附件/名単.pdf", "/sub/附件/名单.pdf"},
	{`<a href=/sub/eng/>`, "missing", "/sub/eng/", "/eng/", "/sub/en/"},
	{`<a href=en/index.htm>`, "missing", "en/index.htm", "/en/index.htm", ""},
	{`<a href=old>`, "missing", "old", "/old", ""},
	{`<a href=附件/名单.pdf/>`, "missing", "附件/名单.pdf/", "/附件/名单.pdf/", "/sub/附件/名单.pdf"},
	{`<a href="https://www.xihe.gov.example/sub/%E6%97%A0">`, "missing", "https://www.xihe.gov.example/sub/%E6%97%A0", "/无", ""},
	{`<a href=//www.xihe.gov.example/sub/nothing>`, "missing", "//www.xihe.gov.example/sub/nothing", "/nothing", ""},
	{`<link rel=canonical href=https://www.xihe.gov.example/sub/canon/>`, "missing", "https://www.xihe.gov.example/sub/canon/", "/canon/", ""},
	{`<link hreflang=de rel=alternate href=/sub/de/>`, "missing", "/sub/de/", "/de/", ""},
	{`<meta property=og:url content=https://www.xihe.gov.example/sub/share/>`, "missing", "https://www.xihe.gov.example/sub/share/", "/share/", ""},
	{`<meta http-equiv=refresh content="0; url=/sub/moved/">`, "missing", "/sub/moved/", "/moved/", ""},
	{`<img src=img/logo.png>`, "missing", "img/logo.png", "/img/logo.png", ""},
	{`<img src=img/标志.png srcset="img/标志.png 1x, img/大.png 2x">`, "missing", "img/大.png", "/img/大.png", ""},
	{`<link rel=preload as=image imagesrcset="img/小.png 1x">`, "missing", "img/小.png", "/img/小.png", ""},
	{`<video poster=p.jpg>`, "missing", "p.jpg", "/p.jpg", ""},
	{`<object data=o.pdf>`, "missing", "o.pdf", "/o.pdf", ""},
	{`<form action=/sub/search/>`, "missing", "/sub/search/", "/search/", ""},
	{`<button formaction=/sub/send/>`, "missing", "/sub/send/", "/send/", ""},
	{`<blockquote cite=/sub/quoted/>`, "missing", "/sub/quoted/", "/quoted/", ""},
	{`<svg><image xlink:href=i.svg></svg>`, "missing", "i.svg", "/i.svg", ""},
	{`<iframe src=frame.html></iframe>`, "missing", "frame.html", "/frame.html", ""},
	{`<p style="background:url(&quot;bg.png&quot;)">`, "missing", "background:url(&quot;bg.png&quot;)", "/bg.png", ""},
	{`<p style="background:url(bg.png)">`, "missing", "bg.png", "/bg.png", ""},
	{`<style>@import "lost.css";</style>`, "missing", "lost.css", "/lost.css", ""},
	{`<a href=/sub/notice/>`, "case", "/sub/notice/", "/notice/", "/sub/Notice/"},
	{`<img src=IMG/标志.PNG>`, "case", "IMG/标志.PNG", "/IMG/标志.PNG", "/sub/img/标志.png"},
	{`<a href=notice#甲>`, "case", "notice#甲", "/notice", "/sub/Notice/"},
	{`<a href=/sub/none/>`, "no-index", "/sub/none/", "/none/", ""},
	{`<a href=none>`, "no-index", "none", "/none", ""},
	{`<a href=none/index.html>`, "no-index", "none/index.html", "/none/index.html", ""},
	{`<a href=/sub/en>`, "no-slash", "/sub/en", "/en", "/sub/en/"},
	{`<a href=/sub>`, "no-slash", "/sub", "", "/sub/"},
	{`<a href=#二、目标>`, "no-anchor", "#二、目标", "/#二、目标", "#一、目标"},
	{`<a href=#一目标>`, "no-anchor", "#一目标", "/#一目标", "#一、目标"},
	{`<a href="#%E6%97%A0">`, "no-anchor", "#%E6%97%A0", "/#无", ""},
	{`<a href=en/#mian>`, "no-anchor", "en/#mian", "/en/#mian", ""},
	{`<a href=en/#Main>`, "no-anchor", "en/#Main", "/en/#Main", "#main"},
	{`<img src=img/标志.png usemap=#无图>`, "no-anchor", "#无图", "/#无图", "#图"},
	{`<a href=/other/>`, "outside", "/other/", "/other/", ""},
	{`<a href=/en/>`, "outside", "/en/", "/en/", "/sub/en/"},
	{`<a href=../subway/>`, "outside", "../subway/", "/subway/", ""},
	{`<script src=http://cdn.example/x.js></script>`, "insecure", "http://cdn.example/x.js", "http://cdn.example/x.js", ""},
	{`<a href=http://www.xihe.gov.example/sub/en/>`, "insecure", "http://www.xihe.gov.example/sub/en/", "http://www.xihe.gov.example/sub/en/", ""},
	{`<a href="">`, "empty", "", "", ""},
	{`<img alt="" src=" ">`, "empty", "", "", ""},
	{`<link rel=icon>`, "empty", "<link", "", ""},
	{`<img alt=x>`, "empty", "<img", "", ""},
	{`<a href=https:/sub/>`, "malformed", "https:/sub/", "", ""},
	{`<a href=100%.html>`, "malformed", "100%.html", "", ""},
	{`<a href="http://[::1/">`, "malformed", "http://[::1/", "", ""},
	{`<a href=mailto:>`, "contact", "mailto:", "", ""},
	{`<a href=mailto:局办公室>`, "contact", "mailto:局办公室", "", ""},
	{`<a href=tel:电话>`, "contact", "tel:电话", "", ""},
}

func TestEachFaultIsFoundOnce(t *testing.T) {
	for _, c := range faults {
		t.Run(c.html, func(t *testing.T) {
			files := slices.Clone(good)
			files[1] = strings.Replace(files[1], "<!-- <a href=/no> -->", "<!-- -->\n公开"+c.html, 1)
			line := 1 + strings.Count(files[1][:strings.Index(files[1], "公开"+c.html)], "\n")
			r, err := Check(write(t, files...), Options{BaseURL: "https://www.xihe.gov.example/sub", Jobs: 3})
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Problems) != 1 {
				t.Fatalf("%d problems: %+v", len(r.Problems), r.Problems)
			}
			p := r.Problems[0]
			column := 3
			if c.value != "" {
				column += len([]rune(c.html[:strings.LastIndex(c.html, c.value)]))
			} else {
				column = p.Column
			}
			want := Problem{0, "index.html", line, column, c.value, c.target, c.suggestion}
			got := p
			got.Kind = 0
			if p.Kind.String() != c.kind || got != want {
				t.Errorf("\n got %v %+v\nwant %s %+v", p.Kind, got, c.kind, want)
			}
			if r.Count[p.Kind] != 1 {
				t.Errorf("count %v", r.Count)
			}
		})
	}
}

func TestStyleSheetsArePlacesOfProblems(t *testing.T) {
	r, err := Check(write(t, "index.html", "", "css/a.css", "a{}\n中 {b: url( 'x.png' )}"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Problem{{Missing, "css/a.css", 2, 13, "x.png", "/css/x.png", ""}}
	if !slices.Equal(r.Problems, want) {
		t.Errorf("got %+v", r.Problems)
	}
}

func TestBaseElementMovesRelativeAddresses(t *testing.T) {
	r, err := Check(write(t,
		"index.html", "", "a/index.html", "<p id=x>", "a/b.html", "",
		"p/own.html", `<a href=b.html><base href=/a/><base href=/c/><a href=#x><a href=#y><a href=?q><a href=../p/own.html>`,
		"p/far.html", `<base href=https://cdn.example/v1/><a href=x.js><a href=#y><a href=/p/far.html><a href=https://h.example/a/>`,
	), Options{BaseURL: "https://h.example/"})
	if err != nil {
		t.Fatal(err)
	}
	want := []Problem{{NoAnchor, "p/own.html", 1, 65, "#y", "/a/#y", ""}}
	if !slices.Equal(r.Problems, want) {
		t.Errorf("got %+v", r.Problems)
	}
	var external []string
	for _, e := range r.External {
		external = append(external, e.URL)
	}
	if got := strings.Join(external, " "); got != "https://cdn.example/p/far.html https://cdn.example/v1/ https://cdn.example/v1/x.js" {
		t.Errorf("external %s", got)
	}
}

func TestWithoutBaseAllAbsoluteAddressesAreExternal(t *testing.T) {
	r, err := Check(write(t, "index.html", `<a href=https://h.example/x><script src=http://h.example/y></script><a href=//h.example/z><a href=/w>`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.External) != 3 || len(r.Problems) != 1 || r.Problems[0].Target != "/w" {
		t.Errorf("%+v", r)
	}
}

func TestInternationalHostsAreOneWithTheirASCIIForm(t *testing.T) {
	r, err := Check(write(t, "index.html", `<a href=https://西河.example/><a href=https://xn--ovw572d.example/no>`), Options{BaseURL: "https://西河.example"})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.External) != 0 || len(r.Problems) != 1 || r.Problems[0].Target != "/no" {
		t.Errorf("%+v", r)
	}
}

func TestOlderEncodings(t *testing.T) {
	r, err := Check(write(t, "index.html", "<a href=\xb8\xbd\xbc\xfe.doc><a name=\xb8\xbd></a><a href=#\xb8\xbd>", "附件.doc", ""), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Problems) != 0 {
		t.Errorf("%+v", r.Problems)
	}
}

func TestSymbolicLinksAreFollowedOnce(t *testing.T) {
	dir := write(t, "index.html", `<a href=again/a/><a href=gone.txt>`, "a/index.html", `<a href=../file.txt>`, "f.txt", "")
	for name, to := range map[string]string{"again": ".", "file.txt": "f.txt", "gone.txt": "nowhere"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			if runtime.GOOS != "windows" { // where it takes a privilege
				t.Fatal(err)
			}
			t.Skip(err)
		}
	}
	r, err := Check(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Problems {
		if p.Target != "/gone.txt" && p.Target != "/again/gone.txt" && !strings.HasPrefix(p.Target, "/again/again/") {
			t.Errorf("%+v", p)
		}
	}
}

func TestProblemsListedAreLimitedNotCounted(t *testing.T) {
	var files []string
	for i := range 50 {
		files = append(files, fmt.Sprintf("%02d.html", i), "<a href=x>\n<a href=#y><a href=00.html#z>")
	}
	dir := write(t, files...)
	all, err := Check(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	some, err := Check(dir, Options{Most: 7, Jobs: 4})
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Problems) != 150 || len(some.Problems) != 7 || some.Count != all.Count || !slices.Equal(some.Problems, all.Problems[:7]) {
		t.Errorf("%d and %d problems, %v and %v", len(all.Problems), len(some.Problems), all.Count, some.Count)
	}
}

func TestErrors(t *testing.T) {
	for _, base := range []string{"ftp://x/", "/sub/", "https:///", "://"} {
		if _, err := Check(t.TempDir(), Options{BaseURL: base}); err == nil {
			t.Errorf("%s is taken for a base", base)
		}
	}
	if _, err := Check(filepath.Join(t.TempDir(), "none"), Options{}); !os.IsNotExist(err) && err == nil {
		t.Error("no error for a folder that is missing")
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"/": "/", "/a": "/a", "/a/": "/a/", "//a///b": "/a/b", "/a/./b/.": "/a/b/", "/a/../b": "/b", "/../../a/..": "/",
		"/a/b/..": "/a/", `\a\b`: "/a/b", "/a/.b/...": "/a/.b/...", "/..": "/", "//": "/",
	} {
		if got := string(clean([]byte(in))); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

// FuzzPage reads pages and style sheets without a disk: the fuzzer wants each run to do the same.
func FuzzPage(f *testing.F) {
	f.Add(good[1], "body{background:url(x)}", "sub/")
	f.Add(`<a href="../%2e%2e/\a#%41"><base href=//x><meta http-equiv=refresh content="0;url=x">`, "@import 'a", "")
	f.Fuzz(func(t *testing.T, doc, css, under string) {
		c := &checker{tree: &tree{index: map[string]int32{}}, seed: maphash.MakeSeed(), missed: map[string]int32{}}
		if c.setBase("https://h.example/"+under) != nil {
			t.Skip()
		}
		c.addFolder("")
		c.addFile("", "a.css")
		c.addFile("", "index.html")
		c.anchors = make([][]uint64, len(c.files))
		w := newWorker(c)
		for i, text := range []string{css, doc} {
			w.doc = []byte(text)
			w.text(int32(i))
			for _, fault := range w.faults {
				if fault.at < 0 || fault.length < 0 || int(fault.at+fault.length) > len(text) {
					t.Errorf("%+v in %d bytes", fault, len(text))
				}
			}
			w.faults = nil
		}
		n := newNearest(c)
		for _, target := range c.targets {
			n.judge(target)
			if near := n.near(target); near != "" && near == target {
				t.Errorf("%q is not there, but suggested", target)
			}
		}
	})
}
