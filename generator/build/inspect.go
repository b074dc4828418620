package build

import (
	"cmp"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gongkai/generator/finding"
	"gongkai/generator/site"
	"gongkai/generator/source"
)

// Inspection is what a build would have been made of.
type Inspection struct {
	Site     *site.Site
	Base     *url.URL // the portal's address, with a final slash
	External []External
	Links    int      // internal links that were checked
	Pages    int      // HTML pages
	Files    []string // content paths of the files that pages publish, sorted
	IndexID  string   // of the search index, where one was to be made
}

// External is an address of another site and where the content has it.
type External struct {
	URL string
	At  []finding.Position // sorted
}

// Inspect does everything that a build does except to write: the findings are those of Run. inspect, where it is not nil, is shown each
// text file (source.Options.Inspect). Allowances are not applied yet, and the findings are not sorted.
func Inspect(opt Options, inspect func(path string, text []byte) []finding.Finding) (*Inspection, []finding.Finding, error) {
	b, err := load(opt, source.Options{Inspect: inspect}, true)
	if err != nil {
		return nil, nil, err
	}
	b.renderer.SetSearchIndex("/" + browserFolder + "/")
	if opt.IndexDir != "" {
		if b.index, err = b.startIndexIn(opt.IndexDir, newestIndex(opt.IndexDir)); err != nil {
			return nil, nil, err
		}
	}
	if err := b.renderAll(); err != nil {
		return nil, nil, err
	}
	if err := b.putFiles(); err != nil {
		return nil, nil, err
	}
	b.findings = append(b.findings, b.checkLinks()...)
	if err := b.reportUnused(); err != nil {
		return nil, nil, err
	}
	settings := path.Join(source.Dir, "site.yaml")
	for _, address := range []string{b.site.Config.ReportURL, b.site.Config.OrgMarkURL} {
		if address != "" {
			b.external[address] = append(b.external[address], finding.Position{Path: settings})
		}
	}
	in := &Inspection{Site: b.site, Base: b.base, Links: b.graph.Count(), Pages: b.pages}
	if b.index != nil {
		in.IndexID = b.index.id
		if err := b.index.prune(); err != nil {
			return nil, nil, err
		}
	}
	for address, at := range b.external {
		slices.SortFunc(at, func(a, b finding.Position) int {
			return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
		})
		in.External = append(in.External, External{address, at})
	}
	slices.SortFunc(in.External, func(a, b External) int { return cmp.Compare(a.URL, b.URL) })
	for name := range b.files {
		in.Files = append(in.Files, name)
	}
	slices.Sort(in.Files)
	return in, b.findings, nil
}

// reportUnused reports the files beside documents that nothing names or links to: a forgotten attachment, or one under another name. A document that is not
// published, or was withdrawn, may still mean them in its text.
func (b *builder) reportUnused() error {
	unused := slices.DeleteFunc(b.site.Beside, func(p string) bool { return b.files[p] || b.site.Withdrawn[p] != nil })
	if len(unused) == 0 {
		return nil
	}
	var silent []string
	for p := range b.site.Unpublished {
		silent = append(silent, p)
	}
	for _, d := range b.site.Disclosures {
		if d.Withdrawn {
			silent = append(silent, d.Source.Path)
		}
	}
	texts := map[string]string{} // folder -> what its silent documents say
	for _, p := range silent {
		dir := path.Dir(p)
		if !slices.ContainsFunc(unused, func(f string) bool { return strings.HasPrefix(f, dir+"/") }) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(b.opt.Source, filepath.FromSlash(p)))
		if err != nil {
			return fmt.Errorf("read %s: %w", p, err)
		}
		texts[dir] += string(text)
	}
	for _, p := range unused {
		name, meant := path.Base(p), false
		for dir, text := range texts {
			meant = meant || strings.HasPrefix(p, dir+"/") && (strings.Contains(text, name) || strings.Contains(text, url.PathEscape(name)))
		}
		if !meant {
			if parts := strings.Split(p, "/"); parts[1] == "units" && len(parts) > 5 {
				name = path.Join(parts[4:]...)
			}
			b.report(finding.UnusedFile, finding.Position{Path: p},
				finding.T("没有文档用到这个文件，不会公开", "no document uses this file, so that it is not published"),
				finding.T("写进某个文档的“附件: [%s]”，或在正文里链接；不需要的请移走", "name it in a document's attachments: [%s], or link to it; move it away where it is not needed", name))
		}
	}
	return nil
}

// newestIndex returns the identifier of the index that was made last in a folder of nothing but indexes, or nothing where there is none.
func newestIndex(dir string) string {
	names, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return ""
	}
	newest, at := "", time.Time{}
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && info.ModTime().After(at) {
			newest, at = strings.TrimSuffix(filepath.Base(name), ".json"), info.ModTime()
		}
	}
	return newest
}
