package web

import (
	"fmt"
	"net/url"
	"strings"
)

// Rule names addresses.
type Rule struct {
	Pattern string
	Reason  string // why it was made; it is shown with the result
	matches func(address string, u *url.URL) bool
}

// NewRule reads a pattern, of which there are three kinds: the end of a host's name ("example.gov.cn", which has www.example.gov.cn
// as well), the start of an address ("https://www.example.gov.cn/old/"), and either of them with wildcards, * for any characters
// ("https://*.gov.cn/*?id=*", "mirror*.example.org").
func NewRule(pattern, reason string) (Rule, error) {
	if strings.TrimSpace(pattern) != pattern || pattern == "" {
		return Rule{}, fmt.Errorf("pattern %q is empty or has space around it", pattern)
	}
	if strings.TrimSpace(reason) == "" {
		return Rule{}, fmt.Errorf("pattern %q has no reason", pattern)
	}
	r := Rule{Pattern: pattern, Reason: reason}
	_, _, whole := strings.Cut(pattern, "://")
	switch {
	case whole && strings.Contains(pattern, "*"):
		r.matches = func(address string, _ *url.URL) bool { return glob(pattern, address) }
	case whole:
		r.matches = func(address string, _ *url.URL) bool { return strings.HasPrefix(address, pattern) }
	case strings.Contains(pattern, "/"):
		return Rule{}, fmt.Errorf("pattern %q: an address starts with http:// or https://", pattern)
	case strings.Contains(pattern, "*"):
		r.matches = func(_ string, u *url.URL) bool { return glob(strings.ToLower(pattern), u.Hostname()) }
	default:
		host, err := asciiHost(strings.TrimPrefix(pattern, "."))
		if err != nil {
			return Rule{}, fmt.Errorf("pattern %q: %w", pattern, err)
		}
		r.matches = func(_ string, u *url.URL) bool {
			name := u.Hostname()
			return name == host || strings.HasSuffix(name, "."+host)
		}
	}
	return r, nil
}

func match(rules []Rule, address string) (Rule, bool) {
	if len(rules) == 0 {
		return Rule{}, false
	}
	u, err := url.Parse(address)
	if err != nil {
		return Rule{}, false
	}
	for _, r := range rules {
		if r.matches != nil && r.matches(address, u) {
			return r, true
		}
	}
	return Rule{}, false
}

// glob matches a pattern in which * stands for any characters, / as well.
func glob(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if !strings.HasPrefix(text, parts[0]) {
		return false
	}
	text = text[len(parts[0]):]
	last := len(parts) - 1
	if last == 0 {
		return text == ""
	}
	for _, part := range parts[1:last] {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return strings.HasSuffix(text, parts[last])
}
