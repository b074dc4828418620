// Package mend changes texts of the content mechanically: Make plans what gongkai fix writes, Format what gongkai fmt writes.
//
// A mend answers findings (table.go). Make goes by rounds: what keeps a file from being read is mended from its bytes alone; then the content is checked as
// gongkai check does, in a copy that has the mends so far, and each finding that a mend answers is found again in the text by the same functions that found
// it. The rounds end when one finds nothing more to mend, so that a second run changes nothing, and the findings of the last one are those that remain.
//
// No edit is taken on trust: after it the file must be read at least as far as before, with no more errors in its form, and nothing may have changed but the
// values that were mended. Every byte outside of the edits stays as it is.
package mend

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gongkai/generator/build"
	"gongkai/generator/calendar"
	"gongkai/generator/check"
	"gongkai/generator/disk"
	"gongkai/generator/finding"
	"gongkai/generator/privacy"
	"gongkai/generator/site"
	"gongkai/generator/source"
)

// Options say what to mend.
type Options struct {
	Source  string    // the folder that holds content and, perhaps, themes
	Portal  string    // the output folder of a build, for the findings that remain; need not exist
	Scratch string    // folder for a copy of the content with the mends; made, and removed again where that leaves it empty
	Now     time.Time // decides what is due, and who may have been born
	Jobs    int       // how many files are worked on at once
	Themes  fs.FS     // the built-in themes
	// Paths are content paths of files and folders to which mends are limited; all of the content where there are none.
	Paths []string
	// Wants says which rules are to be mended; nil for all.
	Wants func(*finding.Rule) bool
}

// Plan is what there is to mend.
type Plan struct {
	Files []File // that change, by path
	// Left says what was not mended although a mend answers its rule, and why; sorted.
	Left []finding.Finding
	// Remaining are the findings of the content with the mends, within the paths; sorted.
	Remaining []finding.Finding
}

// File is a text file with its mends.
type File struct {
	Path     string
	Encoding string // that the file is in; empty where it is UTF-8
	Before   []byte // the text in UTF-8
	After    []byte
	Mends    []Mend
	raw      []byte // as it was read
}

// Mend is one mend of a file.
type Mend struct {
	Rule         *finding.Rule
	Line, Column int    // in the text before all mends
	Old, New     string // what is replaced and by what, personal data masked
}

// Count returns how many mends there are.
func (p *Plan) Count() int {
	n := 0
	for i := range p.Files {
		n += len(p.Files[i].Mends)
	}
	return n
}

// maxRounds bounds the rounds: a mend may uncover a fault that another one answers, but not without end.
const maxRounds = 8

// Make plans the mends. Nothing is written but a copy of the content to Options.Scratch, which is removed again. The error is one of check.Run, or a trouble
// of the disk.
func Make(ctx context.Context, opt Options) (*Plan, error) {
	r := &run{opt: opt, scanner: privacy.NewScanner(calendar.DateOf(opt.Now))}
	defer r.removeScratch()
	if err := r.readAll(); err != nil {
		return nil, err
	}
	for _, f := range r.scope {
		r.mendForm(f)
	}
	for range maxRounds {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		more, err := r.round(ctx)
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
	}
	return r.plan(), nil
}

// run is the state of one Make.
type run struct {
	opt       Options
	scanner   *privacy.Scanner
	all       []*file           // of the content
	scope     []*file           // those to be mended
	scratch   string            // folder of the copy; empty where none was needed yet
	past      *past             // nil until a link is broken
	dated     []finding.Finding // about the history, which the copy does not have
	left      []finding.Finding // of the last round
	first     []finding.Finding // what the first steps could not do
	remaining []finding.Finding
}

// file is a text file as far as it is mended.
type file struct {
	source.TextFile
	raw      []byte // with the mends so far
	before   []byte // as it was read, in UTF-8
	original []byte // as it was read
	encoding string // that it was in
	copied   bool   // raw stands in the copy
	mends    []Mend
	added    []int // lines that mends have added, by their number when they were
}

func (f *file) changed() bool { return !bytes.Equal(f.raw, f.original) }

// wants reports whether findings of a rule are to be mended.
func (r *run) wants(rule *finding.Rule) bool { return r.opt.Wants == nil || r.opt.Wants(rule) }

// readAll reads the text files. One that is too large is left to the check.
func (r *run) readAll() error {
	files, err := source.TextFiles(r.opt.Source)
	if err != nil {
		return err
	}
	listed := map[string]bool{}
	for _, t := range files {
		listed[t.Path] = true
	}
	for _, t := range files {
		full := filepath.Join(r.opt.Source, filepath.FromSlash(t.Path))
		if other := linkedTo(r.opt.Source, full); listed[other] {
			continue // it is mended under its own name
		}
		raw, _, err := disk.Read(full, source.MaxFileSize)
		if errors.Is(err, disk.ErrTooLarge) {
			continue
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", t.Path, err)
		}
		f := &file{TextFile: t, raw: raw, before: raw, original: raw}
		r.all = append(r.all, f)
		if Within(t.Path, r.opt.Paths) {
			r.scope = append(r.scope, f)
		}
	}
	return nil
}

// Within reports whether a content path is one of the paths or lies below one; every path lies within none.
func Within(p string, paths []string) bool {
	return len(paths) == 0 || slices.ContainsFunc(paths, func(top string) bool { return p == top || strings.HasPrefix(p, top+"/") })
}

// mendForm mends what keeps a file from being read.
func (r *run) mendForm(f *file) {
	if _, ok := source.CleanText(f.raw); !ok && r.wants(finding.Encoding) {
		r.decode(f)
	}
	for range maxRounds {
		clean, ok := source.CleanText(f.raw)
		if !ok {
			return
		}
		edits := slices.DeleteFunc(formEdits(f.TextFile, clean), func(e edit) bool { return !r.wants(e.rule) })
		if len(edits) == 0 {
			return
		}
		taken, refused := f.accept(edits)
		r.apply(f, clean, taken)
		for _, e := range refused {
			r.first = append(r.first, unreadable(f, clean, e))
		}
		if len(taken) == 0 {
			return
		}
	}
}

// decode converts a file to UTF-8.
func (r *run) decode(f *file) {
	text, name, ok := source.Decode(f.raw)
	if !ok {
		if bytes.IndexByte(f.raw, 0) < 0 || bytes.HasPrefix(f.raw, []byte("\xff\xfe")) || bytes.HasPrefix(f.raw, []byte("\xfe\xff")) {
			r.first = append(r.first, finding.New(finding.Encoding, finding.Position{Path: f.Path, Line: 1, Column: 1},
				finding.T("认不出是什么编码，没有转换", "the encoding cannot be told; the file is left alone"), finding.Text{}))
		}
		return
	}
	if reading := f.Read(text); reading.Stage == source.NoText {
		return
	}
	f.raw, f.before, f.encoding = text, text, name
	f.mends = append(f.mends, Mend{Rule: finding.Encoding, Line: 1, Column: 1, Old: name, New: "UTF-8"})
}

// accept returns the edits after which a file still says what it said, but for what they mend, and the others.
func (f *file) accept(edits []edit) (taken, refused []edit) {
	if edits = sortEdits(edits); len(edits) > 0 {
		f.sift(f.Read(f.raw), edits, &taken, &refused)
	}
	return taken, refused
}

// sift parts edits: all at once where nothing speaks against it, otherwise half by half, so that one bad edit of a thousand costs few readings.
func (f *file) sift(before *source.Reading, edits []edit, taken, refused *[]edit) {
	all := slices.Concat(*taken, edits)
	switch n := len(edits); {
	case f.stays(before, all):
		*taken = all
	case n == 1:
		*refused = append(*refused, edits[0])
	default:
		f.sift(before, edits[:n/2], taken, refused)
		f.sift(before, edits[n/2:], taken, refused)
	}
}

// stays reports whether the file with the edits is read as far as before and differs only in the values that they mend.
func (f *file) stays(before *source.Reading, edits []edit) bool {
	after := f.Read(applyRaw(f.raw, edits))
	if after.Stage != before.Stage {
		return after.Stage > before.Stage
	}
	if after.Errors() > before.Errors() {
		return false
	}
	for _, part := range before.Differs(after) {
		if !slices.ContainsFunc(edits, func(e edit) bool { return e.part == part }) {
			return false
		}
	}
	return true
}

// apply makes the edits of a clean text in the file.
func (r *run) apply(f *file, clean []byte, edits []edit) {
	if len(edits) == 0 {
		return
	}
	raw := applyRaw(f.raw, edits)
	private := r.privateIn(clean, edits)
	var added []int
	for _, e := range edits {
		line, column := lineAt(clean, e.start)
		f.mends = append(f.mends, Mend{
			Rule: e.rule, Line: f.lineBefore(line), Column: column, Old: cmp.Or(private[e.start], hidden(r.scanner, string(clean[e.start:e.end]))), New: strings.TrimSuffix(e.text, "\n"),
		})
		for i := range strings.Count(e.text, "\n") - bytes.Count(clean[e.start:e.end], []byte("\n")) {
			added = append(added, line+len(added)+i)
		}
	}
	f.raw, f.added, f.copied = raw, append(f.added, added...), false
}

// lineBefore returns the number that a line had before all mends.
func (f *file) lineBefore(line int) int {
	for _, added := range slices.Backward(f.added) {
		if added < line {
			line--
		}
	}
	return line
}

// privateIn returns how the personal data of a text may be shown, by place, where edits mask any.
func (r *run) privateIn(clean []byte, edits []edit) map[int]string {
	if !slices.ContainsFunc(edits, func(e edit) bool { return isPrivate(e.rule) }) {
		return nil
	}
	out := map[int]string{}
	for _, m := range r.scanner.Find(nil, string(clean)) {
		out[m.Start] = shownAs(m)
	}
	return out
}

// unreadable says that an edit was not made because the file would say something else after it.
func unreadable(f *file, clean []byte, e edit) finding.Finding {
	line, column := lineAt(clean, e.start)
	return finding.New(e.rule, finding.Position{Path: f.Path, Line: line, Column: column},
		finding.T("自动修改后意思会变或读不通，没有改，请手工处理", "a mend would change what the file says; mend it by hand"), finding.Text{})
}

// round is one check of the content and the mends of what it finds.
type round struct {
	*run
	ctx       context.Context // of the one call that the round is made in
	dir       string          // that was checked
	site      *site.Site
	base      *url.URL
	findings  map[string][]finding.Finding // by path
	texts     []*textFile
	addressOf map[string]string
	files     map[string][]string // content paths of files that may be published, by folder
	byName    map[string][]string // the same by folded name
	pages     *portal
	pagesErr  error
}

// textFile is a file in one round.
type textFile struct {
	file      *file
	text      []byte // clean
	keys      []source.Key
	front     source.Front
	addresses []span
	blocks    []span
}

// round checks the content and mends what it finds; more says that it found something to mend.
func (r *run) round(ctx context.Context) (more bool, err error) {
	dir, err := r.materialise()
	if err != nil {
		return false, err
	}
	result, err := check.Run(ctx, check.Options{Source: dir, Portal: r.opt.Portal, Now: r.opt.Now, Jobs: r.opt.Jobs, Themes: r.opt.Themes})
	if err != nil {
		return false, err
	}
	if dir == r.opt.Source {
		r.dated = slices.DeleteFunc(slices.Clone(result.Findings), func(f finding.Finding) bool { return !isDated(f.Rule) })
	}
	x := &round{run: r, ctx: ctx, dir: dir, site: result.Site, findings: map[string][]finding.Finding{}}
	for _, f := range result.Findings {
		x.findings[f.Position.Path] = append(x.findings[f.Position.Path], f)
	}
	if x.base, err = build.Base(result.Site, "", nil); err != nil {
		return false, err
	}
	r.left = slices.Clone(r.first)
	more = x.mend()
	r.remaining = slices.DeleteFunc(result.Findings, func(f finding.Finding) bool { return !Within(f.Position.Path, r.opt.Paths) })
	return more, nil
}

// isDated reports whether the rule compares the content with its history.
func isDated(rule *finding.Rule) bool {
	return rule == finding.Backdated || rule == finding.Redated || rule == finding.HistoryUnknown
}

// mend mends what the round found.
func (r *round) mend() (more bool) {
	for _, f := range r.scope {
		if len(r.findings[f.Path]) == 0 {
			continue
		}
		clean, ok := source.CleanText(f.raw)
		if !ok {
			continue
		}
		x := &textFile{file: f, text: clean}
		x.front, _ = f.Front(clean)
		if x.keys, ok = f.Keys(clean); ok || !f.HasKeys() { // what cannot be read is left to the editor
			r.texts = append(r.texts, x)
		}
	}
	numbers := r.indexEdits(r.texts)
	for _, x := range r.texts {
		edits := slices.Concat(r.dateEdits(x), r.itemEdits(x), r.attachmentEdits(x), r.linkEdits(x), r.maskEdits(x), r.bracketEdits(x), r.punctuationEdits(x))
		if e, ok := numbers[x.file]; ok {
			edits = append(edits, e)
		}
		taken, refused := x.file.accept(edits)
		r.apply(x.file, x.text, taken)
		for _, e := range refused {
			r.left = append(r.left, unreadable(x.file, x.text, e))
		}
		more = more || len(taken) > 0
	}
	return more
}

// found reports whether the check has findings of a rule in the file, which are to be mended.
func (r *round) found(f *file, rule *finding.Rule) bool {
	return r.wants(rule) && slices.ContainsFunc(r.findings[f.Path], func(x finding.Finding) bool { return x.Rule == rule })
}

// of returns the findings in the file.
func (r *round) of(f *file) []finding.Finding { return r.findings[f.Path] }

// leave says why a finding is not mended.
func (r *round) leave(rule *finding.Rule, path string, line int, why finding.Text) {
	r.left = append(r.left, finding.New(rule, finding.Position{Path: path, Line: line, Column: 1}, why, finding.Text{}))
}

func (r *round) leaveAt(rule *finding.Rule, x *textFile, at int, why finding.Text) {
	line, column := lineAt(x.text, at)
	r.left = append(r.left, finding.New(rule, finding.Position{Path: x.file.Path, Line: line, Column: column}, why, finding.Text{}))
}

// history returns what the repository knows; it is read when the first link is broken.
func (r *round) history() *past {
	if r.past == nil {
		r.past = readPast(r.ctx, r.opt.Source)
	}
	return r.past
}

// portal returns the pages of the portal, which are planned when the first address is broken.
func (r *round) portal() (*portal, error) {
	if r.pages == nil && r.pagesErr == nil {
		r.pages, r.pagesErr = newPortal(r.site, r.base, r.dir, r.opt.Jobs, r.opt.Themes)
	}
	return r.pages, r.pagesErr
}

// plan returns the result.
func (r *run) plan() *Plan {
	p := &Plan{Left: r.left, Remaining: r.remaining}
	if r.scratch != "" {
		for _, f := range r.dated {
			if Within(f.Position.Path, r.opt.Paths) {
				p.Remaining = append(p.Remaining, f)
			}
		}
	}
	finding.Sort(p.Left)
	p.Left = slices.Compact(p.Left)
	finding.Sort(p.Remaining)
	for _, f := range r.scope {
		if !f.changed() {
			continue
		}
		slices.SortStableFunc(f.mends, func(a, b Mend) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column)) })
		p.Files = append(p.Files, File{Path: f.Path, Encoding: f.encoding, Before: f.before, After: f.raw, Mends: f.mends, raw: f.original})
	}
	return p
}
