package render

import (
	"fmt"
	"strings"

	"gongkai/generator/audit"
	"gongkai/generator/finding"
	"gongkai/generator/site"
)

// supervisionAddress is the address of the matrix; a unit's ledger lies below it under the unit's slug.
const supervisionAddress = "/supervision/"

// manyUnits is how many columns of usual width a page of usual width has room for.
const manyUnits = 12

// Supervision is what the pages of the supervision show.
type Supervision struct {
	Coverage *audit.Coverage
	Late     []finding.Finding // audit.Timeliness, as far as it is about documents published late
}

// SupervisionPage is supervision.html: the matrix of fields and units.
type SupervisionPage struct {
	Frame
	AsOf       string
	Total      audit.Total
	Many       bool              // there are so many units that their columns have to be narrow
	Units      []SupervisionUnit // the columns
	Rows       []SupervisionRow
	Exemptions []Fact // unit and field, and why they are not applicable
}

// SupervisionUnit is a column of the matrix with the unit's sums.
type SupervisionUnit struct {
	Name, URL string
	audit.Total
}

// SupervisionRow is a field with one cell for each unit.
type SupervisionRow struct {
	Number int
	Field  Link
	Cells  []SupervisionCell
}

// SupervisionCell is what one unit has disclosed in one field. Class is complete, partial, blank, not-applicable or nothing.
type SupervisionCell struct {
	Class, Text, Note, URL string
}

// LedgerPage is supervision-unit.html: what one unit has to mend, to be printed and signed.
type LedgerPage struct {
	Frame
	Unit   Link
	AsOf   string
	Total  audit.Total
	Fields []LedgerField
	Late   []LedgerLate
	Exempt []Fact
}

// LedgerField is one field with its gaps.
type LedgerField struct {
	Number           int
	Name, URL        string
	State            string
	Filled, Required int
	Gaps             []LedgerGap
}

// LedgerGap is an item without a disclosure, or one that has fallen behind its rhythm.
type LedgerGap struct{ Item, Problem, Deadline string }

// LedgerLate is a document that was published late.
type LedgerLate struct{ Title, URL, Message string }

func (r *Renderer) supervisionCrumb() Link {
	return Link{"公开情况督查", r.url(supervisionAddress)}
}

func (r *Renderer) supervisionPage(w *Buffer) error {
	c := r.supervision().Coverage
	title := r.supervisionCrumb().Text
	col := column{title, r.site.Config.District + "各单位各领域公开情况", "公开情况,督查,空白栏目", title}
	p := SupervisionPage{
		Frame: r.frame("supervision", "supervision", supervisionAddress, title, col.description, r.columnMarks(col), r.crumbs()),
		AsOf:  r.site.Now.Date.Chinese(), Total: audit.Sum(c.Cells), Many: len(r.site.Units) > manyUnits,
	}
	for _, u := range r.site.Units {
		p.Units = append(p.Units, SupervisionUnit{u.Name, r.url(ledgerAddress(u)), audit.Sum(c.OfUnit(u))})
	}
	for _, f := range r.site.Fields {
		row := SupervisionRow{Number: f.Number, Field: Link{f.Name, r.url(f.Address())}}
		for _, u := range r.site.Units {
			cell := &c.OfUnit(u)[f.Index]
			v := SupervisionCell{Class: strings.ReplaceAll(cell.State.String(), "_", "-"), Text: cell.State.Chinese(), URL: r.url(cell.UnitField.Address())}
			switch cell.State {
			case audit.Complete, audit.Partial:
				v.Text = fmt.Sprintf("%d/%d", cell.Filled, cell.Required)
				if cell.State == audit.Complete {
					v.Note = cell.State.Chinese()
				}
				if cell.Overdue > 0 {
					v.Class, v.Note = "overdue", fmt.Sprintf("逾期%d", cell.Overdue)
				}
			case audit.NotApplicable:
				p.Exemptions = append(p.Exemptions, Fact{Label: u.Name + " · " + f.Name, Value: cell.UnitField.NotApplicable})
			case audit.Nothing:
				v.Text, v.URL = "—", ""
			}
			row.Cells = append(row.Cells, v)
		}
		p.Rows = append(p.Rows, row)
	}
	return r.theme.execute(w, "supervision.html", supervisionAddress, p)
}

func ledgerAddress(u *site.Unit) string { return supervisionAddress + u.Slug + "/" }

func (r *Renderer) ledger(w *Buffer, u *site.Unit) error {
	cells := r.supervision().Coverage.OfUnit(u)
	title := u.Name + "公开情况台账"
	col := column{title, title + "：空白、逾期和超时限的事项", "公开情况,台账," + u.Name, "公开情况督查"}
	p := LedgerPage{
		Frame: r.frame("ledger", "supervision", ledgerAddress(u), title, col.description, r.columnMarks(col), r.crumbs(r.supervisionCrumb())),
		Unit:  Link{u.Name, r.url(u.PageAddress())}, AsOf: r.site.Now.Date.Chinese(), Total: audit.Sum(cells),
	}
	for i := range cells {
		cell := &cells[i]
		uf := cell.UnitField
		for _, o := range uf.Omitted {
			p.Exempt = append(p.Exempt, Fact{Label: uf.Field.Name + " · " + o.Item, Value: o.Reason})
		}
		if cell.State == audit.NotApplicable {
			p.Exempt = append(p.Exempt, Fact{Label: uf.Field.Name, Value: uf.NotApplicable})
		}
		if len(cell.Gaps) == 0 {
			continue
		}
		f := LedgerField{Number: uf.Field.Number, Name: uf.Field.Name, URL: r.url(uf.Address()), State: cell.State.Chinese(), Filled: cell.Filled, Required: cell.Required}
		for j := range cell.Gaps {
			f.Gaps = append(f.Gaps, LedgerGap{cell.Gaps[j].Item.Path(), cell.Gaps[j].Problem().ZH, cell.Gaps[j].Item.Columns[site.DeadlineOf].Text})
		}
		p.Fields = append(p.Fields, f)
	}
	for _, late := range r.supervision().Late {
		if address, ok := r.addressOf(late.Position.Path); ok {
			if d := r.byAddress[address]; d != nil && d.Unit == u {
				p.Late = append(p.Late, LedgerLate{d.Title, r.url(address), late.Message.ZH})
			}
		}
	}
	return r.theme.execute(w, "supervision-unit.html", ledgerAddress(u), p)
}
