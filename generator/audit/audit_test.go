package audit

import (
	"fmt"
	"testing"

	"gongkai/generator/calendar"
	"gongkai/generator/finding"
	"gongkai/generator/history"
	"gongkai/generator/site"
)

// district is a site with one unit, one field and the items given by path and 公开时限.
func district(today calendar.Date, items map[string]string) (*site.Site, *site.UnitField) {
	s := &site.Site{Now: calendar.Stamp{Date: today}, Allowances: map[string][]site.Allowance{}}
	s.Config.Policy = site.Policy{DefaultDeadline: 20, BackdateDays: 7, BlankColumns: 1}
	var days []calendar.Special
	for _, year := range []int{2025, 2026} {
		for d := 1; d <= 8; d++ { // a made-up holiday that makes the years known
			days = append(days, calendar.Special{Date: calendar.NewDate(year, 10, d)})
		}
	}
	s.Workdays = calendar.NewWorkdays(days)
	f := &site.Field{Slug: "f", Name: "领域"}
	u := &site.Unit{Slug: "u", Name: "某镇", Level: site.Township}
	u.Source.Path = "content/units/u/_index.md"
	uf := &site.UnitField{Unit: u, Field: f}
	for path, limit := range items {
		it := &site.Item{Level1: path}
		it.Columns[site.DeadlineOf].Text = limit
		uf.Entries = append(uf.Entries, site.Entry{Item: it})
	}
	s.Fields, s.Units, s.UnitFields = []*site.Field{f}, []*site.Unit{u}, []*site.UnitField{uf}
	return s, uf
}

// publish adds a disclosure under the first entry.
func publish(s *site.Site, uf *site.UnitField, formed, published calendar.Date) *site.Disclosure {
	e := &uf.Entries[0]
	d := &site.Disclosure{Unit: uf.Unit, Field: uf.Field, Item: e.Item, Formed: formed, Published: calendar.Stamp{Date: published}, Slug: fmt.Sprint(len(s.Disclosures))}
	d.Source.Path = "content/units/u/f/" + d.Slug + ".md"
	e.Disclosures = append([]*site.Disclosure{d}, e.Disclosures...)
	uf.Disclosures = append([]*site.Disclosure{d}, uf.Disclosures...)
	s.Disclosures = append([]*site.Disclosure{d}, s.Disclosures...)
	return d
}

func nobody(*site.Disclosure) bool { return false }

func rulesOf(findings []finding.Finding) (out []string) {
	for _, f := range findings {
		out = append(out, f.Rule.ID)
	}
	return out
}

func TestLate(t *testing.T) {
	day := calendar.NewDate
	for _, c := range []struct {
		name, limit       string
		formed, published calendar.Date
		publisher         string
		want              string
	}{
		{"on the last day", "5个工作日", day(2026, 11, 2), day(2026, 11, 9), "", "[]"},
		{"a working day later", "5个工作日", day(2026, 11, 2), day(2026, 11, 10), "", "[GK401]"},
		{"on the days off after the last day", "5个工作日", day(2026, 10, 30), day(2026, 11, 8), "", "[]"},
		{"the longest of two limits counts", "5个工作日；信息形成之日起20个工作日内", day(2026, 11, 2), day(2026, 11, 20), "", "[]"},
		{"calendar days", "信息形成或变更之日起7日内", day(2026, 11, 2), day(2026, 11, 10), "", "[GK401]"},
		{"calendar days that end on a Sunday end on Monday", "信息形成或变更之日起6日内", day(2026, 11, 2), day(2026, 11, 9), "", "[]"},
		{"no limit stated: the law's", "", day(2026, 10, 9), day(2026, 11, 23), "", "[GK401]"},
		{"a limit that counts from another event", "听证前7个工作日", day(2026, 1, 9), day(2026, 11, 23), "", "[]"},
		{"another body formed it", "5个工作日", day(2026, 1, 9), day(2026, 11, 23), "市民政局", "[]"},
		{"a year without a calendar", "5个工作日", day(2024, 12, 30), day(2025, 1, 20), "", "[GK402]"},
		{"in December, in time whatever the next year is like", "20个工作日", day(2026, 12, 10), day(2026, 12, 11), "", "[]"},
		{"few calendar days into an unknown year", "20个工作日", day(2026, 12, 30), day(2027, 1, 5), "", "[]"},
		{"many working days within the known year", "5个工作日", day(2026, 12, 10), day(2026, 12, 21), "", "[GK401]"},
		{"published before it was formed", "5个工作日", day(2026, 11, 9), day(2026, 11, 2), "", "[]"},
	} {
		s, uf := district(day(2026, 11, 23), map[string]string{"事项": c.limit})
		publish(s, uf, c.formed, c.published).Publisher = c.publisher
		if got := fmt.Sprint(rulesOf(Timeliness(s, nobody))); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestRhythms(t *testing.T) {
	day := calendar.NewDate
	for _, c := range []struct {
		name, limit   string
		today, newest calendar.Date
		overdue       bool
	}{
		{"the third quarter's report may come in September", "按季度公开", day(2026, 11, 23), day(2026, 9, 2), false},
		{"nothing since August in November", "按季度公开", day(2026, 11, 23), day(2026, 8, 31), true},
		{"within the grace after the quarter's end", "按季度公开", day(2026, 10, 20), day(2026, 7, 10), false},
		{"at the beginning of a year the third quarter counts", "按季度公开", day(2026, 1, 10), day(2025, 9, 20), false},
		{"the fourth quarter's in spring", "按季度公开", day(2026, 3, 10), day(2025, 11, 20), true},
		{"the year's report is due in March", "年度情况于次年3月底前公开", day(2026, 3, 31), day(2025, 3, 1), false},
		{"and overdue in April", "年度情况于次年3月底前公开", day(2026, 4, 1), day(2025, 3, 1), true},
		{"in December already", "年度情况于次年3月底前公开", day(2026, 4, 1), day(2025, 12, 20), false},
		{"every 20 working days, twice over", "每20个工作日更新", day(2026, 11, 23), day(2026, 9, 20), true},
		{"every 20 working days, once over", "每20个工作日更新", day(2026, 11, 23), day(2026, 10, 20), false},
		{"nothing this month, but the last is there", "每月公开", day(2026, 11, 23), day(2026, 10, 12), false},
		{"the month before last is due", "按月公开", day(2026, 11, 23), day(2026, 8, 31), true},
		{"days within a month are no days of their own", "每月5日前公开", day(2026, 11, 23), day(2026, 9, 2), false},
		{"half a year's report in June", "每半年公开一次", day(2026, 11, 23), day(2026, 6, 2), false},
		{"no half year's report", "每半年公开一次", day(2026, 11, 23), day(2026, 5, 31), true},
		{"no rhythm", "20个工作日", day(2026, 11, 23), day(2020, 1, 1), false},
	} {
		s, uf := district(c.today, map[string]string{"事项": c.limit})
		publish(s, uf, c.newest, c.newest)
		cover := Cover(s)
		if got := cover.Cells[0].Overdue == 1; got != c.overdue {
			t.Errorf("%s: overdue %v", c.name, got)
		}
		if got := len(cover.Cells[0].Gaps) == 1; got != c.overdue {
			t.Errorf("%s: gap %v", c.name, got)
		}
	}
}

func TestOverdueSaysTheDayThatWasDue(t *testing.T) {
	day := calendar.NewDate
	for _, c := range []struct {
		limit  string
		newest calendar.Date
		want   string
	}{
		{"按季度公开", day(2026, 8, 31), "[2026-11-04]"}, // 30 September and the grace
		{"按月公开", day(2026, 8, 31), "[2026-11-04]"},
		{"每半年公开", day(2026, 5, 1), "[2026-08-04]"},
		{"年度情况于次年3月底前公开", day(2025, 3, 1), "[2026-03-31]"},
		{"每20个工作日更新", day(2026, 8, 3), "[2026-08-31]"},
		{"每30日更新", day(2026, 8, 3), "[2026-09-02]"},
	} {
		s, uf := district(day(2026, 11, 23), map[string]string{"事项": c.limit})
		publish(s, uf, c.newest, c.newest)
		var due []calendar.Date
		for _, g := range Cover(s).Cells[0].Gaps {
			due = append(due, g.Due)
		}
		if got := fmt.Sprint(due); got != c.want {
			t.Errorf("%s: due %s, want %s", c.limit, got, c.want)
		}
		if got := fmt.Sprint(rulesOf(Timeliness(s, nobody))); got != "[GK403]" {
			t.Errorf("%s: %s", c.limit, got)
		}
		uf.Entries[0].Origin = site.Beyond
		if got := fmt.Sprint(rulesOf(Timeliness(s, nobody))); got != "[]" {
			t.Errorf("%s, not the unit's: %s", c.limit, got)
		}
	}
}

func TestNoticesAndListsByTitle(t *testing.T) {
	for title, want := range map[string]bool{
		"低保对象名单公示": true, "关于2026年第三批低保对象的公示（东河镇）": true, "特困人员名单": true, "临时救助对象公示名单": true, "残疾人补贴发放表": true,
		"低保对象公示结果": false, "关于做好公示工作的通知": false, "关于公布名单的通知": false, "公示制度": false, "办事指南": false,
	} {
		d := &site.Disclosure{Title: title}
		if got := isNotice(d) || isList(d); got != want {
			t.Errorf("%s: %t", title, got)
		}
	}
}

func TestStatesOfCells(t *testing.T) {
	day := calendar.NewDate(2026, 11, 23)
	state := func(change func(*site.Site, *site.UnitField)) State {
		s, uf := district(day, map[string]string{"甲": "", "乙": ""})
		change(s, uf)
		return Cover(s).Cells[0].State
	}
	for name, c := range map[string]struct {
		want   State
		change func(*site.Site, *site.UnitField)
	}{
		"nothing published":                {Empty, func(*site.Site, *site.UnitField) {}},
		"one of two":                       {Partial, func(s *site.Site, uf *site.UnitField) { publish(s, uf, day, day) }},
		"withdrawn in time counts":         {Partial, func(s *site.Site, uf *site.UnitField) { uf.Entries[1].Withdrawn = 1 }},
		"all":                              {Complete, func(s *site.Site, uf *site.UnitField) { publish(s, uf, day, day); uf.Entries[1].Withdrawn = 1 }},
		"not applicable":                   {NotApplicable, func(s *site.Site, uf *site.UnitField) { uf.NotApplicable = "理由" }},
		"no item for the level":            {Nothing, func(s *site.Site, uf *site.UnitField) { uf.Entries = nil }},
		"a department without a folder":    {Nothing, func(s *site.Site, uf *site.UnitField) { uf.Unit.Level = site.County }},
		"a department with a folder":       {Empty, func(s *site.Site, uf *site.UnitField) { uf.Unit.Level, uf.Source.Path = site.County, "x" }},
		"an item beyond the unit's own":    {Empty, func(s *site.Site, uf *site.UnitField) { uf.Entries[0].Origin = site.Beyond }},
		"only what is beyond is published": {Partial, func(s *site.Site, uf *site.UnitField) { uf.Entries[0].Origin = site.Beyond; publish(s, uf, day, day) }},
	} {
		if got := state(c.change); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestDates(t *testing.T) {
	day := calendar.NewDate
	s, uf := district(day(2026, 11, 23), map[string]string{"事项": ""})
	for range 12 {
		publish(s, uf, day(2026, 8, 1), day(2026, 8, 2))
	}
	h := &history.History{First: map[string]history.Commit{}}
	for i, d := range s.Disclosures {
		h.First[d.Source.Path] = history.Commit{ID: "abc", Day: day(2026, 8, 2), Added: 1}
		if i < 9 {
			h.Redated = append(h.Redated, history.Change{Commit: "def", Day: day(2026, 9, 1), Path: d.Source.Path, From: day(2026, 7, 1), To: day(2026, 8, 2)})
		}
	}
	if got := Dates(s, h); len(got) != 0 {
		t.Errorf("nothing is wrong: %v", got)
	}
	h.First[s.Disclosures[0].Source.Path] = history.Commit{ID: "abc", Day: day(2026, 8, 9), Added: 1}
	if got := Dates(s, h); len(got) != 0 {
		t.Errorf("a week is allowed: %v", got)
	}
	h.First[s.Disclosures[0].Source.Path] = history.Commit{ID: "abc", Day: day(2026, 8, 10), Added: 1}
	h.First[s.Disclosures[1].Source.Path] = history.Commit{ID: "abc", Day: day(2026, 10, 10), Added: importSize}
	h.Redated = append(h.Redated, history.Change{Commit: "def", Day: day(2026, 9, 1), Path: s.Disclosures[11].Source.Path, From: day(2026, 7, 1), To: day(2026, 8, 2)},
		history.Change{Commit: "other", Day: day(2026, 9, 1), Path: s.Disclosures[11].Source.Path, From: day(2026, 9, 1), To: day(2026, 8, 2)})
	if got := fmt.Sprint(rulesOf(Dates(s, h))); got != "[GK408 GK409]" {
		t.Error(got)
	}
	s.Config.Policy.BackdateDays = 0
	if got := fmt.Sprint(rulesOf(Dates(s, h))); got != "[GK409]" {
		t.Errorf("dates are not compared where no days are given: %s", got)
	}
}

func TestAllowances(t *testing.T) {
	s, _ := district(calendar.NewDate(2026, 11, 23), nil)
	at := finding.Position{Path: "content/a.md", Line: 3}
	s.Allowances["content/a.md"] = []site.Allowance{{Rule: "GK5xx", Reason: "理由", Until: calendar.NewDate(2026, 11, 23), Position: at}}
	leak := finding.New(finding.MobileNumber, finding.Position{Path: "content/a.md", Line: 9}, finding.Text{}, finding.Text{})
	elsewhere := finding.New(finding.MobileNumber, finding.Position{Path: "content/b.md"}, finding.Text{}, finding.Text{})
	kept, about := Allow(s, []finding.Finding{leak, elsewhere})
	if len(kept) != 1 || kept[0].Position.Path != "content/b.md" || len(about) != 0 {
		t.Errorf("on its last day: %v, %v", kept, about)
	}
	s.Now.Date = calendar.NewDate(2026, 11, 24)
	kept, about = Allow(s, []finding.Finding{leak, elsewhere})
	if len(kept) != 2 || fmt.Sprint(rulesOf(about)) != "[GK141]" {
		t.Errorf("a day later: %v, %v", kept, about)
	}
	s.Now.Date = calendar.NewDate(2026, 11, 20)
	s.Allowances["content/a.md"][0].Rule = "GK112"
	wrong := finding.New(finding.FullWidthColon, finding.Position{Path: "content/a.md", Line: 9}, finding.Text{}, finding.Text{})
	if kept, _ = Allow(s, []finding.Finding{wrong}); len(kept) != 1 {
		t.Error("an error that leaves the file out was allowed")
	}
}

func TestAllowancesThatNameSomething(t *testing.T) {
	s, _ := district(calendar.NewDate(2026, 11, 23), nil)
	until := calendar.NewDate(2026, 12, 31)
	s.Allowances["content/a.md"] = []site.Allowance{{Rule: "GK502", Until: until}, {Rule: "GK501", What: "440203********1237", Until: until}, {Rule: "GK503", What: "名单.csv", Until: until}, {Rule: "GK304", What: "https://example.org/", Until: until}}
	a := NewAllowances(s)
	for _, tt := range []struct {
		rule       *finding.Rule
		file, mask string
		want       bool
	}{
		{finding.MobileNumber, "", "138****0001", true},
		{finding.MobileNumber, "content/名单.csv", "138****0001", false},
		{finding.IdentityNumber, "", "440203********1237", true},
		{finding.IdentityNumber, "content/名单.csv", "440203********1237", true},
		{finding.IdentityNumber, "", "440203********0010", false},
		{finding.BankCard, "content/名单.csv", "6228***********1230", true},
		{finding.BankCard, "content/名单二.csv", "6228***********1230", false},
		{finding.BankCard, "", "6228***********1230", false},
		{finding.Plate, "", "粤F***45", false},
	} {
		if got := a.Value("content/a.md", tt.rule, tt.file, tt.mask); got != tt.want {
			t.Errorf("%s of %s in %q: %v", tt.mask, tt.rule.ID, tt.file, got)
		}
	}
	kept := a.Kept([]finding.Finding{
		finding.New(finding.Find("GK304"), finding.Position{Path: "content/a.md"}, finding.T("“https://example.org/”打不开", ""), finding.Text{}),
		finding.New(finding.Find("GK304"), finding.Position{Path: "content/a.md"}, finding.T("“https://example.com/”打不开", ""), finding.Text{}),
	})
	if len(kept) != 1 || len(a.About()) != 0 {
		t.Errorf("kept %v, about %v", kept, a.About())
	}
}

func TestIndicators(t *testing.T) {
	in := DefaultIndicators()
	s, uf := district(calendar.NewDate(2026, 11, 23), map[string]string{"事项": ""})
	d := publish(s, uf, calendar.NewDate(2026, 1, 1), calendar.NewDate(2026, 1, 2))
	d.Kind = "政策文件"
	card, err := in.Score(Evidence{Coverage: Cover(s), Found: func(*site.Disclosure) (bool, error) { return false, nil }})
	if err != nil {
		t.Fatal(err)
	}
	if !card.Vetoed || card.Passed || card.Deducted != 5 || card.Score != 95 {
		t.Errorf("%+v", card)
	}
	for _, m := range card.Deductions {
		switch m.ID {
		case "search": // not confirmed: it costs, but is not counted
			if !m.Hit || m.Cost != 5 {
				t.Errorf("%+v", m)
			}
		case "marks":
			if m.Cost != 7 || len(m.Cases) != 7 {
				t.Errorf("%+v", m)
			}
		case "statistics-stale", "interpretation":
			if m.Judged {
				t.Errorf("%s was judged without anything to judge", m.ID)
			}
		}
	}
}

// markOf judges one of the default indicators.
func markOf(t *testing.T, id string, e Evidence) Mark {
	t.Helper()
	in := DefaultIndicators()
	card, err := in.Score(e)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range append(card.Veto, card.Deductions...) {
		if m.ID == id {
			return m
		}
	}
	t.Fatalf("there is no indicator %s", id)
	return Mark{}
}

func TestFewGuidesHaveToBeWholeEveryOne(t *testing.T) {
	for _, c := range []struct {
		guides, bad int
		hit         bool
	}{{3, 3, true}, {3, 2, false}, {4, 4, true}, {5, 5, true}, {9, 5, true}, {9, 4, false}, {1, 0, false}} {
		s, uf := district(calendar.NewDate(2026, 11, 23), map[string]string{"事项": ""})
		e := Evidence{Guides: map[string][]string{}}
		for i := range c.guides {
			d := publish(s, uf, calendar.NewDate(2026, 11, 1), calendar.NewDate(2026, 11, 2))
			e.Guides[d.Source.Path] = nil
			if i < c.bad {
				e.Guides[d.Source.Path] = []string{"甲", "乙", "丙", "丁"}
			}
		}
		e.Coverage = Cover(s)
		if m := markOf(t, "guides", e); m.Hit != c.hit || !m.Judged {
			t.Errorf("%d of %d: %+v", c.bad, c.guides, m)
		}
	}
}

func TestWhatWasNotLookedAtIsNotJudged(t *testing.T) {
	s, _ := district(calendar.NewDate(2026, 11, 23), nil)
	at := func(path string) finding.Finding {
		return finding.New(finding.BrokenExternal, finding.Position{Path: path}, finding.Text{}, finding.Text{})
	}
	skipped := finding.Text{ZH: "没有看", EN: "not looked at"}
	e := Evidence{Coverage: Cover(s), Unseen: map[string]finding.Text{"GK305": skipped, "GK408": skipped}}
	for _, id := range []string{"forged-dates", "links-external", "links-external-home", "domain", "forms", "guides"} {
		if m := markOf(t, id, e); m.Judged || m.Hit {
			t.Errorf("%s: %+v", id, m)
		}
	}
	if m := markOf(t, "forged-dates", e); m.Why != skipped {
		t.Errorf("%+v", m)
	}
	if m := markOf(t, "links", e); !m.Judged || m.Hit {
		t.Errorf("internal links were looked at: %+v", m)
	}
	// the home page and other pages have figures of their own
	e = Evidence{Coverage: Cover(s), Findings: []finding.Finding{at("content/site.yaml"), at("content/units/u/f/a.md"), at("content/units/u/f/b.md")}, Host: "www.example.gov.cn"}
	if m := markOf(t, "links-external-home", e); m.Cost != 1 {
		t.Errorf("%+v", m)
	}
	if m := markOf(t, "links-external", e); m.Cost != 0.2 {
		t.Errorf("%+v", m)
	}
	if m := markOf(t, "domain", e); !m.Judged || m.Hit {
		t.Errorf("%+v", m)
	}
	if e.Host = "example.com"; !markOf(t, "domain", e).Hit {
		t.Error("example.com is no government's")
	}
}

func TestTenColumnsLongNotUpdatedAreAVeto(t *testing.T) {
	for _, n := range []int{9, 10} {
		s, uf := district(calendar.NewDate(2026, 11, 23), map[string]string{"事项": "按季度公开"})
		publish(s, uf, calendar.NewDate(2026, 1, 5), calendar.NewDate(2026, 1, 6))
		for range n - 1 {
			s.UnitFields = append(s.UnitFields, uf)
		}
		if m := markOf(t, "columns-overdue", Evidence{Coverage: Cover(s)}); m.Hit != (n == 10) || len(m.Cases) != n {
			t.Errorf("%d: %+v", n, m)
		}
	}
}

func TestAdviceLeavesAddressesAndCodeAlone(t *testing.T) {
	for text, want := range map[string]string{
		"见韶武府[2022]1号":                              "[6:5]", // the year's bracket
		"[文件](韶武府[2022]1号.csv)":                     "[]",
		"[文件](<韶武府[2022]1号.csv> \"题\")后韶武府[2022]1号": "[6:32]",
		"[文件](a(1).csv)后韶武府[2022]1号":                "[6:19]",
		"![图](图,片.png)":                             "[]",
		"<https://example.cn/韶武府[2022]1号>":          "[]",
		"`韶武府[2022]1号`、``中,文``":                     "[]",
		"https://example.cn/a(2022)1号":              "[]",
		"[甲]: 韶武府[2022]1号.csv":                      "[]",
		"[韶武府[2022]1号](a.csv)":                      "[6:5]",
		"[文件](韶武府[2022]1号.csv),中[文](a.csv)中,文":      "[6:35]",
	} {
		var got []string
		for _, f := range Text("content/a.md", []byte("---\n标题: 甲\n附件:\n  - 韶武府[2022]1号.csv\n---\n"+text+"\n")) {
			got = append(got, fmt.Sprintf("%d:%d", f.Position.Line, f.Position.Column))
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", text, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("---\n标题: 甲[2022]1号\n---\n中,文号(2022)12号\n| 姓名 |\n| --- |\n")
	f.Fuzz(func(t *testing.T, text string) {
		ListsPersons([]byte(text))
		MissingElements([]byte(text))
		for _, x := range Text("content/a.md", []byte(text)) {
			if x.Position.Line < 1 || x.Position.Column < 1 {
				t.Errorf("%v", x)
			}
		}
	})
}

func FuzzParseIndicators(f *testing.F) {
	f.Add(string(indicatorsFile))
	f.Fuzz(func(t *testing.T, text string) {
		if in, err := ParseIndicators([]byte(text)); err == nil {
			s, _ := district(calendar.NewDate(2026, 11, 23), map[string]string{"事项": ""})
			if _, err := in.Score(Evidence{Coverage: Cover(s)}); err != nil {
				t.Error(err)
			}
		}
	})
}
