package privacy

import (
	"strings"
	"unicode/utf8"
)

// left returns what stands before the number on its line or in its cell, at most some forty characters. Where nothing does, it is
// the cell to the left, or the line above if that ends with a colon.
func (f *search) left() string { return lineBefore(f, f.buffer.at[0]) }

func lineBefore(f *search, i int) string {
	left := cut(f.text, i-120, i)
	if n := strings.LastIndexByte(left, '\n'); n >= 0 {
		above := strings.TrimRight(left[:n], " \t\r\n")
		left = left[n+1:]
		if strings.TrimSpace(left) == "" && (strings.HasSuffix(above, "：") || strings.HasSuffix(above, ":")) {
			return above[strings.LastIndexByte(above, '\n')+1:]
		}
	}
	if f.cell != nil && strings.TrimSpace(left) == "" {
		return f.cell.left
	}
	return left
}

// labelled reports whether one of the labels stands directly before the number.
func (f *search) labelled(labels []string) bool { return hasAnySuffix(labelOf(f.left()), labels) }

// weaklyLabelled is labelled for weakCodeLabels; the 号 of a door (建设路12号 138…) is no label.
func (f *search) weaklyLabelled() bool {
	label := labelOf(f.left())
	if door, ok := strings.CutSuffix(label, "号"); ok {
		if c, _ := before(door, len(door)); isDigit(c) {
			return false
		}
	}
	return hasAnySuffix(label, weakCodeLabels)
}

// labelOf removes what may stand between a label and its value: colons, brackets, Markdown's marks, 为, a remark in brackets.
func labelOf(left string) string {
	for {
		trimmed := strings.TrimRight(left, " \t　：:（(【[《<“”\"'*|=＝#`.．\\\u200b\u200c\u200d\u2060\ufeff\u00ad")
		trimmed = strings.TrimSuffix(trimmed, "为")
		trimmed = strings.TrimSuffix(trimmed, "是")
		for _, pair := range [][2]string{{"（", "）"}, {"(", ")"}} {
			if strings.HasSuffix(trimmed, pair[1]) {
				if i := strings.LastIndex(trimmed, pair[0]); i >= 0 {
					trimmed = trimmed[:i]
				}
			}
		}
		if trimmed == left {
			return left
		}
		left = trimmed
	}
}

// cut returns text[from:to] within the text's bounds, without half characters at its ends.
func cut(text string, from, to int) string {
	from, to = max(0, from), min(len(text), to)
	if from >= to {
		return ""
	}
	for from < to && !utf8.RuneStart(text[from]) {
		from++
	}
	for to > from && to < len(text) && !utf8.RuneStart(text[to]) {
		to--
	}
	return text[from:to]
}

// tail returns the last n bytes.
func tail(text string, n int) string { return cut(text, len(text)-n, len(text)) }

func containsAny(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

func hasAnySuffix(text string, words []string) bool {
	for _, w := range words {
		if strings.HasSuffix(text, w) {
			return true
		}
	}
	return false
}

func hasAnyPrefix(text string, words []string) bool {
	for _, w := range words {
		if strings.HasPrefix(text, w) {
			return true
		}
	}
	return false
}
