// Package serve is the production server of a built portal: its files, the answers to queries as JSON, and the search page for those
// without JavaScript.
//
// What belongs to one build, its folder and its index, is opened together and exchanged together. A request keeps what it began
// with until it ends, so that a new build fails no request.
package serve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gongkai/generator/search"
)

// Engine answers queries. It is safe for several goroutines. An error that wraps search.ErrQuery is the client's fault.
type Engine interface {
	Search(search.Query) (search.Result, error)
	Close() error
}

// Site is what belongs to one build beside its folder.
type Site struct {
	Engine     Engine // nil where the portal was built without a search
	SearchMain string // text of the template search-main.html, executed with render.SearchView
	Base       string // path under which the portal lives, with a final slash
}

// Options say what to serve.
type Options struct {
	Public  string                 // folder of the portal
	Open    func() (*Site, error)  // opens what belongs to the build that lies in Public now
	Version func() (string, error) // tells builds apart; it is asked about once a second
	Metrics bool                   // serve Prometheus metrics at /metrics
	Log     *slog.Logger
	Now     func() time.Time
}

// Limits of a server.
const (
	maxURL        = 4 << 10
	maxHeader     = 16 << 10
	searchWait    = 2 * time.Second // until a query is turned away where too many are being answered
	pollEvery     = time.Second
	shutdownAfter = 15 * time.Second
	newerBuilds   = 10 // that a request follows before a file counts as absent
)

// Server serves one portal.
type Server struct {
	opt     Options
	current atomic.Pointer[generation]
	reloads sync.Mutex
	busy    chan struct{} // queries that are being answered
	packed  packedFiles
	tags    tagCache
	metrics *metrics // nil where they are not wanted
}

// New opens the portal.
func New(opt Options) (*Server, error) {
	opt.Log = cmp.Or(opt.Log, slog.New(slog.DiscardHandler))
	s := &Server{opt: opt, busy: make(chan struct{}, 8*runtime.GOMAXPROCS(0))}
	if opt.Metrics {
		s.metrics = newMetrics(s)
	}
	if err := s.reload(); err != nil {
		return nil, err
	}
	return s, nil
}

// Close gives the portal back. No request may be under way.
func (s *Server) Close() { s.current.Load().release() }

// Handler returns what answers requests.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.opt.Now()
		rec := &recorder{ResponseWriter: w, now: s.opt.Now, code: http.StatusOK}
		name := "files"
		defer func() {
			if fault := recover(); fault != nil {
				if fault == http.ErrAbortHandler {
					panic(fault)
				}
				s.opt.Log.Error("panic", "url", r.URL.Path, "fault", fmt.Sprint(fault))
				if !rec.wrote {
					http.Error(rec, "500 服务器内部错误", http.StatusInternalServerError)
				}
			}
			s.metrics.request(name, rec.code, s.opt.Now().Sub(start))
		}()
		name = s.route(rec, r)
	})
}

// route answers a request and returns the name of what did.
func (s *Server) route(w http.ResponseWriter, r *http.Request) string {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	if len(r.RequestURI) > maxURL {
		http.Error(w, "414 网址太长", http.StatusRequestURITooLong)
		return "refused"
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "405 只接受 GET 和 HEAD", http.StatusMethodNotAllowed)
		return "refused"
	}
	g := s.acquire()
	defer func() { g.release() }()
	path, below := strings.CutPrefix(r.URL.Path, g.site.Base)
	switch {
	case r.URL.Path == "/healthz":
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprintln(w, "ok", g.version)
		return "healthz"
	case r.URL.Path == "/metrics" && s.metrics != nil:
		s.metrics.handler.ServeHTTP(w, r)
		return "metrics"
	case r.URL.Path+"/" == g.site.Base || r.URL.Path == "/" && !below:
		http.Redirect(w, r, g.site.Base, http.StatusFound)
		return "files"
	case !below:
		s.notFound(w, r, g)
		return "files"
	case path == "api/search":
		s.api(w, r, g)
		return "api"
	case path == "search/" && r.URL.RawQuery != "":
		s.searchPage(w, r, g)
		return "search"
	}
	for range newerBuilds {
		if s.file(w, r, g, path) {
			return "files"
		}
		// the folder may have been exchanged a moment ago: what is gone there may be here
		if err := s.reloadIfNew(); err != nil {
			break
		}
		next := s.acquire()
		same := next == g
		g.release()
		if g = next; same {
			break
		}
	}
	s.notFound(w, r, g)
	return "files"
}

// recorder remembers the status of an answer, and gives the client time for each part of it: a large file over a slow line takes as long as it takes, but a
// client that takes nothing is let go.
type recorder struct {
	http.ResponseWriter
	now   func() time.Time
	code  int
	wrote bool
}

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorder) WriteHeader(code int) {
	r.code, r.wrote = code, true
	r.ResponseWriter.WriteHeader(code)
}

func (r *recorder) Write(b []byte) (int, error) {
	r.wrote = true
	_ = http.NewResponseController(r).SetWriteDeadline(r.now().Add(writeTimeout)) // a writer without deadlines needs none
	return r.ResponseWriter.Write(b)
}

// writeTimeout is how long a client may take for a part of an answer, some 32 KB.
const writeTimeout = 60 * time.Second

// Run listens and serves until ctx ends; then requests under way are finished. ready is told the address.
func (s *Server) Run(ctx context.Context, addr string, ready func(net.Addr)) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	server := &http.Server{
		Handler: s.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: writeTimeout, IdleTimeout: 90 * time.Second,
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(s.opt.Log.Handler(), slog.LevelWarn),
	}
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		s.watch(ctx)
	}()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if ready != nil {
		ready(listener.Addr())
	}
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownAfter)
	defer cancel()
	err = server.Shutdown(end)
	<-watched
	if err != nil {
		return errors.Join(fmt.Errorf("serve: stop: %w", err), server.Close())
	}
	s.Close()
	return nil
}

// watch looks for new builds until ctx ends.
func (s *Server) watch(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := s.reloadIfNew(); err != nil {
				s.opt.Log.Warn("新的构建还打不开，继续使用原来的", "error", err)
			}
		}
	}
}
