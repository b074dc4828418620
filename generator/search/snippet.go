package search

import (
	"html"
	"strings"

	"gongkai/generator/search/token"
)

// snippetLength is how many characters of the text a snippet has.
const snippetLength = 90

// lead is how many characters stand before the first mark of a snippet.
const lead = 12

// marksOf returns the terms that are marked where they stand.
func marksOf(plans ...plan) map[string]bool {
	out := map[string]bool{}
	for _, p := range plans {
		for _, c := range p.clauses {
			for _, a := range c.alternatives {
				for _, t := range a.terms {
					if !strings.ContainsRune("~#=^", rune(t[0])) {
						out[t] = true
					}
				}
			}
		}
	}
	return out
}

// marked reports for each character whether a term stands there.
func marked(chars []rune, terms map[string]bool) []bool {
	out := make([]bool, len(chars))
	if len(terms) == 0 {
		return out
	}
	// places has those that are seen
	var folded []rune
	var places []int
	for i, r := range chars {
		if r = token.Fold(r); token.ClassOf(r) != token.Unseen {
			folded, places = append(folded, r), append(places, i)
		}
	}
	mark := func(from, to int) {
		for i := places[from]; i <= places[to-1]; i++ {
			out[i] = true
		}
	}
	has := func(from, to int) bool { return to <= len(folded) && terms[string(folded[from:to])] }
	for i := 0; i < len(folded); i++ {
		switch token.ClassOf(folded[i]) {
		case token.Han:
			if has(i, i+1) {
				mark(i, i+1)
			}
			if i+1 < len(folded) && token.ClassOf(folded[i+1]) == token.Han && has(i, i+2) {
				mark(i, i+2)
			}
		case token.Word:
			end := i + 1
			for end < len(folded) && end-i < token.MaxWord && token.ClassOf(folded[end]) == token.Word {
				end++
			}
			if has(i, end) {
				mark(i, end)
			}
			if has(i, end+1) { // 10月
				mark(i, end+1)
			}
			if i > 0 && has(i-1, end) { // 第3
				mark(i-1, end)
			}
			i = end - 1
		}
	}
	return out
}

// markup returns the characters as HTML, what is marked in mark elements.
func markup(chars []rune, marks []bool) string {
	var b strings.Builder
	for i := 0; i < len(chars); {
		end := i + 1
		for end < len(chars) && marks[end] == marks[i] {
			end++
		}
		text := html.EscapeString(string(chars[i:end]))
		if marks[i] {
			text = "<mark>" + text + "</mark>"
		}
		b.WriteString(text)
		i = end
	}
	return b.String()
}

// snippet returns the stretch of a text that has most marks, as HTML.
func snippet(text string, terms map[string]bool) string {
	chars := []rune(strings.Join(strings.Fields(text), " "))
	marks := marked(chars, terms)
	// the stretch with most marks, the first of several
	best, most, n := 0, 0, 0
	for i := range chars {
		if marks[i] {
			n++
		}
		if i >= snippetLength && marks[i-snippetLength] {
			n--
		}
		if n > most {
			best, most = max(0, i-snippetLength+1), n
		}
	}
	for best < len(chars) && most > 0 && !marks[best] {
		best++
	}
	from := max(0, best-lead)
	to := min(len(chars), from+snippetLength)
	out := markup(chars[from:to], marks[from:to])
	if from > 0 {
		out = "…" + out
	}
	if to < len(chars) {
		out += "…"
	}
	return out
}

// hit returns what an answer shows of a document.
func (x *Index) hit(d *Document, r ranked, terms map[string]bool) Hit {
	h := Hit{URL: d.URL, Title: d.Title, Unit: d.Unit, Field: d.Field, Item: d.Item, Date: day(d.Published), Kind: d.Kind, Score: r.score, Snippet: snippet(d.Text, terms)}
	title := []rune(d.Title)
	h.TitleHTML = markup(title, marked(title, terms))
	e := &x.docs[r.doc]
	if e.unit > 0 {
		h.UnitName = x.meta.Units[e.unit-1].Name
	}
	if e.field > 0 {
		h.FieldName = x.meta.Fields[e.field-1].Name
	}
	return h
}
