package check

import (
	"path"
	"strings"
	"unicode/utf8"

	"gongkai/generator/finding"
	"gongkai/generator/privacy"
)

// privateRules are the rules of the kinds of personal data.
var privateRules = map[privacy.Kind]*finding.Rule{
	privacy.IDNumber: finding.IdentityNumber, privacy.OldIDNumber: finding.IdentityNumber, privacy.BankCard: finding.BankCard, privacy.Mobile: finding.MobileNumber,
	privacy.Passport: finding.Passport, privacy.Plate: finding.Plate, privacy.HomeAddress: finding.HomeAddress, privacy.WeakMask: finding.WeakMask,
}

// shown is how many values of one kind are reported one by one in one file; the rest are counted in the last.
const shown = 10

// private reports personal data in a text file, at its place and masked.
func private(scanner *privacy.Scanner, name string, text string) []finding.Finding {
	found := scanner.Find(nil, text)
	var out []finding.Finding
	count := map[privacy.Kind]int{}
	for _, m := range found {
		count[m.Kind]++
	}
	reported := map[privacy.Kind]int{}
	line, start, at := 1, 0, 0
	for _, m := range found {
		for ; at < m.Start; at++ {
			if text[at] == '\n' {
				line, start = line+1, at+1
			}
		}
		if reported[m.Kind]++; reported[m.Kind] > shown {
			continue
		}
		message := finding.T("含%s %s", "%[3]s %[2]s", m.Kind.Chinese(), m.Masked, m.Kind.String())
		if rest := count[m.Kind] - shown; reported[m.Kind] == shown && rest > 0 {
			message = finding.T("含%s %s，其后还有 %d 处", "%[4]s %[2]s, and %[3]d more below", m.Kind.Chinese(), m.Masked, rest, m.Kind.String())
		}
		out = append(out, finding.New(privateRules[m.Kind],
			finding.Position{Path: name, Line: line, Column: utf8.RuneCountInString(text[start:m.Start]) + 1}, message,
			finding.T("写成 %s", "write %s", m.Suggest)).About(m.Kind.String()+" "+m.Masked))
	}
	return out
}

// privateName reports personal data in a file's name.
func privateName(scanner *privacy.Scanner, name string) []finding.Finding {
	var out []finding.Finding
	base := strings.TrimSuffix(path.Base(name), path.Ext(name))
	for _, m := range scanner.Find(nil, base) {
		if m.Kind.Advice() {
			continue
		}
		// the finding names the file, which no report can do without
		out = append(out, finding.New(finding.PrivateName, finding.Position{Path: name},
			finding.T("文件名含%s %s", "the file's name has %[3]s %[2]s", m.Kind.Chinese(), m.Masked, m.Kind.String()),
			finding.T("改文件名，用日期或序号区分", "rename the file; tell files apart by day or number")))
	}
	return out
}
