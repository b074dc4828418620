package audit

import (
	"gongkai/generator/calendar"
	"gongkai/generator/finding"
	"gongkai/generator/site"
)

// Coverage is which unit has disclosed what: the matrix of units and fields with their gaps.
type Coverage struct {
	Site  *site.Site
	Cells []Cell // one for each of Site.UnitFields
}

// Cell is what one unit has disclosed in one field.
type Cell struct {
	UnitField *site.UnitField
	State     State
	Required  int // items that hold for the unit
	Filled    int // of them with a disclosure
	Overdue   int // filled ones whose rhythm demands something new
	Gaps      []Gap
}

// State is what a cell of the matrix shows.
type State uint8

// The states, best first.
const (
	Complete      State = iota // every item has a disclosure
	Partial                    // some have
	Empty                      // none has: a blank column
	NotApplicable              // declared, with a reason
	Nothing                    // nothing is asked of the unit
)

// Chinese returns the word of the matrix.
func (s State) Chinese() string {
	return [...]string{"齐全", "部分", "空白", "不涉及", "无"}[s]
}

// String returns the word of JSON.
func (s State) String() string {
	return [...]string{"complete", "partial", "blank", "not_applicable", "nothing"}[s]
}

// Gap is an item that a unit has to mend.
type Gap struct {
	Item   *site.Item
	Due    calendar.Date // by when something new was to be published; zero where there is no disclosure at all
	Rhythm string        // why: 每20个工作日更新; empty where there is no disclosure at all
	Newest calendar.Date
}

// Problem says what is wrong.
func (g *Gap) Problem() finding.Text {
	if g.Blank() {
		return finding.T("没有公开信息", "no disclosure")
	}
	return finding.T("%[1]s，应在%[2]s前更新（最近一期 %[3]s）", "%[1]s, was to be updated by %[4]s (latest %[3]s)", g.Rhythm, g.Due.Chinese(), g.Newest, g.Due)
}

// Blank reports whether the item has no disclosure at all.
func (g *Gap) Blank() bool { return g.Newest.IsZero() }

// Cover finds the gaps of every unit.
func Cover(s *site.Site) *Coverage {
	c := &Coverage{Site: s, Cells: make([]Cell, len(s.UnitFields))}
	j := newJudge(s)
	for i, uf := range s.UnitFields {
		c.Cells[i] = j.cell(uf)
	}
	return c
}

func (j *judge) cell(uf *site.UnitField) Cell {
	c := Cell{UnitField: uf}
	if uf.NotApplicable != "" {
		c.State = NotApplicable
		return c
	}
	for i := range uf.Entries {
		e := &uf.Entries[i]
		if e.Origin == site.Beyond {
			continue
		}
		c.Required++
		if len(e.Disclosures) == 0 {
			// what was withdrawn in time had been disclosed
			if e.Withdrawn > 0 {
				c.Filled++
			} else {
				c.Gaps = append(c.Gaps, Gap{Item: e.Item})
			}
			continue
		}
		c.Filled++
		if last, why, overdue := j.due(e); overdue {
			c.Overdue++
			c.Gaps = append(c.Gaps, Gap{Item: e.Item, Due: last, Rhythm: why, Newest: e.Disclosures[0].Published.Date})
		}
	}
	switch {
	case len(uf.Disclosures) > 0 && c.Filled >= c.Required:
		c.State = Complete
	case len(uf.Disclosures) > 0 || c.Filled > 0:
		c.State = Partial
	case c.Required == 0 || !uf.Answers():
		c = Cell{UnitField: uf, State: Nothing}
	default:
		c.State = Empty
	}
	return c
}

// OfUnit returns the unit's cells, in the order of the fields.
func (c *Coverage) OfUnit(u *site.Unit) []Cell {
	n := len(c.Site.Fields)
	return c.Cells[u.Index*n : (u.Index+1)*n]
}

// Total is the sum of some cells.
type Total struct {
	Fields                    int // that concern the unit
	Complete, Partial, Empty  int // fields by state
	NotApplicable             int
	Required, Filled, Overdue int // items
}

// Percent returns how many of the items have a disclosure, of 100, rounded down so that 100 means all.
func (t Total) Percent() int {
	if t.Required == 0 {
		return 100
	}
	return t.Filled * 100 / t.Required
}

// Sum adds cells up.
func Sum(cells []Cell) Total {
	var t Total
	for i := range cells {
		c := &cells[i]
		t.Required += c.Required
		t.Filled += c.Filled
		t.Overdue += c.Overdue
		switch c.State {
		case Complete:
			t.Complete++
		case Partial:
			t.Partial++
		case Empty:
			t.Empty++
		case NotApplicable:
			t.NotApplicable++
		}
	}
	t.Fields = t.Complete + t.Partial + t.Empty
	return t
}

// Blank reports the blank columns, and where they are so many that the inspection vetoes. The findings are not sorted.
func Blank(c *Coverage) []finding.Finding {
	j := newJudge(c.Site)
	blank := 0
	for i := range c.Cells {
		cell := &c.Cells[i]
		if cell.State != Empty {
			continue
		}
		blank++
		uf := cell.UnitField
		at := uf.Unit.Source.At("name")
		if uf.Source.Path != "" {
			at = uf.Source.At("")
		}
		j.report(finding.BlankColumn, at, uf.Unit.Slug+"/"+uf.Field.Slug,
			finding.T("%s的“%s”没有任何公开信息（应公开 %d 个事项）", "%s has disclosed nothing in %s (%d items)", uf.Unit.Name, uf.Field.Name, cell.Required),
			finding.T("发布信息；不涉及的，在 content/units/%[1]s/%[2]s/_index.md 写“不涉及: 理由”", "publish something, or write \"not_applicable: reason\" in content/units/%[1]s/%[2]s/_index.md", uf.Unit.Slug, uf.Field.Slug))
	}
	if limit := c.Site.Config.Policy.BlankColumns; limit > 0 && blank >= limit {
		j.report(finding.BlankColumns, finding.Position{Path: settingsFile}, "blank",
			finding.T("空白栏目共 %d 个，检查指标的上限是 %d 个以下", "%d columns are blank; the indicators allow fewer than %d", blank, limit),
			finding.T("先补齐空白栏目，或逐个说明不涉及的理由", "fill them, or declare each not applicable with its reason"))
	}
	return j.findings
}
