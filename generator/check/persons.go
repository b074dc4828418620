package check

import (
	"os"
	"path"
	"path/filepath"
	"slices"

	"gongkai/generator/audit"
	"gongkai/generator/extract"
	"gongkai/generator/site"
)

// headRows is how many rows at the beginning of a table may be its title and its headings.
const headRows = 10

// persons returns what tells whether a document lists persons: in its text, or in a table that is attached to it.
func (x *inspector) persons(dir string) func(*site.Disclosure) bool {
	return func(d *site.Disclosure) bool {
		return x.texts[d.Source.Path].persons || slices.ContainsFunc(d.Attachments, func(a site.Attachment) bool {
			return tableOfPersons(filepath.Join(dir, filepath.FromSlash(a.Path)))
		})
	}
}

// tableOfPersons reports whether a file has a table with a column for persons. A file that cannot be read is reported where attachments are
// inspected, and says nothing here.
func tableOfPersons(name string) bool {
	base := path.Base(filepath.ToSlash(name))
	if !extract.Supported(base) {
		return false
	}
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false
	}
	found := false
	_ = extract.Read(base, f, info.Size(), extract.DefaultLimits(), func(p extract.Part) bool {
		for i, row := range p.Rows {
			if p.Row+i > headRows {
				break
			}
			if len(row) > 1 && slices.ContainsFunc(row, audit.PersonHeading) {
				found = true
			}
		}
		return !found
	})
	return found
}
