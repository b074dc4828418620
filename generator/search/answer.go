package search

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongkai/generator/search/token"
)

// window is how many documents beyond a page are held against the query's phrases before the rest is taken as it comes.
const window = 10

// Search answers a query. The error wraps ErrQuery where the query is at fault; all else is trouble of the disk.
func (x *Index) Search(q Query) (Result, error) {
	start := time.Now()
	res := Result{Query: q.Text, Page: max(1, q.Page), Also: []string{}, Suggestions: []string{}, Hits: []Hit{}}
	text, err := clean(q.Text)
	if err != nil {
		return res, err
	}
	if q.Sort != "" && q.Sort != "relevance" && q.Sort != "date" {
		return res, fmt.Errorf("%w: no order %q", ErrQuery, q.Sort)
	}
	if q.Page < 0 || q.Page > MaxPage {
		return res, fmt.Errorf("%w: no page %d", ErrQuery, q.Page)
	}
	restricted := q.Unit != "" || q.Field != "" || q.Year != "" || q.Kind != ""
	var o outcome
	switch {
	case token.Joined(text) != "":
		if o, err = x.find(text); err != nil {
			return res, err
		}
		res.Relaxed, res.Also = o.relaxed, append(res.Also, o.also...)
		if o.relaxed {
			if res.Suggestions, err = x.suggest(text, o.found); err != nil {
				return res, err
			}
		}
	case restricted && text == "":
		o.found = x.everything()
		q.Sort = "date"
	default:
		return res, fmt.Errorf("%w: nothing to look for", ErrQuery)
	}
	x.weigh(o.found)
	o.found = below(o.found, o.wider, x.weigh)
	var kept scored
	kept, res.Facets = x.restrict(o.found, q)
	hits, dropped, err := x.page(kept, &o, q.Sort == "date", res.Page)
	if err != nil {
		return res, err
	}
	res.Total = len(kept.docs) - dropped
	res.Pages = min(MaxPage, (res.Total+PageSize-1)/PageSize)
	for _, h := range hits {
		d, err := x.document(h.doc)
		if err != nil {
			return res, err
		}
		res.Hits = append(res.Hits, x.hit(d, h, o.marks))
	}
	res.TookMS = float64(time.Since(start).Microseconds()) / 1000
	return res, nil
}

// outcome is what a query found.
type outcome struct {
	found   scored // documents that have all of the query
	wider   scored // where these are few, documents that have all of its words, if apart
	phrases []phrase
	also    []string
	relaxed bool
	marks   map[string]bool // terms to mark where they stand
}

// find returns the documents that have all of the text and, where they do not fill a page, those that have its words apart. Where none has
// all of it, the answer is relaxed: documents with all of its words and, where these do not fill a page either, those with most of them.
func (x *Index) find(text string) (o outcome, err error) {
	exact, parted := x.strict(text), x.divided(text)
	l, err := x.load(exact.clauses, exact.barred)
	if err != nil {
		return o, err
	}
	o.found, o.also = l.every(&exact)
	o.phrases, o.marks = exact.phrases, marksOf(exact)
	if len(o.found.docs) >= PageSize || len(o.found.docs) > 0 && !exact.loose {
		return o, nil
	}
	if l, err = x.load(parted.clauses, parted.barred); err != nil {
		return o, err
	}
	wider, also := l.every(&parted)
	if len(o.found.docs) > 0 {
		o.wider = without(wider, o.found)
		o.also = merged(o.also, also)
		o.marks = marksOf(exact, parted)
		return o, nil
	}
	o.relaxed = true
	o.found, o.also = wider, also
	o.phrases, o.marks = nil, marksOf(parted)
	if len(wider.docs) < PageSize {
		some, words := l.some(&parted)
		if len(wider.docs) == 0 {
			o.found, o.also = some, words
		} else {
			o.wider, o.also = without(some, wider), merged(also, words)
		}
	}
	return o, nil
}

// below returns the documents of both, those of the second with scores below all of the first.
func below(first, second scored, weigh func(scored)) scored {
	if len(first.docs) == 0 || len(second.docs) == 0 {
		return first
	}
	weigh(second)
	lowest, highest := slices.Min(first.scores), slices.Max(second.scores)
	for i, s := range second.scores {
		second.scores[i] = s * max(0, lowest-1) / max(1, highest)
	}
	return either(first, second)
}

// merged returns the words of both lists, each once.
func merged(a, b []string) []string {
	for _, w := range b {
		if !slices.Contains(a, w) {
			a = append(a, w)
		}
	}
	return a
}

// everything returns all documents.
func (x *Index) everything() scored {
	out := scored{make([]uint32, len(x.docs)), make([]int, len(x.docs))}
	for i := range out.docs {
		out.docs[i] = uint32(i)
	}
	return out
}

// weigh adds what the documents' age is worth: at most a tenth, so that a better match stays above a newer one. What has no date counts as
// a year old; what is no longer in force counts half.
func (x *Index) weigh(m scored) {
	for i, d := range m.docs {
		e := &x.docs[d]
		age := 1
		if e.year != 0 {
			age = min(3, x.newYear-int(e.year))
		}
		m.scores[i] = m.scores[i] * (32 + 3 - age) / 32
		if e.void {
			m.scores[i] /= 2
		}
	}
}

// restrict returns the documents that the query's restrictions leave, and the counts for each of them.
func (x *Index) restrict(m scored, q Query) (kept scored, facets map[string][]Facet) {
	unit, unitKnown := place(x.meta.Units, q.Unit)
	field, fieldKnown := place(x.meta.Fields, q.Field)
	kind := slices.Index(x.kinds, q.Kind) + 1
	year, _ := strconv.Atoi(q.Year)
	impossible := !unitKnown || !fieldKnown || q.Kind != "" && kind == 0 || q.Year != "" && year == 0
	if impossible {
		m = scored{}
	}
	units, fields, kinds := make([]int, len(x.meta.Units)+1), make([]int, len(x.meta.Fields)+1), make([]int, len(x.kinds)+1)
	years := map[int]int{}
	for i, d := range m.docs {
		e := &x.docs[d]
		misses := 0
		var missed string
		miss := func(name string) { misses++; missed = name }
		if q.Unit != "" && int(e.unit) != unit {
			miss("unit")
		}
		if q.Field != "" && int(e.field) != field {
			miss("field")
		}
		if q.Year != "" && int(e.year) != year {
			miss("year")
		}
		if q.Kind != "" && int(e.kind) != kind {
			miss("kind")
		}
		if misses == 0 {
			kept.docs, kept.scores = append(kept.docs, d), append(kept.scores, m.scores[i])
		}
		if misses == 0 || misses == 1 && missed == "unit" {
			units[e.unit]++
		}
		if misses == 0 || misses == 1 && missed == "field" {
			fields[e.field]++
		}
		if misses == 0 || misses == 1 && missed == "year" {
			years[int(e.year)]++
		}
		if misses == 0 || misses == 1 && missed == "kind" {
			kinds[e.kind]++
		}
	}
	facets = map[string][]Facet{"unit": named(units, x.meta.Units), "field": named(fields, x.meta.Fields), "year": {}, "kind": {}}
	for y, n := range years {
		if y != 0 {
			facets["year"] = append(facets["year"], Facet{strconv.Itoa(y), strconv.Itoa(y) + "年", n})
		}
	}
	slices.SortFunc(facets["year"], func(a, b Facet) int { return cmp.Compare(b.Value, a.Value) })
	for i, n := range kinds[1:] {
		if n > 0 {
			facets["kind"] = append(facets["kind"], Facet{x.kinds[i], x.kinds[i], n})
		}
	}
	slices.SortStableFunc(facets["kind"], func(a, b Facet) int { return b.Count - a.Count })
	return kept, facets
}

// place returns the place of a slug from 1, and whether it is there; no slug is always there.
func place(names []Name, slug string) (int, bool) {
	i := slices.IndexFunc(names, func(n Name) bool { return n.Slug == slug })
	return i + 1, i >= 0 || slug == ""
}

func named(counts []int, names []Name) []Facet {
	out := []Facet{}
	for i, n := range counts[1:] {
		if n > 0 {
			out = append(out, Facet{names[i].Slug, names[i].Name, n})
		}
	}
	slices.SortStableFunc(out, func(a, b Facet) int { return b.Count - a.Count })
	return out
}

// ranked is a document with its score.
type ranked struct {
	doc   uint32
	score int
}

// first returns the n best in order: by score, then the newer year, then the order of the portal; or by day, then score.
func (x *Index) first(m scored, n int, byDate bool) []ranked {
	less := func(a, b ranked) int {
		ea, eb := &x.docs[a.doc], &x.docs[b.doc]
		if byDate {
			return cmp.Or(cmp.Compare(eb.day, ea.day), cmp.Compare(b.score, a.score), cmp.Compare(a.doc, b.doc))
		}
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(eb.year, ea.year), cmp.Compare(a.doc, b.doc))
	}
	best := make([]ranked, 0, 2*n)
	for i, d := range m.docs {
		r := ranked{d, m.scores[i]}
		if len(best) >= n && less(best[n-1], r) < 0 {
			continue
		}
		if best = append(best, r); len(best) == 2*n {
			slices.SortFunc(best, less)
			best = best[:n]
		} else if len(best) == n {
			slices.SortFunc(best, less)
		}
	}
	slices.SortFunc(best, less)
	return best[:min(n, len(best))]
}

// page returns the hits of a page. Documents that do not have the query's phrases come after those that have, as far as the window
// reaches; those that lack a quoted one are left out and counted as dropped.
func (x *Index) page(m scored, o *outcome, byDate bool, page int) (hits []ranked, dropped int, err error) {
	need := page * PageSize
	candidates := x.first(m, need+window, byDate)
	if len(o.phrases) > 0 {
		var with, lacking []ranked
		i := 0
		for ; i < len(candidates) && len(with) < need; i++ {
			if _, wider := slices.BinarySearch(o.wider.docs, candidates[i].doc); wider {
				if !byDate {
					break // and so are all that follow
				}
				with = append(with, candidates[i])
				continue
			}
			d, err := x.document(candidates[i].doc)
			if err != nil {
				return nil, 0, err
			}
			switch holds(o.phrases, d) {
			case holdsAll:
				with = append(with, candidates[i])
			case lacksPhrase:
				lacking = append(lacking, candidates[i])
			case lacksQuoted:
				dropped++
			}
		}
		if !byDate {
			candidates = slices.Concat(with, lacking, candidates[i:])
		} else if dropped > 0 {
			candidates = slices.Concat(with, candidates[i:])
		}
	}
	from := min((page-1)*PageSize, len(candidates))
	return candidates[from:min(from+PageSize, len(candidates))], dropped, nil
}

type holding int

const (
	holdsAll holding = iota
	lacksPhrase
	lacksQuoted
)

// maxProof is how many characters of a document's text are held against phrases, and stand in the browser's index: a longer document is
// given the benefit of the doubt.
const maxProof = 2000

// holds reports whether the document has the phrases.
func holds(phrases []phrase, d *Document) holding {
	proof, whole := d.proof()
	out := holdsAll
	for _, ph := range phrases {
		if slices.ContainsFunc(ph.texts, func(t string) bool { return strings.Contains(proof, t) }) || !whole {
			continue
		}
		if ph.strict {
			return lacksQuoted
		}
		out = lacksPhrase
	}
	return out
}

// Excerpt returns the part of the text that is held against phrases and that the browser's index has, its white space joined, and whether
// it is all of the text.
func (d *Document) Excerpt() (text string, whole bool) {
	text = strings.Join(strings.Fields(d.Text), " ")
	n := 0
	for i := range text {
		if n == maxProof {
			return text[:i], false
		}
		n++
	}
	return text, true
}

// proof returns what a document has, folded and without separators, and whether that is all of it.
func (d *Document) proof() (text string, whole bool) {
	body, whole := d.Excerpt()
	parts := []string{d.Title, d.Item, d.IndexNo, d.DocNo, d.Publisher, strings.Join(d.Attachments, " "), body}
	for i, part := range parts {
		parts[i] = token.Joined(part)
	}
	return strings.Join(parts, "\n"), whole
}
