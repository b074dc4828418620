package build

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"gongkai/generator/memory"
	"gongkai/generator/pack"
	"gongkai/generator/render"
	"gongkai/generator/search"
	"gongkai/generator/search/browser"
	"gongkai/generator/site"
)

// SearchSummary is what became of the search index.
type SearchSummary struct {
	Documents    int
	Bytes        int64 // of the server's index
	BrowserFiles int
	BrowserBytes int64
	Took         time.Duration // work on both indexes, summed over the workers
}

// SearchDir returns the folder that holds the indexes of an output folder. It lies beside it, because what is in the output folder is public.
func SearchDir(destination string) (string, error) {
	dest, err := filepath.Abs(destination)
	if err != nil {
		return "", fmt.Errorf("find the search index: %w", err)
	}
	return filepath.Join(filepath.Dir(dest), workFolder, filepath.Base(dest)+".search"), nil
}

// CacheDir returns the folder in which builds of an output folder remember what they learned. It lies beside it and may be deleted at any time.
func CacheDir(destination string) (string, error) {
	dest, err := filepath.Abs(destination)
	if err != nil {
		return "", fmt.Errorf("find the cache: %w", err)
	}
	return filepath.Join(filepath.Dir(dest), workFolder, filepath.Base(dest)+".cache"), nil
}

// browserFolder is where the browser's index lies in the output folder, in a folder named by the index's identifier.
const browserFolder = "assets/search"

// What a build keeps with its index for servers: the theme's template of answers, and the path under which the portal lives.
const (
	SearchTemplate = "search-main.html"
	SearchBase     = "base"
)

// SearchID returns the identifier of the index that belongs to the portal in the output folder.
func SearchID(destination string) (string, error) {
	entries, err := os.ReadDir(filepath.Join(destination, filepath.FromSlash(browserFolder)))
	if err != nil {
		return "", fmt.Errorf("find the search index: %w", err)
	}
	for _, e := range entries {
		if e.IsDir() {
			return e.Name(), nil
		}
	}
	return "", fmt.Errorf("find the search index: %w", fs.ErrNotExist)
}

// OpenIndex opens the index that belongs to the portal in the output folder. The error wraps fs.ErrNotExist where there is none.
func OpenIndex(destination string) (*search.Index, error) {
	dir, err := SearchDir(destination)
	if err != nil {
		return nil, err
	}
	id, err := SearchID(destination)
	if err != nil {
		return nil, err
	}
	return search.Open(dir, id)
}

// indexing makes the indexes of one build.
type indexing struct {
	dir, previous, id string
	meta              search.Meta
	state             *browser.State // of the browser's index that belongs to previous; nil where it is not known
	writer            *search.Writer
	spent             atomic.Int64 // nanoseconds
	done              SearchSummary
}

// has returns the identifiers of the old index's documents, where they are known.
func (x *indexing) has() []string {
	if x.state == nil {
		return nil
	}
	return x.state.IDs
}

// startIndex begins the index of the output folder.
func (b *builder) startIndex() (*indexing, error) {
	dir, err := SearchDir(b.opt.Destination)
	if err != nil {
		return nil, err
	}
	previous, err := SearchID(b.opt.Destination)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return b.startIndexIn(dir, previous)
}

// startIndexIn begins an index in a folder, from an earlier one where there is one, with what is known without rendering: the catalogs.
func (b *builder) startIndexIn(dir, previous string) (*indexing, error) {
	x := &indexing{dir: dir, previous: previous, meta: search.MetaOf(b.site)}
	if b.recall != nil {
		if x.state = browser.ReadState(b.recall.old.Search); x.state != nil && x.state.ID != previous {
			x.state = nil
		}
	}
	var err error
	if x.writer, err = search.NewWriter(x.dir, x.meta, x.previous, x.has(), len(b.site.Disclosures), b.opt.Jobs); err != nil {
		return nil, err
	}
	for _, f := range b.site.Fields {
		if _, err := x.writer.Add(search.OfField(f)); err != nil {
			return nil, err
		}
		for _, it := range f.Items {
			if _, err := x.writer.Add(search.OfItem(f, it, b.renderer.ItemID(it))); err != nil {
				return nil, err
			}
		}
	}
	return x, nil
}

// add adds what a page is of and returns the document's identifier, which is empty where the page is of nothing to be found.
func (x *indexing) add(subject any, page *render.Page) (string, error) {
	var d search.Document
	switch s := subject.(type) {
	case *site.Disclosure:
		d = search.OfDisclosure(s, page.Headings, page.Text)
	case *site.Unit:
		d = search.OfUnit(s, page.Text)
	case *site.Page:
		d = search.OfPage(s, page.Headings, page.Text)
	default:
		return "", nil
	}
	start := time.Now()
	id, err := x.writer.Add(d)
	x.spent.Add(int64(time.Since(start)))
	return id, err
}

// finishIndex completes the server's index and writes the browser's, whose folder the search page names.
func (b *builder) finishIndex() error {
	x := b.index
	start := time.Now()
	var err error
	if x.id, err = x.writer.Finish(); err != nil {
		return err
	}
	x.done.Documents = x.writer.Len()
	if b.stage == nil {
		return nil
	}
	b.renderer.SetSearchIndex("/" + browserFolder + "/" + x.id + "/")
	if kept, err := b.keepBrowserIndex(); err != nil {
		return err
	} else if !kept {
		if err := b.renewBrowserIndex(); err != nil {
			return err
		}
	}
	if x.done.Bytes, err = search.Size(x.dir, x.id); err != nil {
		return err
	}
	if err := search.Attach(x.dir, x.id, SearchTemplate, []byte(b.theme.SearchTemplate())); err != nil {
		return err
	}
	if err := search.Attach(x.dir, x.id, SearchBase, []byte(b.base.Path)); err != nil {
		return err
	}
	x.done.Took = time.Duration(x.spent.Load()) + time.Since(start)
	return nil
}

// renewBrowserIndex makes the browser's index of the server's, by patching the old one where that can be done.
func (b *builder) renewBrowserIndex() error {
	x := b.index
	if x.previous != "" && x.previous != x.id {
		b.stage.moveFolder(browserFolder+"/"+x.previous, browserFolder+"/"+x.id)
	}
	if patched, err := b.patchBrowserIndex(); patched || err != nil {
		return err
	}
	idx, err := search.Open(x.dir, x.id)
	if err != nil {
		return err
	}
	defer idx.Close()
	if b.opt.Exporting != nil {
		b.opt.Exporting(len(b.site.Disclosures))
	}
	folder, before := browserFolder+"/"+x.id+"/", browserFolder+"/"+x.previous+"/"
	scratch := make([][]byte, b.opt.Jobs)
	stats, state, err := browser.Write(idx, b.opt.Jobs, func(worker int, name string, data []byte) error {
		if b.recall != nil {
			b.recall.note(folder+name, memory.Output{Sum: pack.SumOf(data), Size: int64(len(data))})
		}
		if x.previous != "" && x.previous != x.id {
			return b.stage.putMoved(folder+name, before+name, data, &scratch[worker])
		}
		return b.stage.put(folder+name, data, &scratch[worker])
	})
	if err != nil {
		return err
	}
	x.done.BrowserFiles, x.done.BrowserBytes = stats.Files, stats.Bytes
	if b.recall != nil {
		b.recall.now.Search = state.Pack()
	}
	return nil
}

// keepBrowserIndex keeps the browser's index of an earlier build that found the same, and reports whether there is one.
func (b *builder) keepBrowserIndex() (bool, error) {
	x := b.index
	if b.recall == nil || x.id != x.previous {
		return false, nil
	}
	files, ok := b.recall.browserFiles(x.id, b.stage)
	if !ok {
		return false, nil
	}
	b.recall.now.Search = b.recall.old.Search
	return true, b.keepBrowserFiles(files, nil)
}

// keepBrowserFiles keeps files of the old browser's index, under the new index's name, but for those that are other ones now.
func (b *builder) keepBrowserFiles(files []string, but map[string]bool) error {
	x := b.index
	kept := make([]keptFile, 0, len(files))
	for _, old := range files {
		name := strings.TrimPrefix(old, browserFolder+"/"+x.previous+"/")
		if but[name] {
			continue
		}
		o := b.recall.old.Outputs[old]
		x.done.BrowserFiles++
		x.done.BrowserBytes += o.Size
		path := old
		if x.id != x.previous {
			path = browserFolder + "/" + x.id + "/" + name
		}
		kept = append(kept, keptFile{path, old, o})
	}
	noting := inBackground(func() error {
		b.recall.noteAll(kept)
		return nil
	})
	return errors.Join(b.stage.keepAll(kept), noting.wait())
}

// keptFile is a file that the output folder has under the old name and with what is remembered of it.
type keptFile struct {
	name, old string
	output    memory.Output
}

// patchBrowserIndex changes the browser's index of an earlier build as far as texts have changed, and reports whether that could be done.
func (b *builder) patchBrowserIndex() (bool, error) {
	x := b.index
	if x.state == nil || x.previous == x.id {
		return false, nil
	}
	changes, ok, err := x.writer.Replacements(x.state.IDs)
	if err != nil || !ok {
		return false, err
	}
	files, ok := b.recall.browserFiles(x.previous, b.stage)
	if !ok {
		return false, nil
	}
	changed := map[string]bool{}
	next, ok, err := browser.Patch(x.id, &x.meta, x.state, changes, func(name string) ([]byte, error) {
		return os.ReadFile(filepath.Join(b.stage.dest, filepath.FromSlash(browserFolder), x.previous, filepath.FromSlash(name)))
	}, func(name string, data []byte) error {
		changed[name] = true
		x.done.BrowserFiles++
		x.done.BrowserBytes += int64(len(data))
		path := browserFolder + "/" + x.id + "/" + name
		b.recall.note(path, memory.Output{Sum: pack.SumOf(data), Size: int64(len(data))})
		return b.stage.put(path, data, new([]byte))
	}, func(name string) { changed[name] = true })
	if err != nil || !ok {
		return false, err
	}
	b.recall.now.Search = next.Pack()
	return true, b.keepBrowserFiles(files, changed)
}

// prune removes indexes that no portal needs: all but the new one and, for servers that still answer from it, the one before.
func (x *indexing) prune() error { return search.Prune(x.dir, x.id, x.previous) }

func (x *indexing) summary() *SearchSummary {
	if x == nil {
		return nil
	}
	return &x.done
}
