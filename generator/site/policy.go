package site

import (
	"slices"

	"gongkai/generator/calendar"
	"gongkai/generator/finding"
)

// Policy is what the district office demands beyond the catalogs; its figures are the office's to set in content/site.yaml.
type Policy struct {
	// Columns are how old the newest disclosure of a column may be.
	Columns []ColumnPolicy
	// DefaultDeadline is the limit, in working days after formation, of an item that states none (条例 第二十六条); 0 judges nothing.
	DefaultDeadline int
	// BackdateDays is by how many days a date of publication may lie before the document's first commit.
	BackdateDays int
	// BlankColumns is from how many blank columns on a portal is rated 不合格.
	BlankColumns int
	// Supervision says whether the portal has the page /supervision/.
	Supervision bool
	// External are links to other sites that are known to be right although they cannot be checked.
	External []ExternalAllowance
}

// ColumnPolicy is the longest time between two disclosures of a column.
type ColumnPolicy struct {
	Name   string
	Kinds  []string // 体裁 that belong to the column; empty for all
	Fields []string // slugs of fields that belong to it; empty for all
	Days   int
	Months int
	Each   bool // each unit has the column, otherwise the portal has one
	Line   int  // in content/site.yaml; 0 where the policy is a default
}

// ExternalAllowance is a link to another site that is not to be checked, and why.
type ExternalAllowance struct{ Pattern, Reason string }

// DefaultColumns are the columns of the inspection indicators (国办秘函〔2019〕19号): 首页 and 动态 two weeks, 通知公告 and 政策文件 six months.
func DefaultColumns() []ColumnPolicy {
	return []ColumnPolicy{
		{Name: "首页", Days: 14},
		{Name: "动态", Kinds: []string{"动态", "要闻", "工作动态"}, Days: 14},
		{Name: "通知公告", Kinds: []string{"通知", "公告", "公示"}, Months: 6},
		{Name: "政策文件", Kinds: []string{"政策文件"}, Months: 6},
	}
}

// Covers reports whether the disclosure belongs to the column.
func (c *ColumnPolicy) Covers(d *Disclosure) bool {
	return (len(c.Kinds) == 0 || slices.Contains(c.Kinds, d.Kind)) && (len(c.Fields) == 0 || slices.Contains(c.Fields, d.Field.Slug))
}

// Allowance is a finding that an editor declares to be right, with a reason and the day on which it is to be looked at again.
type Allowance struct {
	Rule     string // identifier, or its beginning: GK502, GK5
	What     string // the value that is meant, masked as the report would have it, or the name of an attached file; empty for all in the text
	Reason   string
	Until    calendar.Date // last day on which it holds
	Position finding.Position
}

// Covers reports whether the allowance is for the rule.
func (a *Allowance) Covers(r *finding.Rule) bool { return finding.Covers(a.Rule, r) }
