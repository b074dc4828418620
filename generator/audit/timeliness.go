// Package audit judges a site as an inspector would: what was published late, what is overdue, what is blank, and what that costs by the
// inspection indicators.
//
// It is pure: the site's own moment (site.Site.Now) decides what is due, and the same site always gets the same judgement. Where the data
// cannot carry a judgement there is none: a limit that counts from an event which no key states, a year whose working days are not known,
// a document that another body formed. An alarm that is wrong twice is switched off by its user.
package audit

import (
	"cmp"
	"errors"
	"path"
	"slices"
	"strconv"
	"strings"

	"gongkai/generator/calendar"
	"gongkai/generator/finding"
	"gongkai/generator/site"
)

// Where findings of the whole portal are reported.
const (
	contentDir   = "content"
	settingsFile = contentDir + "/site.yaml"
)

// judge collects findings of one site.
type judge struct {
	site     *site.Site
	today    calendar.Date
	findings []finding.Finding
	unknown  map[int]int // year without a calendar -> documents that could not be judged for it
}

func newJudge(s *site.Site) *judge {
	return &judge{site: s, today: s.Now.Date, unknown: map[int]int{}}
}

// report takes down a finding; the key is what tells it from others of its rule in its file, whatever the figures and days in the message.
func (j *judge) report(rule *finding.Rule, at finding.Position, key string, message, mend finding.Text) {
	j.findings = append(j.findings, finding.New(rule, at, message, mend).About(key))
}

// unknownYear notes an error of counting and reports whether there was one.
func (j *judge) unknownYear(err error) bool {
	if unknown := (*calendar.UnknownYearError)(nil); errors.As(err, &unknown) {
		j.unknown[unknown.Year]++
	}
	return err != nil
}

// Timeliness judges the dates of what is published. personal reports whether a document lists persons, in its text or in an
// attachment; it is asked of public notices and lists only. The findings are not sorted.
func Timeliness(s *site.Site, personal func(*site.Disclosure) bool) []finding.Finding {
	j := newJudge(s)
	for _, d := range s.Disclosures {
		if d.Withdrawn {
			continue
		}
		deadlines := site.ParseDeadlines(d.Item.Columns[site.DeadlineOf].Text)
		j.late(d, deadlines)
		j.notice(d, deadlines, personal)
	}
	for _, uf := range s.UnitFields {
		for i := range uf.Entries {
			j.overdue(uf, &uf.Entries[i])
		}
	}
	for i := range s.Config.Policy.Columns {
		j.column(&s.Config.Policy.Columns[i])
	}
	j.years()
	return j.findings
}

// Late reports the documents that were published after their limit, as Timeliness does. The findings are not sorted.
func Late(s *site.Site) []finding.Finding {
	j := newJudge(s)
	for _, d := range s.Disclosures {
		if !d.Withdrawn {
			j.late(d, site.ParseDeadlines(d.Item.Columns[site.DeadlineOf].Text))
		}
	}
	return j.findings
}

// limit returns the limit that a disclosure of the item is held to; ok is false where there is none that can be counted.
func (j *judge) limit(deadlines []site.Deadline) (limit site.Deadline, stated, ok bool) {
	for _, d := range deadlines {
		switch d.Kind {
		case site.OtherDeadline:
			return limit, false, false
		case site.Within:
			// calendar days against working days: five of seven
			if !ok || span(d) > span(limit) {
				limit, ok = d, true
			}
		}
	}
	if ok {
		return limit, true, true
	}
	n := j.site.Config.Policy.DefaultDeadline
	return site.Deadline{Kind: site.Within, N: n, Workdays: true}, false, n > 0
}

// span makes limits comparable.
func span(d site.Deadline) int {
	if d.Workdays {
		return d.N * 7
	}
	return d.N * 5
}

// late judges the time between 成文日期 and 发布日期.
func (j *judge) late(d *site.Disclosure, deadlines []site.Deadline) {
	if d.Formed.IsZero() || d.Publisher != "" && d.Publisher != d.Unit.Publisher() && d.Publisher != d.Unit.Name {
		return // what another body formed was received later
	}
	limit, stated, ok := j.limit(deadlines)
	if !ok {
		return
	}
	from := d.Formed
	if d.Field.Since.After(from) {
		from = d.Field.Since // there was no catalog to keep before
	}
	if !d.Published.After(from) {
		return
	}
	if from.DaysUntil(d.Published.Date) <= limit.N {
		return // in time in calendar days, and the more so in working days
	}
	if n, err := j.site.Workdays.Between(from, d.Published.Date); limit.Workdays && err == nil && n <= limit.N {
		return // the last day may lie in a year that is not known yet
	}
	last, err := j.lastDay(from, limit)
	if j.unknownYear(err) || !d.Published.After(last) {
		return
	}
	over, err := j.site.Workdays.Between(last, d.Published.Date)
	if j.unknownYear(err) || over == 0 {
		return // on a day off after the last day no working day was lost
	}
	law, lawEN := "事项公开时限：", "limit of the item: "
	text := limit.Text
	if !stated {
		law, lawEN, text = "事项没有写明天数，按《政府信息公开条例》第二十六条", "the item states no days; article 26 of the 政府信息公开条例", ""
	}
	j.report(finding.LatePublication, d.Source.At("date"), "date",
		finding.T("应在 %s 前公开，晚了 %d 个工作日（%s 成文，%s 发布；%s%s）", "due by %s, %d working days late (formed %s, published %s; %[7]s%[6]s)",
			last, over, d.Formed, d.Published.Date, law, text, lawEN),
		finding.T("如果日期写错请改正；确实晚公开的，今后在时限内发布", "mend the date if it is wrong; publish within the limit from now on"))
}

// lastDay returns the last day of a limit that counts from a day.
func (j *judge) lastDay(from calendar.Date, limit site.Deadline) (calendar.Date, error) {
	if limit.Workdays {
		return j.site.Workdays.Add(from, limit.N)
	}
	return j.nextWorkday(from.AddDays(limit.N))
}

// PublishBy returns the last day on which a disclosure of an item that was formed on a day is published in time, as Late judges it, and the limit; stated is
// false where the limit is the law's and not the item's. ok is false where there is no limit that can be counted. The error is a *calendar.UnknownYearError
// where the calendar does not have a year that is needed.
func PublishBy(s *site.Site, f *site.Field, it *site.Item, formed calendar.Date) (last calendar.Date, limit site.Deadline, stated, ok bool, err error) {
	j := newJudge(s)
	if limit, stated, ok = j.limit(site.ParseDeadlines(it.Columns[site.DeadlineOf].Text)); !ok {
		return
	}
	if f.Since.After(formed) {
		formed = f.Since
	}
	last, err = j.lastDay(formed, limit)
	return
}

// nextWorkday moves the last day of a limit in calendar days to a working day (民法典 第二百零三条).
func (j *judge) nextWorkday(d calendar.Date) (calendar.Date, error) {
	for {
		work, ok := j.site.Workdays.IsWorkday(d)
		if !ok {
			return d, &calendar.UnknownYearError{Year: int(d.Year)}
		}
		if work {
			return d, nil
		}
		d = d.AddDays(1)
	}
}

// isNotice reports whether the document is a 公示, by its 体裁 or its title, and not the announcement of its outcome.
func isNotice(d *site.Disclosure) bool {
	return !strings.Contains(d.Title, "公示结果") && !strings.Contains(d.Title, "公示情况") && (d.Kind == "公示" || named(d.Title, "公示", "公示名单", "公示表"))
}

// isList reports whether the document is a list, by its 体裁 or its title.
func isList(d *site.Disclosure) bool {
	return d.Kind == "名单" || named(d.Title, "名单", "名册", "花名册", "名单公告", "公示名单", "公示表", "发放表", "明细表")
}

// named reports whether a title ends with one of the names: 关于低保对象的公示（第三批） does with 公示, 关于做好公示工作的通知 does not.
func named(title string, names ...string) bool {
	title = strings.TrimRight(title, " 　。")
	for _, brackets := range []string{"（）", "()", "〔〕"} {
		opening, closing := []rune(brackets)[0], []rune(brackets)[1]
		if i := strings.LastIndex(title, string(opening)); i > 0 && strings.HasSuffix(title, string(closing)) {
			title = strings.TrimRight(title[:i], " 　")
		}
	}
	return slices.ContainsFunc(names, func(name string) bool { return strings.HasSuffix(title, name) })
}

// notice judges the end of a 公示, and of a list of persons.
func (j *judge) notice(d *site.Disclosure, deadlines []site.Deadline, personal func(*site.Disclosure) bool) {
	if d.Expires.IsZero() {
		if (isNotice(d) || isList(d)) && personal(d) {
			j.report(finding.NoticeStays, d.Source.At("title"), "expires",
				finding.T("这份名单涉及个人，没有写撤下的日期", "this list of persons has no day on which it comes down"),
				finding.T("加上一行“有效期至: 日期”，到期自动撤下", "add \"expires: date\""))
		}
		return
	}
	if !isNotice(d) {
		return
	}
	var least *site.Deadline
	for i := range deadlines {
		if x := &deadlines[i]; x.Kind == site.Notice && (least == nil || span(*x) < span(*least)) {
			least = x
		}
	}
	if least == nil {
		return
	}
	days := d.Published.DaysUntil(d.Expires)
	unit, unitEN := "天", "days"
	if least.Workdays {
		var err error
		if days, err = j.site.Workdays.Between(d.Published.Date, d.Expires); j.unknownYear(err) {
			return
		}
		unit, unitEN = "个工作日", "working days"
	}
	if days >= least.N {
		return
	}
	j.report(finding.ShortNotice, d.Source.At("expires"), "expires",
		finding.T("公示只有 %d %s（%s 发布，%s 到期），事项规定：%s", "the notice stands for %d %[6]s only (%[3]s to %[4]s); the item demands %[5]s", days, unit, d.Published.Date, d.Expires, least.Text, unitEN),
		finding.T("把有效期至改到公示期满之后", "set expires to a day after the period"))
}

// overdue judges the rhythm of an item that holds for the unit. An item without any disclosure is blank, which Cover shows.
func (j *judge) overdue(uf *site.UnitField, e *site.Entry) {
	if e.Origin == site.Beyond || uf.NotApplicable != "" {
		return
	}
	last, why, overdue := j.due(e)
	if !overdue {
		return
	}
	newest := e.Disclosures[0]
	j.report(finding.Overdue, newest.Source.At("date"), e.Item.Path(),
		finding.T("%s“%s”%s，应在 %s 前更新（最近一期 %s）", "%s: %s (%s) was to be updated by %s (latest %s)", uf.Unit.Name, e.Item.Path(), why, last, newest.Published.Date),
		finding.T("发布最近一期；事项已取消或不再发生的，在单位的 _index.md 里说明", "publish the latest one, or say in the unit's _index.md why there is none"))
}

// due returns the day by which something new was to be published under the item, where it was not, and the rhythm in words.
func (j *judge) due(e *site.Entry) (last calendar.Date, why string, overdue bool) {
	if len(e.Disclosures) == 0 {
		return
	}
	newest := e.Disclosures[0].Published.Date
	for _, d := range site.ParseDeadlines(e.Item.Columns[site.DeadlineOf].Text) {
		var since calendar.Date // the newest is to be of this day or later
		switch d.Kind {
		case site.Every:
			last = newest.AddDays(d.N)
			since = j.today.AddDays(-2 * d.N) // a period's grace: the update has a limit of its own
			if d.Workdays {
				since = j.today.AddDays(-2 * d.N * 7 / 5)
				var err error
				if last, err = j.site.Workdays.Add(newest, d.N); err != nil {
					last = newest.AddDays(d.N * 7 / 5) // plain weeks
				}
			}
		case site.Monthly:
			since, last = lastPeriod(j.today, 1)
		case site.Quarterly:
			since, last = lastPeriod(j.today, 3)
		case site.HalfYearly:
			since, last = lastPeriod(j.today, 6)
		case site.Annual:
			since, last = lastYear(j.today, d.Text)
		default:
			continue
		}
		if newest.Before(since) {
			return last, d.Text, true
		}
	}
	return last, "", false
}

// grace is how long after the end of a month, a quarter or half a year its figures are due: 20 working days, with the longest holidays.
const grace = 35

// lastPeriod looks at the last period of some months whose report is due: since is from which day on it may have been published, the beginning
// of the period's last month, and last the day by which it was due.
func lastPeriod(today calendar.Date, months int) (since, last calendar.Date) {
	before := today.AddDays(-grace)
	passed := (int(before.Month) - 1) / months * months // months of that year before the period in which the day lies
	end := calendar.NewDate(int(before.Year), 1, 1).AddMonths(passed)
	return end.AddMonths(-1), end.AddDays(grace - 1)
}

// lastYear does the same for years. The text may state a month of the following year (年度情况于次年3月底前公开); without one, six months are
// allowed.
func lastYear(today calendar.Date, text string) (since, last calendar.Date) {
	month := 6
	if _, rest, ok := strings.Cut(text, "次年"); ok {
		if n := leadingNumber(rest); n >= 1 && n <= 12 {
			month = n
		}
	}
	year := int(today.Year)
	if int(today.Month) <= month {
		year--
	}
	return calendar.NewDate(year-1, 12, 1), calendar.NewDate(year, 1, 1).AddMonths(month).AddDays(-1)
}

func leadingNumber(s string) (n int) {
	for _, r := range s {
		if r < '0' || r > '9' {
			break
		}
		n = n*10 + int(r-'0')
	}
	return n
}

// column judges how long ago a column was updated.
func (j *judge) column(c *site.ColumnPolicy) {
	at := finding.Position{Path: settingsFile, Line: c.Line}
	if c.Line > 0 {
		at.Column = 1
	}
	type group struct {
		newest *site.Disclosure
		unit   *site.Unit
	}
	var groups []group
	seen := map[*site.Unit]bool{}
	for _, d := range j.site.Disclosures { // newest first
		unit := d.Unit
		if !c.Each {
			unit = nil
		}
		if !d.Withdrawn && !seen[unit] && c.Covers(d) {
			seen[unit] = true
			groups = append(groups, group{d, unit})
		}
	}
	slices.SortStableFunc(groups, func(a, b group) int {
		if a.unit == nil || b.unit == nil {
			return 0
		}
		return cmp.Compare(a.unit.Index, b.unit.Index)
	})
	for _, g := range groups {
		due := g.newest.Published.AddMonths(c.Months).AddDays(c.Days)
		if !due.Before(j.today) {
			continue
		}
		name := c.Name
		if g.unit != nil {
			name = g.unit.Name + "“" + c.Name + "”"
			at = g.unit.Source.At("name")
		}
		j.report(finding.StaleColumn, at, name,
			finding.T("栏目%s最近一次更新是 %s，应在 %s 前更新", "the column %s was last updated on %s; something new was due by %s", quoteColumn(name), g.newest.Published.Date, due),
			finding.T("发布新的信息；期限不适合本地的，在 site.yaml 的“栏目更新期限”里修改", "publish something, or change columns in site.yaml where the period is not the district's"))
	}
}

func quoteColumn(name string) string {
	if strings.Contains(name, "“") {
		return name
	}
	return "“" + name + "”"
}

// years reports the years for which nothing could be judged, once each.
func (j *judge) years() {
	years := make([]int, 0, len(j.unknown))
	for year := range j.unknown {
		years = append(years, year)
	}
	slices.Sort(years)
	for _, year := range years {
		j.report(finding.YearUnknown, finding.Position{Path: path.Join(contentDir, "workdays.csv")}, strconv.Itoa(year),
			finding.T("没有 %d 年的放假和调休数据，%d 条信息的时限不能判断", "there are no days off and make-up days of %d; %d limits cannot be judged", year, j.unknown[year]),
			finding.T("按国务院办公厅的放假通知把 %d 年的日子补进 content/workdays.csv", "add the days of %d, from the notice of the State Council's office, to content/workdays.csv", year))
	}
}
