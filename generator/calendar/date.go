// Package calendar knows dates as Chinese offices write them.
package calendar

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// China is the one official time zone of the People's Republic (UTC+8, no daylight saving time).
var China = time.FixedZone("CST", 8*60*60)

// Date is a calendar day. The zero Date means that no day is stated.
type Date struct {
	Year       int16
	Month, Day uint8
}

// NewDate returns the day; values out of range are the caller's fault.
func NewDate(year, month, day int) Date {
	return Date{int16(year), uint8(month), uint8(day)}
}

// DateOf returns the day of t in China.
func DateOf(t time.Time) Date {
	y, m, d := t.In(China).Date()
	return NewDate(y, int(m), d)
}

// AddDays returns the day that is n days later, or earlier where n is negative.
func (d Date) AddDays(n int) Date {
	return DateOf(time.Date(int(d.Year), time.Month(d.Month), int(d.Day)+n, 0, 0, 0, 0, China))
}

// AddMonths returns the same day n months later, or the month's last day where it has no such day.
func (d Date) AddMonths(n int) Date {
	first := time.Date(int(d.Year), time.Month(int(d.Month)+n), 1, 0, 0, 0, 0, China)
	last := first.AddDate(0, 1, -1).Day()
	return NewDate(first.Year(), int(first.Month()), min(int(d.Day), last))
}

// DaysUntil returns how many days lie between d and e; negative where e is earlier.
func (d Date) DaysUntil(e Date) int { return int(e.Time().Sub(d.Time()).Hours() / 24) }

// IsZero reports whether no day is stated.
func (d Date) IsZero() bool { return d == Date{} }

// Compare returns -1, 0 or +1 as d is before, equal to or after e.
func (d Date) Compare(e Date) int {
	a := int(d.Year)<<16 | int(d.Month)<<8 | int(d.Day)
	b := int(e.Year)<<16 | int(e.Month)<<8 | int(e.Day)
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// Time returns the beginning of the day in China.
func (d Date) Time() time.Time {
	return time.Date(int(d.Year), time.Month(d.Month), int(d.Day), 0, 0, 0, 0, China)
}

// String returns the day as 2022-10-08, the form of header blocks, and "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return string(d.append(make([]byte, 0, 10)))
}

// append writes the day without fmt: a page has half a dozen.
func (d Date) append(b []byte) []byte {
	if d.Year < 0 || d.Year > 9999 {
		return fmt.Appendf(b, "%04d-%02d-%02d", d.Year, d.Month, d.Day)
	}
	b = appendTwo(appendTwo(b, int(d.Year)/100), int(d.Year)%100)
	b = appendTwo(append(b, '-'), int(d.Month))
	return appendTwo(append(b, '-'), int(d.Day))
}

// appendTwo writes a number below 100 with two digits.
func appendTwo(b []byte, n int) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }

// Chinese returns the day as 2022年10月8日, the form of official texts (no zero padding),
// and "" for the zero Date.
func (d Date) Chinese() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year, d.Month, d.Day)
}

// Stamp is a day and, where it is stated, the time of that day in China.
type Stamp struct {
	Date
	// Minute counts from midnight; it has a meaning only where HasTime is true.
	Minute  int16
	HasTime bool
}

// String returns 2022-10-08, or 2022-10-08 09:30 where the time is stated.
func (s Stamp) String() string {
	if !s.HasTime {
		return s.Date.String()
	}
	return s.Full()
}

// Full returns the form of the page mark PubDate, yyyy-MM-dd HH:mm; a time that is not stated is midnight.
func (s Stamp) Full() string {
	b := make([]byte, 0, 16)
	if !s.Date.IsZero() {
		b = s.Date.append(b)
	}
	b = appendTwo(append(b, ' '), int(s.Minute)/60)
	return string(appendTwo(append(b, ':'), int(s.Minute)%60))
}

// Time returns the moment; a time that is not stated is midnight.
func (s Stamp) Time() time.Time {
	return s.Date.Time().Add(time.Duration(s.Minute) * time.Minute)
}

// CompareStamps orders by day and time.
func CompareStamps(a, b Stamp) int {
	if c := a.Date.Compare(b.Date); c != 0 {
		return c
	}
	return int(a.Minute) - int(b.Minute)
}

// ErrForm says that a text is not a date in any understood form; ErrRange that such a day does not exist, and ErrTime that such a time does not.
var (
	ErrForm  = errors.New("not a date")
	ErrRange = errors.New("no such day")
	ErrTime  = errors.New("no such time")
)

// Parse reads a day with an optional time of day. The canonical form is 2022-10-08 or 2022-10-08 09:30;
// 2022-10-8, 2022/10/08, 2022.10.08, 2022年10月8日, full-width digits and RFC 3339 are understood too, and then canonical
// is false. The error is ErrForm, ErrRange or ErrTime.
func Parse(text string) (s Stamp, canonical bool, err error) {
	if len(text) >= 19 && text[10] == 'T' {
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			if t, err = time.ParseInLocation("2006-01-02T15:04:05", text, China); err != nil {
				return Stamp{}, false, ErrForm
			}
		}
		t = t.In(China)
		return Stamp{DateOf(t), int16(t.Hour()*60 + t.Minute()), true}, false, nil
	}
	narrow := strings.Map(narrowRune, strings.TrimSpace(text))
	day, clock, hasClock := strings.Cut(narrow, " ")
	if i := strings.Index(narrow, "日"); i >= 0 && !hasClock {
		day, clock = narrow[:i+len("日")], narrow[i+len("日"):]
		hasClock = clock != ""
	}
	parts, ok := dayParts(day)
	if !ok {
		return Stamp{}, false, ErrForm
	}
	s.Date = NewDate(parts[0], parts[1], parts[2])
	if t := s.Date.Time(); parts[0] < 1900 || parts[0] > 9999 || t.Day() != parts[2] || int(t.Month()) != parts[1] {
		return Stamp{}, false, ErrRange
	}
	if hasClock {
		h, m, ok := clockParts(strings.TrimSpace(clock))
		if !ok {
			return Stamp{}, false, ErrForm
		}
		if h > 23 || m > 59 {
			return Stamp{}, false, ErrTime
		}
		s.Minute, s.HasTime = int16(h*60+m), true
	}
	return s, s.String() == text, nil
}

// narrowRune turns the full-width forms that an input method writes into ASCII.
func narrowRune(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '　' || r == '\t' || r == '\u00a0':
		return ' '
	case r == '—' || r == '–' || r == '−':
		return '-'
	}
	return r
}

func dayParts(day string) (parts [3]int, ok bool) {
	if rest, found := strings.CutSuffix(day, "日"); found {
		day = strings.NewReplacer("年", "-", "月", "-").Replace(rest)
	}
	words := strings.FieldsFunc(day, func(r rune) bool { return r == '-' || r == '/' || r == '.' })
	if len(words) != 3 || len(words[0]) != 4 || strings.Count(day, "-")+strings.Count(day, "/")+strings.Count(day, ".") != 2 {
		return parts, false
	}
	for i, w := range words {
		n, err := strconv.ParseUint(w, 10, 16)
		if err != nil || len(w) > 4 {
			return parts, false
		}
		parts[i] = int(n)
	}
	if parts[1] > 99 || parts[2] > 99 {
		return parts, false
	}
	return parts, true
}

func clockParts(clock string) (h, m int, ok bool) {
	words := strings.Split(clock, ":")
	if len(words) != 2 && len(words) != 3 {
		return 0, 0, false
	}
	for i, w := range words {
		n, err := strconv.ParseUint(w, 10, 8)
		if err != nil || len(w) > 2 {
			return 0, 0, false
		}
		switch i {
		case 0:
			h = int(n)
		case 1:
			m = int(n)
		}
	}
	return h, m, true
}

// StampOf returns the day and the minute of t in China.
func StampOf(t time.Time) Stamp {
	t = t.In(China)
	return Stamp{DateOf(t), int16(t.Hour()*60 + t.Minute()), true}
}
