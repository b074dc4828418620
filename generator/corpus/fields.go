package corpus

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"time"

	"gongkai/generator/site"
	"gongkai/generator/source"
)

// FieldsOf returns the catalogs of the content in a folder, with the items that a township inherits, and the bytes of its settings.
func FieldsOf(dir string) (fields []Field, settings []byte, err error) {
	s, _, err := source.Load(source.Options{Dir: dir, Now: time.Unix(0, 0), Jobs: runtime.GOMAXPROCS(0)})
	if err != nil {
		return nil, nil, err
	}
	if settings, err = os.ReadFile(filepath.Join(dir, source.Dir, "site.yaml")); err != nil {
		return nil, nil, fmt.Errorf("read settings: %w", err)
	}
	for _, f := range s.Fields {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.Source.Path)))
		if err != nil {
			return nil, nil, fmt.Errorf("read catalog: %w", err)
		}
		c := Field{Slug: f.Slug, File: path.Base(f.Source.Path), Source: text}
		for _, it := range f.Items {
			if it.Concerns(site.Township) {
				c.Items = append(c.Items, it.Path())
			}
		}
		fields = append(fields, c)
	}
	if len(fields) == 0 {
		return nil, nil, errors.New("corpus: the content has no catalogs")
	}
	return fields, settings, nil
}
