package history

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/generator/calendar"
)

// repository is a repository whose commits have the days that the test gives them.
type repository struct {
	t   *testing.T
	dir string
}

func newRepository(t *testing.T) repository {
	t.Helper()
	r := repository{t, t.TempDir()}
	r.git("2024-01-01", "init", "-q")
	return r
}

func (r repository) git(day string, args ...string) {
	r.t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		r.t.Fatal(err)
	}
	cmd := exec.Command("git", append([]string{"-C", r.dir, "-c", "user.name=测试", "-c", "user.email=test@localhost"}, args...)...)
	stamp := at.Format(time.RFC3339)
	cmd.Env = append(os.Environ(), "GIT_AUTHOR_DATE="+stamp, "GIT_COMMITTER_DATE="+stamp, "GIT_CONFIG_GLOBAL="+os.DevNull)
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func (r repository) write(name, text string) {
	r.t.Helper()
	full := filepath.Join(r.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

func (r repository) commit(day string) {
	r.t.Helper()
	r.git(day, "add", "-A")
	r.git(day, "commit", "-q", "-m", "内容")
}

func (r repository) read() *History {
	r.t.Helper()
	h, err := Read(context.Background(), r.dir, "content")
	if err != nil {
		r.t.Fatal(err)
	}
	return h
}

func document(date string) string {
	return "---\n标题: 通知\n发布日期: " + date + "\n---\n" + strings.Repeat("各村（居）委员会：\n", 20)
}

func TestFirstCommitFollowsRenames(t *testing.T) {
	r := newRepository(t)
	r.write("content/units/甲/一.md", document("2024-03-01"))
	r.commit("2024-03-02")
	r.git("2024-04-01", "mv", "content/units/甲/一.md", "content/units/甲/二 三.md")
	r.commit("2024-04-01")
	r.write("content/units/甲/四.md", document("2024-05-01"))
	r.write("elsewhere/五.md", document("2024-05-01"))
	r.commit("2024-05-02")
	h := r.read()
	for path, want := range map[string]string{"content/units/甲/二 三.md": "2024-03-02", "content/units/甲/四.md": "2024-05-02"} {
		if got := h.First[path]; got.Day.String() != want || got.Added != 1 {
			t.Errorf("%s: first commit %+v, want %s", path, got, want)
		}
	}
	if len(h.First) != 2 || len(h.Redated) != 0 {
		t.Errorf("%+v", h)
	}
}

func TestFirstCommitFollowsTheFolder(t *testing.T) {
	r := newRepository(t)
	r.write("content/units/甲/一.md", document("2024-03-01"))
	r.write("content/units/甲/二.md", document("2024-03-01")+"又一份。\n")
	r.commit("2024-03-02")
	r.write("content/units/甲/二.md", document("2024-03-08")+"又一份。\n")
	r.commit("2024-03-10")
	r.write("code.go", "package code\n")
	if err := os.Mkdir(filepath.Join(r.dir, "site"), 0o755); err != nil {
		t.Fatal(err)
	}
	r.git("2024-06-01", "mv", "content", "site/content")
	r.commit("2024-06-01")
	h, err := Read(context.Background(), filepath.Join(r.dir, "site"), "content")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"content/units/甲/一.md", "content/units/甲/二.md"} {
		if got := h.First[path]; got.Day.String() != "2024-03-02" || got.Added != 2 {
			t.Errorf("%s: first commit %+v", path, got)
		}
	}
	if len(h.First) != 2 || len(h.Redated) != 1 || h.Redated[0].Path != "content/units/甲/二.md" {
		t.Errorf("%+v", h)
	}
}

func TestChangedDates(t *testing.T) {
	r := newRepository(t)
	r.write("content/一.md", document("2024-03-01"))
	r.write("content/二 二.md", document("2024-03-01")+"正文里的 发布日期: 2020-01-01\n")
	r.commit("2024-03-02")
	r.write("content/一.md", document(`"2024年6月1日"`))
	r.write("content/二 二.md", document("2024-03-01")+"正文里的 发布日期: 2024-06-01\n")
	r.commit("2024-06-01")
	r.git("2024-07-01", "mv", "content/一.md", "content/三.md")
	r.commit("2024-07-01")
	h := r.read()
	want := Change{Commit: h.Redated[0].Commit, Day: calendar.NewDate(2024, 6, 1), Path: "content/三.md", From: calendar.NewDate(2024, 3, 1), To: calendar.NewDate(2024, 6, 1)}
	if len(h.Redated) != 1 || h.Redated[0] != want {
		t.Errorf("%+v", h.Redated)
	}
}

func TestNoHistory(t *testing.T) {
	if _, err := Read(context.Background(), t.TempDir(), "content"); !errors.Is(err, ErrNone) {
		t.Errorf("a folder without a repository: %v", err)
	}
	r := newRepository(t)
	if _, err := Read(context.Background(), r.dir, "content"); !errors.Is(err, ErrNone) {
		t.Errorf("a repository without a commit: %v", err)
	}
}

func TestShallowHistoryIsToldApart(t *testing.T) {
	r := newRepository(t)
	r.write("content/一.md", document("2024-03-01"))
	r.commit("2024-03-02")
	r.write("content/二.md", document("2024-03-01"))
	r.commit("2024-03-03")
	clone := filepath.Join(t.TempDir(), "clone")
	r.git("2024-03-04", "clone", "-q", "--depth", "1", "file://"+r.dir, clone)
	h, err := Read(context.Background(), clone, "content")
	if err != nil || !h.Shallow || len(h.First) != 0 {
		t.Errorf("%+v, %v", h, err)
	}
}

func FuzzReadLog(f *testing.F) {
	f.Add("\x01abc 1 2\n\nA\tcontent/a.md\n\x01abd 1 2\n\n+++ b/content/a.md\n-date: 2024-01-01\n+date: 2024-01-02\n")
	f.Fuzz(func(t *testing.T, log string) {
		h := &History{}
		_ = readLog(strings.NewReader(log), func(c Commit, lines []string) error {
			h.changes(c, lines, func(p string) (string, bool) { return p, true })
			return nil
		})
		for _, c := range h.Redated {
			if c.From == c.To || !strings.HasSuffix(c.Path, ".md") {
				t.Errorf("%+v", c)
			}
		}
	})
}
