package audit

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gongkai/generator/finding"
)

// Text advises on the writing of one file, by its path and its text as it is written.
func Text(path string, text []byte) []finding.Finding {
	if !strings.HasSuffix(path, ".md") {
		return nil
	}
	var out []finding.Finding
	line, fence, code, key := 0, 0, false, ""
	half, first, sample := 0, finding.Position{}, ""
	for row := range bytes.Lines(text) {
		line++
		if fence < 2 && string(bytes.TrimSpace(row)) == "---" {
			fence++
			continue
		}
		if t := bytes.TrimSpace(row); bytes.HasPrefix(t, []byte("```")) || bytes.HasPrefix(t, []byte("~~~")) {
			code = !code
		}
		if code {
			continue
		}
		if fence < 2 {
			if k, _, found := bytes.Cut(row, []byte(":")); found && len(k) > 0 && k[0] != ' ' && k[0] != '-' {
				key = string(bytes.TrimSpace(k))
			}
			if namesFiles[key] {
				continue
			}
		} else {
			row = prose(row)
		}
		if bytes.Contains(row, []byte("号")) {
			out = brackets(out, path, line, row)
		}
		if fence < 2 || !bytes.ContainsAny(row, ",;:?!") {
			continue
		}
		for i := 1; i+1 < len(row); i++ {
			if c := row[i]; c != ',' && c != ';' && c != ':' && c != '?' && c != '!' {
				continue
			}
			before, size := utf8.DecodeLastRune(row[:i])
			after, _ := utf8.DecodeRune(row[i+1:])
			if !unicode.Is(unicode.Han, before) || !unicode.Is(unicode.Han, after) {
				continue
			}
			if half++; half == 1 {
				first = finding.Position{Path: path, Line: line, Column: utf8.RuneCount(row[:i]) + 1}
				sample = string(row[i-size:i+1]) + string(after)
			}
		}
	}
	if half > 0 {
		out = append(out, finding.New(finding.HalfWidth, first,
			finding.T("“%s”等 %d 处中文之间用了半角标点", "half-width punctuation between Chinese characters, %[2]d times, first in %[1]q", sample, half),
			finding.T("改为全角：，；：？！", "use ，；：？！")).About("half"))
	}
	return out
}

// namesFiles are the keys of front matter whose values are names of files and addresses, which no advice may change.
var namesFiles = map[string]bool{"附件": true, "attachments": true, "旧地址": true, "aliases": true, "相关": true, "related": true}

// noProse is what a line has besides prose: spans of code, addresses without brackets, definitions of references. The address of a link is what
// follows ](.
var noProse = regexp.MustCompile("`+[^`]+`+" + `|https?://[!-~]+|<[A-Za-z][^<>\s]*>|^ {0,3}\[[^\]]+\]:\s*\S+`)

// prose returns the line with spaces, as many as characters, for what is no prose: to follow advice on an address would break the link.
func prose(row []byte) []byte {
	if !bytes.ContainsAny(row, "`:<") && !bytes.Contains(row, []byte("](")) {
		return row
	}
	out := noProse.ReplaceAllFunc(row, spaces)
	for at := 0; ; {
		i := bytes.Index(out[at:], []byte("]("))
		if i < 0 {
			return out
		}
		at += i + len("](")
		end, depth := at, 0
		for ; end < len(out) && out[end] != '\n'; end++ {
			if c := out[end]; c == '(' {
				depth++
			} else if c == ')' {
				if depth--; depth < 0 {
					break
				}
			}
		}
		if depth < 0 {
			blank := spaces(out[at:end])
			out = slices.Concat(out[:at], blank, out[end:])
			at += len(blank)
		}
	}
}

func spaces(text []byte) []byte { return bytes.Repeat([]byte(" "), utf8.RuneCount(text)) }

// brackets reports document numbers whose year does not stand in 〔〕. A number in another form in the title of a law (《……》) or an address
// is left alone: only what ends in 号 and begins with Chinese characters is one.
func brackets(out []finding.Finding, path string, line int, row []byte) []finding.Finding {
	runes := []rune(string(row))
	for i, r := range runes {
		closing, ok := wrongBrackets[r]
		if !ok || i == 0 || !unicode.Is(unicode.Han, runes[i-1]) || i+7 > len(runes) {
			continue
		}
		if !isYear(runes[i+1:i+5]) || runes[i+5] != closing {
			continue
		}
		end := i + 6
		if runes[end] == '第' {
			end++
		}
		serial := end
		for end < len(runes) && runes[end] >= '0' && runes[end] <= '9' {
			end++
		}
		if end == serial || end >= len(runes) || runes[end] != '号' {
			continue
		}
		// a court's case number has its year in round brackets by rule: （2022）粤0203民初1号 begins with the bracket and is not met here
		out = append(out, finding.New(finding.MixedBrackets, finding.Position{Path: path, Line: line, Column: i + 1},
			finding.T("文号“%s”的年份没有用六角括号", "the year of the document number %q does not stand in 〔〕", string(runes[i:end+1])),
			finding.T("写成“〔%s〕%s号”", "write 〔%s〕%s号", string(runes[i+1:i+5]), string(runes[serial:end]))))
	}
	return out
}

var wrongBrackets = map[rune]rune{'[': ']', '［': '］', '(': ')', '（': '）', '【': '】', '﹝': '﹞'}

func isYear(r []rune) bool {
	if r[0] != '1' && r[0] != '2' {
		return false
	}
	for _, c := range r {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// ListsPersons reports whether a text has a table of persons: one of its headings asks for a name.
func ListsPersons(text []byte) bool {
	var before []byte
	for row := range bytes.Lines(text) {
		if t := bytes.TrimSpace(row); bytes.HasPrefix(t, []byte("|")) && len(before) > 0 && len(bytes.Trim(t, "|-: ")) == 0 {
			for cell := range bytes.SplitSeq(before, []byte("|")) {
				if PersonHeading(string(bytes.TrimSpace(cell))) {
					return true
				}
			}
		}
		before = nil
		if bytes.Contains(row, []byte("|")) {
			before = row
		}
	}
	return false
}

// PersonHeading reports whether a column with the heading names persons.
func PersonHeading(cell string) bool {
	for _, word := range []string{"姓名", "户主", "户代表", "申请人", "受助人", "保障对象", "救助对象", "承租人"} {
		if strings.Contains(cell, word) && !strings.Contains(cell, "单位") && !strings.Contains(cell, "数") {
			return true
		}
	}
	return false
}
