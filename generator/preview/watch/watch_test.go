package watch

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"
)

// open starts watching a folder with content/units/xihe/a.md.
func open(t testing.TB, poll bool) (string, *Watcher) {
	t.Helper()
	root := t.TempDir()
	write(t, root, "content/units/xihe/a.md", "一")
	w, err := New(Options{Root: root, Dirs: []string{"content", "themes/default"}, Debounce: 25 * time.Millisecond, Longest: 250 * time.Millisecond, Every: 20 * time.Millisecond, Poll: poll})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	if polling, _ := w.Polling(); polling != poll {
		t.Fatalf("polling: %v", polling)
	}
	return root, w
}

func write(t testing.TB, root, name, text string) {
	t.Helper()
	full := filepath.Join(root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wait collects changes until all paths were told.
func wait(t testing.TB, w *Watcher, paths ...string) (changes int) {
	t.Helper()
	end := time.After(5 * time.Second)
	for len(paths) > 0 {
		select {
		case c := <-w.Changes():
			changes++
			paths = slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return c.All || slices.Contains(c.Paths, p) })
		case <-end:
			t.Fatalf("not told of %v", paths)
		}
	}
	return changes
}

// silent fails where anything is told.
func silent(t testing.TB, w *Watcher) {
	t.Helper()
	select {
	case c := <-w.Changes():
		t.Fatalf("told of %+v", c)
	case <-time.After(200 * time.Millisecond):
	}
}

func TestEverySaveIsOneChange(t *testing.T) {
	const name = "content/units/xihe/a.md"
	saves := map[string]func(t *testing.T, root string){
		"written over": func(t *testing.T, root string) { write(t, root, name, "二") },
		"a new file renamed over the old one": func(t *testing.T, root string) { // VS Code with atomic saves, many others
			write(t, root, "content/units/xihe/a.md.tmp", "二")
			must(t, os.Rename(filepath.Join(root, "content/units/xihe/a.md.tmp"), filepath.Join(root, name)))
		},
		"the old one moved to a backup": func(t *testing.T, root string) { // Vim
			must(t, os.Rename(filepath.Join(root, name), filepath.Join(root, name+"~")))
			write(t, root, name, "二")
			must(t, os.Remove(filepath.Join(root, name+"~")))
		},
		"deleted and made again": func(t *testing.T, root string) {
			must(t, os.Remove(filepath.Join(root, name)))
			write(t, root, name, "二")
		},
		"with a lock file beside it": func(t *testing.T, root string) { // WPS, Word
			write(t, root, "content/units/xihe/~$a.md", "lock")
			write(t, root, name, "二")
			must(t, os.Remove(filepath.Join(root, "content/units/xihe/~$a.md")))
		},
	}
	for what, save := range saves {
		for _, poll := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, polling %v", what, poll), func(t *testing.T) {
				root, w := open(t, poll)
				save(t, root)
				if n := wait(t, w, name); n != 1 && !poll {
					t.Errorf("%d changes", n)
				}
				if !poll {
					silent(t, w)
				}
			})
		}
	}
}

func TestFoldersComeAndGo(t *testing.T) {
	for _, poll := range []bool{false, true} {
		t.Run(fmt.Sprint("polling ", poll), func(t *testing.T) {
			root, w := open(t, poll)
			write(t, root, "content/units/new/field/deep/x.md", "写在文件夹刚建好的时候")
			wait(t, w, "content/units/new/field/deep/x.md")
			write(t, root, "content/units/new/field/y.md", "又一个")
			wait(t, w, "content/units/new/field/y.md")
			must(t, os.Rename(filepath.Join(root, "content/units/new"), filepath.Join(root, "content/units/renamed")))
			wait(t, w, "content/units/renamed/field/y.md")
			write(t, root, "content/units/renamed/field/y.md", "改名以后")
			wait(t, w, "content/units/renamed/field/y.md")
			must(t, os.RemoveAll(filepath.Join(root, "content")))
			for gone := false; !gone; {
				select {
				case <-w.Changes():
				case <-time.After(300 * time.Millisecond):
					gone = true
				}
			}
			write(t, root, "content/units/again/a.md", "整个 content 重新建立")
			wait(t, w, "content/units/again/a.md")
			write(t, root, "themes/default/assets/x.css", "b{}")
			wait(t, w, "themes/default/assets/x.css")
		})
	}
}

func TestWhatDoesNotMatterIsNotTold(t *testing.T) {
	root, w := open(t, false)
	write(t, root, "public/index.html", "不看输出文件夹")
	write(t, root, "content/.DS_Store", "x")
	write(t, root, "content/units/xihe/.a.md.swp", "x")
	must(t, os.Chmod(filepath.Join(root, "content/units/xihe/a.md"), 0o600))
	silent(t, w)
}

func TestManyFilesAreFewChanges(t *testing.T) {
	root, w := open(t, false)
	var names []string
	for i := range 2000 {
		names = append(names, fmt.Sprintf("content/units/u%d/f/%d.md", i%20, i))
	}
	told := make(chan int)
	go func() { told <- wait(t, w, names...) }()
	for _, name := range names {
		write(t, root, name, "x")
	}
	if n := <-told; n > 40 {
		t.Errorf("%d changes for one checkout", n)
	}
}

func TestPollingSeesAnEditThatLeavesTheTimeAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the system does not tell when a file was changed")
	}
	root, w := open(t, true)
	name := filepath.Join(root, "content/units/xihe/a.md")
	info, err := os.Stat(name)
	must(t, err)
	write(t, root, "content/units/xihe/a.md", "二")
	must(t, os.Chtimes(name, info.ModTime(), info.ModTime()))
	wait(t, w, "content/units/xihe/a.md")
}

func TestClosingEndsEverything(t *testing.T) {
	for _, poll := range []bool{false, true} {
		root, w := open(t, poll)
		before := runtime.NumGoroutine()
		for i := range 200 {
			write(t, root, "content/units/xihe/a.md", fmt.Sprint(i))
		}
		wait(t, w, "content/units/xihe/a.md")
		if n := runtime.NumGoroutine(); n > before {
			t.Errorf("%d goroutines, %d before 200 saves", n, before)
		}
		write(t, root, "content/units/xihe/a.md", "nobody takes this")
		time.Sleep(50 * time.Millisecond)
		must(t, w.Close())
		must(t, w.Close())
		for range w.Changes() {
		}
	}
}

// BenchmarkTold measures from the write to the change that tells of it.
func BenchmarkTold(b *testing.B) {
	root, w := open(b, false)
	for i := 0; b.Loop(); i++ {
		write(b, root, "content/units/xihe/a.md", fmt.Sprint(i))
		wait(b, w, "content/units/xihe/a.md")
	}
}

// BenchmarkLook measures one look at 10,000 files.
func BenchmarkLook(b *testing.B) {
	root, w := open(b, true)
	for i := range 10_000 {
		write(b, root, fmt.Sprintf("content/units/u%d/f%d/%d.md", i%25, i%26, i), "x")
	}
	for b.Loop() {
		if _, err := w.look(); err != nil {
			b.Fatal(err)
		}
	}
}
