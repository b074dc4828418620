// Package web asks other sites whether the addresses that pages link to are still there.
//
// A link check that cries wolf is switched off, so there are three states: an address is Broken only where that is certain (404, 410,
// a host that does not exist or refuses connections, both asked twice), OK where it answers, and Unknown in all other cases, each with
// its reason. The other sites' patience is respected: few requests at a time and a pause between them for each host, Retry-After,
// an honest name, no body that is not needed. Addresses that are not public are never asked, so that a check in CI cannot be used to
// look into the network it runs in. Proxies of the environment are not used, because that could not be told through them.
//
// Results that are OK may be kept in a Cache; failures never are.
package web

import (
	"context"
	"crypto/x509"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"
)

// Options say how to ask. The zero value is ready to use: each zero stands for the default that is given with its field.
type Options struct {
	UserAgent string        // "gongkai-links/1 (link check)"; an address for complaints belongs into it
	Requests  int           // at a time: 32
	PerHost   int           // at a time for one host: 2
	Pace      time.Duration // between the starts of two requests to one host: 100 ms; negative for none
	Attempts  int           // for what may pass (timeouts, 429, 5xx): 3; at least 2
	Connect   time.Duration // most time for a connection, and again for TLS: 10 s
	Header    time.Duration // most time until the answer starts: 15 s, as the inspection of sites has it
	Total     time.Duration // most time for one request: 20 s
	MostWait  time.Duration // most time that Retry-After is obeyed for: 60 s; a host that asks for more is Unknown
	Within    time.Duration // for all addresses together; what is not checked by then is Unknown: no limit

	Allow  []Rule // addresses that are known to be there, though they do not let themselves be checked: OK
	Ignore []Rule // addresses that are not to be checked: Unknown

	Cache *Cache        // nil for none; Check adds to it, saving is up to the caller
	Keep  time.Duration // how long it keeps what is OK: 7 days

	Private bool           // ask addresses of private networks as well
	Roots   *x509.CertPool // the system's
	Lookup  func(ctx context.Context, host string) ([]netip.Addr, error)
	Dial    func(ctx context.Context, to netip.AddrPort) (net.Conn, error)
	Now     func() time.Time
	Sleep   func(ctx context.Context, d time.Duration) error
	Jitter  func() float64 // at least 0, below 1; called by several goroutines
}

// State is what is known about an address.
type State uint8

// The three states.
const (
	OK State = iota
	Broken
	Unknown
)

// String returns the state's name in reports for machines.
func (s State) String() string { return [...]string{"ok", "broken", "unknown"}[s] }

// Result is what was found about one address.
type Result struct {
	URL    string // as it was given
	State  State
	Reason Reason
	Status int      // of the last answer; 0 where there was none
	Detail string   // what the machine said, or the reason of the rule that applied
	Final  string   // where redirects led; empty where there was none
	Advice []Advice // what an editor may want to change, though the address is not broken
	Cached bool
}

// Advice is something to look at.
type Advice struct {
	Kind AdviceKind `json:"kind"`
	URL  string     `json:"url"` // the address it is about
}

// AdviceKind is what there is to look at.
type AdviceKind uint8

// An address may have
const (
	Moved    AdviceKind = iota // moved for good, by 301 or 308: link to the new address
	Foreign                    // led to a host of another owner: perhaps the domain has been taken over
	HomePage                   // led from a document to a home page or an error page: perhaps the document is gone
)

// String returns the advice's name in reports for machines.
func (k AdviceKind) String() string { return [...]string{"moved", "foreign", "home-page"}[k] }

// Check asks for each address once and returns the results in the order of the addresses. When the context ends before, the rest is
// Unknown, as not checked.
func Check(ctx context.Context, addresses []string, opt Options) []Result {
	opt.setDefaults()
	if opt.Within > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opt.Within)
		defer cancel()
	}
	c := &checker{Options: opt, requests: make(chan struct{}, opt.Requests), gates: map[string]*gate{}}
	c.transport = c.newTransport()
	defer c.transport.CloseIdleConnections()

	results := make([]Result, len(addresses))
	first := map[string]int{}          // address without fragment -> the first one of it
	queues := map[string][]*question{} // by host
	var hosts []string                 // in the order of the addresses
	for i, address := range addresses {
		results[i] = Result{URL: address, State: Unknown, Reason: NotChecked}
		u, err := parse(address)
		if err != nil {
			results[i].Reason, results[i].Detail = Malformed, err.Error()
			continue
		}
		key := u.String()
		if _, ok := first[key]; ok {
			continue
		}
		first[key] = i
		if c.known(key, &results[i]) {
			continue
		}
		host := u.Hostname()
		if queues[host] == nil {
			hosts = append(hosts, host)
		}
		queues[host] = append(queues[host], &question{u, &results[i]})
	}
	var wg sync.WaitGroup
	for _, host := range hosts {
		queue := make(chan *question, len(queues[host]))
		for _, q := range queues[host] {
			queue <- q
		}
		close(queue)
		for range min(opt.PerHost, len(queues[host])) {
			wg.Go(func() {
				for q := range queue {
					if ctx.Err() != nil {
						return
					}
					c.answer(ctx, q)
				}
			})
		}
	}
	wg.Wait()
	c.doubtOwnNetwork(ctx, results)
	c.keep(results)
	for i, address := range addresses {
		if u, err := parse(address); err == nil {
			if of := first[u.String()]; of != i {
				results[i] = results[of]
				results[i].URL = address
			}
		}
	}
	return results
}

// checker is one call of Check.
type checker struct {
	Options
	transport *http.Transport
	requests  chan struct{} // one place for each request that may be under way

	mu    sync.Mutex
	gates map[string]*gate
}

type question struct {
	url    *url.URL
	result *Result
}

func (o *Options) setDefaults() {
	number := func(n *int, least, standard int) {
		if *n == 0 {
			*n = standard
		}
		*n = max(*n, least)
	}
	period := func(d *time.Duration, standard time.Duration) {
		if *d == 0 {
			*d = standard
		}
	}
	number(&o.Requests, 1, 32)
	number(&o.PerHost, 1, 2)
	number(&o.Attempts, 2, 3)
	period(&o.Pace, 100*time.Millisecond)
	period(&o.Connect, 10*time.Second)
	period(&o.Header, 15*time.Second)
	period(&o.Total, 20*time.Second)
	period(&o.MostWait, time.Minute)
	period(&o.Keep, 7*24*time.Hour)
	if o.UserAgent == "" {
		o.UserAgent = "gongkai-links/1 (link check)"
	}
	if o.Lookup == nil {
		o.Lookup = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	if o.Dial == nil {
		o.Dial = func(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", to.String())
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// known fills in the result of an address that needs no request.
func (c *checker) known(address string, r *Result) bool {
	if rule, ok := match(c.Ignore, address); ok {
		r.Reason, r.Detail = Ignored, rule.Reason
		return true
	}
	if rule, ok := match(c.Allow, address); ok {
		r.State, r.Reason, r.Detail = OK, Allowed, rule.Reason
		return true
	}
	return c.Cache.get(address, c.policy(), c.Now(), r)
}

// keep puts what is OK into the cache.
func (c *checker) keep(results []Result) {
	if c.Cache == nil {
		return
	}
	for i := range results {
		if r := &results[i]; r.State == OK && r.Reason == Answered && !r.Cached {
			if u, err := parse(r.URL); err == nil {
				c.Cache.put(u.String(), c.policy(), c.Now().Add(c.Keep), r)
			}
		}
	}
}

// policy names what a kept result depends on.
func (c *checker) policy() string { return fmt.Sprintf("%s; private %t", c.UserAgent, c.Private) }

// witness is a name that exists as long as there is anything to link to.
const witness = "www.gov.cn"

// doubtOwnNetwork takes back that hosts do not exist where nothing at all could be reached: a machine without a network hears the
// same from its resolver. Where few hosts are all there is to check, the resolver is asked for a name that certainly exists; no request is sent to it.
func (c *checker) doubtOwnNetwork(ctx context.Context, results []Result) {
	gone := map[string]bool{}
	for _, r := range results {
		switch r.Reason {
		case NoHost:
			if u, err := parse(r.URL); err == nil {
				gone[u.Hostname()] = true
			}
		case Allowed, Ignored, Malformed, NotPublic, NotChecked, NameServer, NoConnection:
		default:
			if !r.Cached {
				return
			}
		}
	}
	if len(gone) == 0 {
		return
	}
	if len(gone) < 3 {
		ctx, cancel := context.WithTimeout(ctx, c.Connect)
		defer cancel()
		if found, err := c.Lookup(ctx, witness); err == nil && len(found) > 0 {
			return
		}
	}
	for i := range results {
		if r := &results[i]; r.Reason == NoHost {
			r.State, r.Reason = Unknown, Offline
		}
	}
}
