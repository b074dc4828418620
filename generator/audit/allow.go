package audit

import (
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

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
	a := NewAllowances(s)
	return a.Kept(findings), a.About()
}

// Allowances are what the files of a site declare to be right. They remember which of them were needed, and may be asked by several
// goroutines.
type Allowances struct {
	site *site.Site
	mu   sync.Mutex
	used map[*site.Allowance]bool
}

// NewAllowances returns those of the site.
func NewAllowances(s *site.Site) *Allowances {
	return &Allowances{site: s, used: map[*site.Allowance]bool{}}
}

// Kept returns the findings that no file declares to be right.
func (a *Allowances) Kept(findings []finding.Finding) []finding.Finding {
	if len(a.site.Allowances) == 0 {
		return findings
	}
	var kept []finding.Finding
	for _, f := range findings {
		if !a.covers(f.Position.Path, f.Rule, func(what string) bool {
			return what == "" || what == f.Key || strings.Contains(f.Message.ZH, what)
		}) {
			kept = append(kept, f)
		}
	}
	return kept
}

// Value reports whether the file at the path allows personal data that is to be masked so: in its text, where file is empty, or in the file
// of that name, which it publishes. An allowance that names neither a value nor a file is for the text alone: who allows a telephone number
// there does not know of the list that is attached later.
func (a *Allowances) Value(at string, rule *finding.Rule, file, mask string) bool {
	return a.covers(at, rule, func(what string) bool {
		switch what {
		case "":
			return file == ""
		case mask:
			return true
		}
		return file != "" && path.Base(what) == path.Base(file)
	})
}

// File reports whether the file at the path allows what is to be said of a file as a whole that it publishes: that nobody can look into it,
// that its name tells too much.
func (a *Allowances) File(at string, rule *finding.Rule, file string) bool {
	return a.covers(at, rule, func(what string) bool { return what == "" || path.Base(what) == path.Base(file) })
}

// covers reports whether the file at the path has an allowance of the rule that fits.
func (a *Allowances) covers(at string, rule *finding.Rule, fits func(what string) bool) bool {
	list := a.site.Allowances[at]
	if len(list) == 0 || !allowable(rule) {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := range list {
		if x := &list[i]; x.Covers(rule) && fits(x.What) && !x.Until.Before(a.site.Now.Date) {
			a.used[x] = true
			return true
		}
	}
	return false
}

// About returns what there is to say of the allowances themselves, once all findings were looked at.
func (a *Allowances) About() []finding.Finding {
	var about []finding.Finding
	for _, at := range slices.Sorted(maps.Keys(a.site.Allowances)) {
		list := a.site.Allowances[at]
		for i := range list {
			x := &list[i]
			switch {
			case x.Until.Before(a.site.Now.Date):
				about = append(about, finding.New(finding.ExpiredAllowance, x.Position,
					finding.T("%s 的豁免到 %s 为止，已经过期", "the allowance of %s ran out on %s", x.Rule, x.Until),
					finding.T("重新核实：仍然需要的，改截止日期；不需要的，删去", "look at it anew: set another day, or delete it")))
			case a.used[x]:
			case x.What != "":
				about = append(about, finding.New(finding.UnusedAllowance, x.Position,
					finding.T("没有 %s 的问题涉及“%s”，这条豁免用不上", "there is no finding of %s about %q to allow", x.Rule, x.What),
					finding.T("内容写成报告里隐去后的样子（例如 138****8000）或附件的文件名；不需要的，删去",
						"write the value as the report would mask it, such as 138****8000, or the name of the attachment; or delete the allowance")))
			default:
				mend := finding.T("删去这条豁免", "delete the allowance")
				if strings.HasPrefix(x.Rule, "GK5") {
					mend = finding.T("删去这条豁免；如果是附件里的个人信息，在“内容”里写明附件的文件名", "delete the allowance; if it is for personal data in an attachment, name that under what")
				}
				about = append(about, finding.New(finding.UnusedAllowance, x.Position,
					finding.T("没有 %s 的问题，这条豁免用不上", "there is no finding of %s to allow", x.Rule), mend))
			}
		}
	}
	return about
}
