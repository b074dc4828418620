package check

import (
	"bytes"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/generator/audit"
	"gongkai/generator/finding"
	"gongkai/generator/privacy"
	"gongkai/generator/source"
)

// privateRules are the rules of the kinds of personal data.
var privateRules = map[privacy.Kind]*finding.Rule{
	privacy.IDNumber: finding.IdentityNumber, privacy.OldIDNumber: finding.IdentityNumber, privacy.BankCard: finding.BankCard, privacy.Mobile: finding.MobileNumber,
	privacy.Passport: finding.Passport, privacy.Plate: finding.Plate, privacy.HomeAddress: finding.HomeAddress, privacy.WeakMask: finding.WeakMask,
}

// shown is how many values of one kind are reported one by one in one file; the rest are counted in the last.
const shown = 10

// located is a value with its place in a text file.
type located struct {
	privacy.Match
	line, column int
}

// locate finds the personal data in a text.
func locate(scanner *privacy.Scanner, text string) []located {
	var out []located
	line, start, at := 1, 0, 0
	for _, m := range scanner.Find(nil, text) {
		for ; at < m.Start; at++ {
			if text[at] == '\n' {
				line, start = line+1, at+1
			}
		}
		out = append(out, located{m, line, utf8.RuneCountInString(text[start:m.Start]) + 1})
	}
	return out
}

// private reports the personal data of a text file, at its place and masked, but what the file allows.
func private(name string, found []located, allowed *audit.Allowances) []finding.Finding {
	found = slices.DeleteFunc(slices.Clone(found), func(m located) bool { return allowed.Value(name, privateRules[m.Kind], "", m.Suggest) })
	var out []finding.Finding
	count := map[privacy.Kind]int{}
	for _, m := range found {
		count[m.Kind]++
	}
	reported := map[privacy.Kind]int{}
	for _, m := range found {
		if reported[m.Kind]++; reported[m.Kind] > shown {
			continue
		}
		message := finding.T("含%s %s", "%[3]s %[2]s", m.Kind.Chinese(), m.Masked, m.Kind.String())
		if rest := count[m.Kind] - shown; reported[m.Kind] == shown && rest > 0 {
			message = finding.T("含%s %s，其后还有 %d 处", "%[4]s %[2]s, and %[3]d more below", m.Kind.Chinese(), m.Masked, rest, m.Kind.String())
		}
		out = append(out, finding.New(privateRules[m.Kind], finding.Position{Path: name, Line: m.line, Column: m.column}, message,
			finding.T("写成 %s", "write %s", m.Suggest)))
	}
	return out
}

// privateName reports personal data in the name of a text file.
func privateName(scanner *privacy.Scanner, name string) []finding.Finding {
	var out []finding.Finding
	for _, m := range inName(scanner, name) {
		// the finding names the file, which no report can do without
		out = append(out, finding.New(finding.PrivateName, finding.Position{Path: name},
			finding.T("文件名含%s %s", "the file's name has %[3]s %[2]s", m.Kind.Chinese(), m.Masked, m.Kind.String()),
			finding.T("改文件名，用日期或序号区分", "rename the file; tell files apart by day or number")))
	}
	return out
}

// inName finds personal data in the last part of a file's name.
func inName(scanner *privacy.Scanner, name string) []privacy.Match {
	base := path.Base(name)
	for range 2 { // .tar.gz
		base = strings.TrimSuffix(base, extension.FindString(base))
	}
	return slices.DeleteFunc(scanner.Find(nil, base), func(m privacy.Match) bool { return m.Kind.Advice() })
}

// extension is what ends a file's name and is no part of it; in 1.张三… the dot begins none.
var extension = regexp.MustCompile(`\.[A-Za-z][A-Za-z0-9]{0,4}$`)

// dotted is a dot before an extension, for which a number before it is not taken for a name of the web: 138….html.
var dotted = regexp.MustCompile(`\.([A-Za-z])`)

// concealed returns a place or a name as a report may show it.
func concealed(scanner *privacy.Scanner, text string) string {
	var b strings.Builder
	end := 0
	for _, m := range scanner.Find(nil, dotted.ReplaceAllString(text, " $1")) {
		if !m.Kind.Advice() {
			b.WriteString(text[end:m.Start] + m.Masked)
			end = m.End
		}
	}
	return b.String() + text[end:]
}

var (
	linkTarget = regexp.MustCompile(`\]\((<[^<>\n]+>|(?:[^()\s]|\([^()\s]*\))+)`)
	reference  = regexp.MustCompile(`(?m)^ {0,3}\[[^\]\n]+\]:[ \t]*(<[^<>\n]+>|\S+)`)
)

// link is where a text leads to a file that is no text.
type link struct {
	file string // its content path
	at   finding.Position
}

// fileLinks returns the links of a text to files, which are published with it.
func fileLinks(name string, text []byte) []link {
	var out []link
	line, start, at := 1, 0, 0
	found := linkTarget.FindAllSubmatchIndex(text, -1)
	if bytes.Contains(text, []byte("]:")) { // spares nearly every text the slower pattern
		found = append(found, reference.FindAllSubmatchIndex(text, -1)...)
	}
	for _, m := range found {
		target := strings.Trim(string(text[m[2]:m[3]]), "<>")
		if i := strings.IndexAny(target, "?#"); i >= 0 {
			target = target[:i]
		}
		if decoded, err := url.PathUnescape(target); err == nil {
			target = decoded
		}
		target = strings.ReplaceAll(target, `\`, "/")
		if target == "" || strings.Contains(target, ":") || strings.EqualFold(path.Ext(target), ".md") || strings.HasSuffix(target, "/") {
			continue
		}
		file := path.Join(path.Dir(name), target)
		if strings.HasPrefix(target, "/") {
			file = path.Join(source.Dir, target)
			if !strings.HasPrefix(target, "/pages/") && !strings.HasPrefix(target, "/fields/") && !strings.HasPrefix(target, "/units/") {
				file = path.Join(source.Dir, "units", target)
			}
		}
		if m[0] < at {
			line, start, at = 1, 0, 0
		}
		for ; at < m[0]; at++ {
			if text[at] == '\n' {
				line, start = line+1, at+1
			}
		}
		out = append(out, link{file, finding.Position{Path: name, Line: line, Column: utf8.RuneCount(text[start:m[0]]) + 1}})
	}
	return out
}
