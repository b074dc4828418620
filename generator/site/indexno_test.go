package site

import (
	"slices"
	"strings"
	"testing"
)

func TestNextIndexNo(t *testing.T) {
	for _, c := range []struct {
		name   string
		prefix string
		year   int
		used   []string
		want   string
	}{
		{"the first", "440203-XH", 2022, nil, "440203-XH/2022-00001"},
		{"after the highest", "440203-XH", 2022, []string{"440203-XH/2022-00031", "440203-XH/2022-00007"}, "440203-XH/2022-00032"},
		{"gaps stay free", "440203-XH", 2022, []string{"440203-XH/2022-00003"}, "440203-XH/2022-00004"},
		{"another year", "440203-XH", 2023, []string{"440203-XH/2022-00031"}, "440203-XH/2023-00001"},
		{"another unit", "440203-XH", 2022, []string{"440203-XHJ/2022-00031", "440203-X/2022-00044"}, "440203-XH/2022-00001"},
		{"full-width and blanks", "440203-XH", 2022, []string{"４４０２０３－ＸＨ／２０２２－０００３１ "}, "440203-XH/2022-00032"},
		{"small letters", "440203-XH", 2022, []string{"440203-xh/2022-00009"}, "440203-XH/2022-00010"},
		{"more than five digits", "440203-XH", 2022, []string{"440203-XH/2022-99999"}, "440203-XH/2022-100000"},
		{"fewer digits", "440203-XH", 2022, []string{"440203-XH/2022-31"}, "440203-XH/2022-00032"},
		{"no serial", "440203-XH", 2022, []string{"440203-XH/2022-", "440203-XH/2022-0003A", "440203-XH/2022--5", "乱写"}, "440203-XH/2022-00001"},
		{"a serial beyond all measure is none", "440203-XH", 2022, []string{"440203-XH/2022-13800138000", "440203-XH/2022-100000000"}, "440203-XH/2022-00001"},
		{"the last", "440203-XH", 2022, []string{"440203-XH/2022-99999999"}, ""},
		{"prefix ends in its separator", "440203-XH/", 2022, nil, "440203-XH/2022-00001"},
		{"no prefix", " ", 2022, nil, ""},
		{"no year", "440203-XH", 0, nil, ""},
	} {
		if got := NextIndexNo(c.prefix, c.year, slices.Values(c.used)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// FuzzNextIndexNo holds that the number is not in use, in whichever width and case.
func FuzzNextIndexNo(f *testing.F) {
	f.Add("440203-XH", 2022, "440203-XH/2022-00031\n440203-xh／2022-00033")
	f.Add("Ａ", 1, "A/1-2")
	f.Fuzz(func(t *testing.T, prefix string, year int, lines string) {
		used := strings.Split(lines, "\n")
		got := NextIndexNo(prefix, year, slices.Values(used))
		if got == "" {
			return
		}
		if again := NextIndexNo(prefix, year, slices.Values(append(used, got))); again == got {
			t.Fatalf("%q twice", got)
		}
		for _, u := range used {
			if FoldIndexNo(u) == FoldIndexNo(got) {
				t.Fatalf("%q is in use as %q", got, u)
			}
		}
	})
}
