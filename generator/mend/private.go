package mend

import (
	"slices"

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

// referenceKeys are the keys whose values name something else: a value in them that is changed leads nowhere.
var referenceKeys = []string{
	"attachments", "aliases", "related", "slug", "item", "index", "field", "parent", "index_prefix", "base_url", "report_url", "org_mark_url",
}

// maskEdits masks what the privacy rules find in the file.
func (r *round) maskEdits(x *textFile) []edit {
	if !slices.ContainsFunc(kinds, func(k Kind) bool {
		return slices.ContainsFunc(k.Rules, func(rule *finding.Rule) bool { return isPrivate(rule) && r.found(x.file, rule) })
	}) {
		return nil
	}
	var out []edit
	allowed := audit.NewAllowances(r.site)
	for _, m := range r.scanner.Find(nil, string(x.text)) {
		rule := privateRules[m.Kind]
		if !r.found(x.file, rule) || allowed.Value(x.file.Path, rule, "", m.Suggest) || m.Suggest == string(x.text[m.Start:m.End]) {
			continue
		}
		part, free := x.part(m.Start)
		if !free || x.inAddress(m.Start, m.End) {
			r.leaveAt(rule, x, m.Start, finding.T("个人信息在链接地址、文件名或编号里，改了就会失效，请手工处理",
				"personal data in an address, a file name or an identifier, which would no longer lead anywhere; mend it by hand"))
			continue
		}
		out = append(out, edit{m.Start, m.End, m.Suggest, rule, part})
	}
	return out
}

// isPrivate reports whether the rule is one of personal data.
func isPrivate(rule *finding.Rule) bool {
	for _, p := range privateRules {
		if p == rule {
			return true
		}
	}
	return false
}

// part returns the key in whose value a place stands, or source.BodyPart; free is false where the value names something else.
func (x *textFile) part(at int) (name string, free bool) {
	if at >= x.front.Body {
		return source.BodyPart, true
	}
	for i := len(x.keys) - 1; i >= 0; i-- {
		if k := &x.keys[i]; k.At >= 0 && k.At <= at {
			name := k.Name
			if name == "" {
				name = "?" + k.Written
			}
			return name, !slices.Contains(referenceKeys, name)
		}
	}
	return "", true
}

// hidden returns a text as it may be shown to others: with every value that the scanner finds masked.
func hidden(scanner *privacy.Scanner, text string) string {
	found := scanner.Find(nil, text)
	if len(found) == 0 {
		return text
	}
	var out []byte
	at := 0
	for _, m := range found {
		out = append(out, text[at:m.Start]...)
		out = append(out, shownAs(m)...)
		at = m.End
	}
	return string(append(out, text[at:]...))
}

// shownAs returns a value as it may be shown, which is never what a mend writes.
func shownAs(m privacy.Match) string {
	if m.Masked == m.Suggest {
		return m.Masked + "…"
	}
	return m.Masked
}
