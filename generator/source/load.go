// Package source reads the content folder into the domain model, keeping the position of every value for the findings that need it.
//
// Reading has two steps. Files are parsed on their own, in parallel, into records (parse.go); then the records are assembled into
// one site.Site (assemble.go), where inheritance, references and duplicates are settled. A document with an error is left out
// and reported. What others depend on (a unit, a catalog, the settings) is kept as far as it could be read, because leaving it out
// would take hundreds of documents with it for one mistyped line; its error is reported all the same.
package source

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/text/unicode/norm"

	"gongkai/generator/calendar"
	"gongkai/generator/disk"
	"gongkai/generator/finding"
	"gongkai/generator/parallel"
	"gongkai/generator/site"
)

// Dir is the name of the folder inside the source directory that holds the content.
const Dir = "content"

// IndicatorsFile is the name of the file in Dir that replaces the built-in inspection indicators.
const IndicatorsFile = "indicators.yaml"

// ErrNoContent says that the content folder is absent or empty.
var ErrNoContent = errors.New("no content")

// Options say what to load.
type Options struct {
	Dir  string    // the source directory, which holds content
	Now  time.Time // decides what is due and what has expired
	Jobs int       // files parsed at once
	// Inspect, where it is not nil, is shown each text file as it is written, in UTF-8, and returns what it has to say of it. It is
	// called by several goroutines.
	Inspect func(path string, text []byte) []finding.Finding
	// Drafts shows drafts and documents that are not due yet, each with Pending.
	Drafts bool
	// Skeleton leaves the disclosures out: units, fields and settings are all that is read.
	Skeleton bool
	// Memory, where it is not nil, saves reading what was not written since the last Load.
	Memory Memory
}

// Load reads the content. The findings are not sorted. The error wraps ErrNoContent where there is nothing to read,
// and is otherwise a trouble of the disk.
func Load(opt Options) (*site.Site, []finding.Finding, error) {
	l := &loader{root: opt.Dir, now: calendar.StampOf(opt.Now), inspect: opt.Inspect, memory: opt.Memory, drafts: opt.Drafts, skeleton: opt.Skeleton}
	if err := l.walk(); err != nil {
		return nil, nil, err
	}
	if err := l.parseAll(opt.Jobs); err != nil {
		return nil, nil, err
	}
	s := l.assemble()
	s.Frame = l.frame()
	return s, l.findings, nil
}

// loader holds what one Load knows.
type loader struct {
	root     string
	now, due calendar.Stamp
	files    []*file
	kept     atomic.Int64 // bytes of files that are kept in memory
	inspect  func(path string, text []byte) []finding.Finding
	memory   Memory
	drafts   bool
	skeleton bool
	settings *site.Config // of an earlier reading, for want of others (Library); nil where there is none
	findings []finding.Finding
	names    []string // of all files and folders that were seen
	beside   []string // paths of the files that lie beside documents
}

// frame sums up what was read (site.Site.Frame).
func (l *loader) frame() [32]byte {
	h := sha256.New()
	for _, list := range [][]string{l.names, {"/"}} {
		for _, name := range list {
			fmt.Fprintf(h, "%d:%s", len(name), name)
		}
	}
	for _, f := range l.files {
		h.Write(f.frame[:])
	}
	return [32]byte(h.Sum(nil))
}

// role is what a file is, by its place.
type role uint8

const (
	roleConfig role = iota
	roleSynonyms
	roleWorkdays
	roleField
	rolePage
	roleUnit
	roleUnitField
	roleDisclosure
)

// file is one text file of the content, and after parsing its record.
type file struct {
	role        role
	path        string // content/units/xihe/_index.md
	unit, field string // folder names
	name        string // file name without .md
	findings    []finding.Finding
	failed      bool     // an error was found
	frame       [32]byte // sum of the bytes that make the record
	kept        bool     // the file has an error now, and the record is of an earlier reading (Library)
	allowances  []site.Allowance
	record      any // *site.Config, *fieldRecord … by role; nil where nothing could be read
}

func (l *loader) report(rule *finding.Rule, at finding.Position, message, mend finding.Text) {
	l.findings = append(l.findings, finding.New(rule, at, message, mend))
}

// walk finds the files and their roles.
func (l *loader) walk() error {
	top, err := l.list(Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s is absent", ErrNoContent, filepath.Join(l.root, Dir))
	}
	if err != nil {
		return err
	}
	if len(top) == 0 {
		return fmt.Errorf("%w: %s is empty", ErrNoContent, filepath.Join(l.root, Dir))
	}
	for _, e := range top {
		switch p := path.Join(Dir, e.name); {
		case e.name == "site.yaml" && !e.dir:
			l.files = append(l.files, &file{role: roleConfig, path: p})
		case e.name == "synonyms.yaml" && !e.dir:
			l.files = append(l.files, &file{role: roleSynonyms, path: p})
		case e.name == "workdays.csv" && !e.dir:
			l.files = append(l.files, &file{role: roleWorkdays, path: p})
		case e.name == IndicatorsFile && !e.dir: // read where content is inspected
		case e.name == "fields" && e.dir:
			err = l.folder(p, roleField)
		case e.name == "pages" && e.dir:
			err = l.folder(p, rolePage)
		case e.name == "units" && e.dir:
			err = l.units(p)
		default:
			err = l.stray(p, e.dir, Nearest(e.name, []string{"fields", "pages", "units", "site.yaml", "synonyms.yaml", "workdays.csv", IndicatorsFile}))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// stray reports a file or folder that lies where nothing is read: as an error where it is, or holds, a text that its editor believes to be public. The name that
// may have been meant is empty where there is none.
func (l *loader) stray(p string, dir bool, meant string) error {
	texts := 0
	if dir {
		var err error
		if texts, err = l.lookInto(p); err != nil {
			return err
		}
	}
	mend := finding.T("公开信息放到 content/units/<单位>/<领域>/ 下，或把它移出 content", "put disclosures into content/units/<unit>/<field>/, or move it out of content")
	if parent := path.Dir(p); parent == path.Join(Dir, "pages") || parent == path.Join(Dir, "fields") {
		mend = finding.T("直接放在 %s 下，或把它移出 content", "put it into %s itself, or move it out of content", parent)
	}
	switch name := path.Base(p); {
	case texts > 0:
		l.report(finding.LostText, finding.Position{Path: p},
			finding.T("这个文件夹不在会读取的位置，里面 %d 个文档不会发布", "this folder is in no place that is read; the %d documents in it are not published", texts), didYouMean(meant, mend))
	case !dir && (isMarkdown(name) || almostMarkdown(name) != "") && !strings.EqualFold(name, "readme.md"):
		l.lost(p)
	default:
		l.report(finding.StrayFile, finding.Position{Path: p},
			finding.T("这个文件不在会读取的位置，不会发布", "this file is in no place that is read and is not published"), didYouMean(meant, mend))
	}
	return nil
}

// lost reports a text that lies in a wrong folder.
func (l *loader) lost(p string) {
	mend := finding.T("公开信息放到 content/units/<单位>/<领域>/ 下，或把它移出 content", "put disclosures into content/units/<unit>/<field>/, or move it out of content")
	if parts := strings.Split(p, "/"); len(parts) > 4 && parts[1] == "units" {
		mend = finding.T("移到上一级，直接放在 %s 下", "move it up, into %s itself", strings.Join(parts[:4], "/"))
	} else if len(parts) == 4 && parts[1] == "units" {
		mend = finding.T("移到 %s 下某个领域的文件夹里，例如 %[1]s/social-assistance/", "move it into the folder of a field in %s, for example %[1]s/social-assistance/", path.Dir(p))
	}
	l.report(finding.LostText, finding.Position{Path: p},
		finding.T("这个文档不在会读取的文件夹里，不会发布", "this document is in no folder that is read and is not published"), mend)
}

// note takes down a file that lies beside documents, where the content is inspected.
func (l *loader) note(p string) {
	if l.inspect != nil {
		l.beside = append(l.beside, p)
	}
}

// misnamed reports a text whose name does not end in .md, as Notepad and other editors save it, and whether it is one.
func (l *loader) misnamed(p string) bool {
	name := almostMarkdown(path.Base(p))
	if name == "" {
		return false
	}
	l.report(finding.LostText, finding.Position{Path: p},
		finding.T("文件名不以 .md 结尾，不会当作文档读取", "the name does not end in .md, so that it is not read as a document"),
		finding.T("改名为“%s”；记事本“另存为”时，保存类型选“所有文件”", "rename it %q; in Notepad save it as \"all files\"", name))
	return true
}

// almostMarkdown returns the name that a text should have where it has another ending, otherwise "".
func almostMarkdown(name string) string {
	lower := strings.ToLower(name)
	if strings.HasSuffix(lower, ".md.txt") {
		return name[:len(name)-len(".txt")]
	}
	switch ext := path.Ext(lower); ext {
	case ".markdown", ".mdown", ".mkd":
		return name[:len(name)-len(ext)] + ".md"
	}
	return ""
}

// folder lists the Markdown files of fields and pages; other files are attachments of pages.
func (l *loader) folder(dir string, r role) error {
	entries, err := l.list(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		p := path.Join(dir, e.name)
		switch {
		case !e.dir && isMarkdown(e.name):
			l.files = append(l.files, &file{role: r, path: p, name: norm.NFC.String(trimMarkdown(e.name))})
		case !e.dir && l.misnamed(p):
		case r == roleField || e.dir:
			if err := l.stray(p, e.dir, ""); err != nil {
				return err
			}
		default:
			l.note(p)
		}
	}
	return nil
}

// lookInto takes note of the names below a folder whose files are not read, but may be linked to, and returns how many texts there are.
func (l *loader) lookInto(dir string) (texts int, err error) {
	entries, err := l.list(dir)
	for _, e := range entries {
		switch p := path.Join(dir, e.name); {
		case err != nil:
		case e.dir:
			var n int
			n, err = l.lookInto(p)
			texts += n
		case isMarkdown(e.name) || almostMarkdown(e.name) != "":
			texts++
		}
	}
	return texts, err
}

func (l *loader) units(dir string) error {
	units, err := l.list(dir)
	if err != nil {
		return err
	}
	for _, u := range units {
		p := path.Join(dir, u.name)
		if !u.dir {
			if err := l.stray(p, false, ""); err != nil {
				return err
			}
			continue
		}
		entries, err := l.list(p)
		if err != nil {
			return err
		}
		for _, e := range entries {
			switch {
			case e.name == "_index.md" && !e.dir:
				l.files = append(l.files, &file{role: roleUnit, path: path.Join(p, e.name), unit: norm.NFC.String(u.name)})
			case e.dir:
				if err := l.unitField(path.Join(p, e.name), norm.NFC.String(u.name), norm.NFC.String(e.name)); err != nil {
					return err
				}
			default:
				if p := path.Join(p, e.name); !l.misnamed(p) {
					if err := l.stray(p, false, ""); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

func (l *loader) unitField(dir, unit, field string) error {
	entries, err := l.list(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		p := dir + "/" + e.name
		switch {
		case e.dir:
			if err := l.attachmentFolder(p); err != nil {
				return err
			}
		case e.name == "_index.md":
			l.files = append(l.files, &file{role: roleUnitField, path: p, unit: unit, field: field})
		case isMarkdown(e.name) && l.skeleton:
		case isMarkdown(e.name):
			l.files = append(l.files, &file{role: roleDisclosure, path: p, unit: unit, field: field, name: norm.NFC.String(trimMarkdown(e.name))})
		case !l.misnamed(p):
			l.note(p)
		}
	}
	return nil
}

// attachmentFolder looks into a folder beside disclosures: it may hold attachments but no documents.
func (l *loader) attachmentFolder(dir string) error {
	entries, err := l.list(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		p := path.Join(dir, e.name)
		switch {
		case e.dir:
			if err := l.attachmentFolder(p); err != nil {
				return err
			}
		case isMarkdown(e.name) || almostMarkdown(e.name) != "":
			l.lost(p)
		default:
			l.note(p)
		}
	}
	return nil
}

func isMarkdown(name string) bool { return strings.EqualFold(path.Ext(name), ".md") }

func trimMarkdown(name string) string { return name[:len(name)-len(".md")] }

// entry is one name in a folder.
type entry struct {
	name string
	dir  bool
}

// list returns the entries of a folder sorted by name, without the files that editors and systems leave behind.
// A symbolic link is followed where it stays inside the content and reported where it does not.
func (l *loader) list(dir string) ([]entry, error) {
	read, err := l.listOne(dir)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", dir, err)
	}
	out := make([]entry, 0, len(read))
	l.names = append(l.names, dir+"/")
	for _, e := range read {
		name := e.Path
		l.names = append(l.names, name)
		if Ignored(name) {
			continue
		}
		if !e.Link {
			out = append(out, entry{name, e.Folder})
			continue
		}
		if info, ok := l.followLink(path.Join(dir, name)); ok {
			l.names = append(l.names, "followed")
			out = append(out, entry{name, info.IsDir()})
		}
	}
	slices.SortFunc(out, func(a, b entry) int { return cmp.Compare(a.name, b.name) })
	l.checkNames(dir, out)
	return out, nil
}

// listOne returns what lies in a folder itself, by name.
func (l *loader) listOne(dir string) ([]disk.Entry, error) {
	if l.memory != nil {
		if entries, ok := l.memory.List(dir); ok {
			return entries, nil
		}
	}
	read, err := os.ReadDir(filepath.Join(l.root, filepath.FromSlash(dir)))
	if err != nil {
		return nil, err
	}
	out := make([]disk.Entry, len(read))
	for i, e := range read {
		out[i] = disk.Entry{Path: e.Name(), Folder: e.IsDir(), Link: e.Type()&fs.ModeSymlink != 0}
	}
	return out, nil
}

// Ignored reports whether a file is the leaving of an editor or a system: .DS_Store, ~$draft.docx, Thumbs.db, x.md~ …
func Ignored(name string) bool {
	lower := strings.ToLower(name)
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || strings.HasSuffix(name, "~") ||
		strings.HasSuffix(lower, ".swp") || strings.HasSuffix(lower, ".tmp") || strings.HasSuffix(lower, ".bak") ||
		lower == "thumbs.db" || lower == "desktop.ini"
}

// followLink returns what a symbolic link points to, unless that is outside of the content.
func (l *loader) followLink(p string) (fs.FileInfo, bool) {
	full := filepath.Join(l.root, filepath.FromSlash(p))
	info, err := os.Stat(full)
	// a link to a folder could lead back to where it stands; nobody needs one
	if err == nil && !info.IsDir() && insideContent(l.root, full) {
		return info, true
	}
	l.report(finding.Symlink, finding.Position{Path: p},
		finding.T("符号链接指向 content 之外、文件夹或不存在的文件，不会发布", "the symbolic link points out of content, to a folder or to nothing, and is not followed"),
		finding.T("把文件本身复制到这里", "copy the file itself to this place"))
	return nil, false
}

// insideContent reports whether a file lies in the content once every symbolic link on the way to it is followed.
func insideContent(root, full string) bool {
	target, err := filepath.EvalSymlinks(full)
	if err != nil {
		return false
	}
	top, err := filepath.EvalSymlinks(filepath.Join(root, Dir))
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(top, target)
	return err == nil && filepath.IsLocal(rel)
}

// parseAll parses the files on a number of workers; each file holds its own results, so that their order never matters.
func (l *loader) parseAll(jobs int) error {
	errs := make([]error, len(l.files))
	parallel.Do(jobs, len(l.files), func(_, i int) { errs[i] = l.parse(l.files[i]) })
	for _, f := range l.files {
		l.findings = append(l.findings, f.findings...)
	}
	return errors.Join(errs...)
}

// keepTexts is how many bytes of files are kept in memory between loading and rendering. Beyond it texts are read again, so that the
// memory of a large district grows with summaries only.
const keepTexts = 64 << 20

// TakeBody is Body for who asks once: a text that is kept in memory is forgotten.
func TakeBody(dir string, src *site.Source) ([]byte, error) {
	body, err := Body(dir, src)
	src.Text = nil
	return body, err
}

// Body returns the text after the front matter of a file that Load has read. The error says so where the file has changed since.
func Body(dir string, src *site.Source) ([]byte, error) {
	if src.Text != nil {
		return src.Text, nil
	}
	raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(src.Path)))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", src.Path, err)
	}
	if sha256.Sum256(raw) != src.Sum {
		return nil, fmt.Errorf("read %s: the file was changed while the portal was being built", src.Path)
	}
	text, fault := cleanText(src.Path, raw)
	if fault != nil {
		return nil, fmt.Errorf("read %s: %s", src.Path, fault.Message.EN)
	}
	_, body, _, fault := splitFront(src.Path, text, disclosureKeys)
	if fault != nil {
		return nil, fmt.Errorf("read %s: %s", src.Path, fault.Message.EN)
	}
	return body, nil
}
