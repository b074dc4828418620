// Package check inspects a district's content as the supervisor and the editor's conscience would: everything that a build finds, and
// beyond it timeliness, coverage, dates, personal data, attachments, advice on the text and, where asked, links to other sites.
//
// It writes nothing but the cache of external links. Each judgement belongs to another package; here they meet.
package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"

	"gongkai/generator/audit"
	"gongkai/generator/build"
	"gongkai/generator/calendar"
	"gongkai/generator/finding"
	"gongkai/generator/history"
	"gongkai/generator/privacy"
	"gongkai/generator/search"
	"gongkai/generator/site"
	"gongkai/generator/source"
)

// Options say what to check.
type Options struct {
	Source  string    // the folder that holds content and, perhaps, themes
	Portal  string    // the output folder of a build, to see what is still published and to try its search; need not exist
	BaseURL string    // overrides the settings' where it is not empty
	Now     time.Time // decides what is due
	Jobs    int       // how many files are worked on at once
	Themes  fs.FS     // the built-in themes
	AsOf    bool      // Now is a day of the past: that something was published later is no finding
	Score   bool      // estimate what an inspection would deduct
	// External, where it is not nil, has links to other sites checked.
	External *External
}

// Result is what was found.
type Result struct {
	Findings []finding.Finding // sorted
	Site     *site.Site
	Coverage *audit.Coverage
	Card     *audit.Card // nil where it was not asked for
	Pages    int         // HTML pages that were rendered
	Links    int         // internal links that were checked
	External int         // addresses of other sites
	Files    int         // attachments and linked files that were inspected
}

// Run checks the content. Findings are no errors: the error is one of build.Inspect, wraps ErrIndicators, or is a trouble of the machine.
func Run(ctx context.Context, opt Options) (*Result, error) {
	x := &inspector{texts: map[string]facts{}, score: opt.Score, scanner: privacy.NewScanner(calendar.DateOf(opt.Now))}
	in, findings, err := build.Inspect(build.Options{
		Source: opt.Source, Destination: opt.Portal, BaseURL: opt.BaseURL, Now: opt.Now, Jobs: opt.Jobs, Themes: opt.Themes,
	}, x.text)
	if err != nil {
		return nil, err
	}
	s := in.Site
	r := &Result{Site: s, Coverage: audit.Cover(s), Pages: in.Pages, Links: in.Links, External: len(in.External), Files: len(in.Files)}
	past, unseen, err := dates(ctx, opt.Source, s)
	if err != nil {
		return nil, err
	}
	still, err := stillPublished(opt.Portal, s)
	if err != nil {
		return nil, err
	}
	allowed := audit.NewAllowances(s)
	inside, err := attachments(opt.Source, opt.Jobs, s, x.published(in.Files), x.scanner, allowed)
	if err != nil {
		return nil, err
	}
	if opt.External != nil {
		outside, err := external(ctx, *opt.External, s.Config.Policy.External, in.External)
		if err != nil {
			return nil, err
		}
		findings = append(findings, outside...)
	}
	findings = slices.Concat(findings, audit.Timeliness(s, x.persons(opt.Source)), audit.Blank(r.Coverage), past, still)
	r.Findings = slices.Concat(allowed.Kept(findings), inside, x.private(allowed))
	r.Findings = append(r.Findings, allowed.About()...)
	if opt.AsOf {
		r.Findings = withoutLater(r.Findings)
	}
	finding.Sort(r.Findings)
	if opt.Score {
		if opt.External == nil {
			skipped := finding.T("没有检查外部链接", "links to other sites were not checked")
			unseen[finding.BrokenExternal.ID], unseen[finding.ForeignHost.ID] = skipped, skipped
		}
		if r.Card, err = score(opt, r, x, in.Base.Hostname(), unseen); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// withoutLater leaves out that documents were not published yet, and the links to them.
func withoutLater(findings []finding.Finding) []finding.Finding {
	later := map[string]bool{}
	for _, f := range findings {
		later[f.Position.Path] = later[f.Position.Path] || f.Rule == finding.FutureDate
	}
	return slices.DeleteFunc(findings, func(f finding.Finding) bool {
		return f.Rule == finding.FutureDate || f.Rule == finding.LinkToUnlisted && later[f.Key]
	})
}

// inspector looks at each text as it is written.
type inspector struct {
	score   bool
	scanner *privacy.Scanner
	mu      sync.Mutex
	texts   map[string]facts // content path -> what later judgements ask of the text
}

// facts is what later judgements ask of a text.
type facts struct {
	persons bool     // lists persons in a table
	links   bool     // links to another document
	forms   bool     // mentions a form
	files   bool     // links to a file that can be downloaded
	missing []string // key elements of a guide that it does not mention
	private []located
	linked  []link
}

var (
	documentLink = regexp.MustCompile(`\]\([^()\s]+\.md[)#]`)
	fileLink     = regexp.MustCompile(`(?i)\]\([^()\s]+\.(docx?|xlsx?|wps|et|pdf|rtf|odt|ods|zip)\)`)
	formName     = regexp.MustCompile(`(申请|申报|登记|审批|审核|报名|备案)表|样表|表格`)
)

// text inspects one file; it is called by several goroutines.
func (x *inspector) text(path string, text []byte) []finding.Finding {
	f := facts{persons: audit.ListsPersons(text), private: locate(x.scanner, string(text)), linked: fileLinks(path, text)}
	if x.score {
		f.links, f.missing = documentLink.Match(text), audit.MissingElements(text)
		f.forms, f.files = formName.Match(text), fileLink.Match(text)
	}
	x.mu.Lock()
	x.texts[path] = f
	x.mu.Unlock()
	return slices.Concat(audit.Text(path, text), privateName(x.scanner, path))
}

// private reports the personal data of all texts but what they allow.
func (x *inspector) private(allowed *audit.Allowances) []finding.Finding {
	var out []finding.Finding
	for _, name := range slices.Sorted(maps.Keys(x.texts)) {
		if found := x.texts[name].private; len(found) > 0 {
			out = append(out, private(name, found, allowed)...)
		}
	}
	return out
}

// published returns where the files that links publish are linked first.
func (x *inspector) published(files []string) map[string]finding.Position {
	at := map[string]finding.Position{}
	for _, name := range files {
		at[name] = finding.Position{Path: name}
	}
	for _, name := range slices.Sorted(maps.Keys(x.texts)) {
		for _, l := range x.texts[name].linked {
			if p, ok := at[l.file]; ok && p.Path == l.file {
				at[l.file] = l.at
			}
		}
	}
	return at
}

// dates compares the dates with the history. Where there is none it says why the rules could not be looked at.
func dates(ctx context.Context, dir string, s *site.Site) (found []finding.Finding, unseen map[string]finding.Text, err error) {
	unseen = map[string]finding.Text{}
	skip := func(why finding.Text) {
		unseen[finding.Backdated.ID], unseen[finding.Redated.ID] = why, why
	}
	if s.Config.Policy.BackdateDays == 0 {
		skip(finding.T("site.yaml 里关掉了日期核对", "site.yaml has dates not compared"))
		return nil, unseen, nil
	}
	h, err := history.Read(ctx, dir, source.Dir)
	if errors.Is(err, history.ErrNone) {
		skip(finding.T("没有版本库，不能核对日期", "there is no history to compare dates with"))
		return nil, unseen, nil
	}
	if err != nil {
		return nil, unseen, err
	}
	if h.Shallow {
		skip(finding.T("只有最近的提交记录，不能核对日期", "only the newest commits are here; dates cannot be compared"))
	}
	return audit.Dates(s, h), unseen, nil
}

// notice tells the short notice that stands in the place of a withdrawn document: it is not for search engines.
var notice = regexp.MustCompile(`name="?robots"? content="?noindex`)

// stillPublished finds documents whose time has passed in a portal that was built before.
func stillPublished(portal string, s *site.Site) ([]finding.Finding, error) {
	var out []finding.Finding
	for _, d := range s.Disclosures {
		if !d.Withdrawn {
			continue
		}
		page, err := os.ReadFile(filepath.Join(portal, filepath.FromSlash(d.Address()), "index.html"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("look at the portal: %w", err)
		}
		if notice.Match(page) {
			continue
		}
		out = append(out, finding.New(finding.StillPublished, d.Source.At("expires"),
			finding.T("有效期至 %s 已过，%s 上的页面还是到期前的", "it ran out on %s, but the page at %s was made before", d.Expires, d.Address()),
			finding.T("重新运行 gongkai build 并发布；最好每天定时构建一次", "run gongkai build and publish; best once every day")).About("page"))
	}
	return out, nil
}

// ErrIndicators says that the district's own file of indicators cannot be read.
var ErrIndicators = errors.New("the indicators are at fault")

// score estimates what an inspection would say.
func score(opt Options, r *Result, x *inspector, host string, unseen map[string]finding.Text) (*audit.Card, error) {
	indicators := audit.DefaultIndicators()
	own, err := os.ReadFile(filepath.Join(opt.Source, source.Dir, source.IndicatorsFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("read the indicators: %w", err)
	default:
		if indicators, err = audit.ParseIndicators(own); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrIndicators, err)
		}
	}
	e := audit.Evidence{
		Coverage: r.Coverage, Findings: r.Findings, Guides: map[string][]string{}, Unseen: unseen, Host: host,
		Forms: func(d *site.Disclosure) bool {
			t := x.texts[d.Source.Path]
			return t.forms && !t.files && len(d.Attachments) == 0
		},
		Interprets: func(d *site.Disclosure) bool { return len(d.Related) > 0 || x.texts[d.Source.Path].links },
	}
	for _, d := range r.Site.Disclosures {
		if d.Kind == "办事指南" {
			e.Guides[d.Source.Path] = x.texts[d.Source.Path].missing
		}
	}
	idx, err := build.OpenIndex(opt.Portal)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, search.ErrOutdated): // nothing built yet: the search is not judged
	case err != nil:
		return nil, err
	default:
		defer idx.Close()
		e.Found = func(d *site.Disclosure) (bool, error) {
			text := []rune(d.Title)
			res, err := idx.Search(search.Query{Text: string(text[:min(len(text), search.MaxQuery)])})
			if err != nil {
				return false, fmt.Errorf("search for %q: %w", d.Title, err)
			}
			return slices.ContainsFunc(res.Hits, func(h search.Hit) bool { return h.URL == d.Address() }), nil
		}
	}
	card, err := indicators.Score(e)
	return &card, err
}
