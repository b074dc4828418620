package mend

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/generator/calendar"
	"gongkai/generator/finding"
	"gongkai/themes"
)

// base is a small district in which there is nothing to mend.
var base = map[string]string{
	"site.yaml": "名称: 示例区政务公开\n地区: 示例区\n网址: https://www.shili.gov.example/\n",
	"fields/20-social-assistance.md": `---
标题: 社会救助领域基层政务公开标准目录
领域: social-assistance
序号: 20
---

## 最低生活保障
### 办事指南
- 公开内容：办理条件
- 公开时限：10个工作日

### 审批信息
- 公开内容：低保对象名单
`,
	"units/xihe/_index.md":                           "---\n名称: 西河镇\n层级: 乡级\n索引号前缀: 440203-XH\n---\n",
	"units/xilian/_index.md":                         "---\n名称: 西联镇\n层级: 乡级\n---\n",
	"units/xihe/social-assistance/2026-10-guide.md":  document("办事指南", "440203-XH/2026-00001", "## 一、申请条件\n\n正文。\n\n## 二、办理流程\n\n正文。\n"),
	"units/xilian/social-assistance/2026-01-help.md": document("办事指南", "440203-XL/2026-00001", "## 一、申请条件\n\n正文。\n"),
	"units/xihe/social-assistance/名单 2026.csv":       "村,户数\n甘塘村,3\n",
}

// document is a disclosure without fault.
func document(item, index, body string) string {
	return "---\n标题: 西河镇城乡低保办事指南\n事项: 最低生活保障/" + item + "\n成文日期: 2026-10-08\n发布日期: 2026-10-12\n索引号: " + index + "\n---\n\n" + body
}

const subject = "units/xihe/social-assistance/2026-11-subject.md"

// subjectWith is the disclosure that a test is about, with other lines of front matter and another text.
func subjectWith(front, body string, serial int) string {
	lines := map[string]string{
		"标题": "西河镇城乡低保对象名单公示", "事项": "最低生活保障/审批信息", "成文日期": "2026-10-09", "发布日期": "2026-10-13", "索引号": fmt.Sprintf("440203-XH/2026-%05d", serial),
	}
	var more []string
	for line := range strings.Lines(front) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		if _, known := lines[key]; known {
			lines[key] = value
		} else {
			more = append(more, line)
		}
	}
	var b strings.Builder
	b.WriteString("---\n")
	for _, key := range []string{"标题", "事项", "成文日期", "发布日期", "索引号"} {
		b.WriteString(key + ": " + lines[key] + "\n")
	}
	return b.String() + strings.Join(more, "") + "---\n\n" + body
}

// district writes the base and more files to a folder; an empty text leaves a file of the base out.
func district(t *testing.T, more map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	files := maps.Clone(base)
	maps.Copy(files, more)
	for name, text := range files {
		if text == "" {
			continue
		}
		full := filepath.Join(dir, "content", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func options(dir string) Options {
	return Options{
		Source: dir, Portal: filepath.Join(dir, "public"), Scratch: filepath.Join(dir, ".gongkai"), Jobs: 2, Themes: themes.FS,
		Now: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
	}
}

func makePlan(t *testing.T, opt Options) *Plan {
	t.Helper()
	p, err := Make(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(opt.Scratch); err == nil {
		t.Error("the copy of the content is still there")
	}
	return p
}

// after returns the text of a file with the mends, or as it is.
func after(t *testing.T, p *Plan, dir, name string) string {
	t.Helper()
	for _, f := range p.Files {
		if f.Path == "content/"+name {
			return string(f.After)
		}
	}
	raw, err := os.ReadFile(filepath.Join(dir, "content", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func rulesOf(p *Plan) string {
	var out []string
	for _, f := range p.Files {
		for _, m := range f.Mends {
			out = append(out, m.Rule.ID)
		}
	}
	return strings.Join(out, " ")
}

func leftOf(p *Plan) string {
	var out []string
	for _, f := range p.Left {
		out = append(out, f.Rule.ID+" "+f.Message.ZH)
	}
	return strings.Join(out, "; ")
}

func TestNothingToMend(t *testing.T) {
	p := makePlan(t, options(district(t, nil)))
	if len(p.Files) > 0 || len(p.Left) > 0 {
		t.Errorf("mends %s, left %s", rulesOf(p), leftOf(p))
	}
}

// Each mend of what the check finds: front matter and text of a disclosure before and after, the rules that are answered, and what is said to be left.
var valueCases = []struct {
	name                string
	front, body         string
	frontAfter, bodyAft string
	rules, left         string
}{
	{"dates", "成文日期: 2026/10/8\n发布日期: 2026年10月12日 9:30\n有效期至: \"２０２６－１２－３１\"\n", "正文。\n",
		"成文日期: 2026-10-08\n发布日期: 2026-10-12 09:30\n有效期至: \"2026-12-31\"\n", "正文。\n", "GK121 GK121 GK121", ""},
	{"date that is none", "成文日期: 2026-02-30\n", "正文。\n", "成文日期: 2026-02-30\n", "正文。\n", "", ""},
	{"date in an allowance", "豁免:\n  - 规则: GK502\n    理由: 值班手机\n    截止: 2026/12/31\n", "电话13800000001。\n",
		"豁免:\n  - 规则: GK502\n    理由: 值班手机\n    截止: 2026-12-31\n", "电话13800000001。\n", "GK121", ""},
	{"date that is allowed to be so", "成文日期: 2026/10/8\n豁免:\n  - 规则: GK121\n    理由: 试用\n    截止: 2026-12-31\n", "正文。\n",
		"成文日期: 2026/10/8\n豁免:\n  - 规则: GK121\n    理由: 试用\n    截止: 2026-12-31\n", "正文。\n", "", ""},
	{"item", "事项: 最低生活保障—审批信息\n", "正文。\n", "事项: 最低生活保障/审批信息\n", "正文。\n", "GK212", ""},
	{"item in quotation marks", "事项: '最低生活保障 > 审批信息' # 注\n", "正文。\n", "事项: '最低生活保障/审批信息' # 注\n", "正文。\n", "GK212", ""},
	{"item of a draft", "事项: 最低生活保障-审批信息\n状态: 草稿\n", "正文。\n", "事项: 最低生活保障/审批信息\n状态: 草稿\n", "正文。\n", "GK212", ""},
	{"item that is none", "事项: 最低生活保障—名单\n", "正文。\n", "事项: 最低生活保障—名单\n", "正文。\n", "", ""},
	{"attachment", "附件: [\"名单2026.csv\"]\n", "正文。\n", "附件: [\"名单 2026.csv\"]\n", "正文。\n", "GK225", ""},
	{"attachment of another year", "附件: [名单 2025.csv]\n", "正文。\n", "附件: [名单 2025.csv]\n", "正文。\n", "", "GK225 “名单 2025.csv”没有相近的目标，没有改"},
	{"documents", "", "[名](2026-10-guid.md)、[另](../social-asistance/2026-10-guide.md#一-申请条件)、[不](2026-09-guide.md)。\n",
		"", "[名](2026-10-guide.md)、[另](2026-10-guide.md#一-申请条件)、[不](2026-09-guide.md)。\n", "GK301 GK301", "GK301 “2026-09-guide.md”没有相近的目标，没有改"},
	{"document of another unit", "", "[指南](2026-01-help.md)\n", "", "[指南](2026-01-help.md)\n", "", "GK301 “2026-01-help.md”没有相近的目标，没有改"},
	{"document by its number", "", "[440203-XL/2026-00001号](help.md \"提示\")\n", "", "[440203-XL/2026-00001号](../../xilian/social-assistance/2026-01-help.md \"提示\")\n", "GK301", ""},
	{"document from the root", "", "[指南](/units/xihe/social-assistance/2026-10-gide.md)、[指南](/xihe/social-assistance/2026-10-gide.md)\n",
		"", "[指南](/units/xihe/social-assistance/2026-10-guide.md)、[指南](/xihe/social-assistance/2026-10-guide.md)\n", "GK301 GK301", ""},
	{"addresses", "", "[镇](/xihe/social-asistance/)、[全](https://www.shili.gov.example/xihe/social-assistance/2026-10-gide/?a=1#二-办理流程)、[无](/xihe/nothing/)\n",
		"", "[镇](/xihe/social-assistance/)、[全](https://www.shili.gov.example/xihe/social-assistance/2026-10-guide/?a=1#二-办理流程)、[无](/xihe/nothing/)\n", "GK301 GK301", "GK301 “/xihe/nothing/”没有相近的目标，没有改"},
	{"files", "", "[表](名单2026.csv)、[表](<名单2026.csv>)、![图](图.png)\n", "", "[表](名单%202026.csv)、[表](<名单 2026.csv>)、![图](图.png)\n", "GK303 GK303", "GK303 “图.png”没有相近的目标，没有改"},
	{"anchors", "", "## 三、要求\n\n[本页](#二-要求)、[别页](2026-10-guide.md#一、申请条件)、[开头](2026-10-guide.md#二-办理)、[编码](2026-10-guide.md#%E4%B8%80-%E5%8A%9E%E7%90%86%E6%B5%81%E7%A8%8B)、[无](2026-10-guide.md#三-材料)\n",
		"", "## 三、要求\n\n[本页](#三-要求)、[别页](2026-10-guide.md#一-申请条件)、[开头](2026-10-guide.md#二-办理流程)、[编码](2026-10-guide.md#%E4%BA%8C-%E5%8A%9E%E7%90%86%E6%B5%81%E7%A8%8B)、[无](2026-10-guide.md#三-材料)\n",
		"GK302 GK302 GK302 GK302", "GK302 “#三-材料”没有相近的目标，没有改"},
	{"anchor of a catalog", "", "[事项](/fields/social-assistance/#最低生活保障-办事指南)、[事项](/fields/social-assistance/#最低生活保障-办事指導)\n",
		"", "[事项](/fields/social-assistance/#最低生活保障-办事指南)、[事项](/fields/social-assistance/#最低生活保障-办事指南)\n", "GK302", ""},
	{"links that are written otherwise", "", "[指南][x]\n\n[x]: 2026-10-guid.md\n", "", "[指南][x]\n\n[x]: 2026-10-guid.md\n", "", "GK301 链接的写法较特殊（引用式、裸网址或空链接），请手工处理"},
	{"links of a table and of pictures", "", "| 表 |\n| --- |\n| [名\\|单](2026-10-guid.md) |\n", "", "| 表 |\n| --- |\n| [名\\|单](2026-10-guide.md) |\n", "GK301", ""},
	{"personal data", "摘要: 联系人13800000001\n", "张三，身份证号440203198001011236。\n\n| 姓名 | 身份证号 |\n| --- | --- |\n| 李某某 | 440203198001011236 |\n",
		"摘要: 联系人138****0001\n", "张三，身份证号440203********1236。\n\n| 姓名 | 身份证号 |\n| --- | --- |\n| 李某某 | 440203********1236 |\n", "GK502 GK501 GK501", ""},
	{"personal data in an address", "", "[拨打](tel:13800000001)\n", "", "[拨打](tel:13800000001)\n", "", "GK502 个人信息在链接地址、文件名或编号里，改了就会失效，请手工处理"},
	{"personal data that is allowed", "豁免:\n  - 规则: GK502\n    理由: 值班手机\n    截止: 2026-12-31\n", "电话13800000001，身份证号440203198001011236。\n",
		"豁免:\n  - 规则: GK502\n    理由: 值班手机\n    截止: 2026-12-31\n", "电话13800000001，身份证号440203********1236。\n", "GK501", ""},
	{"an allowance that ran out", "豁免:\n  - 规则: GK502\n    理由: 值班手机\n    截止: 2026-10-31\n", "电话13800000001。\n",
		"豁免:\n  - 规则: GK502\n    理由: 值班手机\n    截止: 2026-10-31\n", "电话138****0001。\n", "GK502", ""},
	{"weak mask", "", "身份证号4402031980010112**。\n", "", "身份证号440203********12**。\n", "GK507", ""},
	{"brackets", "文号: 西河府[2026]第15号\n", "按西河府（2026）3号、西河府【2025】第2号和（2026）粤0203民初1号。[西河府(2026)4号](西河府(2026)4号.pdf)、`西河府(2026)5号`\n",
		"文号: 西河府〔2026〕15号\n", "按西河府〔2026〕3号、西河府〔2025〕2号和（2026）粤0203民初1号。[西河府〔2026〕4号](西河府(2026)4号.pdf)、`西河府(2026)5号`\n",
		"GK605 GK605 GK605 GK605", "GK303 “西河府(2026)4号.pdf”没有相近的目标，没有改"},
	{"punctuation", "摘要: 一,二\n", "一,二;三:四?五!六, 七,8，a,b。`九,十`\n\n```\n甲,乙\n```\n\n## 十一,十二\n",
		"摘要: 一,二\n", "一，二；三：四？五！六, 七,8，a,b。`九,十`\n\n```\n甲,乙\n```\n\n## 十一，十二\n", "GK606 GK606 GK606 GK606 GK606 GK606", ""},
}

// Every mend gives the text that is written out here, with the line ends and the byte order mark of Windows as well, and leaves nothing for a second run. All
// cases are files of one district.
func TestValues(t *testing.T) {
	windows := func(s string) string { return "\ufeff" + strings.ReplaceAll(s, "\n", "\r\n") }
	name := func(i int) string { return fmt.Sprintf("units/xihe/social-assistance/2026-11-case-%02d.md", i) }
	for variant, change := range map[string]func(string) string{"plain": strings.Clone, "Windows": windows} {
		t.Run(variant, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{}
			for i, c := range valueCases {
				files[name(i)] = change(subjectWith(c.front, c.body, 100+i))
			}
			dir := district(t, files)
			p := makePlan(t, options(dir))
			for i, c := range valueCases {
				own := p.of("content/" + name(i))
				if got, want := after(t, p, dir, name(i)), change(subjectWith(c.frontAfter, c.bodyAft, 100+i)); got != want {
					t.Errorf("%s:\n got %q\nwant %q", c.name, got, want)
				}
				if rules := rulesOf(own); rules != c.rules {
					t.Errorf("%s: answers %q, want %q", c.name, rules, c.rules)
				}
				if left := leftOf(own); left != c.left {
					t.Errorf("%s: left %q, want %q", c.name, left, c.left)
				}
				if len(own.Files) > 0 && len(own.Files[0].Diff(testDay)) == 0 {
					t.Errorf("%s: the diff is empty", c.name)
				}
			}
			if _, err := Write(dir, p.Files); err != nil {
				t.Fatal(err)
			}
			if again := makePlan(t, options(dir)); len(again.Files) > 0 {
				t.Errorf("a second run answers %s", rulesOf(again))
			}
		})
	}
}

// of returns what a plan has of one file.
func (p *Plan) of(path string) *Plan {
	out := &Plan{}
	for _, f := range p.Files {
		if f.Path == path {
			out.Files = append(out.Files, f)
		}
	}
	for _, f := range p.Left {
		if f.Position.Path == path {
			out.Left = append(out.Left, f)
		}
	}
	return out
}

func TestIndexNumbers(t *testing.T) {
	folder := "units/xihe/social-assistance/"
	without := func(formed string) string {
		return strings.Replace(strings.Replace(document("审批信息", "-", "正文。\n"), "索引号: -\n", "", 1), "2026-10-08", formed, 1)
	}
	dir := district(t, map[string]string{
		folder + "2026-01-b.md": without("2026-02-01"),
		folder + "2026-01-a.md": without("2026/3/1"),
		folder + "2025-12-a.md": strings.Replace(without("2025-12-30"), "---\n\n正文", "# 注\n文号: 甲〔2025〕1号\n---\n\n正文", 1),
		folder + "2026-02-a.md": strings.Replace(without("2026-04-01"), "标题:", "title:", 1),
		folder + "2026-02-b.md": strings.NewReplacer("标题:", "title:", "事项:", "item:", "成文日期:", "formed:", "发布日期:", "date:").Replace(without("2026-05-01")),
		folder + "2026-02-c.md": document("审批信息", "", "正文。\n"),
		folder + "2026-02-d.md": document("审批信息", "\"\" # 待编", "正文。\n"),
		folder + "2026-03-a.md": strings.Replace(without("2026-06-01"), "成文日期: 2026-06-01\n", "", 1),
		// numbers that nobody sees are taken all the same
		folder + "2026-03-draft.md":                   strings.Replace(document("审批信息", "440203-XH/2026-00040", "正文。\n"), "---\n\n", "状态: 草稿\n---\n\n", 1),
		folder + "2026-03-broken.md":                  strings.Replace(document("审批信息", "４４０２０３－ＸＨ／２０２６－０００４１", "正文。\n"), "标题: ", "标题: [", 1),
		folder + "2026-03-unknown.md":                 strings.Replace(document("审批信息", "440203-XH/2025-00007", "正文。\n"), "标题: ", "标体: ", 1),
		"units/xilian/social-assistance/2026-02-a.md": without("2026-07-01"),
	})
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(document("审批信息", "440203-XH/2026-00042", "正文。\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "content", filepath.FromSlash(folder), "2026-03-gb.md"), []byte(gb), 0o644); err != nil {
		t.Fatal(err)
	}
	opt := options(dir)
	opt.Wants = func(r *finding.Rule) bool { return r == finding.MissingKey }
	p := makePlan(t, opt)
	for name, want := range map[string]string{
		folder + "2025-12-a.md": "发布日期: 2026-10-12\n索引号: 440203-XH/2025-00008\n# 注\n文号",
		folder + "2026-01-b.md": "发布日期: 2026-10-12\n索引号: 440203-XH/2026-00043\n---\n",
		folder + "2026-01-a.md": "发布日期: 2026-10-12\n索引号: 440203-XH/2026-00044\n---\n",
		folder + "2026-02-a.md": "发布日期: 2026-10-12\n索引号: 440203-XH/2026-00045\n---\n",
		folder + "2026-02-b.md": "date: 2026-10-12\nindex: 440203-XH/2026-00046\n---\n",
		folder + "2026-02-c.md": "\n索引号: 440203-XH/2026-00047 \n",
		folder + "2026-02-d.md": "\n索引号: 440203-XH/2026-00048 # 待编\n",
	} {
		if got := after(t, p, dir, name); !strings.Contains(got, want) {
			t.Errorf("%s: %q lacks %q", name, got, want)
		}
	}
	if want := "GK118 没有写成文日期，不能编索引号; GK118 西联镇 没有写索引号前缀，不能编索引号。在 content/units/xilian/_index.md 加一行“索引号前缀: 440203-XH”的样子"; leftOf(p) != want {
		t.Errorf("left %q", leftOf(p))
	}
	if len(p.Files) != 7 {
		t.Errorf("%d files change", len(p.Files))
	}
}

// What a mend uncovers is mended in the same run.
func TestRoundsGoOnUntilNothingIsLeft(t *testing.T) {
	raw, err := simplifiedchinese.GB18030.NewEncoder().String("－－－\r\n标题：关于公示\r\n事项：最低生活保障—审批信息\r\n成文日期：2026/10/9\r\n发布日期:2026-10-13\r\n——\r\n\r\n见[指南](2026-10-guid.md#二-申请条件),身份证号440203198001011236。\r\n")
	if err != nil {
		t.Fatal(err)
	}
	dir := district(t, map[string]string{subject: raw})
	p := makePlan(t, options(dir))
	want := "---\r\n标题: 关于公示\r\n事项: 最低生活保障/审批信息\r\n成文日期: 2026-10-09\r\n发布日期: 2026-10-13\r\n索引号: 440203-XH/2026-00002\r\n---\r\n\r\n见[指南](2026-10-guide.md#一-申请条件),身份证号440203********1236。\r\n"
	if got := after(t, p, dir, subject); got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	f := p.Files[0]
	if f.Encoding != "GB18030" || !bytes.HasPrefix(f.Before, []byte("－－－\r\n")) {
		t.Errorf("encoding %q, before %q", f.Encoding, f.Before)
	}
	lines := map[string]int{}
	for _, m := range f.Mends {
		lines[m.Rule.ID] = m.Line
	}
	if !maps.Equal(lines, map[string]int{"GK101": 1, "GK110": 1, "GK111": 6, "GK112": 4, "GK114": 5, "GK118": 6, "GK121": 4, "GK212": 3, "GK301": 8, "GK302": 8, "GK501": 8}) {
		t.Errorf("lines before the mends: %v", lines)
	}
	if diff := string(f.Diff(testDay)); strings.Contains(diff, "440203198001011236") || !strings.Contains(diff, "\n-") {
		t.Errorf("the diff shows personal data, or nothing: %s", diff)
	}
	if len(p.Remaining) > 0 && strings.Contains(leftOf(p), "GK1") {
		t.Errorf("remaining %v", p.Remaining)
	}
}

func TestOnlyFilesOfThePathsAreMended(t *testing.T) {
	faulty := strings.Replace(document("审批信息", "440203-XH/2026-00009", "正文。\n"), "2026-10-12", "2026/10/12", 1)
	dir := district(t, map[string]string{
		subject: strings.Replace(faulty, "索引号: 440203-XH/2026-00009\n", "", 1), "units/xilian/social-assistance/2026-09-a.md": faulty,
	})
	opt := options(dir)
	opt.Paths = []string{"content/units/xihe"}
	p := makePlan(t, opt)
	if len(p.Files) != 1 || p.Files[0].Path != "content/"+subject {
		t.Errorf("files %v", p.Files)
	}
	if got := after(t, p, dir, subject); !strings.Contains(got, "索引号: 440203-XH/2026-00010\n") {
		t.Errorf("the number of a document outside of the paths is given again: %q", got)
	}
	for _, f := range p.Remaining {
		if !strings.HasPrefix(f.Position.Path, "content/units/xihe/") {
			t.Errorf("%s remains outside of the paths", f.Position)
		}
	}
}

// An edit after which a file would be read worse, or would say something else, is not made; the others are.
func TestEditsAreNotTakenOnTrust(t *testing.T) {
	const text = "---\n标题: 甲\n事项: 乙\n文号: 丙\n---\n正文\n"
	at := func(old, text, part string) edit {
		i := strings.Index("---\n标题: 甲\n事项: 乙\n文号: 丙\n---\n正文\n", old)
		return edit{start: i, end: i + len(old), text: text, rule: finding.DateForm, part: part}
	}
	for _, c := range []struct {
		name string
		bad  edit
	}{
		{"front matter that cannot be read", at("乙", "[乙", "item")},
		{"a key that is unknown", at("事项", "事 项", "item")},
		{"a fence that is gone", at("---\n正文", "——\n正文", "/")},
		{"another key", at("乙", "乙\n体裁: 丁", "item")},
		{"another value", at("丙", "戊", "item")},
		{"the text", at("正文", "文", "docno")},
	} {
		f := &file{TextFile: fileAt(t, disclosurePath), raw: []byte(text)}
		good := at("甲", "贰", "title")
		taken, refused := f.accept([]edit{c.bad, good})
		if len(taken) != 1 || taken[0] != good || len(refused) != 1 || refused[0] != c.bad {
			t.Errorf("%s: takes %+v, refuses %+v", c.name, taken, refused)
		}
	}
}

// A link follows a document that the repository has renamed, or whose number it knows though the text has changed too much.
func TestLinksFollowTheHistory(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("no git")
	}
	folder := "units/xihe/social-assistance/"
	dir := district(t, map[string]string{
		subject:              subjectWith("", "[甲](old-a.md)、[乙](old-b.md)、[丙](old-c.md)、[丁](旧表.csv)、[戊](/xihe/social-assistance/old-a/)\n", 31),
		folder + "old-a.md":  document("办事指南", "440203-XH/2026-00011", strings.Repeat("甲文。\n", 20)),
		folder + "old-b.md":  document("办事指南", "440203-XH/2026-00012", "乙文。\n"),
		folder + "old-c.md":  document("办事指南", "440203-XH/2026-00013", "丙文。\n"),
		folder + "旧表.csv":    strings.Repeat("一,二\n", 20),
		folder + "keep.md":   document("办事指南", "440203-XH/2026-00014", "文。\n"),
		folder + "2026-x.md": "",
	})
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command(git, append([]string{"-C", dir, "-c", "user.name=某某", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"}, args...)...)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	at := func(name string) string { return filepath.Join(dir, "content", filepath.FromSlash(folder), name) }
	run("init", "-q")
	run("add", "-A")
	run("commit", "-q", "-m", "一")
	run("mv", at("old-a.md"), at("between.md"))
	run("mv", at("旧表.csv"), at("新表.csv"))
	run("commit", "-q", "-m", "二")
	run("mv", at("between.md"), at("new-a.md"))
	run("rm", "-q", at("old-b.md"))
	write := func(name, text string) {
		if err := os.WriteFile(at(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("new-b.md", document("审批信息", "440203-XH/2026-00012", strings.Repeat("全新的内容，与原来完全不同。\n", 40)))
	run("add", "-A")
	run("commit", "-q", "-m", "三")
	// not committed yet
	if err := os.Remove(at("old-c.md")); err != nil {
		t.Fatal(err)
	}
	write("new-c.md", document("审批信息", "440203-XH/2026-00013", "丙文。\n"))
	p := makePlan(t, options(dir))
	want := subjectWith("", "[甲](new-a.md)、[乙](new-b.md)、[丙](new-c.md)、[丁](新表.csv)、[戊](/xihe/social-assistance/new-a/)\n", 31)
	if got := after(t, p, dir, subject); got != want {
		t.Errorf("got %q\nwant %q\nleft %s", got, want, leftOf(p))
	}
}

func TestNearNames(t *testing.T) {
	for _, c := range []struct {
		name  string
		names string
		want  string
	}{
		{"2026-10-god.md", "2026-10-good.md 2026-11-good.md", "2026-10-good.md"},
		{"2026-10-guide.md", "2026-11-guide.md", ""},
		{"2026-1-guide.md", "2026-01-guide.md", "2026-01-guide.md"},
		{"名单.XLSX", "名单.xlsx 名 单.xlsx", "名单.xlsx 名 单.xlsx"},
		{"名单.xlsx", "名册.xlsx", ""},
		{"低保对象名单.xlsx", "低保对象名册.xlsx 低保对象名单.pdf", "低保对象名册.xlsx"},
		{"guide-one.md", "guide-ona.md guide-onb.md", "guide-ona.md guide-onb.md"},
		{"第一季度低保名单公示.md", "第二季度低保名单公示.md", ""},
	} {
		names := strings.Split(strings.ReplaceAll(c.names, "名 单", "名_单"), " ")
		for i := range names {
			names[i] = strings.ReplaceAll(names[i], "_", " ")
		}
		if got := strings.Join(nearNames(c.name, names), " "); got != c.want {
			t.Errorf("%s among %v: %q, want %q", c.name, names, got, c.want)
		}
	}
}

func TestNearAnchors(t *testing.T) {
	for _, c := range []struct{ fragment, anchors, want string }{
		{"一、申请条件", "一-申请条件 二-申请条件", "一-申请条件"},
		{"二-申请条件", "一-申请条件 三-办理流程", "一-申请条件"},
		{"一-申请", "一-申请条件 二-办理流程", "一-申请条件"},
		{"申请条件与材料清单", "申请条件和材料清单", "申请条件和材料清单"},
		{"第三条", "第一条 第二条", ""},
		{"第三条", "第一条", ""},
		{"附件1", "附件2", ""},
		{"材料", "条件 流程", ""},
		{"一-条件", "二-条件 三-条件", "二-条件 三-条件"},
	} {
		if got := strings.Join(nearAnchors(c.fragment, strings.Split(c.anchors, " ")), " "); got != c.want {
			t.Errorf("#%s among %s: %q, want %q", c.fragment, c.anchors, got, c.want)
		}
	}
}

// A repository's log is read with names as they are, the newest first.
func TestPastIsReadFromALog(t *testing.T) {
	p := &past{renamed: map[string]string{}, deleted: map[string]string{}}
	p.read([]byte("\x01c3\x00\x00R100\x00b.md\x00c.md\x00D\x00名 单.csv\x00\x01c2\x00\x00R090\x00a.md\x00b.md\x00\x01c1\x00\x00D\x00名 单.csv\x00"))
	if p.today("a.md") != "c.md" || p.today("b.md") != "c.md" || p.deleted["名 单.csv"] != "c3" {
		t.Errorf("%+v", p)
	}
}

func TestTableOfMends(t *testing.T) {
	seen := map[*finding.Rule]bool{}
	var ids []string
	for _, k := range Kinds() {
		ids = append(ids, k.Rules[0].ID)
		if k.Does.ZH == "" || k.Does.EN == "" {
			t.Errorf("%s does nothing", k.IDs())
		}
		for _, r := range k.Rules {
			if seen[r] {
				t.Errorf("%s is answered twice", r.ID)
			}
			seen[r] = true
		}
	}
	if !slices.IsSorted(ids) {
		t.Errorf("not in the order of rules: %v", ids)
	}
	// each rule is met by a mend of the other tests, or of the command's scripts (fix-index, fix-index-twice)
	met := map[string]bool{"GK101": true, "GK118": true, "GK220": true}
	for _, c := range formCases {
		for _, id := range strings.Fields(c.rules) {
			met[id] = true
		}
	}
	for _, c := range valueCases {
		for _, id := range strings.Fields(c.rules) {
			met[id] = true
		}
	}
	for r := range seen {
		if !met[r.ID] && (!isPrivate(r) || r == finding.IdentityNumber) {
			t.Errorf("no case for %s", r.ID)
		}
	}
	var b bytes.Buffer
	if err := Reference(&b, finding.English); err != nil || strings.Count(b.String(), "\n") != len(Kinds())+2 {
		t.Errorf("%v: %s", err, b.String())
	}
	if !Answers("GK5") || !Answers("gk112") || Answers("GK4") || Answers("GK") {
		t.Error("Answers is wrong")
	}
}

// The sample district has nothing to mend.
func TestSampleDistrict(t *testing.T) {
	opt := options("../..")
	opt.Scratch = filepath.Join(t.TempDir(), "scratch")
	p := makePlan(t, opt)
	for _, f := range p.Files {
		t.Errorf("%s\n%s", f.headline().ZH, f.Diff(calendar.DateOf(opt.Now)))
	}
	if len(p.Left) > 0 {
		t.Error(leftOf(p))
	}
}
