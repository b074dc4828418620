package site

import (
	"strconv"
	"strings"
	"unicode"
)

// Deadline is one value of the column 公开时限: a limit, a period of public notice, or a rhythm.
type Deadline struct {
	Kind     DeadlineKind
	N        int  // days of Within, Notice and Every
	Workdays bool // N counts working days, otherwise calendar days
	Text     string
}

// DeadlineKind says how the value is to be judged.
type DeadlineKind uint8

// The kinds of values.
const (
	// OtherDeadline counts from an event that no key of a disclosure states (随采购公告公开), so that nothing can be judged.
	OtherDeadline DeadlineKind = iota
	// Within is N days after the information was formed or changed, or after the decision was made.
	Within
	// Prompt is 实时, 及时: no number of days is given.
	Prompt
	// LongTerm is 长期公开: it stays, whenever it was published.
	LongTerm
	// Notice is 公示: it must stand for N days.
	Notice
	// Every is an update every N days.
	Every
	// Monthly, Quarterly, HalfYearly and Annual are rhythms.
	Monthly
	Quarterly
	HalfYearly
	Annual
)

// ParseDeadlines reads the cell of the column 公开时限. A value that is not understood is OtherDeadline, never a guess.
func ParseDeadlines(cell string) []Deadline {
	var out []Deadline
	for _, text := range SplitList(cell) {
		out = append(out, parseDeadline(text))
	}
	return out
}

func parseDeadline(text string) Deadline {
	s := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		}
		return r
	}, text)
	d := Deadline{Text: text}
	n, workdays, counted := countedDays(s)
	rhythm, regular := rhythmOf(s)
	switch {
	case counted && strings.Contains(s, "公示"):
		d.Kind, d.N, d.Workdays = Notice, n, workdays
	case regular && (!counted || strings.IndexFunc(s, unicode.IsDigit) > 0):
		// 每月5日前, 每季度结束后15日内: the days are counted within the rhythm
		d.Kind = rhythm
	case counted && strings.HasPrefix(s, "每") && strings.Contains(s, "更新"):
		d.Kind, d.N, d.Workdays = Every, n, workdays
	case counted && endsInDays(s) && ofFormation(s):
		d.Kind, d.N, d.Workdays = Within, n, workdays
	case counted:
		// another event, or a day before one
	case strings.Contains(s, "年度") || strings.Contains(s, "每年") || strings.Contains(s, "按年"):
		d.Kind = Annual
	case s == "长期" || s == "长期公开" || s == "长期公示":
		d.Kind = LongTerm
	case s == "实时" || s == "实时公开" || s == "及时" || s == "及时公开" || s == "即时公开" || s == "按进展情况及时公开":
		d.Kind = Prompt
	}
	return d
}

// rhythmOf finds the words of a rhythm shorter than a year.
func rhythmOf(s string) (DeadlineKind, bool) {
	for _, r := range []struct {
		kind  DeadlineKind
		words []string
	}{
		{HalfYearly, []string{"每半年", "按半年", "半年度", "每六个月", "每6个月"}},
		{Quarterly, []string{"季度", "每季", "按季", "每三个月", "每3个月"}},
		{Monthly, []string{"每月", "每个月", "按月", "逐月", "月度"}},
	} {
		for _, w := range r.words {
			if strings.Contains(s, w) {
				return r.kind, true
			}
		}
	}
	return OtherDeadline, false
}

// endsInDays reports whether nothing follows the number of days that would change what it counts.
func endsInDays(s string) bool {
	for _, end := range []string{"公开", "予以", "内", "之", "以"} {
		s = strings.TrimSuffix(s, end)
	}
	return strings.HasSuffix(s, "日") || strings.HasSuffix(s, "天")
}

// ofFormation reports whether days are counted from what the dates of a disclosure state.
func ofFormation(s string) bool {
	if strings.Contains(s, "前") || strings.Contains(s, "提前") {
		return false
	}
	for _, event := range []string{"信息形成", "形成之日", "变更之日", "作出决定", "作出行政决定", "印发之日", "制作完成"} {
		if strings.Contains(s, event) {
			return true
		}
	}
	// a bare limit counts from formation: 条例 第二十六条
	return strings.IndexFunc(s, unicode.IsDigit) == 0
}

// countedDays finds "20个工作日", "7日", "7天", "15个自然日".
func countedDays(s string) (n int, workdays, ok bool) {
	i := strings.IndexFunc(s, unicode.IsDigit)
	if i < 0 {
		return 0, false, false
	}
	rest := s[i:]
	digits := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if digits <= 0 || digits > 3 {
		return 0, false, false
	}
	n, _ = strconv.Atoi(rest[:digits])
	unit := strings.TrimPrefix(rest[digits:], "个")
	switch {
	case strings.HasPrefix(unit, "工作日"):
		return n, true, n > 0
	case strings.HasPrefix(unit, "日"), strings.HasPrefix(unit, "天"), strings.HasPrefix(unit, "自然日"):
		return n, false, n > 0
	}
	return 0, false, false
}
