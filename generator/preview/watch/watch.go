// Package watch tells which files below some folders changed, for people who save with whatever editor they have.
//
// Systems tell of folders, not of trees, so that every folder is watched on its own, and a new one is looked through as soon as it is watched: what was
// written into it before would be missed. Editors save in many steps (a new file, a rename over the old one, a lock file beside it); what happens within a
// moment is one change. Where the system cannot tell, files are looked at again and again.
package watch

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"gongkai/generator/disk"
	"gongkai/generator/source"
)

// Options say what to watch.
type Options struct {
	Root     string        // the folder that paths are told from
	Dirs     []string      // folders below it, forward slashes; they may be absent and appear later
	Debounce time.Duration // how long nothing must happen before a change is told
	Longest  time.Duration // how long a change may be held back at most
	Every    time.Duration // how often files are looked at where the system does not tell
	Poll     bool          // look at files even where the system would tell
}

// Change is what happened within a moment.
type Change struct {
	Paths []string // of files and folders, from Root, forward slashes, sorted
	All   bool     // something was missed: anything may have changed
}

// Watcher watches until it is closed.
type Watcher struct {
	opt     Options
	changes chan Change
	stop    chan struct{}
	done    sync.WaitGroup
	once    sync.Once
	events  *fsnotify.Watcher // nil where files are looked at
	why     error             // why they are
	folders map[string]bool   // that the system was asked to tell of
}

// New starts watching. Where the system refuses, because there are too many folders or because the disk is another machine's, files are looked at again and
// again instead, and Polling says why.
func New(opt Options) (*Watcher, error) {
	w := &Watcher{opt: opt, changes: make(chan Change), stop: make(chan struct{}), folders: map[string]bool{}}
	if !opt.Poll {
		if w.why = remote(opt.Root); w.why == nil {
			w.events, w.why = fsnotify.NewWatcher()
		}
		if w.events != nil {
			if w.why = w.watchAll(); w.why != nil {
				_ = w.events.Close()
				w.events = nil
			}
		}
	}
	if w.events != nil {
		w.done.Go(w.listen)
		return w, nil
	}
	seen, err := w.look()
	if err != nil {
		return nil, err
	}
	w.done.Go(func() { w.poll(seen) })
	return w, nil
}

// Changes returns what happens. It is closed when the Watcher is.
func (w *Watcher) Changes() <-chan Change { return w.changes }

// Polling reports whether files are looked at again and again, and why the system cannot tell; nil where that was asked for.
func (w *Watcher) Polling() (bool, error) { return w.events == nil, w.why }

// Close ends the watching.
func (w *Watcher) Close() error {
	w.once.Do(func() {
		close(w.stop)
		if w.events != nil {
			_ = w.events.Close()
		}
		w.done.Wait()
		close(w.changes)
	})
	return nil
}

// watchAll watches the folders, and the root, in which they may appear.
func (w *Watcher) watchAll() error {
	if err := w.events.Add(w.opt.Root); err != nil {
		return err
	}
	for _, dir := range w.opt.Dirs {
		for up := path.Dir(dir); up != "."; up = path.Dir(up) { // themes/default appears in themes
			if err := w.add(up); err != nil {
				return err
			}
		}
		if _, err := w.tree(dir); err != nil {
			return err
		}
	}
	return nil
}

// add watches a folder; one that is absent is none.
func (w *Watcher) add(dir string) error {
	full := filepath.Join(w.opt.Root, filepath.FromSlash(dir))
	if info, err := os.Stat(full); err != nil || !info.IsDir() {
		return nil
	}
	err := w.events.Add(full)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	w.folders[full] = err == nil
	return err
}

// leave stops watching a folder that has gone or has another name now, and what lies in it: the system would go on telling of it under the old name.
func (w *Watcher) leave(full string) {
	if !w.folders[full] {
		return
	}
	for folder := range w.folders {
		if folder == full || strings.HasPrefix(folder, full+string(filepath.Separator)) {
			_ = w.events.Remove(folder) // the system has forgotten it already where it is gone
			delete(w.folders, folder)
		}
	}
}

// tree watches everything below a folder and returns the files that are there.
func (w *Watcher) tree(dir string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(filepath.Join(w.opt.Root, filepath.FromSlash(dir)), func(p string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		rel, ok := w.relative(p)
		switch {
		case !ok:
		case d.IsDir() && p != w.opt.Root && source.Ignored(d.Name()):
			return filepath.SkipDir
		case d.IsDir():
			return w.add(rel)
		case !source.Ignored(d.Name()):
			files = append(files, rel)
		}
		return nil
	})
	return files, err
}

func (w *Watcher) relative(p string) (string, bool) {
	rel, err := filepath.Rel(w.opt.Root, p)
	return filepath.ToSlash(rel), err == nil && rel != "."
}

// concerns reports whether a path lies in a folder that is to be watched, or is one.
func (w *Watcher) concerns(rel string) bool {
	return slices.ContainsFunc(w.opt.Dirs, func(dir string) bool {
		return rel == dir || strings.HasPrefix(rel, dir+"/") || strings.HasPrefix(dir, rel+"/")
	})
}

// listen collects what the system tells until nothing has happened for a while.
func (w *Watcher) listen() {
	var c collection
	quiet, longest := stopped(), stopped()
	for {
		select {
		case <-w.stop:
			return
		case e, ok := <-w.events.Events:
			if !ok {
				return
			}
			if !w.take(e, &c) {
				continue
			}
			quiet.Reset(w.opt.Debounce)
			if !c.waiting {
				c.waiting = true
				longest.Reset(w.opt.Longest)
			}
		case _, ok := <-w.events.Errors:
			if !ok {
				return
			}
			c.all, c.waiting = true, true // the system could not keep pace
			quiet.Reset(w.opt.Debounce)
		case <-quiet.C:
			longest.Stop()
			if !w.tell(c.change()) {
				return
			}
			c = collection{}
		case <-longest.C:
			quiet.Stop()
			if !w.tell(c.change()) {
				return
			}
			c = collection{}
		}
	}
}

func stopped() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

// collection is what has happened so far.
type collection struct {
	paths   map[string]bool
	all     bool
	waiting bool
}

func (c *collection) add(p string) {
	if c.paths == nil {
		c.paths = map[string]bool{}
	}
	c.paths[p] = true
}

func (c *collection) change() Change {
	out := Change{All: c.all}
	for p := range c.paths {
		out.Paths = append(out.Paths, p)
	}
	slices.Sort(out.Paths)
	return out
}

// take adds an event to the collection and reports whether it matters.
func (w *Watcher) take(e fsnotify.Event, c *collection) bool {
	rel, ok := w.relative(e.Name)
	if !ok || e.Op == fsnotify.Chmod || source.Ignored(path.Base(rel)) || !w.concerns(rel) {
		return false
	}
	c.add(rel)
	full := filepath.Join(w.opt.Root, filepath.FromSlash(rel))
	if e.Has(fsnotify.Rename) || e.Has(fsnotify.Remove) {
		w.leave(full)
	}
	if !e.Has(fsnotify.Create) {
		return true
	}
	if info, err := os.Lstat(full); err != nil || !info.IsDir() {
		return true
	}
	files, err := w.tree(rel)
	if err != nil {
		c.all = true // it cannot be watched; look at what is there at least
	}
	for _, f := range files {
		c.add(f)
	}
	return true
}

// tell hands a change over, and reports whether there is somebody to take it.
func (w *Watcher) tell(c Change) bool {
	if len(c.Paths) == 0 && !c.All {
		return true
	}
	select {
	case w.changes <- c:
		return true
	case <-w.stop:
		return false
	}
}

// look returns the stamps of all files.
func (w *Watcher) look() (map[string]disk.Stamp, error) {
	seen := map[string]disk.Stamp{}
	for _, dir := range w.opt.Dirs {
		entries, err := disk.List(filepath.Join(w.opt.Root, filepath.FromSlash(dir)), 2, true)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if !e.Folder && !source.Ignored(path.Base(e.Path)) {
				seen[path.Join(dir, e.Path)] = e.Stamp
			}
		}
	}
	return seen, nil
}

// slowest is how much of its time a poll may take: one part of so many.
const slowest = 20

// poll looks at the files again and again, less often where looking takes long.
func (w *Watcher) poll(seen map[string]disk.Stamp) {
	wait := w.opt.Every
	for {
		timer := time.NewTimer(wait)
		select {
		case <-w.stop:
			timer.Stop()
			return
		case begun := <-timer.C:
			now, err := w.look()
			if err != nil {
				continue // a folder that is being moved; the next look will see
			}
			wait = max(w.opt.Every, slowest*time.Since(begun))
			var c collection
			for p, stamp := range now {
				if before, was := seen[p]; !was || before != stamp {
					c.add(p)
				}
			}
			for p := range seen {
				if _, is := now[p]; !is {
					c.add(p)
				}
			}
			seen = now
			if !w.tell(c.change()) {
				return
			}
		}
	}
}
