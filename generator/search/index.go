package search

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"gongkai/generator/search/token"
)

// Index answers queries. It is safe for several goroutines.
type Index struct {
	id       string
	meta     Meta
	parts    []openedPart
	docs     []entry // in the order of the portal: unit, field, year from new to old, kind, day, address
	kinds    []string
	newYear  int // of the newest document
	words    map[string]*word
	longest  int // characters of the longest word
	reader   *token.Reader
	readerMu sync.Mutex

	mu    sync.Mutex
	cache map[string]list // postings read lately
	spent int             // bytes of cache
}

type openedPart struct {
	*partReader
	ordinal []int32 // number in the part -> place in docs, or -1
}

// entry is what is known of every document without reading it. The numbers are places in Meta's lists, from 1; 0 stands for none.
type entry struct {
	id                string
	unit, field, kind uint16
	year              uint16 // 0: undated
	day               int32  // 20221012; 0: undated
	void              bool
	part              int32
}

func (e *entry) url() string {
	url, _, _ := strings.Cut(e.id, "\x00")
	return url
}

// Open opens the index for reading.
func Open(dir, id string) (*Index, error) {
	m, err := readManifest(dir, id)
	if err != nil {
		return nil, err
	}
	x := &Index{id: id, meta: m.Meta, cache: map[string]list{}, reader: token.NewReader()}
	numbers := func(names []Name) map[string]uint16 {
		out := map[string]uint16{}
		for i, n := range names {
			out[n.Slug] = uint16(i + 1)
		}
		return out
	}
	units, fields, kinds := numbers(m.Meta.Units), numbers(m.Meta.Fields), map[string]uint16{}
	for i, p := range m.Parts {
		r, err := openPart(dir, p.Name)
		if err != nil {
			return nil, errors.Join(err, x.Close())
		}
		x.parts = append(x.parts, openedPart{partReader: r})
		entries := make([]entry, r.docs)
		err = errors.Join(
			r.eachID(func(id string, doc uint32) { entries[doc].id, entries[doc].part = id, int32(i) }),
			r.eachTerm(fieldUnit, func(t string, doc uint32) { entries[doc].unit = units[t] }),
			r.eachTerm(fieldField, func(t string, doc uint32) { entries[doc].field = fields[t] }),
			r.eachTerm(fieldVoid, func(_ string, doc uint32) { entries[doc].void = true }),
			r.eachTerm(fieldKind, func(t string, doc uint32) {
				if kinds[t] == 0 {
					kinds[t] = uint16(len(kinds) + 1)
				}
				entries[doc].kind = kinds[t]
			}),
			r.eachTerm(fieldDay, func(t string, doc uint32) {
				if n, err := strconv.Atoi(strings.ReplaceAll(t, "-", "")); err == nil {
					entries[doc].day, entries[doc].year = int32(n), uint16(n/10000)
				}
			}),
		)
		if err != nil {
			return nil, errors.Join(err, x.Close())
		}
		for _, e := range entries {
			if _, dead := slices.BinarySearch(p.Dead, e.id); !dead {
				x.docs = append(x.docs, e)
			}
		}
	}
	x.nameKinds(kinds)
	if err := x.order(); err != nil {
		return nil, errors.Join(err, x.Close())
	}
	x.words, x.longest = vocabulary(&m.Meta)
	return x, nil
}

// nameKinds numbers the kinds in the order of their names, which does not depend on the order of the parts.
func (x *Index) nameKinds(numbers map[string]uint16) {
	for k := range numbers {
		x.kinds = append(x.kinds, k)
	}
	slices.Sort(x.kinds)
	renumber := make([]uint16, len(numbers)+1)
	for i, k := range x.kinds {
		renumber[numbers[k]] = uint16(i + 1)
	}
	for i := range x.docs {
		x.docs[i].kind = renumber[x.docs[i].kind]
	}
}

// order sorts the documents and tells the parts their places.
func (x *Index) order() error {
	slices.SortFunc(x.docs, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.field, b.field), cmp.Compare(a.unit, b.unit), cmp.Compare(b.year, a.year), cmp.Compare(a.kind, b.kind),
			cmp.Compare(b.day, a.day), cmp.Compare(a.id, b.id))
	})
	places := make(map[string]int32, len(x.docs))
	for i := range x.docs {
		places[x.docs[i].id] = int32(i)
		x.newYear = max(x.newYear, int(x.docs[i].year))
	}
	for i := range x.parts {
		p := &x.parts[i]
		p.ordinal = make([]int32, p.docs)
		err := p.eachID(func(id string, doc uint32) {
			if place, live := places[id]; live {
				p.ordinal[doc] = place
			} else {
				p.ordinal[doc] = -1
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Close gives the files back. It must not be called while a query is answered.
func (x *Index) Close() error {
	var errs []error
	for _, p := range x.parts {
		errs = append(errs, p.close())
	}
	return errors.Join(errs...)
}

// Len returns how many documents can be found.
func (x *Index) Len() int { return len(x.docs) }

// list is the documents of a term, by place, with the term's levels.
type list struct {
	docs   []uint32
	levels []uint8
}

func (l list) Len() int { return len(l.docs) }

// cacheBytes is how much of the postings is kept in memory.
const cacheBytes = 24 << 20

// postings returns the documents of a term: of a pair or a word; of everything that has a single Chinese character; or, where it
// begins with #, of what bears the number.
func (x *Index) postings(term string) (list, error) {
	x.mu.Lock()
	l, ok := x.cache[term]
	x.mu.Unlock()
	if ok {
		return l, nil
	}
	l, err := x.readPostings(term)
	if err != nil {
		return list{}, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.spent += len(term) + 64 + 5*cap(l.docs); x.spent > cacheBytes {
		clear(x.cache)
		x.spent = 0
	}
	x.cache[term] = l
	return l, nil
}

func (x *Index) readPostings(term string) (list, error) {
	packed := make([]uint64, 0, 64)
	for i := range x.parts {
		p := &x.parts[i]
		add := func(field, term string) error {
			return p.postings(field, term, field == fieldText, func(doc uint32, freq int) {
				if o := p.ordinal[doc]; o >= 0 {
					packed = append(packed, uint64(o)<<8|uint64(freq))
				}
			})
		}
		var err error
		switch {
		case strings.HasPrefix(term, "#"):
			err = add(fieldNumber, term)
		case isSingle(term):
			err = p.dictionary(fieldText, term, func(t string) error { return add(fieldText, t) })
		default:
			err = add(fieldText, term)
		}
		if err != nil {
			return list{}, err
		}
	}
	if !slices.IsSorted(packed) {
		slices.Sort(packed)
	}
	l := list{make([]uint32, 0, len(packed)), make([]uint8, 0, len(packed))}
	for i, v := range packed {
		level := uint8(v)
		if strings.HasPrefix(term, "#") {
			level = MaxLevel
		}
		if i > 0 && v>>8 == packed[i-1]>>8 { // the highest level comes last
			l.levels[len(l.levels)-1] = level
			continue
		}
		l.docs = append(l.docs, uint32(v>>8))
		l.levels = append(l.levels, level)
	}
	return l, nil
}

// isSingle reports whether a term is one Chinese character.
func isSingle(term string) bool {
	for i, r := range term {
		if i > 0 || token.ClassOf(r) != token.Han {
			return false
		}
	}
	return term != ""
}

// document reads a document.
func (x *Index) document(place uint32) (*Document, error) {
	e := &x.docs[place]
	return x.parts[e.part].document(e.id)
}

// rarity is what a term of df documents among n is worth, in sixteenths of a bit: the inverse document frequency of BM25.
func rarity(n, df int) int {
	return int(math.Round(16 * math.Log2(1+(float64(n-df)+0.5)/(float64(df)+0.5))))
}
