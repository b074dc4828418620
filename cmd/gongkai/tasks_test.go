package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"gongkai/generator/finding"
	"gongkai/generator/report"
	"gongkai/generator/scaffold"
)

// The task that a new site has for VS Code lists each finding with its place and severity.
func TestTaskOfNewSiteReadsFindings(t *testing.T) {
	text, err := fs.ReadFile(scaffold.Starter(), ".vscode/tasks.json")
	if err != nil {
		t.Fatal(err)
	}
	var tasks struct {
		Tasks []struct {
			ProblemMatcher []struct {
				Severity string
				Pattern  struct {
					Regexp                            string
					File, Line, Column, Code, Message int
				}
			}
		}
	}
	if err := json.Unmarshal(text, &tasks); err != nil {
		t.Fatal(err)
	}
	at := finding.Position{Path: "content/units/甲/a b.md", Line: 3, Column: 12}
	for _, c := range []struct {
		f    finding.Finding
		want string
	}{
		{finding.New(finding.BadDate, at, finding.T("日期: 有误", "x"), finding.T("改", "y")), "error content/units/甲/a b.md 3 12 GK120 日期: 有误"},
		{finding.New(finding.DateOrder, at, finding.T("早", "x"), finding.Text{}), "warning content/units/甲/a b.md 3 12 GK123 早"},
		{finding.New(finding.DateForm, at, finding.T("写法", "x"), finding.Text{}), "info content/units/甲/a b.md 3 12 GK121 写法"},
		{finding.New(finding.StrayFile, finding.Position{Path: "content/x.md"}, finding.T("放错", "x"), finding.Text{}), "warning content/x.md   GK105 放错"},
	} {
		var out bytes.Buffer
		if err := report.Text(&out, []finding.Finding{c.f}, finding.Chinese, false); err != nil {
			t.Fatal(err)
		}
		line, _, _ := strings.Cut(out.String(), "\n")
		var got []string
		for _, m := range tasks.Tasks[0].ProblemMatcher {
			p := m.Pattern
			if found := regexp.MustCompile(p.Regexp).FindStringSubmatch(line); found != nil {
				part := func(i int) string {
					if i == 0 {
						return ""
					}
					return found[i]
				}
				got = append(got, strings.Join([]string{m.Severity, part(p.File), part(p.Line), part(p.Column), part(p.Code), part(p.Message)}, " "))
			}
		}
		if len(got) != 1 || got[0] != c.want {
			t.Errorf("%q is %q, want %q", line, got, c.want)
		}
	}
}
