package report

import (
	"io"
	"net/url"
	"strings"

	"gongkai/generator/finding"
)

// The parts of SARIF 2.1.0 (OASIS) that findings need.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		Language   string        `json:"language"`
		ColumnKind string        `json:"columnKind"`
		Newlines   []string      `json:"newlineSequences"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name     string      `json:"name"`
		Language string      `json:"language"`
		Rules    []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string       `json:"id"`
		ShortDescription sarifText    `json:"shortDescription"`
		FullDescription  sarifText    `json:"fullDescription"`
		Help             sarifText    `json:"help"`
		Default          sarifDefault `json:"defaultConfiguration"`
	}
	sarifDefault struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
)

func sarifLevel(s finding.Severity) string { return [...]string{"note", "warning", "error"}[s] }

// writeSARIF writes one run with all rules, so that a viewer can explain also those that are not met today.
func writeSARIF(w io.Writer, r *Report, lang finding.Language) error {
	run := sarifRun{Language: "zh-CN", ColumnKind: "unicodeCodePoints", Newlines: []string{"\r\n", "\n"}, Results: []sarifResult{}}
	if lang == finding.English {
		run.Language = "en-US"
	}
	run.Tool.Driver.Name, run.Tool.Driver.Language = "gongkai", run.Language
	index := map[*finding.Rule]int{}
	for i, rule := range finding.Rules() {
		index[rule] = i
		explain := rule.Explain.In(lang)
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			ID: rule.ID, ShortDescription: sarifText{Text: rule.Title.In(lang)}, FullDescription: sarifText{Text: explain},
			Help: sarifText{Text: explain, Markdown: "**" + rule.Title.In(lang) + "**\n\n" + explain}, Default: sarifDefault{sarifLevel(rule.Severity)},
		})
	}
	prints := Fingerprints(r.Findings)
	for i, f := range r.Findings {
		message := f.Message.In(lang)
		if mend := f.Mend.In(lang); mend != "" {
			message += "\n→ " + mend
		}
		at := sarifPhysical{Artifact: sarifArtifact{uri(r.path(f))}}
		if f.Position.Line > 0 {
			at.Region = &sarifRegion{f.Position.Line, f.Position.Column}
		}
		run.Results = append(run.Results, sarifResult{
			RuleID: f.Rule.ID, RuleIndex: index[f.Rule], Level: sarifLevel(f.Rule.Severity), Message: sarifText{Text: escaped(message)},
			Locations: []sarifLocation{{at}}, Fingerprints: map[string]string{"gongkai/v2": prints[i]},
		})
	}
	return indented(w, sarifLog{"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", "2.1.0", []sarifRun{run}})
}

// uri encodes a relative path as a URI reference.
func uri(path string) string {
	u := (&url.URL{Path: path}).EscapedPath()
	if first, _, _ := strings.Cut(u, "/"); strings.Contains(first, ":") {
		return "./" + u // a colon in the first segment would read as a scheme
	}
	return u
}
