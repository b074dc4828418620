package audit

import (
	"maps"
	"slices"
	"strings"

	"gongkai/generator/finding"
	"gongkai/generator/site"
)

// allowable reports whether a file may declare the finding to be right: errors of the file itself and of the model cannot be, because the
// file is left out for them.
func allowable(r *finding.Rule) bool {
	return r.Severity < finding.Error || !strings.HasPrefix(r.ID, "GK1") && !strings.HasPrefix(r.ID, "GK2")
}

// Allow returns the findings that no file declares to be right, and what there is to say of the allowances themselves: those that have run
// out, and those that nothing needs. The day is the site's.
func Allow(s *site.Site, findings []finding.Finding) (kept, about []finding.Finding) {
	if len(s.Allowances) == 0 {
		return findings, nil
	}
	used := map[*site.Allowance]bool{}
	for _, f := range findings {
		if !covered(s, f, used) {
			kept = append(kept, f)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(s.Allowances)) {
		list := s.Allowances[path]
		for i := range list {
			a := &list[i]
			switch {
			case a.Until.Before(s.Now.Date):
				about = append(about, finding.New(finding.ExpiredAllowance, a.Position,
					finding.T("%s 的豁免到 %s 为止，已经过期", "the allowance of %s ran out on %s", a.Rule, a.Until),
					finding.T("重新核实：仍然需要的，改截止日期；不需要的，删去", "look at it anew: set another day, or delete it")))
			case !used[a]:
				about = append(about, finding.New(finding.UnusedAllowance, a.Position,
					finding.T("没有 %s 的问题，这条豁免用不上", "there is no finding of %s to allow", a.Rule),
					finding.T("删去这条豁免", "delete the allowance")))
			}
		}
	}
	return kept, about
}

// covered reports whether the file in which the finding stands allows it.
func covered(s *site.Site, f finding.Finding, used map[*site.Allowance]bool) bool {
	if !allowable(f.Rule) {
		return false
	}
	list := s.Allowances[f.Position.Path]
	for i := range list {
		if a := &list[i]; a.Covers(f) && !a.Until.Before(s.Now.Date) {
			used[a] = true
			return true
		}
	}
	return false
}
