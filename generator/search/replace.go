package search

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"gongkai/generator/search/token"
)

// Replacement is a document that is another one now and stands at the same place of the index.
type Replacement struct {
	Place         int
	ID            string // of the document that is there now
	Before, After *Document
}

// mostReplacements is up to how many documents it pays to look at what became of each.
const mostReplacements = 50

// Replacements returns what the finished index has in the place of documents of the old one, whose identifiers are given in the order of their places. ok is
// false where that does not describe the difference: where documents came or went, stand at another place, or where what the index knows beside them is
// another.
func (w *Writer) Replacements(old []string) (list []Replacement, ok bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.known) != len(w.ids) || len(old) != len(w.ids) || len(w.added) > mostReplacements || !sameMeta(&w.old.Meta, &w.meta) {
		return nil, false, nil
	}
	after := map[string]*Document{}
	for i := range w.added {
		after[w.added[i].URL] = &w.added[i]
	}
	for place, id := range old {
		k := w.known[id]
		if k == nil {
			return nil, false, nil
		}
		if k.kept {
			continue
		}
		before, err := w.oldDocument(id, k)
		if err != nil {
			return nil, false, err
		}
		now := after[before.URL]
		if now == nil || !samePlace(before, now) {
			return nil, false, nil
		}
		newID, _ := now.id()
		list = append(list, Replacement{place, newID, before, now})
	}
	return list, len(list) == len(w.added), nil
}

// oldDocument reads a document of the old index.
func (w *Writer) oldDocument(id string, k *known) (*Document, error) {
	if err := w.locate([]string{id}); err != nil {
		return nil, err
	}
	r, err := openPart(w.dir, w.old.Parts[k.part].Name)
	if err != nil {
		return nil, err
	}
	d, err := r.document(id)
	return d, errors.Join(err, r.close())
}

// locate finds out which parts have documents of the old index, where that is not known yet.
func (w *Writer) locate(ids []string) error {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return w.known[id].part >= 0 })
	for i := 0; i < len(w.old.Parts) && len(ids) > 0; i++ {
		r, err := openPart(w.dir, w.old.Parts[i].Name)
		if err != nil {
			return err
		}
		ids = slices.DeleteFunc(ids, func(id string) bool {
			if _, dead := slices.BinarySearch(w.old.Parts[i].Dead, id); dead {
				return false // it came again later, in another part
			}
			has, readErr := r.has(id)
			if readErr != nil {
				err = readErr
			}
			if has {
				w.known[id].part = i
			}
			return has
		})
		if err := errors.Join(err, r.close()); err != nil {
			return err
		}
	}
	if len(ids) > 0 {
		return fmt.Errorf("search: %w: %s is in no part", ErrOutdated, ids[0])
	}
	return nil
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
				if first, _ := utf8.DecodeRuneInString(term); token.ClassOf(first) == token.Han {
					out[string(first)] = max(out[string(first)], level)
				}
				if !isSingle(term) {
					out[term] = level
				}
			}
		}
	}
	return out
}
