package mend

import (
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"gongkai/generator/source"
)

// listFiles lists the files of the content that may be published beside texts: attachments and pictures.
func (r *round) listFiles() {
	if r.files != nil {
		return
	}
	r.files, r.byName = map[string][]string{}, map[string][]string{}
	// a folder that cannot be listed has no targets to offer; the check has reported it
	_ = filepath.WalkDir(filepath.Join(r.dir, source.Dir), func(full string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if rel, err := filepath.Rel(r.dir, full); err == nil {
			r.addFile(filepath.ToSlash(rel))
		}
		return nil
	})
}

func (r *round) addFile(p string) {
	name := path.Base(p)
	inside := strings.HasPrefix(p, source.Dir+"/units/") || strings.HasPrefix(p, source.Dir+"/pages/")
	if !inside || strings.EqualFold(path.Ext(name), ".md") || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || source.RunsCode(name) {
		return
	}
	r.files[path.Dir(p)] = append(r.files[path.Dir(p)], name)
	r.byName[fold(name)] = append(r.byName[fold(name)], p)
}

// beside returns the names of the files in a folder.
func (r *round) beside(dir string) []string {
	r.listFiles()
	return r.files[dir]
}

// elsewhere returns the files of a name in any folder.
func (r *round) elsewhere(name string) []string {
	r.listFiles()
	return r.byName[fold(name)]
}

// publishable reports whether a content path is a file that may be published.
func (r *round) publishable(p string) bool {
	return source.FileOf(r.dir, p) != "" && !source.RunsCode(p) && !strings.EqualFold(path.Ext(p), ".md")
}
