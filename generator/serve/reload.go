package serve

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"sync/atomic"

	"gongkai/generator/render"
)

// generation is one build: its folder, its engine, and its search page. It is closed when nobody uses it any more.
type generation struct {
	site          *Site
	version       string
	root          *os.Root
	answer        *template.Template
	before, after []byte // the search page around the answer; nil where the portal has no such page
	uses          atomic.Int64
}

func (g *generation) release() {
	if g.uses.Add(-1) == 0 {
		_ = g.root.Close()
		if g.site.Engine != nil {
			_ = g.site.Engine.Close()
		}
	}
}

// acquire returns the current generation, which is to be released.
func (s *Server) acquire() *generation {
	for {
		g := s.current.Load()
		n := g.uses.Load()
		if n > 0 && g.uses.CompareAndSwap(n, n+1) {
			return g
		}
	}
}

// reloadIfNew opens a build that is newer than the current one.
func (s *Server) reloadIfNew() error {
	s.reloads.Lock()
	defer s.reloads.Unlock()
	version, err := s.opt.Version()
	if err != nil {
		return fmt.Errorf("serve: look for a new build: %w", err)
	}
	if version == s.current.Load().version {
		return nil
	}
	return s.open(version)
}

// reload opens the build for the first time.
func (s *Server) reload() error {
	s.reloads.Lock()
	defer s.reloads.Unlock()
	version, err := s.opt.Version()
	if err != nil {
		return fmt.Errorf("serve: look for the build: %w", err)
	}
	return s.open(version)
}

func (s *Server) open(version string) error {
	root, err := os.OpenRoot(s.opt.Public)
	if err != nil {
		return fmt.Errorf("serve: open the portal: %w", err)
	}
	site, err := s.opt.Open()
	if err != nil {
		return errors.Join(fmt.Errorf("serve: open the build: %w", err), root.Close())
	}
	g := &generation{site: site, version: version, root: root}
	g.uses.Store(1)
	if g.answer, err = render.ParseSearchTemplate(site.SearchMain); err != nil {
		g.release()
		return fmt.Errorf("serve: open the build: %w", err)
	}
	page, err := root.ReadFile("search/index.html")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		g.release()
		return fmt.Errorf("serve: read the search page: %w", err)
	}
	before, rest, found := bytes.Cut(page, []byte(render.SearchBegin))
	_, after, closed := bytes.Cut(rest, []byte(render.SearchEnd))
	if found && closed {
		g.before, g.after = before, after
	}
	if old := s.current.Swap(g); old != nil {
		s.opt.Log.Info("已换用新的构建", "version", version)
		old.release()
	}
	return nil
}
