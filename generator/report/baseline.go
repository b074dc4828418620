package report

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gongkai/generator/finding"
)

// Baseline is the findings that are known and do not fail a run: an old stock is mended step by step, while nothing new comes in.
type Baseline map[string]Known

// Known is a finding of a baseline. Rule, Path and Message are for people.
type Known struct {
	Fingerprint string `json:"fingerprint"`
	Rule        string `json:"rule"`
	Path        string `json:"path"`
	Message     string `json:"message"`
}

// WriteBaseline writes the findings as a baseline: JSON with a line for each, sorted, so that a change reads well.
func WriteBaseline(w io.Writer, findings []finding.Finding, lang finding.Language) error {
	prints := Fingerprints(findings)
	lines := make([]Known, len(findings))
	for i, f := range findings {
		lines[i] = Known{prints[i], f.Rule.ID, f.Position.Path, f.Message.In(lang)}
	}
	slices.SortFunc(lines, func(a, b Known) int {
		return strings.Compare(a.Path+"\x00"+a.Rule+"\x00"+a.Fingerprint, b.Path+"\x00"+b.Rule+"\x00"+b.Fingerprint)
	})
	b := bufio.NewWriter(w)
	for _, k := range lines {
		var line strings.Builder
		enc := json.NewEncoder(&line)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(k); err != nil {
			return fmt.Errorf("write the baseline: %w", err)
		}
		b.WriteString(line.String())
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write the baseline: %w", err)
	}
	return nil
}

// ErrBaseline says that a file is no baseline.
var ErrBaseline = errors.New("not a baseline")

// ReadBaseline reads what WriteBaseline wrote. The error wraps ErrBaseline and names the line, or is one of reading.
func ReadBaseline(r io.Reader) (Baseline, error) {
	out := Baseline{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if text == "" {
			continue
		}
		var k Known
		if err := json.Unmarshal([]byte(text), &k); err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrBaseline, n, err)
		}
		if k.Fingerprint == "" {
			return nil, fmt.Errorf("%w: line %d: there is no fingerprint", ErrBaseline, n)
		}
		out[k.Fingerprint] = k
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBaseline, err)
	}
	return out, nil
}

// Split returns the findings that the baseline does not know, and how many of its own are found no more.
func (b Baseline) Split(findings []finding.Finding) (fresh []finding.Finding, gone int) {
	met := 0
	for i, print := range Fingerprints(findings) {
		if _, known := b[print]; known {
			met++
		} else {
			fresh = append(fresh, findings[i])
		}
	}
	return fresh, len(b) - met
}
