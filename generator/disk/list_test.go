package disk

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

func TestListFindsWhatAWalkFinds(t *testing.T) {
	dir := t.TempDir()
	write := func(name string) {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 900 { // more names than fit a buffer
		write(fmt.Sprintf("西河镇/社会救助/%03d-%s.md", i, "关于公布二〇二六年第三季度城乡低保对象名单的公示"))
	}
	write("index.html")
	write("a/b/c/.d")
	if err := os.MkdirAll(filepath.Join(dir, "a", "空"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("index.html", filepath.Join(dir, "link")); err != nil && runtime.GOOS != "windows" {
		t.Fatal(err)
	}
	for _, stamps := range []bool{false, true} {
		var want []Entry
		if err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if err != nil || p == dir {
				return err
			}
			rel, err := filepath.Rel(dir, p)
			if err != nil {
				return err
			}
			e := Entry{Path: filepath.ToSlash(rel), Folder: d.IsDir(), Link: d.Type()&fs.ModeSymlink != 0}
			if stamps && !e.Folder {
				info, err := d.Info()
				if err != nil {
					return err
				}
				e.Stamp = StampOf(info)
			}
			want = append(want, e)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for _, top := range []string{dir, dir + string(filepath.Separator)} {
			got, err := List(top, 3, stamps)
			if err != nil {
				t.Fatal(err)
			}
			byPath := func(a, b Entry) int { return cmp.Compare(a.Path, b.Path) }
			for i, e := range got {
				if parent := filepath.ToSlash(filepath.Dir(e.Path)); parent != "." && !slices.ContainsFunc(got[:i], func(f Entry) bool { return f.Path == parent }) {
					t.Fatalf("%s comes before its folder", e.Path)
				}
			}
			slices.SortFunc(want, byPath)
			slices.SortFunc(got, byPath)
			if !slices.Equal(got, want) {
				t.Errorf("stamps %v: %d entries, want %d", stamps, len(got), len(want))
			}
		}
	}
	if got, err := List(filepath.Join(dir, "absent"), 1, true); err != nil || got != nil {
		t.Errorf("an absent folder: %v, %v", got, err)
	}
	if _, err := List(filepath.Join(dir, "index.html"), 1, false); err == nil {
		t.Error("a file was listed")
	}
}
