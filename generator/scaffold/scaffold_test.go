package scaffold

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"gongkai/generator/audit"
	"gongkai/generator/calendar"
	"gongkai/generator/site"
	"gongkai/generator/source"
)

var options = []Option{
	{Value: "xihe", Label: "西河镇"}, {Value: "xilian", Label: "西联镇"}, {Value: "最低生活保障/审批信息", Label: "最低生活保障/审批信息", Also: []string{"低保", "吃低保"}},
	{Value: "最低生活保障/办事指南", Label: "最低生活保障/办事指南", Also: []string{"低保", "吃低保"}}, {Value: "urban-planning", Label: "城乡规划"},
}

func TestMatch(t *testing.T) {
	for typed, want := range map[string][]int{
		"2": {1}, "9": nil, "": nil, " XIHE ": {0}, "西河": {0}, "西": {0, 1}, "审批": {2}, "shenpi": {2}, "sp": {2}, "shenp": {2}, "xh": {0}, "xi he": {0}, "xl": {1},
		"低保": {2, 3}, "dibao": {2, 3}, "db": {2, 3}, "chengxiang": {4}, "planning": {4}, "没有": nil, "zzz": nil, "最低生活保障/审批信息": {2}, "szbz": nil, "shbz": {2, 3},
	} {
		if got := Match(options, typed); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", typed, got, want)
		}
	}
}

func FuzzMatch(f *testing.F) {
	for _, s := range []string{"xihe", "西", "1", "db", "'", "ｘ", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got := Match(options, typed)
		if !slices.IsSorted(got) || len(got) > 0 && (got[0] < 0 || got[len(got)-1] >= len(options)) {
			t.Errorf("%q: %v", typed, got)
		}
	})
}

func FuzzSlug(f *testing.F) {
	for _, s := range []string{"低保名单公示", "2026年AB", "《办法》", "", "é", "-", "CON"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name := Free(Slug(text), func(n string) bool { return n == "di" })
		for _, r := range name {
			if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-') {
				t.Errorf("%q: %q", text, name)
			}
		}
		if name == "" || strings.HasPrefix(name, "-") || strings.HasSuffix(name, "-") || name == "con" || name == "di" {
			t.Errorf("%q: %q", text, name)
		}
	})
}

// load reads a content folder that is given as files.
func load(t *testing.T, files map[string]string, now time.Time) (*site.Site, []string) {
	t.Helper()
	dir := t.TempDir()
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	if err := copyFS(dir, tree); err != nil {
		t.Fatal(err)
	}
	s, findings, err := source.Load(source.Options{Dir: dir, Now: now, Jobs: 1, Drafts: true})
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, f := range findings {
		rules = append(rules, f.Rule.ID+" "+f.Position.String()+" "+f.Message.ZH)
	}
	return s, rules
}

var now = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

const catalog = "---\n标题: 社会救助领域标准目录\n领域: social-assistance\n名称: 社会救助\n序号: 1\n---\n## 低保\n### 名单\n- 公开内容：名单；金额\n- 公开时限：自形成之日起10个工作日内\n### 指南\n- 公开时限：实时公开\n"

func district(t *testing.T, more map[string]string) (*site.Site, []string) {
	files := map[string]string{
		"content/site.yaml": "名称: 甲\n地区: 乙\n网址: https://a.example/\n", "content/fields/01.md": catalog,
		"content/units/xihe/_index.md": "---\n名称: 西河镇\n层级: 乡级\n索引号前缀: 440203-XH\n---\n",
	}
	workdays, err := os.ReadFile("starter/content/workdays.csv")
	if err != nil {
		t.Fatal(err)
	}
	files["content/workdays.csv"] = string(workdays)
	for name, text := range more {
		files[name] = text
	}
	return load(t, files, now)
}

// What is written reads without a word, and its last day is the one that lateness is judged by.
func TestNewDisclosureReadsWithoutAWord(t *testing.T) {
	s, _ := district(t, nil)
	for i, title := range []string{"西河镇2026年11月低保名单公示", "标题: 带冒号 # 和井号", `"引号"和\反斜线`, "- 减号开头", "2026", "[括号]", "是"} {
		d := Disclosure{Unit: s.Units[0], Field: s.Fields[0], Item: s.Fields[0].Items[i%2], Title: title, Formed: calendar.NewDate(2026, 11, 2), Numbers: []string{"440203-XH/2026-00007"}}
		file, err := NewDisclosure(s, d, func(string) bool { return false })
		if err != nil {
			t.Fatal(err)
		}
		again, rules := district(t, map[string]string{file.Path: file.Text})
		if len(rules) > 0 || len(again.Disclosures) != 1 {
			t.Fatalf("%q: %v\n%s", title, rules, file.Text)
		}
		got := again.Disclosures[0]
		if got.Title != strings.Join(strings.Fields(title), " ") || got.IndexNo != "440203-XH/2026-00008" || got.Item.Path() != d.Item.Path() || got.Pending.ZH != "草稿" {
			t.Errorf("%q became %q, %s, %s, %s", title, got.Title, got.IndexNo, got.Item.Path(), got.Pending.ZH)
		}
	}
}

func TestLastDayIsTheOneThatLatenessIsJudgedBy(t *testing.T) {
	s, _ := district(t, nil)
	d := Disclosure{Unit: s.Units[0], Field: s.Fields[0], Item: s.Fields[0].Items[0], Title: "名单", Formed: calendar.NewDate(2026, 11, 2), Approved: true}
	file, err := NewDisclosure(s, d, func(string) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(file.Text, "# 最迟发布日期：")
	if !found {
		t.Fatal(file.Text)
	}
	last, _, err := calendar.Parse(after[:10])
	if err != nil {
		t.Fatal(err)
	}
	for days, want := range map[int]int{0: 0, 1: 1} {
		text := strings.Replace(file.Text, "发布日期: 2026-11-02", "发布日期: "+last.AddDays(days).String(), 1)
		again, rules := district(t, map[string]string{file.Path: text})
		if len(rules) > 0 {
			t.Fatal(rules)
		}
		if late := audit.Late(again); len(late) != want {
			t.Errorf("published %d days after the last day %s: %v", days, last, late)
		}
	}
}

func TestWhatCannotBeCountedIsSaid(t *testing.T) {
	s, _ := district(t, nil)
	for formed, want := range map[calendar.Date]string{calendar.NewDate(2026, 12, 28): "没有这一年的节假日", calendar.NewDate(2026, 11, 2): "最迟发布日期：2026-11-16"} {
		file, err := NewDisclosure(s, Disclosure{Unit: s.Units[0], Field: s.Fields[0], Item: s.Fields[0].Items[0], Title: "名单", Formed: formed}, func(string) bool { return false })
		if err != nil || !strings.Contains(file.Text, want) {
			t.Errorf("%s: %v\n%s", formed, err, file.Text)
		}
	}
}

func TestNamesAreNotTakenTwice(t *testing.T) {
	s, _ := district(t, nil)
	taken := map[string]bool{}
	for i := range 3 {
		file, err := NewDisclosure(s, Disclosure{Unit: s.Units[0], Field: s.Fields[0], Item: s.Fields[0].Items[0], Title: "西河镇2026年低保名单", Formed: calendar.NewDate(2026, 1, 5)}, func(p string) bool { return taken[p] })
		if err != nil {
			t.Fatal(err)
		}
		if taken[file.Path] {
			t.Errorf("%d: %s is taken", i, file.Path)
		}
		taken[file.Path] = true
	}
	if !taken["content/units/xihe/social-assistance/2026-01-di-bao-ming-dan.md"] || !taken["content/units/xihe/social-assistance/2026-01-di-bao-ming-dan-3.md"] {
		t.Errorf("%v", taken)
	}
}

func TestNewUnitAndCatalogReadWithoutAnError(t *testing.T) {
	s, _ := district(t, nil)
	unit, err := NewUnit(s, Unit{Name: "西联镇"})
	if err != nil {
		t.Fatal(err)
	}
	field, err := NewCatalog(s, "养老服务", "elderly-care")
	if err != nil {
		t.Fatal(err)
	}
	again, rules := district(t, map[string]string{unit.Path: unit.Text, field.Path: field.Text})
	if len(rules) > 0 || len(again.Units) != 2 || len(again.Fields) != 2 {
		t.Fatalf("%v\n%s\n%s", rules, unit.Text, field.Text)
	}
	if u := again.Units[0]; u.Slug != "xilian" || u.IndexPrefix != "440203-XI" || u.Level != site.Township {
		t.Errorf("%+v", u)
	}
	for _, slug := range []string{"xihe", "XIHE", "pages", "a b", "search"} {
		if _, err := NewUnit(s, Unit{Name: "甲", Slug: slug}); err == nil {
			t.Errorf("the address name %q was taken", slug)
		}
	}
	if _, err := NewCatalog(s, "社会救助", "social-assistance"); err == nil {
		t.Error("a field was made twice")
	}
}

func TestIndexNumbersOfAnyText(t *testing.T) {
	got := IndexNumbers("---\n标题: x\n索引号: \"440203-XH/2026-00001\"\n---\n索引号：440203-XH/2026-00002\r\nindex: 440203-XH/2026-00003 # 注\n正文里的索引号: 不算\n索引号:\n")
	if want := []string{"440203-XH/2026-00001", "440203-XH/2026-00002", "440203-XH/2026-00003"}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%q", got)
	}
	for _, n := range got {
		if !utf8.ValidString(n) {
			t.Error(n)
		}
	}
}

func copyFS(dir string, files fs.FS) error { return os.CopyFS(dir, files) }
