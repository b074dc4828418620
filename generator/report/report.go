// Package report writes findings for people and machines.
//
// There is one model, finding.Finding, and a writer for each reader: a terminal (text), a program (json, ndjson), a code host (sarif, github,
// gitlab, markdown), a test report (junit) and the district office (xlsx, csv). Paths are relative to the root of the repository, where a prefix says how to get there from the source directory, lines and columns
// count from 1, columns in characters. The same findings give the same bytes.
package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongkai/generator/finding"
)

// Report is what a run has to say.
type Report struct {
	Findings []finding.Finding // sorted
	FailOn   finding.Severity  // from which severity on a finding fails the run
	Never    bool              // nothing fails the run
	Colour   bool              // for text on a terminal
	// Prefix is put before each path, for who counts from the root of a repository; empty or ending with a slash.
	Prefix string
}

// Fails reports whether the finding fails the run.
func (r *Report) Fails(f finding.Finding) bool { return !r.Never && f.Rule.Severity >= r.FailOn }

// Failed reports whether any finding fails the run.
func (r *Report) Failed() bool { return slices.ContainsFunc(r.Findings, r.Fails) }

// writers write one format each.
var writers = map[string]func(io.Writer, *Report, finding.Language) error{
	"text": func(w io.Writer, r *Report, lang finding.Language) error {
		findings := slices.Clone(r.Findings)
		for i := range findings {
			findings[i].Position.Path = r.path(findings[i])
		}
		return Text(w, findings, lang, r.Colour)
	},
	"json": writeJSON, "ndjson": writeNDJSON, "sarif": writeSARIF, "junit": writeJUnit, "github": writeGitHub, "gitlab": writeGitLab, "markdown": writeMarkdown,
}

// Formats names the formats that Write knows.
func Formats() []string {
	return []string{"text", "json", "ndjson", "sarif", "junit", "github", "gitlab", "markdown"}
}

// Write writes the findings in the format. The error is one of writing, or says that there is no such format.
func Write(w io.Writer, format string, r *Report, lang finding.Language) error {
	write := writers[format]
	if write == nil {
		return fmt.Errorf("write a report: there is no format %q", format)
	}
	if err := write(w, r, lang); err != nil {
		return fmt.Errorf("write the %s report: %w", format, err)
	}
	return nil
}

// path returns the path of a finding as readers of the repository know it.
func (r *Report) path(f finding.Finding) string { return r.Prefix + f.Position.Path }

// varying is what changes in a message while the finding stays the same: days, sizes, and counts before a measure word.
var varying = regexp.MustCompile(`\d{4}-\d{2}-\d{2}( \d{2}:\d{2})?|\d{4} ?年 ?\d{1,2} ?月( ?\d{1,2} ?日)?|\d+(\.\d+)? ?([KMG]?B\b|%|[个处条项天次级行页字份列段人件秒])|(!|› )[A-Z]{1,3}\d+`)

// quoted is what a message quotes from a text, and may have figures that tell it from others: “2026-10-通知.md”.
var quoted = regexp.MustCompile(`“[^”]*”`)

// steady returns the message without what varies outside of quotations.
func steady(message string) string {
	var b strings.Builder
	at := 0
	for _, q := range quoted.FindAllStringIndex(message, -1) {
		b.WriteString(varying.ReplaceAllString(message[at:q[0]], "#") + message[q[0]:q[1]])
		at = q[1]
	}
	b.WriteString(varying.ReplaceAllString(message[at:], "#"))
	return b.String()
}

// Fingerprints returns what tells each finding from all others when lines move, days pass and other texts change: a hash of its rule, its path
// and its key or, where it has none, its message without figures and days that vary; and, where several are alike, of its place among them. A
// file that is renamed has new ones.
func Fingerprints(findings []finding.Finding) []string {
	out := make([]string, len(findings))
	seen := map[string]int{}
	for i, f := range findings {
		what := f.Key
		if what == "" {
			what = steady(f.Message.ZH)
		}
		key := f.Rule.ID + "\x00" + f.Position.Path + "\x00" + what
		seen[key]++
		sum := sha256.Sum256([]byte(key + "\x00" + strconv.Itoa(seen[key])))
		out[i] = hex.EncodeToString(sum[:10])
	}
	return out
}

// Select returns the findings of the rules that only names, or of all where it is empty, without those that ignore names. A rule is named
// by its identifier or its beginning: GK301, GK3, GK3xx.
func Select(findings []finding.Finding, only, ignore []string) []finding.Finding {
	match := func(f finding.Finding, patterns []string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool { return finding.Covers(p, f.Rule) })
	}
	var out []finding.Finding
	for _, f := range findings {
		if (len(only) == 0 || match(f, only)) && !match(f, ignore) {
			out = append(out, f)
		}
	}
	return out
}

// escaped returns the text without what the format cannot hold: control characters other than line feed and tab.
func escaped(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, s)
}
