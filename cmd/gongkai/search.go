package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gongkai/generator/build"
	"gongkai/generator/search"
)

// siteFlags are the flags that name a portal which was built.
type siteFlags struct{ source, destination string }

func (a *app) addSiteFlags(cmd *cobra.Command, f *siteFlags) {
	cmd.Flags().StringVarP(&f.source, "source", "s", ".", a.say("存放 content 和 themes 的文件夹", "folder that holds content and themes"))
	cmd.Flags().StringVarP(&f.destination, "destination", "d", "", a.say("已生成的门户所在的文件夹（默认是 source 下的 public）", "folder of the portal that was built (default: public in source)"))
}

// portal returns the folder of the portal.
func (f *siteFlags) portal() string {
	if f.destination != "" {
		return f.destination
	}
	return filepath.Join(f.source, "public")
}

// openIndex opens the search index of a portal that was built.
func (a *app) openIndex(portal string) (*search.Index, error) {
	x, err := build.OpenIndex(portal)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, search.ErrOutdated) {
		return nil, usageError{errors.New(a.say("%s 还没有搜索索引，请先运行 gongkai build", "%s has no search index yet; run gongkai build first", portal))}
	}
	return x, err
}

func (a *app) searchCommand() *cobra.Command {
	var site siteFlags
	var q search.Query
	var format string
	cmd := &cobra.Command{
		Use:   "search QUERY",
		Short: a.say("在终端里搜索", "search from the terminal"),
		Args:  cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			q.Text = strings.Join(args, " ")
			return a.search(site, q, format)
		},
	}
	// -低保 is no flag but what is to be left out
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		if strings.HasPrefix(err.Error(), "unknown shorthand flag") {
			return usageError{errors.New(a.say("没有这个选项。要去掉一个词，把要查的写在 -- 后面：gongkai search -- 公示 -低保",
				"no such flag. To leave a word out, write the query behind --: gongkai search -- 公示 -低保"))}
		}
		return err
	})
	fs := cmd.Flags()
	fs.SortFlags = false
	a.addSiteFlags(cmd, &site)
	fs.StringVar(&q.Unit, "unit", "", a.say("只查这个单位（名称或网址名，如 西河镇、xihe）", "only this unit, by its name or address name"))
	fs.StringVar(&q.Field, "field", "", a.say("只查这个领域（名称或网址名，如 社会救助、social-assistance）", "only this field, by its name or address name"))
	fs.StringVar(&q.Year, "year", "", a.say("只查这一年发布的", "only what was published in this year"))
	fs.StringVar(&q.Kind, "kind", "", a.say("只查这种体裁，如 公示", "only this kind of document"))
	fs.StringVar(&q.Sort, "sort", "relevance", a.say("排序：relevance 相关度、date 最新", "order: relevance or date"))
	fs.IntVar(&q.Page, "page", 1, a.say("第几页，每页 10 条", "page, of 10 hits each"))
	fs.StringVar(&format, "format", "text", a.say("输出格式：text、json", "output: text or json"))
	return cmd
}

func (a *app) search(site siteFlags, q search.Query, format string) error {
	if format != "text" && format != "json" {
		return usageError{errors.New(a.say("--format 只能是 text 或 json", "--format is text or json"))}
	}
	x, err := a.openIndex(site.portal())
	if err != nil {
		return err
	}
	defer x.Close()
	if q.Unit, err = a.slugOf(x.Meta().Units, q.Unit, a.say("单位", "unit")); err != nil {
		return err
	}
	if q.Field, err = a.slugOf(x.Meta().Fields, q.Field, a.say("领域", "field")); err != nil {
		return err
	}
	if q.Kind != "" && !slices.Contains(x.Kinds(), q.Kind) {
		return usageError{errors.New(a.say("没有“%s”这种体裁，有的是：%s", "there is no kind %q; there are %s", q.Kind, strings.Join(x.Kinds(), a.say("、", ", "))))}
	}
	if _, err := strconv.ParseUint(q.Year, 10, 16); q.Year != "" && err != nil {
		return usageError{errors.New(a.say("--year 写四位年份，如 2026", "--year is a year such as 2026"))}
	}
	start := time.Now()
	res, err := x.Search(q)
	res.Took(time.Since(start))
	switch {
	case errors.Is(err, search.ErrSort):
		return usageError{errors.New(a.say("--sort 只能是 relevance 或 date", "--sort is relevance or date"))}
	case errors.Is(err, search.ErrPage):
		return usageError{errors.New(a.say("--page 从 1 到 %d", "--page is from 1 to %d", search.MaxPage))}
	case errors.Is(err, search.ErrQuery):
		return usageError{errors.New(a.say("这样查不了：写上要找的词，不超过 %d 个字；用 --help 看可用的选项", "this cannot be answered: name what to look for, in at most %d characters; see --help", search.MaxQuery))}
	}
	if err != nil {
		return err
	}
	if format == "json" {
		enc := json.NewEncoder(a.stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(res)
	}
	a.printResult(res)
	return nil
}

// slugOf returns the slug of what is named, by slug or by name. what says of what kind it is.
func (a *app) slugOf(names []search.Name, named, what string) (string, error) {
	if named == "" {
		return "", nil
	}
	var near []string
	for _, n := range names {
		if named == n.Slug || named == n.Name || named == n.Full {
			return n.Slug, nil
		}
		if strings.Contains(n.Name, named) || strings.Contains(named, n.Name) || strings.HasPrefix(n.Slug, named) {
			near = append(near, n.Name+" "+n.Slug)
		}
	}
	if len(near) == 0 {
		for _, n := range names {
			near = append(near, n.Name+" "+n.Slug)
		}
	}
	return "", usageError{errors.New(a.say("没有“%s”这个%s，是不是：%s", "there is no %[2]s %[1]q; did you mean %[3]s", named, what, strings.Join(near, a.say("、", ", "))))}
}

func (a *app) printResult(res search.Result) {
	bold, off := "", ""
	if f, ok := a.stdout.(*os.File); ok && a.colour(f) {
		bold, off = "\x1b[1m", "\x1b[0m"
	}
	plain := func(s string) string {
		return html.UnescapeString(strings.NewReplacer("<mark>", bold, "</mark>", off).Replace(s))
	}
	say := func(zh, en string, args ...any) { fmt.Fprintln(a.stdout, a.say(zh, en, args...)) }
	switch {
	case res.Total == 0:
		say("没有找到“%s”", "nothing found for %q", res.Query)
	case res.Relaxed:
		say("找到 %d 条，其中含有全部词语的不足一页，其余的只含有部分词语", "%d found; fewer than a page have all of the words, the others some", res.Total)
	default:
		say("找到 %d 条", "%d found", res.Total)
	}
	if len(res.Also) > 0 {
		say("同时查找了：%s", "also searched: %s", strings.Join(res.Also, a.say("、", ", ")))
	}
	if len(res.Suggestions) > 0 {
		say("您是不是要找：%s", "did you mean: %s", strings.Join(res.Suggestions, a.say("、", ", ")))
	}
	for i, h := range res.Hits {
		fmt.Fprintf(a.stdout, "\n%2d. %s\n    %s\n", (res.Page-1)*search.PageSize+i+1, plain(h.TitleHTML), h.URL)
		var facts []string
		for _, f := range []string{h.Date, h.UnitName, h.FieldName, h.Kind} {
			if f != "" {
				facts = append(facts, f)
			}
		}
		fmt.Fprintf(a.stdout, "    %s\n", strings.Join(facts, " · "))
		if h.Snippet != "" {
			fmt.Fprintf(a.stdout, "    %s\n", plain(h.Snippet))
		}
	}
	if res.Pages > 1 {
		fmt.Fprintln(a.stdout)
		say("第 %d 页，共 %d 页", "page %d of %d", res.Page, res.Pages)
	}
}
