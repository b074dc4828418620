package mend

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"gongkai/generator/calendar"
	"gongkai/generator/finding"
)

// Text writes each file with the rules that are mended in it and the unified diff. Colour is for terminals.
func (p *Plan) Text(w io.Writer, today calendar.Date, lang finding.Language, colour bool) error {
	b := bufio.NewWriter(w)
	for i := range p.Files {
		f := &p.Files[i]
		b.WriteString(f.headline().In(lang) + "\n")
		diff := f.Diff(today)
		if colour {
			diff = Colour(diff)
		}
		b.Write(diff)
	}
	return b.Flush()
}

// headline says what is mended in the file: path: GK112, GK121 ×2.
func (f *File) headline() finding.Text {
	var rules []string
	for _, c := range countRules(f.Mends, func(m Mend) *finding.Rule { return m.Rule }) {
		word := c.Rule.ID
		if c.Count > 1 {
			word += fmt.Sprintf(" ×%d", c.Count)
		}
		rules = append(rules, word)
	}
	encoding := finding.Text{}
	if f.Encoding != "" {
		encoding = finding.T("（%s → UTF-8）", " (%s → UTF-8)", f.Encoding)
	}
	return finding.Text{ZH: f.Path + "：" + strings.Join(rules, "，") + encoding.ZH, EN: f.Path + ": " + strings.Join(rules, ", ") + encoding.EN}
}

// RuleCount is how often a rule was met.
type RuleCount struct {
	Rule  *finding.Rule
	Count int
}

// CountRules returns how many findings there are of each rule, in the order of the rules.
func CountRules(findings []finding.Finding) []RuleCount {
	return countRules(findings, func(f finding.Finding) *finding.Rule { return f.Rule })
}

func countRules[T any](list []T, rule func(T) *finding.Rule) []RuleCount {
	counts := map[*finding.Rule]int{}
	for _, x := range list {
		counts[rule(x)]++
	}
	var out []RuleCount
	for r, n := range counts {
		out = append(out, RuleCount{r, n})
	}
	slices.SortFunc(out, func(a, b RuleCount) int { return cmp.Compare(a.Rule.ID, b.Rule.ID) })
	return out
}

// The JSON of a plan.
type (
	planJSON struct {
		Summary   summaryJSON     `json:"summary"`
		Files     []fileJSON      `json:"files"`
		Left      []leftJSON      `json:"left"`
		Remaining []remainingJSON `json:"remaining"`
	}
	summaryJSON struct {
		Files     int  `json:"files"`
		Mends     int  `json:"mends"`
		Left      int  `json:"left"`
		Remaining int  `json:"remaining"`
		Written   bool `json:"written"`
	}
	fileJSON struct {
		Path     string     `json:"path"`
		Encoding string     `json:"encoding,omitempty"` // that the file was in
		Mends    []mendJSON `json:"mends"`
		Diff     string     `json:"diff"`
	}
	mendJSON struct {
		Rule   string `json:"rule"`
		Line   int    `json:"line"`
		Column int    `json:"column"`
		Old    string `json:"old"`
		New    string `json:"new"`
	}
	leftJSON struct {
		Rule    string `json:"rule"`
		Path    string `json:"path"`
		Line    int    `json:"line"`
		Column  int    `json:"column"`
		Message string `json:"message"`
	}
	remainingJSON struct {
		Rule     string `json:"rule"`
		Severity string `json:"severity"`
		Title    string `json:"title"`
		Count    int    `json:"count"`
	}
)

// JSON writes the plan; written says whether the files were written.
func (p *Plan) JSON(w io.Writer, today calendar.Date, lang finding.Language, written bool) error {
	out := planJSON{
		Summary: summaryJSON{len(p.Files), p.Count(), len(p.Left), len(p.Remaining), written},
		Files:   []fileJSON{}, Left: []leftJSON{}, Remaining: []remainingJSON{},
	}
	for i := range p.Files {
		f := &p.Files[i]
		x := fileJSON{Path: f.Path, Encoding: f.Encoding, Mends: []mendJSON{}, Diff: string(f.Diff(today))}
		for _, m := range f.Mends {
			x.Mends = append(x.Mends, mendJSON{m.Rule.ID, m.Line, m.Column, m.Old, m.New})
		}
		out.Files = append(out.Files, x)
	}
	for _, f := range p.Left {
		out.Left = append(out.Left, leftJSON{f.Rule.ID, f.Position.Path, f.Position.Line, f.Position.Column, f.Message.In(lang)})
	}
	for _, c := range CountRules(p.Remaining) {
		out.Remaining = append(out.Remaining, remainingJSON{c.Rule.ID, c.Rule.Severity.String(), c.Rule.Title.In(lang), c.Count})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}
