package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/generator/search/token"
)

// maxSuggestions is how many other queries are proposed.
const maxSuggestions = 3

// The lengths of queries, in characters: longer ones than the first are sentences, in which nothing was meant by a stretch of a title; only those up to the
// second, as names are, are looked for by their sound.
const (
	mostMeant   = 12
	mostSounded = 6
)

// suggest returns queries that may have been meant. A run of the query that nothing has is compared with the titles and items of the
// documents that come nearest, then with those of documents that sound the same: a stretch of the same length in which nearly all characters are
// the same, or every one is the same or sounds the same, is taken in its place.
func (x *Index) suggest(text string, near scored) ([]string, error) {
	out := []string{}
	size := utf8.RuneCountInString(token.Joined(text))
	if size > mostMeant {
		return out, nil
	}
	x.readerMu.Lock()
	defer x.readerMu.Unlock()
	for _, c := range chunks(text) {
		for _, r := range token.Runs(c.text) {
			if c.barred || r.Class != token.Han || r.Len < 2 {
				continue
			}
			if l, err := x.load(&plan{clauses: []clause{{[]alternative{{terms: phraseTerms(r)}}}}}); err != nil {
				return nil, err
			} else if len(l.all(alternative{terms: phraseTerms(r), weight: 1}).docs) > 0 {
				continue // this part is well written
			}
			compare := func(candidates []ranked, sounds func(a, b rune) bool) error {
				for _, cand := range candidates {
					d, err := x.document(cand.doc)
					if err != nil {
						return err
					}
					if s := resembling([]rune(r.Text), d.Title+" "+d.Item, sounds); s != "" {
						if q := strings.Replace(token.FoldText(text), r.Text, s, 1); !slices.Contains(out, q) && q != text && len(out) < maxSuggestions {
							out = append(out, q)
						}
					}
				}
				return nil
			}
			nearest := x.first(near, 10, false)
			if err := compare(nearest, nil); err != nil {
				return nil, err
			}
			if len(out) > 0 || size > mostSounded {
				continue
			}
			candidates, err := x.soundingLike(r.Text)
			if err != nil {
				return nil, err
			}
			if err := compare(append(candidates, nearest...), x.soundAlike); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// soundAlike reports whether two characters have a sound in common.
func (x *Index) soundAlike(a, b rune) bool {
	return slices.ContainsFunc(x.reader.Sounds(a), func(p string) bool { return slices.Contains(x.reader.Sounds(b), p) })
}

// soundingLike returns the best documents whose title or item sounds like the text.
func (x *Index) soundingLike(text string) ([]ranked, error) {
	chars := []rune(text)
	var c clause
	a := alternative{weight: weightPinyin}
	for i := range len(chars) - 1 {
		first, second := x.reader.Sounds(chars[i]), x.reader.Sounds(chars[i+1])
		if len(first) == 0 || len(second) == 0 {
			return nil, nil
		}
		a.terms = append(a.terms, "~"+first[0]+second[0])
	}
	c.alternatives = append(c.alternatives, a)
	l, err := x.load(&plan{clauses: []clause{c}})
	if err != nil {
		return nil, err
	}
	return x.first(l.all(a), 10, false), nil
}

// resembling returns the stretch of a text that resembles the wanted characters but is not the same, or nothing. sounds, where it is not nil, tells
// which characters sound alike.
func resembling(want []rune, text string, sounds func(a, b rune) bool) string {
	for _, run := range token.Runs(text) {
		chars := []rune(run.Text)
		for i := 0; i+len(want) <= len(chars); i++ {
			same, alike := 0, 0
			for k, w := range want {
				switch c := chars[i+k]; {
				case c == w:
					same++
				case sounds != nil && sounds(c, w):
					alike++
				}
			}
			other := len(want) - same
			if other > 0 && (alike == other && len(want) < 4 || alike == other && same > 0 || len(want) >= 4 && other == 1 || len(want) >= 7 && other == 2) {
				return string(chars[i : i+len(want)])
			}
		}
	}
	return ""
}
