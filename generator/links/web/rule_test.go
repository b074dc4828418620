package web

import "testing"

func TestRules(t *testing.T) {
	for _, c := range []struct {
		pattern, address string
		want             bool
	}{
		{"example.gov.cn", "https://example.gov.cn/a", true},
		{"example.gov.cn", "https://www.example.gov.cn:8443/", true},
		{"example.gov.cn", "https://notexample.gov.cn/", false},
		{".Example.gov.cn", "https://www.example.gov.cn/", true},
		{"西河.example", "https://xn--ovw572d.example/", true},
		{"https://a.example/old/", "https://a.example/old/x?y", true},
		{"https://a.example/old/", "http://a.example/old/x", false},
		{"https://*.example/*?id=*", "https://a.example/x/y?id=1", true},
		{"https://*.example/*?id=*", "https://a.example/x/y?no=1", false},
		{"https://a.example/*.pdf", "https://a.example/x.pdf", true},
		{"https://a.example/*.pdf", "https://a.example/x.pdf.html", false},
		{"mirror*.example", "https://mirror1.example/", true},
		{"mirror*.example", "https://www.mirror1.example/", false},
	} {
		_, ok := match(rules(t, c.pattern), c.address)
		if ok != c.want {
			t.Errorf("%s for %s: %v", c.pattern, c.address, ok)
		}
	}
	for _, pattern := range []string{"", " a.example", "a.example/x"} {
		if _, err := NewRule(pattern, "why"); err == nil {
			t.Errorf("%q is taken for a pattern", pattern)
		}
	}
	if _, err := NewRule("a.example", " "); err == nil {
		t.Error("a rule needs no reason")
	}
}

func FuzzRule(f *testing.F) {
	f.Add("https://*.example/*?id=*", "https://a.example/x?id=1")
	f.Fuzz(func(t *testing.T, pattern, address string) {
		if r, err := NewRule(pattern, "why"); err == nil {
			match([]Rule{r}, address)
		}
	})
}
