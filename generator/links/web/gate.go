package web

import (
	"context"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// gate spaces the requests to one host.
type gate struct {
	places   chan struct{} // one for each request that may be under way
	headless atomic.Bool   // the host knows no HEAD, or answers it without saying anything

	mu       sync.Mutex
	next     time.Time              // before which no request starts
	dead     map[string]*reachError // scheme and port -> why they cannot be reached
	resolved []netip.Addr
	spoken   bool // the host has answered something
	silences int  // addresses since then that it left without an answer
}

// gate returns the gate of a host.
func (c *checker) gate(host string) *gate {
	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.gates[host]
	if g == nil {
		g = &gate{places: make(chan struct{}, c.PerHost), dead: map[string]*reachError{}}
		c.gates[host] = g
	}
	return g
}

// enter waits for the host's next turn, and for a place among all requests. Who has entered calls leave.
func (g *gate) enter(ctx context.Context, c *checker) error {
	select {
	case g.places <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	g.mu.Lock()
	now := c.Now()
	start := now
	if g.next.After(now) {
		start = g.next
	}
	g.next = start.Add(max(0, c.Pace))
	g.mu.Unlock()
	if wait := start.Sub(now); wait > 0 {
		if err := c.Sleep(ctx, wait); err != nil {
			<-g.places
			return err
		}
	}
	select {
	case c.requests <- struct{}{}:
		return nil
	case <-ctx.Done():
		<-g.places
		return ctx.Err()
	}
}

func (g *gate) leave(c *checker) {
	<-c.requests
	<-g.places
}

// hold lets no request start before a time.
func (g *gate) hold(until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until.After(g.next) {
		g.next = until
	}
}

// bury remembers that the host cannot be reached: none of its other addresses has to find out again.
func (g *gate) bury(origin string, why *reachError) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.dead[origin] = why
}

func (g *gate) buried(origin string) *reachError {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.dead[origin]
}

// speaks remembers that the host has answered.
func (g *gate) speaks() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.spoken, g.silences = true, 0
}

// silent remembers that an address was left without an answer, and reports whether to expect the same of the host's others: one is enough where it
// has never answered, three in a row where it has.
func (g *gate) silent() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.silences++
	return !g.spoken || g.silences >= 3
}

// addresses resolves the host's name, once.
func (g *gate) addresses(ctx context.Context, c *checker, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	g.mu.Lock()
	resolved := g.resolved
	g.mu.Unlock()
	if resolved != nil {
		return resolved, nil
	}
	resolved, err := c.Lookup(ctx, host)
	if err != nil {
		return nil, &reachError{lookupReason(err), err}
	}
	if len(resolved) == 0 {
		return nil, &reachError{NameServer, errNoAddress}
	}
	g.mu.Lock()
	g.resolved = resolved
	g.mu.Unlock()
	return resolved, nil
}
