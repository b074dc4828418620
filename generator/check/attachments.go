package check

import (
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"gongkai/generator/extract"
	"gongkai/generator/finding"
	"gongkai/generator/parallel"
	"gongkai/generator/privacy"
	"gongkai/generator/site"
)

// attachments inspects the files that are published with documents. A file's findings stand where a document names it, so that an editor, and
// an allowance, meet them there; a file that only a link publishes has its own path.
func attachments(dir string, jobs int, s *site.Site, linked []string, scanner *privacy.Scanner) ([]finding.Finding, error) {
	named := map[string]finding.Position{}
	for _, name := range linked {
		named[name] = finding.Position{Path: name}
	}
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
		found[i], errs[i] = attachment(dir, names[i], named[names[i]], scanner)
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return slices.Concat(found...), nil
}

// attachment inspects one file.
func attachment(dir, name string, at finding.Position, scanner *privacy.Scanner) ([]finding.Finding, error) {
	out := privateName(scanner, name)
	if !extract.Supported(name) {
		return out, nil // a picture, a sound
	}
	f, err := os.Open(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return nil, fmt.Errorf("inspect %s: %w", name, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("inspect %s: %w", name, err)
	}
	leaks := map[privacy.Kind]*leak{}
	tables := map[string]*privacy.Table{}
	var cells []privacy.CellMatch
	var spans []privacy.Match
	err = extract.Read(path.Base(name), f, info.Size(), extract.DefaultLimits(), func(p extract.Part) bool {
		if p.Rows != nil {
			key := strings.Join(p.Where, "\x00")
			if tables[key] == nil {
				tables[key] = scanner.Table()
			}
			cells = tables[key].Find(cells[:0], p.Rows)
			for _, m := range cells {
				note(leaks, m.Match, func() finding.Text { return p.Cell(m.Row, m.Column) })
			}
		}
		if p.Text != "" {
			spans = scanner.Find(spans[:0], p.Text)
			for _, m := range spans {
				note(leaks, m, func() finding.Text { return p.Point(m.Start) })
			}
		}
		return true
	})
	for _, kind := range slices.Sorted(maps.Keys(leaks)) {
		out = append(out, leaks[kind].finding(kind, at).About(path.Base(name)+" "+kind.String()))
	}
	unreadable := extract.All(err)
	for _, u := range unreadable {
		message := u.Message()
		out = append(out, finding.New(finding.Unreadable, at, message,
			finding.T("换成可读的格式（xlsx、docx、pdf、csv）再发布", "publish a file that can be read: xlsx, docx, pdf, csv")))
	}
	if err != nil && len(unreadable) == 0 {
		return nil, fmt.Errorf("inspect %s: %w", name, err)
	}
	return out, nil
}

// leak is what one file has of one kind of personal data: the first place, and how many there are.
type leak struct {
	where finding.Text
	first privacy.Match
	n     int
}

func note(leaks map[privacy.Kind]*leak, m privacy.Match, where func() finding.Text) {
	if leaks[m.Kind] == nil {
		leaks[m.Kind] = &leak{where: where(), first: m}
	}
	leaks[m.Kind].n++
}

func (l *leak) finding(kind privacy.Kind, at finding.Position) finding.Finding {
	message := finding.T("附件 %s 含%s %s", "the attachment %[4]s has %[5]s %[3]s", l.where.ZH, kind.Chinese(), l.first.Masked, l.where.EN, kind.String())
	if l.n > 1 {
		message = finding.T("附件 %s 等 %d 处含%s，例如 %s", "the attachment %[5]s has %[6]s in %[2]d places, such as %[4]s", l.where.ZH, l.n, kind.Chinese(), l.first.Masked, l.where.EN, kind.String())
	}
	return finding.New(privateRules[kind], at, message,
		finding.T("在附件里把它们隐去，例如写成 %s，再重新上传", "mask them in the attachment, for example as %s", l.first.Suggest))
}
