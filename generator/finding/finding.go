// Package finding is what the program has to tell an editor: a rule that was met, where, why, and the mend.
//
// A finding is a value, never a Go error: errors are for the machine's troubles (disk, network), findings for the content's.
package finding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity orders findings by what they do to a run.
type Severity uint8

// An Info is advice; a Warning should be mended; an Error makes the run end with a failing exit code.
const (
	Info Severity = iota
	Warning
	Error
)

// String returns the English name that reports and --fail-on use.
func (s Severity) String() string { return [...]string{"info", "warning", "error"}[s] }

// ParseSeverity reads the name that String returns.
func ParseSeverity(name string) (Severity, bool) {
	for s := Info; s <= Error; s++ {
		if s.String() == name {
			return s, true
		}
	}
	return 0, false
}

// Language is the language in which messages are written.
type Language uint8

// Chinese is the default.
const (
	Chinese Language = iota
	English
)

// Find returns the rule with the identifier, or nil.
func Find(id string) *Rule {
	for _, r := range rules {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// Text is one message in both languages.
type Text struct{ ZH, EN string }

// T formats one message in both languages with the same arguments. A format takes the arguments it needs, in order or by index
// (%[2]s); the rest are the other language's.
func T(zh, en string, args ...any) Text {
	return Text{format(zh, args), format(en, args)}
}

func format(layout string, args []any) string {
	if len(args) == 0 {
		return layout
	}
	if !strings.Contains(layout, "%[") {
		verbs := strings.Count(layout, "%") - 2*strings.Count(layout, "%%")
		args = args[:min(verbs, len(args))]
	}
	return fmt.Sprintf(layout, args...)
}

// In returns the message in the language.
func (t Text) In(l Language) string {
	if l == English {
		return t.EN
	}
	return t.ZH
}

// Position is a place in a content file. Line and Column count from 1, columns in characters (not bytes); a zero Line means
// the file as a whole. Path is relative to the source directory and has forward slashes on every system.
type Position struct {
	Path         string
	Line, Column int
}

// String returns path:line:col as editors and terminals link it.
func (p Position) String() string {
	switch {
	case p.Line == 0:
		return p.Path
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.Path, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.Path, p.Line, p.Column)
}

// Finding is one rule met at one place.
type Finding struct {
	Rule     *Rule
	Position Position
	Message  Text
	Mend     Text // what to write or do instead; may be empty
	// Key tells the finding from others of its rule in its file by what stays the same while figures and days in the message change: a column's
	// name, a link's address. Where it is empty the message does that.
	Key string
}

// New returns a finding of the rule.
func New(rule *Rule, at Position, message, mend Text) Finding {
	return Finding{Rule: rule, Position: at, Message: message, Mend: mend}
}

// About returns the finding with the key.
func (f Finding) About(key string) Finding {
	f.Key = key
	return f
}

// Sort orders findings by path, line, column, rule and message.
func Sort(fs []Finding) {
	slices.SortStableFunc(fs, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Position.Path, b.Position.Path),
			cmp.Compare(a.Position.Line, b.Position.Line),
			cmp.Compare(a.Position.Column, b.Position.Column),
			cmp.Compare(a.Rule.ID, b.Rule.ID),
			cmp.Compare(a.Message.ZH, b.Message.ZH),
		)
	})
}

// Count returns how many findings are of each severity.
func Count(fs []Finding) (errors, warnings, infos int) {
	for _, f := range fs {
		switch f.Rule.Severity {
		case Error:
			errors++
		case Warning:
			warnings++
		default:
			infos++
		}
	}
	return
}
