package search

import (
	"slices"
	"strings"

	"gongkai/generator/search/token"
)

// maxExcerpt is how many characters of a document's text stand in the browser's record of it. Phrases that nobody quoted are looked for there only:
// what lies behind is not worth what a browser would have to load.
const maxExcerpt = 2000

// Excerpt returns the part of the text that the browser's record has, its white space joined, and the rest.
func (d *Document) Excerpt() (text, rest string) {
	text = strings.Join(strings.Fields(d.Text), " ")
	n := 0
	for i := range text {
		if n == maxExcerpt {
			return text[:i], text[i:]
		}
		n++
	}
	return text, ""
}

// proof is what a document has, folded and without separators: up to the end of the excerpt, and all of it.
type proof struct{ excerpt, all string }

func newProof(d *Document) *proof {
	body, rest := d.Excerpt()
	parts := []string{d.Title, d.Item, d.IndexNo, d.DocNo, d.Publisher, strings.Join(d.Attachments, " "), body}
	for i, part := range parts {
		parts[i] = token.Joined(part)
	}
	p := &proof{excerpt: strings.Join(parts, "\n")}
	p.all = p.excerpt + token.Joined(rest)
	return p
}

// A prover holds documents against phrases, which terms cannot do. Each document is read once.
type prover struct {
	index  *Index
	loaded *loaded
	known  map[uint32]*proof
}

// has reports whether a document has a phrase.
func (p *prover) has(doc uint32, ph *phrase) (bool, error) {
	if ph.bears != "" {
		if _, bears := slices.BinarySearch(p.loaded.lists[ph.bears].docs, doc); bears {
			return true, nil
		}
	}
	pr := p.known[doc]
	if pr == nil {
		d, err := p.index.document(doc)
		if err != nil {
			return false, err
		}
		pr = newProof(d)
		p.known[doc] = pr
	}
	text := pr.excerpt
	if ph.strict {
		text = pr.all
	}
	return slices.ContainsFunc(ph.texts, func(t string) bool { return strings.Contains(text, t) }), nil
}

// hasAll reports whether a document has all of the phrases that are strict, or all that are not.
func (p *prover) hasAll(doc uint32, phrases []phrase, strict bool) (bool, error) {
	for i := range phrases {
		if phrases[i].strict != strict {
			continue
		}
		if has, err := p.has(doc, &phrases[i]); err != nil || !has {
			return false, err
		}
	}
	return true, nil
}

// strict takes away what lacks a strict phrase.
func (p *prover) strict(m scored, phrases []phrase) (scored, error) {
	if !slices.ContainsFunc(phrases, func(ph phrase) bool { return ph.strict }) {
		return m, nil
	}
	var gone []uint32
	for _, r := range p.index.first(m, maxProofs, false) {
		has, err := p.hasAll(r.doc, phrases, true)
		if err != nil {
			return m, err
		}
		if !has {
			gone = append(gone, r.doc)
		}
	}
	slices.Sort(gone)
	return without(m, scored{docs: gone}), nil
}

// having returns which of the best documents, as many as fill a page, have the phrases that are not strict, or all of the plan in their titles, and
// which do not.
func (p *prover) having(m scored, plan *plan) (having, lacking []uint32, err error) {
	loose := slices.ContainsFunc(plan.phrases, func(ph phrase) bool { return !ph.strict })
	if !loose {
		return m.docs, nil, nil
	}
	for _, r := range p.index.first(m, PageSize, false) {
		has := p.loaded.titled([]uint32{r.doc}, plan)
		if !has {
			if has, err = p.hasAll(r.doc, plan.phrases, false); err != nil {
				return nil, nil, err
			}
		}
		if has {
			having = append(having, r.doc)
		} else {
			lacking = append(lacking, r.doc)
		}
	}
	return having, lacking, nil
}

// barred takes away what the plan bars.
func (p *prover) barred(m scored, plan *plan) (scored, error) {
	for i := range plan.barred {
		b := &plan.barred[i]
		out, _ := p.loaded.match(b.clause)
		if b.text != "" {
			ph := phrase{texts: []string{b.text}, strict: true}
			var spared []uint32
			for _, r := range p.index.first(without(m, without(m, out)), maxProofs, false) {
				has, err := p.has(r.doc, &ph)
				if err != nil {
					return m, err
				}
				if !has {
					spared = append(spared, r.doc)
				}
			}
			slices.Sort(spared)
			out = without(out, scored{docs: spared})
		}
		m = without(m, out)
	}
	return m, nil
}
