package source

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml/parser"

	"gongkai/generator/calendar"
	"gongkai/generator/finding"
	"gongkai/generator/site"
)

var now = calendar.NewDate(2026, 11, 23).Time().Add(8 * time.Hour)

// load writes the files, whose names are relative to content, and loads them.
func load(t *testing.T, files map[string]string) (*site.Site, []finding.Finding) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, Dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, findings, err := Load(Options{Dir: dir, Now: now, Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	finding.Sort(findings)
	return s, findings
}

var settings = "名称: 示例区\n地区: 示例区\n网址: https://www.shili.gov.example/\n"

const catalog = `---
title: 社会救助领域基层政务公开标准目录
field: social-assistance
number: 20
---
## 政策文件
- 公开内容：文件；解读
## 低保
### 指南
- 公开时限：10个工作日
- 公开渠道：政府网站
### 名单
- 公开层级：乡级
### 县级事项
- 公开层级：县级
### 村级事项
- 公开层级：乡、村级
`

func unitText(level string) string { return "---\n名称: 单位\n层级: " + level + "\n---\n" }

func entryPaths(uf *site.UnitField) string {
	var out []string
	for _, e := range uf.Entries {
		out = append(out, e.Item.Path())
	}
	return strings.Join(out, " ")
}

func TestUnitInheritsTheItemsOfItsLevel(t *testing.T) {
	s, findings := load(t, map[string]string{
		"site.yaml":                      settings,
		"fields/20-social-assistance.md": catalog,
		"units/bureau/_index.md":         unitText("县级"),
		"units/town/_index.md":           unitText("township"),
		"units/village/_index.md":        unitText("村级"),
	})
	if len(findings) > 0 {
		t.Fatalf("findings: %v", findings)
	}
	for unit, want := range map[string]string{
		"bureau":  "政策文件 低保/指南 低保/县级事项",
		"town":    "政策文件 低保/指南 低保/名单 低保/村级事项",
		"village": "政策文件 低保/指南 低保/村级事项",
	} {
		for _, u := range s.Units {
			if u.Slug == unit {
				if got := entryPaths(s.UnitField(u, s.Fields[0])); got != want {
					t.Errorf("%s inherits %q, want %q", unit, got, want)
				}
			}
		}
	}
}

func TestUnitOverridesAddsAndOmits(t *testing.T) {
	s, findings := load(t, map[string]string{
		"site.yaml":                      settings,
		"fields/20-social-assistance.md": catalog,
		"units/town/_index.md":           unitText("乡级"),
		"units/town/social-assistance/_index.md": `---
omit:
  - item: 低保/名单
    reason: 由区民政局统一公开
---
## 低保
### 指南
- 公开时限: 5个工作日
### 县级事项
- 公开主体：本镇
### 公示栏照片
- 公开内容：照片
`,
	})
	if len(findings) > 0 {
		t.Fatalf("findings: %v", findings)
	}
	uf := s.UnitFields[0]
	if got, want := entryPaths(uf), "政策文件 低保/指南 低保/村级事项 低保/县级事项 低保/公示栏照片"; got != want {
		t.Errorf("entries %q, want %q", got, want)
	}
	guide := uf.Entry("低保/指南")
	if guide.Origin != site.Overridden || guide.Item.Columns[site.DeadlineOf].Text != "5个工作日" || guide.Item.Columns[site.Channels].Text != "政府网站" {
		t.Errorf("override: %+v", guide)
	}
	if uf.Field.Item("低保/指南").Columns[site.DeadlineOf].Text != "10个工作日" {
		t.Error("the override changed the standard catalog")
	}
	if e := uf.Entry("低保/公示栏照片"); e.Origin != site.Added {
		t.Errorf("added: %+v", e)
	}
	if len(uf.Omitted) != 1 || uf.Omitted[0].Reason != "由区民政局统一公开" {
		t.Errorf("omitted: %+v", uf.Omitted)
	}
	if unstated := uf.Entry("低保/指南").Item.Columns[site.Basis]; unstated != (site.Cell{}) {
		t.Errorf("a column that is not stated has a value: %+v", unstated)
	}
}

func TestVillageHasItsTownAsParent(t *testing.T) {
	s, findings := load(t, map[string]string{
		"site.yaml":               settings,
		"units/town/_index.md":    unitText("乡级"),
		"units/village/_index.md": "---\n名称: 东风村\n类型: 村居\n层级: 村级\n上级: town\n---\n",
		"units/other/_index.md":   "---\n名称: 西风村\n层级: 村级\n上级: twon\n---\n",
	})
	for _, u := range s.Units {
		if u.Slug == "village" && (u.Parent == nil || u.Parent.Slug != "town") {
			t.Errorf("parent of the village: %v", u.Parent)
		}
	}
	if len(findings) != 1 || findings[0].Rule != finding.UnknownUnit || !strings.Contains(findings[0].Mend.ZH, "town") {
		t.Errorf("findings: %v", findings)
	}
}

func TestPositionsAreOfTheValue(t *testing.T) {
	s, _ := load(t, map[string]string{
		"site.yaml":                      settings,
		"fields/20-social-assistance.md": catalog,
		"units/town/_index.md":           unitText("乡级"),
		"units/town/social-assistance/a.md": "\ufeff---\r\n标题: 甲\r\n事项: 低保/名单\r\n成文日期: 2026-01-05\r\n发布日期: 2026-01-06 09:30\r\n" +
			"索引号: X/1\r\n---\r\n正文\r\n",
	})
	if len(s.Disclosures) != 1 {
		t.Fatalf("disclosures: %d", len(s.Disclosures))
	}
	d := s.Disclosures[0]
	if got := d.Source.At("date"); got != (finding.Position{Path: "content/units/town/social-assistance/a.md", Line: 5, Column: 7}) {
		t.Errorf("position of the date: %v", got)
	}
	if d.Source.BodyLine != 8 {
		t.Errorf("body begins on line %d", d.Source.BodyLine)
	}
	if d.Published.Full() != "2026-01-06 09:30" {
		t.Errorf("published %s", d.Published.Full())
	}
}

func TestSplitListKeepsBracketsAndTitlesWhole(t *testing.T) {
	got := site.SplitList("《甲；乙》（一；二）；丙; 丁 ；")
	if strings.Join(got, "|") != "《甲；乙》（一；二）|丙|丁" {
		t.Errorf("SplitList = %q", got)
	}
}

func TestNearest(t *testing.T) {
	names := []string{"标题", "发布日期", "成文日期", "title", "social-assistance"}
	for word, want := range map[string]string{
		"发布时间": "发布日期", "tilte": "title", "social-asistance": "social-assistance", "颜色": "", "Title": "title",
	} {
		if got := Nearest(word, names); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestNoContent(t *testing.T) {
	if _, _, err := Load(Options{Dir: t.TempDir(), Now: now, Jobs: 1}); !errors.Is(err, ErrNoContent) {
		t.Errorf("error = %v", err)
	}
}

func TestBodyRefusesAFileThatChanged(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "content", "pages", "a.md")
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte("---\n标题: 甲\n---\n一\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s, _, err := Load(Options{Dir: dir, Now: now, Jobs: 1})
	if err != nil {
		t.Fatal(err)
	}
	src := &s.Pages[0].Source
	if body, err := Body(dir, src); err != nil || string(body) != "一\n" {
		t.Errorf("Body = %q, %v", body, err)
	}
	src.Text = nil // as in a district too large to be kept in memory
	if body, err := Body(dir, src); err != nil || string(body) != "一\n" {
		t.Errorf("Body from the file = %q, %v", body, err)
	}
	if err := os.WriteFile(name, []byte("---\n标题: 甲\n---\n二\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Body(dir, &s.Pages[0].Source); err == nil {
		t.Error("a changed file was read as if it were the same")
	}
}

// checkPositions holds that every finding points into the text.
func checkPositions(t *testing.T, text string, findings []finding.Finding) {
	t.Helper()
	lines := strings.Split(text, "\n")
	for _, f := range findings {
		p := f.Position
		if p.Line < 1 || p.Line > len(lines)+1 || p.Column < 1 || p.Line <= len(lines) && p.Column > utf8.RuneCountInString(lines[p.Line-1])+1 {
			t.Errorf("%s at %d:%d is outside of %q", f.Rule.ID, p.Line, p.Column, text)
		}
		if f.Message.ZH == "" || f.Message.EN == "" || !strings.Contains(text, "%") && strings.Contains(f.Message.ZH+f.Message.EN+f.Mend.ZH+f.Mend.EN, "%!") {
			t.Errorf("%s has a bad message: %+v %+v", f.Rule.ID, f.Message, f.Mend)
		}
	}
}

func FuzzDisclosure(f *testing.F) {
	f.Add("---\n标题: 甲\n事项: 低保/名单\n成文日期: 2026-01-05\n发布日期: 2026/1/6\n索引号: X/1\n附件: [a.xlsx, b]\n旧地址: /a/\n---\n正文\n")
	f.Add("---\n标题：甲\n\t事项: [甲\n---\n")
	f.Add("---\ntitle: \"x\ndate: 2026-13-01\nkeywords:\n  - 甲\n  - 乙\n---")
	f.Add("———\n")
	f.Add("---\n? a\n: &b [*b]\n---\n")
	f.Fuzz(func(t *testing.T, text string) {
		clean, fault := cleanText("a.md", []byte(text))
		if fault != nil {
			return
		}
		yaml, body, line, fault := splitFront("a.md", clean, disclosureKeys)
		if fault != nil {
			checkPositions(t, string(clean), []finding.Finding{*fault})
			return
		}
		if got := strings.Count(string(clean[:len(clean)-len(body)]), "\n"); len(body) > 0 && got != line-1 {
			t.Errorf("body on line %d, said %d", got+1, line)
		}
		l := &loader{root: t.TempDir(), now: calendar.StampOf(now)}
		src := site.Source{Path: "a.md"}
		fr := parseFront("a.md", disclosureKeys, yaml, 2, &src)
		l.readDisclosure(fr, &file{path: "a.md", name: "a"})
		checkPositions(t, string(clean), fr.findings)
	})
}

func FuzzCatalog(f *testing.F) {
	_, body, _ := strings.Cut(catalog[4:], "---\n")
	f.Add(body)
	f.Add("### 甲\n- 公开内容：x\n## \n- a\n  - b\n> c\n- 公开层级：县级；省级\n")
	f.Add("## 甲\n1. 公开内容: x\n<!-- c -->\n#### 乙\n```\n")
	f.Fuzz(func(t *testing.T, text string) {
		clean, fault := cleanText("a.md", []byte(text))
		if fault != nil {
			return
		}
		items, findings := parseCatalog("a.md", clean, 1)
		checkPositions(t, string(clean), findings)
		seen := map[string]bool{}
		for _, it := range items {
			if seen[it.Path()] || it.Level1 == "" {
				t.Errorf("item %q is empty or stands twice", it.Path())
			}
			seen[it.Path()] = true
		}
	})
}

const frontMatter = `标题: 西河镇2026年10月城乡低保对象名单公示
事项: 最低生活保障/审批信息
成文日期: 2026-10-08
发布日期: 2026-10-12 09:30
索引号: 440203-XH/2026-00031
文号: 西河府〔2026〕15号
附件: [低保名单.xlsx, 说明.pdf]
`

// FuzzPlainPairs holds the quick reader of plain front matter equal to the YAML library: what it accepts, the library reads the
// same, positions and all.
func FuzzPlainPairs(f *testing.F) {
	f.Add(frontMatter)
	for _, s := range []string{"a: b #c\n", "a: b: c\n", "a: 1\nb: true\n", "a: [x,  y ]\nb: [一, 二]\n", "a: null\n", "a: ~\n", "a: b:\n", "甲: 乙 \n", "a: x\n b\n",
		"a: [x\n", "a: 2026-10-08 09:30\n", "a: NULL\n", "a: [a: b]\n", "a: x#y\n", "a: 'x'\n", "a: -\n", "a: 0x1F\n", "a: 1_000\n", "a: .5\n", "a: [x, ]\n", "yes: no\n", "a: \u2028\n", "---: x\n", "a: x\n...\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		clean, fault := cleanText("a", []byte(text))
		if fault != nil {
			return
		}
		quick, ok := plainPairs(clean, 2)
		if !ok {
			return
		}
		file, err := parser.ParseBytes(clean, 0, parser.AllowDuplicateMapKey())
		if err != nil {
			t.Fatalf("plainPairs accepts %q, the library says %v", clean, err)
		}
		var library []pair
		for _, doc := range file.Docs {
			if doc.Body != nil {
				library = append(library, fromAST(doc.Body, 1).pairs...)
			}
		}
		// the library counts the column of a list at its bracket, as plainPairs does; only the texts and places of values matter
		if got, want := fmt.Sprintf("%+v", quick), fmt.Sprintf("%+v", library); got != want {
			t.Errorf("%q\n  quick %s\nlibrary %s", clean, got, want)
		}
	})
}

func BenchmarkFrontMatter(b *testing.B) {
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			if _, ok := plainPairs([]byte(frontMatter), 2); !ok {
				b.Fatal("not plain")
			}
		}
	})
	b.Run("library", func(b *testing.B) {
		for b.Loop() {
			file, err := parser.ParseBytes([]byte(frontMatter), 0, parser.AllowDuplicateMapKey())
			if err != nil {
				b.Fatal(err)
			}
			fromAST(file.Docs[0].Body, 1)
		}
	})
}
