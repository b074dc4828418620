package search

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gongkai/generator/search/token"
)

// maxProofs is how many documents are held against what is quoted, a number, or barred: the best, where terms find more. Those beyond it count as
// the terms say.
const maxProofs = 200

// Search answers a query. The error wraps ErrQuery where the query is at fault; all else is trouble of the disk.
func (x *Index) Search(q Query) (Result, error) {
	res := Result{Query: q.Text, Page: max(1, q.Page), Also: []string{}, Suggestions: []string{}, Hits: []Hit{}}
	text, err := clean(q.Text)
	if err != nil {
		return res, err
	}
	if q.Sort != "" && q.Sort != "relevance" && q.Sort != "date" {
		return res, fmt.Errorf("%w: %q", ErrSort, q.Sort)
	}
	if q.Page < 0 || q.Page > MaxPage {
		return res, fmt.Errorf("%w: %d", ErrPage, q.Page)
	}
	restricted := q.Unit != "" || q.Field != "" || q.Year != "" || q.Kind != ""
	var o outcome
	switch {
	case token.Joined(text) != "":
		if o, err = x.find(text); err != nil {
			return res, err
		}
		res.Relaxed, res.Also = o.relaxed, append(res.Also, o.also...)
		if o.missing {
			if res.Suggestions, err = x.suggest(text, o.found); err != nil {
				return res, err
			}
		}
	case restricted && text == "":
		o.found = x.weighed(x.everything())
		q.Sort = "date"
	default:
		return res, fmt.Errorf("%w: nothing to look for", ErrQuery)
	}
	var kept scored
	kept, res.Facets = x.restrict(o.found, q)
	res.Total = len(kept.docs)
	res.Pages = min(MaxPage, (res.Total+PageSize-1)/PageSize)
	hits := x.first(kept, res.Page*PageSize, q.Sort == "date")
	hits = hits[min((res.Page-1)*PageSize, len(hits)):]
	for _, h := range hits {
		d, err := x.document(h.doc)
		if err != nil {
			return res, err
		}
		res.Hits = append(res.Hits, x.hit(d, h, o.marks))
	}
	return res, nil
}

// outcome is what a query found.
type outcome struct {
	found   scored
	also    []string
	relaxed bool            // some have only parts of the query
	missing bool            // one of the words nothing has: it may be misspelt
	marks   map[string]bool // terms to mark where they stand
}

// find returns the documents that have all of the text as it stands and, where they do not fill a page, below them those that have its words
// apart. Where even these do not, and none has all words in its title, those with most of the words are found with them, and the answer is
// relaxed. Of a number alone no part is an answer.
func (x *Index) find(text string) (o outcome, err error) {
	exact, parted := x.strict(text), x.divided(text)
	l, err := x.load(&exact, &parted)
	if err != nil {
		return o, err
	}
	p := &prover{index: x, loaded: l, known: map[uint32]*proof{}}
	var all scored
	all, o.also = l.every(&exact)
	o.marks = marksOf(exact)
	if all, err = p.barred(x.weighed(all), &exact); err != nil {
		return o, err
	}
	if all, err = p.strict(all, exact.phrases); err != nil {
		return o, err
	}
	having, lacking, err := p.having(all, &exact)
	if err != nil {
		return o, err
	}
	if len(having) >= PageSize || exact.number || len(all.docs) > 0 && !exact.loose {
		o.found = demoted(all, having, lacking)
		return o, nil
	}
	words, also := l.every(&parted)
	if words, err = p.barred(x.weighed(words), &parted); err != nil {
		return o, err
	}
	o.found = only(all, having)
	whole := o.found
	o.found = below(whole, without(either(words, without(all, words)), whole))
	o.also, o.marks = merged(o.also, also), marksOf(exact, parted)
	o.missing = len(o.found.docs) == 0 && slices.ContainsFunc(parted.clauses, func(c clause) bool {
		m, _ := l.match(c)
		return len(m.docs) == 0
	})
	o.relaxed = !exact.loose // what is quoted nothing has
	if len(o.found.docs) >= PageSize || l.titled(o.found.docs, &parted) {
		return o, nil
	}
	some, also := l.some(&parted)
	if some, err = p.barred(x.weighed(some), &parted); err != nil {
		return o, err
	}
	if rest := without(some, o.found); len(rest.docs) > 0 {
		o.relaxed, o.also = true, merged(o.also, also)
		o.found = below(whole, either(without(some, whole), without(o.found, some)))
	}
	return o, nil
}

// demoted gives those that lack a phrase scores below those that have it.
func demoted(m scored, having, lacking []uint32) scored {
	if len(having) == 0 || len(lacking) == 0 {
		return m
	}
	lowest := slices.Min(only(m, having).scores)
	for i, d := range m.docs {
		if slices.Contains(lacking, d) {
			m.scores[i] = min(m.scores[i], max(0, lowest-1))
		}
	}
	return m
}

// only returns the documents of m that are listed.
func only(m scored, docs []uint32) (out scored) {
	for i, d := range m.docs {
		if slices.Contains(docs, d) {
			out.docs, out.scores = append(out.docs, d), append(out.scores, m.scores[i])
		}
	}
	return out
}

// below returns the documents of both, those of the second with scores below all of the first.
func below(first, second scored) scored {
	if len(first.docs) == 0 {
		return second
	}
	if len(second.docs) == 0 {
		return first
	}
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

// weighed adds what the documents' age is worth: at most a tenth, so that a better match stays above a newer one. What has no date counts as
// a year old; what is no longer in force counts half.
func (x *Index) weighed(m scored) scored {
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
	return m
}

// restrict returns the documents that the query's restrictions leave, and the counts for each of them.
func (x *Index) restrict(m scored, q Query) (kept scored, facets map[string][]Facet) {
	unit, unitKnown := place(x.meta.Units, q.Unit)
	field, fieldKnown := place(x.meta.Fields, q.Field)
	kind := slices.Index(x.kinds, q.Kind) + 1
	year := 0
	if digits := strings.Trim(q.Year, "0123456789") == ""; digits && len(q.Year) <= 4 {
		year, _ = strconv.Atoi(q.Year)
	}
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
	facets = map[string][]Facet{"unit": named(units, x.meta.Units, unit), "field": named(fields, x.meta.Fields, field), "year": {}, "kind": {}}
	if year > 0 {
		years[year] += 0 // what is chosen is named even where nothing is left
	}
	for y, n := range years {
		if y != 0 {
			facets["year"] = append(facets["year"], Facet{strconv.Itoa(y), strconv.Itoa(y) + "年", n})
		}
	}
	slices.SortFunc(facets["year"], func(a, b Facet) int { return cmp.Compare(b.Value, a.Value) })
	for i, n := range kinds[1:] {
		if n > 0 || i+1 == kind {
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

// named returns the counts that are not zero, and that of what is chosen.
func named(counts []int, names []Name, chosen int) []Facet {
	out := []Facet{}
	for i, n := range counts[1:] {
		if n > 0 || i+1 == chosen {
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
