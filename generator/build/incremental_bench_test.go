package build

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gongkai/generator/corpus"
	"gongkai/themes"
)

// BenchmarkIncremental builds synthetic districts again after one change, with a cache; what is measured is the build alone. The sizes are those of
// BenchmarkBuild: 10,140 and 100,100 documents, and -short leaves the large one out. Run it with -benchtime 5x.
func BenchmarkIncremental(b *testing.B) {
	for _, units := range []int{39, 385} {
		if units > 39 && testing.Short() {
			continue
		}
		d := newBenchmarkDistrict(b, units)
		for _, change := range []struct {
			name string
			make func(i int)
		}{
			{"nothing", func(int) {}},
			{"body", func(i int) { d.edit(d.document(i), "\n", fmt.Sprintf("\n\n第%d次补充。\n", i), -1) }},
			{"title", func(i int) { d.edit(d.document(i), "标题: ", fmt.Sprintf("标题: 第%d次更正", i), 0) }},
			{"date", func(i int) { d.date(d.document(i), i) }},
			{"catalog", func(i int) {
				d.edit("fields/20-social-assistance.md", "- 公开内容：", fmt.Sprintf("- 公开内容：第%d次修订；", i), 0)
			}},
			{"added", d.add},
			{"clean", func(int) { d.forget() }},
		} {
			b.Run(fmt.Sprintf("%s/%d", change.name, d.documents), func(b *testing.B) {
				d.build(b)
				d.build(b) // a second time, so that it has stamps to go by
				written := 0
				resetPeakMemory()
				for i := 0; b.Loop(); i++ {
					b.StopTimer()
					change.make(i)
					time.Sleep(settlingTime)
					b.StartTimer()
					written += d.build(b).Written
				}
				b.ReportMetric(float64(written)/float64(b.N), "files-written")
				if peak := peakMemory(); peak > 0 {
					b.ReportMetric(float64(peak)/1e6, "MB-peak")
				}
			})
		}
	}
}

// benchmarkDistrict is a synthetic district with its portal.
type benchmarkDistrict struct {
	dir       string
	opt       Options
	documents int
	files     []string // of the documents
}

func newBenchmarkDistrict(b *testing.B, units int) *benchmarkDistrict {
	b.Helper()
	d := &benchmarkDistrict{dir: filepath.Join(b.TempDir(), "district")}
	fields, settings, err := corpus.FieldsOf("../..")
	if err != nil {
		b.Fatal(err)
	}
	if err := corpus.Write(d.dir, settings, fields, corpus.Options{Units: units, Docs: 10, Seed: 1}); err != nil {
		b.Fatal(err)
	}
	d.opt = Options{
		Source: d.dir, Destination: filepath.Join(d.dir, "public"), Now: clock, Jobs: 4, Themes: themes.FS,
		Cache: filepath.Join(d.dir, workFolder, "public.cache"), Program: "benchmark",
	}
	d.files, err = filepath.Glob(filepath.Join(d.dir, "content/units/*/*/*.md"))
	if err != nil {
		b.Fatal(err)
	}
	d.files = slices.DeleteFunc(d.files, func(name string) bool { return filepath.Base(name) == "_index.md" })
	d.documents = len(d.files)
	return d
}

func (d *benchmarkDistrict) build(b *testing.B) *Summary {
	b.Helper()
	s, _, err := Run(d.opt)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// document returns the content path of the i-th document that is edited: another one each time.
func (d *benchmarkDistrict) document(i int) string {
	rel, err := filepath.Rel(filepath.Join(d.dir, "content"), d.files[(d.documents/2+7*i)%d.documents])
	must(err)
	return filepath.ToSlash(rel)
}

// edit replaces the first place of a text in a file of the content, or the last where from is negative.
func (d *benchmarkDistrict) edit(name, old, text string, from int) {
	full := filepath.Join(d.dir, "content", filepath.FromSlash(name))
	data, err := os.ReadFile(full)
	must(err)
	at := strings.Index(string(data), old)
	if from < 0 {
		at = strings.LastIndex(string(data), old)
	}
	if at < 0 {
		must(fmt.Errorf("%s has no %q", name, old))
	}
	must(os.WriteFile(full, []byte(string(data[:at])+text+string(data[at+len(old):])), 0o644))
}

// date gives a document another date of publication, in the year after it was formed.
func (d *benchmarkDistrict) date(name string, i int) {
	full := filepath.Join(d.dir, "content", filepath.FromSlash(name))
	data, err := os.ReadFile(full)
	must(err)
	must(os.WriteFile(full, []byte(withFront(string(data), "发布日期", fmt.Sprintf("2026-11-%02d", 20+i%4))), 0o644))
}

// add adds a document.
func (d *benchmarkDistrict) add(i int) {
	from := filepath.Join(d.dir, "content", filepath.FromSlash(d.document(i)))
	data, err := os.ReadFile(from)
	must(err)
	text := withFront(string(data), "索引号", fmt.Sprintf("NEW/%05d", i))
	must(os.WriteFile(filepath.Join(filepath.Dir(from), fmt.Sprintf("added-%d.md", i)), []byte(text), 0o644))
}

// forget removes the portal and everything that builds have learned.
func (d *benchmarkDistrict) forget() {
	must(os.RemoveAll(d.opt.Destination))
	must(os.RemoveAll(filepath.Join(d.dir, workFolder)))
}

// resetPeakMemory begins to measure anew how much memory the process has at most, where the system can do that.
func resetPeakMemory() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// peakMemory returns the most bytes that the process has had in memory, or 0 where the system does not tell.
func peakMemory() int64 {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kb << 10
		}
	}
	return 0
}
