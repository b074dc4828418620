package scaffold

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"gongkai/generator/audit"
	"gongkai/generator/calendar"
	"gongkai/generator/finding"
	"gongkai/generator/site"
	"gongkai/generator/source"
)

// File is a file to be written.
type File struct {
	Path string // content path
	Text string
}

// Disclosure says what a new disclosure is to be.
type Disclosure struct {
	Unit      *site.Unit
	Field     *site.Field
	Item      *site.Item // as it holds for the unit
	Title     string
	Formed    calendar.Date
	Published calendar.Date // zero: the key is left for later, and the document is a draft
	DocNo     string
	Kind      string
	Name      string   // of the file, without .md; empty: made from the title
	Numbers   []string // index numbers that are in use anywhere
	Approved  bool
}

// Mistake is what is wrong with what a new file is to be.
type Mistake struct{ Message finding.Text }

func (m *Mistake) Error() string { return m.Message.EN }

func mistake(zh, en string, args ...any) error { return &Mistake{finding.T(zh, en, args...)} }

// nameFault returns what is wrong with a name that somebody chose for an address.
func nameFault(name string) error {
	if source.ValidSlug(name) && name == strings.ToLower(name) {
		return nil
	}
	return mistake("“%s”不能用作网址，只用小写字母、数字、汉字和减号", "%q cannot be part of an address: use lower-case letters, digits and hyphens", name)
}

// NewDisclosure returns the file of a new disclosure. taken reports whether a content path is in use. The error is a *Mistake.
func NewDisclosure(s *site.Site, d Disclosure, taken func(path string) bool) (File, error) {
	if strings.TrimSpace(d.Title) == "" {
		return File{}, mistake("没有写标题", "there is no title")
	}
	dir := path.Join(source.Dir, "units", d.Unit.Slug, d.Field.Slug)
	name := strings.TrimSuffix(d.Name, ".md")
	if name != "" {
		if err := nameFault(name); err != nil {
			return File{}, err
		}
	} else {
		name = fmt.Sprintf("%04d-%02d-%s", d.Formed.Year, d.Formed.Month, Slug(subject(d.Title, d.Unit)))
	}
	name = Free(strings.TrimSuffix(name, "-"), func(n string) bool { return taken(path.Join(dir, n+".md")) })
	published := d.Published
	if published.IsZero() {
		published = d.Formed
	}
	var b strings.Builder
	line := func(key, value string) { fmt.Fprintf(&b, "%s: %s\n", key, value) }
	b.WriteString("---\n")
	line("标题", yaml(d.Title))
	line("事项", yaml(d.Item.Path()))
	line("成文日期", d.Formed.String())
	b.WriteString(deadline(s, d))
	line("发布日期", published.String())
	if number := site.NextIndexNo(d.Unit.IndexPrefix, int(d.Formed.Year), slices.Values(d.Numbers)); number != "" {
		line("索引号", number)
	} else {
		b.WriteString("# 单位没有写“索引号前缀”，请自己编一个没有用过的索引号\n索引号: \n")
	}
	if d.DocNo != "" {
		line("文号", yaml(d.DocNo))
	} else {
		b.WriteString("# 文号: 例如 西河府〔2026〕15号，没有就不写\n")
	}
	if d.Kind != "" {
		line("体裁", yaml(d.Kind))
	} else {
		b.WriteString("# 体裁: 通知、公示、办事指南……\n")
	}
	b.WriteString("# 有效期至: 有个人信息的公示写上，期满自动撤下\n# 附件: [文件放在本文件旁边.xlsx]\n")
	if d.Approved {
		line("状态", "已审核")
	} else {
		line("状态", "草稿        # 审核以后改为“已审核”才会发布")
	}
	if content := d.Item.Columns[site.Content].Text; content != "" {
		b.WriteString("# 目录要求的公开内容：\n")
		for _, part := range site.SplitList(content) {
			b.WriteString("#   " + part + "\n")
		}
	}
	b.WriteString("---\n\n在这里写正文。\n")
	return File{path.Join(dir, name+".md"), b.String()}, nil
}

// subject is the title without what every title of the unit has.
func subject(title string, u *site.Unit) string {
	for _, name := range []string{u.FullName, u.Name} {
		if name != "" {
			title = strings.ReplaceAll(title, name, "")
		}
	}
	title = regexp.MustCompile(`^关于|\d{4}年度?(\d{1,2}月)?|的?(通知|公告|公示|函)$`).ReplaceAllString(title, "")
	return strings.NewReplacer("的", "", "关于", "", "印发", "").Replace(title)
}

// deadline returns what the catalog says of the time, as a comment.
func deadline(s *site.Site, d Disclosure) string {
	text := d.Item.Columns[site.DeadlineOf].Text
	if text == "" {
		text = "目录没有写明"
	}
	out := "# 公开时限：" + text + "\n"
	last, limit, stated, ok, err := audit.PublishBy(s, d.Field, d.Item, d.Formed)
	switch {
	case !ok:
		return out + "# 最迟发布日期：不能由成文日期推算\n"
	case err != nil:
		return out + "# 最迟发布日期：content/workdays.csv 里没有这一年的节假日，不能推算\n"
	case !stated:
		return out + fmt.Sprintf("# 最迟发布日期：%s（按《政府信息公开条例》第二十六条，成文起%d个工作日）\n", last, limit.N)
	}
	return out + fmt.Sprintf("# 最迟发布日期：%s\n", last)
}

// yaml writes a text so that it reads as itself.
func yaml(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" || strings.ContainsAny(text, `:#"'{}[]&*!|>%@,`+"`") || strings.ContainsAny(text[:1], "-? ") || plainNumber.MatchString(text) {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
	}
	return text
}

var plainNumber = regexp.MustCompile(`^[-+.\d]|^(?i:true|false|yes|no|null|on|off|~)$`)

// Unit says what a new unit is to be.
type Unit struct {
	Name, FullName, Slug, Kind, Prefix string
	Level                              site.Level
}

// NewUnit returns the file of a new unit. The error is a *Mistake.
func NewUnit(s *site.Site, u Unit) (File, error) {
	if strings.TrimSpace(u.Name) == "" {
		return File{}, mistake("没有写单位名称", "the unit has no name")
	}
	if !slices.Contains(source.UnitKinds(), u.Kind) {
		return File{}, mistake("类型“%s”不对，可以是 镇、街道、部门、村居", "%q is no kind of unit; it is one of 镇, 街道, 部门, 村居", u.Kind)
	}
	taken := func(slug string) bool {
		return site.Reserved(slug) || slices.ContainsFunc(s.Units, func(o *site.Unit) bool { return strings.EqualFold(o.Slug, slug) })
	}
	slug := u.Slug
	if slug == "" {
		short := u.Name
		for _, end := range []string{"镇", "街道", "乡", "村", "社区", "局"} {
			if cut := strings.TrimSuffix(short, end); cut != "" && cut != short {
				short = cut
				break
			}
		}
		slug = Free(strings.ReplaceAll(Slug(short), "-", ""), taken)
	} else if err := nameFault(slug); err != nil {
		return File{}, err
	} else if taken(slug) {
		return File{}, mistake("网址名“%s”已被使用", "the address name %q is in use", slug)
	}
	if u.Level == site.LevelUnknown {
		u.Level = site.Township
	}
	order := 0
	for _, o := range s.Units {
		order = max(order, o.Order)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "---\n名称: %s\n", yaml(u.Name))
	if u.FullName != "" {
		fmt.Fprintf(&b, "全称: %s\n", yaml(u.FullName))
	} else {
		b.WriteString("# 全称: 例如 武江区西河镇人民政府\n")
	}
	if u.Kind != "" {
		fmt.Fprintf(&b, "类型: %s\n", u.Kind)
	}
	fmt.Fprintf(&b, "层级: %s\n排序: %d\n", u.Level.Chinese(), order+1)
	prefix := u.Prefix
	if prefix == "" {
		prefix = suggestPrefix(s, slug)
	}
	if prefix != "" {
		fmt.Fprintf(&b, "索引号前缀: %s\n", yaml(prefix))
	}
	b.WriteString("# 地址:\n# 邮编: \"\"\n# 电话:\n# 办公时间: 工作日 8:30-12:00，14:30-17:30\n# 统一社会信用代码:\n---\n\n在这里用几句话介绍本单位公开什么、怎样找到。\n")
	return File{path.Join(source.Dir, "units", slug, "_index.md"), b.String()}, nil
}

// suggestPrefix returns a prefix of the other units' pattern, the district's code with capitals of the slug, that none of them has.
func suggestPrefix(s *site.Site, slug string) string {
	code := ""
	used := map[string]bool{}
	for _, u := range s.Units {
		used[strings.ToUpper(u.IndexPrefix)] = true
		if before, _, ok := strings.Cut(u.IndexPrefix, "-"); ok {
			code = before
		}
	}
	if code == "" {
		return ""
	}
	letters := strings.ToUpper(slug)
	for n := 2; n <= len(letters); n++ {
		if p := code + "-" + letters[:n]; !used[p] {
			return p
		}
	}
	return ""
}

// NewCatalog returns the file of a new field's catalog. The columns stand there as a pattern in front matter's comments: what is not stated must not be made
// up. The error is a *Mistake.
func NewCatalog(s *site.Site, name, slug string) (File, error) {
	if strings.TrimSpace(name) == "" {
		return File{}, mistake("没有写领域名称", "the field has no name")
	}
	taken := func(slug string) bool {
		return site.Reserved(slug) || slices.ContainsFunc(s.Fields, func(f *site.Field) bool { return strings.EqualFold(f.Slug, slug) })
	}
	if slug == "" {
		slug = Free(Slug(name), taken)
	} else if err := nameFault(slug); err != nil {
		return File{}, err
	} else if taken(slug) {
		return File{}, mistake("网址名“%s”已被使用", "the address name %q is in use", slug)
	}
	number := 0
	for _, f := range s.Fields {
		number = max(number, f.Number)
	}
	number++
	text := fmt.Sprintf(`---
标题: %s
领域: %s
名称: %s
序号: %d
# 批准日期: 2021-03-01
# 一级事项用 ##，二级事项用 ###，下面一行一栏；没有写明的栏目不要写：
#   - 公开内容：……；……
#   - 公开依据：《……》
#   - 公开时限：自信息形成或变更之日起20个工作日内
#   - 公开主体：……
#   - 公开渠道：政府网站；公开查阅点
#   - 公开对象：全社会
#   - 公开方式：主动公开
#   - 公开层级：县级；乡级
---
## 一级事项名称
### 二级事项名称
- 公开方式：主动公开
`, yaml(name+"领域基层政务公开标准目录"), slug, yaml(name), number)
	return File{path.Join(source.Dir, "fields", fmt.Sprintf("%02d-%s.md", number, slug)), text}, nil
}

var numberLine = regexp.MustCompile(`(?m)^(?:索引号|index)\s*[:：]\s*(\S[^\r\n#]*)`)

// IndexNumbers returns the index numbers that stand in texts, whether the rest of them can be read or not: of drafts, and of files with errors.
func IndexNumbers(text string) []string {
	var out []string
	for _, m := range numberLine.FindAllStringSubmatch(text, -1) {
		if number := strings.Trim(strings.TrimSpace(m[1]), `"'`); number != "" {
			out = append(out, number)
		}
	}
	return out
}
