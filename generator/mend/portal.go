package mend

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"gongkai/generator/audit"
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

// themeName is the name of the theme's folder.
const themeName = "default"

// newPortal plans the pages of a site. The error is the theme's.
func newPortal(s *site.Site, base *url.URL, dir string, jobs int, themes fs.FS) (*portal, error) {
	builtin, err := fs.Sub(themes, themeName)
	if err != nil {
		return nil, fmt.Errorf("read the theme: %w", err)
	}
	layers := []fs.FS{builtin}
	own := filepath.Join(dir, "themes", themeName)
	if info, err := os.Stat(own); err == nil && info.IsDir() {
		layers = []fs.FS{os.DirFS(own), builtin}
	}
	theme, err := render.LoadTheme(base.Path, nil, layers...)
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

// baseOf returns the portal's address with a final slash.
func baseOf(text string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Host == "" {
		return nil, errors.New("the portal has no address")
	}
	p := path.Clean("/" + u.Path)
	if p != "/" {
		p += "/"
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: p}, nil
}
