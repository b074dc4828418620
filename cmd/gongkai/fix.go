package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"gongkai/generator/calendar"
	"gongkai/generator/finding"
	"gongkai/generator/mend"
	"gongkai/generator/source"
	"gongkai/themes"
)

// fixFlags are the flags of gongkai fix.
type fixFlags struct {
	source, clock, format string
	only, ignore          []string
	jobs                  int
	write, quiet          bool
}

func (a *app) fixCommand() *cobra.Command {
	var f fixFlags
	cmd := &cobra.Command{
		Use:   a.say("fix [文件或文件夹…]", "fix [path...]"),
		Short: a.say("自动改正能改的问题，先显示改动", "mend what can be mended mechanically, showing the diff"),
		Long:  a.fixHelp(),
		RunE:  func(_ *cobra.Command, args []string) error { return a.fix(f, args) },
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVarP(&f.source, "source", "s", ".", a.say("存放 content 和 themes 的文件夹", "folder that holds content and themes"))
	fs.BoolVar(&f.write, "write", false, a.say("写入改动；没有这一项时只显示", "write the mends; without it they are only shown"))
	fs.StringSliceVar(&f.only, "only", nil, a.say("只改这些规则的问题，如 GK112,GK5", "mend findings of these rules only, such as GK112,GK5"))
	fs.StringSliceVar(&f.ignore, "ignore", nil, a.say("不改这些规则的问题", "do not mend findings of these rules"))
	fs.StringVar(&f.format, "format", "text", a.say("输出格式：text、json", "output: text, json"))
	fs.StringVar(&f.clock, "clock", "", a.say("按哪一时刻检查（默认现在）", "moment to check for (default: now)"))
	fs.IntVarP(&f.jobs, "jobs", "j", runtime.GOMAXPROCS(0), a.say("同时处理的文件数", "files worked on at once"))
	fs.BoolVarP(&f.quiet, "quiet", "q", false, a.say("只显示改动", "show the diff only"))
	return cmd
}

// fixHelp lists what can be mended.
func (a *app) fixHelp() string {
	var b strings.Builder
	b.WriteString(a.say("自动改正能改的问题。先显示改动，加 --write 才写入；其他内容一个字节也不动。\n\n能改的：\n",
		"Mend what can be mended mechanically. The diff is shown; --write writes it. Nothing else changes by a byte.\n\nMends:\n"))
	for _, k := range mend.Kinds() {
		fmt.Fprintf(&b, "  %s\n      %s\n", k.IDs(), k.Does.In(a.lang))
	}
	return strings.TrimRight(b.String(), "\n")
}

// fixOptions returns what the flags ask for, or what is wrong with them.
func (a *app) fixOptions(f fixFlags, args []string) (opt mend.Options, err error) {
	usage := func(zh, en string, args ...any) error { return usageError{errors.New(a.say(zh, en, args...))} }
	if f.format != "text" && f.format != "json" {
		return opt, usage("--format 只能是 text 或 json", "--format is text or json")
	}
	if f.jobs < 1 {
		return opt, usage("--jobs 至少是 1", "--jobs is at least 1")
	}
	for _, p := range slices.Concat(f.only, f.ignore) {
		switch {
		case !finding.IsRule(p):
			return opt, a.noRule(p)
		case !mend.Answers(p) && slices.Contains(f.only, p):
			return opt, usage("%s 的问题不能自动改；能改的见 gongkai fix --help", "findings of %s cannot be mended mechanically; gongkai fix --help lists those that can", p)
		}
	}
	opt = mend.Options{
		Source: f.source, Portal: filepath.Join(f.source, "public"), Scratch: filepath.Join(f.source, ".gongkai"), Jobs: f.jobs, Themes: themes.FS,
		Wants: func(r *finding.Rule) bool {
			covers := func(p string) bool { return finding.Covers(p, r) }
			return (len(f.only) == 0 || slices.ContainsFunc(f.only, covers)) && !slices.ContainsFunc(f.ignore, covers)
		},
	}
	if opt.Now, err = a.clock(f.clock); err != nil {
		return opt, err
	}
	opt.Paths, err = a.contentPaths(f.source, args)
	return opt, err
}

// contentPaths returns the content paths that files and folders of the call stand for: as they are, or from the folder that holds content.
func (a *app) contentPaths(dir string, args []string) ([]string, error) {
	root, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, arg := range args {
		full, err := filepath.Abs(arg)
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(full); errors.Is(err, fs.ErrNotExist) && !filepath.IsAbs(arg) {
			full = filepath.Join(root, arg)
		}
		if _, err := os.Stat(full); err != nil {
			return nil, usageError{errors.New(a.say("没有“%s”这个文件或文件夹", "there is no file or folder %q", arg))}
		}
		rel, err := filepath.Rel(root, full)
		rel = filepath.ToSlash(rel)
		switch {
		case err == nil && rel == ".":
			rel = source.Dir
		case err != nil || rel != source.Dir && !strings.HasPrefix(rel, source.Dir+"/"):
			return nil, usageError{errors.New(a.say("“%s”不在 %s 里", "%q does not lie in %s", arg, filepath.Join(dir, source.Dir)))}
		}
		out = append(out, rel)
	}
	return out, nil
}

func (a *app) fix(f fixFlags, args []string) error {
	opt, err := a.fixOptions(f, args)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	tuneMemory(a.env, false)
	plan, err := mend.Make(ctx, opt)
	if err != nil {
		return a.explain(err)
	}
	today := calendar.DateOf(opt.Now)
	if f.format == "text" {
		if err := plan.Text(a.stdout, today, a.lang, a.colour(a.stdout)); err != nil {
			return err
		}
	}
	if f.write {
		if err := a.writeMends(f.source, plan.Files); err != nil {
			return err
		}
	}
	if f.format == "json" {
		if err := plan.JSON(a.stdout, today, a.lang, f.write); err != nil {
			return err
		}
	}
	if !f.quiet {
		a.summariseFix(plan, f.write)
	}
	if len(plan.Files) > 0 && !f.write {
		a.code = exitFindings
	}
	return nil
}

// writeMends writes the files and explains why one could not be written.
func (a *app) writeMends(dir string, files []mend.File) error {
	written, err := mend.Write(dir, files)
	if err == nil {
		return nil
	}
	why := ""
	switch {
	case errors.Is(err, mend.ErrChanged):
		why = a.say("文件刚被别的程序改过，请再运行一次", "another program has changed the file; run again")
	case errors.Is(err, mend.ErrOutside):
		why = a.say("符号链接指向 content 之外，请把文件本身复制到这里", "a symbolic link leads out of content; copy the file itself to this place")
	default:
		why = a.say("请检查文件是否只读、是否被 WPS 等程序占用、磁盘是否已满", "see whether it is read-only or in use, and whether the disk is full")
	}
	return fmt.Errorf("%s: %w", a.say("已写入 %d 个文件，%s 没有写成：%s", "%d files are written, %s is not: %s", written, files[written].Path, why), err)
}

// summariseFix says how much is mended, what was left alone and why, and what remains.
func (a *app) summariseFix(p *mend.Plan, written bool) {
	switch files, mends := len(p.Files), p.Count(); {
	case files == 0:
		fmt.Fprintln(a.stderr, a.say("没有可以自动改的问题", "there is nothing to mend mechanically"))
	case written:
		fmt.Fprintln(a.stderr, a.say("已改 %d 个文件，共 %d 处", "mended %[2]d faults in %[1]d files", files, mends))
	default:
		fmt.Fprintln(a.stderr, a.say("可以自动改 %d 个文件，共 %d 处；加 --write 写入", "%[2]d faults in %[1]d files can be mended; --write writes them", files, mends))
	}
	for _, f := range p.Left {
		fmt.Fprintf(a.stderr, "%s: [%s] %s\n", f.Position, f.Rule.ID, f.Message.In(a.lang))
	}
	if len(p.Remaining) == 0 {
		return
	}
	fmt.Fprintln(a.stderr, a.say("还有 %d 个问题没有改，运行 gongkai check 逐个查看：", "%d findings remain; gongkai check shows each:", len(p.Remaining)))
	for _, c := range mend.CountRules(p.Remaining) {
		fmt.Fprintf(a.stderr, "  %s %s ×%d\n", c.Rule.ID, c.Rule.Title.In(a.lang), c.Count)
	}
}
