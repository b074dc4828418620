package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"gongkai/generator/calendar"
	"gongkai/generator/mend"
)

// fmtFlags are the flags of gongkai fmt.
type fmtFlags struct {
	source, keys, clock string
	write, check, quiet bool
}

func (a *app) fmtCommand() *cobra.Command {
	var f fmtFlags
	cmd := &cobra.Command{
		Use:   a.say("fmt [文件或文件夹…]", "fmt [path...]"),
		Short: a.say("统一文件头和目录的写法，意思不变", "bring front matter and catalogs into one form"),
		Long: a.say("统一文件头和目录的写法，意思不变：项目名、次序、空行、行尾；目录的栏目名、次序和标点。正文不动。\n先显示改动，加 --write 才写入。",
			"Bring front matter and catalogs into one form without changing what they say: names and order of keys, blank lines, line ends;\n"+
				"in catalogs names and order of columns, and their punctuation. Texts are left alone. The diff is shown; --write writes it."),
		RunE: func(_ *cobra.Command, args []string) error { return a.format(f, args) },
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVarP(&f.source, "source", "s", ".", a.say("存放 content 的文件夹", "folder that holds content"))
	fs.BoolVar(&f.write, "write", false, a.say("写入改动；没有这一项时只显示", "write the changes; without it they are only shown"))
	fs.BoolVar(&f.check, "check", false, a.say("只列出要整理的文件", "only list the files that would change"))
	fs.StringVar(&f.keys, "keys", "chinese", a.say("项目名用哪种语言：chinese、english", "language of the keys: chinese, english"))
	fs.StringVar(&f.clock, "clock", "", a.say("按哪一天遮盖显示的个人信息（默认今天）", "day by which personal data is masked in the diff (default: today)"))
	_ = fs.MarkHidden("clock")
	fs.BoolVarP(&f.quiet, "quiet", "q", false, a.say("只显示改动", "show the diff only"))
	return cmd
}

func (a *app) format(f fmtFlags, args []string) error {
	names := mend.Chinese
	switch f.keys {
	case "chinese":
	case "english":
		names = mend.English
	default:
		return usageError{errors.New(a.say("--keys 只能是 chinese 或 english", "--keys is chinese or english"))}
	}
	if f.check && f.write {
		return usageError{errors.New(a.say("--check 和 --write 只用一个", "use one of --check and --write"))}
	}
	now, err := a.clock(f.clock)
	if err != nil {
		return err
	}
	paths, err := a.contentPaths(f.source, args)
	if err != nil {
		return err
	}
	files, left, err := mend.FormatAll(f.source, paths, names)
	if err != nil {
		return a.explain(err)
	}
	if err := a.showFormatted(files, f.check, calendar.DateOf(now)); err != nil {
		return err
	}
	if f.write {
		if err := a.writeMends(f.source, files); err != nil {
			return err
		}
	}
	if !f.quiet {
		for _, x := range left {
			fmt.Fprintf(a.stderr, "%s: [%s] %s\n    → %s\n", x.Position, x.Rule.ID, x.Message.In(a.lang), x.Mend.In(a.lang))
		}
		a.summariseFmt(len(files), f.write)
	}
	if len(files) > 0 && !f.write {
		a.code = exitFindings
	}
	return nil
}

// showFormatted writes the names of the files, or their diffs.
func (a *app) showFormatted(files []mend.File, namesOnly bool, today calendar.Date) error {
	for i := range files {
		out := []byte(files[i].Path + "\n")
		if !namesOnly {
			if out = files[i].Diff(today); a.colour(a.stdout) {
				out = mend.Colour(out)
			}
		}
		if _, err := a.stdout.Write(out); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) summariseFmt(files int, written bool) {
	switch {
	case files == 0:
		fmt.Fprintln(a.stderr, a.say("写法都已统一", "everything is in the one form"))
	case written:
		fmt.Fprintln(a.stderr, a.say("已整理 %d 个文件", "formatted %d files", files))
	default:
		fmt.Fprintln(a.stderr, a.say("有 %d 个文件可以整理；加 --write 写入", "%d files would change; --write writes them", files))
	}
}
