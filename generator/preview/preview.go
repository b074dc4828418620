// Package preview shows the portal while its content is being edited: pages are rendered when they are asked for, from content that is held in memory, and
// browsers are told what changed.
//
// Two things happen after a change. At once, the file is read again and an edition takes the place of the one before; a browser that shows the page gets it
// anew. And in the background a survey does all that a build does except to write: it finds the faults that show only when all pages are known, and makes
// the search index.
package preview

import (
	"cmp"
	"errors"
	"html/template"
	"io/fs"
	"log/slog"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gongkai/generator/audit"
	"gongkai/generator/build"
	"gongkai/generator/finding"
	"gongkai/generator/render"
	"gongkai/generator/search"
	"gongkai/generator/site"
	"gongkai/generator/source"
)

// Change is what a watcher saw.
type Change struct {
	Paths []string // relative to the source folder, forward slashes: files, or folders in which anything may have changed
	All   bool     // something was missed: look at everything
}

// Options say what to preview.
type Options struct {
	Source   string // the folder that holds content and, perhaps, themes
	Themes   fs.FS  // the built-in themes
	Now      func() time.Time
	Jobs     int
	IndexDir string // folder for the search index; it may be kept from one preview to the next
	Language finding.Language
	// Report is told what each change came to; it may be nil.
	Report func(Report)
	Log    *slog.Logger
}

// Report is what became of a change.
type Report struct {
	Paths    []string // that changed; empty for a survey
	Survey   bool     // all pages were looked through
	Findings []finding.Finding
	Took     time.Duration
	Err      error // what kept the change from being shown
}

// Server holds the editions. Its methods may be called by several goroutines.
type Server struct {
	opt     Options
	current atomic.Pointer[edition]
	hub     hub

	mu      sync.Mutex // one change at a time
	library *source.Library
	failed  error // why the last edition could not be made

	surveys chan struct{}
	engine  atomic.Pointer[engine]
	found   atomic.Pointer[surveyed]
}

// edition is one state of the content. It is never changed, except that texts may take the place of others.
type edition struct {
	number   atomic.Int64
	base     *url.URL // the portal's own address: the preview lives under the same path
	site     *site.Site
	theme    *render.Theme
	renderer *render.Renderer
	outputs  map[string]*render.Output // by address from the portal's root, decoded
	pages    map[string]string         // content path -> address of its page
	files    map[string]*render.File   // of the theme, by address
	answer   *template.Template        // of the search
	findings []finding.Finding         // of reading
	texts    *sync.Map                 // content path -> []byte, of texts that changed since the edition was made
	render   sync.Mutex                // rendering takes less than a millisecond; feeds quote what pages leave behind
}

// New reads the content. The error is that of a build.
func New(opt Options) (*Server, error) {
	opt.Log = cmp.Or(opt.Log, slog.New(slog.DiscardHandler))
	s := &Server{opt: opt, surveys: make(chan struct{}, 1)}
	s.hub.open = map[*client]bool{}
	library, err := source.OpenLibrary(source.Options{Dir: opt.Source, Now: opt.Now(), Jobs: opt.Jobs, Drafts: true})
	if err != nil {
		return nil, err
	}
	s.library = library
	e, err := s.newEdition(nil, 1)
	if err != nil {
		return nil, err
	}
	s.current.Store(e)
	s.survey()
	return s, nil
}

// newEdition assembles the site and plans its pages. The theme is that of the edition before, where it has not changed; nil where there is none.
func (s *Server) newEdition(before *edition, number int64) (*edition, error) {
	e := &edition{outputs: map[string]*render.Output{}, pages: map[string]string{}, files: map[string]*render.File{}, texts: new(sync.Map)}
	e.number.Store(number)
	e.site, e.findings = s.library.Site(s.opt.Now())
	var err error
	if e.base, err = build.Base(e.site, "", e.findings); err != nil {
		return nil, err
	}
	if before != nil && before.base.Path == e.base.Path {
		e.theme = before.theme
	} else if e.theme, err = build.LoadTheme(s.opt.Source, s.opt.Themes, e.base.Path); err != nil {
		return nil, err
	}
	var supervision func() *render.Supervision
	if e.site.Config.Policy.Supervision {
		supervision = sync.OnceValue(func() *render.Supervision {
			return &render.Supervision{Coverage: audit.Cover(e.site), Late: audit.Late(e.site)}
		})
	}
	e.renderer, err = render.New(e.site, render.Input{
		Theme: e.theme, Base: e.base, Jobs: s.opt.Jobs, Search: true, Plain: true, Supervision: supervision,
		Read: func(src *site.Source) ([]byte, error) { return s.read(e, src) },
		File: func(p string) string { return source.FileOf(s.opt.Source, p) },
	})
	if err != nil {
		return nil, err
	}
	e.renderer.SetSearchIndex("/")
	outputs := e.renderer.Outputs()
	for i := range outputs {
		o := &outputs[i]
		e.outputs[o.Address] = o
		if o.Source != "" && o.Body != nil {
			e.pages[o.Source] = o.Address
		}
	}
	for _, d := range e.site.Disclosures {
		e.pages[d.Source.Path] = d.Address()
	}
	for _, f := range e.site.Fields {
		e.pages[f.Source.Path] = f.Address()
	}
	for _, uf := range e.site.UnitFields {
		if uf.Source.Path != "" {
			e.pages[uf.Source.Path] = uf.Address()
		}
	}
	files := e.theme.Files()
	for i := range files {
		e.files["/"+files[i].Path] = &files[i]
	}
	if e.answer, err = render.ParseSearchTemplate(e.theme.SearchTemplate()); err != nil {
		return nil, err
	}
	return e, nil
}

// read returns the text of a source as it is now.
func (s *Server) read(e *edition, src *site.Source) ([]byte, error) {
	if text, changed := e.texts.Load(src.Path); changed {
		return text.([]byte), nil
	}
	text, err := source.Body(s.opt.Source, src)
	if err == nil {
		return text, nil
	}
	// somebody is writing it, or its front matter has an error now: what is shown gives way to what will come
	s.opt.Log.Debug("read", "path", src.Path, "error", err)
	return []byte("*（正文正在修改，暂时读不出来）*"), nil
}

// Update shows what changed.
func (s *Server) Update(c Change) {
	s.mu.Lock()
	defer s.mu.Unlock()
	start := s.opt.Now()
	paths, themed := c.Paths, c.All
	content := make([]string, 0, len(paths))
	for _, p := range paths {
		switch {
		case p == source.Dir || strings.HasPrefix(p, source.Dir+"/"):
			content = append(content, p)
		case p == "themes" || strings.HasPrefix(p, "themes/"):
			themed = true
		}
	}
	old := s.current.Load()
	change, err := s.library.Update(content, c.All || slices.Contains(content, source.Dir))
	next := old
	switch {
	case err != nil:
	case themed || s.failed != nil:
		next, err = s.newEdition(nil, old.number.Load()+1)
		s.failed = err
	case change.Model:
		next, err = s.newEdition(old, old.number.Load()+1)
		s.failed = err
	case len(change.Texts) == 0:
		return // it was written as it was
	}
	if err != nil {
		s.hub.send(s.message(old, paths, err))
		s.say(Report{Paths: paths, Took: s.opt.Now().Sub(start), Err: err})
		return
	}
	for _, p := range change.Texts {
		if text, ok := s.library.Text(p); ok {
			next.texts.Store(p, text)
		}
	}
	next.number.Store(old.number.Load() + 1)
	s.current.Store(next)
	report := Report{Paths: paths, Findings: s.findingsOf(next, paths), Took: s.opt.Now().Sub(start)}
	s.hub.send(s.message(next, paths, nil))
	s.say(report)
	s.survey()
}

func (s *Server) say(r Report) {
	if s.opt.Report != nil {
		s.opt.Report(r)
	}
}

// findingsOf returns what is wrong now: with reading, with the changed pages, and, of the rest, what the last survey found.
func (s *Server) findingsOf(e *edition, changed []string) []finding.Finding {
	out := slices.Clone(e.findings)
	looked := map[string]bool{}
	for _, p := range changed {
		out = slices.DeleteFunc(out, func(f finding.Finding) bool { return f.Position.Path == p })
		out = append(out, s.library.Findings(p)...)
		for _, f := range e.findings { // what only shows when files meet is not the file's own
			if f.Position.Path == p && !slices.ContainsFunc(out, func(o finding.Finding) bool { return o == f }) {
				out = append(out, f)
			}
		}
		looked[p] = true
		if address, ok := e.pages[p]; ok {
			if o := e.outputs[address]; o != nil {
				var w render.Buffer
				if page, err := e.renderOne(o, &w); err == nil {
					out = append(out, page.Findings...)
				}
			}
		}
	}
	if last := s.found.Load(); last != nil {
		for _, f := range last.rendering {
			if !looked[f.Position.Path] {
				out = append(out, f)
			}
		}
	}
	finding.Sort(out)
	return slices.Compact(out)
}

// renderOne renders an output, and before it what it quotes.
func (e *edition) renderOne(o *render.Output, w *render.Buffer) (render.Page, error) {
	e.render.Lock()
	defer e.render.Unlock()
	var scratch render.Buffer
	for _, d := range o.Quotes {
		if page := e.outputs[d.Address()]; page != nil {
			scratch.Reset()
			if _, err := e.renderer.Render(page, &scratch); err != nil {
				return render.Page{}, err
			}
		}
	}
	return e.renderer.Render(o, w)
}

// surveyed is what a survey found.
type surveyed struct {
	rendering []finding.Finding // that reading alone does not find
}

// engine is the search of a survey. It is closed when nobody uses it any more.
type engine struct {
	index *search.Index
	uses  sync.RWMutex
}

// survey asks for a survey; one that is under way is followed by another.
func (s *Server) survey() {
	select {
	case s.surveys <- struct{}{}:
	default:
	}
}

// Survey does the surveys until stop is closed. Each waits until nothing has changed for a while.
func (s *Server) Survey(stop <-chan struct{}, quiet time.Duration) {
	for {
		select {
		case <-stop:
			return
		case <-s.surveys:
		}
		for waiting := true; waiting; {
			select {
			case <-stop:
				return
			case <-s.surveys:
			case <-time.After(quiet):
				waiting = false
			}
		}
		s.surveyOnce()
	}
}

func (s *Server) surveyOnce() {
	start := s.opt.Now()
	in, findings, err := build.Inspect(build.Options{
		Source: s.opt.Source, Destination: filepath.Join(s.opt.Source, "public"), Now: s.opt.Now(), Jobs: 1, Themes: s.opt.Themes,
		Drafts: true, IndexDir: s.opt.IndexDir,
	}, nil)
	if err != nil {
		s.opt.Log.Debug("survey", "error", err) // the change that caused it was reported
		return
	}
	if in.IndexID != "" {
		if index, err := search.Open(s.opt.IndexDir, in.IndexID); err == nil {
			if old := s.engine.Swap(&engine{index: index}); old != nil {
				old.uses.Lock() // those who search in it are waited for
				_ = old.index.Close()
				old.index = nil
				old.uses.Unlock()
			}
		} else {
			s.opt.Log.Warn("search", "error", err)
		}
	}
	kept, _ := audit.Allow(in.Site, findings)
	finding.Sort(kept)
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.current.Load()
	own := map[finding.Finding]bool{}
	for _, f := range e.findings {
		own[f] = true
	}
	rest := slices.DeleteFunc(slices.Clone(kept), func(f finding.Finding) bool { return own[f] })
	s.found.Store(&surveyed{rest})
	s.hub.send(s.message(e, nil, nil))
	s.say(Report{Survey: true, Findings: kept, Took: s.opt.Now().Sub(start)})
}

// query answers a search.
func (s *Server) query(q search.Query) (search.Result, error) {
	e := s.engine.Load()
	for e != nil {
		e.uses.RLock()
		if e.index != nil {
			defer e.uses.RUnlock()
			return e.index.Search(q)
		}
		e.uses.RUnlock()
		e = s.engine.Load()
	}
	return search.Result{}, errNotYet
}

var errNotYet = errors.New("the search index is not made yet")

// Base returns the path under which the portal lives, with a final slash.
func (s *Server) Base() string { return s.current.Load().base.Path }

// Close gives back what the server holds.
func (s *Server) Close() error {
	if e := s.engine.Swap(nil); e != nil {
		e.uses.Lock()
		defer e.uses.Unlock()
		index := e.index
		e.index = nil
		return index.Close()
	}
	return nil
}

// file returns a file of the content that pages may link to, by its address.
func (s *Server) file(address string) (string, bool) {
	for _, p := range []string{path.Join(source.Dir, "units", address), path.Join(source.Dir, address)} {
		if strings.EqualFold(path.Ext(p), ".md") || source.RunsCode(p) || !strings.HasPrefix(p, source.Dir+"/units/") && !strings.HasPrefix(p, source.Dir+"/pages/") {
			continue
		}
		if found := source.FileOf(s.opt.Source, p); found != "" {
			return filepath.Join(s.opt.Source, filepath.FromSlash(found)), true
		}
	}
	return "", false
}
