// Package token says what a text can be found by: the one definition of search terms for the index, the server, the terminal and, in its
// JavaScript twin, the browser.
//
// A text is folded character by character, so that positions in the folded text are positions in the text. Chinese runs give
// their pairs of neighbouring characters and, so that every character can be found alone, the last character by itself: what begins with a
// character, as a term, is everything that the character stands in. Words of letters and digits are terms as a whole, and short ones together with
// the Chinese character that they meet.
package token

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed traditional.txt
var traditionalText string

// simplified maps traditional characters to simplified ones.
var simplified = readTraditional()

func readTraditional() map[rune]rune {
	m := make(map[rune]rune, 3000)
	for line := range strings.Lines(traditionalText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		var to rune
		for _, r := range strings.TrimSpace(line) {
			if to == 0 {
				to = r
			} else {
				m[r] = to
			}
		}
	}
	return m
}

// Traditional calls yield for each traditional character and its simplified form, in no order.
func Traditional(yield func(from, to rune)) {
	for from, to := range simplified {
		yield(from, to)
	}
}

// fast has the folded forms of the characters below 0x590.
var fast = func() (t [0x590]rune) {
	for r := range t {
		t[r] = rune(r)
		if l := unicode.ToLower(rune(r)); r != 'İ' && l < 0x590 {
			t[r] = l
		}
	}
	return t
}()

// Fold returns the character that stands for all that are searched as one: half width, lower case, simplified.
func Fold(r rune) rune {
	switch {
	case r < 0:
		return ' '
	case r < 0x590:
		return fast[r]
	case r >= 0xFF01 && r <= 0xFF5E:
		return fast[r-0xFEE0]
	case r == 0x3000:
		return ' '
	}
	if r >= firstHan && r <= lastHan {
		return han[r-firstHan]
	}
	if s, ok := simplified[r]; ok {
		return s
	}
	return r
}

const firstHan, lastHan = 0x4E00, 0x9FFF

// han has the folded forms of the common Chinese characters: to look each one up in the map takes most of the time of folding.
var han = func() (t [lastHan - firstHan + 1]rune) {
	for i := range t {
		t[i] = firstHan + rune(i)
		if s, ok := simplified[t[i]]; ok {
			t[i] = s
		}
	}
	return t
}()

// Class is what a folded character is to a search.
type Class uint8

// Chinese characters (and kana and Hangul) are written without spaces; a Word is letters and digits; an Unseen character, as the zero-width space
// that is pasted from web pages, is as good as absent; all else separates.
const (
	Separator Class = iota
	Han
	Word
	Unseen
)

// ClassOf returns the class of a folded character.
func ClassOf(r rune) Class {
	switch {
	case r < 0x80:
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return Word
		}
	case r == 0xAD, r == 0x34F, r == 0x61C, r >= 0x180B && r <= 0x180F, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F,
		r >= 0xFE00 && r <= 0xFE0F, r == 0xFEFF, r >= 0xE0100 && r <= 0xE01EF: // Default_Ignorable_Code_Point of Unicode, those that texts have
		return Unseen
	case r < 0x2000:
		if r >= 0xC0 && r != 0xD7 && r != 0xF7 {
			return Word
		}
	case r >= 0x4E00 && r <= 0x9FFF, r >= 0x3400 && r <= 0x4DBF, r == 0x3005, r == 0x3007, r >= 0x3041 && r <= 0x3096,
		r >= 0x30A1 && r <= 0x30FA, r == 0x30FC, r >= 0xAC00 && r <= 0xD7A3, r >= 0xF900 && r <= 0xFAFF, r >= 0x20000 && r <= 0x3FFFF:
		return Han
	}
	return Separator
}

// MaxWord is how many characters of a word count; the rest of a longer one is its own word.
const MaxWord = 48

// Run is a stretch of characters of one class.
type Run struct {
	Text  string // folded
	Class Class  // Han or Word
	Len   int    // in characters
	Meets bool   // the run before it: no separator lies between the two
}

// Runs returns the runs of a text.
func Runs(text string) []Run {
	var out []Run
	var b strings.Builder
	cur, n, meets := Separator, 0, false
	flush := func() {
		if cur != Separator {
			out = append(out, Run{b.String(), cur, n, meets})
			b.Reset()
		}
	}
	for _, r := range text {
		r = Fold(r)
		c := ClassOf(r)
		if c == Unseen {
			continue
		}
		if c != cur || c == Word && n == MaxWord {
			flush()
			cur, n, meets = c, 0, cur != Separator
		}
		if cur != Separator {
			b.WriteRune(r)
			n++
		}
	}
	flush()
	return out
}

// Terms returns the terms of the run in order: pairs of a Chinese run and its last character, or the word.
func (r Run) Terms() []string {
	if r.Class == Word {
		return []string{r.Text}
	}
	chars := []rune(r.Text)
	out := make([]string, 0, len(chars))
	for i := range len(chars) - 1 {
		out = append(out, string(chars[i:i+2]))
	}
	return append(out, string(chars[len(chars)-1:]))
}

// Terms returns the terms of a text: those of its runs in order, then its seams.
func Terms(text string) []string {
	var out []string
	runs := Runs(text)
	for _, r := range runs {
		out = append(out, r.Terms()...)
	}
	return append(out, Seams(runs)...)
}

// MaxSeam is how many characters a word may have whose seams are terms: years, days and counts have that few. A longer word is rare enough
// to be found by itself.
const MaxSeam = 4

// Seams returns a term for each place where a word and a Chinese run meet: the word and the character that it meets, as 2024年, 年5 and 5月 in
// 2024年5月. By them 10月 is not 10户 and 月.
func Seams(runs []Run) []string {
	var out []string
	meetings(runs, func(word Run, before, after string) {
		if word.Len <= MaxSeam {
			out = append(out, before+word.Text+after)
		}
	})
	return out
}

// Cuts returns a term, after ^, for each place where a word and a Chinese run meet: the two characters that meet, as ^4年 and ^年5 in 2024年5月. By
// them a fragment that cuts a number is found.
func Cuts(runs []Run) []string {
	var out []string
	meetings(runs, func(word Run, before, after string) {
		if after != "" {
			_, n := utf8.DecodeLastRuneInString(word.Text)
			out = append(out, "^"+word.Text[len(word.Text)-n:]+after)
			return
		}
		_, n := utf8.DecodeRuneInString(word.Text)
		out = append(out, "^"+before+word.Text[:n])
	})
	return out
}

// meetings calls yield for each place where a word and a Chinese run meet, with the Chinese character before or after the word.
func meetings(runs []Run, yield func(word Run, before, after string)) {
	for i := 1; i < len(runs); i++ {
		switch a, b := runs[i-1], runs[i]; {
		case !b.Meets || a.Class == b.Class:
		case a.Class == Word:
			_, n := utf8.DecodeRuneInString(b.Text)
			yield(a, "", b.Text[:n])
		default:
			_, n := utf8.DecodeLastRuneInString(a.Text)
			yield(b, a.Text[len(a.Text)-n:], "")
		}
	}
}

// Joined returns the folded text without its separators: what two writings of the same words share.
func Joined(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r = Fold(r); ClassOf(r) == Han || ClassOf(r) == Word {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// FoldText returns the folded text, its separators kept.
func FoldText(text string) string {
	return strings.Map(func(r rune) rune {
		if r = Fold(r); ClassOf(r) == Unseen {
			return -1
		}
		return r
	}, text)
}
