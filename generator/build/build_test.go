package build

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/generator/calendar"
	"gongkai/generator/finding"
	"gongkai/themes"
)

var clock = calendar.NewDate(2026, 11, 23).Time()

// district writes a small district with n disclosures whose texts have the given word in them.
func district(t testing.TB, dir string, n int, word string) {
	t.Helper()
	write := func(name, text string) {
		t.Helper()
		full := filepath.Join(dir, "content", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("site.yaml", "名称: 示例区政务公开\n地区: 示例区\n网址: https://www.shili.gov.example/\n")
	write("fields/20-social-assistance.md", "---\ntitle: 社会救助领域目录\nfield: social-assistance\nnumber: 20\n---\n## 低保\n### 名单\n- 公开时限：10个工作日\n### 指南\n- 公开内容：条件\n")
	write("pages/guide.md", "---\n标题: 指南\n---\n"+word+"\n")
	units := []string{"xihe", "xilian", "longgui"}
	for _, u := range units {
		write("units/"+u+"/_index.md", "---\n名称: "+u+"镇\n层级: 乡级\n---\n")
	}
	for i := range n {
		u := units[i%len(units)]
		write(fmt.Sprintf("units/%s/social-assistance/doc-%03d.md", u, i), fmt.Sprintf(
			"---\n标题: 第%d号名单\n事项: 低保/%s\n成文日期: 2026-01-05\n发布日期: 2026-%02d-%02d\n索引号: X/%05d\n---\n## 一、说明\n\n%s，第%d号。\n",
			i, []string{"名单", "指南"}[i%2], 1+i%10, 6+i%20, i, word, i))
	}
}

func options(dir, dest string) Options {
	return Options{Source: dir, Destination: dest, Now: clock, Jobs: 2, Themes: themes.FS}
}

func mustBuild(t testing.TB, opt Options) *Summary {
	t.Helper()
	s, findings, err := Run(opt)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if f.Rule != finding.ForeignFile {
			t.Fatalf("unexpected finding: %v %s", f.Position, f.Message.EN)
		}
	}
	return s
}

// snapshot returns a line for each file of a tree: name and hash.
func snapshot(t testing.TB, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		fmt.Fprintf(&b, "%s %x\n", filepath.ToSlash(rel), sha256.Sum256(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSameInputGivesSameBytes(t *testing.T) {
	dir := t.TempDir()
	district(t, dir, 40, "正文")
	// the same files written in the opposite order, into a folder of another name
	other := filepath.Join(t.TempDir(), "另一个文件夹")
	var names []string
	if err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, p)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for i := len(names) - 1; i >= 0; i-- {
		rel, _ := filepath.Rel(dir, names[i])
		data, err := os.ReadFile(names[i])
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(other, rel)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(other, rel), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	a, b := options(dir, filepath.Join(dir, "public")), options(other, filepath.Join(other, "public"))
	a.Jobs, b.Jobs = 1, 7
	b.Now = clock.In(time.FixedZone("elsewhere", -7*3600))
	mustBuild(t, a)
	mustBuild(t, b)
	if one, two := snapshot(t, a.Destination), snapshot(t, b.Destination); one != two {
		t.Errorf("the portals differ:\n%s\n%s", one, two)
	}
}

func TestChangedFileIsTheOnlyOneWritten(t *testing.T) {
	dir := t.TempDir()
	district(t, dir, 20, "正文")
	opt := options(dir, filepath.Join(dir, "public"))
	opt.NoSearch = true
	first := mustBuild(t, opt)
	if first.Written != first.Files || first.Files == 0 {
		t.Errorf("first build: %d of %d files written", first.Written, first.Files)
	}
	if again := mustBuild(t, opt); again.Written != 0 || again.Removed != 0 {
		t.Errorf("build again: %d written, %d removed", again.Written, again.Removed)
	}
	// an old disclosure that neither feed nor list quotes
	name := filepath.Join(dir, "content/pages/guide.md")
	if err := os.WriteFile(name, []byte("---\n标题: 指南\n摘要: 摘要\n---\n另一段\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if s := mustBuild(t, opt); s.Written != 2 { // its page, and the list of pages, which quotes the summary
		t.Errorf("edit of one page: %d written", s.Written)
	}
	fresh := opt
	fresh.Destination = filepath.Join(t.TempDir(), "public")
	mustBuild(t, fresh)
	if snapshot(t, opt.Destination) != snapshot(t, fresh.Destination) {
		t.Error("the changed portal is not that of a fresh build")
	}
}

func TestChangedIndexIsThatOfAFreshBuild(t *testing.T) {
	dir := t.TempDir()
	district(t, dir, 60, "正文")
	opt := options(dir, filepath.Join(dir, "public"))
	first := mustBuild(t, opt)
	for round, text := range []string{"另一段", "低保名单公示", "另一段"} {
		if err := os.WriteFile(filepath.Join(dir, "content/pages/guide.md"), []byte("---\n标题: 指南\n摘要: 摘要\n---\n"+text+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		s := mustBuild(t, opt)
		if s.Written > first.Files/4 {
			t.Errorf("round %d: %d of %d files written", round, s.Written, first.Files)
		}
		fresh := opt
		fresh.Destination = filepath.Join(t.TempDir(), "public")
		mustBuild(t, fresh)
		if snapshot(t, opt.Destination) != snapshot(t, fresh.Destination) {
			t.Errorf("round %d: the changed portal is not that of a fresh build", round)
		}
	}
	if indexes, err := filepath.Glob(filepath.Join(dir, ".gongkai/public.search/*.json")); err != nil || len(indexes) != 2 {
		t.Errorf("indexes that are kept: %v %v", indexes, err)
	}
}

func TestSecondBuildOfOneOutputIsRefused(t *testing.T) {
	dir := t.TempDir()
	district(t, dir, 3, "正文")
	st, err := openStage(filepath.Join(dir, "public"), false)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Run(options(dir, filepath.Join(dir, "public"))); !errors.Is(err, ErrBusy) {
		t.Errorf("error = %v", err)
	}
	st.close()
	mustBuild(t, options(dir, filepath.Join(dir, "public")))
}

// TestKilledBuildLeavesAWholePortal kills a build of changed content at random moments. The output must be the old portal or the new
// one, and the next build must go through.
func TestKilledBuildLeavesAWholePortal(t *testing.T) {
	if dir := os.Getenv("GONGKAI_TEST_BUILD"); dir != "" {
		if _, _, err := Run(options(dir, filepath.Join(dir, "public"))); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	dir := quickDir(t)
	dest := filepath.Join(dir, "public")
	district(t, dir, 120, "旧文")
	mustBuild(t, options(dir, dest))
	before := snapshot(t, dest)
	district(t, dir, 120, "新文")
	clean := options(dir, filepath.Join(quickDir(t), "public"))
	start := time.Now()
	mustBuild(t, clean)
	whole := time.Since(start)
	after := snapshot(t, clean.Destination)
	outcomes := map[string]int{}
	random := rand.New(rand.NewPCG(1, 2))
	for range 10 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledBuildLeavesAWholePortal$")
		cmd.Env = append(os.Environ(), "GONGKAI_TEST_BUILD="+dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.Int64N(int64(whole * 3))))
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		switch snapshot(t, dest) {
		case before:
			outcomes["old"]++
		case after:
			outcomes["new"]++
			district(t, dir, 120, "旧文")
			mustBuild(t, options(dir, dest))
			if snapshot(t, dest) != before {
				t.Fatal("building the old content again does not give the old portal")
			}
			district(t, dir, 120, "新文")
		default:
			t.Fatalf("a killed build left neither the old nor the new portal; so far %v", outcomes)
		}
	}
	mustBuild(t, options(dir, dest))
	if snapshot(t, dest) != after {
		t.Error("the build after the kills is not that of a fresh one")
	}
	t.Logf("outcomes: %v", outcomes)
}

func TestOutputThatCannotBeExchangedIsReplacedFileByFile(t *testing.T) {
	dir := t.TempDir()
	dest := filepath.Join(dir, "public")
	district(t, dir, 10, "旧文")
	mustBuild(t, options(dir, dest))
	district(t, dir, 8, "新文")
	for _, gone := range []string{"units/xihe/social-assistance/doc-009.md", "units/longgui/social-assistance/doc-008.md"} {
		if err := os.Remove(filepath.Join(dir, "content", gone)); err != nil {
			t.Fatal(err)
		}
	}
	clean := options(dir, filepath.Join(t.TempDir(), "public"))
	mustBuild(t, clean)

	st, err := openStage(dest, false)
	if err != nil {
		t.Fatal(err)
	}
	defer st.close()
	if err := filepath.WalkDir(clean.Destination, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(clean.Destination, p)
		data, err := os.ReadFile(p)
		if err != nil || rel == manifestName {
			return err
		}
		return st.put(filepath.ToSlash(rel), data, new([]byte))
	}); err != nil {
		t.Fatal(err)
	}
	if <-st.listed; st.fault != nil {
		t.Fatal(st.fault)
	}
	if err := st.put(manifestName, st.names(), new([]byte)); err != nil {
		t.Fatal(err)
	}
	if err := st.inPlace(); err != nil {
		t.Fatal(err)
	}
	if snapshot(t, dest) != snapshot(t, clean.Destination) {
		t.Error("file by file gives another portal")
	}
	if _, err := os.Stat(filepath.Join(dest, "xihe/social-assistance/doc-009")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the folder of a removed page is still there")
	}
}
