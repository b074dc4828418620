package search

import (
	"math"
	"slices"
	"unicode/utf8"

	index "github.com/blevesearch/bleve_index_api"

	"gongkai/generator/search/token"
)

// The fields of the index. fieldText has every term of a document with its level as frequency; fieldNumber the document's own index
// and document number after #, and of a unit or a field its name after =; fieldRecord is stored only; the others have one term each, to restrict and to count by.
const (
	fieldText   = "text"
	fieldNumber = "number"
	fieldUnit   = "unit"
	fieldField  = "field"
	fieldKind   = "kind"
	fieldDay    = "day"
	fieldVoid   = "void"
	fieldRecord = "record"
)

// Levels are what a term is worth to a document, from 1 to MaxLevel. Those from titleLevel on are terms of its title.
const (
	MaxLevel   = 15
	titleLevel = 12
)

// The weights of BM25F: a term in the item's name, a heading or an attachment's name counts as much as several in the text. The average
// length is a constant, not the index's own, so that a document's levels do not depend on other documents, and a changed index equals
// a new one.
const (
	weightItem       = 3.0
	weightHeading    = 2.0
	weightAttachment = 1.5
	saturation       = 1.2   // k1
	lengthShare      = 0.75  // b
	averageLength    = 400.0 // characters
)

// weights collects where a term stands.
type weights struct {
	title bool
	zones float64 // item, headings, attachments
	text  float64
}

func (w weights) level(norm float64) int {
	s := w.zones + w.text/norm
	if w.title {
		return titleLevel + int(math.Min(3, 4*s/(s+saturation)))
	}
	return 1 + int((titleLevel-1.01)*s/(s+saturation))
}

// analyser turns documents into what Bleve indexes. It remembers strings and is not for several goroutines at once.
type analyser struct {
	reader *token.Reader
	pairs  map[uint64]string // two characters -> the term
	words  map[string]string
	seam   []byte // of a word and a character, while it is put together
	terms  map[string]*weights
	spare  [][]weights // used again for each document
	used   int
	free   []index.TokenFrequencies
	levels [MaxLevel + 1]*index.TokenFreq // shared: Bleve only reads them
}

const block = 512 // of weights

func newAnalyser() *analyser {
	a := &analyser{reader: token.NewReader(), pairs: map[uint64]string{}, words: map[string]string{}, terms: map[string]*weights{}}
	for level := range a.levels {
		a.levels[level] = &index.TokenFreq{}
		a.levels[level].SetFrequency(level)
	}
	return a
}

// frequencies returns an empty map, one that was given back where there is one: they are most of what indexing would throw away.
func (a *analyser) frequencies(n int) index.TokenFrequencies {
	if last := len(a.free) - 1; last >= 0 {
		m := a.free[last]
		a.free = a.free[:last]
		return m
	}
	return make(index.TokenFrequencies, n)
}

// recycle takes a document's map back, when Bleve has built its segment.
func (a *analyser) recycle(d *indexed) {
	clear(d.fields[0].freqs)
	a.free = append(a.free, d.fields[0].freqs)
}

// at returns the collected weights of a term.
func (a *analyser) at(term string) *weights {
	w := a.terms[term]
	if w == nil {
		if a.used/block == len(a.spare) {
			a.spare = append(a.spare, make([]weights, block))
		}
		w = &a.spare[a.used/block][a.used%block]
		a.used++
		*w = weights{}
		a.terms[term] = w
	}
	return w
}

func (a *analyser) pair(x, y rune) string {
	k := uint64(x)<<32 | uint64(y)
	s, ok := a.pairs[k]
	if !ok {
		if y == 0 {
			s = string(x)
		} else {
			s = string([]rune{x, y})
		}
		a.pairs[k] = s
	}
	return s
}

func (a *analyser) word(b []byte) string {
	s, ok := a.words[string(b)]
	if !ok {
		s = string(b)
		a.words[s] = s
	}
	return s
}

// each calls yield for each term of a text. It gives what token.Terms gives (a test holds them together), without making the strings anew.
func (a *analyser) each(text string, yield func(*weights)) {
	var before rune // of the Chinese run
	var met rune    // the Chinese character that the word met
	var word []byte
	n := 0 // characters of the word
	endWord := func() {
		if n > 0 {
			yield(a.at(a.word(word)))
			if met != 0 && n <= token.MaxSeam {
				a.seam = append(utf8.AppendRune(a.seam[:0], met), word...)
				yield(a.at(a.word(a.seam)))
			}
			word, n = word[:0], 0
		}
		met = 0
	}
	for _, r := range text {
		r = token.Fold(r)
		switch token.ClassOf(r) {
		case token.Han:
			if n > 0 && n <= token.MaxSeam {
				a.seam = utf8.AppendRune(append(a.seam[:0], word...), r)
				yield(a.at(a.word(a.seam)))
			}
			endWord()
			if before != 0 {
				yield(a.at(a.pair(before, r)))
			}
			before = r
			continue
		case token.Word:
			if n == token.MaxWord {
				endWord()
			}
			if before != 0 {
				met = before
			}
			word = utf8.AppendRune(word, r)
			n++
		case token.Unseen:
			continue
		default:
			endWord()
		}
		if before != 0 {
			yield(a.at(a.pair(before, 0)))
			before = 0
		}
	}
	endWord()
	if before != 0 {
		yield(a.at(a.pair(before, 0)))
	}
}

// analyse returns the document as Bleve takes it.
func (a *analyser) analyse(d *Document) *indexed {
	clear(a.terms)
	a.used = 0
	zone := func(weight float64, texts ...string) {
		for _, t := range texts {
			a.each(t, func(w *weights) { w.zones += weight })
		}
	}
	a.each(d.Title, func(w *weights) { w.title = true })
	for _, cut := range token.Cuts(token.Runs(d.Title)) {
		a.at(a.word([]byte(cut))).title = true
	}
	for _, t := range []string{d.Title, d.Item} {
		a.reader.Terms(t, func(term string) { a.at(a.word([]byte(term))).title = true })
	}
	zone(weightItem, d.Item)
	zone(weightHeading, d.Headings...)
	zone(weightAttachment, d.Attachments...)
	zone(weightAttachment, d.DocNo, d.IndexNo, d.Publisher)
	a.each(d.Text, func(w *weights) { w.text++ })
	length := float64(utf8.RuneCountInString(d.Text))
	norm := 1 - lengthShare + lengthShare*math.Min(4, length/averageLength)

	id, record := d.id()
	out := &indexed{id: id}
	freqs := a.frequencies(len(a.terms))
	for term, w := range a.terms {
		freqs[term] = a.levels[w.level(norm)]
	}
	out.fields = append(out.fields,
		&field{name: fieldText, freqs: freqs, options: index.IndexField},
		&field{name: fieldRecord, value: []byte(record), options: index.StoreField},
	)
	keyword := func(name string, terms ...string) {
		terms = slices.DeleteFunc(terms, func(s string) bool { return s == "" })
		if len(terms) == 0 {
			return
		}
		freqs := index.TokenFrequencies{}
		for _, t := range terms {
			freqs[t] = a.levels[1]
		}
		out.fields = append(out.fields, &field{name: name, freqs: freqs, options: index.IndexField | index.SkipFreqNorm})
	}
	keyword(fieldNumber, token.Number(d.IndexNo), token.Number(d.DocNo), nameTerm(d))
	keyword(fieldUnit, d.Unit)
	keyword(fieldField, d.Field)
	keyword(fieldKind, d.Kind)
	keyword(fieldDay, day(d.Published))
	if d.Void {
		keyword(fieldVoid, "1")
	}
	return out
}

// nameTerm returns the term of what a unit's or a field's own page is called.
func nameTerm(d *Document) string {
	switch {
	case d.Kind == KindUnit:
		return "=" + token.Joined(d.Title)
	case d.Kind == KindField && len(d.Headings) > 0:
		return "=" + token.Joined(d.Headings[0])
	}
	return ""
}

// indexed is a document whose terms are worked out, as Bleve takes it.
type indexed struct {
	id     string
	fields []*field
}

func (d *indexed) ID() string { return d.id }
func (d *indexed) Size() int  { return 0 }
func (d *indexed) VisitFields(visit index.FieldVisitor) {
	for _, f := range d.fields {
		visit(f)
	}
}
func (d *indexed) VisitComposite(index.CompositeFieldVisitor) {}
func (d *indexed) HasComposite() bool                         { return false }
func (d *indexed) NumPlainTextBytes() uint64                  { return 0 }
func (d *indexed) StoredFieldsBytes() uint64                  { return 0 }
func (d *indexed) Indexed() bool                              { return true }
func (d *indexed) AddIDField() {
	f := &index.TokenFreq{}
	f.SetFrequency(1)
	d.fields = append(d.fields, &field{
		name: "_id", value: []byte(d.id), freqs: index.TokenFrequencies{d.id: f}, options: index.IndexField | index.StoreField | index.SkipFreqNorm,
	})
}

// field is a field of a document, its terms worked out already.
type field struct {
	name    string
	value   []byte
	freqs   index.TokenFrequencies
	options index.FieldIndexingOptions
}

func (f *field) Name() string                                     { return f.name }
func (f *field) Value() []byte                                    { return f.value }
func (f *field) ArrayPositions() []uint64                         { return nil }
func (f *field) EncodedFieldType() byte                           { return 't' }
func (f *field) Analyze()                                         {}
func (f *field) Options() index.FieldIndexingOptions              { return f.options }
func (f *field) AnalyzedLength() int                              { return 0 }
func (f *field) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.freqs }
func (f *field) NumPlainTextBytes() uint64                        { return 0 }
