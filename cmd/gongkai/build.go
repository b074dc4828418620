package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"gongkai/generator/build"
	"gongkai/generator/calendar"
	"gongkai/generator/check"
	"gongkai/generator/finding"
	"gongkai/generator/pack"
	"gongkai/generator/report"
	"gongkai/generator/source"
	"gongkai/themes"
)

// buildFlags are the flags of gongkai build.
type buildFlags struct {
	source, destination, baseURL, clock, failOn, profile string
	jobs                                                 int
	quiet, noSearch, noCache, verify                     bool
}

func (a *app) buildCommand() *cobra.Command {
	var f buildFlags
	cmd := &cobra.Command{
		Use:   "build",
		Short: a.say("把 content 编译到 public", "compile content into public"),
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return a.build(f) },
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVarP(&f.source, "source", "s", ".", a.say("存放 content 和 themes 的文件夹", "folder that holds content and themes"))
	fs.StringVarP(&f.destination, "destination", "d", "", a.say("输出文件夹（默认是 source 下的 public）", "output folder (default: public in source)"))
	fs.StringVarP(&f.baseURL, "base-url", "b", "", a.say("门户网址，代替 site.yaml 里的网址", "address of the portal, instead of the one in site.yaml"))
	fs.StringVar(&f.clock, "clock", "", a.say("按哪一时刻构建，如 2026-11-23 或 2026-11-23T09:00:00+08:00（默认现在）", "moment to build for, like 2026-11-23 or 2026-11-23T09:00:00+08:00 (default: now)"))
	fs.IntVarP(&f.jobs, "jobs", "j", runtime.GOMAXPROCS(0), a.say("同时处理的文件数", "files worked on at once"))
	fs.StringVar(&f.failOn, "fail-on", "error", a.say("发现哪一级问题时以退出码 1 结束：error、warning、info", "severity from which on findings end in exit code 1: error, warning, info"))
	fs.BoolVarP(&f.quiet, "quiet", "q", false, a.say("只报告问题", "report findings only"))
	fs.BoolVar(&f.noSearch, "no-search", false, a.say("不建搜索索引和搜索页面", "build no search index and no search page"))
	fs.BoolVar(&f.noCache, "no-cache", false, a.say("不使用也不保存缓存，全部重新生成", "neither use nor leave a cache: make everything anew"))
	fs.BoolVar(&f.verify, "verify", false, a.say("另外从头构建一次，逐字节比较文件、逐条比较搜索结果", "build from nothing beside it, and compare every byte and the answers to queries"))
	fs.StringVar(&f.profile, "cpu-profile", "", "write a CPU profile to this file")
	_ = fs.MarkHidden("cpu-profile")
	return cmd
}

func (a *app) build(f buildFlags) error {
	failOn, ok := finding.ParseSeverity(f.failOn)
	if !ok {
		return usageError{errors.New(a.say("--fail-on 只能是 error、warning 或 info", "--fail-on is error, warning or info"))}
	}
	now, err := a.clock(f.clock)
	if err != nil {
		return err
	}
	if f.jobs < 1 {
		return usageError{errors.New(a.say("--jobs 至少是 1", "--jobs is at least 1"))}
	}
	if f.destination == "" {
		f.destination = f.source + string(os.PathSeparator) + "public"
	}
	if f.profile != "" {
		w, err := os.Create(f.profile)
		if err != nil {
			return err
		}
		defer w.Close()
		if err := pprof.StartCPUProfile(w); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	sized, exporting := tuneMemory(a.env, f.noSearch)
	progress := newProgress(a, f.quiet)
	start := time.Now()
	opt := build.Options{
		Source: f.source, Destination: f.destination, BaseURL: f.baseURL, Now: now, Jobs: f.jobs, NoSearch: f.noSearch, Sized: sized, Exporting: exporting, Themes: themes.FS, Progress: progress.show,
	}
	if program := a.program(); program != "" && !f.noCache {
		opt.Program = program
		if opt.Cache, err = build.CacheDir(f.destination); err != nil {
			return err
		}
	}
	summary, findings, err := build.Run(opt)
	progress.clear()
	if err != nil {
		return a.explain(err)
	}
	if err := report.Text(a.stdout, findings, a.lang, a.colour(a.stdout)); err != nil {
		return err
	}
	if !f.quiet {
		a.summarise(summary, findings, time.Since(start), f.destination)
	}
	for _, x := range findings {
		if x.Rule.Severity >= failOn {
			a.code = exitFindings
		}
	}
	if f.verify {
		return a.verify(opt, summary, findings, f.quiet)
	}
	return nil
}

// verify compares the portal with one that is built from nothing. A difference is a defect of the program.
func (a *app) verify(opt build.Options, summary *build.Summary, findings []finding.Finding, quiet bool) error {
	differences, err := build.Verify(opt, summary, findings)
	if err != nil {
		return a.explain(err)
	}
	for _, d := range differences {
		fmt.Fprintln(a.stdout, d.Message.In(a.lang))
	}
	if len(differences) > 0 {
		return errors.New(a.say("增量构建与从头构建有 %d 处不同，这是程序的缺陷。请删去 .gongkai 文件夹后重新构建，并反馈以上内容",
			"the portal differs from one built from nothing in %d respects, which is a defect of the program; delete the .gongkai folder, build again, and report the lines above", len(differences)))
	}
	if !quiet {
		fmt.Fprintln(a.stderr, a.say("已与从头构建比较：完全相同", "compared with a build from nothing: the same"))
	}
	return nil
}

// program identifies this program by its own bytes, so that what another one remembered is not believed; empty where they cannot be read.
func (a *app) program() string {
	name, err := os.Executable()
	if err != nil {
		return ""
	}
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	var sum pack.Summer
	sum.Reset()
	if _, err := io.CopyBuffer(&sum, struct{ io.Reader }{f}, make([]byte, 1<<18)); err != nil {
		return ""
	}
	of := sum.Sum()
	return hex.EncodeToString(of[:])
}

// tuneMemory lets the garbage collector rest while there is room: a build is short, and what stays of a document is a summary. The limit grows with the
// district, because a limit near to what is in use costs more than it saves; it is lower where the search index, too, lies in memory. GOGC and
// GOMEMLIMIT set by the user stand.
func tuneMemory(env func(string) string, noSearch bool) (sized, exporting func(disclosures int)) {
	if env("GOGC") != "" || env("GOMEMLIMIT") != "" {
		return nil, nil
	}
	const small = 20_000 // disclosures: below it one limit does for all
	room := 155 << 20
	if noSearch {
		room = 180 << 20 // nothing is mapped into memory beside it
	}
	limit := func(disclosures int) int64 { return int64(min(900<<20, room+disclosures*6<<10)) }
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(limit(0))
	sized = func(disclosures int) {
		most := limit(disclosures)
		switch {
		case disclosures > small: // what is mapped and written counts as well: the limit is not to be filled
			debug.SetGCPercent(200)
			most = min(1000<<20, most*5/4)
		case !noSearch: // until the index is mapped
			most += 40 << 20
		}
		debug.SetMemoryLimit(most)
	}
	exporting = func(disclosures int) {
		most := limit(disclosures)
		if disclosures > small { // the index is mapped beside it
			most = most * 5 / 6
		}
		debug.SetMemoryLimit(most)
		debug.FreeOSMemory()
	}
	return sized, exporting
}

// clock returns the moment of the build: --clock, SOURCE_DATE_EPOCH (seconds since 1970), or now. A day stands for its last minute.
func (a *app) clock(flag string) (time.Time, error) {
	if flag != "" {
		if t, err := time.Parse(time.RFC3339, flag); err == nil {
			return t, nil
		}
		s, _, err := calendar.Parse(flag)
		if err != nil {
			return time.Time{}, usageError{errors.New(a.say("--clock 的“%s”不是日期或时间", "--clock %q is neither a day nor a moment", flag))}
		}
		if !s.HasTime {
			s.Minute = 24*60 - 1
		}
		return s.Time(), nil
	}
	if epoch := a.env("SOURCE_DATE_EPOCH"); epoch != "" {
		n, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil {
			return time.Time{}, usageError{errors.New(a.say("SOURCE_DATE_EPOCH 的“%s”不是秒数", "SOURCE_DATE_EPOCH %q is no number of seconds", epoch))}
		}
		return time.Unix(n, 0), nil
	}
	return time.Now(), nil
}

// explain puts an error of a build into the words of the user and tells a mistake in the settings from trouble of the machine.
func (a *app) explain(err error) error {
	var foreign *build.ForeignError
	var destination *build.DestinationError
	var settings *build.SettingsError
	switch {
	case errors.Is(err, build.ErrBusy):
		return usageError{errors.New(a.say("另一个构建正在写同一个输出文件夹，请等它结束后再运行", "another build is writing the same output folder; run again when it has ended"))}
	case errors.Is(err, source.ErrNoContent):
		return usageError{errors.New(a.say("错误[GK106] 没有可编译的内容：content 文件夹不存在或为空，原有门户保持不变。用 -s 指定存放 content 的文件夹",
			"error[GK106] nothing to compile: the content folder is absent or empty; the old portal stays. Name the folder that holds content with -s"))}
	case errors.As(err, &foreign):
		return usageError{errors.New(a.say("%s 不是本程序写的，为免覆盖已停止。请把它移走，或用 -d 换一个输出文件夹",
			"%s was not written by this program; stopped rather than overwrite it. Move it away, or choose another output folder with -d", foreign.Path))}
	case errors.As(err, &destination):
		return usageError{errors.New(a.say("不能输出到这个文件夹，请用 -d 换一个：%[1]s", "cannot write to this folder, choose another with -d: %[2]s", destination.Reason.ZH, destination.Reason.EN))}
	case errors.As(err, &settings):
		if err := report.Text(a.stdout, settings.Findings, a.lang, a.colour(a.stdout)); err != nil {
			return err
		}
		return usageError{errors.New(a.say("读不出门户的名称或网址，没有生成，原有门户保持不变。请先改正 content/site.yaml",
			"the name or the address of the portal cannot be read; nothing was built and the old portal stays. Mend content/site.yaml first"))}
	case errors.Is(err, build.ErrBaseURL):
		return usageError{errors.New(a.say("门户网址（-b）要写成 https://www.example.gov.cn/ 的样子", "the portal's address (-b) looks like https://www.example.gov.cn/"))}
	case errors.Is(err, check.ErrIndicators):
		return usageError{fmt.Errorf("%s: %w", a.say("content/indicators.yaml 有错", "content/indicators.yaml is at fault"), err)}
	case errors.Is(err, check.ErrExternal):
		return usageError{fmt.Errorf("%s: %w", a.say("site.yaml 的“免查外链”有错", "external_ok in site.yaml is at fault"), err)}
	case errors.Is(err, build.ErrTheme):
		return usageError{errors.New(a.say("主题有错：%s", "the theme is at fault: %s", themeFault(err, a.lang)))}
	}
	return err
}

func (a *app) summarise(s *build.Summary, findings []finding.Finding, took time.Duration, destination string) {
	errors, warnings, infos := finding.Count(findings)
	fmt.Fprint(a.stderr, a.say(
		"单位 %d · 领域 %d · 事项 %d · 公开信息 %d · 正文 %d 字\n页面 %d · 文件 %d（写入 %d，删除 %d，未变 %d） · %.1f MB · 站内链接 %d\n问题：错误 %d，警告 %d，提示 %d\n用时 %.2f 秒，已生成到 %s\n",
		"units %d · fields %d · items %d · disclosures %d · %d characters\npages %d · files %d (%d written, %d removed, %d unchanged) · %.1f MB · internal links %d\nfindings: %d errors, %d warnings, %d advice\n%.2f seconds, built into %s\n",
		s.Units, s.Fields, s.Items, s.Disclosures, s.Characters, s.Pages, s.Files, s.Written, s.Removed, s.Kept, float64(s.Bytes)/1e6, s.Links,
		errors, warnings, infos, took.Seconds(), destination))
	if x := s.Search; x != nil {
		fmt.Fprint(a.stderr, a.say("搜索：可查 %d 条 · 服务器索引 %.1f MB · 浏览器索引 %d 个文件 %.1f MB · 各线程合计用时 %.2f 秒\n",
			"search: %d documents · server's index %.1f MB · browser's index %d files, %.1f MB · %.2f seconds summed over the workers\n",
			x.Documents, float64(x.Bytes)/1e6, x.BrowserFiles, float64(x.BrowserBytes)/1e6, x.Took.Seconds()))
	}
	if s.InPlace {
		fmt.Fprintln(a.stderr, a.say("注意：这个输出文件夹不能整体替换（挂载点？），文件是逐个更新的", "note: this output folder cannot be exchanged as a whole (a mount point?); its files were replaced one by one"))
	}
}

// colour reports whether a stream is a terminal that wants colours.
func (a *app) colour(w io.Writer) bool {
	return isTerminal(w) && a.env("NO_COLOR") == "" && a.env("CI") == ""
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// progress shows on a terminal how far a build is.
type progress struct {
	app   *app
	on    bool
	mu    sync.Mutex
	shown time.Time
}

func newProgress(a *app, quiet bool) *progress {
	return &progress{app: a, on: !quiet && isTerminal(a.stderr) && a.env("CI") == "" && a.env("TERM") != "dumb"}
}

func (p *progress) show(done, total int) {
	if !p.on || done%16 != 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); now.Sub(p.shown) > 80*time.Millisecond {
		p.shown = now
		fmt.Fprint(p.app.stderr, p.app.say("\r正在生成 %d / %d", "\rrendering %d / %d", done, total))
	}
}

func (p *progress) clear() {
	if p.on {
		fmt.Fprint(p.app.stderr, "\r\x1b[K")
	}
}
