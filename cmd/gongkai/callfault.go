package main

import (
	"errors"
	"regexp"

	"gongkai/generator/finding"
)

// callFaults are the faults that the command line reader finds itself. It gives them no type, and says them in English.
var callFaults = []struct {
	pattern *regexp.Regexp
	zh      string // $1 … are what the pattern found
}{
	{regexp.MustCompile(`^unknown command "(.*)" for "(.*)"(?s:.*)$`), "没有“$1”这个命令；用 $2 --help 看有哪些命令"},
	{regexp.MustCompile(`^unknown flag: (.*)$`), "没有 $1 这个选项；加 --help 看有哪些选项"},
	{regexp.MustCompile(`^unknown shorthand flag: '(.*)' in (.*)$`), "没有 -$1 这个选项（$2）；加 --help 看有哪些选项"},
	{regexp.MustCompile(`^flag needs an argument: '(.*)' in (.*)$`), "选项 -$1 后面要写内容（$2）"},
	{regexp.MustCompile(`^flag needs an argument: (.*)$`), "选项 $1 后面要写内容"},
	{regexp.MustCompile(`^invalid argument "(.*)" for "(.*)" flag: .*invalid syntax$`), "选项 $2 不能是“$1”"},
	{regexp.MustCompile(`^invalid argument "(.*)" for "(.*)" flag: .*value out of range$`), "选项 $2 的“$1”超出范围"},
	{regexp.MustCompile(`^invalid argument "(.*)" for "(.*)" flag: (.*)$`), "选项 $2 不能是“$1”：$3"},
	{regexp.MustCompile(`^accepts (\d+) arg\(s\), received (\d+)$`), "要写 $1 个参数，现在是 $2 个；加 --help 看用法"},
	{regexp.MustCompile(`^accepts at most (\d+) arg\(s\), received (\d+)$`), "最多写 $1 个参数，现在是 $2 个；加 --help 看用法"},
	{regexp.MustCompile(`^accepts between (\d+) and (\d+) arg\(s\), received (\d+)$`), "要写 $1 到 $2 个参数，现在是 $3 个；加 --help 看用法"},
	{regexp.MustCompile(`^requires at least (\d+) arg\(s\), only received (\d+)$`), "至少写 $1 个参数，现在是 $2 个；加 --help 看用法"},
}

// callFault returns a fault of the call in the language, and whether the error is one.
func callFault(err error, lang finding.Language) (error, bool) {
	text := err.Error()
	for _, f := range callFaults {
		if f.pattern.MatchString(text) {
			if lang == finding.Chinese {
				err = errors.New(f.pattern.ReplaceAllString(text, f.zh))
			}
			return err, true
		}
	}
	return err, false
}

// templateFaults are what the template language says of its templates, for those who make a theme.
var templateFaults = []struct {
	pattern *regexp.Regexp
	zh      string
}{
	{regexp.MustCompile(`^the theme cannot be used: `), ""},
	{regexp.MustCompile(`\bpage ([^ ]+): `), "页面 $1："},
	{regexp.MustCompile(`after minifying: `), "压缩之后："},
	{regexp.MustCompile(`minify ([^ ]+): `), "压缩 $1 时："},
	{regexp.MustCompile(`(?:html/)?template: ?([^:\s]+):(\d+)(?::(\d+))?: `), "模板 $1:$2: "},
	{regexp.MustCompile(`executing "[^"]*" at <([^>]*)>: `), "“$1”："},
	{regexp.MustCompile(`can't evaluate field (\w+) in type \S+`), "没有 $1 这一项"},
	{regexp.MustCompile(`function "([^"]*)" not defined`), "没有函数 $1"},
	{regexp.MustCompile(`undefined variable "([^"]*)"`), "没有变量 $1"},
	{regexp.MustCompile(`no such template "([^"]*)"|template "([^"]*)" not defined`), "没有模板 $1$2"},
	{regexp.MustCompile(`unclosed action( started at \S+)?`), "{{ 没有配对的 }}"},
	{regexp.MustCompile(`unexpected EOF`), "文件到这里就断了，缺少 {{end}}"},
	{regexp.MustCompile(`unexpected \{\{end\}\}`), "多了一个 {{end}}"},
	{regexp.MustCompile(`unexpected (.+) in (\w+)$`), "$2 里不该有 $1"},
	{regexp.MustCompile(`open ([^ ]+): file does not exist`), "缺少文件 $1"},
}

// themeFault returns what is wrong with a theme in the language, as far as the words are known.
func themeFault(err error, lang finding.Language) string {
	text := err.Error()
	if lang != finding.Chinese {
		return text
	}
	for _, f := range templateFaults {
		text = f.pattern.ReplaceAllString(text, f.zh)
	}
	return text
}
