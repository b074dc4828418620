// Package build compiles a content folder into a portal: it reads, renders, checks the links and puts the result in place.
//
// Data flows one way. source.Load makes the site; render plans and renders its outputs, spread over the processors; the bytes go
// to the stage, which writes only what changed; what pages said goes to the search index, and of links to links.Graph. Nothing is put in
// place before all of it is done.
package build

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"gongkai/generator/audit"
	"gongkai/generator/disk"
	"gongkai/generator/finding"
	"gongkai/generator/links"
	"gongkai/generator/memory"
	"gongkai/generator/pack"
	"gongkai/generator/parallel"
	"gongkai/generator/render"
	"gongkai/generator/search/browser"
	"gongkai/generator/site"
	"gongkai/generator/source"
)

// Options say what to build.
type Options struct {
	Source      string    // the folder that holds content and, perhaps, themes
	Destination string    // the output folder
	BaseURL     string    // overrides the settings' where it is not empty
	Now         time.Time // decides what is due and what has expired
	Jobs        int       // how many files are worked on at once
	Themes      fs.FS     // the built-in themes
	NoSearch    bool      // build no index and no search page
	// Cache is the folder of what an earlier build learned, so that only what changed is done again; it is made where it is absent, and
	// may be deleted at any time. Empty: nothing is remembered.
	Cache string
	// Program identifies the program: what another one remembered is of no use. Only where Cache is set.
	Program string
	// Drafts shows what is not to be published yet, too. Only for Inspect.
	Drafts bool
	// IndexDir is a folder in which Inspect makes the server's search index; empty: none is made.
	IndexDir string
	// Sized, where it is not nil, is told about how many disclosures there are, and again when that is known.
	Sized func(disclosures int)
	// Exporting, where it is not nil, is called before the browser's index is written whole, for which the server's index is mapped into memory.
	Exporting func(disclosures int)
	// Progress, where it is not nil, is told how many of the outputs are rendered; it may be called by several goroutines.
	Progress func(done, total int)
}

// Summary is what a build did.
type Summary struct {
	Units, Fields, Items, Disclosures int
	Pages, Files                      int // HTML pages; all files, pages among them
	Bytes                             int64
	Characters                        int64 // of the documents' text
	Written, Removed, Kept            int
	Links                             int // internal links that were checked
	InPlace                           bool
	Search                            *SearchSummary // nil where no index was built
}

// Errors that are the user's to mend: exit code 2.
var (
	ErrDestination = errors.New("the output folder cannot be used")
	ErrBaseURL     = errors.New("not an absolute http or https address")
	ErrSettings    = errors.New("the settings of the portal cannot be used")
	ErrTheme       = render.ErrTheme
)

// A DestinationError says why the output folder cannot be used. It is an ErrDestination.
type DestinationError struct{ Reason finding.Text }

func (e *DestinationError) Error() string        { return ErrDestination.Error() + ": " + e.Reason.EN }
func (e *DestinationError) Is(target error) bool { return target == ErrDestination }

// A SettingsError says that content/site.yaml does not tell name and address of the portal, and what was found in the content so far. It is an ErrSettings.
type SettingsError struct{ Findings []finding.Finding } // sorted

func (e *SettingsError) Error() string        { return ErrSettings.Error() }
func (e *SettingsError) Is(target error) bool { return target == ErrSettings }

// themeName is the name of the theme's folder.
const themeName = "default"

// Run builds the portal. The findings are sorted; a finding of severity error does not keep the portal from being built. The
// error wraps ErrBusy, ErrDestination, ErrBaseURL, ErrSettings, ErrTheme or source.ErrNoContent, is a *ForeignError, or is a trouble of the disk; the
// old portal then stands as it was.
func Run(opt Options) (*Summary, []finding.Finding, error) {
	if err := checkDestination(opt.Source, opt.Destination); err != nil {
		return nil, nil, err
	}
	st, err := openStage(opt.Destination, opt.Cache != "")
	if err != nil {
		return nil, nil, err
	}
	defer st.close()
	var from source.Options
	var remembered *recollection
	var in inputs
	if opt.Cache != "" {
		if remembered, err = recall(opt); err != nil {
			return nil, nil, err
		}
		if in, err = listInputs(opt, remembered.begun); err != nil {
			return nil, nil, err
		}
		if summary, findings, same := remembered.again(opt, in, st); same {
			return summary, findings, nil
		}
		remembered.in = in
		if opt.Sized != nil {
			opt.Sized(in.texts) // memory for what is remembered is needed before anything is read
		}
		remembered.load()
		from.Memory = remembered
	}
	b, err := load(opt, from, false)
	if err != nil {
		return nil, nil, err
	}
	b.stage, b.recall = st, remembered
	var saving, savingTexts *task
	if b.recall != nil {
		b.recall.loaded()
		files := len(b.recall.old.Outputs) // about as many as there will be
		b.recall.now.Outputs = make(map[string]memory.Output, files)
		st.paths = make(map[string]bool, files)
		savingTexts = inBackground(b.recall.saveTexts)
		defer savingTexts.wait()
		b.recall.now.Model = b.modelSum()
	}
	if !opt.NoSearch {
		if b.index, err = b.startIndex(); err != nil {
			return nil, nil, err
		}
	}
	if err := b.renderAll(); err != nil {
		return nil, nil, err
	}
	if err := b.putFiles(); err != nil {
		return nil, nil, err
	}
	st.complete()
	var broken []finding.Finding
	gone := b.outputsGone()
	checking := inBackground(func() error {
		err := b.addReused(gone)
		if err == nil {
			broken = b.checkLinks()
		}
		return err
	})
	if gone { // pages are read again, which lie where they did before commit
		if err := checking.wait(); err != nil {
			return nil, nil, err
		}
	}
	if err := b.reportGone(); err != nil {
		return nil, nil, err
	}
	res, err := st.commit()
	if err != nil {
		return nil, nil, err
	}
	st.clean()
	if b.recall != nil {
		if err := savingTexts.wait(); err != nil {
			return nil, nil, err
		}
		if saving, err = b.recall.startSaving(st); err != nil {
			return nil, nil, err
		}
		defer saving.wait()
	}
	if b.index != nil {
		if err := b.index.prune(); err != nil {
			return nil, nil, err
		}
	}
	for _, name := range res.foreign {
		if !isHousekeeping(path.Base(name)) {
			b.report(finding.ForeignFile, finding.Position{Path: path.Join(filepath.Base(opt.Destination), name)},
				finding.T("这个文件不是本程序写的，保留不动", "this file was not written by this program and is left alone"),
				finding.T("如果是多余的，请自行删除", "delete it by hand where it is not wanted"))
		}
	}
	if err := checking.wait(); err != nil {
		return nil, nil, err
	}
	b.findings = append(b.findings, broken...)
	findings := b.allow()
	finding.Sort(findings)
	summary := b.summary(res)
	if b.recall != nil {
		if err := errors.Join(b.recall.end(b, in, st, summary, lasting(findings)), saving.wait()); err != nil {
			return nil, nil, err
		}
	}
	return summary, findings, nil
}

// load reads the content and plans the outputs.
func load(opt Options, from source.Options, inspecting bool) (*builder, error) {
	// the theme is read beside the content: neither needs the other
	var theme *render.Theme
	reading := inBackground(func() (err error) {
		theme, err = readTheme(opt.Source, opt.Themes)
		return err
	})
	from.Dir, from.Now, from.Jobs, from.Drafts = opt.Source, opt.Now, opt.Jobs, opt.Drafts
	s, findings, err := source.Load(from)
	if err != nil {
		return nil, err
	}
	if opt.Sized != nil {
		opt.Sized(len(s.Disclosures))
	}
	b := &builder{opt: opt, site: s, findings: findings, files: map[string]bool{}}
	if inspecting {
		b.external = map[string][]finding.Position{}
	}
	return b, b.prepare(func() (*render.Theme, error) {
		err := reading.wait()
		return theme, err
	})
}

// put gives an output to the stage, where there is one.
func (b *builder) put(name string, data []byte, scratch *[]byte) error {
	if b.stage == nil {
		return nil
	}
	return b.stage.put(name, data, scratch)
}

// allow returns the findings that no file declares to be right.
func (b *builder) allow() []finding.Finding {
	kept, _ := audit.Allow(b.site, b.findings)
	return kept
}

// checkDestination refuses an output folder that would swallow the content.
func checkDestination(src, dest string) error {
	dest, err := filepath.Abs(dest)
	if err != nil {
		return err
	}
	for _, name := range []string{source.Dir, "themes"} {
		keep, err := filepath.Abs(filepath.Join(src, name))
		if err != nil {
			return err
		}
		if within(dest, keep) || within(keep, dest) {
			return &DestinationError{finding.T("%s 和 %s 一个在另一个里面", "%s and %s lie in one another", dest, keep)}
		}
	}
	if info, err := os.Stat(dest); err == nil && !info.IsDir() {
		return &DestinationError{finding.T("%s 是一个文件", "%s is a file", dest)}
	}
	return nil
}

// within reports whether p is dir or lies in it.
func within(p, dir string) bool {
	rel, err := filepath.Rel(dir, p)
	return err == nil && filepath.IsLocal(rel)
}

// builder is the state of one build.
type builder struct {
	opt      Options
	site     *site.Site
	stage    *stage // nil where nothing is written
	base     *url.URL
	theme    *render.Theme
	renderer *render.Renderer
	ahead    func() // what is to begin before the first page is rendered; nil where nothing is
	graph    *links.Graph

	mu         sync.Mutex
	findings   []finding.Finding
	files      map[string]bool                  // content paths of files to publish
	anchored   map[string][]render.ResolvedLink // page -> its links that have a fragment
	characters atomic.Int64
	pages      int
	index      *indexing                     // nil where there is no search
	recall     *recollection                 // nil where nothing is remembered
	external   map[string][]finding.Position // links to other sites -> where they stand; nil where the portal is not inspected
}

func (b *builder) report(rule *finding.Rule, at finding.Position, message, mend finding.Text) {
	b.findings = append(b.findings, finding.New(rule, at, message, mend))
}

// prepare reads the address, takes the theme, and plans the outputs.
func (b *builder) prepare(theme func() (*render.Theme, error)) error {
	base, err := Base(b.site, b.opt.BaseURL, b.findings)
	if err != nil {
		return err
	}
	b.base = base
	if b.theme, err = theme(); err != nil {
		return err
	}
	b.theme.Under(base.Path)
	var supervision func() *render.Supervision
	if b.site.Config.Policy.Supervision {
		supervision = sync.OnceValue(func() *render.Supervision {
			return &render.Supervision{Coverage: audit.Cover(b.site), Late: audit.Late(b.site)}
		})
		b.ahead = func() { supervision() } // many pages wait for it
	}
	b.renderer, err = render.New(b.site, render.Input{
		Supervision: supervision,
		Theme:       b.theme, Base: base, Jobs: b.opt.Jobs,
		Read:   func(src *site.Source) ([]byte, error) { return source.TakeBody(b.opt.Source, src) },
		File:   func(p string) string { return source.FileOf(b.opt.Source, p) },
		Search: !b.opt.NoSearch, Advice: b.external != nil,
	})
	if err != nil {
		return err
	}
	b.graph = links.NewGraph(base)
	b.anchored = map[string][]render.ResolvedLink{}
	for _, o := range b.renderer.Outputs() {
		b.graph.Define(o.Address)
	}
	for _, f := range b.theme.Files() {
		b.graph.Define("/" + f.Path)
	}
	b.graph.DefineFragments(b.renderer.Fragments)
	return nil
}

// LoadTheme reads the theme of a source folder, over the built-in ones, for a portal under a path with a final slash. The error wraps ErrTheme.
func LoadTheme(dir string, builtin fs.FS, base string) (*render.Theme, error) {
	t, err := readTheme(dir, builtin)
	if err == nil {
		t.Under(base)
	}
	return t, err
}

// readTheme is LoadTheme for a portal at the top of its host.
func readTheme(dir string, builtin fs.FS) (*render.Theme, error) {
	var layers []fs.FS
	if disk := filepath.Join(dir, "themes", themeName); isFolder(disk) {
		layers = append(layers, os.DirFS(disk))
	}
	below, err := fs.Sub(builtin, themeName)
	if err != nil {
		return nil, err
	}
	scripts := map[string][]byte{"search.js": browser.Engine()}
	return render.LoadTheme(scripts, append(layers, below)...)
}

func isFolder(p string) bool {
	info, err := os.Stat(p)
	return err == nil && info.IsDir()
}

// Base returns the address of the portal: the given one, or where it is empty that of the settings. Where it is at fault the error wraps ErrBaseURL; where the
// settings do not tell what a portal has to have it is a *SettingsError with the findings.
func Base(s *site.Site, instead string, findings []finding.Finding) (*url.URL, error) {
	if instead != "" {
		if _, ok := site.ParseBase(instead); !ok {
			return nil, fmt.Errorf("%w: %q", ErrBaseURL, instead)
		}
	}
	base, ok := site.ParseBase(cmp.Or(instead, s.Config.BaseURL))
	if !ok || s.Config.Name == "" {
		kept, _ := audit.Allow(s, findings)
		kept = slices.Clone(kept)
		finding.Sort(kept)
		return nil, &SettingsError{kept}
	}
	return base, nil
}

// renderAll renders the outputs, those that quote others last.
func (b *builder) renderAll() error {
	outputs := b.renderer.Outputs()
	var first, last []*render.Output
	for i := range outputs {
		if o := &outputs[i]; o.Late {
			last = append(last, o)
		} else {
			first = append(first, o)
		}
		if outputs[i].HTML {
			b.pages++
		}
	}
	var done atomic.Int64
	workers := make([]worker, max(1, b.opt.Jobs))
	if cold := b.recall == nil || len(b.recall.old.Outputs) == 0; cold && b.ahead != nil {
		var ahead sync.WaitGroup
		ahead.Go(b.ahead)
		defer ahead.Wait()
	}
	for i, part := range [][]*render.Output{first, last} {
		if i == 1 {
			b.graph.ForgetFragments() // of a large district they are many
		}
		if i == 1 && b.index != nil {
			if err := b.finishIndex(); err != nil {
				return err
			}
		}
		errs := make([]error, len(part))
		var failed atomic.Bool
		parallel.Do(len(workers), len(part), func(w, i int) {
			if failed.Load() {
				return
			}
			if errs[i] = b.renderOne(&workers[w], part[i]); errs[i] != nil {
				failed.Store(true)
			}
			if b.opt.Progress != nil {
				b.opt.Progress(int(done.Add(1)), len(outputs))
			}
		})
		for _, err := range errs {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// worker is what one worker uses again for each output.
type worker struct {
	page    render.Buffer
	scratch []byte
}

func (b *builder) renderOne(w *worker, o *render.Output) error {
	if b.recall != nil {
		if done, err := b.reuse(w, o); done || err != nil {
			return err
		}
	}
	w.page.Reset()
	var page render.Page
	var key render.Key
	var err error
	if b.recall != nil {
		page, key, err = b.renderer.RenderKeyed(o, &w.page)
	} else {
		page, err = b.renderer.Render(o, &w.page)
	}
	if err != nil {
		return err
	}
	facts := memory.Facts{
		Anchored: page.Links, Files: page.Files, Findings: page.Findings, Asked: page.Asked, Excerpt: page.Excerpt, Characters: utf8.RuneCountInString(page.Text),
	}
	if o.HTML || o.Feed {
		facts.Links = b.graph.AddPage(o.Address, w.page.Bytes(), w.page.Markup(), page.Pieces)
	}
	if o.Body != nil {
		facts.Text = memory.Sum(o.Body.Sum[:16])
	}
	if b.index != nil {
		if facts.Document, err = b.index.add(o.Subject, &page); err != nil {
			return err
		}
	}
	b.take(o, &facts)
	if b.external != nil && len(page.External) > 0 {
		b.mu.Lock()
		for _, l := range page.External {
			b.external[l.Destination] = append(b.external[l.Destination], finding.Position{Path: o.Source, Line: l.Line, Column: l.Column})
		}
		b.mu.Unlock()
	}
	if err := b.put(o.Path, w.page.Bytes(), &w.scratch); err != nil || b.recall == nil {
		return err
	}
	b.recall.note(o.Path, memory.Output{Key: key, Sum: pack.SumOf(w.page.Bytes()), Size: int64(w.page.Len()), Facts: facts.Encode()})
	return nil
}

// take adds what rendering an output found to what the build found.
func (b *builder) take(o *render.Output, f *memory.Facts) {
	b.characters.Add(int64(f.Characters))
	if len(f.Findings)+len(f.Files)+len(f.Anchored) == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.findings = append(b.findings, f.Findings...)
	for _, name := range f.Files {
		b.files[name] = true
	}
	if len(f.Anchored) > 0 {
		b.anchored[o.Address] = f.Anchored
	}
}

// putFiles adds the theme's assets and the files that pages publish.
func (b *builder) putFiles() error {
	var scratch []byte
	for _, f := range b.theme.Files() {
		if err := b.put(f.Path, f.Data, &scratch); err != nil {
			return err
		}
		if b.recall != nil {
			b.recall.note(f.Path, memory.Output{Sum: pack.SumOf(f.Data), Size: int64(len(f.Data))})
		}
	}
	names := make([]string, 0, len(b.files))
	for name := range b.files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		address := render.FileAddress(name)
		b.graph.DefineFile(address)
		if b.stage == nil {
			continue
		}
		if err := b.putFile(name, address[1:], &scratch); err != nil {
			return err
		}
	}
	return nil
}

// putFile publishes a file of the content as it is. One that was not written since the last build, and is in the output folder, is not read.
func (b *builder) putFile(name, address string, scratch *[]byte) error {
	full := filepath.Join(b.opt.Source, filepath.FromSlash(name))
	info, err := os.Stat(full)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	if b.recall != nil {
		old, known := b.recall.old.Outputs[address]
		if file := b.recall.old.Files[name]; known && file.Stamp == disk.StampOf(info) && old.Key == render.Key(file.Sum[:16]) && b.stage.has(address, &old) {
			b.recall.note(address, old)
			b.recall.keepFile(name, file)
			return b.stage.keep(address, address, old.Size)
		}
	}
	data, err := os.ReadFile(full)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	if err := b.put(address, data, scratch); err != nil || b.recall == nil {
		return err
	}
	sum := sha256.Sum256(data)
	b.recall.note(address, memory.Output{Key: render.Key(sum[:16]), Sum: pack.SumOf(data), Size: int64(len(data))})
	_, err = b.recall.Sum(name, disk.StampOf(info), func() ([32]byte, error) { return sum, nil })
	return err
}

// checkLinks returns the links that lead to nothing: at the place in the Markdown where one stands there, and otherwise, because it
// is the theme's, once for all pages that have it.
func (b *builder) checkLinks() (found []finding.Finding) {
	report := func(rule *finding.Rule, at finding.Position, message, mend finding.Text) {
		found = append(found, finding.New(rule, at, message, mend))
	}
	all := b.graph.Broken()
	if len(all) == 0 {
		return nil
	}
	sources := map[string]string{}
	for _, o := range b.renderer.Outputs() {
		if o.Source != "" {
			sources[o.Address] = o.Source
		}
	}
	type fault struct{ value, fragment string }
	pages := map[fault]int{}
	var ofTheme []links.Broken
	for _, broken := range all {
		i := slices.IndexFunc(b.anchored[broken.Page], func(l render.ResolvedLink) bool { return l.Href == broken.Value })
		if i < 0 {
			k := fault{broken.Value, broken.Fragment}
			if pages[k]++; pages[k] == 1 {
				ofTheme = append(ofTheme, broken)
			}
			continue
		}
		l := b.anchored[broken.Page][i]
		mend := finding.T("用目标页面的某个标题文字，标点换成减号", "use the text of a heading of that page, with hyphens for punctuation")
		if near := source.Nearest(broken.Fragment, b.graph.Anchors(broken.Target)); near != "" {
			mend = finding.T("是不是“#%s”？", "did you mean \"#%s\"?", near)
		}
		report(finding.BrokenAnchor, finding.Position{Path: sources[broken.Page], Line: l.Line, Column: l.Column},
			finding.T("页面 %s 上没有“#%s”这个标题", "the page %s has no heading #%s", broken.Target, broken.Fragment), mend)
	}
	for _, broken := range ofTheme {
		n := pages[fault{broken.Value, broken.Fragment}]
		report(finding.BrokenLink, finding.Position{Path: path.Join(filepath.Base(b.opt.Destination), broken.Page, "index.html")},
			finding.T("主题写出的链接“%s”打不开，共 %d 个页面", "the link %q, written by the theme on %d pages, leads nowhere", broken.Value, n),
			finding.T("检查主题模板里的地址", "mend the address in the theme's templates"))
	}
	return found
}

func (b *builder) summary(res result) *Summary {
	s := &Summary{
		Search: b.index.summary(),
		Units:  len(b.site.Units), Fields: len(b.site.Fields), Pages: b.pages,
		Files: res.written + res.kept, Bytes: res.bytes, Characters: b.characters.Load(),
		Written: res.written, Removed: res.removed, Kept: res.kept, Links: b.graph.Count(), InPlace: res.inPlace,
	}
	for _, f := range b.site.Fields {
		s.Items += len(f.Items)
	}
	for _, d := range b.site.Disclosures {
		if !d.Withdrawn {
			s.Disclosures++
		}
	}
	return s
}
