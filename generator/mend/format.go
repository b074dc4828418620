package mend

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/generator/disk"
	"gongkai/generator/finding"
	"gongkai/generator/source"
)

// Language is the language of the names of keys.
type Language uint8

// Chinese is the official one.
const (
	Chinese Language = iota
	English
)

// FormatAll formats the text files of the content below the paths; all of it where there are none. left names the files that were left as they are, and why.
// Nothing is written. The error is a trouble of the disk.
func FormatAll(dir string, paths []string, names Language) (files []File, left []finding.Finding, err error) {
	list, err := source.TextFiles(dir)
	if err != nil {
		return nil, nil, err
	}
	for _, t := range list {
		if !Within(t.Path, paths) {
			continue
		}
		raw, _, err := disk.Read(filepath.Join(dir, filepath.FromSlash(t.Path)), source.MaxFileSize)
		if errors.Is(err, disk.ErrTooLarge) {
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read %s: %w", t.Path, err)
		}
		out, why := Format(t, raw, names)
		if why != nil {
			left = append(left, *why)
		} else if !bytes.Equal(out, raw) {
			files = append(files, File{Path: t.Path, Before: raw, After: out, raw: raw})
		}
	}
	finding.Sort(left)
	return files, left, nil
}

// Format returns the text of a file in the one form: official names of keys in the order of their table, LF, no byte order mark, no blanks at line ends, one
// blank line below front matter, one line end at the end; in a catalog also the official columns in their order, full-width separators and one blank line
// between items. Comments stay with what follows them. Texts below front matter are people's own and stay as they are. What the file says stays the same.
// Where the file cannot be read, or would say something else, why says so and the text is not to be used.
func Format(t source.TextFile, raw []byte, names Language) (out []byte, why *finding.Finding) {
	if !t.HasKeys() {
		return raw, nil
	}
	before := t.Read(raw)
	if fault := firstError(before); fault != nil {
		f := finding.New(fault.Rule, fault.Position,
			finding.T("有错误，没有整理：%[1]s", "not formatted, because it has an error: %[2]s", fault.Message.ZH, fault.Message.EN),
			finding.T("先运行 gongkai fix，再运行 gongkai check", "run gongkai fix, then gongkai check"))
		return nil, &f
	}
	text, _ := source.CleanText(raw)
	front, _ := t.Front(text)
	keys, ok := t.Keys(text)
	if !ok {
		return raw, nil
	}
	settings, fine := formatKeys(t, text, front, keys, names)
	if !fine {
		settings = string(text[front.Start:front.End])
	}
	var b strings.Builder
	if t.HasFront() {
		b.WriteString("---\n" + settings + "---\n")
		body := trimBlankLines(string(text[front.Body:]))
		if t.IsCatalog() && len(before.Findings) == 0 {
			body = formatCatalog(body, t.CatalogColumns(text), bytes.Count(text[:front.Body], []byte("\n"))+1+leadingBlankLines(string(text[front.Body:])))
		}
		if body != "" {
			b.WriteString("\n" + body + "\n")
		}
	} else {
		b.WriteString(settings)
	}
	out = []byte(b.String())
	after := t.Read(out)
	if differ := before.Differs(after); len(differ) > 0 || after.Stage != before.Stage || len(after.Findings) != len(before.Findings) {
		f := finding.New(finding.FrontSyntax, finding.Position{Path: t.Path, Line: 1, Column: 1},
			finding.T("写法特殊，整理后意思会变，没有整理", "not formatted: it is written in a way in which it would say something else afterwards"),
			finding.T("文件头每行写一项“项目: 内容”", "write one \"key: value\" a line in front matter"))
		return nil, &f
	}
	return out, nil
}

// firstError returns the first error of a reading, or nil.
func firstError(r *source.Reading) *finding.Finding {
	list := slices.DeleteFunc(slices.Clone(r.Findings), func(f finding.Finding) bool { return f.Rule.Severity < finding.Error })
	if len(list) == 0 {
		return nil
	}
	finding.Sort(list)
	return &list[0]
}

// keyBlock is a key with its value and what stands before it.
type keyBlock struct {
	order int
	lead  []string // comments and blank lines before the key
	lines []string
}

// formatKeys returns the lines of front matter in the one form, each with its line end. ok is false where keys do not begin lines of their own.
func formatKeys(t source.TextFile, text []byte, front source.Front, keys []source.Key, names Language) (out string, ok bool) {
	edits, ok := renames(text, keys, names)
	if !ok {
		return "", false
	}
	renamed := text[front.Start:front.End]
	for i := range edits {
		edits[i].start, edits[i].end = edits[i].start-front.Start, edits[i].end-front.Start
	}
	renamed = splice(renamed, sortEdits(edits))
	lines := strings.Split(strings.TrimSuffix(string(renamed), "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	firstLine := 1 + bytes.Count(text[:front.Start], []byte("\n"))
	var head, tail []string
	var blocks []keyBlock
	end := 0 // the line after the last key
	for i, k := range keys {
		at := k.Line - firstLine
		if at < end || at >= len(lines) {
			return "", false
		}
		start := at
		for start > end && isTrivia(lines[start-1]) {
			start--
		}
		b := keyBlock{order: k.Order, lead: lines[start:at]}
		if i == 0 {
			head, b.lead = splitHead(lines[:at])
		} else {
			blocks[i-1].lines = append(blocks[i-1].lines, lines[end:start]...)
		}
		b.lines = []string{lines[at]}
		blocks, end = append(blocks, b), at+1
	}
	if len(blocks) > 0 {
		rest := len(lines)
		for rest > end && isTrivia(lines[rest-1]) {
			rest--
		}
		last := &blocks[len(blocks)-1]
		last.lines, tail = append(last.lines, lines[end:rest]...), lines[rest:]
	} else {
		head = lines
	}
	if t.HasFront() { // the comments of the settings head groups of keys, which are in the office's own order
		slices.SortStableFunc(blocks, func(a, b keyBlock) int { return a.order - b.order })
	}
	all := addTrivia(nil, head)
	for _, b := range blocks {
		all = append(addTrivia(all, b.lead), b.lines...)
	}
	return joinLines(addTrivia(all, tail)), true
}

// joinLines ends each line; blank lines at the end go.
func joinLines(lines []string) string {
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

// isTrivia reports whether a line of front matter is blank or a comment that belongs to no value.
func isTrivia(line string) bool { return line == "" || line[0] == '#' }

// splitHead parts what stands before the first key: a comment that a blank line follows is of the whole file.
func splitHead(lines []string) (head, lead []string) {
	for i, line := range slices.Backward(lines) {
		if line == "" {
			return lines[:i+1], lines[i+1:]
		}
	}
	return nil, lines
}

// addTrivia adds comments and blank lines: one of several blank lines, and none at the top of the file.
func addTrivia(all, lines []string) []string {
	for _, line := range lines {
		if line != "" || len(all) > 0 && all[len(all)-1] != "" {
			all = append(all, line)
		}
	}
	return all
}

// renames returns the edits that give keys their names in a language, followed by a colon and one space. ok is false where a key does not begin its line, or
// no colon follows it there.
func renames(text []byte, keys []source.Key, names Language) (edits []edit, ok bool) {
	for i := range keys {
		k := &keys[i]
		if k.At < 0 || k.At != lineStart(text, k.At) {
			return nil, false
		}
		e, ok := rename(text, k, names)
		if !ok {
			return nil, false
		}
		edits = append(edits, e)
		for _, group := range k.Groups {
			for j := range group {
				if e, ok := rename(text, &group[j], names); ok && group[j].Name != "" {
					edits = append(edits, e)
				}
			}
		}
	}
	return edits, true
}

func rename(text []byte, k *source.Key, names Language) (edit, bool) {
	if k.At < 0 || k.At >= len(text) {
		return edit{}, false
	}
	name, end := k.Chinese, k.At+len(k.Written)
	if names == English {
		name = k.Name
	}
	if c := text[k.At]; c == '"' || c == '\'' {
		end += 2
	}
	if end > len(text) || !bytes.Contains(text[k.At:end], []byte(k.Written)) {
		return edit{}, false
	}
	rest := text[end:lineEndAt(text, end)]
	value := bytes.TrimLeft(rest, " \t")
	if len(value) == 0 || value[0] != ':' {
		return edit{}, false
	}
	end += len(rest) - len(value) + 1
	value = value[1:]
	trimmed := bytes.TrimLeft(value, " \t")
	end += len(value) - len(trimmed)
	switch {
	case len(trimmed) == 0:
		name += ":"
	case len(value) == len(trimmed):
		return edit{}, false // {"a":b}
	default:
		name += ": "
	}
	return edit{start: k.At, end: end, text: name}, true
}

// trimBlankLines returns a text without blank lines at its beginning and its end, and without the last line end.
func trimBlankLines(body string) string {
	lines := strings.Split(body, "\n")
	for len(lines) > 0 && strings.Trim(lines[0], " \t") == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && strings.Trim(lines[len(lines)-1], " \t") == "" {
		lines = lines[:len(lines)-1]
	}
	return strings.Join(lines, "\n")
}

// leadingBlankLines returns how many lines trimBlankLines drops at the beginning.
func leadingBlankLines(body string) int {
	n := 0
	for line := range strings.Lines(body) {
		if strings.Trim(line, " \t\n") != "" {
			break
		}
		n++
	}
	return n
}

// catalogBlock is a heading with the columns below it.
type catalogBlock struct {
	lead    []string // comments before the heading
	heading string
	columns []catalogColumn
}

// below reports whether the block is the first item of the group that the other one only names: the two headings stand together.
func (b *catalogBlock) below(group *catalogBlock) bool {
	return len(group.columns) == 0 && strings.HasPrefix(group.heading, "## ") && strings.HasPrefix(b.heading, "### ")
}

type catalogColumn struct {
	lead  []string // comments before the column
	order int
	line  string
}

var catalogHeading = regexp.MustCompile(`^ {0,3}(#{2,3})[ \t]+(.*)$`)

// formatCatalog returns the text of a catalog in the one form. columns are its lines that state one; firstLine is the number of the first line of the body.
func formatCatalog(body string, columns []source.CatalogLine, firstLine int) string {
	stated := map[int]source.CatalogLine{}
	for _, c := range columns {
		stated[c.Line] = c
	}
	var blocks []catalogBlock
	var pending []string // comments
	lines := strings.Split(body, "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimRight(lines[i], " \t")
		c, isColumn := stated[firstLine+i]
		switch m := catalogHeading.FindStringSubmatch(line); {
		case strings.HasPrefix(strings.TrimLeft(line, " "), "<!--"):
			for ; i < len(lines); i++ {
				line = strings.TrimRight(lines[i], " \t")
				pending = append(pending, line)
				if strings.Contains(line, "-->") {
					break
				}
			}
		case isColumn && len(blocks) > 0:
			b := &blocks[len(blocks)-1]
			b.columns = append(b.columns, catalogColumn{pending, c.Order, "- " + c.Column + "：" + wideSeparators(c.Cell)})
			pending = nil
		case m != nil:
			blocks = append(blocks, catalogBlock{lead: pending, heading: m[1] + " " + strings.TrimSpace(m[2])})
			pending = nil
		} // a further line of a cell stands in the cell
	}
	var out []string
	for i, b := range blocks {
		slices.SortStableFunc(b.columns, func(x, y catalogColumn) int { return x.order - y.order })
		if i > 0 && !(len(b.lead) == 0 && b.below(&blocks[i-1])) {
			out = append(out, "")
		}
		out = append(append(out, b.lead...), b.heading)
		for _, c := range b.columns {
			out = append(append(out, c.lead...), c.line)
		}
	}
	if len(pending) > 0 && len(out) > 0 {
		out = append(out, "")
	}
	return strings.Join(append(out, pending...), "\n")
}

// wideSeparators writes the separators of a cell's values full-width: those that site.SplitList parts it at.
func wideSeparators(cell string) string {
	if !strings.Contains(cell, ";") {
		return cell
	}
	var b strings.Builder
	depth := 0
	for i := 0; i < len(cell); {
		r, size := utf8.DecodeRuneInString(cell[i:])
		switch r {
		case '（', '(', '《', '“', '〔', '[', '【':
			depth++
		case '）', ')', '》', '”', '〕', ']', '】':
			depth = max(0, depth-1)
		}
		if r != ';' || depth > 0 {
			b.WriteString(cell[i : i+size])
			i += size
			continue
		}
		before := strings.TrimRight(b.String(), " ")
		b.Reset()
		b.WriteString(before + "；")
		i += size
		for i < len(cell) && cell[i] == ' ' {
			i++
		}
	}
	return b.String()
}
