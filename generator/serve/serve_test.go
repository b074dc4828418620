package serve

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongkai/generator/search"
)

// fake is an engine that knows one document.
type fake struct {
	version string
	closed  atomic.Bool
	slow    chan struct{}
}

func (f *fake) Search(q search.Query) (search.Result, error) {
	if f.closed.Load() {
		return search.Result{}, errors.New("asked after it was closed")
	}
	if f.slow != nil {
		<-f.slow
	}
	switch q.Text {
	case "", "坏":
		return search.Result{}, fmt.Errorf("%w: bad", search.ErrQuery)
	case "慌":
		panic("engine")
	case "盘":
		return search.Result{}, errors.New("disk")
	}
	return search.Result{
		Query: q.Text, Total: 31, Page: max(1, q.Page), Pages: 4, Also: []string{"最低生活保障"}, Suggestions: []string{"低保"},
		Facets: map[string][]search.Facet{"unit": {{Value: "xihe", Name: "西河镇", Count: 2}}, "field": {}, "year": {}, "kind": {}},
		Hits:   []search.Hit{{URL: "/xihe/a/", Title: "低保", TitleHTML: "<mark>低保</mark>", Snippet: "x &lt; <mark>低保</mark> " + f.version, Unit: "xihe"}},
	}, nil
}

func (f *fake) Close() error {
	f.closed.Store(true)
	return nil
}

const mainTemplate = `<div data-answer>{{with .Error}}[{{.}}]{{end}}<input value="{{.Query}}">{{range .Hidden}}<i>{{.Name}}={{.Value}}</i>{{end}}{{range .Hits}}<a href="{{.URL}}">{{.Title}}</a>{{.Snippet}}{{end}}{{range .Facets}}{{range .Values}}<a href="{{.URL}}">{{.Label}}</a>{{end}}{{end}}{{range .Numbers}}<b>{{.Text}}</b>{{end}}{{with .Next}}<a href="{{.}}">next</a>{{end}}{{range .Suggestions}}<s>{{.URL}}</s>{{end}}</div>`

// site is a portal whose version can be changed.
type site struct {
	public  string
	version atomic.Value
	engines sync.Map // version -> *fake
	slow    chan struct{}
}

func newSite(t testing.TB, version string) *site {
	t.Helper()
	s := &site{public: filepath.Join(t.TempDir(), "public")}
	s.write(t, s.public, version)
	s.version.Store(version)
	return s
}

func (s *site) write(t testing.TB, dir, version string) {
	t.Helper()
	for name, text := range map[string]string{
		"index.html":                             "<title>首页</title>" + version,
		"404.html":                               "<title>没有</title>",
		"search/index.html":                      "<title>搜索</title><!--search-->form<!--/search--><p>end",
		"xihe/index.html":                        "<p>" + strings.Repeat("西河镇", 400),
		"xihe/名单.xlsx":                           "PK\x03\x04",
		"assets/style.0123456789.css":            "a{}",
		"assets/search/0123456789abcdef/t/1.bin": "\x00\x01",
		"assets/" + version + ".txt":             version,
		".gongkai-manifest":                      "secret",
	} {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func (s *site) options(base string) Options {
	return Options{
		Public: s.public, Now: time.Now,
		Version: func() (string, error) { return s.version.Load().(string), nil },
		Open: func() (*Site, error) {
			v := s.version.Load().(string)
			f := &fake{version: v, slow: s.slow}
			s.engines.Store(v, f)
			return &Site{Engine: f, SearchMain: mainTemplate, Base: base}, nil
		},
	}
}

func start(t testing.TB, s *site, base string) (*Server, *httptest.Server) {
	t.Helper()
	opt := s.options(base)
	opt.Metrics = true
	server, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(server.Handler())
	t.Cleanup(func() {
		h.Close()
		server.Close()
	})
	return server, h
}

// get asks without following redirects or unpacking.
func get(t testing.TB, url string, header ...string) (*http.Response, string) {
	t.Helper()
	return send(t, http.MethodGet, url, header...)
}

func send(t testing.TB, method, url string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func TestFiles(t *testing.T) {
	_, h := start(t, newSite(t, "one"), "/")
	for _, c := range []struct {
		path, kind, cache, body string
		code                    int
	}{
		{"/", "text/html; charset=utf-8", "no-cache", "首页", 200},
		{"/xihe/", "text/html; charset=utf-8", "no-cache", "西河镇", 200},
		{"/xihe", "", "", "", 301},
		{"/xihe/%E5%90%8D%E5%8D%95.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "no-cache", "PK", 200},
		{"/assets/style.0123456789.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable", "a{}", 200},
		{"/assets/search/0123456789abcdef/t/1.bin", "application/octet-stream", "public, max-age=31536000, immutable", "\x00\x01", 200},
		{"/assets/one.txt", "text/plain; charset=utf-8", "no-cache", "one", 200},
		{"/nosuch/", "text/html; charset=utf-8", "no-cache", "没有", 404},
		{"/.gongkai-manifest", "text/html; charset=utf-8", "", "没有", 404},
		{"/assets/", "text/html; charset=utf-8", "", "没有", 404},
		{"/../secret", "", "", "", 404},
		{"/%2e%2e/secret", "", "", "", 404},
		{"/xihe/..%2f..%2fsecret", "", "", "", 404},
		{"/a\x00b", "", "", "", 404},
		{"/healthz", "text/plain; charset=utf-8", "no-store", "ok one", 200},
		{"/search/", "text/html; charset=utf-8", "no-cache", "form", 200},
	} {
		url := h.URL + strings.ReplaceAll(c.path, "\x00", "%00")
		res, body := get(t, url)
		if res.StatusCode != c.code || !strings.Contains(body, c.body) || c.kind != "" && res.Header.Get("Content-Type") != c.kind || c.cache != "" && res.Header.Get("Cache-Control") != c.cache {
			t.Errorf("%s: %d %s %q %.40q", c.path, res.StatusCode, res.Header.Get("Content-Type"), res.Header.Get("Cache-Control"), body)
		}
		if res.Header.Get("X-Content-Type-Options") != "nosniff" || c.code != 301 && strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") && !strings.Contains(res.Header.Get("Content-Security-Policy"), "frame-ancestors") {
			t.Errorf("%s: security headers %v", c.path, res.Header)
		}
	}
	if res, _ := send(t, http.MethodPost, h.URL+"/"); res.StatusCode != 405 {
		t.Errorf("POST: %d", res.StatusCode)
	}
	if res, body := send(t, http.MethodHead, h.URL+"/xihe/"); res.StatusCode != 200 || body != "" || res.ContentLength <= 0 {
		t.Errorf("HEAD: %d %d bytes", res.StatusCode, res.ContentLength)
	}
	if res, _ := get(t, h.URL+"/?"+strings.Repeat("a", 5000)); res.StatusCode != 414 {
		t.Errorf("long address: %d", res.StatusCode)
	}
}

func TestCaching(t *testing.T) {
	_, h := start(t, newSite(t, "one"), "/")
	plain, body := get(t, h.URL+"/xihe/")
	packed, data := get(t, h.URL+"/xihe/", "Accept-Encoding", "br, gzip")
	if packed.Header.Get("Content-Encoding") != "gzip" || len(data) >= len(body) || packed.Header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("not compressed: %v", packed.Header)
	}
	z, err := gzip.NewReader(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if unpacked, err := io.ReadAll(z); err != nil || string(unpacked) != body {
		t.Errorf("unpacked %d bytes, want %d (%v)", len(unpacked), len(body), err)
	}
	if plain.Header.Get("ETag") == packed.Header.Get("ETag") || plain.Header.Get("ETag") == "" {
		t.Errorf("tags %s and %s", plain.Header.Get("ETag"), packed.Header.Get("ETag"))
	}
	for _, res := range []*http.Response{plain, packed} {
		again, body := get(t, h.URL+"/xihe/", "If-None-Match", res.Header.Get("ETag"), "Accept-Encoding", res.Header.Get("Content-Encoding"))
		if again.StatusCode != 304 || body != "" {
			t.Errorf("again: %d", again.StatusCode)
		}
	}
	if res, _ := get(t, h.URL+"/xihe/", "Accept-Encoding", "gzip;q=0"); res.Header.Get("Content-Encoding") != "" {
		t.Error("compressed for a client that turns it down")
	}
	if res, part := get(t, h.URL+"/xihe/", "Range", "bytes=0-9"); res.StatusCode != 206 || part != body[:10] {
		t.Errorf("range: %d %q", res.StatusCode, part)
	}
	if res, _ := get(t, h.URL+"/assets/search/0123456789abcdef/t/1.bin", "Accept-Encoding", "gzip"); res.Header.Get("Content-Encoding") != "" {
		t.Error("the index is compressed twice")
	}
}

// TestAnswersSayHowLongTheyTook has a clock that goes on by seven milliseconds whenever it is looked at.
func TestAnswersSayHowLongTheyTook(t *testing.T) {
	opt := newSite(t, "one").options("/")
	var looks atomic.Int64
	begun := time.Now()
	opt.Now = func() time.Time { return begun.Add(time.Duration(looks.Add(1)) * 7 * time.Millisecond) }
	s, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	h := httptest.NewServer(s.Handler())
	t.Cleanup(h.Close)
	if _, body := get(t, h.URL+"/api/search?q=低保"); !strings.Contains(body, `"took_ms":7,`) {
		t.Error(body)
	}
}

func TestAPI(t *testing.T) {
	_, h := start(t, newSite(t, "one"), "/")
	res, body := get(t, h.URL+"/api/search?q=低保&unit=xihe&page=2")
	var r search.Result
	if err := json.Unmarshal([]byte(body), &r); err != nil || res.StatusCode != 200 || r.Total != 31 || r.Page != 2 {
		t.Errorf("%d %s %v", res.StatusCode, body, err)
	}
	for _, key := range []string{"query", "total", "took_ms", "relaxed", "also", "suggestions", "page", "pages", "facets", "hits"} {
		if !strings.Contains(body, `"`+key+`":`) {
			t.Errorf("%s is missing", key)
		}
	}
	if again, _ := get(t, h.URL+"/api/search?q=低保&unit=xihe&page=2", "If-None-Match", res.Header.Get("ETag")); again.StatusCode != 304 {
		t.Errorf("again: %d", again.StatusCode)
	}
	for _, c := range []struct {
		query string
		code  int
	}{{"", 400}, {"q=坏", 400}, {"q=%ff", 400}, {"q=低&page=0", 400}, {"q=低&page=x", 400}, {"q=%zz", 400}, {"q=盘", 500}, {"q=慌", 500}, {"q=" + strings.Repeat("a", 4000), 200}, {"q=" + strings.Repeat("a", 10000), 414}} {
		res, body := get(t, h.URL+"/api/search?"+c.query)
		if res.StatusCode != c.code {
			t.Errorf("%.20s: %d %s", c.query, res.StatusCode, body)
		}
		want := `"message":"这样查不了`
		if strings.Contains(c.query, "page=") {
			want = `"message":"没有这一页`
		}
		if c.code == 400 && !strings.Contains(body, want) {
			t.Errorf("%.20s: %s", c.query, body)
		}
	}
	if _, body := get(t, h.URL+"/metrics"); !strings.Contains(body, `gongkai_requests_total{code="400",handler="api"}`) || !strings.Contains(body, "gongkai_search_seconds_bucket") {
		t.Errorf("metrics: %.300s", body)
	}
}

func TestSearchPageWithoutScripts(t *testing.T) {
	_, h := start(t, newSite(t, "one"), "/gk/")
	res, body := get(t, h.URL+"/gk/search/?q=%E4%BD%8E%22%3C&unit=xihe&page=2")
	if res.StatusCode != 200 || res.Header.Get("X-Robots-Tag") != "noindex" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	for _, want := range []string{
		"<title>低&#34;&lt; - 搜索</title>", `value="低&#34;&lt;"`, "<i>unit=xihe</i>", `<a href="/gk/xihe/a/"><mark>低保</mark></a>x &lt; <mark>低保</mark>`,
		`<a href="/gk/search/?q=%E4%BD%8E%22%3C">西河镇</a>`, `<a href="/gk/search/?q=%E4%BD%8E%22%3C&amp;unit=xihe&amp;page=3">next</a>`, "<b>1</b><b>2</b><b>3</b><b>4</b>", "<p>end",
		"<s>/gk/search/?q=%E4%BD%8E%E4%BF%9D&amp;unit=xihe</s>",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%s is missing in\n%s", want, body)
		}
	}
	if res, body := get(t, h.URL+"/gk/search/?q=%E5%9D%8F"); res.StatusCode != 400 || !strings.Contains(body, "[这样查不了") {
		t.Errorf("a bad query: %d %s", res.StatusCode, body)
	}
	for path, code := range map[string]int{"/": 302, "/gk": 302, "/gk/": 200, "/xihe/": 404, "/gk/xihe/": 200} {
		if res, _ := get(t, h.URL+path); res.StatusCode != code {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, code)
		}
	}
}

// TestNewBuildFailsNoRequest exchanges the portal again and again while many ask for it.
func TestNewBuildFailsNoRequest(t *testing.T) {
	s := newSite(t, "v0")
	server, h := start(t, s, "/")
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	var asked atomic.Int64
	for i := range 48 {
		wg.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				path := []string{"/", "/xihe/", "/api/search?q=低保", "/search/?q=低保", "/assets/style.0123456789.css", "/healthz"}[(i+n)%6]
				res, err := client.Get(h.URL + path)
				if err != nil {
					t.Error(err)
					return
				}
				body, err := io.ReadAll(res.Body)
				res.Body.Close()
				if err != nil || res.StatusCode != 200 {
					t.Errorf("%s: %d %v %.80s", path, res.StatusCode, err, body)
					return
				}
				asked.Add(1)
			}
		})
	}
	for i := 1; i <= 30; i++ {
		version := fmt.Sprintf("v%d", i)
		next := s.public + ".next"
		s.write(t, next, version)
		// what a build does with one system call takes two here: nobody may look between them
		server.reloads.Lock()
		if err := os.Rename(s.public, s.public+".old"); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(next, s.public); err != nil {
			t.Fatal(err)
		}
		s.version.Store(version)
		server.reloads.Unlock()
		if err := os.RemoveAll(s.public + ".old"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Millisecond)
		if i%3 == 0 {
			if err := server.reloadIfNew(); err != nil {
				t.Error(err)
			}
		}
	}
	close(stop)
	wg.Wait()
	if err := server.reloadIfNew(); err != nil {
		t.Fatal(err)
	}
	if asked.Load() < 100 {
		t.Errorf("only %d requests", asked.Load())
	}
	if res, body := get(t, h.URL+"/assets/v30.txt"); res.StatusCode != 200 || body != "v30" {
		t.Errorf("the newest build is not served: %d %s", res.StatusCode, body)
	}
	open := 0
	s.engines.Range(func(_, e any) bool {
		if !e.(*fake).closed.Load() {
			open++
		}
		return true
	})
	if open != 1 {
		t.Errorf("%d engines are open, want 1", open)
	}
}

func TestABuildThatCannotBeOpenedIsNotServed(t *testing.T) {
	s := newSite(t, "one")
	opt := s.options("/")
	fail := false
	open := opt.Open
	opt.Open = func() (*Site, error) {
		if fail {
			return nil, errors.New("half a build")
		}
		return open()
	}
	server, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	fail = true
	s.version.Store("two")
	if err := server.reloadIfNew(); err == nil {
		t.Error("no error")
	}
	rec := httptest.NewRecorder()
	server.Handler().ServeHTTP(rec, httptest.NewRequest("GET", "/healthz", nil))
	if body := rec.Body.String(); body != "ok one\n" {
		t.Errorf("healthz %q", body)
	}
}

func TestTooManyQueriesAreTurnedAway(t *testing.T) {
	s := newSite(t, "one")
	s.slow = make(chan struct{})
	server, h := start(t, s, "/")
	var wg sync.WaitGroup
	for range cap(server.busy) {
		wg.Go(func() { get(t, h.URL+"/api/search?q=低保") })
	}
	for len(server.busy) < cap(server.busy) {
		time.Sleep(time.Millisecond)
	}
	res, _ := get(t, h.URL+"/api/search?q=低保")
	close(s.slow)
	wg.Wait()
	if res.StatusCode != 503 || res.Header.Get("Retry-After") == "" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
}

func TestRunStopsWhenAsked(t *testing.T) {
	server, err := New(newSite(t, "one").options("/"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	at := make(chan net.Addr, 1)
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx, "127.0.0.1:0", func(a net.Addr) { at <- a }) }()
	if res, _ := get(t, "http://"+(<-at).String()+"/"); res.StatusCode != 200 {
		t.Errorf("%d", res.StatusCode)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := server.Run(t.Context(), "127.0.0.1:notaport", nil); err == nil {
		t.Error("no error for a bad address")
	}
}

// TestPortalWithoutSearch serves the pages all the same, also when the search goes with a new build.
func TestPortalWithoutSearch(t *testing.T) {
	s := newSite(t, "one")
	opt := s.options("/")
	withSearch := opt.Open
	opt.Open = func() (*Site, error) {
		if s.version.Load() == "two" {
			return &Site{Base: "/"}, nil
		}
		return withSearch()
	}
	server, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(server.Handler())
	t.Cleanup(func() {
		h.Close()
		server.Close()
	})
	if res, _ := get(t, h.URL+"/api/search?q=低保"); res.StatusCode != 200 {
		t.Fatalf("with a search: %s", res.Status)
	}
	if err := os.Remove(filepath.Join(s.public, "search", "index.html")); err != nil {
		t.Fatal(err)
	}
	s.version.Store("two")
	if err := server.reloadIfNew(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/": 200, "/xihe/": 200, "/api/search?q=低保": 404, "/search/?q=低保": 404} {
		res, body := get(t, h.URL+path)
		if res.StatusCode != want {
			t.Errorf("%s: %s\n%s", path, res.Status, body)
		}
	}
}
