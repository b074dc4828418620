package mend

import (
	"net/url"
	"strings"
	"testing"

	"gongkai/generator/finding"
)

func TestDestinations(t *testing.T) {
	for text, want := range map[string]string{
		"[a](b.md)":              "b.md",
		"[a]( <b c.md> \"t\")":   "b c.md",
		"[a](b(1).md 't')":       "b(1).md",
		"[a](\n b.md\n)":         "b.md",
		"[a](b\\).md)":           "", // escapes are left to people
		"[a](b.md":               "",
		"[a](<b\n>)":             "",
		"[a]()":                  "",
		"[甲[乙](x)](b.md)":        "b.md",
		"[`]`](b.md)":            "b.md",
		"[a\\](b.md)":            "",
		"[a][b]":                 "",
		"![图](图 片.png)":          "图",
		"[a\n\nb](c.md)":         "",
		"[a](b.md#二-要求?x=1%20y)": "b.md#二-要求?x=1%20y",
	} {
		r := &round{base: &url.URL{Scheme: "https", Host: "a.example", Path: "/"}}
		x := &textFile{file: &file{TextFile: fileAt(t, disclosurePath)}, text: []byte(text)}
		got := ""
		if l, ok := r.linkAt(x, finding.Finding{Position: finding.Position{Line: 1, Column: 1}}); ok {
			got = text[l.at.start:l.at.end]
		}
		if got != want {
			t.Errorf("%q leads to %q, want %q", text, got, want)
		}
	}
}

// FuzzLinks holds that whatever stands at a place is read without trouble, and that a path survives being written.
func FuzzLinks(f *testing.F) {
	f.Add("见[指南](2026-10-god.md#一 \"t\")", 1, 2)
	f.Add("![图](<a b.png>)\n[x]: y\n<z>[`a`](https://a.example/p/%25?q#r)", 2, 7)
	r := &round{base: &url.URL{Scheme: "https", Host: "a.example", Path: "/p/"}}
	f.Fuzz(func(t *testing.T, text string, line, column int) {
		x := &textFile{file: &file{TextFile: fileAt(t, disclosurePath)}, text: []byte(text)}
		for _, s := range addressesIn(x.text) {
			if s.start < 0 || s.end < s.start || s.end > len(text) {
				t.Errorf("%q: address at %+v", text, s)
			}
		}
		l, ok := r.linkAt(x, finding.Finding{Position: finding.Position{Line: line, Column: column}})
		if !ok {
			return
		}
		if l.at.start < 0 || l.at.end <= l.at.start || l.at.end > len(text) {
			t.Errorf("%q: link at %+v", text, l.at)
		}
		again := link{angled: l.angled}
		if written := l.escape(l.path); r.read(&again, written) && again.origin == "" && again.path != l.path && !strings.Contains(written, "://") {
			t.Errorf("%q is written %q and read %q", l.path, written, again.path)
		}
	})
}

func FuzzPast(f *testing.F) {
	f.Add([]byte("\x01c3\x00\x00R100\x00b.md\x00c.md\x00D\x00a.csv\x00"))
	f.Fuzz(func(t *testing.T, log []byte) {
		p := &past{renamed: map[string]string{}, deleted: map[string]string{}}
		p.read(log)
		if p.today("") != "" && !strings.Contains(string(log), "\x00\x00") {
			t.Errorf("a file without a name is called %q today", p.today(""))
		}
	})
}
