// Package scaffold makes new files of a content folder: disclosures, units, catalogs, and a whole small district to start from.
package scaffold

import (
	"slices"
	"strconv"
	"strings"

	"gongkai/generator/search/token"
	"gongkai/generator/site"
	"gongkai/generator/source"
)

// Option is one of the things that can be chosen.
type Option struct {
	Value string   // as it is written: a slug, an item's path
	Label string   // as people know it
	Also  []string // other words for it
}

// AddSynonyms gives options the words that people have for what their labels name: 低保 for 最低生活保障.
func AddSynonyms(options []Option, s *site.Synonyms) {
	for i := range options {
		for _, g := range s.Groups {
			if slices.ContainsFunc(g.Official, func(w string) bool { return strings.Contains(options[i].Label, w) }) {
				options[i].Also = append(append(options[i].Also, g.Same...), g.Say...)
			}
		}
	}
}

// Match returns which options are meant by what somebody typed, by their places: the one that is named exactly, by number, value or label; otherwise all whose label
// or value has the text, or whose label is read so in pinyin, in full (dibao) or by initials (db).
func Match(options []Option, typed string) []int {
	typed = strings.ToLower(strings.TrimSpace(typed))
	if typed == "" {
		return nil
	}
	if n, err := strconv.Atoi(typed); err == nil && n >= 1 && n <= len(options) {
		return []int{n - 1}
	}
	for i, o := range options {
		if strings.ToLower(o.Value) == typed || strings.ToLower(o.Label) == typed {
			return []int{i}
		}
	}
	var ends []int // items whose second level is just that
	for i, o := range options {
		if _, last, ok := strings.Cut(strings.ToLower(o.Label), "/"); ok && last == typed {
			ends = append(ends, i)
		}
	}
	if len(ends) > 0 {
		return ends
	}
	plain := strings.Map(func(r rune) rune {
		if r == ' ' || r == '\'' || r == '-' {
			return -1
		}
		return r
	}, typed)
	var out, read []int
	reader := token.NewReader()
	for i, o := range options {
		switch {
		case strings.Contains(strings.ToLower(o.Label), typed), strings.Contains(strings.ToLower(o.Value), typed):
			out = append(out, i)
		case slices.ContainsFunc(o.Also, func(w string) bool { return w == typed }):
			out = append(out, i)
		case slices.ContainsFunc(o.Also, func(w string) bool { return isLatin(plain) && readsWhole(reader, []rune(w), plain) }):
			read = append(read, i)
		case isLatin(plain) && readsAs(reader, []rune(o.Label), plain):
			read = append(read, i)
		}
	}
	if len(out) > 0 {
		return out
	}
	return read
}

func isLatin(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < 'a' || r > 'z' }) < 0
}

// readsAs reports whether somewhere in a text its characters are read as typed, each in full or by its initial.
func readsAs(reader *token.Reader, text []rune, typed string) bool {
	for start := range text {
		if readsFrom(reader, text[start:], typed) {
			return true
		}
	}
	return false
}

// readsWhole reports whether all of a text is read as typed.
func readsWhole(reader *token.Reader, text []rune, typed string) bool {
	if len(text) == 0 || typed == "" {
		return len(text) == 0 && typed == ""
	}
	for _, reading := range reader.Readings(text[0]) {
		if rest, ok := strings.CutPrefix(typed, reading); ok && readsWhole(reader, text[1:], rest) {
			return true
		}
		if typed[0] == reading[0] && readsWhole(reader, text[1:], typed[1:]) {
			return true
		}
	}
	return false
}

func readsFrom(reader *token.Reader, text []rune, typed string) bool {
	if typed == "" {
		return true
	}
	if len(text) == 0 {
		return false
	}
	readings := reader.Readings(text[0])
	if len(readings) == 0 { // a bracket or a slash between characters
		return readsFrom(reader, text[1:], typed)
	}
	for _, reading := range readings {
		if rest, ok := strings.CutPrefix(typed, reading); ok && readsFrom(reader, text[1:], rest) {
			return true
		}
		if typed[0] == reading[0] && readsFrom(reader, text[1:], typed[1:]) {
			return true
		}
		if strings.HasPrefix(reading, typed) { // the last syllable is still being typed
			return true
		}
	}
	return false
}

// mostSyllables is up to how many syllables a name in an address has.
const mostSyllables = 6

// Slug returns a name for an address from a Chinese text: its pinyin, syllable by syllable, without what only says the unit or the year.
func Slug(text string) string {
	reader := token.NewReader()
	var parts []string
	word := ""
	end := func() {
		if word != "" {
			parts = append(parts, word)
			word = ""
		}
	}
	for _, r := range text {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			word += string(r)
			continue
		case r >= 'A' && r <= 'Z':
			word += string(r - 'A' + 'a')
			continue
		}
		end()
		if readings := reader.Readings(r); len(readings) > 0 {
			parts = append(parts, readings[0])
		}
	}
	end()
	parts = parts[:min(len(parts), mostSyllables)]
	return strings.Join(parts, "-")
}

// Free returns the name, or with a number behind it, that is not taken. Names that Windows keeps for itself count as taken.
func Free(name string, taken func(string) bool) string {
	if name == "" {
		name = "new"
	}
	if !source.Portable(name) {
		name += "-1"
	}
	free := name
	for n := 2; taken(free); n++ {
		free = name + "-" + strconv.Itoa(n)
	}
	return free
}
