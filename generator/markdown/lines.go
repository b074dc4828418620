package markdown

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/text"
)

// What a line end inside a paragraph stands for.
//
// Chinese has no spaces, so a line end beside a Chinese character stands for nothing (CSS Text 3, Segment Break Transformation Rules, with
// the punctuation of level 4); between Latin words it is a space. But an editor who knows no Markdown also ends lines that are to stay lines: numbered
// paragraphs (一、 （一） 1． 1） ① 第三条), the signature of a letter with its date, and contacts (联系人：…). Those line ends are kept. What tells
// them from prose that an editor wrapped is judged on the lines of the source, because a line's nodes end wherever there may be markup.

// keepsLineEnd reports whether the line end that waits is to be kept.
func (w *writer) keepsLineEnd() bool {
	if w.lines == nil {
		return false
	}
	for w.line < w.lines.Len() && w.lines.At(w.line).Start <= w.ended {
		w.line++
	}
	return w.line < w.lines.Len() && paragraph{w.source, w.lines}.keepsEndBefore(w.line)
}

// paragraph is the source lines of a paragraph.
type paragraph struct {
	source []byte
	lines  *text.Segments
}

// line returns a line without what surrounds and emphasises its text, or nothing where there is no such line.
func (p paragraph) line(i int) []byte {
	if i < 0 || i >= p.lines.Len() {
		return nil
	}
	s := p.lines.At(i)
	line := bytes.Trim(p.source[s.Start:s.Stop], " \t\n　")
	if bytes.IndexByte(line, '*') >= 0 {
		line = bytes.ReplaceAll(line, []byte("*"), nil)
	}
	return bytes.TrimLeft(line, " \t　_[")
}

// keepsEndBefore reports whether line i was meant to begin where it does.
func (p paragraph) keepsEndBefore(i int) bool {
	before, line := p.line(i-1), p.line(i)
	return p.isNumbered(i, before, line) || p.isSigned(i) || isLabelled(before, line)
}

const (
	chineseDigits = "一二三四五六七八九十百零〇"
	digits        = "0123456789"
)

// isNumbered reports whether line i begins with an ordinal. What refers to one is none: 第⏎（一）项, （附件⏎1）.
func (p paragraph) isNumbered(i int, before, line []byte) bool {
	if !startsWithOrdinal(line) || bytes.HasSuffix(before, []byte("第")) {
		return false
	}
	if line[0] < '0' || line[0] > '9' {
		return true
	}
	mark, _ := utf8.DecodeRune(line[spanOf(line, digits):])
	return mark != '）' && mark != ')' || !p.isInBrackets(i)
}

// isInBrackets reports whether a bracket is open where line i begins.
func (p paragraph) isInBrackets(i int) bool {
	const most = 8 // lines that a bracket may be away, so that a text of any length takes its time once
	open := 0
	for k := max(0, i-most); k < i; k++ {
		for _, r := range string(p.line(k)) {
			switch r {
			case '（', '(':
				open++
			case '）', ')':
				open = max(0, open-1)
			}
		}
	}
	return open > 0
}

// startsWithOrdinal reports whether a line begins as the numbered paragraphs of GB/T 9704 do.
func startsWithOrdinal(line []byte) bool {
	r, n := utf8.DecodeRune(line)
	switch {
	case r >= '①' && r <= '⑳':
		return true
	case r == '第':
		k := spanOfNumber(line[n:])
		if k == 0 {
			return false
		}
		unit, size := utf8.DecodeRune(line[n+k:])
		after, _ := utf8.DecodeRune(line[n+k+size:])
		return strings.ContainsRune("条章款编节", unit) && (after == ' ' || after == '　')
	case r == '（' || r == '(':
		k := spanOfNumber(line[n:])
		closing, _ := utf8.DecodeRune(line[n+k:])
		return k > 0 && (closing == '）' || closing == ')')
	}
	if k := spanOf(line, chineseDigits); k > 0 {
		mark, _ := utf8.DecodeRune(line[k:])
		return mark == '、'
	}
	if k := spanOf(line, digits); k > 0 && k <= 2 {
		mark, size := utf8.DecodeRune(line[k:])
		switch mark {
		case '、', '．', '）', ')':
			return true
		case '.':
			after, _ := utf8.DecodeRune(line[k+size:])
			return !unicode.IsDigit(after)
		}
	}
	return false
}

// isSigned reports whether line i belongs to the end of a letter: bodies line by line, the date, and what stands below it.
func (p paragraph) isSigned(i int) bool {
	before, line := squeeze(p.line(i-1)), squeeze(p.line(i))
	switch {
	case isDate(line):
		return p.endsLetter(i) && (endsSentence(before) || mayHaveSigned(before))
	case isDate(before):
		return isBelowDate(line) && p.isSigned(i-1)
	case isBody(line) && (endsSentence(before) || isBody(before)):
		const most = 5 // bodies that sign together
		for k := i + 1; k <= i+most; k++ {
			if next := squeeze(p.line(k)); !isBody(next) {
				return isDate(next) && p.endsLetter(k)
			}
		}
	}
	return false
}

// endsLetter reports whether nothing that could continue a sentence follows line i.
func (p paragraph) endsLetter(i int) bool {
	next := squeeze(p.line(i + 1))
	return len(next) == 0 || isBelowDate(next)
}

// isBelowDate reports whether a line is what may stand below a letter's date.
func isBelowDate(line []byte) bool {
	return bytes.HasPrefix(line, []byte("（")) || bytes.HasPrefix(line, []byte("附件")) || bytes.HasPrefix(line, []byte("抄送"))
}

// isDate reports whether a line is nothing but a date: 2026年10月8日, 二〇二六年十月八日 or 2026-10-08.
func isDate(line []byte) bool {
	for i, mark := range []string{"年", "月", "日"} {
		k := spanOf(line, digits)
		if k == 0 {
			k = spanOf(line, chineseDigits+"○")
		}
		if k == 0 || i == 0 && utf8.RuneCount(line[:k]) != 4 {
			return false
		}
		line = line[k:]
		switch {
		case bytes.HasPrefix(line, []byte(mark)):
			line = line[len(mark):]
		case i < 2 && len(line) > 0 && (line[0] == '-' || line[0] == '.' || line[0] == '/'):
			line = line[1:]
		case i < 2 || len(line) > 0:
			return false
		}
	}
	return len(line) == 0
}

// mayHaveSigned reports whether a line may be who signed: a short one without punctuation that does not ask for an object, as 截止时间为 does.
func mayHaveSigned(line []byte) bool {
	last, _ := utf8.DecodeLastRune(line)
	return len(line) > 0 && utf8.RuneCount(line) <= 30 && !bytes.ContainsAny(line, "，。；：、！？,;:") && !strings.ContainsRune("为于是自在从至到以由即日期间（《“", last)
}

// isBody reports whether a line is the name of a public body and nothing else.
func isBody(line []byte) bool {
	for _, seal := range []string{"（盖章）", "（公章）", "（印章）", "（章）"} {
		line = bytes.TrimSuffix(line, []byte(seal))
	}
	if n := utf8.RuneCount(line); n < 3 || n > 30 {
		return false
	}
	for _, r := range string(line) {
		if !unicode.Is(unicode.Han, r) && r != '（' && r != '）' {
			return false
		}
	}
	last, _ := utf8.DecodeLastRune(line)
	return strings.ContainsRune("府局会办处院所站队厅部委室司组校心社村", last)
}

// isLabelled reports whether a line begins with a short label and a full-width colon (联系人：) where a line was meant: after another such line,
// after the end of a sentence, and after a line that is too short for one that was wrapped.
func isLabelled(before, line []byte) bool {
	line = squeeze(line)
	k, end := label(line)
	if k == 0 {
		return false
	}
	before = squeeze(before)
	if endsSentence(before) {
		return end < len(line)
	}
	last, _ := utf8.DecodeLastRune(before)
	if strings.ContainsRune("，、,（(《〈“‘「『【〔", last) {
		return false
	}
	return utf8.RuneCount(before) <= 16 || isLabelLine(before)
}

// label returns the length of the label that a line begins with, and of the label with its colon; 0 where there is none.
func label(line []byte) (length, end int) {
	n := 0
	for i, r := range string(line) {
		switch {
		case r == '：':
			if n < 2 || n > 8 {
				return 0, 0
			}
			for _, verb := range notLabels {
				if bytes.HasSuffix(line[:i], []byte(verb)) {
					return 0, 0
				}
			}
			return i, i + utf8.RuneLen(r)
		case unicode.Is(unicode.Han, r):
			n++
		case i > 0 && (r == '（' || r == '）' || r == '/'):
		default:
			return 0, 0
		}
		if n > 8 {
			break
		}
	}
	return 0, 0
}

// notLabels are the words that a colon follows within a sentence.
var notLabels = []string{"如下", "以下", "其中", "例如", "譬如", "包括", "指出", "强调", "认为", "提出", "规定", "也就是", "分别", "为", "是"}

// isLabelLine reports whether a line is a label with its value, and not a part of a text that goes on behind it.
func isLabelLine(line []byte) bool {
	k, end := label(line)
	if k == 0 {
		return false
	}
	value := string(line[end:])
	var previous rune
	for i, r := range value {
		switch r {
		case '：':
			// 8：30 is a time, not another label
			if next, _ := utf8.DecodeRuneInString(value[i+utf8.RuneLen(r):]); !unicode.IsDigit(previous) || !unicode.IsDigit(next) {
				return false
			}
		case '。', '；', ';':
			return false
		}
		previous = r
	}
	return utf8.RuneCountInString(value) <= 20 || !strings.ContainsAny(value, "，,") // nobody wraps lines so short
}

// endsSentence reports whether a line ends as a sentence, or what a list follows, does.
func endsSentence(line []byte) bool {
	line = bytes.TrimRight(line, "”’」』）)")
	last, _ := utf8.DecodeLastRune(line)
	return len(line) > 0 && strings.ContainsRune("。！？；：!?;:", last)
}

// squeeze returns a line without the spaces that set its characters apart.
func squeeze(line []byte) []byte {
	if bytes.IndexByte(line, ' ') < 0 && !bytes.Contains(line, []byte("　")) {
		return line
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(line, []byte(" "), nil), []byte("　"), nil)
}

// spanOfNumber returns how many bytes at the start of s are a number in either form.
func spanOfNumber(s []byte) int {
	if k := spanOf(s, chineseDigits); k > 0 {
		return k
	}
	return spanOf(s, digits)
}

// spanOf returns how many bytes at the start of s are runes of the set.
func spanOf(s []byte, set string) int {
	k := 0
	for k < len(s) {
		r, n := utf8.DecodeRune(s[k:])
		if !strings.ContainsRune(set, r) {
			break
		}
		k += n
	}
	return k
}
