package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/html"
)

// TestPagesAreMinified holds that minifying the templates once leaves pages within 2% of what minifying each whole page would.
func TestPagesAreMinified(t *testing.T) {
	public := sampleBelow(t)
	m := minify.New()
	m.AddFunc("text/html", html.Minify)
	var ours, whole int
	err := filepath.WalkDir(public, func(p string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(p) != ".html" {
			return err
		}
		page, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		small, err := m.Bytes("text/html", page)
		if err != nil {
			return err
		}
		ours, whole = ours+len(page), whole+len(small)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("pages have %d bytes, each minified whole %d (%+.2f%%)", ours, whole, 100*(float64(ours)/float64(whole)-1))
	if float64(ours) > 1.02*float64(whole) {
		t.Errorf("pages have %d bytes, minified whole %d", ours, whole)
	}
}
