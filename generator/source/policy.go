package source

import (
	"strings"

	"gongkai/generator/finding"
	"gongkai/generator/site"
)

// entries reads a list of mappings under a key: each is checked against the table and, where it is without fault, given to take.
func (f *front) entries(name string, take func(*front, node)) {
	table := f.expect(name, entriesForm).entries
	v, ok := f.values[name]
	if !ok || v.isEmpty() {
		return
	}
	if v.kind != listNode {
		k := table.keys[0]
		f.wrongType(name, v, "列表，每组以“- "+k.chinese+": …”开始", "a list of groups that begin with \"- "+k.name+": …\"")
		return
	}
	for _, n := range v.list {
		sub := &front{path: f.path, table: table, values: map[string]node{}}
		switch {
		case n.kind == mappingNode:
			sub.mapping(n.pairs)
		case n.kind == scalarNode && strings.Contains(n.text, "："):
			name := strings.TrimSpace(n.text[:strings.Index(n.text, "：")])
			sub.report(finding.FullWidthColon, n.line, n.column,
				finding.T("“%s”里是全角冒号", "%q has a full-width colon", n.text),
				finding.T("写成“%s: …”（半角冒号加一个空格）", "write \"%s: …\" with a half-width colon and a space", name))
		default:
			sub.notMapping(n)
		}
		if !sub.failed() {
			take(sub, n)
		}
		f.findings = append(f.findings, sub.findings...)
	}
}

// requireEntry reports the required keys that an entry of a list lacks.
func (f *front) requireEntry(n node) bool {
	before := len(f.findings)
	f.requireAll()
	for i := before; i < len(f.findings); i++ {
		f.findings[i].Position.Line, f.findings[i].Position.Column = n.line, n.column
	}
	return len(f.findings) == before
}

// allowances reads what a file declares to be right.
func (f *front) allowances() []site.Allowance {
	if f.table.find("allow") == nil {
		return nil
	}
	var out []site.Allowance
	f.entries("allow", func(sub *front, n node) {
		if !sub.requireEntry(n) {
			return
		}
		a := site.Allowance{Rule: sub.text("rule"), What: sub.text("what"), Reason: sub.text("reason"), Until: sub.date("until"), Position: f.at(n.line, n.column)}
		if !finding.IsRule(a.Rule) {
			v := sub.values["rule"]
			sub.report(finding.WrongValue, v.line, v.column, finding.T("没有“%s”这条规则", "there is no rule %q", a.Rule),
				finding.T("写成报告里方括号中的编号，例如 GK502", "write the identifier that stands in brackets in the report, such as GK502"))
		}
		if !sub.failed() {
			out = append(out, a)
		}
	})
	return out
}

func defaultPolicy() site.Policy {
	return site.Policy{Columns: site.DefaultColumns(), DefaultDeadline: 20, BackdateDays: 7, BlankColumns: 5, Supervision: true}
}

// readPolicy reads what the district office demands; what is not stated is as the inspection indicators have it.
func readPolicy(fr *front) site.Policy {
	p := defaultPolicy()
	p.DefaultDeadline = fr.number("default_deadline", p.DefaultDeadline)
	p.BackdateDays = fr.number("backdate_days", p.BackdateDays)
	p.BlankColumns = fr.number("blank_columns", p.BlankColumns)
	if fr.scalar("supervision") != "" {
		p.Supervision = fr.yes("supervision")
	}
	if _, ok := fr.values["columns"]; ok {
		p.Columns = nil
	}
	fr.entries("columns", func(sub *front, n node) {
		if !sub.requireEntry(n) {
			return
		}
		c := site.ColumnPolicy{
			Name: sub.text("column"), Kinds: texts(sub.list("kinds")), Fields: texts(sub.list("fields")),
			Days: sub.number("days", 0), Months: sub.number("months", 0), Each: sub.yes("each_unit"), Line: n.line,
		}
		if c.Days == 0 && c.Months == 0 && !sub.failed() {
			sub.report(finding.MissingKey, n.line, n.column, finding.T("“%s”没有写期限", "%q has no period", c.Name), finding.T("加上“天数: 14”或“月数: 6”", "add \"days: 14\" or \"months: 6\""))
		}
		if !sub.failed() {
			p.Columns = append(p.Columns, c)
		}
	})
	fr.entries("external_ok", func(sub *front, n node) {
		if sub.requireEntry(n) {
			p.External = append(p.External, site.ExternalAllowance{Pattern: sub.text("url"), Reason: sub.text("reason")})
		}
	})
	return p
}
