package source

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"gongkai/generator/calendar"
	"gongkai/generator/finding"
	"gongkai/generator/site"
)

// front is the front matter of one file: what it says under each key, with positions, and what is wrong with it.
type front struct {
	path     string
	table    *keyTable
	values   map[string]node
	findings []finding.Finding
	source   *site.Source // told where each value stands
	partial  bool         // lines that could not be read are not among the values
}

func (f *front) at(line, column int) finding.Position {
	return finding.Position{Path: f.path, Line: line, Column: column}
}

func (f *front) report(rule *finding.Rule, line, column int, message, mend finding.Text) {
	f.findings = append(f.findings, finding.New(rule, f.at(line, column), message, mend))
}

// failed reports whether an error was found so far.
func (f *front) failed() bool {
	errors, _, _ := finding.Count(f.findings)
	return errors > 0
}

// splitFront separates the front matter from the text that follows it. The front matter starts on line 2; bodyLine is the
// line on which the text starts. The table says what the front matter may hold.
func splitFront(path string, text []byte, table *keyTable) (yaml, body []byte, bodyLine int, fault *finding.Finding) {
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	if !isFence(first) {
		message := finding.T("文件开头没有文件头", "the file does not begin with front matter")
		if looksLikeFence(first) {
			message = finding.T("文件头的第一行应是三个半角减号，现在是“%s”", "the first line should be three hyphens, not %q", strings.TrimSpace(string(first)))
		}
		k := table.keys[0] // the first one is required, where any is
		mend := finding.T("第一行写 ---，接着写“%[1]s: …”等各项，再以单独一行 --- 结束", "write --- on the first line, then \"%[2]s: …\" and so on, then --- on a line of its own", k.chinese, k.name)
		if !k.required {
			mend = finding.T("开头加两行 ---；要写“%[1]s: …”等项目的，写在这两行之间", "begin with two lines of ---; \"%[2]s: …\" and the like stand between them", k.chinese, k.name)
		}
		f := finding.New(finding.NoFrontMatter, finding.Position{Path: path, Line: 1, Column: 1}, message, mend)
		return nil, nil, 0, &f
	}
	line := 2
	for at := 0; ; line++ {
		end := bytes.IndexByte(rest[at:], '\n')
		current := rest[at:]
		if end >= 0 {
			current = rest[at : at+end]
		}
		if isFence(current) {
			if end < 0 {
				return rest[:at], nil, line + 1, nil
			}
			return rest[:at], rest[at+end+1:], line + 1, nil
		}
		if end < 0 {
			f := finding.New(finding.OpenFront, finding.Position{Path: path, Line: 1, Column: 1},
				finding.T("文件头没有结束：找不到第二行 ---", "front matter is not closed: there is no second line of ---"),
				finding.T("在各项之后、正文之前加单独一行 ---", "add a line that is just --- between the keys and the text"))
			return nil, nil, 0, &f
		}
		at += end + 1
	}
}

func isFence(line []byte) bool { return string(bytes.TrimRight(line, " \t")) == "---" }

// looksLikeFence tells a delimiter typed with a Chinese input method or with too many marks.
func looksLikeFence(line []byte) bool {
	s := strings.TrimSpace(string(line))
	return s != "" && strings.Trim(s, "-－—–─_=+") == ""
}

// parseFront reads YAML whose first line is the given line of the file.
func parseFront(path string, table *keyTable, text []byte, firstLine int, source *site.Source) *front {
	f := &front{path: path, table: table, values: map[string]node{}, source: source}
	slips := f.lint(text, firstLine)
	pairs, root, whole, err := readYAML(slips.mended(text, firstLine), firstLine)
	if len(slips) > 0 || err != nil || !whole {
		if begins, line := f.textWithin(text, firstLine); line > 0 {
			f.findings = nil // what was said of the text below does not matter
			f.report(finding.OpenFront, line, 1,
				finding.T("文件头没有结束：第 %d 行已是正文，前面没有单独一行 ---", "front matter is not closed: line %d is text, and no line of --- stands before it", line),
				finding.T("在第 %d 行前面加单独一行 ---", "add a line that is just --- before line %d", line))
			slips = f.lint(text[:begins], firstLine)
			pairs, root, whole, err = readYAML(slips.mended(text[:begins], firstLine), firstLine)
		}
	}
	if err != nil || !whole {
		switch {
		case f.failed(): // the reason is known
		case err != nil:
			f.syntax(err, firstLine)
		default:
			f.notMapping(root)
		}
		pairs, f.partial = plainLines(slips.mended(text, firstLine), firstLine), true
	}
	slips.place(pairs)
	known := len(f.findings)
	f.mapping(pairs)
	if !f.partial && len(f.findings) == known { // an unknown key may be the one that is missing
		f.requireAll()
	}
	return f
}

// slips are what lint finds, by line. What is meant is clear, so that the file can be read as if they were mended: others depend on a unit or a catalog.
type slips map[int]slip

// slip is a line as it should have been. Its characters after the column stand further to the right than they are written.
type slip struct {
	line      string
	after, by int
}

// mended returns the text without the slips.
func (s slips) mended(text []byte, line int) []byte {
	if len(s) == 0 {
		return text
	}
	var out []byte
	for current := range bytes.Lines(text) {
		if m, ok := s[line]; ok {
			out = append(append(out, m.line...), '\n')
		} else {
			out = append(out, current...)
		}
		line++
	}
	return out
}

// place says where the values of a mended text stand as it is written.
func (s slips) place(pairs []pair) {
	if len(s) == 0 {
		return
	}
	column := func(line, column int) int {
		if m := s[line]; column > m.after {
			return max(1, column-m.by)
		}
		return column
	}
	var value func(n *node)
	value = func(n *node) {
		n.column = column(n.line, n.column)
		for i := range n.list {
			value(&n.list[i])
		}
		s.place(n.pairs)
	}
	for i := range pairs {
		p := &pairs[i]
		p.column = column(p.line, p.column)
		value(&p.value)
	}
}

// plainLines reads the lines that can be read by themselves.
func plainLines(text []byte, line int) []pair {
	var out []pair
	for current := range bytes.Lines(text) {
		if pairs, ok := plainPairs(current, line); ok {
			out = append(out, pairs...)
		}
		line++
	}
	return out
}

// textWithin finds where the text of the file begins in what was taken for front matter because a rule further down was taken for its end: at a line that is no
// key, with none below it, that is set off by a blank line. It returns the offset and the number of the line; 0 where there is none.
func (f *front) textWithin(text []byte, line int) (begins, at int) {
	blank, blankBelow, setOff := false, false, false
	for offset := 0; offset < len(text); line++ {
		current, _, _ := bytes.Cut(text[offset:], []byte("\n"))
		s := string(bytes.TrimSpace(current))
		switch name, _, _ := strings.Cut(strings.ReplaceAll(s, "：", ":"), ":"); {
		case s == "":
			blankBelow = at > 0
		case f.table.find(strings.TrimSpace(name)) != nil || f.table.find(strings.Fields(s)[0]) != nil:
			at, blankBelow, setOff = 0, false, false
		case at > 0:
			setOff = setOff || blankBelow
		case current[0] != ' ' && current[0] != '\t' && current[0] != '#' && current[0] != '-' && (blank || name == s):
			begins, at, setOff = offset, line, blank
		}
		blank = s == ""
		offset += len(current) + 1
	}
	if !setOff {
		return 0, 0
	}
	return begins, at
}

// lint finds what YAML would misread or explain in words that help nobody: full-width colons, tabs, a missing space.
func (f *front) lint(text []byte, line int) (found slips) {
	mend := func(after, by int, mended string) {
		if found == nil {
			found = slips{}
		}
		found[line] = slip{mended, after, by}
	}
	for rest := text; len(rest) > 0; line++ {
		var current []byte
		current, rest, _ = bytes.Cut(rest, []byte("\n"))
		trimmed := bytes.TrimLeft(current, " \t")
		if i := bytes.IndexByte(current[:len(current)-len(trimmed)], '\t'); i >= 0 && len(trimmed) > 0 {
			indent := current[:len(current)-len(trimmed)]
			spaces, instead := strings.ReplaceAll(string(indent), "\t", "  "), finding.T("把制表符换成两个空格", "replace the tab by two spaces")
			if name, _, _ := strings.Cut(string(trimmed), ":"); f.table.find(name) != nil {
				spaces, instead = "", finding.T("删去行首的制表符", "delete the tab")
			}
			f.report(finding.TabInFront, line, i+1, finding.T("文件头里用了制表符（Tab）缩进", "front matter is indented with a tab"), instead)
			mend(0, len(spaces)-len(indent), spaces+string(trimmed))
			continue
		}
		if len(trimmed) < len(current) || len(current) == 0 || current[0] == '#' {
			continue // continued and nested lines are left to YAML
		}
		if bytes.HasPrefix(trimmed, []byte("- ")) {
			continue
		}
		s := string(current)
		wide := strings.Index(s, "：")
		half := strings.IndexByte(s, ':')
		if wide >= 0 && (half < 0 || wide < half) {
			name := strings.TrimSpace(s[:wide])
			f.report(finding.FullWidthColon, line, utf8.RuneCountInString(s[:wide])+1,
				finding.T("“%s”后面是全角冒号", "%q is followed by a full-width colon", name),
				finding.T("写成“%s: %s”（半角冒号加一个空格）", "write \"%s: %s\", a half-width colon and a space", name, strings.TrimSpace(s[wide+len("："):])))
			mend(utf8.RuneCountInString(s[:wide])+1, 1, s[:wide]+": "+s[wide+len("："):])
			continue
		}
		if half > 0 && half+1 < len(s) && s[half+1] != ' ' && s[half+1] != '\t' && f.table.find(strings.TrimSpace(s[:half])) != nil {
			f.report(finding.FrontSyntax, line, utf8.RuneCountInString(s[:half])+1,
				finding.T("冒号后面缺少空格", "the colon is not followed by a space"),
				finding.T("写成“%s: %s”", "write \"%s: %s\"", s[:half], strings.TrimSpace(s[half+1:])))
			mend(utf8.RuneCountInString(s[:half])+1, 1, s[:half]+": "+s[half+1:])
		}
	}
	return found
}

// syntax turns a fault of the YAML reader into words that an editor can act on.
func (f *front) syntax(err error, firstLine int) {
	line, column, reason := firstLine, 1, err.Error()
	var fault yaml.Error
	if errors.As(err, &fault) {
		reason = fault.GetMessage()
		if t := fault.GetToken(); t != nil {
			line, column = t.Position.Line+firstLine-1, t.Position.Column
		}
	}
	message := finding.T("这一行读不懂", "this line cannot be read: %s", reason)
	mend := finding.T("每行写成“项目: 内容”", "write one \"key: value\" a line")
	quote := finding.T("把整个内容用半角双引号括起来，例如 标题: \"关于……的通知\"", "put the whole value in double quotes")
	switch {
	case strings.Contains(reason, "mapping value is not allowed"):
		message, mend = finding.T("内容里又有“: ”，会被当成新的项目", "the value has another \": \" in it"), quote
	case strings.Contains(reason, "could not find end character"):
		message, mend = finding.T("引号没有配对", "a quotation mark is not closed"), finding.T("补上结尾的半角引号", "close it")
	case strings.Contains(reason, "must be specified"):
		message, mend = finding.T("方括号或花括号没有配对，或缺少逗号", "a bracket is not closed or a comma is missing"), finding.T("列表写成 [甲, 乙]；如果只是文字，请用半角双引号括起来", "write a list as [a, b]; put plain text in double quotes")
	case strings.Contains(reason, "reserved character"), strings.Contains(reason, "unexpected directive"):
		message, mend = finding.T("内容以特殊符号开头", "the value begins with a special mark"), quote
	case strings.Contains(reason, "value is not allowed in this context"):
		message, mend = finding.T("引号或括号之外还有文字", "there is text outside of the quotation marks or brackets"), quote
	case strings.Contains(reason, "block sequence entries are not allowed"):
		message, mend = finding.T("列表的减号不能与项目名同行", "the hyphen of a list cannot stand on the key's line"), finding.T("换行写“  - 内容”，或写成 [甲, 乙]", "put \"  - value\" on the next line, or write [a, b]")
	}
	f.report(finding.FrontSyntax, line, column, message, mend)
}

func (f *front) notMapping(n node) {
	f.report(finding.FrontSyntax, n.line, n.column,
		finding.T("应为“项目: 内容”的各行", "lines of \"key: value\" are expected here"),
		finding.T("每行写成“项目: 内容”", "write one \"key: value\" a line"))
}

// mapping files the pairs under their keys.
func (f *front) mapping(pairs []pair) {
	first := map[*key]int{}
	for _, p := range pairs {
		k := f.table.find(p.key)
		if k == nil {
			f.report(finding.UnknownKey, p.line, p.column,
				finding.T("%s里没有“%s”这一项", "a %[3]s has no key %[2]q", f.table.kind, p.key, f.table.kindEN),
				didYouMean(Nearest(p.key, f.table.names()), finding.T("可用的项目有：%s", "the keys are: %[2]s", strings.Join(f.chineseNames(), "、"), strings.Join(f.englishNames(), ", "))))
			continue
		}
		if at, seen := first[k]; seen {
			f.report(finding.DuplicateKey, p.line, p.column,
				finding.T("“%s”写了两次，第一次在第 %d 行", "%q stands twice, first on line %d", p.key, at),
				finding.T("删去其中一行", "delete one of the lines"))
			continue
		}
		first[k] = p.line
		f.values[k.name] = p.value
		if f.source != nil {
			f.source.SetKey(k.name, p.value.line, p.value.column)
		}
	}
}

func (f *front) chineseNames() (out []string) {
	for _, k := range f.table.keys {
		out = append(out, k.chinese)
	}
	return out
}

func (f *front) englishNames() (out []string) {
	for _, k := range f.table.keys {
		out = append(out, k.name)
	}
	return out
}

// requireAll reports the required keys that are missing, in one finding.
func (f *front) requireAll() {
	var chinese, english, linesZH, linesEN []string
	for _, k := range f.table.keys {
		if v, ok := f.values[k.name]; k.required && (!ok || v.isEmpty()) {
			chinese, english = append(chinese, k.chinese), append(english, k.name)
			linesZH, linesEN = append(linesZH, k.chinese+": …"), append(linesEN, k.name+": …")
		}
	}
	if len(chinese) == 0 {
		return
	}
	f.report(finding.MissingKey, 1, 1,
		finding.T("缺少：%s", "missing: %[2]s", strings.Join(chinese, "、"), strings.Join(english, ", ")),
		finding.T("每项加一行，写“%s”", "add a line for each: \"%[2]s\"", strings.Join(linesZH, "”“"), strings.Join(linesEN, "\" \"")))
}

func (n node) isEmpty() bool { return n.kind == scalarNode && strings.TrimSpace(n.text) == "" }

func (f *front) wrongType(name string, v node, want, wantEN string) {
	f.report(finding.WrongType, v.line, v.column,
		finding.T("“%s”应是%s", "%[3]q should be %[4]s", f.chineseOf(name), want, name, wantEN),
		finding.T("改写为%s", "write %[2]s", want, wantEN))
}

func (f *front) chineseOf(name string) string { return f.table.find(name).chinese }

// expect holds what a reader asks for against the table, so that the two cannot differ.
func (f *front) expect(name string, want form) *key {
	k := f.table.find(name)
	if k == nil || k.form != want {
		panic("source: the key " + name + " is not read as the table has it")
	}
	return k
}

// text returns the value of a text key, without outer white space and with inner line breaks folded.
func (f *front) text(name string) string {
	f.expect(name, textForm)
	return f.scalar(name)
}

// reason returns the value of a key that says why. One that says nothing is returned, too (saysNothing).
func (f *front) reason(name string) string {
	f.expect(name, reasonForm)
	return f.scalar(name)
}

// scalar returns the value of a key that is one text, whatever it stands for.
func (f *front) scalar(name string) string {
	v, ok := f.values[name]
	if !ok {
		return ""
	}
	switch v.kind {
	case scalarNode:
	case otherNode:
		f.report(finding.WrongType, v.line, v.column,
			finding.T("“%[1]s”的内容以特殊符号（* & ! 等）开头，读不出来", "%[2]q begins with a special mark such as * & or !", f.chineseOf(name), name),
			finding.T("把整个内容用半角双引号括起来，写成 %[1]s: \"…\"", "put the whole value in double quotes: %[2]s: \"…\"", f.chineseOf(name), name))
		return ""
	default:
		f.wrongType(name, v, "一段文字（如以 [ 或 { 开头，请用半角双引号括起来）", "a text")
		return ""
	}
	return strings.Join(strings.Fields(v.text), " ")
}

// list returns the value of a key that holds texts; a single text is a list of one.
func (f *front) list(name string) []listValue {
	f.expect(name, listForm)
	v, ok := f.values[name]
	if !ok {
		return nil
	}
	values := v.list
	switch v.kind {
	case scalarNode:
		values = []node{v}
	case listNode:
	default:
		f.wrongType(name, v, "列表，例如 [甲, 乙]", "a list such as [a, b]")
		return nil
	}
	var out []listValue
	for _, n := range values {
		if n.kind != scalarNode {
			f.wrongType(name, n, "列表，例如 [甲, 乙]", "a list such as [a, b]")
		} else if text := strings.TrimSpace(n.text); text != "" {
			out = append(out, listValue{text, n.line, n.column})
		}
	}
	return out
}

// listValue is one text of a list and where it stands.
type listValue struct {
	text         string
	line, column int
}

func texts(list []listValue) []string {
	var out []string
	for _, v := range list {
		out = append(out, v.text)
	}
	return out
}

// date returns the value of a key that holds a day.
func (f *front) date(name string) calendar.Date {
	return f.stamp(name).Date
}

// stamp returns the value of a key that holds a day and perhaps a time.
func (f *front) stamp(name string) calendar.Stamp {
	f.expect(name, dateForm)
	text := f.scalar(name)
	if text == "" {
		return calendar.Stamp{}
	}
	v := f.values[name]
	s, canonical, err := calendar.Parse(text)
	switch {
	case errors.Is(err, calendar.ErrTime):
		f.report(finding.BadDate, v.line, v.column,
			finding.T("“%s”的“%s”：没有这个时间", "%[3]q: there is no such time as in %[2]q", f.chineseOf(name), text, name),
			finding.T("核对时和分，写成 2022-10-08 09:30 的样子；不需要时间的只写日期", "check hour and minute; write it like 2022-10-08 09:30, or the day alone"))
	case errors.Is(err, calendar.ErrRange):
		f.report(finding.BadDate, v.line, v.column,
			finding.T("“%s”的“%s”：没有这一天", "%[3]q: there is no such day as %[2]q", f.chineseOf(name), text, name),
			finding.T("核对年、月、日，写成 2022-10-08 的样子", "check year, month and day; write it like 2022-10-08"))
	case err != nil:
		f.report(finding.BadDate, v.line, v.column,
			finding.T("“%s”的“%s”不是日期", "%[3]q: %[2]q is not a date", f.chineseOf(name), text, name),
			finding.T("写成 2022-10-08 的样子", "write it like 2022-10-08"))
	case !canonical:
		f.report(finding.DateForm, v.line, v.column,
			finding.T("“%s”已按 %s 理解", "%[3]q is understood as %[2]s", text, s.String(), text),
			finding.T("写成 %s", "write %s", s.String()))
	}
	return s
}

// number returns the value of a key that holds a whole number of at least zero, or the default where nothing is stated.
func (f *front) number(name string, fallback int) int {
	f.expect(name, numberForm)
	text := f.scalar(name)
	if text == "" {
		return fallback
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		f.wrongType(name, f.values[name], "整数", "a whole number")
		return fallback
	}
	return n
}

// yes returns the value of a key that says yes or no.
func (f *front) yes(name string) bool {
	f.expect(name, yesForm)
	text := f.scalar(name)
	switch strings.ToLower(text) {
	case "", "false", "no", "否":
		return false
	case "true", "yes", "是":
		return true
	}
	f.choiceFault(name, text, []string{"是", "否"}, []string{"true", "false"})
	return false
}

// choice returns the place of the value among the words of the key, or 0 where nothing is stated.
func (f *front) choice(name string) int {
	k := f.expect(name, choiceForm)
	text := f.scalar(name)
	if text == "" {
		return 0
	}
	var chinese, english []string
	for i, c := range k.choices {
		if text == c.chinese || strings.EqualFold(text, c.english) {
			return i
		}
		if c.chinese != "" {
			chinese, english = append(chinese, c.chinese), append(english, c.english)
		}
	}
	f.choiceFault(name, text, chinese, english)
	return 0
}

func (f *front) choiceFault(name, text string, chinese, english []string) {
	v := f.values[name]
	f.report(finding.WrongValue, v.line, v.column,
		finding.T("“%s”不能是“%s”", "%[3]q cannot be %[2]q", f.chineseOf(name), text, name),
		finding.T("改为其中之一：%s", "use one of: %[2]s", strings.Join(chinese, "、"), strings.Join(english, ", ")))
}
