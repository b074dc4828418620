package mend

import (
	"io/fs"
	"net/url"
	"path"
	"strings"
	"sync"

	"gongkai/generator/audit"
	"gongkai/generator/build"
	"gongkai/generator/links"
	"gongkai/generator/render"
	"gongkai/generator/site"
	"gongkai/generator/source"
)

// portal renders the pages that broken links point to, to see which anchors they have.
type portal struct {
	renderer *render.Renderer
	outputs  map[string]*render.Output // pages by address
	bySource map[string]string         // content path -> address of the page made from it
}

// newPortal plans the pages of a site. The error is the theme's.
func newPortal(s *site.Site, base *url.URL, dir string, jobs int, themes fs.FS) (*portal, error) {
	theme, err := build.LoadTheme(dir, themes, base.Path)
	if err != nil {
		return nil, err
	}
	in := render.Input{
		Theme: theme, Base: base, Jobs: jobs, Search: true,
		Read: func(src *site.Source) ([]byte, error) { return source.Body(dir, src) },
		File: func(p string) string { return source.FileOf(dir, p) },
	}
	if s.Config.Policy.Supervision {
		in.Supervision = sync.OnceValue(func() *render.Supervision { return &render.Supervision{Coverage: audit.Cover(s), Late: audit.Late(s)} })
	}
	p := &portal{outputs: map[string]*render.Output{}, bySource: map[string]string{}}
	if p.renderer, err = render.New(s, in); err != nil {
		return nil, err
	}
	list := p.renderer.Outputs()
	for i := range list {
		o := &list[i]
		if !o.HTML {
			continue
		}
		p.outputs[o.Address] = o
		if _, seen := p.bySource[o.Source]; o.Source != "" && !seen {
			p.bySource[o.Source] = o.Address
		}
	}
	return p, nil
}

// address returns the address of the page that is made from a content path, or "".
func (p *portal) address(contentPath string) string { return p.bySource[contentPath] }

// pageOf returns the page that a link of a text leads to.
func (p *portal) pageOf(x *textFile, l *link, documents map[string]string) string {
	switch {
	case l.path == "":
		return p.address(x.file.Path)
	case strings.EqualFold(path.Ext(l.path), ".md"):
		return documents[x.contentPath(l.path)]
	}
	target := l.path
	if !strings.HasPrefix(target, "/") {
		target = path.Join(p.address(x.file.Path), target)
	}
	target = strings.TrimSuffix(target, "index.html")
	if p.outputs[target] != nil {
		return target
	}
	return target + "/"
}

// anchors returns the anchors of a page that stand for a part of its text; nothing where there is no such page.
func (p *portal) anchors(address string) []string {
	o := p.outputs[address]
	if o == nil {
		return nil
	}
	var w render.Buffer
	if _, err := p.renderer.Render(o, &w); err != nil {
		return nil // the check says so
	}
	var out []string
	links.Scan(w.Bytes(), func(kind links.UseKind, value []byte) {
		if kind == links.Anchor {
			out = append(out, string(value))
		}
	})
	return out
}
