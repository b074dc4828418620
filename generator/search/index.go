package search

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"gongkai/generator/parallel"
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
	part, doc         int32 // where its terms are
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
	if err := x.openParts(dir, m, units, fields, kinds); err != nil {
		return nil, errors.Join(err, x.Close())
	}
	x.nameKinds(kinds)
	x.order()
	x.words, x.longest = vocabulary(&m.Meta, x.reader)
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

// openParts opens the parts and reads what is known of their documents. kinds gets a number for each kind.
func (x *Index) openParts(dir string, m *manifest, units, fields, kinds map[string]uint16) error {
	x.parts = make([]openedPart, len(m.Parts))
	found, kindsOf, errs := make([][]entry, len(m.Parts)), make([][]string, len(m.Parts)), make([]error, len(m.Parts))
	parallel.Each(2, len(m.Parts), func(_, i int) {
		r, err := openPart(dir, m.Parts[i].Name)
		if err != nil {
			errs[i] = err
			return
		}
		x.parts[i] = openedPart{partReader: r, ordinal: make([]int32, r.docs)}
		entries := make([]entry, r.docs)
		kindsOf[i] = make([]string, r.docs)
		errs[i] = errors.Join(
			r.eachID(func(id string, doc uint32) {
				entries[doc].id, entries[doc].part, entries[doc].doc = id, int32(i), int32(doc)
			}),
			r.eachTerm(fieldUnit, func(t string, doc uint32) { entries[doc].unit = units[t] }),
			r.eachTerm(fieldField, func(t string, doc uint32) { entries[doc].field = fields[t] }),
			r.eachTerm(fieldVoid, func(_ string, doc uint32) { entries[doc].void = true }),
			r.eachTerm(fieldKind, func(t string, doc uint32) { kindsOf[i][doc] = t }),
			r.eachTerm(fieldDay, func(t string, doc uint32) {
				if n, err := strconv.Atoi(strings.ReplaceAll(t, "-", "")); err == nil {
					entries[doc].day, entries[doc].year = int32(n), uint16(n/10000)
				}
			}),
		)
		found[i] = entries
	})
	if err := errors.Join(errs...); err != nil {
		return err
	}
	for i, entries := range found {
		for doc := range entries {
			e := &entries[doc]
			x.parts[i].ordinal[doc] = -1
			if _, dead := slices.BinarySearch(m.Parts[i].Dead, e.id); dead {
				continue
			}
			if t := kindsOf[i][doc]; t != "" {
				if kinds[t] == 0 {
					kinds[t] = uint16(len(kinds) + 1)
				}
				e.kind = kinds[t]
			}
			x.docs = append(x.docs, *e)
		}
	}
	return nil
}

// order sorts the documents and tells the parts their places.
func (x *Index) order() {
	slices.SortFunc(x.docs, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.field, b.field), cmp.Compare(a.unit, b.unit), cmp.Compare(b.year, a.year), cmp.Compare(a.kind, b.kind),
			cmp.Compare(b.day, a.day), cmp.Compare(a.id, b.id))
	})
	for place := range x.docs {
		e := &x.docs[place]
		x.parts[e.part].ordinal[e.doc] = int32(place)
		x.newYear = max(x.newYear, int(e.year))
	}
}

// Close gives the files back. It must not be called while a query is answered.
func (x *Index) Close() error {
	var errs []error
	for _, p := range x.parts {
		if p.partReader != nil {
			errs = append(errs, p.close())
		}
	}
	return errors.Join(errs...)
}

// Unmap gives back the memory into which the index was mapped, as far as it was read. Nobody may be reading.
func (x *Index) Unmap() error {
	for _, p := range x.parts {
		if err := p.again(); err != nil {
			return err
		}
	}
	return nil
}

// IDs returns the identifiers of the documents in the order of their places.
func (x *Index) IDs() []string {
	out := make([]string, len(x.docs))
	for i := range x.docs {
		out[i] = x.docs[i].id
	}
	return out
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
// begins with # or =, of what bears the number or the name.
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
		case inNumbers(term):
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
		if inNumbers(term) {
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

// inNumbers reports whether a term is a number or a name, of fieldNumber.
func inNumbers(term string) bool { return strings.HasPrefix(term, "#") || strings.HasPrefix(term, "=") }

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
