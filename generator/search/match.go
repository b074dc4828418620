package search

import "slices"

// scored is documents by place with what they score.
type scored struct {
	docs   []uint32
	scores []int
}

// loaded is the postings of a plan's terms.
type loaded struct {
	lists map[string]list
	n     int // documents of the index
}

// load reads the postings of all terms of the plans.
func (x *Index) load(plans ...*plan) (*loaded, error) {
	l := &loaded{map[string]list{}, len(x.docs)}
	for _, p := range plans {
		clauses := slices.Clone(p.clauses)
		for _, b := range p.barred {
			clauses = append(clauses, b.clause)
		}
		for _, c := range clauses {
			for _, a := range c.alternatives {
				for _, t := range a.terms {
					if _, have := l.lists[t]; have {
						continue
					}
					p, err := x.postings(t)
					if err != nil {
						return nil, err
					}
					l.lists[t] = p
				}
			}
		}
	}
	return l, nil
}

func (l *loaded) rarity(term string) int { return rarity(l.n, l.lists[term].Len()) }

// all returns the documents that have every term of the alternative.
func (l *loaded) all(a alternative) scored {
	terms := slices.Compact(slices.Sorted(slices.Values(a.terms)))
	if len(terms) == 0 {
		return scored{}
	}
	slices.SortStableFunc(terms, func(s, t string) int { return l.lists[s].Len() - l.lists[t].Len() })
	first := l.lists[terms[0]]
	worth := l.rarity(terms[0]) * a.weight
	out := scored{slices.Clone(first.docs), make([]int, len(first.docs))}
	for i, level := range first.levels {
		out.scores[i] = int(level) * worth
	}
	for _, t := range terms[1:] {
		other, worth := l.lists[t], l.rarity(t)*a.weight
		kept, j := 0, 0
		for i, d := range out.docs {
			j += seek(other.docs[j:], d)
			if j == len(other.docs) {
				break
			}
			if other.docs[j] == d {
				out.docs[kept], out.scores[kept] = d, out.scores[i]+int(other.levels[j])*worth
				kept++
			}
		}
		out.docs, out.scores = out.docs[:kept], out.scores[:kept]
	}
	return out
}

// seek returns how many of the documents, which are in order, come before d.
func seek(docs []uint32, d uint32) int {
	// in steps that double, then by halves: short ways are as quick as a walk, long ones do not touch what lies between
	step := 1
	for step < len(docs) && docs[step-1] < d {
		step *= 2
	}
	lo := step / 2
	n, _ := slices.BinarySearch(docs[lo:min(step, len(docs))], d)
	return lo + n
}

// either returns the documents of both, each with its higher score.
func either(a, b scored) scored {
	if len(a.docs) == 0 {
		return b
	}
	if len(b.docs) == 0 {
		return a
	}
	var out scored
	i, j := 0, 0
	for i < len(a.docs) || j < len(b.docs) {
		switch {
		case j == len(b.docs) || i < len(a.docs) && a.docs[i] < b.docs[j]:
			out.docs, out.scores = append(out.docs, a.docs[i]), append(out.scores, a.scores[i])
			i++
		case i == len(a.docs) || b.docs[j] < a.docs[i]:
			out.docs, out.scores = append(out.docs, b.docs[j]), append(out.scores, b.scores[j])
			j++
		default:
			out.docs, out.scores = append(out.docs, a.docs[i]), append(out.scores, max(a.scores[i], b.scores[j]))
			i++
			j++
		}
	}
	return out
}

// both returns the documents that are in both, with the sum of their scores.
func both(a, b scored) scored {
	var out scored
	j := 0
	for i, d := range a.docs {
		if j += seek(b.docs[j:], d); j == len(b.docs) {
			break
		}
		if b.docs[j] == d {
			out.docs, out.scores = append(out.docs, d), append(out.scores, a.scores[i]+b.scores[j])
		}
	}
	return out
}

// without returns the documents of a that are not in b.
func without(a, b scored) scored {
	var out scored
	j := 0
	for i, d := range a.docs {
		if j += seek(b.docs[j:], d); j < len(b.docs) && b.docs[j] == d {
			continue
		}
		out.docs, out.scores = append(out.docs, d), append(out.scores, a.scores[i])
	}
	return out
}

// match returns the documents of a clause, and which official words found some.
func (l *loaded) match(c clause) (out scored, also []string) {
	for _, a := range c.alternatives {
		m := l.all(a)
		if len(m.docs) > 0 && a.also != "" && !slices.Contains(also, a.also) {
			also = append(also, a.also)
		}
		out = either(out, m)
	}
	return out, also
}

// every returns the documents that meet all clauses of the plan; what it bars is among them.
func (l *loaded) every(p *plan) (out scored, also []string) {
	for i, c := range p.clauses {
		m, words := l.match(c)
		also = merged(also, words)
		if i == 0 {
			out = m
		} else {
			out = both(out, m)
		}
		if len(out.docs) == 0 {
			return scored{}, nil
		}
	}
	return out, also
}

// titled reports whether one of the documents meets every clause of the plan by its title.
func (l *loaded) titled(docs []uint32, p *plan) bool {
	return slices.ContainsFunc(docs, func(d uint32) bool {
		inTitle := func(term string) bool {
			at, found := slices.BinarySearch(l.lists[term].docs, d)
			return found && l.lists[term].levels[at] >= titleLevel
		}
		for _, c := range p.clauses {
			if !slices.ContainsFunc(c.alternatives, func(a alternative) bool {
				return len(a.terms) > 0 && !slices.ContainsFunc(a.terms, func(t string) bool { return !inTitle(t) })
			}) {
				return false
			}
		}
		return true
	})
}

// some returns the documents that meet the weightier part of the clauses, those that meet more of it far higher. A clause that no
// document meets counts by its single terms.
func (l *loaded) some(p *plan) (out scored, also []string) {
	type unit struct {
		scored
		weight int
	}
	var units []unit
	for _, c := range p.clauses {
		c.alternatives = slices.DeleteFunc(slices.Clone(c.alternatives), func(a alternative) bool { return a.terms[0][0] == '=' }) // a name alone says nothing
		m, words := l.match(c)
		if len(m.docs) > 0 {
			weight := 0
			for _, a := range c.alternatives {
				for _, t := range a.terms {
					if l.lists[t].Len() > 0 {
						weight = max(weight, l.rarity(t))
					}
				}
			}
			units = append(units, unit{m, weight})
			also = merged(also, words)
			continue
		}
		for _, t := range c.alternatives[0].terms {
			if m := l.all(alternative{terms: []string{t}, weight: weightTyped}); len(m.docs) > 0 {
				units = append(units, unit{m, l.rarity(t)})
			}
		}
	}
	sum, met := make([]int, l.n), make([]int, l.n)
	total, most := 0, 0
	for _, u := range units {
		total += u.weight
		for i, d := range u.docs {
			sum[d] += u.scores[i]
			met[d] += u.weight
			most = max(most, met[d])
		}
	}
	for d := range sum {
		if met[d] > 0 && met[d]*2 >= most {
			out.docs, out.scores = append(out.docs, uint32(d)), append(out.scores, sum[d]*met[d]/total)
		}
	}
	return out, also
}
