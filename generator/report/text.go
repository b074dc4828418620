package report

import (
	"bufio"
	"io"

	"gongkai/generator/finding"
)

// Text writes each finding as "path:line:col: level[GKnnn] message", the form that editors and terminals make a link of, with the
// mend on a line below. Colour is for terminals.
func Text(w io.Writer, findings []finding.Finding, lang finding.Language, colour bool) error {
	b := bufio.NewWriter(w)
	for _, f := range findings {
		level := levelName(f.Rule.Severity, lang)
		if colour {
			level = ansi(f.Rule.Severity) + level + "\x1b[0m"
		}
		b.WriteString(f.Position.String() + ": " + level + "[" + f.Rule.ID + "] " + f.Message.In(lang) + "\n")
		if mend := f.Mend.In(lang); mend != "" {
			b.WriteString("    → " + mend + "\n")
		}
	}
	return b.Flush()
}

func levelName(s finding.Severity, lang finding.Language) string {
	if lang == finding.English {
		return s.String()
	}
	return [...]string{"提示", "警告", "错误"}[s]
}

func ansi(s finding.Severity) string {
	return [...]string{"\x1b[36m", "\x1b[33m", "\x1b[31m"}[s]
}
