package report

import (
	"io"

	"gongkai/generator/audit"
	"gongkai/generator/finding"
	"gongkai/generator/site"
)

// Ledger returns the gap report as sheets: the matrix of fields and units, then a sheet for each unit with what it has to mend. findings are
// those of the whole run; a unit's sheet has the ones that stand in its folder.
func Ledger(c *audit.Coverage, findings []finding.Finding, lang finding.Language) []Sheet {
	say := func(zh, en string) string { return finding.T(zh, en).In(lang) }
	matrix := Sheet{Name: say("总表", "overview"), Columns: []SheetColumn{{say("领域", "field"), 26}}}
	for _, u := range c.Site.Units {
		matrix.Columns = append(matrix.Columns, SheetColumn{u.Name, 12})
	}
	marks := map[audit.State]Mark{audit.Complete: Good, audit.Partial: Middling, audit.Empty: Bad, audit.NotApplicable: Muted, audit.Nothing: Muted}
	for _, f := range c.Site.Fields {
		row := []Cell{{Value: f.Name}}
		for _, u := range c.Site.Units {
			cell := &c.OfUnit(u)[f.Index]
			text := stateText(cell, lang)
			if cell.Overdue > 0 {
				text += finding.T("，逾期 %d", ", %d overdue", cell.Overdue).In(lang)
			}
			row = append(row, Cell{text, marks[cell.State]})
		}
		matrix.Rows = append(matrix.Rows, row)
	}
	sums := []Cell{{Value: say("已公开/应公开", "disclosed/due")}}
	for _, u := range c.Site.Units {
		t := audit.Sum(c.OfUnit(u))
		sums = append(sums, Cell{Value: finding.T("%d／%d", "%d of %d", t.Filled, t.Required).In(lang)})
	}
	matrix.Rows = append(matrix.Rows, sums)
	out := []Sheet{matrix}
	for _, u := range c.Site.Units {
		out = append(out, unitSheet(c, u, findings, lang))
	}
	return out
}

func stateText(c *audit.Cell, lang finding.Language) string {
	switch c.State {
	case audit.Complete, audit.Partial:
		return finding.T("%d／%d", "%d of %d", c.Filled, c.Required).In(lang) // a plain slash is a date to Excel
	case audit.Nothing:
		return "—"
	}
	if lang == finding.English {
		return c.State.String()
	}
	return c.State.Chinese()
}

func unitSheet(c *audit.Coverage, u *site.Unit, findings []finding.Finding, lang finding.Language) Sheet {
	say := func(zh, en string) string { return finding.T(zh, en).In(lang) }
	s := Sheet{Name: u.Name, Columns: []SheetColumn{
		{say("类别", "kind"), 12}, {say("领域", "field"), 18}, {say("事项或文件", "item or file"), 42}, {say("问题", "problem"), 48}, {say("公开时限", "limit"), 30}, {say("整改情况", "mended"), 16},
	}}
	add := func(mark Mark, kind, field, what, problem, limit string) {
		s.Rows = append(s.Rows, []Cell{{kind, mark}, {Value: field}, {Value: what}, {Value: problem}, {Value: limit}, {Value: ""}})
	}
	for i := range c.OfUnit(u) {
		cell := &c.OfUnit(u)[i]
		for j := range cell.Gaps {
			g := &cell.Gaps[j]
			kind, mark := say("空白", "blank"), Bad
			if !g.Blank() {
				kind, mark = say("逾期", "overdue"), Middling
			}
			add(mark, kind, cell.UnitField.Field.Name, g.Item.Path(), g.Problem().In(lang), g.Item.Columns[site.DeadlineOf].Text)
		}
	}
	folder := "content/units/" + u.Slug + "/"
	for _, f := range findings {
		if len(f.Position.Path) <= len(folder) || f.Position.Path[:len(folder)] != folder || f.Rule == finding.BlankColumn || f.Rule == finding.Overdue {
			continue // gaps stand above
		}
		mark := [...]Mark{Muted, Middling, Bad}[f.Rule.Severity]
		add(mark, levelName(f.Rule.Severity, lang), fieldOf(c, f.Position.Path[len(folder):]), f.Position.String(), f.Rule.ID+" "+f.Message.In(lang), "")
	}
	for i := range c.OfUnit(u) {
		uf := c.OfUnit(u)[i].UnitField
		if uf.NotApplicable != "" {
			add(Muted, say("不涉及", "not applicable"), uf.Field.Name, "", uf.NotApplicable, "")
		}
		for _, o := range uf.Omitted {
			add(Muted, say("不公开", "omitted"), uf.Field.Name, o.Item, o.Reason, "")
		}
	}
	return s
}

// fieldOf returns the name of the field in whose folder a file lies.
func fieldOf(c *audit.Coverage, below string) string {
	for _, f := range c.Site.Fields {
		if len(below) > len(f.Slug) && below[:len(f.Slug)+1] == f.Slug+"/" {
			return f.Name
		}
	}
	return ""
}

// coverageUnit is a unit of the JSON gap report.
type coverageUnit struct {
	Slug     string          `json:"slug"`
	Name     string          `json:"name"`
	Required int             `json:"required"`
	Filled   int             `json:"filled"`
	Overdue  int             `json:"overdue"`
	Blank    int             `json:"blank_columns"`
	Fields   []coverageField `json:"fields"`
}

type coverageField struct {
	Slug          string        `json:"slug"`
	Name          string        `json:"name"`
	State         string        `json:"state"`
	Required      int           `json:"required"`
	Filled        int           `json:"filled"`
	Overdue       int           `json:"overdue"`
	NotApplicable string        `json:"not_applicable,omitempty"`
	Gaps          []coverageGap `json:"gaps,omitempty"`
}

type coverageGap struct {
	Item    string `json:"item"`
	Problem string `json:"problem"`
}

// CoverageJSON writes the gap report as JSON: as_of and units, each with its fields in the order of the site.
func CoverageJSON(w io.Writer, c *audit.Coverage, lang finding.Language) error {
	units := []coverageUnit{}
	for _, u := range c.Site.Units {
		t := audit.Sum(c.OfUnit(u))
		x := coverageUnit{Slug: u.Slug, Name: u.Name, Required: t.Required, Filled: t.Filled, Overdue: t.Overdue, Blank: t.Empty, Fields: []coverageField{}}
		for i := range c.OfUnit(u) {
			cell := &c.OfUnit(u)[i]
			f := coverageField{
				Slug: cell.UnitField.Field.Slug, Name: cell.UnitField.Field.Name, State: cell.State.String(),
				Required: cell.Required, Filled: cell.Filled, Overdue: cell.Overdue, NotApplicable: cell.UnitField.NotApplicable,
			}
			for j := range cell.Gaps {
				f.Gaps = append(f.Gaps, coverageGap{cell.Gaps[j].Item.Path(), cell.Gaps[j].Problem().In(lang)})
			}
			x.Fields = append(x.Fields, f)
		}
		units = append(units, x)
	}
	return indented(w, struct {
		AsOf  string         `json:"as_of"`
		Units []coverageUnit `json:"units"`
	}{c.Site.Now.Date.String(), units})
}
