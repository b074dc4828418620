package links

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestUnescape(t *testing.T) {
	for in, want := range map[string]string{
		"/a/":                   "/a/",
		"?a=1&amp;b=2":          "?a=1&b=2",
		"?a=1&b=2":              "?a=1&b=2",
		"?a=1&copy=2&currentx=": "?a=1&copy=2&currentx=",
		"?a&lt":                 "?a<",
		"&notit;":               "&notit;",
		"&#20013;&#x6587;":      "中文",
		"a&":                    "a&",
		"&;&#;&&amp;":           "&;&#;&&",
		"&semi;":                ";",
		"&Eacute;":              "É",
	} {
		if got := string(Unescape([]byte(in))); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestTags(t *testing.T) {
	for _, c := range []struct{ doc, want string }{
		{"<p>x<p class=a>", "4:p[class=a@13]"},
		{"<!--><a b=c>", "5:a[b=c@10]"},
		{"<!---><a b=c><!-- --!><a b=c>", "6:a[b=c@11] 22:a[b=c@27]"},
		{"<!-- -- -> <a b=c>", ""},
		{"<style>a<b c=d></style><i j>", "0:style{a<b c=d>} 23:i[j]"},
		{"<style></styled><a b=c></STYLE ><a d=e>", "0:style{</styled><a b=c>} 32:a[d=e@37]"},
		{"<iframe><a b=c></iframe><xmp><a b=c>", ""},
		{"<a =b=c>", "0:a[=b=c@6]"},
		{"<a b = 'c\"d' e=f/>", "0:a[b=c\"d@8 e=f/@15]"},
		{"<a b=c d='", ""},
		{"<a b=c B=d b>", "0:a[b=c@5]"}, // browsers take the first
	} {
		var got []string
		Tags([]byte(c.doc), func(tag *Tag) {
			var parts []string
			for _, a := range tag.Attributes {
				part := string(a.Name)
				if a.Value != nil {
					part = fmt.Sprintf("%s=%s@%d", a.Name, a.Value, a.At)
				}
				parts = append(parts, part)
			}
			s := fmt.Sprintf("%d:%s", tag.At, tag.Name)
			if len(parts) > 0 {
				s += "[" + strings.Join(parts, " ") + "]"
			}
			if tag.Text != nil {
				s += "{" + string(tag.Text) + "}"
			}
			got = append(got, s)
		})
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.doc, strings.Join(got, " "), c.want)
		}
	}
}

func TestCandidates(t *testing.T) {
	for in, want := range map[string]string{
		"":                                "",
		"a.png":                           "a.png",
		"a.png 1x, b.png 2x":              "a.png b.png",
		" a.png , b.png 100w ,":           "a.png b.png",
		"a,b.png 1x,c.png":                "a,b.png c.png",
		"data:image/png;base64,AA== 1x,b": "data:image/png;base64,AA== b",
		"a (x, y) 1x, b":                  "a b",
		"a.png,b.png":                     "a.png,b.png", // one address, as browsers see it
		"a.png, b.png":                    "a.png b.png",
		"一.png\t1x,\n二.png 2x, , ,三.png    ": "一.png 二.png 三.png",
	} {
		var got []string
		Candidates([]byte(in), func(address []byte, at int) {
			if !strings.HasPrefix(in[at:], string(address)) {
				t.Errorf("%q: %q is not at %d", in, address, at)
			}
			got = append(got, string(address))
		})
		if strings.Join(got, " ") != want {
			t.Errorf("%q\n got %q\nwant %q", in, got, want)
		}
	}
}

func TestRefresh(t *testing.T) {
	for in, want := range map[string]string{
		"5; url=/new/":     "/new/",
		"0;URL='/new/'":    "/new/",
		"0; url=\"/a b\"x": "/a b",
		"0, /new/":         "/new/",
		"0 /new/":          "/new/",
		".5;url = /new/ ":  "/new/",
		"0;urlx":           "urlx",
		"0;url='/open":     "/open",
		"5":                "",
		"5;":               "",
		"url=/new/":        "",
		"5url=/new/":       "",
		"":                 "",
	} {
		address, at, ok := Refresh([]byte(in))
		if string(address) != want || ok != (want != "") || !strings.HasPrefix(in[at:], want) {
			t.Errorf("%q: got %q at %d, %v; want %q", in, address, at, ok, want)
		}
	}
}

func TestStyles(t *testing.T) {
	for in, want := range map[string]string{
		"a{background:url(a.png)}":                          "a.png",
		"a{background:URL( 'a b.png' )}":                    "a b.png",
		`a{background:url("a)b.png") , url( c.png )}`:       "a)b.png|c.png",
		`@import "a.css"; @import url(b.css) print;`:        "a.css|b.css",
		`@charset "utf-8"; a::after{content:"url(x)"}`:      "",
		"/* url(a) */ a{b:url(/* )}":                        "/*",
		`@namespace svg url(http://www.w3.org/2000/svg);`:   "",
		`@namespace "http://x"; a{b:url(c)}`:                "c",
		`a{b:url(a\ b\2e png)}`:                             "a b.png",
		`a{b:url("\4e2d 文.png")}`:                           "中文.png",
		"a{b:curl(x) url (y) my-url(z)}":                    "",
		"@font-face{src:url(a.woff2)format('woff2'),url(b)": "a.woff2|b",
		`a{b:url(data:image/png;base64,AA==)}`:              "data:image/png;base64,AA==",
		`a{b:src("x.png") src(var(--y))}`:                   "x.png",
		"a{b:url(":                                          "",
		"@import 'a":                                        "a",
		"a{b:url()}":                                        "",
		`a{b:image-set("a.avif" type("image/avif"), url(b.png) 2x, 'c.png' 1x)} d{e:"f"}`: "a.avif|b.png|c.png",
		`a{b:-webkit-image-set(url( "a b.png" ) 1x, "c.png" 2x);content:"d"}`:             "a b.png|c.png",
		`a{b:linear-gradient(image-set("a.png")),"b"}`:                                    "a.png",
	} {
		var got []string
		Styles([]byte(in), func(address []byte, at, end int) { got = append(got, string(address)) })
		if strings.Join(got, "|") != want {
			t.Errorf("%s\n got %q\nwant %q", in, got, want)
		}
	}
}

func FuzzTags(f *testing.F) {
	f.Add(`<a href="/a/" id=x><script></script><!-- --!> <style>a{b:url(c)}</style><img srcset="a 1x, b">`)
	f.Fuzz(func(t *testing.T, doc string) {
		last := -1
		Tags([]byte(doc), func(tag *Tag) {
			if tag.At <= last || doc[tag.At] != '<' || !strings.HasPrefix(doc[tag.At+1:], string(tag.Name)) {
				t.Fatalf("tag %q at %d, after %d", tag.Name, tag.At, last)
			}
			last = tag.At
			for _, a := range tag.Attributes {
				if a.Value != nil && !strings.HasPrefix(doc[a.At:], string(a.Value)) {
					t.Errorf("%q is not at %d", a.Value, a.At)
				}
			}
			if tag.Text != nil && !strings.HasPrefix(doc[tag.TextAt:], string(tag.Text)) {
				t.Errorf("text %q is not at %d", tag.Text, tag.TextAt)
			}
		})
	})
}

func FuzzUnescape(f *testing.F) {
	f.Add("?a=1&amp;b=2&copy=3&#x4e2d;&notit;")
	f.Fuzz(func(t *testing.T, value string) {
		got := string(Unescape([]byte(value)))
		if !strings.Contains(value, "&") && got != value {
			t.Errorf("%q became %q", value, got)
		}
	})
}

func FuzzCandidates(f *testing.F) {
	f.Add("a.png 1x, data:image/png;base64,AA== 2x, (b")
	f.Fuzz(func(t *testing.T, srcset string) {
		end := 0
		Candidates([]byte(srcset), func(address []byte, at int) {
			if len(address) == 0 || at < end || !strings.HasPrefix(srcset[at:], string(address)) || strings.ContainsAny(string(address), " \t\r\n\f") {
				t.Fatalf("%q: %q at %d, after %d", srcset, address, at, end)
			}
			end = at + len(address)
		})
	})
}

func FuzzRefresh(f *testing.F) {
	f.Add("5; url='/new/'")
	f.Fuzz(func(t *testing.T, content string) {
		address, at, ok := Refresh([]byte(content))
		if ok && !strings.HasPrefix(content[at:], string(address)) {
			t.Errorf("%q: %q is not at %d", content, address, at)
		}
	})
}

func FuzzStyles(f *testing.F) {
	f.Add(`@import "a.css"; @namespace url(x); a{b:url( 'c\'d' ) url(\2e e) /* */ src("f")}`)
	f.Fuzz(func(t *testing.T, css string) {
		n := 0
		var offsets []int
		Styles([]byte(css), func(address []byte, at, end int) {
			n++
			offsets = append(offsets, at)
			if at > end || end > len(css) {
				t.Errorf("from %d to %d in %d bytes", at, end, len(css))
			}
		})
		if n > len(css) || !slices.IsSorted(offsets) {
			t.Errorf("%d addresses at %v in %d bytes", n, offsets, len(css))
		}
	})
}
