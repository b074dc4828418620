package search

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"gongkai/generator/parallel"
	"gongkai/generator/site"
)

// Name is a slug and what people call it.
type Name struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
	Full string `json:"full,omitempty"` // of a unit that publishes under a longer name
}

// Meta is what an index knows beside its documents.
type Meta struct {
	Units    []Name        `json:"units"`
	Fields   []Name        `json:"fields"`
	Synonyms site.Synonyms `json:"synonyms"`
}

// manifest is the file that makes parts an index: it lies beside them under the index's identifier.
type manifest struct {
	Version int    `json:"version"`
	Meta    Meta   `json:"meta"`
	Parts   []part `json:"parts"`
}

// part is a Bleve index of some documents. It is never changed once it is built; what later builds drop is listed.
type part struct {
	Name string   `json:"name"`
	Docs int      `json:"docs"`
	Dead []string `json:"dead,omitempty"` // identifiers of documents that no longer count
}

// A part takes one processor to build and needs no merging, which would cost as much again. What is needed to build one grows with its
// size: some 80 KB a document; what a query costs, with the number of parts.
const (
	minPart   = 500
	maxPart   = 1300
	manyParts = 16
)

// partSize returns how many documents a part has when it is built.
func partSize(docs int) int { return min(maxPart, max(minPart, docs/manyParts+1)) }

// maxSmall is how many parts below a quarter of the usual size an index may have before they are made one.
const maxSmall = 8

// Writer makes a new index, from scratch or from an older one. Its methods may be called by several goroutines at once.
type Writer struct {
	dir  string
	meta Meta
	jobs int
	size int           // documents of a part
	busy chan struct{} // parts that are being built: no more than there are processors

	mu      sync.Mutex
	old     manifest
	known   map[string]*known // documents of the old index
	ids     []string          // of the new index
	pending []Document
	added   []Document // that the old index has not, up to one more than it pays to look at
	parts   []part     // built by this Writer
	err     error
	idle    []*analyser
}

type known struct {
	part int // -1: not looked up yet
	kept bool
}

// NewWriter begins a new index in the folder that holds indexes. previous is the identifier of the index to start from, or empty; one
// that is absent or damaged is as good as none. docs is about how many documents the index will have.
//
// has, where it is not nil, are the identifiers of the old index's documents, so that they need not be read.
func NewWriter(dir string, meta Meta, previous string, has []string, docs, jobs int) (*Writer, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("search: make the index's folder: %w", err)
	}
	w := &Writer{dir: dir, meta: meta, jobs: max(1, jobs), size: partSize(docs), busy: make(chan struct{}, runtime.GOMAXPROCS(0)), known: map[string]*known{}}
	if previous != "" {
		if err := w.start(previous, has); err != nil {
			w.old, w.known = manifest{}, map[string]*known{}
		}
	}
	return w, nil
}

// start reads which documents the old index has.
func (w *Writer) start(previous string, has []string) error {
	m, err := readManifest(w.dir, previous)
	if err != nil {
		return err
	}
	w.old = *m
	documents := 0
	for _, p := range m.Parts {
		documents += p.Docs - len(p.Dead)
		if _, err := os.Stat(filepath.Join(w.dir, p.Name, "store")); err != nil {
			return fmt.Errorf("search: %w", err)
		}
	}
	if has != nil && documents == len(has) {
		for _, id := range has {
			w.known[id] = &known{part: -1}
		}
		return nil
	}
	ids, errs := make([][]string, len(m.Parts)), make([]error, len(m.Parts))
	parallel.Each(2, len(m.Parts), func(_, i int) {
		r, err := openPart(w.dir, m.Parts[i].Name)
		if err != nil {
			errs[i] = err
			return
		}
		err = r.eachID(func(id string, _ uint32) {
			if _, dead := slices.BinarySearch(m.Parts[i].Dead, id); !dead {
				ids[i] = append(ids[i], id)
			}
		})
		errs[i] = errors.Join(err, r.close())
	})
	for i, list := range ids {
		for _, id := range list {
			w.known[id] = &known{part: i}
		}
	}
	return errors.Join(errs...)
}

func readManifest(dir, id string) (*manifest, error) {
	b, err := os.ReadFile(filepath.Join(dir, id+".json"))
	if err != nil {
		return nil, fmt.Errorf("search: read the index: %w", err)
	}
	var m manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, fmt.Errorf("search: read the index: %w: %w", ErrOutdated, err)
	}
	if m.Version != version {
		return nil, fmt.Errorf("search: %w: it is of version %d, not %d", ErrOutdated, m.Version, version)
	}
	return &m, nil
}

// Add adds a document and returns its identifier, for Keep. Where the old index has it as it is, nothing is done anew.
func (w *Writer) Add(d Document) (id string, err error) {
	id, _ = d.id()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids = append(w.ids, id)
	if k := w.known[id]; k != nil {
		k.kept = true
		return id, nil
	}
	if len(w.added) <= mostReplacements && len(w.known) > 0 {
		w.added = append(w.added, d)
	}
	w.pending = append(w.pending, d)
	if len(w.pending) < w.size {
		return id, w.err
	}
	batch := w.pending
	w.pending = nil
	w.mu.Unlock() // building takes long; others go on collecting
	p, err := w.build(batch)
	w.mu.Lock()
	w.parts = append(w.parts, p)
	w.err = errors.Join(w.err, err)
	return id, w.err
}

// Keep keeps a document of the old index, by what Add returned, and reports whether the index has it.
func (w *Writer) Keep(id string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	k := w.known[id]
	if k == nil {
		return false
	}
	k.kept = true
	w.ids = append(w.ids, id)
	return true
}

// build makes a part of the documents.
func (w *Writer) build(docs []Document) (part, error) {
	w.busy <- struct{}{}
	defer func() { <-w.busy }()
	slices.SortFunc(docs, func(a, b Document) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Field, b.Field), cmp.Compare(a.URL, b.URL))
	})
	h := sha256.New()
	analysed := make([]*indexed, len(docs))
	a := w.analyser()
	defer func() {
		for _, d := range analysed {
			if d != nil {
				a.recycle(d)
			}
		}
		w.mu.Lock()
		w.idle = append(w.idle, a)
		w.mu.Unlock()
	}()
	for i := range docs {
		analysed[i] = a.analyse(&docs[i])
		h.Write([]byte(analysed[i].id))
		h.Write([]byte{0})
	}
	p := part{Name: "part-" + hex.EncodeToString(h.Sum(nil)[:8]), Docs: len(docs)}
	final := filepath.Join(w.dir, p.Name)
	if _, err := os.Stat(final); err == nil {
		return p, nil // the same documents were indexed before
	}
	temporary := filepath.Join(w.dir, "new-"+p.Name)
	if err := os.RemoveAll(temporary); err != nil {
		return p, fmt.Errorf("search: %w", err)
	}
	if err := os.MkdirAll(temporary, 0o755); err != nil {
		return p, fmt.Errorf("search: %w", err)
	}
	b, err := scorch.NewBuilder(map[string]interface{}{
		"path": filepath.Join(temporary, "store"), "buildPathPrefix": temporary, "batchSize": len(docs) + 1,
	})
	if err != nil {
		return p, fmt.Errorf("search: build the index: %w", err)
	}
	for _, d := range analysed {
		if err := b.Index(d); err != nil {
			return p, fmt.Errorf("search: index %s: %w", d.id, err)
		}
	}
	if err := b.Close(); err != nil {
		return p, fmt.Errorf("search: build the index: %w", err)
	}
	if err := os.Rename(temporary, final); err != nil {
		return p, fmt.Errorf("search: build the index: %w", err)
	}
	return p, nil
}

// analyser returns one that is idle, or a new one.
func (w *Writer) analyser() *analyser {
	w.mu.Lock()
	defer w.mu.Unlock()
	if last := len(w.idle) - 1; last >= 0 {
		a := w.idle[last]
		w.idle = w.idle[:last]
		return a
	}
	return newAnalyser()
}

// Finish completes the index and returns its identifier: the same documents and meta give the same one.
func (w *Writer) Finish() (id string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return "", w.err
	}
	parts, err := w.keptParts()
	if err != nil {
		return "", err
	}
	if len(w.pending) > 0 {
		share := min(w.size, max(64, (len(w.pending)+w.jobs-1)/w.jobs))
		batches := slices.Collect(slices.Chunk(w.pending, share))
		built, errs := make([]part, len(batches)), make([]error, len(batches))
		w.mu.Unlock()
		parallel.Each(w.jobs, len(batches), func(_, i int) { built[i], errs[i] = w.build(batches[i]) })
		w.mu.Lock()
		if err := errors.Join(errs...); err != nil {
			return "", err
		}
		w.parts = append(w.parts, built...)
	}
	m := manifest{Version: version, Meta: w.meta, Parts: append(parts, w.parts...)}
	slices.SortFunc(m.Parts, func(a, b part) int { return cmp.Compare(a.Name, b.Name) })
	id, err = w.identifier()
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("search: %w", err)
	}
	name := filepath.Join(w.dir, id+".json")
	if err := os.WriteFile(name+".new", text, 0o644); err != nil {
		return "", fmt.Errorf("search: %w", err)
	}
	if err := os.Rename(name+".new", name); err != nil {
		return "", fmt.Errorf("search: %w", err)
	}
	return id, nil
}

// Len returns how many documents the index has.
func (w *Writer) Len() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.ids)
}

// keptParts returns the parts of the old index that still have documents. Parts that became small are dissolved where there
// are many: their documents join the pending ones.
func (w *Writer) keptParts() ([]part, error) {
	var gone []string
	for id, k := range w.known {
		if !k.kept {
			gone = append(gone, id)
		}
	}
	if err := w.locate(gone); err != nil {
		return nil, err
	}
	dead := make([][]string, len(w.old.Parts))
	for _, id := range gone {
		dead[w.known[id].part] = append(dead[w.known[id].part], id)
	}
	live := func(i int) int { return w.old.Parts[i].Docs - len(w.old.Parts[i].Dead) - len(dead[i]) }
	small, dissolve := 0, func(i int) bool { return live(i) < w.size/4 }
	for i := range w.old.Parts {
		if dissolve(i) && live(i) > 0 {
			small++
		}
	}
	var out []part
	for i, p := range w.old.Parts {
		gone := slices.Concat(p.Dead, dead[i])
		slices.Sort(gone)
		switch {
		case live(i) == 0:
		case small > maxSmall && dissolve(i), len(gone) > p.Docs/2:
			if err := w.reread(p.Name, gone); err != nil {
				return nil, err
			}
		default:
			p.Dead = gone
			out = append(out, p)
		}
	}
	return out, nil
}

// reread makes the documents of a part pending, but for some.
func (w *Writer) reread(name string, but []string) error {
	r, err := openPart(w.dir, name)
	if err != nil {
		return err
	}
	defer r.close()
	var ids []string
	if err := r.eachID(func(id string, _ uint32) { ids = append(ids, id) }); err != nil {
		return err
	}
	for _, id := range ids {
		if _, gone := slices.BinarySearch(but, id); !gone {
			d, err := r.document(id)
			if err != nil {
				return err
			}
			w.pending = append(w.pending, *d)
		}
	}
	return nil
}

// identifier is made from what the index finds, not from how it is divided into parts.
func (w *Writer) identifier() (string, error) {
	meta, err := json.Marshal(w.meta)
	if err != nil {
		return "", fmt.Errorf("search: %w", err)
	}
	slices.Sort(w.ids)
	for i := 1; i < len(w.ids); i++ {
		if w.ids[i] == w.ids[i-1] {
			return "", fmt.Errorf("search: %s was added twice", strings.SplitN(w.ids[i], "\x00", 2)[0])
		}
	}
	h := sha256.New()
	fmt.Fprintf(h, "%d\n%s\n", version, meta)
	for _, id := range w.ids {
		h.Write([]byte(id))
		h.Write([]byte{'\n'})
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}

// Prune removes every index of the folder but those named, with the parts that no index needs.
func Prune(dir string, keep ...string) error {
	needed := map[string]bool{}
	for _, id := range keep {
		m, err := readManifest(dir, id)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrOutdated) {
			continue
		}
		if err != nil {
			return err
		}
		needed[id] = true
		for _, p := range m.Parts {
			needed[p.Name] = true
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	for _, e := range entries {
		if stem, _, _ := strings.Cut(e.Name(), "."); !needed[stem] {
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				return fmt.Errorf("search: %w", err)
			}
		}
	}
	return nil
}

// Size returns how many bytes an index has on the disk.
func Size(dir, id string) (int64, error) {
	m, err := readManifest(dir, id)
	if err != nil {
		return 0, err
	}
	var total int64
	for _, p := range m.Parts {
		err := filepath.WalkDir(filepath.Join(dir, p.Name), func(_ string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			info, err := e.Info()
			if err == nil {
				total += info.Size()
			}
			return err
		})
		if err != nil {
			return 0, fmt.Errorf("search: measure the index: %w", err)
		}
	}
	return total, nil
}

// Attach keeps a file with an index, for those who answer from it.
func Attach(dir, id, name string, data []byte) error {
	if err := os.WriteFile(filepath.Join(dir, id+"."+name), data, 0o644); err != nil {
		return fmt.Errorf("search: %w", err)
	}
	return nil
}

// Attached returns what Attach kept.
func Attached(dir, id, name string) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(dir, id+"."+name))
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return b, nil
}
