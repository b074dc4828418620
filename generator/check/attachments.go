package check

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"gongkai/generator/audit"
	"gongkai/generator/extract"
	"gongkai/generator/finding"
	"gongkai/generator/parallel"
	"gongkai/generator/privacy"
	"gongkai/generator/site"
)

// attachments inspects the files that are published with documents. A file's findings stand where a document names it among its attachments,
// or else where one links to it, so that an editor, and an allowance, meet them there.
func attachments(dir string, jobs int, s *site.Site, linked map[string]finding.Position, scanner *privacy.Scanner, allowed *audit.Allowances) ([]finding.Finding, error) {
	named := maps.Clone(linked)
	for _, d := range s.Disclosures {
		for _, a := range d.Attachments {
			if !d.Withdrawn {
				named[a.Path] = d.Source.At("attachments")
			}
		}
	}
	for _, p := range s.Pages {
		for _, a := range p.Attachments {
			named[a.Path] = p.Source.At("attachments")
		}
	}
	names := slices.Sorted(maps.Keys(named))
	found := make([][]finding.Finding, len(names))
	errs := make([]error, len(names))
	parallel.Do(jobs, len(names), func(_, i int) {
		v := visit{scanner: scanner, allowed: allowed, name: names[i], at: named[names[i]], leaks: map[leakKey]*leak{}, tables: map[string]*privacy.Table{}}
		found[i], errs[i] = v.file(dir)
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return slices.Concat(found...), nil
}

// visit is the inspection of one file.
type visit struct {
	scanner *privacy.Scanner
	allowed *audit.Allowances
	name    string // content path
	at      finding.Position

	leaks  map[leakKey]*leak
	tables map[string]*privacy.Table // by the place of the table
	cells  []privacy.CellMatch
	spans  []privacy.Match
}

func (v *visit) file(dir string) ([]finding.Finding, error) {
	out := v.ownName()
	if !extract.Supported(v.name) {
		return out, nil // a picture, a sound
	}
	f, err := os.Open(filepath.Join(dir, filepath.FromSlash(v.name)))
	if err != nil {
		return nil, fmt.Errorf("inspect %s: %w", v.name, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("inspect %s: %w", v.name, err)
	}
	err = extract.Read(path.Base(v.name), f, info.Size(), extract.DefaultLimits(), func(p extract.Part) bool {
		v.part(p)
		return true
	})
	unreadable := extract.All(err)
	if err != nil && len(unreadable) == 0 {
		return nil, fmt.Errorf("inspect %s: %w", v.name, err)
	}
	for _, key := range slices.SortedFunc(maps.Keys(v.leaks), leakKey.compare) {
		out = append(out, v.leaks[key].finding(key, v.at))
	}
	return append(out, v.unreadable(unreadable)...), nil
}

// ownName reports personal data in the file's own name.
func (v *visit) ownName() []finding.Finding {
	var out []finding.Finding
	for _, m := range inName(v.scanner, v.name) {
		if v.allowed.File(v.at.Path, finding.PrivateName, v.name) {
			continue
		}
		out = append(out, finding.New(finding.PrivateName, v.at,
			finding.T("附件 %s 的文件名含%s", "the name of the attachment %[1]s has %[3]s", concealed(v.scanner, path.Base(v.name)), m.Kind.Chinese(), m.Kind.String()),
			finding.T("改文件名，用日期或序号区分", "rename the file; tell files apart by day or number")))
	}
	return out
}

// part looks through one part.
func (v *visit) part(p extract.Part) {
	switch {
	case p.Name:
		for _, m := range inName(v.scanner, p.Where[len(p.Where)-1]) {
			v.note(leakKey{m.Kind, true}, m, func() finding.Text { return p.Point(0) })
		}
	case p.Rows != nil:
		key := strings.Join(p.Where, "\x00")
		if v.tables[key] == nil {
			v.tables[key] = v.scanner.Table()
		}
		v.cells = v.tables[key].Find(v.cells[:0], p.Rows)
		for _, m := range v.cells {
			v.note(leakKey{m.Kind, false}, m.Match, func() finding.Text { return p.Cell(m.Row, m.Column) })
		}
	case p.Text != "":
		v.spans = v.scanner.Find(v.spans[:0], p.Text)
		for _, m := range v.spans {
			v.note(leakKey{m.Kind, false}, m, func() finding.Text { return p.Point(m.Start) })
		}
	}
}

// leakKey tells the leaks of one file apart.
type leakKey struct {
	kind privacy.Kind
	name bool // in the names of files in an archive
}

func (k leakKey) compare(other leakKey) int {
	switch {
	case k.name == other.name:
		return cmp.Compare(k.kind, other.kind)
	case k.name:
		return 1
	}
	return -1
}

// rule returns the rule that the leak breaks.
func (k leakKey) rule() *finding.Rule {
	if k.name {
		return finding.PrivateName
	}
	return privateRules[k.kind]
}

// leak is what one file has of one kind of personal data: the first place, and how many there are.
type leak struct {
	where finding.Text
	first privacy.Match
	n     int
}

func (v *visit) note(key leakKey, m privacy.Match, where func() finding.Text) {
	if v.allowed.Value(v.at.Path, key.rule(), v.name, m.Suggest) {
		return
	}
	if v.leaks[key] == nil {
		at := where() // it has the names of files, which may tell as much as what is in them
		v.leaks[key] = &leak{where: finding.Text{ZH: concealed(v.scanner, at.ZH), EN: concealed(v.scanner, at.EN)}, first: m}
	}
	v.leaks[key].n++
}

func (l *leak) finding(key leakKey, at finding.Position) finding.Finding {
	kind, kindEN := key.kind.Chinese(), key.kind.String()
	if key.name {
		message := finding.T("附件里的文件名 %s 含%s", "the name %[1]s within the attachment has %[3]s", l.where.ZH, kind, kindEN)
		if l.n > 1 {
			message = finding.T("附件里的文件名 %s 等 %d 个含%s", "the name %[1]s and others within the attachment, %[2]d in all, have %[4]s", l.where.ZH, l.n, kind, kindEN)
		}
		return finding.New(finding.PrivateName, at, message, finding.T("改里面的文件名，再重新上传", "rename the files within it and upload it again"))
	}
	message := finding.T("附件 %s 含%s %s", "the attachment %[4]s has %[5]s %[3]s", l.where.ZH, kind, l.first.Masked, l.where.EN, kindEN)
	if l.n > 1 {
		message = finding.T("附件 %s 等 %d 处含%s，例如 %s", "the attachment %[5]s has %[6]s in %[2]d places, such as %[4]s", l.where.ZH, l.n, kind, l.first.Masked, l.where.EN, kindEN)
	}
	return finding.New(key.rule(), at, message,
		finding.T("在附件里把它们隐去，例如写成 %s，再重新上传", "mask them in the attachment, for example as %s", l.first.Suggest))
}

// unreadable reports what could not be read, once for each reason: an archive may hold a thousand files of one kind.
func (v *visit) unreadable(list []*extract.Unreadable) []finding.Finding {
	if len(list) == 0 || v.allowed.File(v.at.Path, finding.Unreadable, v.name) {
		return nil
	}
	count := map[extract.Reason]int{}
	for _, u := range list {
		count[u.Reason]++
	}
	var out []finding.Finding
	for _, u := range list {
		n := count[u.Reason]
		if n == 0 {
			continue // said
		}
		count[u.Reason] = 0
		message := u.Message()
		if n > 1 {
			where, why := strings.Join(u.Where, " › "), u.Reason.Text()
			message = finding.T("%s 等 %d 个文件无法读取：%s", "%[1]s and others, %[2]d files in all, could not be read because %[4]s", where, n, why.ZH, why.EN)
		}
		message = finding.Text{ZH: concealed(v.scanner, message.ZH), EN: concealed(v.scanner, message.EN)}
		out = append(out, finding.New(finding.Unreadable, v.at, message,
			finding.T("换成可读的格式（xlsx、docx、pdf、ofd、csv）再发布", "publish a file that can be read: xlsx, docx, pdf, ofd, csv")))
	}
	return out
}
