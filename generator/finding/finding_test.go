package finding

import (
	"slices"
	"strings"
	"testing"
)

func TestTakesOnlyTheArgumentsOfItsLanguage(t *testing.T) {
	for _, c := range []struct{ got, want Text }{
		{T("第 %d 行", "line %d", 3), Text{"第 3 行", "line 3"}},
		{T("缺少“%s”", "%[2]q is missing", "标题", "title"), Text{"缺少“标题”", `"title" is missing`}},
		{T("读不懂", "cannot be read: %s", "why"), Text{"读不懂", "cannot be read: why"}},
		{T("增长 5%", "up 5%"), Text{"增长 5%", "up 5%"}},
		{T("占 %d%%", "%d%% of it", 5), Text{"占 5%", "5% of it"}},
	} {
		if c.got != c.want {
			t.Errorf("T = %q, want %q", c.got, c.want)
		}
	}
}

func TestSortIsByPlaceAndRule(t *testing.T) {
	at := func(path string, line, column int, rule *Rule) Finding {
		return New(rule, Position{path, line, column}, T("甲", "a"), Text{})
	}
	fs := []Finding{
		at("b", 1, 1, Encoding), at("a", 10, 1, Encoding), at("a", 2, 9, Encoding), at("a", 2, 9, BadDate), at("a", 2, 1, Encoding), at("a", 0, 0, Encoding),
	}
	Sort(fs)
	var got []string
	for _, f := range fs {
		got = append(got, f.Position.String()+" "+f.Rule.ID)
	}
	want := []string{"a GK101", "a:2:1 GK101", "a:2:9 GK101", "a:2:9 GK120", "a:10:1 GK101", "b:1:1 GK101"}
	if !slices.Equal(got, want) {
		t.Errorf("sorted: %q", got)
	}
}

func TestRulesAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.ID] || len(r.ID) != 5 || !strings.HasPrefix(r.ID, "GK") {
			t.Errorf("identifier %s is wrong or stands twice", r.ID)
		}
		seen[r.ID] = true
		for _, s := range []string{r.Title.ZH, r.Title.EN, r.Explain.ZH, r.Explain.EN} {
			if s == "" {
				t.Errorf("%s lacks a text", r.ID)
			}
		}
	}
	if !slices.IsSortedFunc(Rules(), func(a, b *Rule) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("rules are not sorted by identifier")
	}
}

func TestParseSeverity(t *testing.T) {
	for _, s := range []Severity{Info, Warning, Error} {
		if got, ok := ParseSeverity(s.String()); !ok || got != s {
			t.Errorf("ParseSeverity(%s) = %v, %v", s, got, ok)
		}
	}
	if _, ok := ParseSeverity("fatal"); ok {
		t.Error("an unknown severity is understood")
	}
}
