package report

import (
	"bufio"
	"fmt"
	"io"

	"gongkai/generator/audit"
	"gongkai/generator/finding"
)

// casesShown is how many cases of an indicator the text shows; JSON has them all.
const casesShown = 5

// Score writes the estimate of an inspection: what vetoes first, then deductions, then hints whose points are not confirmed, then what was
// not judged.
func Score(w io.Writer, c *audit.Card, lang finding.Language) error {
	b := bufio.NewWriter(w)
	say := func(zh, en string, args ...any) { b.WriteString(finding.T(zh, en, args...).In(lang)) }
	say("单项否决（任何一项成立即不合格）\n", "vetoes (any one fails the inspection)\n")
	for i := range c.Veto {
		writeMark(b, &c.Veto[i], lang, false)
	}
	say("\n扣分（满分 %g 分）\n", "\ndeductions (of %g points)\n", c.Total)
	for i := range c.Deductions {
		if c.Deductions[i].Confirmed {
			writeMark(b, &c.Deductions[i], lang, true)
		}
	}
	say("\n提示（分值没有核实，不计入）\n", "\nhints (points are not confirmed and not counted)\n")
	for i := range c.Deductions {
		if !c.Deductions[i].Confirmed {
			writeMark(b, &c.Deductions[i], lang, true)
		}
	}
	say("\n本工具不判断\n", "\nnot judged by this tool\n")
	for _, u := range c.Unjudged {
		b.WriteString("  · " + u + "\n")
	}
	switch {
	case c.Vetoed:
		say("\n估计：单项否决，不合格（扣分部分 %g 分）\n", "\nestimate: vetoed, fails (deductions leave %g points)\n", c.Score)
	case c.Passed:
		say("\n估计：合格，%g 分\n", "\nestimate: passes with %g points\n", c.Score)
	default:
		say("\n估计：不合格，%g 分\n", "\nestimate: fails with %g points\n", c.Score)
	}
	return b.Flush()
}

func writeMark(b *bufio.Writer, m *audit.Mark, lang finding.Language, points bool) {
	say := func(zh, en string, args ...any) { b.WriteString(finding.T(zh, en, args...).In(lang)) }
	switch {
	case !m.Judged:
		why := m.Why
		if why.ZH == "" {
			why = finding.Text{ZH: "没有可以判断的内容", EN: "nothing to judge by"}
		}
		say("  ？ %[1]s：%[2]s\n", "  ? %[1]s: %[3]s\n", m.Name, why.ZH, why.EN)
		return
	case !m.Hit:
		if len(m.Cases) > 0 {
			say("  ○ %s：%d 处，没有达到 %d 处\n", "  ○ %s: %d cases, fewer than %d\n", m.Name, len(m.Cases), m.Limit)
		} else {
			say("  ○ %s：没有发现\n", "  ○ %s: none found\n", m.Name)
		}
		return
	case points:
		say("  ✗ %s：%d 处，%g 分\n", "  ✗ %s: %d cases, %g points\n", m.Name, len(m.Cases), -m.Cost)
	default:
		say("  ✗ %s：%d 处\n", "  ✗ %s: %d cases\n", m.Name, len(m.Cases))
	}
	for i, c := range m.Cases {
		if i == casesShown {
			say("      … 还有 %d 处\n", "      … %d more\n", len(m.Cases)-i)
			break
		}
		if c.Path != "" {
			fmt.Fprintf(b, "      %s: ", c.Path)
		} else {
			b.WriteString("      ")
		}
		b.WriteString(c.Text + "\n")
	}
}

// ScoreJSON writes the estimate as JSON, with every case.
func ScoreJSON(w io.Writer, c *audit.Card, lang finding.Language) error {
	type jsonCase struct {
		Path string `json:"path,omitempty"`
		Text string `json:"text"`
	}
	type mark struct {
		ID        string     `json:"id"`
		Name      string     `json:"name"`
		Judged    bool       `json:"judged"`
		Why       string     `json:"why,omitempty"` // it was not
		Hit       bool       `json:"hit"`
		Confirmed bool       `json:"confirmed"`
		Deducted  float64    `json:"deducted"`
		Cases     []jsonCase `json:"cases"`
	}
	marks := func(list []audit.Mark) []mark {
		out := []mark{}
		for i := range list {
			m := &list[i]
			x := mark{m.ID, m.Name, m.Judged, m.Why.In(lang), m.Hit, m.Confirmed, m.Cost, []jsonCase{}}
			for _, c := range m.Cases {
				x.Cases = append(x.Cases, jsonCase(c))
			}
			out = append(out, x)
		}
		return out
	}
	return indented(w, struct {
		Vetoed     bool     `json:"vetoed"`
		Passed     bool     `json:"passed"`
		Score      float64  `json:"score"`
		Total      float64  `json:"total"`
		Deducted   float64  `json:"deducted"`
		Veto       []mark   `json:"veto"`
		Deductions []mark   `json:"deductions"`
		Unjudged   []string `json:"unjudged"`
	}{c.Vetoed, c.Passed, c.Score, c.Total, c.Deducted, marks(c.Veto), marks(c.Deductions), c.Unjudged})
}
