package report

import (
	"bufio"
	"io"

	"gongkai/generator/finding"
)

// Rules writes the reference of all rules as Markdown.
func Rules(w io.Writer, lang finding.Language) error {
	b := bufio.NewWriter(w)
	b.WriteString(finding.T("# 检查规则\n", "# Rules\n").In(lang))
	group := ""
	titles := map[string]finding.Text{
		"GK1": {ZH: "文件、文件头和正文", EN: "Files, front matter and text"}, "GK2": {ZH: "目录和模型", EN: "Catalogs and model"}, "GK3": {ZH: "链接", EN: "Links"},
		"GK4": {ZH: "时限和覆盖", EN: "Timeliness and coverage"}, "GK5": {ZH: "个人信息", EN: "Personal data"}, "GK6": {ZH: "写法和无障碍", EN: "Writing and accessibility"},
	}
	for _, r := range finding.Rules() {
		if g := r.ID[:3]; g != group {
			group = g
			b.WriteString("\n## " + g + "xx " + titles[g].In(lang) + "\n")
		}
		b.WriteString("\n### " + r.ID + " " + r.Title.In(lang) + "\n\n" + levelName(r.Severity, lang) + finding.T("。", ". ").In(lang) + r.Explain.In(lang) + "\n")
	}
	return b.Flush()
}

// Explain writes what a rule is about.
func Explain(w io.Writer, r *finding.Rule, lang finding.Language) error {
	_, err := io.WriteString(w, r.ID+" "+r.Title.In(lang)+finding.T("（", " (").In(lang)+levelName(r.Severity, lang)+finding.T("）\n", ")\n").In(lang)+r.Explain.In(lang)+"\n")
	return err
}
