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
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"gongkai/generator/audit"
	"gongkai/generator/build"
	"gongkai/generator/finding"
	"gongkai/generator/history"
	"gongkai/generator/site"
	"gongkai/generator/source"
)

// Options say what to check.
type Options struct {
	Source  string    // the folder that holds content and, perhaps, themes
	Portal  string    // the output folder of a build, to see what is still published; need not exist
	BaseURL string    // overrides the settings' where it is not empty
	Now     time.Time // decides what is due
	Jobs    int       // how many files are worked on at once
	Themes  fs.FS     // the built-in themes
}

// Result is what was found.
type Result struct {
	Findings []finding.Finding // sorted
	Site     *site.Site
	Coverage *audit.Coverage
	Pages    int // HTML pages that were rendered
	Links    int // internal links that were checked
	External int // addresses of other sites
}

// Run checks the content. Findings are no errors: the error is one of build.Inspect, or a trouble of the machine.
func Run(ctx context.Context, opt Options) (*Result, error) {
	var listed sync.Map // content paths of texts that list persons
	in, findings, err := build.Inspect(build.Options{
		Source: opt.Source, Destination: opt.Portal, BaseURL: opt.BaseURL, Now: opt.Now, Jobs: opt.Jobs, Themes: opt.Themes,
	}, func(path string, text []byte) []finding.Finding {
		if audit.ListsPersons(text) {
			listed.Store(path, true)
		}
		return audit.Text(path, text)
	})
	if err != nil {
		return nil, err
	}
	s := in.Site
	r := &Result{Site: s, Coverage: audit.Cover(s), Pages: in.Pages, Links: in.Links, External: len(in.External)}
	findings = append(findings, audit.Timeliness(s, func(path string) bool {
		_, ok := listed.Load(path)
		return ok
	})...)
	findings = append(findings, audit.Blank(r.Coverage)...)
	past, err := dates(ctx, opt.Source, s)
	if err != nil {
		return nil, err
	}
	findings = append(findings, past...)
	if opt.Portal != "" {
		still, err := stillPublished(opt.Portal, s)
		if err != nil {
			return nil, err
		}
		findings = append(findings, still...)
	}
	kept, about := audit.Allow(s, findings)
	r.Findings = append(kept, about...)
	finding.Sort(r.Findings)
	return r, nil
}

// dates compares the dates with the history, where there is one.
func dates(ctx context.Context, dir string, s *site.Site) ([]finding.Finding, error) {
	if s.Config.Policy.BackdateDays == 0 {
		return nil, nil
	}
	h, err := history.Read(ctx, dir, source.Dir)
	if errors.Is(err, history.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return audit.Dates(s, h), nil
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
			finding.T("重新运行 gongkai build 并发布；最好每天定时构建一次", "run gongkai build and publish; best once every day")))
	}
	return out, nil
}
