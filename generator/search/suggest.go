package search

import (
	"slices"
	"strings"

	"gongkai/generator/search/token"
)

// maxSuggestions is how many other queries are proposed.
const maxSuggestions = 3

// suggest returns queries that may have been meant. A run of the query that nothing has is compared with the titles and items of the
// documents that come nearest, and of those that sound the same: a stretch of the same length in which every character is the
// same or sounds the same, or nearly all are the same, is taken in its place.
func (x *Index) suggest(text string, near scored) ([]string, error) {
	x.readerMu.Lock()
	defer x.readerMu.Unlock()
	out := []string{}
	for _, c := range chunks(text) {
		for _, r := range token.Runs(c.text) {
			if c.barred || r.Class != token.Han || r.Len < 2 || r.Len > 12 || len(out) == maxSuggestions {
				continue
			}
			if l, err := x.load(&plan{clauses: []clause{{[]alternative{{terms: phraseTerms(r)}}}}}); err != nil {
				return nil, err
			} else if len(l.all(alternative{terms: phraseTerms(r), weight: 1}).docs) > 0 {
				continue // this part is well written
			}
			candidates, err := x.soundingLike(r.Text)
			if err != nil {
				return nil, err
			}
			candidates = append(candidates, x.first(near, 10, false)...)
			for _, cand := range candidates {
				d, err := x.document(cand.doc)
				if err != nil {
					return nil, err
				}
				if s := x.resembling([]rune(r.Text), d.Title+" "+d.Item); s != "" {
					if q := strings.Replace(token.FoldText(text), r.Text, s, 1); !slices.Contains(out, q) && q != text && len(out) < maxSuggestions {
						out = append(out, q)
					}
				}
			}
		}
	}
	return out, nil
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

// resembling returns the stretch of a text that resembles the wanted characters but is not the same, or nothing.
func (x *Index) resembling(want []rune, text string) string {
	for _, run := range token.Runs(text) {
		chars := []rune(run.Text)
		for i := 0; i+len(want) <= len(chars); i++ {
			same, sounds := 0, 0
			for k, w := range want {
				switch c := chars[i+k]; {
				case c == w:
					same++
				case slices.ContainsFunc(x.reader.Sounds(c), func(p string) bool { return slices.Contains(x.reader.Sounds(w), p) }):
					sounds++
				}
			}
			other := len(want) - same
			if other > 0 && (sounds == other && len(want) < 4 || sounds == other && same > 0 || len(want) >= 4 && other == 1 || len(want) >= 7 && other == 2) {
				return string(chars[i : i+len(want)])
			}
		}
	}
	return ""
}
