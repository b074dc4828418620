package main

import (
	"errors"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"gongkai/generator/corpus"
	"gongkai/generator/site"
	"gongkai/generator/source"
)

// corpusCommand writes a synthetic district for benchmarks; it is no part of an editor's day and so is hidden.
func (a *app) corpusCommand() *cobra.Command {
	var opt corpus.Options
	var src string
	cmd := &cobra.Command{
		Use:    "corpus OUT",
		Short:  "write a deterministic synthetic district for benchmarks",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			fields, settings, err := corpusFields(src)
			if err != nil {
				return err
			}
			return corpus.Write(args[0], settings, fields, opt)
		},
	}
	fs := cmd.Flags()
	fs.StringVarP(&src, "source", "s", ".", "folder whose catalogs and settings are used")
	fs.IntVar(&opt.Units, "units", 39, "number of towns")
	fs.IntVar(&opt.Docs, "docs", 10, "disclosures for each town and field")
	fs.Uint64Var(&opt.Seed, "seed", 1, "seed of the texts")
	return cmd
}

// corpusFields returns the catalogs of a content folder with the items that a township inherits.
func corpusFields(src string) ([]corpus.Field, []byte, error) {
	s, _, err := source.Load(source.Options{Dir: src, Now: time.Unix(0, 0), Jobs: runtime.GOMAXPROCS(0)})
	if err != nil {
		return nil, nil, err
	}
	settings, err := os.ReadFile(filepath.Join(src, source.Dir, "site.yaml"))
	if err != nil {
		return nil, nil, err
	}
	var out []corpus.Field
	for _, f := range s.Fields {
		text, err := os.ReadFile(filepath.Join(src, filepath.FromSlash(f.Source.Path)))
		if err != nil {
			return nil, nil, err
		}
		c := corpus.Field{Slug: f.Slug, File: path.Base(f.Source.Path), Source: text}
		for _, it := range f.Items {
			if it.Concerns(site.Township) {
				c.Items = append(c.Items, it.Path())
			}
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		return nil, nil, usageError{errors.New("the source has no catalogs")}
	}
	return out, settings, nil
}
