package privacy

import (
	"bufio"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"gongkai/generator/calendar"
)

var today = calendar.NewDate(2026, 11, 23)

type example struct {
	line  int
	kinds string
	text  string
}

// examples reads testdata/cases.txt.
func examples(t testing.TB) []example {
	t.Helper()
	file, err := os.Open("testdata/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []example
	in := bufio.NewScanner(file)
	unescape := strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t",
		`\u00ad`, "\u00ad", `\u200b`, "\u200b", `\u200d`, "\u200d", `\u200e`, "\u200e", `\u2060`, "\u2060", `\ufe0f`, "\ufe0f", `\ufeff`, "\ufeff")
	for line := 1; in.Scan(); line++ {
		if kinds, text, ok := strings.Cut(in.Text(), "\t"); ok && !strings.HasPrefix(kinds, "#") {
			all = append(all, example{line, kinds, unescape.Replace(text)})
		}
	}
	if err := in.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func kindsOf(found []Match) string {
	if len(found) == 0 {
		return "-"
	}
	var names []string
	for _, m := range found {
		names = append(names, m.Kind.String())
	}
	return strings.Join(names, ",")
}

func TestFindCases(t *testing.T) {
	s := NewScanner(today)
	negative, positive := 0, 0
	for _, e := range examples(t) {
		if e.kinds == "-" {
			negative++
		} else {
			positive++
		}
		found := s.Find(nil, e.text)
		if got := kindsOf(found); got != e.kinds {
			t.Errorf("cases.txt:%d: %q\n got %s\nwant %s", e.line, e.text, got, e.kinds)
		}
		check(t, s, e.text, found)
	}
	if negative < 250 || positive < 250 {
		t.Errorf("%d cases without and %d with personal data, want 250 of each", negative, positive)
	}
}

// check tests what holds of every answer.
func check(t *testing.T, s *Scanner, text string, found []Match) {
	t.Helper()
	end := 0
	for _, m := range found {
		if m.Start < end || m.End <= m.Start || m.End > len(text) {
			t.Fatalf("%q: match %+v is out of order or bounds", text, m)
		}
		end = m.End
		if !utf8.RuneStart(text[m.Start]) && utf8.ValidString(text) || m.End < len(text) && !utf8.RuneStart(text[m.End]) && utf8.ValidString(text) {
			t.Errorf("%q: match %+v cuts a character", text, m)
		}
		value := text[m.Start:m.End]
		if strings.Contains(m.Masked, value) || strings.Contains(m.Suggest, value) {
			t.Errorf("%q: %+v shows the value", text, m)
		}
	}
	masked := apply(text, found)
	for _, m := range s.Find(nil, masked) {
		if !m.Kind.Advice() {
			t.Errorf("%q: after the suggested masks %q still has %s %q", text, masked, m.Kind, masked[m.Start:m.End])
		}
	}
}

// apply writes the suggested masks.
func apply(text string, found []Match) string {
	var b strings.Builder
	end := 0
	for _, m := range found {
		b.WriteString(text[end:m.Start])
		b.WriteString(m.Suggest)
		end = m.End
	}
	b.WriteString(text[end:])
	return b.String()
}

func TestBirthday(t *testing.T) {
	// The number was made up for a child born on the day that bounds the scan.
	const number = "440203202611230014"
	text := "儿童 " + number
	for _, tt := range []struct {
		today calendar.Date
		want  int
	}{{calendar.NewDate(2026, 11, 22), 0}, {calendar.NewDate(2026, 11, 23), 1}, {calendar.Date{}, 1}} {
		if got := len(NewScanner(tt.today).Find(nil, text)); got != tt.want {
			t.Errorf("on %s: %d matches, want %d", tt.today, got, tt.want)
		}
	}
}

func TestKindNames(t *testing.T) {
	for k := range kinds {
		if got, ok := ParseKind(k.String()); !ok || got != k || k.Chinese() == "" {
			t.Errorf("%s does not come back", k)
		}
	}
}

// Every number of a person that has a check digit loses it with one wrong digit; without a label it is then no match.
func TestCheckDigit(t *testing.T) {
	id := []byte("11010519491231002X")
	if !hasCheckDigit(id) {
		t.Fatal("the standard's own example is refused")
	}
	for i := range 17 {
		wrong := append([]byte(nil), id...)
		wrong[i] = '0' + (wrong[i]-'0'+1)%10
		if hasCheckDigit(wrong) {
			t.Errorf("%s passes", wrong)
		}
	}
}

// Find appends: what was in dst stays.
func TestFindAppends(t *testing.T) {
	s := NewScanner(today)
	first := s.Find(nil, "13800000001")
	both := s.Find(first, "建设路12号，张三，住建设路12号3栋502室")
	if len(both) != 2 || both[0] != first[0] || both[1].Kind != HomeAddress {
		t.Errorf("got %+v", both)
	}
}
