package mend

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"gongkai/generator/finding"
)

// Kind is one kind of mend: the rules whose findings it answers and what it does.
type Kind struct {
	Rules []*finding.Rule
	Does  finding.Text
}

var kinds = []Kind{
	kind("把 GB18030、UTF-16 文件转为 UTF-8，行尾不变", "convert GB18030 and UTF-16 files to UTF-8; line ends stay", finding.Encoding),
	kind("文件头的分隔行（－－－、———、-----）改为 ---", "write fences such as －－－, ——— and ----- as ---", finding.NoFrontMatter, finding.OpenFront),
	kind("项目名后的全角冒号改为半角冒号加空格", "write a full-width colon behind a key as a half-width one and a space", finding.FullWidthColon),
	kind("文件头缩进里的制表符改为两个空格", "write tabs that indent front matter as two spaces", finding.TabInFront),
	kind("补上项目名冒号后面缺少的空格", "add the space that is missing behind a key's colon", finding.FrontSyntax),
	kind("补上缺少的索引号：本单位、成文年度的下一个号", "add a missing index number: the next of the unit in the year of formation", finding.MissingKey),
	kind("能理解的日期（2022/10/8、2022年10月8日、全角数字）改为 2022-10-08",
		"write dates that are understood (2022/10/8, 2022年10月8日, full-width digits) as 2022-10-08", finding.DateForm),
	kind("事项的分隔符改为 /", "write / between the levels of an item", finding.ItemSeparator),
	kind("索引号重复时，后发布的改为下一个号", "give the next index number to the later one of two documents with the same", finding.DuplicateIndex),
	kind("附件名只有一个相近的文件时，改为该文件名", "name the attachment that is meant where exactly one is near", finding.NoAttachment),
	kind("打不开的站内链接只有一个相近的目标（改名、移动、笔误）时，改为该目标",
		"lead a broken internal link to its target where exactly one is near (renamed, moved, mistyped)", finding.BrokenLink, finding.BrokenAnchor, finding.BrokenFile),
	kind("正文、表格和文件头里的个人信息按建议遮盖；附件只报告", "mask personal data in texts, tables and front matter as suggested; attachments are reported only",
		finding.IdentityNumber, finding.MobileNumber, finding.BankCard, finding.Passport, finding.Plate, finding.HomeAddress, finding.WeakMask),
	kind("文号年份的括号改为〔〕", "write the year of a document number in 〔〕", finding.MixedBrackets),
	kind("汉字之间的半角标点改为全角", "write punctuation between Chinese characters full-width", finding.HalfWidth),
}

func kind(doesZH, doesEN string, rules ...*finding.Rule) Kind {
	return Kind{rules, finding.Text{ZH: doesZH, EN: doesEN}}
}

// Kinds returns every kind of mend, in the order of rules.
func Kinds() []Kind { return slices.Clone(kinds) }

// Answers reports whether any mend answers a rule that the pattern names (finding.Covers).
func Answers(pattern string) bool {
	return slices.ContainsFunc(kinds, func(k Kind) bool {
		return slices.ContainsFunc(k.Rules, func(r *finding.Rule) bool { return finding.Covers(pattern, r) })
	})
}

// Reference writes the table of mends as Markdown. The error is one of writing.
func Reference(w io.Writer, lang finding.Language) error {
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, finding.T("| 规则 | 修改 |\n| --- | --- |", "| rules | mend |\n| --- | --- |").In(lang))
	for _, k := range kinds {
		fmt.Fprintf(b, "| %s | %s |\n", k.IDs(), k.Does.In(lang))
	}
	return b.Flush()
}

// IDs returns the identifiers of the rules: GK301 GK302.
func (k Kind) IDs() string {
	var ids []string
	for _, r := range k.Rules {
		ids = append(ids, r.ID)
	}
	return strings.Join(ids, " ")
}
