package report

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"io"

	"gongkai/generator/finding"
)

//go:embed schema.json
var schema []byte

// Schema returns the JSON Schema of the json format.
func Schema() []byte { return schema }

// record is a finding as JSON has it.
type record struct {
	Rule        string `json:"rule"`
	Severity    string `json:"severity"`
	Path        string `json:"path"`
	Line        int    `json:"line"`   // 0: the file as a whole
	Column      int    `json:"column"` // 0: the line as a whole
	Message     string `json:"message"`
	Mend        string `json:"mend"`
	Fingerprint string `json:"fingerprint"`
}

func records(r *Report, lang finding.Language) []record {
	out := make([]record, len(r.Findings))
	prints := Fingerprints(r.Findings)
	for i, f := range r.Findings {
		out[i] = record{f.Rule.ID, f.Rule.Severity.String(), r.path(f), f.Position.Line, f.Position.Column, f.Message.In(lang), f.Mend.In(lang), prints[i]}
	}
	return out
}

// summary counts findings.
type summary struct {
	Errors   int  `json:"errors"`
	Warnings int  `json:"warnings"`
	Infos    int  `json:"infos"`
	Failed   bool `json:"failed"`
}

func summaryOf(r *Report) summary {
	errors, warnings, infos := finding.Count(r.Findings)
	return summary{errors, warnings, infos, r.Failed()}
}

func writeJSON(w io.Writer, r *Report, lang finding.Language) error {
	return indented(w, struct {
		Summary  summary  `json:"summary"`
		Findings []record `json:"findings"`
	}{summaryOf(r), records(r, lang)})
}

// writeNDJSON writes an object a line.
func writeNDJSON(w io.Writer, r *Report, lang finding.Language) error {
	b := bufio.NewWriter(w)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	for _, x := range records(r, lang) {
		if err := enc.Encode(x); err != nil {
			return err
		}
	}
	return b.Flush()
}

func indented(w io.Writer, v any) error {
	b := bufio.NewWriter(w)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	return b.Flush()
}
