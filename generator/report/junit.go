package report

import (
	"bufio"
	"encoding/xml"
	"io"

	"gongkai/generator/finding"
)

type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Line    int           `xml:"line,attr,omitempty"`
		Failure *junitFailure `xml:"failure,omitempty"`
		Out     string        `xml:"system-out,omitempty"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes a suite for each file with a case for each of its findings: a failure where it fails the run, otherwise a note. A run
// without findings is one case that passed, because readers take an empty report for a broken one.
func writeJUnit(w io.Writer, r *Report, lang finding.Language) error {
	out := junitSuites{Name: "gongkai check"}
	for _, f := range r.Findings {
		path := r.path(f)
		if n := len(out.Suites); n == 0 || out.Suites[n-1].Name != escaped(path) {
			out.Suites = append(out.Suites, junitSuite{Name: escaped(path)})
		}
		s := &out.Suites[len(out.Suites)-1]
		text := f.Position.String() + ": " + f.Message.In(lang)
		if mend := f.Mend.In(lang); mend != "" {
			text += "\n→ " + mend
		}
		c := junitCase{Name: escaped(f.Rule.ID + " " + f.Rule.Title.In(lang) + " (" + f.Position.String() + ")"), Class: f.Rule.ID, File: escaped(path), Line: f.Position.Line}
		if r.Fails(f) {
			c.Failure = &junitFailure{escaped(f.Message.In(lang)), f.Rule.Severity.String(), escaped(text)}
			s.Failures++
			out.Failures++
		} else {
			c.Out = escaped(text)
		}
		s.Cases = append(s.Cases, c)
		s.Tests++
		out.Tests++
	}
	if len(out.Suites) == 0 {
		out.Suites = []junitSuite{{Name: "content", Tests: 1, Cases: []junitCase{{Name: finding.T("没有发现问题", "nothing found").In(lang), Class: "gongkai"}}}}
		out.Tests = 1
	}
	b := bufio.NewWriter(w)
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(b)
	enc.Indent("", "  ")
	if err := enc.Encode(out); err != nil {
		return err
	}
	b.WriteByte('\n')
	return b.Flush()
}
