package build

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"gongkai/generator/disk"
	"gongkai/generator/memory"
	"gongkai/generator/pack"
	"gongkai/generator/parallel"
	"gongkai/generator/render"
	"gongkai/generator/site"
)

// recollection is what an earlier build learned, and what this one leaves for the next.
//
// An output is used again where its key is the same and the output folder still has its bytes. Texts are read and the site is assembled in every
// build, so that nothing is believed of them; what is saved is rendering, reading attachments, and looking through HTML for links.
type recollection struct {
	dir             string
	holder          [32]byte
	old             *memory.Memory
	begun           time.Time // by the clock of the disk
	in              inputs
	listed          sync.Once
	folders         map[string][]disk.Entry // of the content, by path
	oldTexts, texts memory.Texts            // until the content is read
	loading         *task
	left            []disk.Entry // files of the output folder, when the build has ended

	mu     sync.Mutex
	now    *memory.Memory
	reused []reused
}

// reused is an output that was not rendered.
type reused struct {
	output *render.Output
	facts  *memory.Facts
}

// recall prepares to use what an earlier build of the same program learned.
func recall(opt Options) (*recollection, error) {
	r := &recollection{dir: opt.Cache, holder: holderOf(opt.Program), now: memory.New(), texts: memory.Texts{}}
	if err := os.MkdirAll(r.dir, 0o755); err != nil {
		return nil, fmt.Errorf("open the cache: %w", err)
	}
	var err error
	if r.begun, err = r.clock(); err != nil {
		return nil, err
	}
	return r, nil
}

// load reads the memory itself: the texts at once, the rest until it is asked for by loaded.
func (r *recollection) load() {
	r.loading = inBackground(func() error {
		r.old = memory.Load(r.dir, r.holder)
		return nil
	})
	r.oldTexts = memory.LoadTexts(r.dir, r.holder)
}

// loaded returns when old is there.
func (r *recollection) loaded() { _ = r.loading.wait() }

// saveTexts leaves the texts for the next build and forgets them: the rest of this one does not need them.
func (r *recollection) saveTexts() error {
	same := len(r.oldTexts) == len(r.texts)
	for path, t := range r.texts {
		same = same && r.oldTexts[path].Stamp == t.Stamp
	}
	texts := r.texts
	r.oldTexts, r.texts, r.folders = nil, nil, nil
	if same {
		return nil
	}
	return texts.Save(r.dir, r.holder)
}

func holderOf(program string) [32]byte {
	var out [32]byte
	sum := pack.SumOf([]byte("1\n" + program))
	copy(out[:], sum[:])
	return out
}

// clock returns the time of the disk, which the times of files are to be held against.
func (r *recollection) clock() (time.Time, error) {
	name := filepath.Join(r.dir, "clock")
	if err := os.WriteFile(name, []byte{0}, 0o644); err != nil {
		return time.Time{}, fmt.Errorf("open the cache: %w", err)
	}
	info, err := os.Stat(name)
	if err != nil {
		return time.Time{}, fmt.Errorf("open the cache: %w", err)
	}
	return info.ModTime(), nil
}

// List implements source.Memory.
func (r *recollection) List(dir string) ([]disk.Entry, bool) {
	r.listed.Do(func() {
		r.folders = r.in.folders()
		r.in.found = nil
	})
	entries, ok := r.folders[dir]
	return entries, ok
}

// Stamp implements source.Memory.
func (r *recollection) Stamp(path string) (disk.Stamp, bool) {
	stamp, known := r.in.stamps[path]
	return stamp, known
}

// Record implements source.Memory.
func (r *recollection) Record(path string, stamp disk.Stamp) []byte {
	if t, known := r.oldTexts[path]; known && t.Stamp == stamp {
		return t.Record
	}
	return nil
}

// Remember implements source.Memory.
func (r *recollection) Remember(path string, stamp disk.Stamp, record []byte) {
	if stamp.Settled(r.begun) {
		r.mu.Lock()
		r.texts[path] = memory.Text{Stamp: stamp, Record: record}
		r.mu.Unlock()
	}
}

// Sum implements source.Memory.
func (r *recollection) Sum(path string, stamp disk.Stamp, compute func() ([32]byte, error)) ([32]byte, error) {
	r.loaded()
	file, known := r.old.Files[path]
	if !known || file.Stamp != stamp {
		sum, err := compute()
		if err != nil {
			return sum, err
		}
		file = memory.File{Stamp: stamp, Sum: sum}
	}
	if stamp.Settled(r.begun) {
		r.keepFile(path, file)
	}
	return file.Sum, nil
}

// keepFile remembers a file of the content that was not written since.
func (r *recollection) keepFile(path string, f memory.File) {
	r.mu.Lock()
	r.now.Files[path] = f
	r.mu.Unlock()
}

// note remembers an output.
func (r *recollection) note(path string, o memory.Output) {
	r.mu.Lock()
	r.now.Outputs[path] = o
	r.mu.Unlock()
}

// noteAll is note for many files.
func (r *recollection) noteAll(files []keptFile) {
	r.mu.Lock()
	for i := range files {
		r.now.Outputs[files[i].name] = files[i].output
	}
	r.mu.Unlock()
}

// correct remembers other facts of an output.
func (r *recollection) correct(path string, facts *memory.Facts) {
	encoded := facts.Encode()
	r.mu.Lock()
	defer r.mu.Unlock()
	o := r.now.Outputs[path]
	o.Facts = encoded
	r.now.Outputs[path] = o
}

// reuse takes an output from memory and reports whether that could be done.
func (b *builder) reuse(w *worker, o *render.Output) (bool, error) {
	old, known := b.recall.old.Outputs[o.Path]
	if !known || len(old.Facts) == 0 {
		return false, nil
	}
	facts, err := memory.DecodeFacts(old.Facts)
	if err != nil {
		return false, nil // it is as good as unknown
	}
	if !b.unchanged(o, facts) {
		w.page.Reset()
		if key, err := b.renderer.Key(o, facts.Asked, &w.page); err != nil || key != old.Key {
			return false, nil
		}
	}
	if !b.stage.has(o.Path, &old) {
		return false, nil
	}
	if b.index != nil && facts.Document != "" && !b.index.writer.Keep(facts.Document) {
		return false, nil
	}
	b.renderer.Quote(o, facts.Excerpt)
	b.take(o, facts)
	b.recall.note(o.Path, old)
	b.recall.mu.Lock()
	b.recall.reused = append(b.recall.reused, reused{o, facts})
	b.recall.mu.Unlock()
	return true, b.stage.keep(o.Path, o.Path, old.Size)
}

// unchanged reports whether an output is made of what it was made of before, where that is known without its key: nothing but texts has changed in all
// of the content, and its own has not.
func (b *builder) unchanged(o *render.Output, facts *memory.Facts) bool {
	if o.Late || b.recall.now.Model != b.recall.old.Model {
		return false
	}
	return o.Body == nil || memory.Sum(o.Body.Sum[:16]) == facts.Text
}

// modelSum sums up all that outputs are made of but texts.
func (b *builder) modelSum() [32]byte {
	s := b.site
	h := sha256.New()
	around := b.renderer.Around()
	h.Write(around[:])
	h.Write(s.Frame[:])
	fmt.Fprintln(h, s.Now.Date, b.opt.NoSearch, len(s.Disclosures))
	attachments := func(list []site.Attachment) {
		for _, a := range list {
			fmt.Fprintln(h, a.Path, a.Size)
			h.Write(a.Sum[:])
		}
	}
	for _, d := range s.Disclosures { // who is among them, and how, is what the moment decides
		h.Write([]byte(d.Source.Path))
		h.Write([]byte{byte(d.Validity), 0})
		if d.Withdrawn {
			h.Write([]byte{1})
		}
		attachments(d.Attachments)
	}
	for _, p := range s.Pages {
		fmt.Fprintln(h, p.Source.Path)
		attachments(p.Attachments)
	}
	return [32]byte(h.Sum(nil))
}

// outputsGone reports whether an output that there was is not there any more.
func (b *builder) outputsGone() bool {
	if b.recall == nil {
		return false
	}
	for path := range b.recall.old.Outputs {
		if _, still := b.stage.paths[path]; !still && !strings.HasPrefix(path, browserFolder+"/") {
			return true
		}
	}
	return false
}

// addReused gives the links of outputs that were not rendered to the graph. What is remembered of them holds only as long as every address that
// there was is still there; otherwise the pages are read again.
func (b *builder) addReused(gone bool) error {
	if b.recall == nil {
		return nil
	}
	list := b.recall.reused
	errs := make([]error, len(list))
	parallel.Do(b.opt.Jobs, len(list), func(_, i int) {
		o := list[i].output
		switch {
		case !o.HTML && !o.Feed:
		case !gone:
			b.graph.Add(o.Address, &list[i].facts.Links)
		default:
			data, err := os.ReadFile(filepath.Join(b.stage.dest, filepath.FromSlash(o.Path)))
			if err != nil {
				errs[i] = fmt.Errorf("read %s: %w", o.Path, err)
				return
			}
			list[i].facts.Links = b.graph.AddPage(o.Address, data, nil, nil)
			b.recall.correct(o.Path, list[i].facts)
		}
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// browserFiles returns the remembered files of a browser's index, and whether the output folder has them all.
func (r *recollection) browserFiles(id string, st *stage) ([]string, bool) {
	folder := browserFolder + "/" + id + "/"
	var files []string
	for path, o := range r.old.Outputs {
		if strings.HasPrefix(path, folder) {
			if !st.has(path, &o) {
				return nil, false
			}
			files = append(files, path)
		}
	}
	_, whole := r.old.Outputs[folder+"index.bin"]
	return files, whole
}

// startSaving leaves what this build learned for the next one, with the stamps of the output folder's files. Nothing of it changes from then on.
func (r *recollection) startSaving(st *stage) (*task, error) {
	now, err := r.clock()
	if err != nil {
		return nil, err
	}
	paths := make([]string, 0, len(r.now.Outputs))
	for path := range r.now.Outputs {
		paths = append(paths, path)
	}
	stamps := make([]disk.Stamp, len(paths))
	parallel.Do(2, len(paths), func(_, i int) { stamps[i] = st.stampOf(paths[i]) })
	r.left = make([]disk.Entry, len(paths), len(paths)+8)
	same := r.old.Model == r.now.Model && len(r.old.Outputs) == len(r.now.Outputs) && len(r.old.Files) == len(r.now.Files)
	for i, path := range paths {
		r.left[i] = disk.Entry{Path: path, Stamp: stamps[i]}
		o := r.now.Outputs[path]
		var settled disk.Stamp
		if stamps[i].Settled(now) {
			settled = stamps[i]
		}
		if o.Stamp != settled {
			o.Stamp = settled
			r.now.Outputs[path] = o
		}
		if same {
			before := r.old.Outputs[path]
			same = o.Key == before.Key && o.Sum == before.Sum && o.Stamp == before.Stamp && string(o.Facts) == string(before.Facts)
		}
	}
	for path, f := range r.now.Files {
		same = same && r.old.Files[path] == f
	}
	return inBackground(func() error {
		if same && string(r.old.Search) == string(r.now.Search) {
			return nil
		}
		return r.now.Save(r.dir, r.holder)
	}), nil
}
