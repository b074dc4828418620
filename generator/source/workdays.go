package source

import (
	"strings"

	"gongkai/generator/calendar"
	"gongkai/generator/finding"
)

// readWorkdays reads content/workdays.csv: a line "date,kind,name" for each day that differs from a plain week. A line at fault is left out.
func readWorkdays(path string, text []byte) (*calendar.Workdays, []finding.Finding) {
	var days []calendar.Special
	var findings []finding.Finding
	seen := map[calendar.Date]int{}
	line := 0
	for row := range strings.Lines(string(text)) {
		line++
		row = strings.TrimSpace(row)
		if row == "" || row[0] == '#' || line == 1 && strings.HasPrefix(strings.ToLower(row), "date,") || line == 1 && strings.HasPrefix(row, "日期,") {
			continue
		}
		at := finding.Position{Path: path, Line: line, Column: 1}
		day, err := calendar.ParseSpecial(row)
		if err != nil {
			findings = append(findings, finding.New(finding.WorkdayLine, at,
				finding.T("这一行读不懂：“%s”", "this line cannot be read: %q", row),
				finding.T("写成“2026-10-01,holiday,国庆节”，第二项是 holiday（休）或 workday（班）", "write \"2026-10-01,holiday,name\"; the second value is holiday or workday")))
			continue
		}
		if first, twice := seen[day.Date]; twice {
			findings = append(findings, finding.New(finding.WorkdayLine, at,
				finding.T("%s 在第 %d 行已经有了", "%s stands on line %d already", day.Date, first),
				finding.T("删去其中一行", "delete one of the lines")))
			continue
		}
		seen[day.Date] = line
		days = append(days, day)
	}
	return calendar.NewWorkdays(days), findings
}
