package source

import (
	"bytes"
	"errors"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"gongkai/generator/calendar"
	"gongkai/generator/finding"
	"gongkai/generator/parallel"
	"gongkai/generator/site"
)

// Library holds the content in memory while it is being edited: what changes is read again, and the rest is not. It is not for several goroutines at once.
//
// A file that was readable and has an error now stays as it was, with the error reported: what somebody is typing must not make pages vanish.
type Library struct {
	opt    Options
	files  []*file
	byPath map[string]*file
	walked []finding.Finding // what walking through the folders found
	// settings are the last ones that could be read: a portal whose settings were deleted stays as it was, too.
	settings *site.Config
}

// Change is what became of the content.
type Change struct {
	// Texts are the paths of files in which nothing changed but the text below front matter.
	Texts []string
	// Model reports that anything else changed: the site is to be assembled anew.
	Model bool
}

// OpenLibrary reads the content. The error is Load's.
func OpenLibrary(opt Options) (*Library, error) {
	l := &Library{opt: opt, byPath: map[string]*file{}}
	_, err := l.Update(nil, true)
	return l, err
}

// Update reads again what changed: files by their content path, or whatever lies below a path that is a folder's; all of the content's names where all is
// set. The error is a trouble of the disk, or wraps ErrNoContent; the library is as it was then.
func (l *Library) Update(paths []string, all bool) (Change, error) {
	var c Change
	var again []*file
	for _, p := range paths {
		switch f := l.byPath[p]; {
		case f != nil:
			again = append(again, f)
		case isMarkdown(p) || !strings.HasPrefix(p, Dir+"/units/") && !strings.HasPrefix(p, Dir+"/pages/"):
			all = true // a new text, or something that is neither text nor attachment
		default: // an attachment, or a folder: what lies beside it may name it
			all = true
			dir := path.Dir(p)
			for _, f := range l.files {
				if within := path.Dir(f.path); within == dir || strings.HasPrefix(p, within+"/") && f.role == roleDisclosure || strings.HasPrefix(f.path, p+"/") {
					again = append(again, f)
				}
			}
		}
	}
	files, byPath, walked := l.files, l.byPath, l.walked
	reader := l.loader()
	for _, f := range again {
		if _, err := os.Stat(filepath.Join(l.opt.Dir, filepath.FromSlash(f.path))); err != nil {
			all = true // it has gone
		}
	}
	if all {
		walker := l.loader()
		if err := walker.walk(); err != nil {
			return c, err
		}
		files, byPath, walked = walker.files, make(map[string]*file, len(walker.files)), walker.findings
		c.Model = true
		for i, f := range files {
			if old := l.byPath[f.path]; old != nil && old.role == f.role {
				files[i] = old
			} else {
				again = append(again, f)
			}
			byPath[f.path] = files[i]
		}
		again = slices.DeleteFunc(again, func(f *file) bool { return byPath[f.path] == nil })
	}
	slices.SortFunc(again, func(a, b *file) int { return strings.Compare(a.path, b.path) })
	again = slices.Compact(again)
	fresh := make([]*file, len(again))
	errs := make([]error, len(again))
	parallel.Do(max(1, l.opt.Jobs), len(again), func(_, i int) {
		f := again[i]
		fresh[i] = &file{role: f.role, path: f.path, unit: f.unit, field: f.field, name: f.name}
		errs[i] = reader.parse(fresh[i])
	})
	if err := errors.Join(errs...); err != nil {
		return Change{}, err
	}
	now := make(map[string]*file, len(fresh))
	for i, f := range fresh {
		old := again[i]
		if f.failed && old.record != nil && !old.failed { // what was kept counts as whole, too
			f.record, f.allowances, f.kept, f.failed = old.record, old.allowances, true, false
		}
		switch {
		case sameButText(old, f):
			if !sameText(old, f) {
				c.Texts = append(c.Texts, f.path)
			}
		default:
			c.Model = true
		}
		now[f.path] = f
	}
	l.files = make([]*file, len(files))
	for i, f := range files {
		if n := now[f.path]; n != nil {
			f = n
		}
		l.files[i] = f
		byPath[f.path] = f
	}
	l.byPath, l.walked = byPath, walked
	if f := byPath[path.Join(Dir, "site.yaml")]; f != nil {
		if s, ok := f.record.(*site.Config); ok {
			l.settings = s
		}
	}
	return c, nil
}

// loader returns a loader for this library's content.
func (l *Library) loader() *loader {
	return &loader{root: l.opt.Dir, now: calendar.StampOf(l.opt.Now), drafts: l.opt.Drafts}
}

// Site assembles the site for a moment. The findings are not sorted.
func (l *Library) Site(now time.Time) (*site.Site, []finding.Finding) {
	x := l.loader()
	x.now = calendar.StampOf(now)
	x.files, x.settings = l.files, l.settings
	x.findings = slices.Clone(l.walked)
	for _, f := range l.files {
		x.findings = append(x.findings, f.findings...)
	}
	return x.assemble(), x.findings
}

// Text returns the text below the front matter of a file, as the library has it; ok is false where it was not kept in memory.
func (l *Library) Text(p string) (text []byte, ok bool) {
	f := l.byPath[p]
	if f == nil {
		return nil, false
	}
	src := sourceOf(f)
	if src == nil || src.Text == nil {
		return nil, false
	}
	return src.Text, true
}

// Findings returns what is wrong with a file by itself.
func (l *Library) Findings(p string) []finding.Finding {
	if f := l.byPath[p]; f != nil {
		return f.findings
	}
	return nil
}

// sourceOf returns the source of a document's record, or nil where the file is none.
func sourceOf(f *file) *site.Source {
	switch r := f.record.(type) {
	case *disclosureRecord:
		return &r.disclosure.Source
	case *pageRecord:
		return &r.page.Source
	case *unitRecord:
		return &r.unit.Source
	}
	return nil
}

// sameButText reports whether two readings of a file differ in nothing but the text below front matter.
func sameButText(a, b *file) bool {
	x, y := sourceOf(a), sourceOf(b)
	if x == nil || y == nil || a.failed != b.failed || a.kept || b.kept || x.BodyLine != y.BodyLine || !reflect.DeepEqual(a.findings, b.findings) ||
		!reflect.DeepEqual(a.allowances, b.allowances) {
		return false
	}
	bare := func(f *file) any {
		switch r := f.record.(type) {
		case *disclosureRecord:
			c := *r
			c.disclosure.Source.Sum, c.disclosure.Source.Text = [32]byte{}, nil
			return c
		case *pageRecord:
			c := *r
			c.page.Source.Sum, c.page.Source.Text = [32]byte{}, nil
			return c
		case *unitRecord:
			c := *r
			c.unit.Source.Sum, c.unit.Source.Text = [32]byte{}, nil
			return c
		}
		return nil
	}
	return reflect.DeepEqual(bare(a), bare(b))
}

func sameText(a, b *file) bool {
	x, y := sourceOf(a), sourceOf(b)
	return x.Sum == y.Sum && bytes.Equal(x.Text, y.Text)
}
