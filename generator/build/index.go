package build

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

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
	writer            *search.Writer
	spent             atomic.Int64 // nanoseconds
	done              SearchSummary
}

// startIndex begins the index with what is known without rendering: the catalogs.
func (b *builder) startIndex() (*indexing, error) {
	x := &indexing{}
	var err error
	if x.dir, err = SearchDir(b.opt.Destination); err != nil {
		return nil, err
	}
	if x.previous, err = SearchID(b.opt.Destination); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if x.writer, err = search.NewWriter(x.dir, search.MetaOf(b.site), x.previous, len(b.site.Disclosures), b.opt.Jobs); err != nil {
		return nil, err
	}
	for _, f := range b.site.Fields {
		if err := x.writer.Add(search.OfField(f)); err != nil {
			return nil, err
		}
		for _, it := range f.Items {
			if err := x.writer.Add(search.OfItem(f, it, b.renderer.ItemID(it))); err != nil {
				return nil, err
			}
		}
	}
	return x, nil
}

// add adds what a page is of.
func (x *indexing) add(subject any, page *render.Page) error {
	var d search.Document
	switch s := subject.(type) {
	case *site.Disclosure:
		d = search.OfDisclosure(s, page.Headings, page.Text)
	case *site.Unit:
		d = search.OfUnit(s, page.Text)
	case *site.Page:
		d = search.OfPage(s, page.Headings, page.Text)
	default:
		return nil
	}
	start := time.Now()
	err := x.writer.Add(d)
	x.spent.Add(int64(time.Since(start)))
	return err
}

// finishIndex completes the server's index and writes the browser's, whose folder the search page names.
func (b *builder) finishIndex() error {
	x := b.index
	start := time.Now()
	var err error
	if x.id, err = x.writer.Finish(); err != nil {
		return err
	}
	idx, err := search.Open(x.dir, x.id)
	if err != nil {
		return err
	}
	defer idx.Close()
	x.done.Documents = idx.Len()
	folder := browserFolder + "/" + x.id + "/"
	b.renderer.SetSearchIndex("/" + folder)
	scratch := make([][]byte, b.opt.Jobs)
	stats, err := browser.Write(idx, b.opt.Jobs, func(worker int, name string, data []byte) error {
		if x.previous != "" && x.previous != x.id {
			return b.stage.putMoved(folder+name, browserFolder+"/"+x.previous+"/"+name, data, &scratch[worker])
		}
		return b.stage.put(folder+name, data, &scratch[worker])
	})
	if err != nil {
		return err
	}
	x.done.BrowserFiles, x.done.BrowserBytes = stats.Files, stats.Bytes
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

// prune removes indexes that no portal needs: all but the new one and, for servers that still answer from it, the one before.
func (x *indexing) prune() error { return search.Prune(x.dir, x.id, x.previous) }

func (x *indexing) summary() *SearchSummary {
	if x == nil {
		return nil
	}
	return &x.done
}
