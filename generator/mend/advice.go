package mend

import (
	"bytes"
	"regexp"
	"unicode"
	"unicode/utf8"

	"gongkai/generator/audit"
	"gongkai/generator/finding"
)

// bracketEdits writes the years of document numbers in 〔〕. The places are those of the advice.
func (r *round) bracketEdits(x *textFile) []edit {
	if !r.found(x.file, finding.MixedBrackets) {
		return nil
	}
	var out []edit
	for _, f := range audit.Text(x.file.Path, x.text) {
		if f.Rule != finding.MixedBrackets {
			continue
		}
		at := offsetOf(x.text, f.Position.Line, f.Position.Column)
		m := yearInBrackets.FindSubmatchIndex(x.text[max(0, at):])
		if at < 0 || m == nil || m[0] != 0 {
			continue
		}
		end := at + m[1]
		part, free := x.part(at)
		if !free || x.inAddress(at, end) || x.inCode(at, end) {
			r.leaveAt(finding.MixedBrackets, x, at, finding.T("文号在链接地址、文件名或代码里，没有改",
				"the number stands in an address, a file name or code and is left alone"))
			continue
		}
		out = append(out, edit{at, end, "〔" + string(x.text[at+m[2]:at+m[3]]) + "〕", finding.MixedBrackets, part})
	}
	return out
}

// yearInBrackets is the year of a document number and the 第 that should not follow it.
var yearInBrackets = regexp.MustCompile(`[\[［(（【﹝]([12][0-9]{3})[\]］)）】﹞]第?`)

// fullWidth are the forms of punctuation between Chinese characters.
var fullWidth = map[byte]string{',': "，", ';': "；", ':': "：", '?': "？", '!': "！"}

// punctuationEdits writes punctuation between Chinese characters full-width, wherever the advice (audit.Text) counts it.
func (r *round) punctuationEdits(x *textFile) []edit {
	if !r.found(x.file, finding.HalfWidth) {
		return nil
	}
	var out []edit
	for at := x.front.Body; at < len(x.text); {
		next := min(lineEndAt(x.text, at)+1, len(x.text))
		if !x.fenced(at) {
			for i := at + 1; i+1 < next; i++ {
				wide, ok := fullWidth[x.text[i]]
				if !ok || !betweenHan(x.text, i) {
					continue
				}
				if x.inAddress(i, i+1) || x.inCode(i, i+1) {
					continue // the advice does not mean these
				}
				part, _ := x.part(i)
				out = append(out, edit{i, i + 1, wide, finding.HalfWidth, part})
			}
		}
		at = next
	}
	return out
}

func betweenHan(text []byte, i int) bool {
	before, _ := utf8.DecodeLastRune(text[:i])
	after, _ := utf8.DecodeRune(text[i+1:])
	return unicode.Is(unicode.Han, before) && unicode.Is(unicode.Han, after)
}

// span is a part of a text.
type span struct{ start, end int }

// inAddress reports whether any of a part of the text belongs to the address of a link.
func (x *textFile) inAddress(start, end int) bool {
	if x.addresses == nil {
		x.addresses = addressesIn(x.text)
	}
	return overlaps(x.addresses, start, end)
}

// inCode reports whether any of a part of the text stands in a code span.
func (x *textFile) inCode(start, end int) bool {
	from, to := lineStart(x.text, start), lineEndAt(x.text, start)
	for _, m := range codeSpan.FindAllIndex(x.text[from:to], -1) {
		if start < from+m[1] && end > from+m[0] {
			return true
		}
	}
	return false
}

var codeSpan = regexp.MustCompile("`[^`]+`")

func overlaps(spans []span, start, end int) bool {
	for _, s := range spans {
		if start < s.end && end > s.start {
			return true
		}
	}
	return false
}

// plainAddress is an address without a link's brackets, or the definition of a reference.
var plainAddress = regexp.MustCompile(`(?m)https?://[!-~]+|<[A-Za-z][^<>\s]*>|^ {0,3}\[[^\]\n]+\]:[ \t]*\S+`)

// addressesIn returns where a Markdown text has addresses.
func addressesIn(text []byte) []span {
	var out []span
	for _, m := range plainAddress.FindAllIndex(text, -1) {
		out = append(out, span{m[0], m[1]})
	}
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte("]("))
		if i < 0 {
			return out
		}
		at += i + 2
		if d, ok := destinationAt(text, at); ok {
			out = append(out, d)
			at = d.end
		}
	}
}

// destinationAt returns the address of a link whose bracket was opened before a place, without its angle brackets.
func destinationAt(text []byte, at int) (d span, ok bool) {
	for at < len(text) && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n') {
		at++
	}
	if at < len(text) && text[at] == '<' {
		end := bytes.IndexAny(text[at:], ">\n")
		if end < 0 || text[at+end] == '\n' {
			return span{}, false
		}
		return span{at + 1, at + end}, true
	}
	depth, i := 0, at
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text):
			i++
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth < 0 {
				return span{at, i}, true
			}
		case c <= ' ':
			return span{at, i}, true
		}
	}
	return span{}, false
}

// fenced reports whether the line at a place lies in a block of code, as audit.Text sees it.
func (x *textFile) fenced(at int) bool {
	if x.blocks == nil {
		x.blocks = []span{}
		open := -1
		for i := 0; i < len(x.text); {
			next := min(lineEndAt(x.text, i)+1, len(x.text))
			if t := bytes.TrimSpace(x.text[i:next]); bytes.HasPrefix(t, []byte("```")) || bytes.HasPrefix(t, []byte("~~~")) {
				if open < 0 {
					open = i
				} else {
					x.blocks, open = append(x.blocks, span{open, i}), -1
				}
			}
			i = next
		}
		if open >= 0 {
			x.blocks = append(x.blocks, span{open, len(x.text)})
		}
	}
	return overlaps(x.blocks, at, at+1)
}
