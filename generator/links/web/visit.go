package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"
)

const (
	mostRedirects = 10
	mostBody      = 16 << 10 // bytes that are asked for, and read: enough to tell a challenge
	mostSilences  = 2        // requests for one address that are left without an answer, before it is given up
)

// answer finds out about one address and fills in its result, unless the context ends first.
func (c *checker) answer(ctx context.Context, q *question) {
	silences := 0
	for attempt, last := 1, Answered; ; attempt++ {
		v := c.visit(ctx, q.url, attempt == 1)
		if ctx.Err() != nil {
			return
		}
		silences += v.silences
		// what makes an address broken, if it could have been an accident, is asked twice
		confirmed := v.reason == last || v.buried
		if !v.reason.passes() || v.reason.certain() && confirmed || attempt == c.Attempts || v.wait > c.MostWait || v.buried || silences >= mostSilences {
			v.fill(q, confirmed)
			if v.reason == AnswerTimeout && !v.buried && v.gate.silent() {
				v.gate.bury(origin(v.at), &reachError{AnswerTimeout, errors.New(v.detail)})
			}
			if v.reach != nil && !v.buried && (confirmed || !v.reason.certain()) {
				v.gate.bury(origin(v.at), v.reach)
			}
			return
		}
		last = v.reason
		if c.Sleep(ctx, max(v.wait, c.backoff(attempt))) != nil {
			return
		}
	}
}

// backoff is how long to wait after an attempt: half of 1, 2, 4 … s for certain, the other half by chance.
func (c *checker) backoff(attempt int) time.Duration {
	most := min(time.Second<<(attempt-1), 30*time.Second)
	return most/2 + time.Duration(c.Jitter()*float64(most/2))
}

// visited is how one way from an address through its redirects ended.
type visited struct {
	at     *url.URL // the last address
	moved  *url.URL // the last address that only permanent redirects led to
	reason Reason
	status int
	detail string
	wait   time.Duration // that the host asks for
	gate   *gate         // of the last host
	reach  *reachError   // why it cannot be reached
	buried bool          // another address has found that out

	silences int // requests that were left without an answer
}

// visit follows an address, first with HEAD, if that is wanted and the host knows it, and where that answers anything but yes, with
// GET: many servers answer HEAD wrongly.
func (c *checker) visit(ctx context.Context, start *url.URL, head bool) visited {
	v := visited{at: start, moved: start}
	seen := map[string]bool{}
	permanent := true
	for hops := 0; ; hops++ {
		seen[v.at.String()] = true
		var a reply
		asked := head && !c.gate(v.at.Hostname()).headless.Load()
		if asked {
			a = c.ask(ctx, http.MethodHead, v.at, &v)
		}
		if !asked || !a.settled() && v.reach == nil && !v.buried {
			if asked && (a.status == http.StatusMethodNotAllowed || a.status == http.StatusNotImplemented || a.reason == Answered) {
				v.gate.headless.Store(true) // a host whose HEAD tells nothing is asked by GET at once
			}
			a = c.ask(ctx, http.MethodGet, v.at, &v)
		}
		v.reason, v.status, v.detail, v.wait = a.reason, a.status, a.detail, a.wait
		if !a.redirects() {
			return v
		}
		next, err := v.at.Parse(a.location)
		if err == nil {
			err = normalize(next)
		}
		switch {
		case err != nil:
			v.reason, v.detail = BadRedirect, err.Error()
			return v
		case seen[next.String()]:
			v.reason = RedirectLoop
			return v
		case hops == mostRedirects:
			v.reason = TooManyRedirects
			return v
		}
		v.at = next
		permanent = permanent && (a.status == http.StatusMovedPermanently || a.status == http.StatusPermanentRedirect)
		if permanent {
			v.moved = next
		}
	}
}

// fill writes the result.
func (v *visited) fill(q *question, confirmed bool) {
	r := q.result
	r.Reason, r.Status, r.Detail = v.reason, v.status, v.detail
	switch {
	case v.reason == Answered:
		r.State = OK
	case v.reason.certain() && (confirmed || !v.reason.passes()):
		r.State = Broken
	default:
		r.State = Unknown
	}
	if v.at.String() == q.url.String() {
		return
	}
	r.Final = v.at.String()
	if r.State != OK {
		return
	}
	home := owner(q.url.Hostname())
	switch {
	case owner(v.at.Hostname()) != home:
		r.Advice = append(r.Advice, Advice{Foreign, r.Final}) // and nobody is told to link there
	case v.moved != q.url:
		r.Advice = append(r.Advice, Advice{Moved, v.moved.String()})
	}
	if !isHome(q.url) && isHome(v.at) {
		r.Advice = append(r.Advice, Advice{HomePage, r.Final})
	}
}

// owner returns the part of a host's name that somebody has registered.
func owner(host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	if registered, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return registered
	}
	return host
}

// isHome reports whether an address is that of a home page or of an error page.
func isHome(u *url.URL) bool {
	if u.RawQuery != "" {
		return false
	}
	name := strings.ToLower(path.Base(u.Path))
	name = strings.TrimSuffix(name, path.Ext(name))
	switch name {
	case "404", "error", "notfound", "not-found":
		return true
	}
	return u.Path == "/" || path.Dir(u.Path) == "/" && (name == "index" || name == "default" || name == "home")
}

// reply is what came of one request.
type reply struct {
	reason   Reason
	status   int
	location string
	detail   string
	wait     time.Duration
	document bool // the answer describes a document
}

// settled reports whether HEAD has told enough: yes, go there, or not now. A yes counts where it describes a document: there are hosts and
// firewalls that say 200 to every HEAD, and show their 404 or their test for a browser to GET only.
func (a *reply) settled() bool {
	return a.redirects() || a.reason == Answered && a.document || a.reason == TooMany || a.wait > 0
}

// describes reports whether the fields of an answer are those of a document that the host has: when it was changed, which version it is, or how long
// a file that is no page is.
func describes(res *http.Response) bool {
	if res.StatusCode != http.StatusOK {
		return false
	}
	kind := res.Header.Get("Content-Type")
	return res.Header.Get("Last-Modified") != "" || res.Header.Get("ETag") != "" || res.ContentLength > 0 && kind != "" && !strings.Contains(kind, "html")
}

func (a *reply) redirects() bool {
	switch a.status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return a.location != ""
	}
	return false
}

// ask sends one request when it is the host's turn.
func (c *checker) ask(ctx context.Context, method string, to *url.URL, v *visited) reply {
	v.gate = c.gate(to.Hostname())
	if why := v.gate.buried(origin(to)); why != nil {
		v.buried = true
		return reply{reason: why.reason, detail: why.err.Error()}
	}
	if err := v.gate.enter(ctx, c); err != nil {
		return reply{reason: NotChecked, detail: err.Error()}
	}
	defer v.gate.leave(c)
	ctx, cancel := context.WithTimeout(ctx, c.Total)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, to.String(), nil)
	if err != nil {
		return reply{reason: Malformed, detail: err.Error()}
	}
	req.Header.Set("User-Agent", c.UserAgent)
	req.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	req.Header.Set("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.5")
	if method == http.MethodGet {
		req.Header.Set("Range", fmt.Sprintf("bytes=0-%d", mostBody-1))
	}
	res, err := c.transport.RoundTrip(req)
	if err != nil {
		a := reply{reason: exchangeReason(err), detail: err.Error()}
		v.reach = nil
		errors.As(err, &v.reach)
		if a.reason == AnswerTimeout {
			v.silences++
		}
		return a
	}
	defer res.Body.Close()
	v.reach = nil
	v.gate.speaks()
	var body []byte
	if method == http.MethodGet {
		body, _ = io.ReadAll(io.LimitReader(res.Body, mostBody)) // what came before an error tells all the same
	}
	a := reply{status: res.StatusCode, location: res.Header.Get("Location"), detail: res.Status, document: describes(res)}
	a.reason = judge(res.StatusCode, res.Header, body)
	if a.reason == TooMany || a.reason == ServerError {
		a.wait = retryAfter(res.Header.Get("Retry-After"), c.Now())
		if a.wait <= c.MostWait {
			v.gate.hold(c.Now().Add(a.wait))
		}
	}
	return a
}

func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }
