package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"gongkai/generator/audit"
	"gongkai/generator/check"
	"gongkai/generator/finding"
	"gongkai/generator/report"
	"gongkai/themes"
)

// checkFlags are the flags of gongkai check.
type checkFlags struct {
	source, destination, baseURL, clock, asOf, failOn string
	jobs                                              int
	quiet, score                                      bool
	only, ignore                                      []string
}

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
	fs.StringVar(&f.clock, "clock", "", a.say("按哪一时刻检查（默认现在）", "moment to check for (default: now)"))
	fs.StringVar(&f.asOf, "as-of", "", a.say("按哪一天统计，之后发布的不算", "day to judge by; what was published later does not count"))
	fs.IntVarP(&f.jobs, "jobs", "j", runtime.GOMAXPROCS(0), a.say("同时处理的文件数", "files worked on at once"))
	fs.StringVar(&f.failOn, "fail-on", "error", a.say("发现哪一级问题时以退出码 1 结束：error、warning、info", "severity from which on findings end in exit code 1: error, warning, info"))
	fs.StringSliceVar(&f.only, "only", nil, a.say("只报告这些规则，如 GK4,GK501", "report these rules only, such as GK4,GK501"))
	fs.StringSliceVar(&f.ignore, "ignore", nil, a.say("不报告这些规则", "do not report these rules"))
	fs.BoolVar(&f.score, "score", false, a.say("按检查指标估计扣分，并列出依据", "estimate the deductions by the inspection indicators, with evidence"))
	fs.BoolVarP(&f.quiet, "quiet", "q", false, a.say("只报告问题", "report findings only"))
	return cmd
}

func (a *app) check(f checkFlags) error {
	failOn, ok := finding.ParseSeverity(f.failOn)
	if !ok {
		return usageError{errors.New(a.say("--fail-on 只能是 error、warning 或 info", "--fail-on is error, warning or info"))}
	}
	if f.asOf != "" {
		if f.clock != "" {
			return usageError{errors.New(a.say("--as-of 和 --clock 只用一个", "use one of --as-of and --clock"))}
		}
		f.clock = f.asOf
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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	tuneMemory(a.env)
	start := time.Now()
	result, err := check.Run(ctx, check.Options{
		Source: f.source, Portal: f.destination, BaseURL: f.baseURL, Now: now, Jobs: f.jobs, Themes: themes.FS, Score: f.score,
	})
	if err != nil {
		return a.explain(err)
	}
	if f.asOf != "" {
		result.Findings = withoutRule(result.Findings, finding.FutureDate)
	}
	result.Findings = chosen(result.Findings, f.only, f.ignore)
	if f.score {
		if err := report.Score(a.stdout, result.Card, a.lang); err != nil {
			return err
		}
	} else if err := report.Text(a.stdout, result.Findings, a.lang, a.colour(a.stdout)); err != nil {
		return err
	}
	if !f.quiet {
		a.summariseCheck(result, time.Since(start))
	}
	for _, x := range result.Findings {
		if x.Rule.Severity >= failOn {
			a.code = exitFindings
		}
	}
	return nil
}

// chosen returns the findings of the rules that were asked for.
func chosen(findings []finding.Finding, only, ignore []string) []finding.Finding {
	match := func(f finding.Finding, patterns []string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool { return strings.HasPrefix(f.Rule.ID, strings.TrimRight(strings.ToUpper(p), "X")) })
	}
	return slices.DeleteFunc(findings, func(f finding.Finding) bool { return len(only) > 0 && !match(f, only) || match(f, ignore) })
}

func withoutRule(findings []finding.Finding, rule *finding.Rule) []finding.Finding {
	var out []finding.Finding
	for _, x := range findings {
		if x.Rule != rule {
			out = append(out, x)
		}
	}
	return out
}

func (a *app) summariseCheck(r *check.Result, took time.Duration) {
	errors, warnings, infos := finding.Count(r.Findings)
	t := audit.Sum(r.Coverage.Cells)
	fmt.Fprint(a.stderr, a.say(
		"覆盖：%d 个单位 × %d 个领域，应公开 %d 项，已公开 %d 项（%d%%），逾期 %d 项，空白栏目 %d 个，不涉及 %d 个\n页面 %d · 站内链接 %d · 外部链接 %d\n问题：错误 %d，警告 %d，提示 %d\n用时 %.2f 秒\n",
		"coverage: %d units × %d fields, %d items due, %d disclosed (%d%%), %d overdue, %d blank columns, %d not applicable\npages %d · internal links %d · external links %d\nfindings: %d errors, %d warnings, %d advice\n%.2f seconds\n",
		len(r.Site.Units), len(r.Site.Fields), t.Required, t.Filled, t.Percent(), t.Overdue, t.Empty, t.NotApplicable, r.Pages, r.Links, r.External,
		errors, warnings, infos, took.Seconds()))
}
