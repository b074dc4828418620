package markdown

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"gongkai/generator/links"
)

// TestCases runs testdata/cases.txt: a title, Markdown, >>>, HTML, and a line "! line:column rule" for each finding.
func TestCases(t *testing.T) {
	text, err := os.ReadFile("testdata/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	r := New()
	for _, c := range strings.Split(string(text), "===\n") {
		title, rest, _ := strings.Cut(c, "\n")
		source, want, found := strings.Cut(rest, ">>>\n")
		if !found {
			t.Fatalf("%s: no >>>", title)
		}
		want = strings.TrimSuffix(want, "\n")
		t.Run(strings.TrimPrefix(title, "# "), func(t *testing.T) {
			result := r.Render("a.md", []byte(source), 1, nil)
			got := result.HTML
			for _, f := range result.Findings {
				got += fmt.Sprintf("\n! %d:%d %s", f.Position.Line, f.Position.Column, f.Rule.ID)
			}
			if got != want {
				t.Errorf("%s\n got: %q\nwant: %q", source, got, want)
			}
		})
	}
}

func TestALeadHasNoTables(t *testing.T) {
	r := New()
	long := strings.Repeat("现将有关情况公告如下，", 40)
	for source, want := range map[string]string{
		"名单公布如下。\n\n|序号|姓名|\n|-|-|\n|1|张*|\n\n特此公告。": "名单公布如下。\n特此公告。",
		"|序号|\n|-|\n|1|\n":           "",
		"一、总则\n":                     "一、总则",
		"":                           "",
		long:                         long[:600],
		"|序号|\n|-|\n|1|\n\n甲" + long: ("甲" + long)[:600],
	} {
		if got := r.Render("a.md", []byte(source), 1, nil).Lead; got != want {
			t.Errorf("%q\n got %q\nwant %q", source, got, want)
		}
	}
}

// FuzzRender holds what must be true of any text: no tag but our own gets through, nothing that runs code is linked, no
// finding lies outside of the text, and every letter of a plain text is still there.
func FuzzRender(f *testing.F) {
	text, err := os.ReadFile("testdata/cases.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range strings.Split(string(text), "===\n") {
		_, rest, _ := strings.Cut(c, "\n")
		source, _, _ := strings.Cut(rest, ">>>\n")
		f.Add(source)
	}
	r := New()
	own := regexp.MustCompile(`</?(p|h[2-6]|ul|ol|li|blockquote|pre|code|hr|br|strong|em|a|img|div|table|thead|tbody|tr|th|td)[ >]`)
	f.Fuzz(func(t *testing.T, source string) {
		if !utf8.ValidString(source) || strings.ContainsAny(source, "\x00\r") {
			return // the reader of files refuses such bytes
		}
		result := r.Render("a.md", []byte(source), 1, nil)
		html := result.HTML
		if !utf8.ValidString(html) {
			t.Errorf("not UTF-8: %q", html)
		}
		if rest := own.ReplaceAllString(html, ""); strings.Contains(rest, "<") {
			t.Errorf("a foreign tag: %q", html)
		}
		links.Scan([]byte(result.HTML), func(kind links.UseKind, value []byte) {
			if kind != links.Anchor && unsafe(string(value)) {
				t.Errorf("an unsafe address: %q", value)
			}
		})
		for _, x := range result.Findings {
			if lines := strings.Count(source, "\n") + 1; x.Position.Line < 1 || x.Position.Line > lines || x.Position.Column < 1 {
				t.Errorf("position %v outside of %d lines", x.Position, lines)
			}
		}
		if plain(source) && letters(result.Text) != letters(source) {
			t.Errorf("letters lost: %q became %q", source, result.Text)
		}
	})
}

// plain reports whether a text has no mark that Markdown may take away with letters in it.
func plain(s string) bool { return !strings.ContainsAny(s, "<>[]()&`~\\!:|#0123456789") }

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
}
