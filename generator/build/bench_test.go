package build

import (
	"fmt"
	"path/filepath"
	"testing"

	"gongkai/generator/corpus"
	"gongkai/themes"
)

// BenchmarkBuild builds synthetic districts into an empty folder, and then again with nothing changed. The budgets of the design are
// for 10,140 and 100,100 documents on two processors; -short leaves the large one out. Run it with -benchtime 5x.
func BenchmarkBuild(b *testing.B) {
	for _, units := range []int{39, 385} {
		if units > 39 && testing.Short() {
			continue
		}
		documents := units * 26 * 10
		dir := filepath.Join(b.TempDir(), "district")
		fields, settings, err := corpus.FieldsOf("../..")
		if err != nil {
			b.Fatal(err)
		}
		if err := corpus.Write(dir, settings, fields, corpus.Options{Units: units, Docs: 10, Seed: 1}); err != nil {
			b.Fatal(err)
		}
		opt := Options{Source: dir, Now: clock, Jobs: 2, Themes: themes.FS}
		b.Run(fmt.Sprintf("cold/%d", documents), func(b *testing.B) {
			out := b.TempDir()
			for i := 0; b.Loop(); i++ {
				opt.Destination = filepath.Join(out, fmt.Sprint(i), "public")
				mustBuild(b, opt)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(documents), "µs/document")
		})
		b.Run(fmt.Sprintf("unchanged/%d", documents), func(b *testing.B) {
			opt.Destination = filepath.Join(b.TempDir(), "public")
			mustBuild(b, opt)
			for b.Loop() {
				if s := mustBuild(b, opt); s.Written != 0 {
					b.Fatalf("%d files written", s.Written)
				}
			}
		})
	}
}
