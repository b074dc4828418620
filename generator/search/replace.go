package search

import (
	"encoding/json"
	"errors"
	"slices"

	"gongkai/generator/search/token"
)

// Replacement is a document that is another one now and stands at the same place of the index.
type Replacement struct {
	Place         int
	Before, After *Document
}

// mostReplacements is up to how many documents it pays to look at what became of each.
const mostReplacements = 50

// Replacements returns what the finished index x, of which this Writer was the writer, has in the place of documents of the old one. ok is false where
// that does not describe the difference: where documents came or went, stand at another place, or where what the index knows beside them is another.
func (w *Writer) Replacements(x *Index) (list []Replacement, ok bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.known) != len(w.ids) || !sameMeta(&w.old.Meta, &w.meta) {
		return nil, false, nil
	}
	gone := make([][]string, len(w.old.Parts))
	n := 0
	for id, k := range w.known {
		if !k.kept {
			gone[k.part] = append(gone[k.part], id)
			n++
		}
	}
	if n > mostReplacements {
		return nil, false, nil
	}
	before := map[string]*Document{}
	for i, ids := range gone {
		if len(ids) == 0 {
			continue
		}
		r, err := openPart(w.dir, w.old.Parts[i].Name)
		if err != nil {
			return nil, false, err
		}
		for _, id := range ids {
			d, readErr := r.document(id)
			if readErr != nil {
				err = readErr
				break
			}
			before[d.URL] = d
		}
		if err := errors.Join(err, r.close()); err != nil {
			return nil, false, err
		}
	}
	for place := range x.docs {
		if w.known[x.docs[place].id] != nil {
			continue
		}
		after, err := x.document(uint32(place))
		if err != nil {
			return nil, false, err
		}
		old := before[after.URL]
		if old == nil || !samePlace(old, after) {
			return nil, false, nil
		}
		list = append(list, Replacement{place, old, after})
	}
	return list, len(list) == n, nil
}

// samePlace reports whether a document stands where another one stood: the order of an index is by these.
func samePlace(a, b *Document) bool {
	return a.URL == b.URL && a.Unit == b.Unit && a.Field == b.Field && a.Kind == b.Kind && a.Published == b.Published && a.Void == b.Void
}

func sameMeta(a, b *Meta) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && slices.Equal(x, y)
}

// Levels returns the terms of a document with their levels, as EachTerm gives them: a single Chinese character stands for everything that has it, and
// numbers come with their #.
func Levels(d *Document) map[string]uint8 {
	a := newAnalyser()
	doc := a.analyse(d)
	out := map[string]uint8{}
	for _, f := range doc.fields {
		switch f.name {
		case fieldNumber:
			for term := range f.freqs {
				out[term] = MaxLevel
			}
		case fieldText:
			for term, freq := range f.freqs {
				level := uint8(freq.Frequency())
				for i, r := range term {
					if i == 0 && token.ClassOf(r) == token.Han {
						out[string(r)] = max(out[string(r)], level)
					}
					break
				}
				if !isSingle(term) {
					out[term] = level
				}
			}
		}
	}
	return out
}
