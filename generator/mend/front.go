package mend

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"gongkai/generator/finding"
	"gongkai/generator/source"
)

// formEdits returns the edits of a clean text that make front matter readable: fences, full-width colons, missing spaces and tabs. None changes what a
// key says.
func formEdits(f source.TextFile, text []byte) []edit {
	if !f.HasKeys() {
		return nil
	}
	m := &former{file: f, text: text}
	start, end := 0, len(text)
	if f.HasFront() {
		var ok bool
		if start, end, ok = m.fences(); !ok {
			return nil
		}
	}
	for at := start; at < end; {
		next := min(lineEndAt(text, at)+1, len(text))
		m.line(at, next)
		at = next
	}
	return m.edits
}

// former looks at front matter line by line.
type former struct {
	file  source.TextFile
	text  []byte
	edits []edit
	under string // the key that the lines stand under, by its English name
}

func (m *former) replace(rule *finding.Rule, start, end int, text string) {
	m.edits = append(m.edits, edit{start: start, end: end, text: text, rule: rule})
}

// fences mends the fences and returns where the lines between them stand. Nothing is touched where one of the two is missing.
func (m *former) fences() (start, end int, ok bool) {
	firstEnd := lineEndAt(m.text, 0)
	is, meant := source.IsFence(m.text[:firstEnd])
	if !is && !meant {
		return 0, 0, false
	}
	if !is {
		m.replace(finding.NoFrontMatter, 0, firstEnd, "---")
	}
	start = min(firstEnd+1, len(m.text))
	for at := start; at < len(m.text); {
		lineEnd := lineEndAt(m.text, at)
		line := m.text[at:lineEnd]
		if is, _ := source.IsFence(line); is {
			return start, at, true
		}
		if meansFence(line) {
			m.replace(finding.OpenFront, at, lineEnd, "---")
			return start, at, true
		}
		at = lineEnd + 1
	}
	return 0, 0, false
}

// meansFence tells a closing fence that was typed with other marks from a key or an empty list entry.
func meansFence(line []byte) bool {
	_, meant := source.IsFence(line)
	return meant && line[0] != ' ' && line[0] != '\t' && utf8.RuneCount(bytes.TrimRight(line, " \t")) > 1
}

// line mends one line of front matter.
func (m *former) line(start, next int) {
	line := bytes.TrimRight(m.text[start:next], "\n")
	rest := bytes.TrimLeft(line, " \t")
	if len(rest) == 0 {
		return
	}
	indent := line[:len(line)-len(rest)]
	if bytes.IndexByte(indent, '\t') >= 0 {
		m.replace(finding.TabInFront, start, start+len(indent), strings.ReplaceAll(string(indent), "\t", "  "))
	}
	if rest[0] == '#' {
		return
	}
	at := start + len(indent)
	if entry := bytes.TrimLeft(bytes.TrimPrefix(rest, []byte("-")), " "); len(rest)-len(entry) > 1 && rest[0] == '-' {
		at += len(rest) - len(entry)
		rest = entry
	} else if len(indent) == 0 {
		m.top(at, rest)
		return
	}
	if m.under != "" {
		m.colon(at, rest, m.under)
	}
}

// top mends a line that begins with a key of the file.
func (m *former) top(at int, rest []byte) {
	name, known := m.colon(at, rest, "")
	if known {
		m.under = name
	}
}

// colon mends what stands between a key and its value. It returns the key's English name; known is false where the line begins with none.
func (m *former) colon(at int, rest []byte, under string) (name string, known bool) {
	i := bytes.IndexAny(rest, ":：")
	if i <= 0 {
		return "", false
	}
	word := bytes.TrimRight(rest[:i], " \t　")
	key, known := m.file.KeyNamed(under, strings.Trim(string(word), `"'`))
	if !known {
		return "", false
	}
	r, size := utf8.DecodeRune(rest[i:])
	value := bytes.TrimLeft(rest[i+size:], " \t　")
	switch {
	case r == '：':
		m.separate(finding.FullWidthColon, at+len(word), at+len(rest)-len(value), value)
	case len(value) == len(rest)-i-1 && len(value) > 0:
		m.separate(finding.FrontSyntax, at+i, at+i+1, value)
	}
	return key.Name, true
}

// separate puts a colon and a space between a key and its value, and the value into quotation marks where it would be read as something else.
func (m *former) separate(rule *finding.Rule, start, end int, value []byte) {
	trimmed := string(bytes.TrimRight(value, " \t"))
	switch {
	case trimmed == "":
		m.replace(rule, start, end, ":")
	case meansItself(trimmed):
		m.replace(rule, start, end, ": ")
	default:
		m.replace(rule, start, end+len(trimmed), `: "`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(trimmed)+`"`)
	}
}

// meansItself reports whether a value can follow a key as it is: a plain text, or a text in quotation marks, a list, or the beginning of a longer text that
// was written so on purpose.
func meansItself(value string) bool {
	last := value[len(value)-1]
	switch c := value[0]; {
	case c == '"' || c == '\'':
		return len(value) > 1 && last == c && strings.Count(value, string(c)) == 2
	case c == '[':
		return last == ']' && strings.Count(value, "[") == 1 && strings.Count(value, "]") == 1
	case value == "|" || value == ">" || c == '#':
		return true
	case strings.IndexByte("{}],&*!|>%@`?:", c) >= 0, c == '-' && (len(value) == 1 || value[1] == ' '):
		return false
	}
	return last != ':' && !strings.Contains(value, ": ")
}
