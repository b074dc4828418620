package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gongkai/generator/calendar"
	"gongkai/generator/scaffold"
	"gongkai/generator/site"
	"gongkai/generator/source"
)

// newFlags are the flags of gongkai new.
type newFlags struct {
	source, clock                                       string
	unit, field, item, title, formed, date, docno, kind string
	file, name, fullname, slug, level, prefix           string
	approved, edit                                      bool
}

func (a *app) newCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "new",
		Short: a.say("新建信息、单位、目录或整个站点", "make a disclosure, a unit, a catalog or a site"),
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.newDisclosure(), a.newUnit(), a.newCatalog(), a.newSite())
	return cmd
}

func (a *app) newSub(f *newFlags, use, zh, en string, run func() error) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: a.say(zh, en), Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error { return run() }}
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVarP(&f.source, "source", "s", ".", a.say("存放 content 的文件夹", "folder that holds content"))
	fs.BoolVar(&f.edit, "edit", false, a.say("写好后用编辑器打开（$VISUAL、$EDITOR，Windows 上是记事本）", "open the file in the editor ($VISUAL, $EDITOR, Notepad on Windows)"))
	return cmd
}

func (a *app) newDisclosure() *cobra.Command {
	var f newFlags
	cmd := a.newSub(&f, "disclosure", "新建一条公开信息：选单位、领域、事项，填标题", "make a disclosure: choose unit, field and item, give a title", func() error { return a.makeDisclosure(f) })
	fs := cmd.Flags()
	fs.StringVar(&f.unit, "unit", "", a.say("单位：名称、网址名或拼音（西河镇、xihe）", "unit: name, address name or pinyin"))
	fs.StringVar(&f.field, "field", "", a.say("领域：名称、网址名或拼音（社会救助、shjz）", "field: name, address name or pinyin"))
	fs.StringVar(&f.item, "item", "", a.say("事项：一部分文字或拼音（审批信息、dibao）", "item: a part of it, or pinyin"))
	fs.StringVar(&f.title, "title", "", a.say("标题", "title"))
	fs.StringVar(&f.formed, "formed", "", a.say("成文日期（默认今天）", "day on which it was formed (default: today)"))
	fs.StringVar(&f.date, "date", "", a.say("发布日期（默认与成文日期相同）", "day of publication (default: the same)"))
	fs.StringVar(&f.docno, "docno", "", a.say("文号", "document number"))
	fs.StringVar(&f.kind, "kind", "", a.say("体裁，如 公示", "kind, such as 公示"))
	fs.StringVar(&f.file, "file", "", a.say("文件名，不带 .md（默认按日期和标题的拼音）", "name of the file without .md (default: from date and title)"))
	fs.BoolVar(&f.approved, "approved", false, a.say("状态写“已审核”（默认“草稿”）", "approved rather than a draft"))
	fs.StringVar(&f.clock, "clock", "", a.say("按哪一天新建（默认今天）", "day to make it on (default: today)"))
	cmd.Long = a.say("新建一条公开信息。没有写明的选项会逐个询问：可以输入序号、汉字的一部分、全拼（dibao）或首字母（db）。\n\n"+
		"索引号取本单位本年已有的最大号加一，连草稿、有错误的文件和本机上其他 git 分支里用过的号也算在内。两人同时在看不到对方的分支里新建，仍可能取到同一个号："+
		"合并后构建会报 GK220“索引号重复”，gongkai fix --only GK220 --write 给后发布的一个换号。",
		"Makes a disclosure. What no flag says is asked for: answer with a number, a part of the Chinese text, pinyin (dibao) or initials (db).\n\n"+
			"The index number follows the highest of the unit and the year, counting drafts, files with errors, and the other git branches on this machine. Two people in branches that do not see each other may "+
			"still take the same one: after the merge a build reports it (GK220), and gongkai fix --only GK220 --write gives the later one another.")
	return cmd
}

func (a *app) newUnit() *cobra.Command {
	var f newFlags
	cmd := a.newSub(&f, "unit", "新建一个单位", "make a unit", func() error { return a.makeUnit(f) })
	fs := cmd.Flags()
	fs.StringVar(&f.name, "name", "", a.say("名称，如 西河镇", "name"))
	fs.StringVar(&f.fullname, "fullname", "", a.say("全称，如 武江区西河镇人民政府", "full name"))
	fs.StringVar(&f.level, "level", "", a.say("层级：县级、乡级、村级（默认乡级）", "level: county, township, village (default: township)"))
	fs.StringVar(&f.kind, "kind", "", a.say("类型：镇、街道、部门、村居", "kind: 镇, 街道, 部门, 村居"))
	fs.StringVar(&f.slug, "slug", "", a.say("网址名（默认用拼音）", "address name (default: pinyin)"))
	fs.StringVar(&f.prefix, "prefix", "", a.say("索引号前缀（默认仿照其他单位）", "prefix of index numbers (default: by the others' pattern)"))
	return cmd
}

func (a *app) newCatalog() *cobra.Command {
	var f newFlags
	cmd := a.newSub(&f, "catalog", "新建一个领域的标准目录", "make a field's catalog", func() error { return a.makeCatalog(f) })
	cmd.Flags().StringVar(&f.name, "name", "", a.say("领域名称，如 社会救助", "name of the field"))
	cmd.Flags().StringVar(&f.slug, "slug", "", a.say("网址名，最好用英文（默认用拼音）", "address name (default: pinyin)"))
	return cmd
}

func (a *app) newSite() *cobra.Command {
	return &cobra.Command{
		Use:   "site DIR",
		Short: a.say("新建一个可以直接构建的小站点", "make a small site that can be built at once"),
		Args:  cobra.ExactArgs(1),
		RunE:  func(_ *cobra.Command, args []string) error { return a.makeSite(args[0]) },
	}
}

// asker asks on the terminal, line by line, so that it works in every console and with answers from a pipe.
type asker struct {
	app *app
	in  *bufio.Reader
}

func (a *app) asker() *asker { return &asker{a, bufio.NewReader(a.stdin)} }

// text asks for a text, unless the flag has it.
func (q *asker) text(flag, value, zh, en string) (string, error) {
	for value == "" {
		fmt.Fprint(q.app.stderr, q.app.say(zh, en)+"：")
		line, err := q.in.ReadString('\n')
		value = strings.TrimSpace(line)
		if err != nil && value == "" {
			return "", usageError{errors.New(q.app.say("没有回答，也没有用 --%s 写明", "there was no answer and no --%s", flag))}
		}
	}
	return value, nil
}

// mostShown is how many candidates are listed at once.
const mostShown = 40

// choose asks for one of the options until one is meant. A flag that does not say which is a mistake in the call.
func (q *asker) choose(flag, value, zh, en string, options []scaffold.Option) (int, error) {
	if value != "" {
		found := scaffold.Match(options, value)
		if len(found) == 1 {
			return found[0], nil
		}
		return 0, usageError{errors.New(q.app.say("--%[1]s 的“%[2]s”%[3]s，可以是：\n%[4]s", "--%[1]s %[2]q %[5]s; it may be:\n%[4]s", flag, value,
			map[bool]string{true: "没有对应的", false: "不止一个"}[len(found) == 0], listing(options, found), map[bool]string{true: "is none of them", false: "is more than one"}[len(found) == 0]))}
	}
	shown := []int(nil)
	for {
		fmt.Fprintln(q.app.stderr, listing(options, shown))
		fmt.Fprint(q.app.stderr, q.app.say(zh+"（序号、汉字或拼音）：", en+" (number, Chinese or pinyin): "))
		line, err := q.in.ReadString('\n')
		typed := strings.TrimSpace(line)
		if err != nil && typed == "" {
			return 0, usageError{errors.New(q.app.say("没有选，也没有用 --%s 写明", "nothing was chosen, and there is no --%s", flag))}
		}
		found := scaffold.Match(options, typed)
		switch len(found) {
		case 1:
			fmt.Fprintln(q.app.stderr, "  → "+options[found[0]].Label)
			return found[0], nil
		case 0:
			fmt.Fprintln(q.app.stderr, q.app.say("没有找到“%s”，请再试", "there is no %q, try again", typed))
			shown = nil
		default:
			shown = found
		}
	}
}

// listing shows options with their numbers, some of them or all.
func listing(options []scaffold.Option, some []int) string {
	if len(some) == 0 {
		for i := range options {
			some = append(some, i)
		}
	}
	var b strings.Builder
	for _, i := range some[:min(len(some), mostShown)] {
		fmt.Fprintf(&b, "%4d  %s", i+1, options[i].Label)
		if options[i].Value != options[i].Label {
			b.WriteString("  " + options[i].Value)
		}
		b.WriteByte('\n')
	}
	if len(some) > mostShown {
		fmt.Fprintf(&b, "      … %d\n", len(some))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (a *app) makeDisclosure(f newFlags) error {
	now, err := a.clock(f.clock)
	if err != nil {
		return err
	}
	s, err := a.loadFor(f.source, now)
	if err != nil {
		return err
	}
	if len(s.Units) == 0 || len(s.Fields) == 0 {
		return usageError{errors.New(a.say("content 里还没有单位或目录，请先用 gongkai new unit、gongkai new catalog 新建", "there is no unit or no catalog yet; make them with gongkai new unit and gongkai new catalog"))}
	}
	q := a.asker()
	d := scaffold.Disclosure{DocNo: f.docno, Kind: f.kind, Name: f.file, Approved: f.approved}
	var units, items []scaffold.Option
	for _, u := range s.Units {
		units = append(units, scaffold.Option{Value: u.Slug, Label: u.Name})
	}
	i, err := q.choose("unit", f.unit, "哪个单位", "which unit", units)
	if err != nil {
		return err
	}
	d.Unit = s.Units[i]
	if i, err = q.choose("field", f.field, "哪个领域", "which field", fieldOptions(s)); err != nil {
		return err
	}
	d.Field = s.Fields[i]
	uf := s.UnitField(d.Unit, d.Field)
	if uf.NotApplicable != "" {
		return usageError{errors.New(a.say("%s已声明不涉及%s领域（%s）。先在 %s 里改正声明", "%s has declared %s not applicable (%s); change the declaration in %s first", d.Unit.Name, d.Field.Name, uf.NotApplicable, uf.Source.Path))}
	}
	for _, e := range uf.Entries {
		items = append(items, scaffold.Option{Value: e.Item.Path(), Label: e.Item.Path()})
	}
	if len(items) == 0 {
		return usageError{errors.New(a.say("%s的目录里没有%s应公开的事项", "the catalog of %s has no item for %s", d.Field.Name, d.Unit.Name))}
	}
	scaffold.AddSynonyms(items, &s.Synonyms)
	if i, err = q.choose("item", f.item, "哪个事项", "which item", items); err != nil {
		return err
	}
	d.Item = uf.Entries[i].Item
	if d.Title, err = q.text("title", f.title, "标题", "title"); err != nil {
		return err
	}
	d.Formed = calendar.DateOf(now)
	for _, day := range []struct {
		flag, text string
		to         *calendar.Date
	}{{"formed", f.formed, &d.Formed}, {"date", f.date, &d.Published}} {
		if day.text == "" {
			continue
		}
		stamp, _, err := calendar.Parse(day.text)
		if err != nil {
			return usageError{errors.New(a.say("--%s 的“%s”不是日期，写成 2026-11-23 的样子", "--%s %q is not a date like 2026-11-23", day.flag, day.text))}
		}
		*day.to = stamp.Date
	}
	if d.Numbers, err = numbersInUse(f.source); err != nil {
		return err
	}
	d.Numbers = append(d.Numbers, numbersInBranches(f.source)...)
	file, err := scaffold.NewDisclosure(s, d, func(p string) bool { return exists(f.source, p) })
	if err != nil {
		return a.newMistake(err)
	}
	return a.writeNew(f, file)
}

func (a *app) makeUnit(f newFlags) error {
	s, err := a.loadFor(f.source, time.Now())
	if err != nil {
		return err
	}
	name, err := a.asker().text("name", f.name, "单位名称", "name of the unit")
	if err != nil {
		return err
	}
	u := scaffold.Unit{Name: name, FullName: f.fullname, Slug: f.slug, Kind: f.kind, Prefix: f.prefix}
	if f.level != "" {
		level, ok := site.ParseLevel(f.level)
		if !ok {
			return usageError{errors.New(a.say("--level 只能是 县级、乡级、村级", "--level is county, township or village"))}
		}
		u.Level = level
	}
	file, err := scaffold.NewUnit(s, u)
	if err != nil {
		return a.newMistake(err)
	}
	return a.writeNew(f, file)
}

func (a *app) makeCatalog(f newFlags) error {
	s, err := a.loadFor(f.source, time.Now())
	if err != nil {
		return err
	}
	name, err := a.asker().text("name", f.name, "领域名称", "name of the field")
	if err != nil {
		return err
	}
	file, err := scaffold.NewCatalog(s, name, f.slug)
	if err != nil {
		return a.newMistake(err)
	}
	return a.writeNew(f, file)
}

// newMistake says in the user's language what is wrong with what was asked for.
func (a *app) newMistake(err error) error {
	if m := (*scaffold.Mistake)(nil); errors.As(err, &m) {
		return usageError{errors.New(m.Message.In(a.lang))}
	}
	return err
}

// loadFor reads the content that a new file is to stand in. What is wrong with it is not this command's to say.
func (a *app) loadFor(dir string, now time.Time) (*site.Site, error) {
	s, _, err := source.Load(source.Options{Dir: dir, Now: now, Jobs: 2 * runtime.GOMAXPROCS(0), Drafts: true})
	if err != nil {
		return nil, a.explain(err)
	}
	return s, nil
}

func exists(dir, contentPath string) bool {
	_, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(contentPath)))
	return err == nil
}

// numbersInUse returns the index numbers of all disclosures on the disk.
func numbersInUse(dir string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(filepath.Join(dir, source.Dir, "units"), func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.EqualFold(path.Ext(p), ".md") {
			return err
		}
		text, err := os.ReadFile(p)
		out = append(out, scaffold.IndexNumbers(string(text))...)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return out, err
}

// numbersInBranches returns the index numbers in all branches that git knows here, its own and those of other machines as they were last fetched; nothing
// where there is no repository or no git.
func numbersInBranches(dir string) []string {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	git := func(args ...string) string {
		cmd := exec.CommandContext(ctx, "git", append([]string{"-C", dir}, args...)...)
		out, err := cmd.Output()
		if err != nil {
			return ""
		}
		return string(out)
	}
	refs := strings.Fields(git("for-each-ref", "--format=%(objectname)", "refs/heads", "refs/remotes"))
	slices.Sort(refs)
	refs = slices.Compact(refs)
	if len(refs) == 0 {
		return nil
	}
	args := append([]string{"grep", "-h", "-I", "-E", `^(索引号|index)[[:space:]]*(:|：)`}, refs[:min(len(refs), 50)]...)
	return scaffold.IndexNumbers(git(append(args, "--", ":(glob)**/*.md")...))
}

// writeNew writes a file that must not exist yet, and says what to do next.
func (a *app) writeNew(f newFlags, file scaffold.File) error {
	full := filepath.Join(f.source, filepath.FromSlash(file.Path))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return err
	}
	w, err := os.OpenFile(full, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return usageError{errors.New(a.say("%s 已经有了，没有改动", "%s exists already and was left alone", full))}
	}
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, file.Text)
	if err = errors.Join(err, w.Close()); err != nil {
		return err
	}
	fmt.Fprintln(a.stdout, full)
	fmt.Fprintln(a.stderr, a.say("已新建。补全内容后运行 gongkai preview 查看", "made; fill it in, then look at it with gongkai preview"))
	if f.edit {
		return a.openEditor(full)
	}
	return nil
}

// openEditor opens a file in the editor that the user has chosen.
func (a *app) openEditor(name string) error {
	editor := a.env("VISUAL")
	if editor == "" {
		editor = a.env("EDITOR")
	}
	if editor == "" && runtime.GOOS == "windows" {
		editor = "notepad"
	}
	parts := strings.Fields(editor)
	if len(parts) == 0 {
		return usageError{errors.New(a.say("没有设置 $EDITOR", "$EDITOR is not set"))}
	}
	cmd := exec.Command(parts[0], append(parts[1:], name)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	return cmd.Run()
}

// makeSite writes the small district to start from.
func (a *app) makeSite(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(entries) > 0 {
		return usageError{errors.New(a.say("%s 不是空文件夹，没有改动", "%s is not empty and was left alone", dir))}
	}
	if err := os.CopyFS(dir, scaffold.Starter()); err != nil {
		return err
	}
	for _, kind := range []string{"site", "synonyms"} { // which the settings of .vscode name
		if err := a.writeSchema(kind, filepath.Join(dir, ".vscode", kind+".schema.json")); err != nil {
			return err
		}
	}
	fmt.Fprintln(a.stderr, a.say("已在 %s 新建站点。先运行 gongkai build -s %s，再照 README.md 改成自己的内容", "made a site in %[1]s; run gongkai build -s %[1]s, then follow its README.md", dir, dir))
	return nil
}
