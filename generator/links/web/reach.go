package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// parse reads an address as it is requested: without fragment, the host in ASCII.
func parse(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	return u, normalize(u)
}

func normalize(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return fmt.Errorf("%s is no address of http or https", u.Redacted())
	}
	u.Fragment, u.RawFragment, u.User = "", "", nil
	host, err := asciiHost(u.Hostname())
	if err != nil {
		return fmt.Errorf("host of %s: %w", u.Redacted(), err)
	}
	port := u.Port()
	if port == "80" && u.Scheme == "http" || port == "443" && u.Scheme == "https" {
		port = ""
	}
	u.Host = host
	if strings.Contains(host, ":") {
		u.Host = "[" + host + "]"
	}
	if port != "" {
		u.Host += ":" + port
	}
	if u.Path == "" {
		u.Path = "/"
	}
	u.RawQuery = escapeQuery(u.RawQuery)
	return nil
}

// escapeQuery encodes what stands in a query as it is, but may not be sent so: space and characters beyond ASCII.
func escapeQuery(query string) string {
	var b strings.Builder
	for i := range len(query) {
		if c := query[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`"<>`, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func asciiHost(host string) (string, error) {
	if _, err := netip.ParseAddr(host); err == nil {
		return host, nil
	}
	for i := range len(host) {
		if host[i] >= 0x80 {
			return idna.Lookup.ToASCII(host)
		}
	}
	return strings.ToLower(host), nil // names with _ exist, though Lookup has none of them
}

// newTransport speaks HTTP/1.1 only, reads what it is told to and no more, and neither decompresses nor keeps cookies.
func (c *checker) newTransport() *http.Transport {
	t := &http.Transport{
		DialContext:            func(ctx context.Context, _, to string) (net.Conn, error) { return c.connect(ctx, to) },
		DialTLSContext:         func(ctx context.Context, _, to string) (net.Conn, error) { return c.connectTLS(ctx, to) },
		DisableCompression:     true,
		MaxIdleConnsPerHost:    c.PerHost,
		IdleConnTimeout:        c.Total,
		ResponseHeaderTimeout:  c.Header,
		MaxResponseHeaderBytes: 64 << 10,
		Protocols:              new(http.Protocols),
	}
	t.Protocols.SetHTTP1(true)
	return t
}

// connect connects to one of a host's public addresses. The addresses are resolved here and nowhere else, so that what was looked at
// is what is connected to.
func (c *checker) connect(ctx context.Context, to string) (net.Conn, error) {
	host, service, err := net.SplitHostPort(to)
	if err != nil {
		return nil, err
	}
	port, err := strconv.ParseUint(service, 10, 16)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.Connect)
	defer cancel()
	addresses, err := c.gate(host).addresses(ctx, c, host)
	if err != nil {
		return nil, err
	}
	var last error
	tried := false
	for _, a := range addresses {
		a = a.Unmap()
		if !c.Private && !isPublic(a) {
			continue
		}
		tried = true
		conn, err := c.Dial(ctx, netip.AddrPortFrom(a, uint16(port)))
		if err == nil {
			return conn, nil
		}
		// an address that did not answer leaves it open whether the host is there, one that refused does not
		if last == nil || dialReason(err) != Refused {
			last = err
		}
	}
	if !tried {
		return nil, &reachError{NotPublic, fmt.Errorf("%s has the addresses %v", host, addresses)}
	}
	return nil, &reachError{dialReason(last), last}
}

func (c *checker) connectTLS(ctx context.Context, to string) (net.Conn, error) {
	plain, err := c.connect(ctx, to)
	if err != nil {
		return nil, err
	}
	host, _, err := net.SplitHostPort(to)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.Connect)
	defer cancel()
	conn := tls.Client(plain, &tls.Config{ServerName: host, RootCAs: c.Roots, NextProtos: []string{"http/1.1"}, Time: c.Now})
	if err := conn.HandshakeContext(ctx); err != nil {
		plain.Close()
		return nil, &reachError{handshakeReason(err), err}
	}
	return conn, nil
}

// reserved are the ranges that no public host has, besides those that netip tells itself: RFC 6890 and what embeds other addresses.
var reserved = func() (ranges []netip.Prefix) {
	for _, r := range []string{"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "240.0.0.0/4", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10"} {
		ranges = append(ranges, netip.MustParsePrefix(r))
	}
	return ranges
}()

// isPublic reports whether an address can be another site's.
func isPublic(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Zone() != "" {
		return false
	}
	for _, r := range reserved {
		if r.Contains(a) {
			return false
		}
	}
	return true
}

var errNoAddress = errors.New("the name has no address")
