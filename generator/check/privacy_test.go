package check

import (
	"fmt"
	"strings"
	"testing"

	"gongkai/generator/calendar"
	"gongkai/generator/privacy"
)

func TestPersonalDataInNames(t *testing.T) {
	s := privacy.NewScanner(calendar.NewDate(2026, 11, 23))
	for name, want := range map[string]string{
		"content/units/xihe/13800138000.txt": "mobile",
		"张三_13800000001.tar.gz":              "mobile",
		"13800000001_张三.xlsx":                "mobile",
		"1.张三440203198001011237":             "id-number",
		"名单/440203198001011237/":             "id-number",
		"张三440203198001011237.jpg":           "id-number",
		"440203198001011237.7z":              "id-number",
		"西河府〔2026〕15号.pdf":                   "",
		"P020260512587461234567.docx":        "",
		"t20260512_13800000001.htm":          "",
		"微信图片_20260512093015.jpg":            "",
		"IMG_20260512_093015.jpg":            "",
		"440203********1237.jpg":             "",
	} {
		var got []string
		for _, m := range inName(s, name) {
			got = append(got, m.Kind.String())
		}
		if strings.Join(got, ",") != want {
			t.Errorf("%s: got %v, want %q", name, got, want)
		}
		if shown := concealed(s, name); want != "" && (strings.Contains(shown, "13800") || strings.Contains(shown, "198001011237")) {
			t.Errorf("%s is shown as %s", name, shown)
		}
	}
}

func TestFileLinks(t *testing.T) {
	text := "甲[一](a.xlsx)、![图](<b c.png> \"t\")\n\n[二](../x/%E4%B8%80.pdf#page=2) [三](名单(1).csv) [四](other.md) [五](https://example.org/a.zip)\n[六](/xihe/f/g.doc) [七][7] [八](/pages/h.pdf) [九](dir/)\n\n[7]: c.ofd\n"
	got := ""
	for _, l := range fileLinks("content/units/xihe/f/a.md", []byte(text)) {
		got += fmt.Sprintf("%d:%d %s\n", l.at.Line, l.at.Column, strings.TrimPrefix(l.file, "content/"))
	}
	want := `1:4 units/xihe/f/a.xlsx
1:17 units/xihe/f/b c.png
3:3 units/xihe/x/一.pdf
3:34 units/xihe/f/名单(1).csv
4:3 units/xihe/f/g.doc
4:29 pages/h.pdf
6:1 units/xihe/f/c.ofd
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
