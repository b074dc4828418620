package search_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"gongkai/generator/search"
)

// TestOutdatedIndexes are built anew: an update of the program must not need a folder to be deleted by hand.
func TestOutdatedIndexes(t *testing.T) {
	for name, manifest := range map[string]string{"of another version": `{"version":1,"parts":[]}`, "damaged": `{"version":`} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "0123.json"), []byte(manifest), 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := search.Open(dir, "0123"); !errors.Is(err, search.ErrOutdated) {
				t.Errorf("open: %v", err)
			}
			w, err := search.NewWriter(dir, search.Meta{}, "0123", nil, 1, 1)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Add(search.Document{URL: "/a/", Title: "通知"}); err != nil {
				t.Fatal(err)
			}
			id, err := w.Finish()
			if err != nil {
				t.Fatal(err)
			}
			if err := search.Prune(dir, id, "0123"); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(filepath.Join(dir, "0123.json")); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the old index stays: %v", err)
			}
		})
	}
}
