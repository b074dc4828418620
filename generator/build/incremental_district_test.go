package build

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gongkai/generator/calendar"
	"gongkai/themes"
)

// world is a small district on the disk with its portal, and what a build of it is told. Steps change it; everything in it is known, so that a step finds what
// it can change.
type world struct {
	root  string            // the source folder; the portal is public in it
	files map[string]string // what content and themes have, by path from root
	first map[string]string // the same at the beginning, for mending
	begun *beginning        // the portal of the beginning, where there is one to be held against

	now      time.Time
	baseURL  string
	program  string
	noSearch bool
	jobs     int

	r    *rand.Rand // of the step that is being made
	made int        // things that were added, so that names are new
}

// worldClock is the moment at which a district begins: minutes before a publication, on a day on which something expires.
var worldClock = calendar.NewDate(2026, 11, 23).Time().Add(10 * time.Hour)

var (
	worldUnits  = []string{"xihe", "xilian", "minzheng", "shangyao"}
	worldFields = []string{"fiscal-budget", "work-safety", "public-culture", "social-assistance", "elderly-care"}
)

// worldItems are the items of each catalog, and the levels of government that they are for.
var worldItems = map[string][][2]string{
	"fiscal-budget":     {{"预算/部门预算", "县级；乡级"}, {"决算/部门决算", ""}, {"决算/三公经费", "县级"}},
	"work-safety":       {{"执法/行政处罚", ""}, {"执法/检查计划", "县级；乡级；村级"}},
	"public-culture":    {{"服务/免费开放", "乡级"}, {"服务/活动预告", ""}, {"保护", ""}},
	"social-assistance": {{"低保/名单公示", "乡级；村级"}, {"低保/办事指南", ""}, {"临时救助/救助结果", ""}},
	"elderly-care":      {{"补贴/高龄津贴", ""}, {"补贴/发放结果", "县级；乡级；村级"}},
}

// newWorld writes a district of 4 units and 5 fields with 60 documents into a folder.
func newWorld(t testing.TB, root string) *world {
	t.Helper()
	w := &world{root: root, files: map[string]string{}, now: worldClock, program: "one", jobs: 2}
	w.write("content/site.yaml", "名称: 示例区政务公开\n地区: 示例区\n网址: https://www.shili.gov.example/\n主办单位: 示例区人民政府\n每页条数: 5\n订阅条数: 8\n首页条数: 6\n事项下条数: 2\n督查页面: true\n"+
		"栏目更新期限:\n  - 栏目: 通知公告\n    体裁: [公示]\n    月数: 6\n")
	w.write("content/workdays.csv", "date,kind,name\n2025-10-01,holiday,国庆节\n2026-01-01,holiday,元旦\n2026-10-01,holiday,国庆节\n2026-10-10,workday,国庆节\n")
	w.write("content/synonyms.yaml", "词组:\n  - 规范用语: [名单公示]\n    同义词: [公示名单]\n    俗称: [谁吃低保, 榜上有谁]\n  - 规范用语: [高龄津贴]\n    俗称: [老人钱, 长寿钱]\n忽略: [怎么, 请问]\n")
	for i, f := range worldFields {
		w.write("content/fields/"+fmt.Sprintf("%02d-%s.md", 10+i, f), catalogText(f, 10+i))
	}
	names := []string{"西河镇", "西联镇", "区民政局", "上窑村"}
	levels := []string{"乡级", "乡级", "县级", "村级"}
	for i, u := range worldUnits {
		parent := ""
		if u == "shangyao" {
			parent = "上级: xihe\n"
		}
		w.write("content/units/"+u+"/_index.md", fmt.Sprintf("---\n名称: %s\n层级: %s\n%s排序: %d\n地址: 示例区%d号路\n电话: 0751-000%04d\n---\n\n%s在这里公开。\n", names[i], levels[i], parent, i+1, i, i, names[i]))
	}
	w.write("content/units/xilian/public-culture/_index.md",
		"---\n不公开事项:\n  - 事项: 保护\n    理由: 由区里统一公开\n---\n## 服务\n### 活动预告\n- 公开时限：5个工作日\n### 本镇书屋\n- 公开内容：书目\n")
	w.write("content/units/minzheng/elderly-care/_index.md", "---\n不涉及: 本局没有这些事项\n---\n")
	w.write("content/pages/guide.md", "---\n标题: 公开指南\n摘要: 怎样查找\n排序: 1\n附件: [指南.txt]\n---\n## 一、范围\n\n见[名单](../units/xihe/social-assistance/doc-03-0.md)和[申请](apply.md#一-办法)。\n")
	w.write("content/pages/apply.md", "---\n标题: 依申请公开\n排序: 2\n旧地址: [/apply/]\n---\n## 一、办法\n\n写明姓名。\n")
	w.write("content/pages/指南.txt", "指南第一版")
	n := 0
	for _, u := range worldUnits {
		for fi, f := range worldFields {
			for k := range 3 {
				w.write(fmt.Sprintf("content/units/%s/%s/doc-%02d-%d.md", u, f, fi, k), w.documentText(u, f, n, k))
				n++
			}
		}
	}
	w.first = maps.Clone(w.files)
	return w
}

func catalogText(field string, number int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: %s领域目录\nfield: %s\nnumber: %d\napproved: 2021-03-01\n---\n", field, field, number)
	group := ""
	for _, it := range worldItems[field] {
		first, second, two := strings.Cut(it[0], "/")
		if first != group {
			fmt.Fprintf(&b, "## %s\n", first)
			group = first
		}
		if two {
			fmt.Fprintf(&b, "### %s\n", second)
		}
		fmt.Fprintf(&b, "- 公开内容：%s的内容\n- 公开时限：20个工作日\n- 公开主体：民政部门\n", it[0])
		if it[1] != "" {
			fmt.Fprintf(&b, "- 公开层级：%s\n", it[1])
		}
	}
	return b.String()
}

// documentText is the text of the n-th document, the k-th of its folder. Attachments and pictures are written beside it.
func (w *world) documentText(unit, field string, n, k int) string {
	items := worldItems[field]
	item := items[k%len(items)][0]
	dir := "content/units/" + unit + "/" + field + "/"
	formed := calendar.NewDate(2026, 1+n%10, 1+n%27)
	date := formed.AddDays(n % 13).String()
	kind := []string{"", "公示", "通知", "办事指南"}[n%4]
	keys := ""
	switch n % 20 {
	case 3:
		date = "2026-11-23 10:30" // in half an hour
	case 13:
		date = "2026-11-25"
	case 5:
		keys += "有效期至: 2026-11-23\n"
	case 15:
		keys += "有效期至: 2026-11-01\n"
	case 7:
		keys += "状态: 草稿\n"
	case 8:
		keys += "状态: 审核中\n"
	case 9:
		keys += "有效性: 废止\n废止日期: 2026-06-01\n"
	case 11:
		keys += "废止日期: 2026-11-24\n"
	case 12:
		keys += fmt.Sprintf("旧地址: [/old/%d/]\n", n)
	case 14:
		keys += "豁免:\n  - 规则: GK303\n    理由: 正在补\n    截止: 2026-11-30\n"
	}
	if kind != "" {
		keys += "体裁: " + kind + "\n"
	}
	if n%3 == 0 {
		keys += fmt.Sprintf("文号: 示府〔2026〕%d号\n", n)
	}
	if n%7 == 2 {
		keys += "相关: [doc-" + fmt.Sprintf("%02d-%d", slices.Index(worldFields, field), (k+1)%3) + ".md]\n"
	}
	if n%8 == 1 {
		keys += fmt.Sprintf("摘要: 第%d件的摘要\n", n)
	}
	body := fmt.Sprintf("## 一、办理条件\n\n%s的%s，第%d件，户主张某。\n", unit, item, n)
	if n%6 == 0 {
		name := fmt.Sprintf("附件%d.csv", n)
		w.write(dir+name, fmt.Sprintf("姓名,金额\n张某,%d\n", 100+n))
		keys += "附件: [" + name + "]\n"
	}
	other := worldFields[(slices.Index(worldFields, field)+1)%len(worldFields)]
	target := fmt.Sprintf("../%s/doc-%02d-%d.md", other, slices.Index(worldFields, other), n%3)
	switch n % 5 {
	case 1:
		body += "\n见[另一件](" + target + ")。\n"
	case 2:
		body += "\n见[条件](" + target + "#一-办理条件)和[本页](#二-材料)。\n"
	case 3:
		name := fmt.Sprintf("表%d.txt", n)
		w.write(dir+name, "表的内容")
		body += "\n下载[表](" + name + ")，[没有的](没有.xlsx)。\n"
	case 4:
		name := fmt.Sprintf("图%d.png", n)
		w.write(dir+name, "不是真的图")
		body += "\n![示意](" + name + ")\n"
	}
	if n%5 == 2 || n%4 == 0 {
		body += "\n## 二、材料\n\n身份证明一份。\n"
	}
	if n%16 == 6 {
		body += "\n[查不到](/xihe/nothing/)，[外站](https://www.example.org/)。\n"
	}
	return fmt.Sprintf("---\n标题: %s%s第%d件\n事项: %s\n成文日期: %s\n发布日期: %s\n索引号: SL/2026-%05d\n%s---\n\n%s", map[string]string{
		"xihe": "西河镇", "xilian": "西联镇", "minzheng": "区民政局", "shangyao": "上窑村"}[unit], strings.ReplaceAll(item, "/", ""), n, item, formed, date, n, keys, body)
}

// options are what a build with a cache is told.
func (w *world) options() Options {
	return Options{
		Source: w.root, Destination: w.dest(), BaseURL: w.baseURL, Now: w.now, Jobs: w.jobs, Themes: themes.FS, NoSearch: w.noSearch,
		Cache: w.cache(), Program: w.program,
	}
}

func (w *world) dest() string  { return filepath.Join(w.root, "public") }
func (w *world) cache() string { return filepath.Join(w.root, workFolder, "public.cache") }
func (w *world) index() string { return filepath.Join(w.root, workFolder, "public.search") }

func (w *world) full(name string) string { return filepath.Join(w.root, filepath.FromSlash(name)) }

// write writes a file of content or themes.
func (w *world) write(name, text string) {
	must(os.MkdirAll(filepath.Dir(w.full(name)), 0o755))
	must(os.WriteFile(w.full(name), []byte(text), 0o644))
	w.files[name] = text
}

// remove deletes a file of content or themes, and its folder where it was the last one.
func (w *world) remove(name string) {
	must(os.Remove(w.full(name)))
	delete(w.files, name)
	for dir := path.Dir(name); dir != "content" && dir != "." && !w.hasBelow(dir); dir = path.Dir(dir) {
		must(os.Remove(w.full(dir)))
	}
}

func (w *world) hasBelow(dir string) bool {
	for name := range w.files {
		if strings.HasPrefix(name, dir+"/") {
			return true
		}
	}
	return false
}

// rename moves a file of the content.
func (w *world) rename(from, to string) {
	text := w.files[from]
	w.remove(from)
	w.write(to, text)
}

// must stops the test where the disk does: a step has nothing to say of it.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// list returns the files of content and themes that a function wants, sorted.
func (w *world) list(want func(name string) bool) []string {
	var out []string
	for name := range w.files {
		if want(name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// pick returns one of a list, or "" where there is none.
func (w *world) pick(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[w.r.IntN(len(list))]
}

func isDocument(name string) bool {
	return strings.HasPrefix(name, "content/units/") && strings.Count(name, "/") == 4 && strings.HasSuffix(name, ".md") && path.Base(name) != "_index.md"
}

// other returns one of some values that is not the one there is.
func (w *world) other(now string, values ...string) string {
	return w.pick(slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == now }))
}

// document returns a document: now and then any, mostly one that is published, so that a change of it shows.
func (w *world) document() string {
	any := w.list(isDocument)
	published := slices.DeleteFunc(slices.Clone(any), func(name string) bool {
		text := w.files[name]
		return frontOf(text, "状态") != "" || frontOf(text, "发布日期") > w.now.Format("2006-01-02 15:04") || strings.Contains(text, "2026-11-01")
	})
	if w.r.IntN(8) == 0 || len(published) == 0 {
		return w.pick(any)
	}
	return w.pick(published)
}

// documentWith returns a document whose text has a part.
func (w *world) documentWith(part string) string {
	return w.pick(w.list(func(name string) bool { return isDocument(name) && strings.Contains(w.files[name], part) }))
}

// unitOf and fieldOf are the folders in which a document lies.
func unitOf(name string) string  { return strings.Split(name, "/")[2] }
func fieldOf(name string) string { return strings.Split(name, "/")[3] }

// frontOf returns the value of a key, or "" where the text does not state it.
func frontOf(text, key string) string {
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, key+": "); ok {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}

// withFront returns the text with a key stated anew: in its place, or else as the last one; an empty value takes the line away.
func withFront(text, key, value string) string {
	lines := strings.SplitAfter(text, "\n")
	line := key + ": " + value + "\n"
	if value == "" {
		line = ""
	}
	for i, l := range lines {
		if strings.HasPrefix(l, key+": ") {
			lines[i] = line
			return strings.Join(lines, "")
		}
		if i > 0 && l == "---\n" {
			lines[i] = line + l
			return strings.Join(lines, "")
		}
	}
	return text + line // no front matter: a file of settings
}

// set states a key of a file anew.
func (w *world) set(name, key, value string) { w.write(name, withFront(w.files[name], key, value)) }

// pages returns the paths of the portal's pages, sorted.
func (w *world) pages() []string {
	var out []string
	must(filepath.WalkDir(w.dest(), func(p string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && p == w.dest() {
			return filepath.SkipAll // no build went through since it was deleted
		}
		if err != nil || d.IsDir() || filepath.Ext(p) != ".html" {
			return err
		}
		rel, err := filepath.Rel(w.dest(), p)
		out = append(out, filepath.ToSlash(rel))
		return err
	}))
	return out
}
