package site

import (
	"net/url"
	"path"
	"strings"
)

// ParseBase reads a portal's address and gives it a final slash. ok is false where it is no absolute http or https address.
func ParseBase(text string) (base *url.URL, ok bool) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.RawQuery != "" || u.Fragment != "" {
		return nil, false
	}
	p := path.Clean("/" + u.Path)
	if p != "/" {
		p += "/"
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: p}, true
}
