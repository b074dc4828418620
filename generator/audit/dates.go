package audit

import (
	"gongkai/generator/finding"
	"gongkai/generator/history"
	"gongkai/generator/site"
)

// Figures that tell an editor's commit from an import or a conversion.
const (
	importSize = 30 // files added in one commit from which on it is an import: their dates are those of another system
	bulkSize   = 10 // dates moved forward in one commit from which on it is reported
)

// Dates compares the dates of publication with the history: a document cannot have been published long before it came in. The findings are
// not sorted.
func Dates(s *site.Site, h *history.History) []finding.Finding {
	j := newJudge(s)
	if h.Shallow {
		j.report(finding.HistoryUnknown, finding.Position{Path: contentDir}, "shallow",
			finding.T("只有最近的提交记录，没有核对发布日期", "only the newest commits are here; dates of publication were not compared with them"),
			finding.T("取全部历史：git fetch --unshallow，CI 里设 fetch-depth: 0", "fetch the whole history: git fetch --unshallow, or fetch-depth: 0 in CI"))
		return j.findings
	}
	published := map[string]*site.Disclosure{}
	for _, d := range s.Disclosures {
		published[d.Source.Path] = d
		first, ok := h.First[d.Source.Path]
		if !ok || first.Added >= importSize || s.Config.Policy.BackdateDays == 0 {
			continue
		}
		if days := d.Published.DaysUntil(first.Day); days > s.Config.Policy.BackdateDays {
			j.report(finding.Backdated, d.Source.At("date"), "date",
				finding.T("发布日期 %s 比首次提交（%s，%s）早 %d 天", "published on %s, %[4]d days before its first commit (%[2]s, %[3]s)", d.Published.Date, first.Day, first.ID, days),
				finding.T("改为实际发布的日期；从别处转来的，用“豁免”说明", "write the day on which it was published; where it came from elsewhere, declare an allowance"))
		}
	}
	type bulk struct {
		commit string
		at     finding.Position
		first  history.Change
		n      int
	}
	var bulks []*bulk
	byCommit := map[string]*bulk{}
	for _, c := range h.Redated {
		d := published[c.Path]
		if d == nil || !c.To.After(c.From) {
			continue
		}
		b := byCommit[c.Commit]
		if b == nil {
			b = &bulk{commit: c.Commit, first: c, at: d.Source.At("date")}
			byCommit[c.Commit] = b
			bulks = append(bulks, b)
		}
		b.n++
	}
	for _, b := range bulks {
		if b.n >= bulkSize {
			j.report(finding.Redated, b.at, b.commit,
				finding.T("提交 %s（%s）把 %d 个文件的发布日期改为较新的日期，例如这里从 %s 改为 %s", "commit %s (%s) moved the dates of %d documents forward, here from %s to %s",
					b.commit, b.first.Day, b.n, b.first.From, b.first.To),
				finding.T("内容没有变化的，恢复原来的发布日期", "restore the dates of those whose content did not change"))
		}
	}
	return j.findings
}
