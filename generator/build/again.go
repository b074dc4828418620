package build

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gongkai/generator/disk"
	"gongkai/generator/finding"
	"gongkai/generator/memory"
	"gongkai/generator/pack"
	"gongkai/generator/source"
)

// inputs is what a build reads, by its stamps.
type inputs struct {
	sum    pack.Sum
	usable bool                  // every change of it would be seen
	texts  int                   // about how many disclosures there are
	stamps map[string]disk.Stamp // of the files that are no symbolic links, by content path
	found  []disk.Entry          // files and folders of the content
}

// listInputs looks at everything that a build reads, without reading it.
func listInputs(opt Options, taken time.Time) (inputs, error) {
	in := inputs{usable: true, stamps: map[string]disk.Stamp{}}
	var all []disk.Entry
	for _, dir := range []string{source.Dir, "themes/" + themeName} {
		entries, err := disk.List(filepath.Join(opt.Source, filepath.FromSlash(dir)), 2, true)
		if err != nil {
			return in, fmt.Errorf("list %s: %w", dir, err)
		}
		for i := range entries {
			entries[i].Path = dir + "/" + entries[i].Path
			if e := &entries[i]; !e.Folder && !e.Link {
				in.stamps[e.Path] = e.Stamp
				if strings.HasSuffix(e.Path, ".md") {
					in.texts++
				}
			}
			in.usable = in.usable && !entries[i].Link && (entries[i].Folder || entries[i].Stamp.Settled(taken))
		}
		if dir == source.Dir {
			in.found = entries
		}
		all = append(all, entries...)
	}
	stamps := memory.SumOfStamps(all)
	in.sum = pack.SumOf(fmt.Appendf(stamps[:], "%q %q %v", opt.BaseURL, filepath.Base(opt.Destination), opt.NoSearch))
	return in, nil
}

// folders returns what was found by folder, sorted by name.
func (in *inputs) folders() map[string][]disk.Entry {
	out := map[string][]disk.Entry{}
	if len(in.found) > 0 {
		out[source.Dir] = nil
	}
	for _, e := range in.found {
		if e.Folder {
			out[e.Path] = nil
		}
	}
	for _, e := range in.found {
		i := strings.LastIndexByte(e.Path, '/')
		dir := e.Path[:i]
		e.Path = e.Path[i+1:]
		out[dir] = append(out[dir], e)
	}
	for _, entries := range out {
		slices.SortFunc(entries, func(a, b disk.Entry) int { return strings.Compare(a.Path, b.Path) })
	}
	return out
}

// again returns what the last build said, where this one would say the same and write nothing: what it reads is the same by its stamps, the moment makes no
// difference, and the output folder is as it was left.
func (r *recollection) again(opt Options, in inputs, st *stage) (*Summary, []finding.Finding, bool) {
	last := memory.LoadLast(r.dir, r.holder)
	now := opt.Now.Unix()
	if last == nil || !in.usable || last.Inputs != in.sum || now < last.From || now >= last.Until {
		return nil, nil, false
	}
	index, err := listIndex(opt)
	<-st.listed
	if err != nil || st.fault != nil || memory.SumOfStamps(append(st.entries(), index...)) != last.Portal {
		return nil, nil, false
	}
	for _, d := range last.Doubtful {
		data, err := os.ReadFile(st.fileOf(d.Path))
		if err != nil || pack.SumOf(data) != d.Sum {
			return nil, nil, false
		}
	}
	return unpackSaid(last.Said)
}

// end remembers what a build said. Where others' files lie in the output folder it does not, because they are to be reported each time.
func (r *recollection) end(b *builder, in inputs, st *stage, s *Summary, findings []finding.Finding) error {
	if !in.usable || len(st.foreign()) > 0 {
		return nil
	}
	last := &memory.Last{Inputs: in.sum, From: b.opt.Now.Unix(), Until: b.until().Unix(), Said: packSaid(s, findings)}
	now, err := r.clock()
	if err != nil {
		return err
	}
	entries, err := r.portal(st)
	if err != nil {
		return err
	}
	index, err := listIndex(b.opt)
	if err != nil {
		return err
	}
	entries = append(entries, index...)
	for _, e := range entries {
		if e.Stamp.Settled(now) {
			continue
		}
		data, err := os.ReadFile(st.fileOf(e.Path))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("remember %s: %w", e.Path, err)
		}
		if o, known := r.now.Outputs[e.Path]; known && o.Sum != pack.SumOf(data) {
			return nil // somebody else writes here
		}
		last.Doubtful = append(last.Doubtful, memory.Doubt{Path: e.Path, Sum: pack.SumOf(data)})
	}
	last.Portal = memory.SumOfStamps(entries)
	return memory.SaveLast(r.dir, r.holder, last)
}

// portal returns the files of the output folder as the build has left them.
func (r *recollection) portal(st *stage) ([]disk.Entry, error) {
	if len(r.left)+1 != len(st.paths) { // something was written that is not remembered
		entries, err := disk.List(st.dest, 2, true)
		if err != nil {
			return nil, fmt.Errorf("list output folder: %w", err)
		}
		return filesOf(entries), nil
	}
	entries := r.left
	add := func(name string) error {
		info, err := os.Lstat(filepath.Join(st.dest, filepath.FromSlash(name)))
		if err == nil {
			entries = append(entries, disk.Entry{Path: name, Stamp: disk.StampOf(info)})
		}
		return err
	}
	if err := add(manifestName); err != nil {
		return nil, fmt.Errorf("look at the output folder: %w", err)
	}
	for name, file := range st.old {
		if _, wanted := st.paths[name]; !wanted && !file.ours {
			if err := add(name); err != nil {
				return nil, fmt.Errorf("look at the output folder: %w", err)
			}
		}
	}
	return entries, nil
}

// indexPrefix stands before the names of the server's index, which lies beside the output folder.
const indexPrefix = "../search/"

// listIndex returns the files of the server's index.
func listIndex(opt Options) ([]disk.Entry, error) {
	if opt.NoSearch {
		return nil, nil
	}
	dir, err := SearchDir(opt.Destination)
	if err != nil {
		return nil, err
	}
	entries, err := disk.List(dir, 1, true)
	if err != nil {
		return nil, fmt.Errorf("list the search index: %w", err)
	}
	entries = filesOf(entries)
	for i := range entries {
		entries[i].Path = indexPrefix + entries[i].Path
	}
	return entries, nil
}

// fileOf returns where a file lies that is named as again and end do.
func (s *stage) fileOf(name string) string {
	if inIndex, ok := strings.CutPrefix(name, indexPrefix); ok {
		return filepath.Join(filepath.Dir(s.dir), filepath.Base(s.dest)+".search", filepath.FromSlash(inIndex))
	}
	return filepath.Join(s.dest, filepath.FromSlash(name))
}

func filesOf(entries []disk.Entry) []disk.Entry {
	var out []disk.Entry
	for _, e := range entries {
		if !e.Folder {
			out = append(out, e)
		}
	}
	return out
}

// until returns the moment from which on a build would not be the same: the next day, on which documents expire and the supervision counts anew, or when the
// next document is due.
func (b *builder) until() time.Time {
	s := b.site
	next := s.Now.Date.AddDays(1).Time()
	if !s.Due.IsZero() && s.Due.Time().Before(next) {
		next = s.Due.Time()
	}
	return next
}

func packSaid(s *Summary, findings []finding.Finding) []byte {
	w := &pack.Writer{}
	for _, n := range s.numbers() {
		w.Number(*n)
	}
	for _, n := range s.counts() {
		w.Int(*n)
	}
	w.Flag(s.Search != nil)
	if x := s.Search; x != nil {
		w.Int(x.Documents)
		w.Number(x.Bytes)
		w.Int(x.BrowserFiles)
		w.Number(x.BrowserBytes)
	}
	w.Int(len(findings))
	for i := range findings {
		findings[i].Pack(w)
	}
	return w.Bytes
}

func unpackSaid(b []byte) (*Summary, []finding.Finding, bool) {
	r := pack.NewReader(b)
	s := &Summary{}
	for _, n := range s.numbers() {
		*n = r.Number()
	}
	for _, n := range s.counts() {
		*n = r.Int()
	}
	if r.Flag() {
		s.Search = &SearchSummary{Documents: r.Int(), Bytes: r.Number(), BrowserFiles: r.Int(), BrowserBytes: r.Number()}
	}
	var findings []finding.Finding
	for range r.Count() {
		findings = append(findings, finding.Unpack(r))
	}
	s.Kept = s.Files
	return s, findings, r.Err() == nil
}

// numbers and counts are what a summary says of the portal itself.
func (s *Summary) numbers() []*int64 { return []*int64{&s.Bytes, &s.Characters} }
func (s *Summary) counts() []*int {
	return []*int{&s.Units, &s.Fields, &s.Items, &s.Disclosures, &s.Pages, &s.Files, &s.Links}
}
