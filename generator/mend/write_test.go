package mend

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"gongkai/generator/finding"
)

const faulty = "---\n标题：甲\n---\n"

// one writes a disclosure with a fault and returns the folder and the plan that mends it.
func one(t *testing.T) (dir string, p *Plan) {
	t.Helper()
	dir = district(t, map[string]string{subject: faulty})
	return dir, makePlan(t, options(dir))
}

func read(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func subjectIn(dir string) string { return filepath.Join(dir, "content", filepath.FromSlash(subject)) }

func TestPlanningWritesNothing(t *testing.T) {
	dir, p := one(t)
	if len(p.Files) != 1 || read(t, subjectIn(dir)) != faulty {
		t.Errorf("%d files, and the file is %q", len(p.Files), read(t, subjectIn(dir)))
	}
}

func TestWriteKeepsTheModeAndLeavesNothingBehind(t *testing.T) {
	dir, p := one(t)
	if err := os.Chmod(subjectIn(dir), 0o640); err != nil {
		t.Fatal(err)
	}
	if n, err := Write(dir, p.Files); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	info, err := os.Stat(subjectIn(dir))
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v", info.Mode())
	}
	if got := read(t, subjectIn(dir)); got != "---\n标题: 甲\n---\n" {
		t.Errorf("got %q", got)
	}
	entries, err := os.ReadDir(filepath.Dir(subjectIn(dir)))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".gongkai-") {
			t.Errorf("%s is left behind", e.Name())
		}
	}
}

func TestWriteRefusesAFileThatChanged(t *testing.T) {
	dir, p := one(t)
	if err := os.WriteFile(subjectIn(dir), []byte("另一段"), 0o644); err != nil {
		t.Fatal(err)
	}
	if n, err := Write(dir, p.Files); n != 0 || !errors.Is(err, ErrChanged) || !strings.Contains(err.Error(), subject) {
		t.Errorf("%d written, %v", n, err)
	}
	if got := read(t, subjectIn(dir)); got != "另一段" {
		t.Errorf("got %q", got)
	}
}

func TestWriteSaysWhereItStopped(t *testing.T) {
	dir, p := one(t)
	if err := os.Remove(subjectIn(dir)); err != nil {
		t.Fatal(err)
	}
	if n, err := Write(dir, p.Files); n != 0 || err == nil {
		t.Errorf("%d written, %v", n, err)
	}
}

// A symbolic link inside of the content stays one, and the file that it leads to is mended; one that leads out is never written through.
func TestSymbolicLinks(t *testing.T) {
	dir := district(t, map[string]string{"units/xihe/social-assistance/real.md": faulty})
	link, outside := subjectIn(dir), filepath.Join(t.TempDir(), "outside.md")
	if err := os.Symlink("real.md", link); err != nil {
		if runtime.GOOS != "windows" { // where it takes a privilege
			t.Fatal(err)
		}
		t.Skip("no symbolic links: ", err)
	}
	if err := os.WriteFile(outside, []byte(faulty), 0o644); err != nil {
		t.Fatal(err)
	}
	leading := filepath.Join(filepath.Dir(link), "leading.md")
	if err := os.Symlink(outside, leading); err != nil {
		t.Fatal(err)
	}
	p := makePlan(t, options(dir))
	if len(p.Files) != 1 || path.Base(p.Files[0].Path) != "real.md" {
		t.Fatalf("files %v", p.Files)
	}
	for _, f := range p.Remaining {
		if f.Rule == finding.FullWidthColon {
			t.Errorf("remains at %s", f.Position)
		}
	}
	if _, err := Write(dir, p.Files); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is no link any more: %v %v", info, err)
	}
	if got := read(t, link); got != "---\n标题: 甲\n---\n" {
		t.Errorf("behind the link: %q", got)
	}
	if got := read(t, outside); got != faulty {
		t.Errorf("outside of the content: %q", got)
	}
	// and where the link is put there after the plan was made
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, link); err != nil {
		t.Fatal(err)
	}
	files := []File{{Path: "content/" + subject, After: []byte("x"), raw: []byte(faulty)}}
	if _, err := Write(dir, files); !errors.Is(err, ErrOutside) {
		t.Error(err)
	}
	if got := read(t, outside); got != faulty {
		t.Errorf("outside of the content: %q", got)
	}
}

// The copy in which mends are checked shares attachments with the content, but writing to it must not reach the content.
func TestTheCopyIsItsOwn(t *testing.T) {
	dir := district(t, map[string]string{subject: faulty})
	r := &run{opt: options(dir)}
	if err := r.readAll(); err != nil {
		t.Fatal(err)
	}
	for _, f := range r.all {
		if f.Path == "content/"+subject {
			f.raw = []byte("新")
		}
	}
	copied, err := r.materialise()
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, subjectIn(copied)); got != "新" || read(t, subjectIn(dir)) != faulty {
		t.Errorf("copy %q, content %q", got, read(t, subjectIn(dir)))
	}
	if got := read(t, filepath.Join(copied, "content", "units", "xihe", "social-assistance", "名单 2026.csv")); got != base["units/xihe/social-assistance/名单 2026.csv"] {
		t.Errorf("attachment %q", got)
	}
	r.removeScratch()
	if _, err := os.Lstat(r.opt.Scratch); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the copy is still there")
	}
	if got := read(t, filepath.Join(dir, "content", "units", "xihe", "social-assistance", "名单 2026.csv")); got == "" {
		t.Error("the attachment has gone with the copy")
	}
}
