package check

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gongkai/generator/corpus"
	"gongkai/themes"
)

// BenchmarkRun checks the sample district, budget 0.5 s, and a synthetic one of 10,140 documents with the official calendar, budget 3 s on two
// processors. Run it with -benchtime 5x.
func BenchmarkRun(b *testing.B) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	run := func(b *testing.B, dir string, documents int) {
		for b.Loop() {
			r, err := Run(context.Background(), Options{Source: dir, Portal: filepath.Join(dir, "public"), Now: now, Jobs: 2, Themes: themes.FS})
			if err != nil {
				b.Fatal(err)
			}
			if len(r.Site.Disclosures) < documents {
				b.Fatalf("%d documents", len(r.Site.Disclosures))
			}
		}
	}
	b.Run("sample", func(b *testing.B) { run(b, "../..", 160) })
	b.Run("10140", func(b *testing.B) {
		dir := b.TempDir()
		fields, settings, err := corpus.FieldsOf("../..")
		if err != nil {
			b.Fatal(err)
		}
		if err := corpus.Write(dir, settings, fields, corpus.Options{Units: 39, Docs: 10, Seed: 1}); err != nil {
			b.Fatal(err)
		}
		days, err := os.ReadFile("../../content/workdays.csv")
		if err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "content", "workdays.csv"), days, 0o644); err != nil {
			b.Fatal(err)
		}
		run(b, dir, 10140)
	})
}
