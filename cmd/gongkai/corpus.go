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
		Short:  a.say("写一个模拟的区，用来测速", "write a deterministic synthetic district for benchmarks"),
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
	fs.StringVarP(&src, "source", "s", ".", a.say("用这个文件夹的目录和设置", "folder whose catalogs and settings are used"))
	fs.IntVar(&opt.Units, "units", 39, a.say("镇的个数", "number of towns"))
	fs.IntVar(&opt.Docs, "docs", 10, a.say("每个镇每个领域的公开信息条数", "disclosures for each town and field"))
	fs.Uint64Var(&opt.Seed, "seed", 1, a.say("文字的随机种子", "seed of the texts"))
	return cmd
}
