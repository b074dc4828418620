package calendar

import (
	"errors"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text, want string
		canonical  bool
		err        error
	}{
		{"2022-10-08", "2022-10-08", true, nil},
		{"2022-10-08 09:30", "2022-10-08 09:30", true, nil},
		{"2022-10-8", "2022-10-08", false, nil},
		{"2022/10/08", "2022-10-08", false, nil},
		{"2022.10.8", "2022-10-08", false, nil},
		{"2022年10月8日", "2022-10-08", false, nil},
		{"2022年10月8日 9:05", "2022-10-08 09:05", false, nil},
		{"2022年10月8日9：05", "2022-10-08 09:05", false, nil},
		{"２０２２－１０－０８", "2022-10-08", false, nil},
		{"2022-10-08T09:30:00+08:00", "2022-10-08 09:30", false, nil},
		{"2022-10-07T23:30:00Z", "2022-10-08 07:30", false, nil},
		{"2024-02-29", "2024-02-29", true, nil},
		{"2022-13-1", "", false, ErrRange},
		{"2022-02-29", "", false, ErrRange},
		{"2022-00-10", "", false, ErrRange},
		{"2022-10-08 25:00", "", false, ErrTime},
		{"22-10-08", "", false, ErrForm},
		{"2022-10", "", false, ErrForm},
		{"2022--10-08", "", false, ErrForm},
		{"十月八日", "", false, ErrForm},
		{"", "", false, ErrForm},
		{"2022-10-08 下午", "", false, ErrForm},
	} {
		got, canonical, err := Parse(c.text)
		if !errors.Is(err, c.err) || got.String() != c.want || canonical != c.canonical {
			t.Errorf("Parse(%q) = %q, %v, %v; want %q, %v, %v", c.text, got, canonical, err, c.want, c.canonical, c.err)
		}
	}
}

func TestDateOfIsTheDayInChina(t *testing.T) {
	if got := DateOf(time.Date(2022, 12, 31, 17, 0, 0, 0, time.UTC)).String(); got != "2023-01-01" {
		t.Errorf("DateOf = %s", got)
	}
}

func TestChinese(t *testing.T) {
	if got := NewDate(2022, 1, 5).Chinese(); got != "2022年1月5日" {
		t.Errorf("Chinese = %s", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("2022年10月8日 9:05")
	f.Add("2022-10-08")
	f.Fuzz(func(t *testing.T, text string) {
		s, _, err := Parse(text)
		if err != nil {
			return
		}
		again, canonical, err := Parse(s.String())
		if err != nil || !canonical || again != s {
			t.Errorf("Parse(%q) = %v, read again %v, %v, %v", text, s, again, canonical, err)
		}
	})
}
