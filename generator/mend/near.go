package mend

import (
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"

	"gongkai/generator/markdown"
)

// What a mistyped name may have meant is guessed for messages all over the program; here a guess is written into a file, so it must be much surer. Numbers
// tell documents apart (2026-10 is another month than 2026-11), so that names whose numbers differ are never near.

// nearNames returns the names that a file's or a page's name may have been meant as: those that differ in width and case only, or else by a slip of the pen.
func nearNames(name string, names []string) []string {
	var same, near []string
	stem, ext := splitName(name)
	for _, other := range names {
		otherStem, otherExt := splitName(other)
		switch {
		case other == name:
		case fold(other) == fold(name):
			same = append(same, other)
		case fold(otherExt) == fold(ext) && slip(stem, otherStem):
			near = append(near, other)
		}
	}
	if len(same) > 0 {
		return same
	}
	return near
}

func splitName(name string) (stem, ext string) {
	ext = path.Ext(name)
	return name[:len(name)-len(ext)], ext
}

// slip reports whether a word can be another with a slip of the pen: one character of five, at most three, and the same numbers.
func slip(word, other string) bool {
	word, other = fold(word), fold(other)
	limit := min(3, max(utf8.RuneCountInString(word), utf8.RuneCountInString(other))/5)
	return levenshtein.ComputeDistance(word, other) <= limit && slices.Equal(numbers(word), numbers(other))
}

// fold makes names comparable that look alike: half width, small letters, no white space.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			r += '!' - '！'
		case unicode.IsSpace(r):
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

const chineseDigits = "一二三四五六七八九十百千零〇"

// numbers returns the numbers in a text, Chinese ones as they are, without leading zeros.
func numbers(s string) []string {
	words := strings.FieldsFunc(s, func(r rune) bool { return !isNumeral(r) })
	for i, w := range words {
		words[i] = strings.TrimLeft(w, "0")
	}
	return words
}

func isNumeral(r rune) bool { return r >= '0' && r <= '9' || strings.ContainsRune(chineseDigits, r) }

// nearAnchors returns the anchors of a page that a fragment may have been meant as: the heading as it is written; the same words under another ordinal,
// because a section was put in before; the only heading that goes on as the fragment begins; or a slip of the pen.
func nearAnchors(fragment string, anchors []string) []string {
	id := markdown.ID(fragment)
	core := withoutOrdinal(id)
	for _, matches := range []func(anchor string) bool{
		func(a string) bool { return a == id },
		func(a string) bool { return utf8.RuneCountInString(core) > 1 && withoutOrdinal(a) == core },
		func(a string) bool { return utf8.RuneCountInString(core) > 1 && strings.HasPrefix(a, id) },
		func(a string) bool { return slip(id, a) },
	} {
		if hits := selectFrom(anchors, matches); len(hits) > 0 {
			return hits
		}
	}
	return nil
}

func selectFrom(list []string, keep func(string) bool) []string {
	var out []string
	for _, s := range list {
		if s != "" && keep(s) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// withoutOrdinal returns a heading's identifier without the number that it begins with: 二-办理条件 -> 办理条件.
func withoutOrdinal(id string) string {
	rest := strings.TrimLeft(id, chineseDigits+"0123456789-")
	if rest == id || !strings.HasSuffix(id[:len(id)-len(rest)], "-") {
		return id // 一般规定 begins with no ordinal
	}
	return rest
}
