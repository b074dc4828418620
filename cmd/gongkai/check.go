package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"math/rand/v2"
	"os"
	"os/signal"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"gongkai/generator/audit"
	"gongkai/generator/build"
	"gongkai/generator/calendar"
	"gongkai/generator/check"
	"gongkai/generator/finding"
	"gongkai/generator/links/web"
	"gongkai/generator/report"
	"gongkai/generator/source"
	"gongkai/themes"
)

// checkFlags are the flags of gongkai check.
type checkFlags struct {
	source, destination, baseURL, clock, asOf, failOn string
	format, output, baseline, writeBaseline, explain  string
	jobs                                              int
	site                                              string
	quiet, score, rules, offline, external, private   bool
	only, ignore                                      []string
	allowLinks, skipLinks                             []string
}

// gapFormats are the formats of the gap report; the others are of findings.
var gapFormats = []string{"xlsx", "csv", "gaps"}

func (a *app) checkCommand() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check",
		Short: a.say("检查内容：格式、链接、时限、覆盖、隐私", "check the content: form, links, timeliness, coverage, privacy"),
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return a.check(f) },
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVarP(&f.source, "source", "s", ".", a.say("存放 content 和 themes 的文件夹", "folder that holds content and themes"))
	fs.StringVarP(&f.destination, "destination", "d", "", a.say("已生成的门户，用来核对到期信息是否还在（默认是 source 下的 public）", "the built portal, to see whether expired documents are still there (default: public in source)"))
	fs.StringVarP(&f.baseURL, "base-url", "b", "", a.say("门户网址，代替 site.yaml 里的网址", "address of the portal, instead of the one in site.yaml"))
	fs.StringVar(&f.site, "site", "", a.say("改为检查这个文件夹里的网页链接（任何程序生成的都可以），网址用 -b", "check the links of this folder of HTML instead, whichever program made it; -b is its address"))
	fs.StringVar(&f.clock, "clock", "", a.say("按哪一时刻检查（默认现在）", "moment to check for (default: now)"))
	fs.StringVar(&f.asOf, "as-of", "", a.say("按哪一天统计，之后发布的不算", "day to judge by; what was published later does not count"))
	fs.StringVar(&f.format, "format", "text", a.say("输出格式：%s；差距表：%s（gaps 是 JSON）", "output: %s; of the gap report: %s (gaps is JSON)", strings.Join(report.Formats(), "、"), strings.Join(gapFormats, "、")))
	fs.StringVarP(&f.output, "output", "o", "", a.say("写入这个文件，不写到屏幕", "write to this file instead of standard output"))
	fs.StringVar(&f.failOn, "fail-on", "error", a.say("发现哪一级问题时以退出码 1 结束：error、warning、info、never", "severity from which on findings end in exit code 1: error, warning, info, never"))
	fs.StringSliceVar(&f.only, "only", nil, a.say("只报告这些规则，如 GK4,GK501", "report these rules only, such as GK4,GK501"))
	fs.StringSliceVar(&f.ignore, "ignore", nil, a.say("不报告这些规则", "do not report these rules"))
	fs.StringVar(&f.baseline, "baseline", "", a.say("只报告这个文件里没有的问题", "report only what this file does not have"))
	fs.StringVar(&f.writeBaseline, "write-baseline", "", a.say("把现有的问题记入这个文件", "write the present findings to this file"))
	fs.BoolVar(&f.offline, "offline", false, a.say("不检查外部链接（设了 CI 时默认如此）", "do not check links to other sites (the default where CI is set)"))
	fs.BoolVar(&f.external, "external", false, a.say("设了 CI 时也检查外部链接", "check them where CI is set, too"))
	fs.StringArrayVar(&f.allowLinks, "allow-link", nil, a.say("这样的外部链接已核实，不用查，如“example.gov.cn=只许浏览器访问”", "links to other sites that are known to be right: pattern=reason"))
	fs.StringArrayVar(&f.skipLinks, "skip-link", nil, a.say("不查这样的外部链接，写法同上", "links to other sites that are not to be checked: pattern=reason"))
	fs.BoolVar(&f.private, "external-private", false, "check addresses of private networks as well")
	_ = fs.MarkHidden("external-private")
	fs.BoolVar(&f.score, "score", false, a.say("按检查指标估计扣分，并列出依据", "estimate the deductions by the inspection indicators, with evidence"))
	fs.StringVar(&f.explain, "explain", "", a.say("解释一条规则，如 GK304", "explain a rule, such as GK304"))
	fs.BoolVar(&f.rules, "rules", false, a.say("列出全部规则的说明（Markdown）", "write the reference of all rules (Markdown)"))
	fs.IntVarP(&f.jobs, "jobs", "j", runtime.GOMAXPROCS(0), a.say("同时处理的文件数", "files worked on at once"))
	fs.BoolVarP(&f.quiet, "quiet", "q", false, a.say("只报告问题", "report findings only"))
	return cmd
}

// options returns what the flags ask for, or what is wrong with them.
func (a *app) checkOptions(f *checkFlags) (opt check.Options, rep *report.Report, err error) {
	usage := func(zh, en string, args ...any) error { return usageError{errors.New(a.say(zh, en, args...))} }
	rep = &report.Report{Never: f.failOn == "never"}
	var ok bool
	if rep.FailOn, ok = finding.ParseSeverity(f.failOn); !ok && !rep.Never {
		return opt, rep, usage("--fail-on 只能是 error、warning、info 或 never", "--fail-on is error, warning, info or never")
	}
	if !slices.Contains(report.Formats(), f.format) && !slices.Contains(gapFormats, f.format) {
		return opt, rep, usage("--format 没有“%s”，可用的有：%s", "--format has no %q; there are %s", f.format, strings.Join(append(report.Formats(), gapFormats...), "、"))
	}
	if f.score && f.format != "text" && f.format != "json" {
		return opt, rep, usage("--score 的格式只有 text 和 json", "--score has the formats text and json")
	}
	if f.format == "xlsx" && f.output == "" && isTerminal(a.stdout) {
		return opt, rep, usage("xlsx 要用 -o 写到文件，例如 -o 差距表.xlsx", "xlsx needs a file: -o gaps.xlsx")
	}
	for _, p := range slices.Concat(f.only, f.ignore) {
		if !finding.IsRule(p) {
			return opt, rep, a.noRule(p)
		}
	}
	if f.asOf != "" {
		if f.clock != "" {
			return opt, rep, usage("--as-of 和 --clock 只用一个", "use one of --as-of and --clock")
		}
		day, _, err := calendar.Parse(f.asOf)
		if err != nil || day.HasTime {
			return opt, rep, usage("--as-of 的“%s”不是日期，写成 2026-06-30", "--as-of %q is no day; write 2026-06-30", f.asOf)
		}
		f.clock = f.asOf
	}
	now, err := a.clock(f.clock)
	if err != nil {
		return opt, rep, err
	}
	if f.jobs < 1 {
		return opt, rep, usage("--jobs 至少是 1", "--jobs is at least 1")
	}
	if f.destination == "" {
		f.destination = f.source + string(os.PathSeparator) + "public"
	}
	if rel := filepath.ToSlash(filepath.Clean(f.source)); rel != "." && filepath.IsLocal(f.source) {
		rep.Prefix = rel + "/"
	}
	return check.Options{
		Source: f.source, Portal: f.destination, BaseURL: f.baseURL, Now: now, Jobs: f.jobs, Themes: themes.FS, AsOf: f.asOf != "", Score: f.score,
	}, rep, nil
}

func (a *app) noRule(name string) error {
	var ids []string
	for _, r := range finding.Rules() {
		ids = append(ids, r.ID)
	}
	if near := source.Nearest(strings.ToUpper(name), ids); near != "" {
		return usageError{errors.New(a.say("没有“%s”这条规则，是不是 %s？", "there is no rule %q; did you mean %s?", name, near))}
	}
	return usageError{errors.New(a.say("没有“%s”这条规则；用 --rules 看全部规则", "there is no rule %q; --rules lists them all", name))}
}

func (a *app) check(f checkFlags) error {
	opt, rep, err := a.checkOptions(&f)
	if err != nil {
		return err
	}
	if f.rules {
		return a.write(f.output, func(w io.Writer) error { return report.Rules(w, a.lang) })
	}
	if f.explain != "" {
		for _, r := range finding.Rules() {
			if strings.EqualFold(r.ID, f.explain) {
				return report.Explain(a.stdout, r, a.lang)
			}
		}
		return a.noRule(f.explain)
	}
	var known report.Baseline
	if f.baseline != "" {
		if known, err = a.readBaseline(f.baseline); err != nil {
			return err
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if f.site != "" {
		return a.checkFolder(ctx, f, rep, known)
	}
	if opt.External, err = a.externalOptions(f); err != nil {
		return err
	}
	tuneMemory(a.env, false)
	start := time.Now()
	result, err := check.Run(ctx, opt)
	if settings := new(build.SettingsError); errors.As(err, &settings) && f.format != "text" && slices.Contains(report.Formats(), f.format) && !f.score {
		rep.Findings, settings.Findings = report.Select(settings.Findings, f.only, f.ignore), nil // explain has no more to print
		if err := a.write(f.output, func(w io.Writer) error { return report.Write(w, f.format, rep, a.lang) }); err != nil {
			return err
		}
	}
	if err != nil {
		return a.explain(err)
	}
	findings := report.Select(result.Findings, f.only, f.ignore)
	if f.writeBaseline != "" {
		if err := a.write(f.writeBaseline, func(w io.Writer) error { return report.WriteBaseline(w, findings, a.lang) }); err != nil {
			return err
		}
		if !f.quiet {
			fmt.Fprintln(a.stderr, a.say("已把 %d 个问题记入 %s", "wrote %d findings to %s", len(findings), f.writeBaseline))
		}
		return nil
	}
	gone := 0
	if f.baseline != "" {
		findings, gone = known.Split(findings)
	}
	rep.Findings, rep.Colour = findings, f.output == "" && a.colour(a.stdout)
	if err := a.write(f.output, func(w io.Writer) error { return a.writeCheck(w, f, rep, result) }); err != nil {
		return err
	}
	if !f.quiet {
		a.summariseCheck(result, findings, gone, time.Since(start))
	}
	if rep.Failed() {
		a.code = exitFindings
	}
	return nil
}

// externalOptions returns how other sites are asked, or nil where they are not.
func (a *app) externalOptions(f checkFlags) (*check.External, error) {
	allow, err := a.linkRules("--allow-link", f.allowLinks)
	if err != nil {
		return nil, err
	}
	skip, err := a.linkRules("--skip-link", f.skipLinks)
	if err != nil {
		return nil, err
	}
	if f.offline || a.env("CI") != "" && !f.external {
		return nil, nil
	}
	log.SetOutput(io.Discard) // package net/http writes to it what other servers do wrong
	return &check.External{
		Cache: filepath.Join(f.source, ".gongkai", "links.jsonl"),
		Web:   web.Options{Within: 10 * time.Minute, Private: f.private, Allow: allow, Ignore: skip, Now: time.Now, Jitter: rand.Float64},
	}, nil
}

// linkRules reads the values of a flag that names links, each with its reason.
func (a *app) linkRules(flag string, values []string) (rules []web.Rule, err error) {
	for _, v := range values {
		i := strings.LastIndexByte(v, '=') // an address may have more of them
		if i < 0 || strings.TrimSpace(v[i+1:]) == "" {
			return nil, usageError{errors.New(a.say("%s 的“%s”没有写理由，写成“网址=理由”", "%s %q has no reason; write address=reason", flag, v))}
		}
		rule, err := web.NewRule(v[:i], v[i+1:])
		if err != nil {
			return nil, usageError{fmt.Errorf("%s: %w", flag, err)}
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

// checkFolder checks a folder of built HTML.
func (a *app) checkFolder(ctx context.Context, f checkFlags, rep *report.Report, known report.Baseline) error {
	if !slices.Contains(report.Formats(), f.format) || f.score {
		return usageError{errors.New(a.say("--site 只检查链接，没有差距表和扣分", "--site checks links only: there is no gap report and no score"))}
	}
	outside, err := a.externalOptions(f)
	if err != nil {
		return err
	}
	start := time.Now()
	findings, r, err := check.Folder(ctx, f.site, f.baseURL, f.jobs, outside)
	if err != nil {
		return usageError{fmt.Errorf("%s: %w", a.say("不能检查 %s", "cannot check %s", f.site), err)}
	}
	for i := range findings {
		findings[i].Position.Path = path.Join(filepath.ToSlash(f.site), findings[i].Position.Path)
	}
	rep.Prefix, rep.Findings = "", report.Select(findings, f.only, f.ignore)
	if known != nil {
		rep.Findings, _ = known.Split(rep.Findings)
	}
	if f.writeBaseline != "" {
		return a.write(f.writeBaseline, func(w io.Writer) error { return report.WriteBaseline(w, rep.Findings, a.lang) })
	}
	rep.Colour = f.output == "" && a.colour(a.stdout)
	if err := a.write(f.output, func(w io.Writer) error { return report.Write(w, f.format, rep, a.lang) }); err != nil {
		return err
	}
	if !f.quiet {
		errors, warnings, infos := finding.Count(rep.Findings)
		fmt.Fprint(a.stderr, a.say("网页 %d · 样式 %d · %.1f MB · 站内链接 %d · 外部链接 %d\n问题：错误 %d，警告 %d，提示 %d\n用时 %.2f 秒\n",
			"pages %d · style sheets %d · %.1f MB · internal links %d · external links %d\nfindings: %d errors, %d warnings, %d advice\n%.2f seconds\n",
			r.Pages, r.Sheets, float64(r.Bytes)/1e6, r.Internal, len(r.External), errors, warnings, infos, time.Since(start).Seconds()))
	}
	if rep.Failed() {
		a.code = exitFindings
	}
	return nil
}

// writeCheck writes what was asked for.
func (a *app) writeCheck(w io.Writer, f checkFlags, rep *report.Report, r *check.Result) error {
	switch {
	case f.score && f.format == "json":
		return report.ScoreJSON(w, r.Card, a.lang)
	case f.score:
		return report.Score(w, r.Card, a.lang)
	case f.format == "xlsx":
		return report.Workbook(w, report.Ledger(r.Coverage, rep.Findings, a.lang))
	case f.format == "csv":
		return report.Table(w, report.Ledger(r.Coverage, rep.Findings, a.lang))
	case f.format == "gaps":
		return report.CoverageJSON(w, r.Coverage, a.lang)
	}
	return report.Write(w, f.format, rep, a.lang)
}

func (a *app) readBaseline(name string) (report.Baseline, error) {
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usageError{errors.New(a.say("没有 %s 这个文件；先用 --write-baseline %[1]s 记下现有的问题", "there is no %s; write the present findings with --write-baseline %[1]s first", name))}
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	known, err := report.ReadBaseline(file)
	if errors.Is(err, report.ErrBaseline) {
		return nil, usageError{fmt.Errorf("%s: %w", a.say("%s 读不懂", "%s cannot be read", name), err)}
	}
	return known, err
}

// write gives a writer to standard output or, where a name is given, to the file, which is replaced whole.
func (a *app) write(name string, write func(io.Writer) error) error {
	if name == "" {
		return write(a.stdout)
	}
	file, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	err = errors.Join(write(file), file.Chmod(0o644), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", name, err), os.Remove(file.Name()))
	}
	return nil
}

func (a *app) summariseCheck(r *check.Result, findings []finding.Finding, gone int, took time.Duration) {
	errors, warnings, infos := finding.Count(findings)
	t := audit.Sum(r.Coverage.Cells)
	fmt.Fprint(a.stderr, a.say(
		"覆盖：%d 个单位 × %d 个领域，应公开 %d 项，已公开 %d 项（%d%%），逾期 %d 项，空白栏目 %d 个，不涉及 %d 个\n页面 %d · 站内链接 %d · 附件 %d · 外部链接 %d\n问题：错误 %d，警告 %d，提示 %d\n用时 %.2f 秒\n",
		"coverage: %d units × %d fields, %d items due, %d disclosed (%d%%), %d overdue, %d blank columns, %d not applicable\npages %d · internal links %d · attachments %d · external links %d\nfindings: %d errors, %d warnings, %d advice\n%.2f seconds\n",
		len(r.Site.Units), len(r.Site.Fields), t.Required, t.Filled, t.Percent(), t.Overdue, t.Empty, t.NotApplicable, r.Pages, r.Links, r.Files, r.External,
		errors, warnings, infos, took.Seconds()))
	if gone > 0 {
		fmt.Fprintln(a.stderr, a.say("基线里有 %d 个问题已经不在了，可以用 --write-baseline 更新", "%d findings of the baseline are gone; --write-baseline refreshes it", gone))
	}
}
