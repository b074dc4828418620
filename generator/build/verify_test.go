package build

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gongkai/generator/finding"
	"gongkai/generator/search"
)

// TestVerifyFindsWhatWasTamperedWith changes a portal behind the program's back, one thing at a time, and expects Verify to name it.
func TestVerifyFindsWhatWasTamperedWith(t *testing.T) {
	const page = "xihe/social-assistance/doc-003/index.html"
	tests := []struct {
		name   string
		tamper func(t *testing.T, v *verified)
		want   []string // the beginnings of what is found, in order; "…" stands for any number of further ones
	}{
		{"nothing", func(*testing.T, *verified) {}, nil},
		{"a byte of a page", func(t *testing.T, v *verified) { v.flip(t, page, 100) }, []string{"file " + page + " 100"}},
		{"the last byte of a page", func(t *testing.T, v *verified) {
			v.flip(t, page, int(v.size(t, page))-1)
		}, []string{"file " + page + " last"}},
		{"a page of which the end is missing", func(t *testing.T, v *verified) {
			if err := os.Truncate(v.at(page), 300); err != nil {
				t.Fatal(err)
			}
		}, []string{"file " + page + " 300"}},
		{"a file that is longer than a buffer", func(t *testing.T, v *verified) { v.flip(t, "xihe/social-assistance/大附件.bin", 200_000) },
			[]string{"file xihe/social-assistance/大附件.bin 200000"}},
		{"a page that is missing", func(t *testing.T, v *verified) { v.remove(t, page) }, []string{"file " + page + " -1"}},
		{"the list of written files", func(t *testing.T, v *verified) { v.flip(t, manifestName, 0) },
			[]string{"file .gongkai-manifest 0"}},
		{"a file of ours that nothing needs", func(t *testing.T, v *verified) {
			v.write(t, "xihe/old/index.html", "x")
			v.write(t, manifestName, v.read(t, manifestName)+"xihe/old/index.html\n")
		}, []string{"file .gongkai-manifest ", "file xihe/old/index.html -1"}},
		{"a file of others that was not told of", func(t *testing.T, v *verified) { v.write(t, "CNAME", "x") }, []string{"finding public/CNAME "}},
		{"a file of others that was told of", func(t *testing.T, v *verified) {
			v.write(t, "CNAME", "x")
			v.findings = append(v.findings, finding.New(finding.ForeignFile, finding.Position{Path: "public/CNAME"}, finding.T("甲", "a"), finding.T("乙", "b")))
		}, nil},
		{"a file of others that is gone", func(t *testing.T, v *verified) {
			v.findings = append(v.findings, finding.New(finding.ForeignFile, finding.Position{Path: "public/CNAME"}, finding.T("甲", "a"), finding.T("乙", "b")))
		}, []string{"finding public/CNAME "}},
		{"a file that keeps an empty folder", func(t *testing.T, v *verified) { v.write(t, ".gitkeep", "") }, nil},
		{"a finding too few", func(t *testing.T, v *verified) { v.findings = v.findings[1:] }, []string{"finding content/pages/guide.md:4:3 "}},
		{"a finding too many", func(t *testing.T, v *verified) { v.findings = append(v.findings, v.findings[0]) }, []string{"finding content/pages/guide.md:4:3 "}},
		{"a finding with another message", func(t *testing.T, v *verified) { v.findings[1].Message.EN += "!" },
			[]string{"finding content/pages/guide.md:4:18 ", "finding content/pages/guide.md:4:18 "}},
		{"a finding with another mend", func(t *testing.T, v *verified) { v.findings[1].Mend = finding.T("甲", "a") },
			[]string{"finding content/pages/guide.md:4:18 ", "finding content/pages/guide.md:4:18 "}},
		{"findings in another order", func(t *testing.T, v *verified) { v.findings[0], v.findings[1] = v.findings[1], v.findings[0] },
			[]string{"finding content/pages/guide.md:4:18 "}},
		{"links that were miscounted", func(t *testing.T, v *verified) { v.summary.Links++ }, []string{"fact internal links "}},
		{"every fact", func(t *testing.T, v *verified) { v.summary = &Summary{} }, []string{
			"fact units ", "fact fields ", "fact items ", "fact disclosures ", "fact pages ", "fact files ", "fact bytes ", "fact characters ", "fact internal links ",
			"fact documents of the index ", "fact files of the browser's index ", "fact bytes of the browser's index ",
		}},
		{"an index of other documents", func(t *testing.T, v *verified) {
			v.replaceIndex(t, func(dir string) { district(t, dir, 12, "另一段") })
		}, []string{"index documents ", "index terms ", "…"}},
		{"an index of more documents", func(t *testing.T, v *verified) {
			v.replaceIndex(t, func(dir string) { district(t, dir, 24, "正文") })
		}, []string{"index documents ", "index documents ", "index terms ", "…"}},
		{"an index with other synonyms", func(t *testing.T, v *verified) {
			v.replaceIndex(t, func(dir string) {
				verifiedDistrict(t, dir)
				v.put(t, filepath.Join(dir, "content/synonyms.yaml"), "词组:\n  - 规范用语: [名单]\n    俗称: [榜上有名]\n")
			})
		}, []string{"index meta ", "…"}},
		{"an index that is absent", func(t *testing.T, v *verified) {
			if err := os.RemoveAll(v.searchDir(t)); err != nil {
				t.Fatal(err)
			}
		}, []string{"index index "}},
		{"an index that is damaged", func(t *testing.T, v *verified) { v.put(t, filepath.Join(v.searchDir(t), v.id(t)+".json"), "{") }, []string{"index index "}},
		{"an index of a portal at another path", func(t *testing.T, v *verified) {
			v.put(t, filepath.Join(v.searchDir(t), v.id(t)+"."+SearchBase), "/elsewhere/")
		}, []string{"index base "}},
		{"an index with another template", func(t *testing.T, v *verified) {
			v.put(t, filepath.Join(v.searchDir(t), v.id(t)+"."+SearchTemplate), "x")
		}, []string{"index search-main.html "}},
		{"a browser's index under another name", func(t *testing.T, v *verified) {
			from := filepath.Join(v.opt.Destination, filepath.FromSlash(browserFolder), v.id(t))
			if err := os.Rename(from, filepath.Join(filepath.Dir(from), "0123456789abcdef")); err != nil {
				t.Fatal(err)
			}
		}, []string{"file assets/search/", "…"}},
	}
	base := newVerified(t)
	begun := &beginning{base.opt, base.summary, base.findings}
	for i, test := range tests {
		verify := begun.compared // what Verify compares with, built once
		if i%5 == 0 {
			verify = Verify
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			v := base.copy(t)
			before := v.size(t, page)
			test.tamper(t, v)
			found, err := verify(v.opt, v.summary, v.findings)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range found {
				got = append(got, fmt.Sprintf("%s %s %d", [...]string{"fact", "file", "finding", "index", "answer"}[d.Aspect], d.Where, d.Offset))
				if d.Message.ZH == "" || d.Message.EN == "" || strings.ContainsAny(d.Message.ZH+d.Message.EN, "\n") || strings.Contains(d.Message.ZH+d.Message.EN, "%!") {
					t.Errorf("message %q %q", d.Message.ZH, d.Message.EN)
				}
			}
			for i, w := range test.want {
				w = strings.Replace(w, "last", fmt.Sprint(before-1), 1)
				if w == "…" {
					got = got[:min(i, len(got))]
				} else if i >= len(got) || !strings.HasPrefix(got[i], w) {
					t.Fatalf("difference %d is not %q: %q", i, w, got)
				}
			}
			if len(got) > len(test.want) {
				t.Errorf("more than was to be found: %q", got[len(test.want):])
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(v.opt.Destination), workFolder, "public.verify")); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the clean build was left behind: %v", err)
			}
		})
	}
}

// verified is a portal to be verified, with what building it returned.
type verified struct {
	opt      Options
	summary  *Summary
	findings []finding.Finding
}

func newVerified(t *testing.T) *verified {
	t.Helper()
	dir := quickDir(t)
	verifiedDistrict(t, dir)
	v := &verified{opt: options(dir, filepath.Join(dir, "public"))}
	var err error
	if v.summary, v.findings, err = Run(v.opt); err != nil {
		t.Fatal(err)
	}
	if len(v.findings) != 2 {
		t.Fatalf("findings: %v", v.findings)
	}
	return v
}

// copy returns the same portal in another folder.
func (v *verified) copy(t *testing.T) *verified {
	t.Helper()
	dir := filepath.Join(quickDir(t), "copy")
	if err := os.CopyFS(dir, os.DirFS(v.opt.Source)); err != nil {
		t.Fatal(err)
	}
	summary := *v.summary
	return &verified{options(dir, filepath.Join(dir, "public")), &summary, slices.Clone(v.findings)}
}

// verifiedDistrict is a district with two findings and an attachment that is longer than what is compared at once.
func verifiedDistrict(t *testing.T, dir string) {
	t.Helper()
	district(t, dir, 12, "正文")
	v := &verified{}
	v.put(t, filepath.Join(dir, "content/pages/guide.md"), "---\n标题: 指南\n---\n正文[甲](nothing.md)[乙](no.md)\n")
	v.put(t, filepath.Join(dir, "content/units/xihe/social-assistance/大附件.bin"), strings.Repeat("0123456789", 30_000))
	v.put(t, filepath.Join(dir, "content/units/xihe/social-assistance/doc-000.md"),
		"---\n标题: 第0号名单\n事项: 低保/名单\n成文日期: 2026-01-05\n发布日期: 2026-01-06\n索引号: X/00000\n附件: [大附件.bin]\n---\n正文\n")
}

func (v *verified) at(name string) string {
	return filepath.Join(v.opt.Destination, filepath.FromSlash(name))
}

func (v *verified) read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(v.at(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func (v *verified) size(t *testing.T, name string) int64 { return int64(len(v.read(t, name))) }

func (v *verified) write(t *testing.T, name, text string) {
	t.Helper()
	v.put(t, v.at(name), text)
}

func (v *verified) put(t *testing.T, full, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (v *verified) remove(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(v.at(name)); err != nil {
		t.Fatal(err)
	}
}

// flip changes a byte of a file in the output folder.
func (v *verified) flip(t *testing.T, name string, at int) {
	t.Helper()
	data := []byte(v.read(t, name))
	data[at] ^= 1
	v.write(t, name, string(data))
}

func (v *verified) searchDir(t *testing.T) string {
	t.Helper()
	dir, err := SearchDir(v.opt.Destination)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func (v *verified) id(t *testing.T) string {
	t.Helper()
	id, err := SearchID(v.opt.Destination)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// replaceIndex puts the index of another district in the place of the portal's, under the same identifier.
func (v *verified) replaceIndex(t *testing.T, write func(dir string)) {
	t.Helper()
	dir := quickDir(t)
	write(dir)
	other := &verified{opt: options(dir, filepath.Join(dir, "public"))}
	if _, _, err := Run(other.opt); err != nil {
		t.Fatal(err)
	}
	from, to := other.searchDir(t), v.searchDir(t)
	parts, err := filepath.Glob(filepath.Join(from, "part-*"))
	if err != nil || len(parts) == 0 {
		t.Fatalf("parts: %v %v", parts, err)
	}
	for _, part := range parts {
		name := filepath.Join(to, filepath.Base(part))
		if err := errors.Join(os.RemoveAll(name), os.CopyFS(name, os.DirFS(part))); err != nil {
			t.Fatal(err)
		}
	}
	manifest, err := os.ReadFile(filepath.Join(from, other.id(t)+".json"))
	if err != nil {
		t.Fatal(err)
	}
	v.put(t, filepath.Join(to, v.id(t)+".json"), string(manifest))
}

func TestVerifyOfABusyPortalIsRefused(t *testing.T) {
	v := newVerified(t)
	st, err := openStage(v.opt.Destination, false)
	if err != nil {
		t.Fatal(err)
	}
	defer st.close()
	if _, err := Verify(v.opt, v.summary, v.findings); !errors.Is(err, ErrBusy) {
		t.Errorf("error = %v", err)
	}
}

// TestVerifyOfOtherOptions verifies a portal without index, one at another address, and one whose folder was named in another way.
func TestVerifyOfOtherOptions(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, opt *Options){
		"without search": func(_ *testing.T, opt *Options) { opt.NoSearch = true },
		"under a path":   func(_ *testing.T, opt *Options) { opt.BaseURL = "https://www.shili.gov.example/portal/" },
		"with a cache":   func(_ *testing.T, opt *Options) { opt.Cache, opt.Program = filepath.Join(opt.Source, "cache"), "a" },
		"a folder named .": func(t *testing.T, opt *Options) {
			opt.Destination += string(filepath.Separator) + "."
			name := filepath.Join(opt.Source, "themes/default/templates/footer.html")
			(&verified{}).put(t, name, `<footer><a href="/nowhere/">x</a></footer>`) // a finding that names the output folder
		},
		"built into itself once more": func(t *testing.T, opt *Options) { mustRun(t, *opt) },
	} {
		t.Run(name, func(t *testing.T) {
			v := newVerified(t)
			change(t, &v.opt)
			v.summary, v.findings = mustRun(t, v.opt)
			found, err := Verify(v.opt, v.summary, v.findings)
			if err != nil || len(found) > 0 {
				t.Errorf("%v %v", found, err)
			}
		})
	}
}

func mustRun(t *testing.T, opt Options) (*Summary, []finding.Finding) {
	t.Helper()
	s, f, err := Run(opt)
	if err != nil {
		t.Fatal(err)
	}
	return s, f
}

// TestVerifySeesAnotherMoment says that the clean build is made for the moment of the options: another one gives another portal.
func TestVerifySeesAnotherMoment(t *testing.T) {
	v := newVerified(t)
	v.opt.Now = v.opt.Now.Add(-400 * 24 * time.Hour)
	found, err := Verify(v.opt, v.summary, v.findings)
	if err != nil || len(found) == 0 {
		t.Errorf("%v %v", found, err)
	}
}

func TestSampleOfQueriesIsTheSameForTheSameIndex(t *testing.T) {
	v := newVerified(t)
	x, err := OpenIndex(v.opt.Destination)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	one, err := sampleQueries(x)
	if err != nil {
		t.Fatal(err)
	}
	two, err := sampleQueries(x)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(one) != fmt.Sprint(two) {
		t.Error("two samples differ")
	}
	lengths, restricted, answered, relaxed := map[int]int{}, 0, 0, 0
	for _, q := range one {
		lengths[len([]rune(q.Text))]++
		if q.Unit+q.Field+q.Year+q.Kind != "" {
			restricted++
		}
		res, err := x.Search(q)
		if err != nil && !errors.Is(err, search.ErrQuery) {
			t.Fatal(err)
		}
		if res.Total > 0 {
			answered++
		}
		if res.Relaxed {
			relaxed++
		}
	}
	for _, n := range []int{1, 2, 3, 4, 5, 6} {
		if lengths[n] == 0 {
			t.Errorf("no query has %d characters", n)
		}
	}
	if len(one) < 60 || restricted < 10 || answered < len(one)/2 || answered == len(one) || relaxed == 0 {
		t.Errorf("%d queries, %d restricted, %d answered, %d relaxed", len(one), restricted, answered, relaxed)
	}
}
