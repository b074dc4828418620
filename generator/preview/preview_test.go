package preview

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/generator/build"
	"gongkai/generator/finding"
	"gongkai/themes"
)

var clock = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

// district copies the sample district.
func district(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "content"), os.DirFS("../../content")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t testing.TB, dir string) *Server {
	t.Helper()
	s, err := New(Options{Source: dir, Themes: themes.FS, Now: func() time.Time { return clock }, Jobs: 2, IndexDir: filepath.Join(dir, "index")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func anyHost(string) bool { return true }

func get(t testing.TB, s *Server, address string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	s.Handler(anyHost).ServeHTTP(w, httptest.NewRequest("GET", address, nil))
	return w.Code, w.Body.String()
}

func write(t testing.TB, dir, name, text string) {
	t.Helper()
	full := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// aDisclosure returns the content path of a published disclosure and its address, of the town 西河镇 where there is one.
func aDisclosure(s *Server) (path, address string) {
	for _, d := range s.current.Load().site.Disclosures {
		if d.Withdrawn || d.Pending.ZH != "" {
			continue
		}
		if path, address = d.Source.Path, d.Address(); d.Unit.Slug == "xihe" {
			break
		}
	}
	return path, address
}

var ownScript = regexp.MustCompile(`<script src="[^"]*_preview/client\.js"[^>]*></script>`)

// equalToBuild compares every page with that of a clean build. What is not to be published yet must be absent.
func equalToBuild(t *testing.T, s *Server, dir string) {
	t.Helper()
	public := filepath.Join(t.TempDir(), "public")
	if _, _, err := build.Run(build.Options{Source: dir, Destination: public, Now: clock, Jobs: 2, Themes: themes.FS}); err != nil {
		t.Fatal(err)
	}
	n := 0
	err := filepath.WalkDir(public, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == ".gongkai-manifest" {
			return err
		}
		rel, err := filepath.Rel(public, p)
		if err != nil || strings.HasPrefix(filepath.ToSlash(rel), "assets/search/") || filepath.ToSlash(rel) == "search/index.html" {
			return err // the preview's search is the server's
		}
		address := "/" + strings.TrimSuffix(filepath.ToSlash(rel), "index.html")
		want, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		w := httptest.NewRecorder()
		request := httptest.NewRequest("GET", "/", nil)
		request.URL.Path = address
		s.Handler(anyHost).ServeHTTP(w, request)
		if got := ownScript.ReplaceAllString(w.Body.String(), ""); got != string(want) {
			t.Errorf("%s is not as a build makes it (%d bytes, %d)", address, w.Body.Len(), len(want))
		}
		n++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 100 {
		t.Fatalf("only %d files were compared", n)
	}
}

func TestPagesAreThoseOfABuild(t *testing.T) {
	dir := district(t)
	removeDrafts(t, dir)
	equalToBuild(t, start(t, dir), dir)
}

// removeDrafts removes what only a preview shows.
func removeDrafts(t testing.TB, dir string) {
	t.Helper()
	s := start(t, dir)
	for _, d := range s.current.Load().site.Disclosures {
		if d.Pending.ZH != "" {
			if err := os.Remove(filepath.Join(dir, filepath.FromSlash(d.Source.Path))); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, p := range s.current.Load().site.Pages {
		if p.Pending.ZH != "" {
			t.Fatalf("%s is a draft", p.Source.Path)
		}
	}
}

func TestChangedTextIsShown(t *testing.T) {
	dir := district(t)
	s := start(t, dir)
	path, address := aDisclosure(s)
	e := s.current.Load()
	write(t, dir, path, read(t, dir, path)+"\n新写的一段话。\n")
	s.Update(Change{Paths: []string{path}})
	if _, body := get(t, s, address); !strings.Contains(body, "新写的一段话。") {
		t.Error("the new text is not on its page")
	}
	if s.current.Load() != e {
		t.Error("the site was assembled anew for a change of a text")
	}
	if _, body := get(t, s, "/feed.xml"); body == "" {
		t.Error("the feed is empty")
	}
}

func TestChangedTitleIsOnItsListsToo(t *testing.T) {
	dir := district(t)
	s := start(t, dir)
	path, address := aDisclosure(s)
	text := regexp.MustCompile(`(?m)^(标题|title):.*$`).ReplaceAllString(read(t, dir, path), "标题: 换过的标题")
	write(t, dir, path, text)
	s.Update(Change{Paths: []string{path}})
	for _, a := range []string{address, "/xihe/all/"} {
		if _, body := get(t, s, a); !strings.Contains(body, "换过的标题") {
			t.Errorf("%s has the old title", a)
		}
	}
}

func TestFilesComeAndGo(t *testing.T) {
	dir := district(t)
	s := start(t, dir)
	path, address := aDisclosure(s)
	text := read(t, dir, path)
	if err := os.Remove(filepath.Join(dir, filepath.FromSlash(path))); err != nil {
		t.Fatal(err)
	}
	s.Update(Change{Paths: []string{path}})
	if code, _ := get(t, s, address); code != http.StatusNotFound {
		t.Errorf("a removed document answers %d", code)
	}
	renamed := strings.TrimSuffix(path, filepath.Base(path)) + "renamed.md"
	write(t, dir, renamed, text)
	s.Update(Change{Paths: []string{renamed}})
	if code, _ := get(t, s, strings.TrimSuffix(address, filepath.Base(address)+"/")+"renamed/"); code != http.StatusOK {
		t.Errorf("a new document answers %d", code)
	}
}

func TestBrokenFileStaysAsItWasAndIsReported(t *testing.T) {
	dir := district(t)
	s := start(t, dir)
	path, address := aDisclosure(s)
	good := read(t, dir, path)
	_, before := get(t, s, address)
	var reports []Report
	s.opt.Report = func(r Report) { reports = append(reports, r) }
	bad := strings.Replace(good, ": ", "：", 1)
	write(t, dir, path, bad)
	s.Update(Change{Paths: []string{path}})
	code, body := get(t, s, address)
	if code != http.StatusOK || len(body) < len(before)/2 {
		t.Errorf("a broken file blanks its page: %d, %d bytes", code, len(body))
	}
	if len(reports) != 1 || !slices.ContainsFunc(reports[0].Findings, func(f finding.Finding) bool {
		return f.Rule.ID == "GK112" && f.Position.Path == path && f.Position.Line == 2
	}) {
		t.Errorf("the fault is not reported: %+v", reports)
	}
	m := s.message(s.current.Load(), []string{path}, nil)
	if m.Errors == 0 || len(m.Faults) == 0 || !m.Faults[0].Edited || m.Faults[0].Mend == "" {
		t.Errorf("browsers are told %+v", m)
	}
	write(t, dir, path, good)
	s.Update(Change{Paths: []string{path}})
	if _, body := get(t, s, address); ownScript.ReplaceAllString(body, "") != ownScript.ReplaceAllString(before, "") {
		t.Error("the mended page is not what it was")
	}
	if m := s.message(s.current.Load(), []string{path}, nil); m.Errors != 0 {
		t.Errorf("a mended fault is still there: %+v", m)
	}
}

func TestDraftsHaveABadge(t *testing.T) {
	dir := district(t)
	s := start(t, dir)
	path, address := aDisclosure(s)
	write(t, dir, path, strings.Replace(read(t, dir, path), "---\n", "---\n草稿: 是\n", 1))
	s.Update(Change{Paths: []string{path}})
	code, body := get(t, s, address)
	if code != http.StatusOK || !strings.Contains(body, `data-badge="草稿"`) {
		t.Errorf("a draft answers %d without its badge", code)
	}
	if _, list := get(t, s, "/xihe/all/"); !strings.Contains(list, ">草稿<") {
		t.Error("the list does not say that it is a draft")
	}
}

func TestThemeThatCannotBeUsedLeavesThePortal(t *testing.T) {
	dir := district(t)
	s := start(t, dir)
	const row = "themes/default/templates/row.html"
	write(t, dir, row, "<li>{{.Nothing}}</li>")
	var last Report
	s.opt.Report = func(r Report) { last = r }
	s.Update(Change{Paths: []string{row}})
	if last.Err == nil || !strings.Contains(last.Err.Error(), "row.html") {
		t.Errorf("the fault of the theme is not reported: %v", last.Err)
	}
	if code, body := get(t, s, "/xihe/all/"); code != http.StatusOK || !strings.Contains(body, "row-title") {
		t.Error("the portal is not what it was")
	}
	write(t, dir, row, `<li class="mine"><a href="{{.URL}}">{{.Title}}</a></li>`)
	s.Update(Change{Paths: []string{row}})
	if _, body := get(t, s, "/xihe/all/"); last.Err != nil || !strings.Contains(body, "mine") {
		t.Errorf("the mended theme is not used: %v", last.Err)
	}
}

func TestSearchFindsAfterTheSurvey(t *testing.T) {
	dir := district(t)
	s := start(t, dir)
	if code, body := get(t, s, "/search/?q=%E4%BD%8E%E4%BF%9D"); code != http.StatusServiceUnavailable || !strings.Contains(body, "还在准备") {
		t.Errorf("without an index the search answers %d", code)
	}
	s.surveyOnce()
	code, body := get(t, s, "/search/?q=%E4%BD%8E%E4%BF%9D")
	if code != http.StatusOK || !strings.Contains(body, "<mark>") {
		t.Errorf("the search answers %d without a hit", code)
	}
	path, _ := aDisclosure(s)
	write(t, dir, path, read(t, dir, path)+"\n青鸾计划已经开始。\n")
	s.Update(Change{Paths: []string{path}})
	s.surveyOnce()
	if _, body := get(t, s, "/search/?q=%E9%9D%92%E9%B8%BE"); !strings.Contains(body, "<mark>青鸾</mark>") {
		t.Error("a new word is not found")
	}
	if code, _ := get(t, s, "/supervision/"); code != http.StatusOK {
		t.Errorf("the supervision answers %d", code)
	}
}

func TestOtherSitesMayNotAsk(t *testing.T) {
	s := start(t, district(t))
	w := httptest.NewRecorder()
	s.Handler(func(host string) bool { return host == "localhost:1313" }).ServeHTTP(w, httptest.NewRequest("GET", "http://evil.example/", nil))
	if w.Code != http.StatusForbidden {
		t.Errorf("a foreign name is answered with %d", w.Code)
	}
}

// Browsers are told of each change, and of what holds when they connect.
func TestEvents(t *testing.T) {
	dir := district(t)
	s := start(t, dir)
	web := httptest.NewServer(s.Handler(anyHost))
	defer web.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, "GET", web.URL+"/_preview/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	next := func() (m message) {
		t.Helper()
		for lines.Scan() {
			if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				if err := json.Unmarshal([]byte(text), &m); err != nil {
					t.Fatal(err)
				}
				return m
			}
		}
		t.Fatal("the stream has ended")
		return m
	}
	first := next()
	path, address := aDisclosure(s)
	write(t, dir, path, read(t, dir, path)+"\n再来一句。\n")
	s.Update(Change{Paths: []string{path}})
	if m := next(); m.Edition <= first.Edition || m.Address != address || !m.Changed {
		t.Errorf("after a change browsers are told %+v, before it %+v", m, first)
	}
	s.Update(Change{Paths: []string{path}}) // as it was: nothing to be told
	s.surveyOnce()
	if m := next(); m.Changed {
		t.Errorf("after a survey browsers are told %+v", m)
	}
}

// Edits, deletions and renames while pages are fetched end in what a clean build makes. It runs with the race detector in CI.
func TestSoak(t *testing.T) {
	dir := district(t)
	removeDrafts(t, dir)
	s := start(t, dir)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { s.Survey(stop, time.Millisecond) })
	addresses := []string{"/", "/xihe/", "/xihe/all/", "/feed.xml", "/supervision/", "/search/?q=%E4%BD%8E%E4%BF%9D", "/nothing/"}
	for i := range 3 {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(7, uint64(i)))
			for {
				select {
				case <-stop:
					return
				default:
				}
				e := s.current.Load()
				address := addresses[random.IntN(len(addresses))]
				if random.IntN(2) == 0 {
					address = e.site.Disclosures[random.IntN(len(e.site.Disclosures))].Address()
				}
				if code, _ := get(t, s, address); code >= 500 && code != http.StatusServiceUnavailable {
					t.Errorf("%s answers %d", address, code)
				}
			}
		})
	}
	random := rand.New(rand.NewPCG(3, 4))
	edits := 40
	if raced {
		edits = 200
	}
	for i := range edits {
		list := s.current.Load().site.Disclosures
		path := list[random.IntN(len(list))].Source.Path
		full := filepath.Join(dir, filepath.FromSlash(path))
		switch random.IntN(8) {
		case 0:
			if err := os.Remove(full); err != nil {
				t.Fatal(err)
			}
			s.Update(Change{Paths: []string{path}})
		case 1:
			to := strings.TrimSuffix(path, ".md") + fmt.Sprintf("-%d.md", i)
			if err := os.Rename(full, filepath.Join(dir, filepath.FromSlash(to))); err != nil {
				t.Fatal(err)
			}
			s.Update(Change{Paths: []string{path, to}})
		case 2:
			write(t, dir, path, regexp.MustCompile(`(?m)^(标题|title):.*$`).ReplaceAllString(read(t, dir, path), fmt.Sprintf("标题: 第%d个标题", i)))
			s.Update(Change{Paths: []string{path}})
		case 3: // broken, and mended
			good := read(t, dir, path)
			write(t, dir, path, strings.Replace(good, ": ", "：", 1))
			s.Update(Change{Paths: []string{path}})
			write(t, dir, path, good)
			s.Update(Change{Paths: []string{path}})
		case 4:
			s.Update(Change{All: true})
		default:
			write(t, dir, path, read(t, dir, path)+fmt.Sprintf("\n第%d次修改。\n", i))
			s.Update(Change{Paths: []string{path}})
		}
	}
	close(stop)
	wg.Wait()
	equalToBuild(t, s, dir)
}

// A day of edits leaves nothing behind: what 1,000 of them hold is what the first hundred held.
func TestMemoryStaysFlat(t *testing.T) {
	dir := district(t)
	s := start(t, dir)
	list := s.current.Load().site.Disclosures
	var paths, texts []string
	for i := range 20 {
		p := list[i*len(list)/20].Source.Path
		paths, texts = append(paths, p), append(texts, read(t, dir, p))
	}
	held := func() uint64 {
		s.surveyOnce()
		runtime.GC()
		runtime.GC() // what finalizers let go
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	const edits = 1000
	var first uint64
	for i := range edits {
		if i == 100 {
			first = held()
		}
		at := i % len(paths)
		write(t, dir, paths[at], texts[at]+fmt.Sprintf("\n第%d次修改。\n", i))
		s.Update(Change{Paths: []string{paths[at]}})
		if i%50 == 0 {
			s.surveyOnce()
		}
	}
	last := held()
	t.Logf("%.1f MB after 100 edits, %.1f MB after %d", float64(first)/1e6, float64(last)/1e6, edits)
	if last > first+first/10 {
		t.Errorf("%d bytes are held after 100 edits, %d after %d", first, last, edits)
	}
}
