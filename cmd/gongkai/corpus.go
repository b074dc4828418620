package main

import (
	"github.com/spf13/cobra"

	"gongkai/generator/corpus"
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
			fields, settings, err := corpus.FieldsOf(src)
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
