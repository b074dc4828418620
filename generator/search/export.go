package search

import (
	"cmp"
	"container/heap"
	"maps"
	"slices"
	"unicode/utf8"

	index "github.com/blevesearch/bleve_index_api"

	"gongkai/generator/parallel"
	"gongkai/generator/search/token"
)

// Entry is what is known of a document without reading it: places in the lists of Meta and Kinds, from 1, 0 for none.
type Entry struct {
	Unit, Field, Kind int
	Day               int // 20221012; 0 where undated
	Void              bool
}

// Entry returns what is known of the document at a place.
func (x *Index) Entry(place int) Entry {
	e := &x.docs[place]
	return Entry{int(e.unit), int(e.field), int(e.kind), int(e.day), e.void}
}

// Meta returns what the index knows beside its documents.
func (x *Index) Meta() *Meta { return &x.meta }

// Kinds returns the kinds of documents in the order of their numbers.
func (x *Index) Kinds() []string { return x.kinds }

// Document reads the document at a place.
func (x *Index) Document(place int) (*Document, error) { return x.document(uint32(place)) }

// EachTerm calls yield for each term with the places of its documents and its levels, which are to be used before it returns. A single
// Chinese character stands for everything that has it; numbers come with their #, names with their =. Terms come in no order, several at once.
func (x *Index) EachTerm(workers int, yield func(worker int, term string, docs []uint32, levels []uint8) error) error {
	// the dictionary in stretches of about the same size: Chinese characters by their first byte and a half
	bounds := []string{"", "0", "a", "~"}
	for r := rune(0x4E00); r < 0xA000; r += 0x200 {
		bounds = append(bounds, string(r))
	}
	bounds = append(bounds, string(rune(0xA000)), "\xff\xff\xff\xff")
	errs := make([]error, len(bounds)-1)
	parallel.Each(workers, len(errs), func(w, i int) {
		errs[i] = x.termsBetween(fieldText, bounds[i], bounds[i+1], func(term string, docs []uint32, levels []uint8) error { return yield(w, term, docs, levels) })
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return x.termsBetween(fieldNumber, "", "\xff", func(term string, docs []uint32, levels []uint8) error { return yield(0, term, docs, levels) })
}

// cursor walks the dictionary of one part.
type cursor struct {
	part *openedPart
	dict index.FieldDict
	term string
}

func (c *cursor) next() (more bool, err error) {
	e, err := c.dict.Next()
	if err != nil || e == nil {
		return false, err
	}
	c.term = e.Term
	return true, nil
}

type cursors []*cursor

func (c cursors) Len() int           { return len(c) }
func (c cursors) Less(i, j int) bool { return c[i].term < c[j].term }
func (c cursors) Swap(i, j int)      { c[i], c[j] = c[j], c[i] }
func (c *cursors) Push(v any)        { *c = append(*c, v.(*cursor)) }
func (c *cursors) Pop() any {
	last := (*c)[len(*c)-1]
	*c = (*c)[:len(*c)-1]
	return last
}

// termsBetween calls yield for the terms of a field from one to below another, in order.
func (x *Index) termsBetween(field, from, to string, yield func(term string, docs []uint32, levels []uint8) error) error {
	var queue cursors
	defer func() {
		for _, c := range queue {
			_ = c.dict.Close()
		}
	}()
	for i := range x.parts {
		dict, err := x.parts[i].reader.FieldDictRange(field, []byte(from), []byte(to))
		if err != nil {
			return err
		}
		c := &cursor{part: &x.parts[i], dict: dict}
		if more, err := c.next(); err != nil || !more {
			_ = dict.Close()
			if err != nil {
				return err
			}
			continue
		}
		queue = append(queue, c)
	}
	heap.Init(&queue)
	u := &union{highest: make([]uint8, len(x.docs)), yield: yield}
	var packed []uint64
	var l list
	for len(queue) > 0 && queue[0].term < to {
		term := queue[0].term
		packed = packed[:0]
		for len(queue) > 0 && queue[0].term == term {
			c := queue[0]
			err := c.part.postings(field, term, true, func(doc uint32, freq int) {
				if field == fieldNumber {
					freq = MaxLevel
				}
				if o := c.part.ordinal[doc]; o >= 0 {
					packed = append(packed, uint64(o)<<8|uint64(freq))
				}
			})
			if err != nil {
				return err
			}
			more, err := c.next()
			if err != nil {
				return err
			}
			if more {
				heap.Fix(&queue, 0)
			} else {
				_ = c.dict.Close()
				heap.Pop(&queue)
			}
		}
		if len(packed) == 0 {
			continue
		}
		if !slices.IsSorted(packed) {
			slices.Sort(packed)
		}
		l.docs, l.levels = l.docs[:0], l.levels[:0]
		for _, v := range packed {
			l.docs, l.levels = append(l.docs, uint32(v>>8)), append(l.levels, uint8(v))
		}
		single, err := u.add(term, l)
		if err != nil {
			return err
		}
		if !single {
			if err := yield(term, l.docs, l.levels); err != nil {
				return err
			}
		}
	}
	return u.flush()
}

// union collects everything that a Chinese character stands in while the terms that begin with it pass.
type union struct {
	char    rune
	highest []uint8 // by place
	docs    []uint32
	levels  []uint8
	yield   func(term string, docs []uint32, levels []uint8) error
}

// add takes the postings of a term and reports whether the term is a single character, whose postings are the union's.
func (u *union) add(term string, l list) (single bool, err error) {
	r, size := utf8.DecodeRuneInString(term)
	if token.ClassOf(r) != token.Han {
		return false, nil
	}
	if r != u.char {
		if err := u.flush(); err != nil {
			return false, err
		}
		u.char = r
	}
	for i, d := range l.docs {
		if u.highest[d] == 0 {
			u.docs = append(u.docs, d)
		}
		u.highest[d] = max(u.highest[d], l.levels[i])
	}
	return size == len(term), nil
}

func (u *union) flush() error {
	if len(u.docs) == 0 {
		return nil
	}
	slices.SortFunc(u.docs, func(a, b uint32) int { return cmp.Compare(a, b) })
	u.levels = u.levels[:0]
	for _, d := range u.docs {
		u.levels = append(u.levels, u.highest[d])
		u.highest[d] = 0
	}
	err := u.yield(string(u.char), u.docs, u.levels)
	u.docs = u.docs[:0]
	return err
}

// Meaning is what words of citizens lead to, and its terms: several of them, in order, each once.
type Meaning struct {
	Text  string
	Terms []string
}

// Meanings returns what the synonyms lead to that has several terms, in order.
func (m *Meta) Meanings() []Meaning {
	terms := map[string][]string{}
	for _, g := range m.Synonyms.Groups {
		for _, s := range slices.Concat(g.Official, g.Same) {
			s = token.Joined(s)
			var distinct []string
			for _, t := range termsOf(s) {
				if !slices.Contains(distinct, t) {
					distinct = append(distinct, t)
				}
			}
			if len(distinct) > 1 {
				terms[s] = distinct
			}
		}
	}
	var out []Meaning
	for _, s := range slices.Sorted(maps.Keys(terms)) {
		out = append(out, Meaning{s, terms[s]})
	}
	return out
}

// URL returns the address of the document at a place.
func (x *Index) URL(place int) string { return x.docs[place].url() }

// NewYear returns the year of the newest document.
func (x *Index) NewYear() int { return x.newYear }

// ID returns the index's identifier.
func (x *Index) ID() string { return x.id }

// EachWord calls yield for each word that queries are taken apart by, in the order of the words: what a search for it looks for as well, that it
// is to be ignored, or that it is the name of a unit or a field.
func (x *Index) EachWord(yield func(word string, also []string, ignore, name bool)) {
	for _, text := range slices.Sorted(maps.Keys(x.words)) {
		w := x.words[text]
		yield(text, w.also, w.ignore, w.name)
	}
}

// LongestWord returns how many characters the longest of these words has.
func (x *Index) LongestWord() int { return x.longest }
