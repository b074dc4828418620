package mend

import (
	"bytes"
	"strings"
	"testing"

	"gongkai/generator/finding"
	"gongkai/generator/source"
)

func fileAt(t testing.TB, path string) source.TextFile {
	t.Helper()
	f, ok := source.FileAt(path)
	if !ok {
		t.Fatalf("no text file at %s", path)
	}
	return f
}

const disclosurePath = "content/units/xihe/social-assistance/a.md"

// mendedForm returns the file after the mends of its form, and the rules that they answer.
func mendedForm(t testing.TB, path, raw string, wants func(*finding.Rule) bool) (string, []string) {
	t.Helper()
	r := &run{opt: Options{Wants: wants}, scanner: testScanner}
	f := &file{TextFile: fileAt(t, path), raw: []byte(raw), before: []byte(raw), original: []byte(raw)}
	r.mendForm(f)
	var rules []string
	for _, m := range f.mends {
		rules = append(rules, m.Rule.ID)
	}
	return string(f.raw), rules
}

var formCases = []struct {
	name, path, before, after, rules string
}{
	{"full-width colon", disclosurePath, "---\n标题：甲\n---\n", "---\n标题: 甲\n---\n", "GK112"},
	{"blanks around a full-width colon", disclosurePath, "---\n标题 ：　甲  \n---\n", "---\n标题: 甲  \n---\n", "GK112"},
	{"full-width colon without a value", disclosurePath, "---\n附件：\n  - a.pdf\n---\n", "---\n附件:\n  - a.pdf\n---\n", "GK112"},
	{"English key", disclosurePath, "---\ntitle：甲\n---\n", "---\ntitle: 甲\n---\n", "GK112"},
	{"value that is read as a key", disclosurePath, "---\n标题：关于: 甲\n---\n", "---\n标题: \"关于: 甲\"\n---\n", "GK112"},
	{"value that is read as a list", disclosurePath, "---\n文号：[2026]15号\n---\n", "---\n文号: \"[2026]15号\"\n---\n", "GK112"},
	{"list", disclosurePath, "---\n附件：[a.pdf, b.pdf]\n---\n", "---\n附件: [a.pdf, b.pdf]\n---\n", "GK112"},
	{"value in quotation marks", disclosurePath, "---\n标题：\"甲: 乙\"\n---\n", "---\n标题: \"甲: 乙\"\n---\n", "GK112"},
	{"quotation marks inside of a value", disclosurePath, "---\n标题：\"甲\"和\"乙\"\n---\n", "---\n标题: \"\\\"甲\\\"和\\\"乙\\\"\"\n---\n", "GK112"},
	{"value that begins with a mask", disclosurePath, "---\n标题：*甲\\乙\n---\n", "---\n标题: \"*甲\\\\乙\"\n---\n", "GK112"},
	{"comment behind the value", disclosurePath, "---\n标题：甲 # 注：乙\n---\n", "---\n标题: 甲 # 注：乙\n---\n", "GK112"},
	{"full-width colon in a group", disclosurePath, "---\n豁免：\n  - 规则：GK6\n    理由：试用\n    截止：2026-12-31\n---\n", "---\n豁免:\n  - 规则: GK6\n    理由: 试用\n    截止: 2026-12-31\n---\n", "GK112 GK112 GK112 GK112"},
	{"group that is not indented", disclosurePath, "---\n豁免:\n- 规则：GK6\n  理由: 试用\n---\n", "---\n豁免:\n- 规则: GK6\n  理由: 试用\n---\n", "GK112"},
	{"full-width colon inside of a value", disclosurePath, "---\n标题: 甲：乙\n摘要: |\n  标题：丙\n---\n标题：丁\n", "---\n标题: 甲：乙\n摘要: |\n  标题：丙\n---\n标题：丁\n", ""},
	{"unknown key", disclosurePath, "---\n标体：甲\n---\n", "---\n标体：甲\n---\n", ""},
	{"missing space", disclosurePath, "---\n标题:甲\n---\n", "---\n标题: 甲\n---\n", "GK114"},
	{"missing space before a bracket", disclosurePath, "---\n文号:[2026]15号\n---\n", "---\n文号: \"[2026]15号\"\n---\n", "GK114"},
	{"missing space in a group", disclosurePath, "---\n豁免:\n  - 规则:GK6\n    理由: 试用\n---\n", "---\n豁免:\n  - 规则: GK6\n    理由: 试用\n---\n", "GK114"},
	{"colon of a time", disclosurePath, "---\n发布日期: 2026-10-12 09:30\n---\n", "---\n发布日期: 2026-10-12 09:30\n---\n", ""},
	{"tabs", disclosurePath, "---\n附件:\n\t- a.pdf\n \t - b.pdf\n---\n\t正文\n", "---\n附件:\n  - a.pdf\n    - b.pdf\n---\n\t正文\n", "GK113 GK113"},
	{"tab inside of a line", disclosurePath, "---\n标题: 甲\t乙\n---\n", "---\n标题: 甲\t乙\n---\n", ""},
	{"full-width fences", disclosurePath, "－－－\n标题: 甲\n———\n正文\n", "---\n标题: 甲\n---\n正文\n", "GK110 GK111"},
	{"long fences", disclosurePath, "-----\n标题: 甲\n----  \n正文\n----\n", "---\n标题: 甲\n---\n正文\n----\n", "GK110 GK111"},
	{"two dashes of the input method", disclosurePath, "——\n标题: 甲\n——\n正文\n", "---\n标题: 甲\n---\n正文\n", "GK110 GK111"},
	{"closing fence before a rule of the text", disclosurePath, "---\n标题: 甲\n－－－\n正文\n\n---\n\n末尾\n", "---\n标题: 甲\n---\n正文\n\n---\n\n末尾\n", "GK111"},
	{"no closing fence", disclosurePath, "－－－\n标题：甲\n正文\n", "－－－\n标题：甲\n正文\n", ""},
	{"rule of a text without front matter", disclosurePath, "正文\n－－－\n标题：甲\n－－－\n", "正文\n－－－\n标题：甲\n－－－\n", ""},
	{"rules below the front matter", disclosurePath, "---\n标题: 甲\n---\n———\n- a\n----\n", "---\n标题: 甲\n---\n———\n- a\n----\n", ""},
	{"entry without a value", disclosurePath, "---\n附件:\n-\n- a.pdf\n---\n", "---\n附件:\n-\n- a.pdf\n---\n", ""},
	{"settings", "content/site.yaml", "名称：区\n栏目更新期限：\n\t- 栏目：首页\n\t  天数:14\n", "名称: 区\n栏目更新期限:\n  - 栏目: 首页\n    天数: 14\n", "GK112 GK112 GK113 GK112 GK113 GK114"},
	{"catalog", "content/fields/01-a.md", "---\ntitle：甲\n---\n## 乙\n- 公开内容:丙\n", "---\ntitle: 甲\n---\n## 乙\n- 公开内容:丙\n", "GK112"},
	{"calendar", "content/workdays.csv", "date,kind,name\n\t标题：甲\n", "date,kind,name\n\t标题：甲\n", ""},
}

// Every mend of the form gives the text that is written out here, the same with the line ends and the byte order mark of Windows, and nothing more when it is
// run again.
func TestForm(t *testing.T) {
	for _, c := range formCases {
		for variant, change := range map[string]func(string) string{
			"plain": func(s string) string { return s },
			"CRLF":  func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
			"BOM":   func(s string) string { return "\ufeff" + s },
			"mixed": func(s string) string { return "\ufeff" + strings.Replace(s, "\n", "\r\n", 1) },
			"open":  func(s string) string { return strings.TrimSuffix(s, "\n") },
		} {
			got, rules := mendedForm(t, c.path, change(c.before), nil)
			if want := change(c.after); got != want {
				t.Errorf("%s (%s):\n got %q\nwant %q", c.name, variant, got, want)
			}
			if variant == "plain" && strings.Join(rules, " ") != c.rules {
				t.Errorf("%s: answers %v, want %s", c.name, rules, c.rules)
			}
			if again, rules := mendedForm(t, c.path, got, nil); again != got || len(rules) > 0 {
				t.Errorf("%s (%s): a second run makes %q of %q", c.name, variant, again, got)
			}
		}
	}
}

func TestFormMendsOnlyWhatIsWanted(t *testing.T) {
	before := "－－－\n标题：甲\n事项:乙\n\t附件: [a]\n---\n"
	for rule, after := range map[string]string{
		"GK110": "---\n标题：甲\n事项:乙\n\t附件: [a]\n---\n",
		"GK112": "－－－\n标题: 甲\n事项:乙\n\t附件: [a]\n---\n",
		"GK113": "－－－\n标题：甲\n事项:乙\n  附件: [a]\n---\n",
		"GK114": "－－－\n标题：甲\n事项: 乙\n\t附件: [a]\n---\n",
	} {
		if got, _ := mendedForm(t, disclosurePath, before, func(r *finding.Rule) bool { return r.ID == rule }); got != after {
			t.Errorf("%s: %q, want %q", rule, got, after)
		}
	}
}

// FuzzForm holds that mends of the form end, that a file is read no worse after them, and that a file that can be read says the same. The file is made of lines
// that are chosen and of a rest.
func FuzzForm(f *testing.F) {
	for _, c := range formCases {
		f.Add([]byte{}, c.before)
	}
	for _, choice := range seeds {
		f.Add(choice, "\ufeff---\r\n标题：\"甲\r\n\t- 规则：x\r\n———\r\n")
	}
	f.Fuzz(func(t *testing.T, choice []byte, rest string) { checkForm(t, linesOf(choice)+rest) })
}

func checkForm(t *testing.T, raw string) {
	for _, path := range []string{disclosurePath, "content/site.yaml"} {
		file := fileAt(t, path)
		got, _ := mendedForm(t, path, raw, nil)
		before, after := file.Read([]byte(raw)), file.Read([]byte(got))
		if after.Stage < before.Stage || after.Stage == before.Stage && after.Errors() > before.Errors() {
			t.Errorf("%q is read worse as %q", raw, got)
		}
		if differ := before.Differs(after); before.Stage == source.Whole && len(differ) > 0 {
			t.Errorf("%q says something else as %q: %v", raw, got, differ)
		}
		if again, _ := mendedForm(t, path, got, nil); again != got {
			t.Errorf("%q becomes %q, and then %q", raw, got, again)
		}
	}
}

// FuzzApplyRaw holds that edits of the clean text are the same edits of the file's bytes, and that what is not edited stays byte by byte.
func FuzzApplyRaw(f *testing.F) {
	f.Add("\ufeff一\r\n二\n三", uint16(1), uint16(4), "x\n", uint16(5), uint16(6))
	f.Add("\r\n\r\n", uint16(0), uint16(1), "", uint16(1), uint16(2))
	f.Fuzz(func(t *testing.T, text string, a, b uint16, insert string, c, d uint16) {
		raw := []byte(text)
		clean, ok := source.CleanText(raw)
		if !ok || strings.ContainsAny(insert, "\r\x00") || strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\r") {
			return
		}
		n := uint16(min(len(clean), 1<<15)) + 1
		edits := sortEdits([]edit{{start: int(min(a%n, b%n)), end: int(max(a%n, b%n)), text: insert}, {start: int(min(c%n, d%n)), end: int(max(c%n, d%n)), text: insert}})
		got := applyRaw(raw, edits)
		if again, ok := source.CleanText(got); ok && !bytes.Equal(again, splice(clean, edits)) && !bytes.HasPrefix(clean, utf8BOM) && !strings.HasPrefix(insert, "\ufeff") {
			t.Errorf("%q with %+v is %q", raw, edits, got)
		}
		for i := range edits {
			edits[i].text = string(clean[edits[i].start:edits[i].end])
			if strings.Contains(edits[i].text, "\n") {
				return
			}
		}
		if got := applyRaw(raw, edits); !bytes.Equal(got, raw) {
			t.Errorf("%q with itself is %q", raw, got)
		}
	})
}
