package source

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

func disclosureFile(t testing.TB) TextFile {
	t.Helper()
	f, ok := FileAt("content/units/xihe/social-assistance/a.md")
	if !ok {
		t.Fatal("no place for a disclosure")
	}
	return f
}

func TestFileAtAgreesWithTheWalk(t *testing.T) {
	files, err := TextFiles("../..")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 200 {
		t.Fatalf("%d files", len(files))
	}
	for _, f := range files {
		if at, ok := FileAt(f.Path); !ok || at != f {
			t.Errorf("%s: by its place %+v, by the walk %+v", f.Path, at, f)
		}
	}
	for _, p := range []string{"README.md", "content/a.md", "content/fields/x/a.md", "content/units/a.md", "content/units/xihe/a.md", "content/units/xihe/f/sub/a.md",
		"content/units/xihe/f/a.csv", "content/indicators.yaml", "content/../site.yaml", "content"} {
		if f, ok := FileAt(p); ok {
			t.Errorf("%s is no text file, got %+v", p, f)
		}
	}
}

func TestDecode(t *testing.T) {
	const text = "---\r\n标题: 关于低保名单的公示\r\n---\r\n正文，共3户；申请人：欧阳某某。\r\n"
	encode := func(b []byte, err error) []byte {
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	gb := encode(simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text)))
	little := encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text)))
	big := encode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text)))
	traditional := encode(traditionalchinese.Big5.NewEncoder().Bytes([]byte("標題：關於低收入戶名單的公示，正文共三戶。")))
	damaged := []byte(strings.Replace(text, "名单", "名\xe5\x8d", 1))
	for _, c := range []struct {
		name string
		raw  []byte
		want string
	}{
		{"GB18030", gb, "GB18030"},
		{"UTF-16 little", little, "UTF-16"},
		{"UTF-16 big", big, "UTF-16"},
		{"UTF-8 is no case for it", []byte(text), ""},
		{"an odd byte at the end", little[:len(little)-1], ""},
		{"no UTF-16 behind its mark", append([]byte("\xff\xfe"), text...), ""},
		{"another encoding", traditional, ""},
		{"a damaged file", damaged, ""},
		{"NUL", append(slices.Clone(gb), 0), ""},
		{"a picture", []byte("\x89PNG\r\n\x1a\n\xff\xd8\xff\xe0"), ""},
	} {
		got, name, ok := Decode(c.raw)
		if ok != (c.want != "") || name != c.want && ok {
			t.Errorf("%s: %q %v", c.name, name, ok)
		}
		if ok && string(got) != text {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

func TestKeysSayWhereTextsStand(t *testing.T) {
	f := disclosureFile(t)
	text := []byte("---\n标题: \"甲（2026）\"\nitem: 低保/名单 # 注\n成文日期: '2026/1/5'\n附件: [a.xlsx, \"b, c.pdf\"]\n关键词:\n  - 一\n  - 二\n豁免:\n  - 规则: GK5\n    理由: 试用\n    截止: 2026-12-31\n摘要: |\n  几行\n  文字\n未知: x\n---\n正文\n")
	keys, ok := f.Keys(text)
	if !ok {
		t.Fatal("not read")
	}
	var names, scalars []string
	each := func(k Key) {
		names = append(names, k.Name)
		if got := string(text[k.At : k.At+len(k.Written)]); got != k.Written {
			t.Errorf("key %q stands at %q", k.Written, got)
		}
		for _, s := range k.Scalars {
			if s.Start < 0 {
				scalars = append(scalars, "-")
				continue
			}
			if got := string(text[s.Start:s.End]); got != s.Text {
				t.Errorf("%q stands at %q", s.Text, got)
			}
			scalars = append(scalars, s.Text)
		}
	}
	for _, k := range keys {
		each(k)
		for _, g := range k.Groups {
			for _, sub := range g {
				each(sub)
			}
		}
	}
	if got := strings.Join(names, " "); got != "title item formed attachments keywords allow rule reason until summary " {
		t.Errorf("keys %q", got)
	}
	if got := strings.Join(scalars, "|"); got != "甲（2026）|低保/名单|2026/1/5|a.xlsx|b, c.pdf|一|二|GK5|试用|2026-12-31|-|x" {
		t.Errorf("texts %q", got)
	}
}

func TestDiffersLooksAtWhatIsSaid(t *testing.T) {
	disclosure := disclosureFile(t)
	field, _ := FileAt("content/fields/20-a.md")
	for _, c := range []struct {
		name string
		file TextFile
		a, b string
		want string
	}{
		{"names and order of keys", disclosure, "---\n标题: 甲\nitem: 乙\n---\n文\n", "---\nitem: 乙\ntitle:  甲\n---\n\n文", ""},
		{"a value", disclosure, "---\n标题: 甲\n---\n文\n", "---\n标题: 丙\n---\n文\n", "title"},
		{"a key more", disclosure, "---\n标题: 甲\n---\n文\n", "---\n标题: 甲\n文号: 丙\n---\n文\n", "docno"},
		{"an unknown key", disclosure, "---\n标体: 甲\n---\n", "---\n标体: 乙\n---\n", "?标体"},
		{"the text", disclosure, "---\n标题: 甲\n---\n文\n", "---\n标题: 甲\n---\n文 字\n", BodyPart},
		{"a group", disclosure, "---\n豁免:\n  - 规则: GK5\n---\n", "---\nallow:\n  - rule: GK6\n---\n", "allow"},
		{"names in a group", disclosure, "---\n豁免:\n  - 规则: GK5\n---\n", "---\nallow:\n  - rule: GK5\n---\n", ""},
		{"order and separators of columns", field, "---\n---\n## 甲\n- 公开时限:1日\n- 公开内容: 一; 二\n", "---\n---\n\n## 甲\n- 公开内容：一；二\n- 公开时限：1日\n", ""},
		{"a cell", field, "---\n---\n## 甲\n- 公开内容：一\n", "---\n---\n## 甲\n- 公开内容：二\n", BodyPart},
		{"an item", field, "---\n---\n## 甲\n", "---\n---\n## 乙\n", BodyPart},
		{"a comment in a catalog", field, "---\n---\n<!-- 注 -->\n## 甲\n", "---\n---\n## 甲\n", BodyPart},
	} {
		a, b := c.file.Read([]byte(c.a)), c.file.Read([]byte(c.b))
		if got := strings.Join(a.Differs(b), " "); got != c.want {
			t.Errorf("%s: differs in %q, want %q", c.name, got, c.want)
		}
	}
}

func TestReadSaysHowFarATextCanBeRead(t *testing.T) {
	f := disclosureFile(t)
	for _, c := range []struct {
		text   string
		stage  Stage
		errors int
	}{
		{"\xff\xfe", NoText, 1},
		{"文\n", NoFront, 1},
		{"---\n标题: 甲\n", NoFront, 1},
		{"---\n标题：甲\n事项：乙\n---\n", NoKeys, 2},
		{"---\n标题: \"甲\n---\n", NoKeys, 1},
		{"---\n标体: 甲\n---\n", Whole, 1},
		{"---\n豁免:\n  - 规责: GK5\n---\n", Whole, 1},
		{"---\n标题: 甲\n---\n", Whole, 0},
	} {
		r := f.Read([]byte(c.text))
		if r.Stage != c.stage || r.Errors() != c.errors {
			t.Errorf("%q: stage %d with %d errors, want %d with %d", c.text, r.Stage, r.Errors(), c.stage, c.errors)
		}
	}
}

// FuzzKeys holds that every text that has a place stands there, and that a text differs in nothing from itself.
func FuzzKeys(f *testing.F) {
	f.Add("---\n标题: \"甲\"\nitem: 'a''b'\n附件: [a, \"b\", 'c']\n豁免:\n  - {规则: GK5, 理由: x}\n---\n正文\n")
	f.Add("---\n? a\n: b\n\"标题\" : 甲\n摘要: >\n  一\n\n  二\n---")
	f.Add("---\n标题: &a 甲\n文号: *a\n日期: !!str 1\n---\n")
	f.Fuzz(func(t *testing.T, text string) {
		clean, ok := CleanText([]byte(text))
		if !ok {
			return
		}
		file := disclosureFile(t)
		if r := file.Read(clean); len(r.Differs(file.Read(clean))) > 0 {
			t.Errorf("%q differs from itself", clean)
		}
		keys, _ := file.Keys(clean)
		for _, k := range keys {
			for _, s := range k.Scalars {
				if s.Start >= 0 && string(clean[s.Start:s.End]) != s.Text {
					t.Errorf("%q: %q stands at %q", clean, s.Text, clean[s.Start:s.End])
				}
			}
		}
	})
}

// FuzzDecode holds that what is decoded is a text, and that a text in GB18030 is the same when it is encoded again.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("\xff\xfe\x2d\x00\x07\x68"))
	f.Add([]byte("\xb1\xea\xcc\xe2: \xb5\xcd\xb1\xa3"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		text, name, ok := Decode(raw)
		if !ok {
			return
		}
		if _, ok := CleanText(text); !ok {
			t.Errorf("%q of %s is no text: %q", raw, name, text)
		}
		if name == "GB18030" {
			back, err := simplifiedchinese.GB18030.NewEncoder().Bytes(text)
			if again, _, ok := Decode(back); err != nil || !ok || !bytes.Equal(again, text) {
				t.Errorf("%q came back as %q: %v", text, again, err)
			}
		}
	})
}
