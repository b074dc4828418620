package calendar

import (
	"fmt"
	"strings"
	"time"
)

// Workdays is the official calendar of working days: Monday to Friday, but for the days off and the make-up working days that the
// State Council's office announces for each year (国务院办公厅关于某年部分节假日安排的通知). Of a year that was not announced nothing
// is known.
type Workdays struct {
	special map[Date]bool // days that differ from a plain week: true where they are worked
	years   map[int]bool
}

// Special is a day that differs from a plain week.
type Special struct {
	Date Date
	Work bool
}

// NewWorkdays returns a calendar with the days that differ from plain weeks. A year is known where enough of its days are among them: no
// year has plain weeks only.
func NewWorkdays(days []Special) *Workdays {
	w := &Workdays{special: make(map[Date]bool, len(days)), years: map[int]bool{}}
	count := map[int]int{}
	for _, d := range days {
		w.special[d.Date] = d.Work
		count[int(d.Date.Year)]++
	}
	for year, n := range count {
		// a few days of a December that the next year's notice moved do not make a year known
		w.years[year] = n >= leastSpecial
	}
	return w
}

// leastSpecial is a number of days that every year's notice exceeds: the leanest year so far has 23.
const leastSpecial = 8

// Known reports whether the working days of the year are known.
func (w *Workdays) Known(year int) bool { return w != nil && w.years[year] }

// IsWorkday reports whether the day is worked; ok is false where its year is not known.
func (w *Workdays) IsWorkday(d Date) (work, ok bool) {
	if !w.Known(int(d.Year)) {
		return false, false
	}
	if work, special := w.special[d]; special {
		return work, true
	}
	day := d.Time().Weekday()
	return day != time.Saturday && day != time.Sunday, true
}

// UnknownYearError says that a count of working days reaches into a year that was not announced.
type UnknownYearError struct{ Year int }

func (e *UnknownYearError) Error() string {
	return fmt.Sprintf("the working days of %d are not known", e.Year)
}

// Add returns the n-th working day after the day: the day itself is not counted (民法典 第二百零一条), so Add(d, 20) is the last day of
// 20个工作日. The error is an *UnknownYearError.
func (w *Workdays) Add(d Date, n int) (Date, error) {
	for n > 0 {
		d = d.AddDays(1)
		work, ok := w.IsWorkday(d)
		if !ok {
			return Date{}, &UnknownYearError{int(d.Year)}
		}
		if work {
			n--
		}
	}
	return d, nil
}

// Between returns how many working days lie after the first day up to the second, which is the later; 0 where it is not. The error is an
// *UnknownYearError.
func (w *Workdays) Between(from, to Date) (int, error) {
	n := 0
	for d := from; d.Before(to); {
		d = d.AddDays(1)
		work, ok := w.IsWorkday(d)
		if !ok {
			return 0, &UnknownYearError{int(d.Year)}
		}
		if work {
			n++
		}
	}
	return n, nil
}

// Kinds of days in a file of working days.
const (
	holidayWord = "holiday"
	workdayWord = "workday"
)

// ParseSpecial reads one line "date,kind,name" of a file of working days, where kind is holiday or workday, or 休 or 班.
func ParseSpecial(line string) (Special, error) {
	fields := strings.Split(line, ",")
	if len(fields) < 2 {
		return Special{}, fmt.Errorf("%q has no two values", line)
	}
	s, _, err := Parse(strings.TrimSpace(fields[0]))
	if err != nil {
		return Special{}, err
	}
	switch strings.TrimSpace(fields[1]) {
	case holidayWord, "休", "放假":
		return Special{s.Date, false}, nil
	case workdayWord, "班", "上班":
		return Special{s.Date, true}, nil
	}
	return Special{}, fmt.Errorf("%q is neither %s nor %s", strings.TrimSpace(fields[1]), holidayWord, workdayWord)
}
