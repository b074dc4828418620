package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// world is the other hosts, all on one server of this machine.
type world struct {
	Options
	mu    sync.Mutex
	slept []time.Duration
	asked []string // method, host and address, in turn
}

// newWorld answers for every host by a handler. Names have the public address 192.0.32.1, but for those given.
func newWorld(t testing.TB, handler http.HandlerFunc, names map[string]string) *world {
	t.Helper()
	w := &world{}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.asked = append(w.asked, r.Method+" "+r.Host+r.RequestURI)
		w.mu.Unlock()
		handler(rw, r)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(server.Close)
	w.Options = Options{
		Pace: -1, Connect: 2 * time.Second, Header: 5 * time.Second, Total: 5 * time.Second,
		Jitter: func() float64 { return 0 },
		Sleep: func(ctx context.Context, d time.Duration) error {
			w.mu.Lock()
			w.slept = append(w.slept, d)
			w.mu.Unlock()
			return ctx.Err()
		},
		Lookup: func(_ context.Context, host string) ([]netip.Addr, error) {
			address, ok := names[host]
			if !ok {
				address = "192.0.32.1"
			}
			switch address {
			case "nxdomain":
				return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
			case "servfail":
				return nil, &net.DNSError{Err: "server misbehaving", Name: host, IsTemporary: true}
			}
			return []netip.Addr{netip.MustParseAddr(address)}, nil
		},
		Dial: func(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
			if to.Addr().String() != "192.0.32.1" {
				return nil, fmt.Errorf("a connection to %v", to)
			}
			return new(net.Dialer).DialContext(ctx, "tcp", server.Listener.Addr().String())
		},
	}
	return w
}

func (w *world) one(t *testing.T, address string) Result {
	t.Helper()
	return Check(t.Context(), []string{address}, w.Options)[0]
}

func TestAnswers(t *testing.T) {
	tries := sync.Map{}
	bomb := gzipped(make([]byte, 64<<20))
	status := func(code int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code); io.WriteString(w, body) }
	}
	// of a host, all answers to HEAD are 405
	handlers := map[string]http.HandlerFunc{
		"/ok": status(200, "x"), "/404": status(404, ""), "/410": status(410, ""), "/401": status(401, ""), "/403": status(403, ""),
		"/500": status(500, ""), "/503": status(503, ""), "/400": status(400, ""), "/451": status(451, ""), "/416": status(416, ""),
		"/412": status(412, ""), "/412-ruishu": status(412, `<script>$_ts=window['$_ts'];</script>`), "/202": status(202, ""),
		"/202-ruishu": status(202, "<html><SCRIPT>x()</SCRIPT>"), "/521": status(521, "<script>document.cookie='x'</script>"),
		"/cloudflare": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cf-Mitigated", "challenge")
			w.WriteHeader(403)
		},
		"/meta-challenge": status(200, `<meta http-equiv="refresh" content="0; url=/?challenge=1">`),
		"/acw":            status(200, `<script>var arg1='';function acw_sc__v2(){}</script>`),
		"/lying-head": func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodHead {
				w.WriteHeader(404)
			}
		},
		"/lying-yes": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			if r.Method != http.MethodHead {
				w.WriteHeader(404)
			}
		},
		"/hidden-challenge": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			if r.Method != http.MethodHead {
				io.WriteString(w, `<script>var arg1='';function acw_sc__v2(){}</script>`)
			}
		},
		"/file.pdf": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/pdf")
			w.Header().Set("Content-Length", "100")
			if r.Method != http.MethodHead {
				w.WriteHeader(500)
			}
		},
		"/no-head": func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodHead {
				w.WriteHeader(501)
				return
			}
			if r.Header.Get("Range") != "bytes=0-16383" {
				w.WriteHeader(400)
			}
		},
		"/cookies": func(w http.ResponseWriter, r *http.Request) {
			if _, err := r.Cookie("seen"); err == nil {
				w.WriteHeader(400)
				return
			}
			http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
			if _, again := tries.LoadOrStore("cookies"+r.Method, true); !again {
				w.WriteHeader(503)
			}
		},
		"/polite": func(w http.ResponseWriter, r *http.Request) {
			if _, again := tries.LoadOrStore("polite", true); !again {
				w.Header().Set("Retry-After", "7")
				w.WriteHeader(429)
			}
		},
		"/patience": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(429)
		},
		"/slow-header": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"/hanging-body": func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodHead {
				w.WriteHeader(405)
				return
			}
			io.WriteString(w, "x")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
		"/endless": func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodHead {
				w.WriteHeader(405)
				return
			}
			for n := 0; ; n += 1 << 10 {
				if _, err := w.Write(make([]byte, 1<<10)); err != nil {
					return
				}
				if n > 1<<28 {
					panic("the whole body is read")
				}
			}
		},
		"/bomb": func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodHead {
				w.WriteHeader(405)
				return
			}
			if r.Header.Get("Accept-Encoding") != "" {
				w.WriteHeader(400)
				return
			}
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb)
		},
		"/reset": func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				conn.(*net.TCPConn).SetLinger(0)
				conn.Close()
			}
		},
		"/garbage": func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				io.WriteString(conn, "SSH-2.0-OpenSSH_9.6\r\n\r\n")
				conn.Close()
			}
		},
		"/big-header": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 1<<20)) },
		"/中文":         status(200, ""),
	}
	for _, c := range []struct{ path, want string }{
		{"/ok", "ok answered 200"}, {"/404", "broken not-found 404"}, {"/410", "broken gone 410"}, {"/401", "unknown login 401"},
		{"/403", "unknown forbidden 403"}, {"/500", "unknown server-error 500"}, {"/503", "unknown server-error 503"}, {"/400", "unknown other-status 400"},
		{"/451", "unknown forbidden 451"}, {"/416", "ok answered 416"}, {"/412", "unknown forbidden 412"}, {"/412-ruishu", "unknown challenge 412"},
		{"/202", "ok answered 202"}, {"/202-ruishu", "unknown challenge 202"}, {"/521", "unknown challenge 521"}, {"/cloudflare", "unknown challenge 403"},
		{"/meta-challenge?head=no", "unknown challenge 200"}, {"/acw?head=no", "unknown challenge 200"},
		{"/lying-yes", "broken not-found 404"}, {"/hidden-challenge", "unknown challenge 200"}, {"/file.pdf", "ok answered 200"},
		{"/lying-head", "ok answered 200"}, {"/no-head", "ok answered 200"}, {"/cookies", "ok answered 200"}, {"/polite", "ok answered 200"}, {"/patience", "unknown too-many 429"},
		{"/slow-header", "unknown answer-timeout 0"}, {"/hanging-body", "ok answered 200"}, {"/endless", "ok answered 200"}, {"/bomb", "ok answered 200"},
		{"/reset", "unknown connection-lost 0"}, {"/garbage", "unknown bad-answer 0"}, {"/big-header", "unknown bad-answer 0"}, {"/中文?名=值#片段", "ok answered 200"},
	} {
		t.Run(c.path, func(t *testing.T) {
			w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("head") == "no" && r.Method == http.MethodHead {
					w.WriteHeader(405)
					return
				}
				if r.UserAgent() != "gongkai-links/1 (link check)" {
					w.WriteHeader(418)
					return
				}
				handlers[r.URL.Path](w, r)
			}, nil)
			switch c.path {
			case "/slow-header":
				w.Header = 100 * time.Millisecond
			case "/hanging-body":
				w.Total = 300 * time.Millisecond
			}
			r := w.one(t, "http://www.example.org"+c.path)
			if got := fmt.Sprint(r.State, " ", r.Reason, " ", r.Status); got != c.want {
				t.Errorf("got %s (%s), want %s", got, r.Detail, c.want)
			}
			w.mu.Lock()
			defer w.mu.Unlock()
			if len(w.asked) > 6 {
				t.Errorf("asked %q", w.asked)
			}
			switch c.path {
			case "/polite":
				if !slices.Contains(w.slept, 7*time.Second) || len(w.asked) != 2 {
					t.Errorf("slept %v, asked %q", w.slept, w.asked)
				}
			case "/patience":
				if len(w.slept) != 0 || len(w.asked) != 1 {
					t.Errorf("slept %v, asked %q", w.slept, w.asked)
				}
			case "/503": // HEAD is not tried again
				if want := []string{"HEAD www.example.org/503", "GET www.example.org/503", "GET www.example.org/503", "GET www.example.org/503"}; !slices.Equal(w.asked, want) {
					t.Errorf("asked %q", w.asked)
				}
			case "/500":
				if !slices.Equal(w.slept, []time.Duration{500 * time.Millisecond, time.Second}) {
					t.Errorf("slept %v", w.slept)
				}
			case "/中文?名=值#片段":
				if w.asked[0] != "HEAD www.example.org/%E4%B8%AD%E6%96%87?%E5%90%8D=%E5%80%BC" {
					t.Errorf("asked %q", w.asked)
				}
			}
		})
	}
}

func gzipped(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(data)
	z.Close()
	return b.Bytes()
}

func TestRedirects(t *testing.T) {
	to := func(code int, address string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Location"] = []string{address}
			w.WriteHeader(code)
		}
	}
	handlers := map[string]http.HandlerFunc{
		"a.example.gov.cn/moved":    to(301, "/new"),
		"a.example.gov.cn/found":    to(302, "/new"),
		"a.example.gov.cn/mixed":    to(308, "/found"),
		"a.example.gov.cn/gone":     to(301, "/404"),
		"a.example.gov.cn/article":  to(302, "/"),
		"a.example.gov.cn/document": to(302, "/404.html"),
		"a.example.gov.cn/old/":     to(301, "http://b.example.gov.cn/new"),
		"a.example.gov.cn/away":     to(302, "//casino.example.com/"),
		"a.example.gov.cn/taken":    to(301, "http://casino.example.com/win"),
		"a.example.gov.cn/loop":     to(302, "/loop2"),
		"a.example.gov.cn/loop2":    to(302, "/loop#x"),
		"a.example.gov.cn/private":  to(302, "http://intranet.example.org/"),
		"a.example.gov.cn/meta":     to(302, "http://169.254.169.254/latest/"),
		"a.example.gov.cn/ftp":      to(302, "ftp://a.example.gov.cn/x"),
		"a.example.gov.cn/nothing":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(302) },
		"a.example.gov.cn/":         func(http.ResponseWriter, *http.Request) {},
		"a.example.gov.cn/404":      http.NotFound,
	}
	for i := range 12 {
		handlers[fmt.Sprintf("a.example.gov.cn/%d", i)] = to(302, fmt.Sprintf("/%d", i+1))
	}
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		if h := handlers[r.Host+r.URL.Path]; h != nil {
			h(w, r)
		}
	}, map[string]string{"intranet.example.org": "10.1.2.3"})
	for path, want := range map[string]string{
		"/moved":    "ok answered http://a.example.gov.cn/new [moved http://a.example.gov.cn/new]",
		"/found":    "ok answered http://a.example.gov.cn/new []",
		"/mixed":    "ok answered http://a.example.gov.cn/new [moved http://a.example.gov.cn/found]",
		"/gone":     "broken not-found http://a.example.gov.cn/404 []",
		"/article":  "ok answered http://a.example.gov.cn/ [home-page http://a.example.gov.cn/]",
		"/document": "ok answered http://a.example.gov.cn/404.html [home-page http://a.example.gov.cn/404.html]",
		"/old/":     "ok answered http://b.example.gov.cn/new [moved http://b.example.gov.cn/new]",
		"/away":     "ok answered http://casino.example.com/ [foreign http://casino.example.com/ home-page http://casino.example.com/]",
		"/taken":    "ok answered http://casino.example.com/win [foreign http://casino.example.com/win]", // nobody is told to link there
		"/loop":     "unknown redirect-loop http://a.example.gov.cn/loop2 []",
		"/0":        "unknown too-many-redirects http://a.example.gov.cn/10 []",
		"/private":  "unknown not-public http://intranet.example.org/ []",
		"/meta":     "unknown not-public http://169.254.169.254/latest/ []",
		"/ftp":      "unknown bad-redirect  []",
		"/nothing":  "unknown bad-redirect  []",
	} {
		r := w.one(t, "http://a.example.gov.cn"+path)
		var advice []string
		for _, a := range r.Advice {
			advice = append(advice, a.Kind.String()+" "+a.URL)
		}
		if got := fmt.Sprint(r.State, " ", r.Reason, " ", r.Final, " ", advice); got != want {
			t.Errorf("%s\n got %s (%s)\nwant %s", path, got, r.Detail, want)
		}
	}
}

func TestHostsThatCannotBeReached(t *testing.T) {
	for _, c := range []struct {
		name, address, want string
		lookups             int32
	}{
		{"a name that does not exist", "nxdomain", "broken no-host", 2},
		{"a name server that fails", "servfail", "unknown name-server", 3},
		{"a private network", "10.0.0.1", "unknown not-public", 1},
		{"this machine", "127.0.0.1", "unknown not-public", 1},
		{"a private network in IPv6 clothes", "::ffff:192.168.0.1", "unknown not-public", 1},
		{"a link", "fe80::1", "unknown not-public", 1},
		{"another public host", "8.8.8.8", "unknown no-connection", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, http.NotFound, map[string]string{"x.example.org": c.address})
			var lookups atomic.Int32
			lookup := w.Lookup
			w.Lookup = func(ctx context.Context, host string) ([]netip.Addr, error) {
				if host != witness {
					lookups.Add(1)
				}
				return lookup(ctx, host)
			}
			w.PerHost = 1
			for _, r := range Check(t.Context(), []string{"http://x.example.org/a", "http://x.example.org/b", "http://x.example.org/c"}, w.Options) {
				if got := fmt.Sprint(r.State, " ", r.Reason); got != c.want || r.Detail == "" {
					t.Errorf("%s: got %s (%s), want %s", r.URL, got, r.Detail, c.want)
				}
			}
			if lookups.Load() != c.lookups {
				t.Errorf("%d lookups, want %d", lookups.Load(), c.lookups)
			}
		})
	}
}

func TestRefusedConnectionsAreConfirmed(t *testing.T) {
	closed := httptest.NewServer(nil)
	address := closed.Listener.Addr().String()
	closed.Close()
	for _, refusals := range []int32{1, 9} {
		w := newWorld(t, func(http.ResponseWriter, *http.Request) {}, nil)
		dial, dialed := w.Dial, atomic.Int32{}
		w.Dial = func(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
			if dialed.Add(1) <= refusals {
				return new(net.Dialer).DialContext(ctx, "tcp", address)
			}
			return dial(ctx, to)
		}
		want := OK
		if refusals > 1 {
			want = Broken
		}
		if r := w.one(t, "http://x.example.org/"); r.State != want {
			t.Errorf("after %d refusals: %+v", refusals, r)
		}
	}
}

func TestNoNetworkIsNoReasonToCallHostsGone(t *testing.T) {
	names := map[string]string{"a.example": "nxdomain", "b.example": "nxdomain", "c.example": "nxdomain"}
	w := newWorld(t, http.NotFound, names)
	for _, r := range Check(t.Context(), []string{"http://a.example/", "http://b.example/", "http://c.example/"}, w.Options) {
		if r.State != Unknown || r.Reason != Offline {
			t.Errorf("%+v", r)
		}
	}
	// two names are few: the resolver is asked for one that is there
	few := []string{"http://a.example/", "http://b.example/"}
	for _, r := range Check(t.Context(), few, w.Options) {
		if r.State != Broken {
			t.Errorf("%+v", r)
		}
	}
	names[witness] = "nxdomain"
	for _, r := range Check(t.Context(), few, w.Options) {
		if r.State != Unknown || r.Reason != Offline {
			t.Errorf("%+v", r)
		}
	}
	for _, r := range Check(t.Context(), []string{"http://a.example/", "http://b.example/", "http://c.example/", "http://d.example/"}, w.Options) {
		if r.State != Broken {
			t.Errorf("%+v", r)
		}
	}
}

func TestCertificates(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS() // its certificate is for example.com
	t.Cleanup(server.Close)
	old := httptest.NewUnstartedServer(nil)
	old.Config.ErrorLog = log.New(io.Discard, "", 0)
	old.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	old.StartTLS()
	t.Cleanup(old.Close)
	plain := httptest.NewServer(http.NotFoundHandler())
	plain.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(plain.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	for _, c := range []struct {
		host   string
		server *httptest.Server
		roots  *x509.CertPool
		now    time.Time
		want   string
	}{
		{"example.com", server, roots, time.Now(), "ok answered"},
		{"example.com", server, x509.NewCertPool(), time.Now(), "unknown unknown-authority"},
		{"example.com", server, roots, time.Now().AddDate(100, 0, 0), "unknown expired"},
		{"other.example.org", server, roots, time.Now(), "unknown wrong-host"},
		{"example.com", old, roots, time.Now(), "unknown no-tls"},
		{"example.com", plain, roots, time.Now(), "unknown no-tls"},
	} {
		w := newWorld(t, http.NotFound, nil)
		w.Roots = c.roots
		w.Now = func() time.Time { return c.now }
		w.Dial = func(ctx context.Context, _ netip.AddrPort) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", c.server.Listener.Addr().String())
		}
		r := w.one(t, "https://"+c.host+"/")
		if got := fmt.Sprint(r.State, " ", r.Reason); got != c.want {
			t.Errorf("%s: got %s (%s), want %s", c.host, got, r.Detail, c.want)
		}
	}
}

func TestAddressesAreAskedOnceAndAnsweredInTheirOrder(t *testing.T) {
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		if r.URL.Path == "/no" {
			w.WriteHeader(404)
		}
	}, nil)
	w.Ignore = rules(t, "ignored.example")
	w.Allow = rules(t, "http://b.example/allowed*")
	addresses := []string{"http://b.example/1#x", "ftp://x/", "http://a.example/no", "http://b.example/1", "http://B.example:80/1#y", "https://www.ignored.example/", "http://b.example/allowed/1",
		"http://西河.example/", "://", "mailto:a@b"}
	var got []string
	for _, r := range Check(t.Context(), addresses, w.Options) {
		got = append(got, fmt.Sprint(r.URL, " ", r.Reason))
	}
	want := []string{"http://b.example/1#x answered", "ftp://x/ malformed", "http://a.example/no not-found", "http://b.example/1 answered", "http://B.example:80/1#y answered", "https://www.ignored.example/ ignored",
		"http://b.example/allowed/1 allowed", "http://西河.example/ answered", ":// malformed", "mailto:a@b malformed"}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	slices.Sort(w.asked)
	if want := []string{"GET a.example/no", "HEAD a.example/no", "HEAD b.example/1", "HEAD xn--ovw572d.example/"}; !slices.Equal(w.asked, want) {
		t.Errorf("asked %q", w.asked)
	}
}

func rules(t *testing.T, patterns ...string) (list []Rule) {
	t.Helper()
	for _, p := range patterns {
		r, err := NewRule(p, "known")
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}

func TestCancelledChecksKeepWhatTheyHave(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w := newWorld(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/3" {
			cancel()
			<-r.Context().Done()
		}
	}, nil)
	w.PerHost = 1
	var addresses []string
	for i := range 6 {
		addresses = append(addresses, fmt.Sprintf("http://a.example/%d", i))
	}
	for i, r := range Check(ctx, addresses, w.Options) {
		if i < 3 && r.State != OK || i >= 3 && (r.State != Unknown || r.Reason != NotChecked) {
			t.Errorf("%+v", r)
		}
	}
	w = newWorld(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, nil)
	w.Header, w.Within = 0, 50*time.Millisecond
	if r := w.one(t, "http://a.example/"); r.Reason != NotChecked {
		t.Errorf("%+v", r)
	}
}

func TestHostsAreSpared(t *testing.T) {
	var now, most atomic.Int32
	w := newWorld(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"1"`)
		most.Store(max(most.Load(), now.Add(1)))
		time.Sleep(5 * time.Millisecond)
		now.Add(-1)
	}, nil)
	clock := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	w.Pace, w.PerHost = 100*time.Millisecond, 2
	w.Now = func() time.Time { return clock } // each turn is thus later than the one before
	var addresses []string
	for i := range 8 {
		addresses = append(addresses, fmt.Sprintf("http://a.example/%d", i))
	}
	Check(t.Context(), addresses, w.Options)
	slices.Sort(w.slept)
	for i, d := range w.slept {
		if d != time.Duration(i+1)*w.Pace {
			t.Errorf("turns after %v", w.slept)
			break
		}
	}
	if len(w.slept) != 7 || most.Load() > 2 {
		t.Errorf("%d waits, %d requests at a time", len(w.slept), most.Load())
	}
}

// One hanging host costs the time of its first addresses, not of each; one that has answered is given more chances.
func TestSilentHostsAreGivenUp(t *testing.T) {
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/speaks" {
			return
		}
		<-r.Context().Done()
	}, nil)
	w.PerHost, w.Header = 1, 20*time.Millisecond
	var silent []string
	for i := range 6 {
		silent = append(silent, fmt.Sprintf("http://a.example/%d", i))
	}
	for _, c := range []struct {
		addresses []string
		asked     int
	}{{silent, 2}, {append([]string{"http://a.example/speaks"}, silent...), 1 + 1 + 3*2}} {
		w.mu.Lock()
		w.asked = nil
		w.mu.Unlock()
		for _, r := range Check(t.Context(), c.addresses, w.Options) {
			if r.Reason != AnswerTimeout && !strings.HasSuffix(r.URL, "speaks") {
				t.Errorf("%+v", r)
			}
		}
		w.mu.Lock() // a request that was given up may still be arriving
		if len(w.asked) > c.asked {
			t.Errorf("%d requests: %q", len(w.asked), w.asked)
		}
		w.mu.Unlock()
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, " 7 ": 7 * time.Second, "-7": 0, "x": 0, "Mon, 23 Nov 2026 08:01:00 GMT": time.Minute, "Mon, 23 Nov 2026 07:00:00 GMT": 0,
		"99999999999999999999": 0,
	} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}

func TestBackoffGrowsAndIsSpread(t *testing.T) {
	for attempt, most := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 3: 4 * time.Second, 9: 30 * time.Second} {
		c := &checker{Options: Options{Jitter: func() float64 { return 0 }}}
		least := c.backoff(attempt)
		c.Jitter = func() float64 { return 0.999999 }
		if d := c.backoff(attempt); least != most/2 || d < most-time.Millisecond || d > most {
			t.Errorf("attempt %d: %v to %v, want to %v", attempt, least, d, most)
		}
	}
}

func TestDialErrorsKeepTheirCause(t *testing.T) {
	cause := errors.New("cause")
	if err := error(&reachError{Refused, cause}); !errors.Is(err, cause) || err.Error() != "refused: cause" {
		t.Error(err)
	}
}

func TestHostsThatKnowNoHEADAreNotAskedSoAgain(t *testing.T) {
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			w.WriteHeader(405)
		}
	}, nil)
	w.PerHost = 1
	Check(t.Context(), []string{"http://a.example/1", "http://a.example/2"}, w.Options)
	if want := []string{"HEAD a.example/1", "GET a.example/1", "GET a.example/2"}; !slices.Equal(w.asked, want) {
		t.Errorf("asked %q", w.asked)
	}
}

// A host that accepts connections and then is silent takes its time by the standard limits, and no more.
func TestTimeLimits(t *testing.T) {
	silent := Options{
		Jitter: func() float64 { return 0 },
		Lookup: func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("192.0.32.1")}, nil
		},
		Dial: func(context.Context, netip.AddrPort) (net.Conn, error) {
			here, there := net.Pipe()
			go io.Copy(io.Discard, there)
			return here, nil
		},
	}
	for _, c := range []struct {
		address string
		within  time.Duration
		reason  Reason
		took    time.Duration
	}{
		{"http://a.example/", 0, AnswerTimeout, 2 * 15 * time.Second}, // HEAD, and GET
		{"https://a.example/", 0, NoConnection, 3*10*time.Second + 1500*time.Millisecond},
		{"http://a.example/", 15 * time.Second, NotChecked, 15 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			opt, start := silent, time.Now()
			opt.Within = c.within
			r := Check(t.Context(), []string{c.address}, opt)[0]
			if r.State != Unknown || r.Reason != c.reason || time.Since(start) != c.took {
				t.Errorf("%s: %v (%s) after %v, want %v after %v", c.address, r.Reason, r.Detail, time.Since(start), c.reason, c.took)
			}
		})
	}
}
