package token

import (
	"slices"
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// MaxReadings is how many readings of a character count; rarer ones are hardly ever meant.
const MaxReadings = 2

// A Reader knows how characters are read. It remembers what it was asked and is not for several goroutines at once.
type Reader struct {
	known  map[rune][]string
	common map[rune]bool
}

// NewReader returns a Reader.
func NewReader() *Reader { return &Reader{known: map[rune][]string{}} }

// Readings returns how a character is read, without tones, ü as v; nothing for what is no Chinese character.
func (p *Reader) Readings(r rune) []string {
	if out, ok := p.known[r]; ok {
		return out
	}
	var out []string
	args := pinyin.NewArgs()
	args.Heteronym = true
	for _, reading := range pinyin.SinglePinyin(r, args) {
		if len(out) < MaxReadings && !slices.Contains(out, reading) {
			out = append(out, reading)
		}
	}
	p.known[r] = out
	return out
}

// Sounds returns the readings of a common character, and none for others: misspellings are made of common ones, and browsers know no others.
func (p *Reader) Sounds(r rune) []string {
	if p.common == nil {
		p.common = map[rune]bool{}
		for _, c := range Common() {
			p.common[c] = true
		}
	}
	if !p.common[r] {
		return nil
	}
	return p.Readings(r)
}

// Terms calls yield for the terms by which a Chinese text is found in pinyin, all after ~: for each two neighbouring characters their full
// pinyin and their initials, and for each three their initials.
func (p *Reader) Terms(text string, yield func(term string)) {
	for _, run := range Runs(text) {
		if run.Class != Han {
			continue
		}
		var first, before []string
		for _, r := range run.Text {
			now := p.Readings(r)
			for _, a := range before {
				for _, b := range now {
					yield("~" + a + b)
					yield("~" + a[:1] + b[:1])
					for _, c := range first {
						yield("~" + c[:1] + a[:1] + b[:1])
					}
				}
			}
			first, before = before, now
		}
	}
}

// Spell returns how a Chinese text is most often read, or nothing where it has other characters.
func (p *Reader) Spell(text string) string {
	var b strings.Builder
	for _, r := range text {
		readings := p.Readings(r)
		if len(readings) == 0 {
			return ""
		}
		b.WriteString(readings[0])
	}
	return b.String()
}

var (
	initials = []string{"zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s", "y", "w", ""}
	finals   = []string{"iang", "iong", "uang", "ang", "eng", "ian", "iao", "ing", "ong", "uai", "uan", "ai", "an", "ao", "ei", "en", "er", "ia", "ie",
		"in", "iu", "ou", "ua", "ue", "ui", "un", "uo", "ve", "a", "e", "i", "o", "u", "v"}
)

// maxReads is how many ways of reading letters as pinyin are followed.
const maxReads = 6

// maxLetters is how long a word may be that is read as pinyin.
const maxLetters = 36

// ReadPinyin returns the ways to read letters as syllables of pinyin, longest syllables first; each has at least two.
func ReadPinyin(letters string) [][]string {
	if len(letters) > maxLetters {
		return nil
	}
	// whether the letters from a place on can be read: without it, hopeless words would be tried in every way
	readable := make([]bool, len(letters)+1)
	readable[len(letters)] = true
	for i := len(letters) - 1; i >= 0; i-- {
		for n := 1; n <= maxSyllable && i+n <= len(letters); n++ {
			readable[i] = readable[i] || readable[i+n] && IsSyllable(letters[i:i+n])
		}
	}
	var out [][]string
	var read func(at int, syllables []string)
	read = func(at int, syllables []string) {
		if at == len(letters) && len(syllables) > 1 && len(out) < maxReads {
			out = append(out, slices.Clone(syllables))
		}
		for n := min(maxSyllable, len(letters)-at); n > 0 && len(out) < maxReads; n-- {
			if readable[at+n] && IsSyllable(letters[at:at+n]) {
				read(at+n, append(syllables, letters[at:at+n]))
			}
		}
	}
	read(0, nil)
	return out
}

const maxSyllable = 6

// IsSyllable reports whether letters have the form of a syllable; a few forms that no character has pass too, and find nothing.
func IsSyllable(s string) bool {
	for _, i := range initials {
		if rest, ok := strings.CutPrefix(s, i); ok && slices.Contains(finals, rest) {
			return true
		}
	}
	return false
}

// IsLetters reports whether a word is of the letters a to z alone.
func IsLetters(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return s != ""
}
