package calendar

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// official is the sample district's calendar: the State Council's notices of 2019 to 2026.
func official(t testing.TB) *Workdays {
	t.Helper()
	raw, err := os.ReadFile("../../content/workdays.csv")
	if err != nil {
		t.Fatal(err)
	}
	var days []Special
	for i, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		if i == 0 {
			continue
		}
		d, err := ParseSpecial(strings.TrimSpace(line))
		if err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
		days = append(days, d)
	}
	return NewWorkdays(days)
}

func day(t testing.TB, text string) Date {
	t.Helper()
	s, _, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return s.Date
}

func TestAddCountsOfficialWorkdays(t *testing.T) {
	w := official(t)
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2022-09-26", 20, "2022-10-27"}, // across 国庆节 with two make-up days
		{"2024-09-06", 20, "2024-10-11"},
		{"2020-01-20", 20, "2020-02-25"}, // the extended 春节 of 2020
		{"2025-09-19", 20, "2025-10-23"},
		{"2026-09-18", 20, "2026-10-22"},
		{"2023-01-16", 7, "2023-01-30"},
		{"2022-10-08", 20, "2022-11-03"},
		{"2026-11-23", 0, "2026-11-23"},
	} {
		got, err := w.Add(day(t, c.from), c.n)
		if err != nil || got.String() != c.want {
			t.Errorf("%s + %d = %s, %v; want %s", c.from, c.n, got, err, c.want)
		}
		if n, err := w.Between(day(t, c.from), got); err != nil || n != c.n {
			t.Errorf("%s to %s: %d working days, %v; want %d", c.from, got, n, err, c.n)
		}
	}
}

func TestWorkdaysOfAYear(t *testing.T) {
	w := official(t)
	for year, want := range map[int]int{2019: 250, 2020: 249, 2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248} {
		n := 0
		for d := NewDate(year, 1, 1); int(d.Year) == year; d = d.AddDays(1) {
			if work, ok := w.IsWorkday(d); !ok {
				t.Fatalf("%d is not known", year)
			} else if work {
				n++
			}
		}
		if n != want {
			t.Errorf("%d has %d working days, want %d", year, n, want)
		}
	}
}

func TestUnknownYearsAreNotGuessed(t *testing.T) {
	w := official(t)
	var unknown *UnknownYearError
	if _, err := w.Add(day(t, "2026-12-20"), 20); !errors.As(err, &unknown) || unknown.Year != 2027 {
		t.Errorf("a limit that reaches into 2027: %v", err)
	}
	if _, err := (*Workdays)(nil).Add(day(t, "2024-01-02"), 1); !errors.As(err, &unknown) {
		t.Errorf("no calendar at all: %v", err)
	}
	// days of December that the notice for the next year moves do not make the year known
	moved := NewWorkdays([]Special{{NewDate(2018, 12, 29), true}, {NewDate(2018, 12, 31), false}})
	if moved.Known(2018) {
		t.Error("2018 is known by two days")
	}
}

func TestParseSpecial(t *testing.T) {
	for _, line := range []string{"2026-10-01,holiday,国庆节", "2026/10/1, 休 ,国庆节", "2026年10月1日,放假"} {
		if s, err := ParseSpecial(line); err != nil || s.Work || s.Date != NewDate(2026, 10, 1) {
			t.Errorf("%s: %+v, %v", line, s, err)
		}
	}
	for _, line := range []string{"", "2026-10-01", "2026-10-01,节日", "十月一日,休", "2026-13-01,休"} {
		if s, err := ParseSpecial(line); err == nil {
			t.Errorf("%q is read as %+v", line, s)
		}
	}
}

func FuzzParseSpecial(f *testing.F) {
	f.Add("2026-10-01,holiday,国庆节")
	f.Fuzz(func(t *testing.T, line string) {
		if s, err := ParseSpecial(line); err == nil && s.Date.IsZero() {
			t.Errorf("%q has no day", line)
		}
	})
}

func TestMonthsAndDays(t *testing.T) {
	for _, c := range [][2]string{
		{NewDate(2024, 1, 31).AddMonths(1).String(), "2024-02-29"},
		{NewDate(2024, 8, 31).AddMonths(6).String(), "2025-02-28"},
		{NewDate(2024, 3, 15).AddMonths(-3).String(), "2023-12-15"},
		{NewDate(2024, 2, 28).AddDays(2).String(), "2024-03-01"},
		{NewDate(2024, 1, 1).AddDays(-1).String(), "2023-12-31"},
	} {
		if c[0] != c[1] {
			t.Errorf("%s, want %s", c[0], c[1])
		}
	}
	if n := NewDate(2023, 12, 30).DaysUntil(NewDate(2024, 3, 1)); n != 62 {
		t.Errorf("%d days", n)
	}
}
