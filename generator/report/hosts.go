package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"gongkai/generator/finding"
)

// writeGitHub writes workflow commands, which GitHub shows beside the lines of a pull request.
func writeGitHub(w io.Writer, r *Report, lang finding.Language) error {
	b := bufio.NewWriter(w)
	for _, f := range r.Findings {
		fmt.Fprintf(b, "::%s file=%s", [...]string{"notice", "warning", "error"}[f.Rule.Severity], githubProperty(r.path(f)))
		if f.Position.Line > 0 {
			fmt.Fprintf(b, ",line=%d", f.Position.Line)
			if f.Position.Column > 0 {
				fmt.Fprintf(b, ",col=%d", f.Position.Column)
			}
		}
		message := f.Message.In(lang)
		if mend := f.Mend.In(lang); mend != "" {
			message += "\n→ " + mend
		}
		fmt.Fprintf(b, ",title=%s::%s\n", githubProperty(f.Rule.ID+" "+f.Rule.Title.In(lang)), githubData(message))
	}
	return b.Flush()
}

var (
	githubDataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubPropertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func githubData(s string) string     { return githubDataEscapes.Replace(escaped(s)) }
func githubProperty(s string) string { return githubPropertyEscapes.Replace(escaped(s)) }

// gitlabIssue is an issue of GitLab's code quality report.
type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
}

func writeGitLab(w io.Writer, r *Report, lang finding.Language) error {
	out := []gitlabIssue{}
	prints := Fingerprints(r.Findings)
	for i, f := range r.Findings {
		message := f.Message.In(lang)
		if mend := f.Mend.In(lang); mend != "" {
			message += " → " + mend
		}
		out = append(out, gitlabIssue{
			escaped(message), f.Rule.ID, prints[i], [...]string{"info", "minor", "major"}[f.Rule.Severity],
			gitlabLocation{r.path(f), gitlabLines{max(1, f.Position.Line)}},
		})
	}
	return indented(w, out)
}

// maxComment is how many characters a comment on a pull request may have; GitHub takes 65,536.
const maxComment = 60000

// writeMarkdown writes a comment for a pull request: the counts, then the findings by severity and file.
func writeMarkdown(w io.Writer, r *Report, lang finding.Language) error {
	say := func(zh, en string, args ...any) string { return finding.T(zh, en, args...).In(lang) }
	errors, warnings, infos := finding.Count(r.Findings)
	var b strings.Builder
	verdict := say("通过", "passed")
	if r.Failed() {
		verdict = say("没有通过", "failed")
	}
	b.WriteString(say("### 政务公开检查：%s\n\n| 错误 | 警告 | 提示 |\n| ---: | ---: | ---: |\n| %d | %d | %d |\n",
		"### Disclosure check: %s\n\n| errors | warnings | advice |\n| ---: | ---: | ---: |\n| %d | %d | %d |\n", verdict, errors, warnings, infos))
	left := len(r.Findings)
	size := 0
	for s := finding.Error; ; s-- {
		var group strings.Builder
		n, path := 0, ""
		for _, f := range r.Findings {
			if f.Rule.Severity != s {
				continue
			}
			var line strings.Builder
			if f.Position.Path != path {
				line.WriteString("\n**`" + codeText(r.path(f)) + "`**\n\n")
			}
			where := ""
			if f.Position.Line > 0 {
				where = say("第 %d 行 ", "line %d ", f.Position.Line)
			}
			line.WriteString("- " + where + "`" + f.Rule.ID + "` " + plainMarkdown(f.Message.In(lang)) + "\n")
			if mend := f.Mend.In(lang); mend != "" {
				line.WriteString("  → " + plainMarkdown(mend) + "\n")
			}
			if size += len([]rune(line.String())); size > maxComment {
				break
			}
			path = f.Position.Path
			group.WriteString(line.String())
			n++
		}
		if n > 0 {
			open := ""
			if s == finding.Error {
				open = " open"
			}
			b.WriteString("\n<details" + open + "><summary>" + say("%s %d 个", "%s: %d", plural(s, lang), n) + "</summary>\n" + group.String() + "\n</details>\n")
			left -= n
		}
		if s == finding.Info || size > maxComment {
			break
		}
	}
	if left > 0 {
		b.WriteString(say("\n还有 %d 个没有列出，请看完整的报告。\n", "\n%d more are in the full report.\n", left))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func plural(s finding.Severity, lang finding.Language) string {
	if lang == finding.English {
		return [...]string{"advice", "warnings", "errors"}[s]
	}
	return levelName(s, lang)
}

var markdownEscapes = strings.NewReplacer("\\", "\\\\", "`", "\\`", "*", "\\*", "_", "\\_", "[", "\\[", "]", "\\]", "<", "&lt;", ">", "&gt;", "|", "\\|", "#", "\\#", "@", "&#64;", "~", "\\~", "\n", " ", "\r", " ")

func plainMarkdown(s string) string { return markdownEscapes.Replace(escaped(s)) }

func codeText(s string) string {
	return strings.NewReplacer("`", "'", "\n", " ", "\r", " ").Replace(escaped(s))
}
