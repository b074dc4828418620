// Package browser writes the index that browsers search without a server, from the terms of the server's index, and holds the program
// that reads it.
//
// An index is a folder of small files whose name changes with its content, so that browsers may keep them for ever: index.bin, which
// every search needs, has what is known of all documents; w/ has the words that queries are taken apart by; t/ has the terms, divided by a hash, except those of many documents, which
// have a file each in h/; d/ has what a hit shows, a document to a file, and e/ the end of
// long texts, which only quoted phrases are looked for in. Postings are bits; the rest is JSON, that of documents in GB 18030, deflated, because
// the host may not compress.
package browser

import (
	"bytes"
	"cmp"
	"compress/flate"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/js"
	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/generator/parallel"
	"gongkai/generator/search"
	"gongkai/generator/search/token"
)

//go:embed engine.js
var engine []byte

//go:embed inflate.js
var inflater []byte

//go:embed rare.js
var rare []byte

// scripts are the programs that few queries need: they lie with the index, minified. The engine loads rare.js, which loads inflate.js.
var scripts = func() map[string][]byte {
	m := minify.New()
	m.AddFunc("text/javascript", js.Minify)
	small := func(text []byte) []byte {
		if out, err := m.Bytes("text/javascript", text); err == nil {
			return out
		}
		return text
	}
	inflate := small(inflater)
	return map[string][]byte{"inflate.js": inflate, "rare.js": small(certified(rare, "inflate.js", inflate))}
}()

// certified writes the check sum of a script into the program that loads it.
func certified(program []byte, name string, script []byte) []byte {
	sum := sha256.Sum256(script)
	return bytes.ReplaceAll(program, []byte("INTEGRITY OF "+name), []byte("sha256-"+base64.StdEncoding.EncodeToString(sum[:])))
}

// Engine returns the program of the browser's search: the twin of package search.
func Engine() []byte { return certified(engine, "rare.js", scripts["rare.js"]) }

// The sizes of files: small ones make queries cheap, but each file costs a moment to write.
const (
	shardBytes = 250     // of terms that share a file, on average
	slots      = 1 << 16 // of the hash of terms
	wordShards = 512     // must equal the program's
)

// heavyBytes returns from which size on a slot has its own file.
func heavyBytes(docs int) int { return max(800, int(800*math.Sqrt(float64(docs)/10000))) }

// mappedDocs is from how many documents on the memory for reading the index is given back in between.
const mappedDocs = 20_000

// middle is a slot that always has its own file, so that the difference between two such slots is one character of head.Heavy, below the surrogates.
const middle = slots / 2

// hasOwnFile reports whether a slot whose terms have so many bytes has its own file.
func hasOwnFile(slot, size, limit int) bool { return size >= limit || slot == middle }

// Stats says what was written.
type Stats struct {
	Files int
	Bytes int64
}

// Write makes the index and gives its files to put, which may be called by several workers at once. The state is what Patch needs.
func Write(x *search.Index, workers int, put func(worker int, name string, data []byte) error) (Stats, *State, error) {
	w := &writer{index: x, workers: max(1, workers), put: put, stats: make([]Stats, max(1, workers))}
	if err := w.terms(); err != nil {
		return Stats{}, nil, err
	}
	if x.Len() > mappedDocs { // terms and texts do not lie beside one another: the one need not stay while the other is read
		if err := x.Unmap(); err != nil {
			return Stats{}, nil, err
		}
	}
	if err := w.chooseDictionary(); err != nil {
		return Stats{}, nil, err
	}
	if err := w.blocks(); err != nil {
		return Stats{}, nil, err
	}
	if err := w.head(); err != nil {
		return Stats{}, nil, err
	}
	if err := w.words(); err != nil {
		return Stats{}, nil, err
	}
	if err := w.extras(); err != nil {
		return Stats{}, nil, err
	}
	var total Stats
	for _, s := range w.stats {
		total.Files += s.Files
		total.Bytes += s.Bytes
	}
	return total, &State{x.ID(), x.Len(), x.IDs(), w.shards, w.sizes, w.chosen}, nil
}

type writer struct {
	index   *search.Index
	workers int
	put     func(worker int, name string, data []byte) error
	stats   []Stats

	heavy      []int    // slots that have their own file
	sizes      []int    // of all slots
	chosen     []string // addresses of the documents in the dictionary
	shards     int
	dictionary []byte
}

func (w *writer) file(worker int, name string, data []byte) error {
	w.stats[worker].Files++
	w.stats[worker].Bytes += int64(len(data))
	return w.put(worker, name, data)
}

// encoded is a term with its postings as they stand in a file.
type encoded struct {
	term string
	df   int
	bits []byte
}

// terms writes t/ and h/. Terms fall into slots by their hash; a slot of many bytes has its own file, the others share files.
func (w *writer) terms() error {
	parts := make([][]encoded, w.workers)
	arenas := make([][]byte, w.workers)
	n := w.index.Len()
	err := w.index.EachTerm(w.workers, func(worker int, term string, docs []uint32, levels []uint8) error {
		data := encodePostings(n, docs, levels)
		// many small slices cost more than their bytes: they share large ones
		if cap(arenas[worker])-len(arenas[worker]) < len(data) {
			arenas[worker] = make([]byte, 0, max(1<<20, len(data)))
		}
		arena := append(arenas[worker], data...)
		arenas[worker] = arena
		parts[worker] = append(parts[worker], encoded{term, len(docs), arena[len(arena)-len(data):]})
		return nil
	})
	if err != nil {
		return err
	}
	if err := w.meanings(parts); err != nil {
		return err
	}
	sizes := make([]int, slots)
	for _, part := range parts {
		for i := range part {
			sizes[hash(part[i].term)%slots] += len(part[i].bits) + len(part[i].term) + 3
		}
	}
	w.sizes = sizes
	w.heavy, w.shards = (&State{Docs: n, Sizes: sizes}).heavy()
	limit := heavyBytes(n)
	files := make([][]*encoded, slots+w.shards)
	for _, part := range parts {
		for i := range part {
			slot := int(hash(part[i].term) % slots)
			if !hasOwnFile(slot, sizes[slot], limit) {
				slot = slots + slot%w.shards
			}
			files[slot] = append(files[slot], &part[i])
		}
	}
	return w.each(len(files), func(worker, i int) error {
		if len(files[i]) == 0 && i < slots && i != middle {
			return nil
		}
		slices.SortFunc(files[i], func(a, b *encoded) int { return cmp.Compare(a.term, b.term) })
		name := "h/" + strconv.Itoa(i)
		if i >= slots {
			name = "t/" + strconv.Itoa(i-slots)
		}
		return w.file(worker, name+".bin", shard(files[i]))
	})
}

// meanings adds an entry for each meaning: what queries are widened by costs a visitor its own documents, not those of each of its terms.
func (w *writer) meanings(parts [][]encoded) error {
	list := w.index.Meta().Meanings()
	of := map[string]*encoded{}
	for _, m := range list {
		for _, t := range m.Terms {
			of[t] = nil
		}
	}
	for _, part := range parts {
		for i := range part {
			if _, wanted := of[part[i].term]; wanted {
				of[part[i].term] = &part[i]
			}
		}
	}
	n := w.index.Len()
	added := make([]encoded, len(list))
	err := w.each(len(list), func(_, i int) error {
		j := joint{}
		for k, t := range list[i].Terms {
			var docs []uint32
			var levels []uint8
			if e := of[t]; e != nil {
				var ok bool
				if docs, levels, _, ok = decodePostings(e.bits, n, e.df); !ok {
					return fmt.Errorf("write the browser's index: the postings of %s are damaged", t)
				}
			}
			j.add(k, docs, levels)
		}
		added[i] = encoded{meaningMark + list[i].Text, len(j.docs), j.encode(n)}
		return nil
	})
	parts[0] = append(parts[0], added...)
	return err
}

// meaningMark stands before a meaning among the terms of a file.
const meaningMark = "/"

// rounded returns a number of about the size that has two significant bits after the first: a small change of the documents does not change
// how terms are divided.
func rounded(n int) int {
	if n < 8 {
		return max(1, n)
	}
	shift := bits.Len(uint(n)) - 3
	return n >> shift << shift
}

// each is parallel.Do with errors.
func (w *writer) each(n int, do func(worker, i int) error) error {
	errs := make([]error, w.workers)
	parallel.Do(w.workers, n, func(worker, i int) {
		if errs[worker] == nil {
			errs[worker] = do(worker, i)
		}
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// shard is a file of terms: their number, then for each its length in bytes, its text and how many documents it has, then the postings.
func shard(terms []*encoded) []byte {
	out := binary.AppendUvarint(nil, uint64(len(terms)))
	for _, e := range terms {
		out = binary.AppendUvarint(out, uint64(len(e.term)))
		out = append(out, e.term...)
		out = binary.AppendUvarint(out, uint64(e.df))
	}
	for _, e := range terms {
		out = append(out, e.bits...)
	}
	return out
}

// hash is FNV-1a over the UTF-16 units of a term.
func hash(term string) uint32 {
	h := uint32(2166136261)
	for _, u := range utf16.Encode([]rune(term)) {
		h = (h ^ uint32(u)) * 16777619
	}
	return h
}

// encodeJSON writes a value as JSON, without the escapes that HTML would need.
func encodeJSON(v any) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", fmt.Errorf("write the browser's index: %w", err)
	}
	return strings.TrimSpace(b.String()), nil
}

// deflate writes a value as JSON and compresses it.
func deflate(v any) ([]byte, error) {
	text, err := encodeJSON(v)
	if err != nil {
		return nil, err
	}
	return deflateBytes([]byte(text))
}

// deflateBytes compresses without a header (RFC 1951).
func deflateBytes(text []byte) ([]byte, error) { return new(compressor).compress(text, nil) }

// compressor is used again and again, always with the same dictionary: making one takes longer than compressing a record.
type compressor struct {
	z   *flate.Writer
	out bytes.Buffer
}

// compress compresses without a header; what stands in the dictionary costs next to nothing.
func (c *compressor) compress(text, dictionary []byte) ([]byte, error) {
	c.out.Reset()
	if c.z == nil {
		var err error
		if c.z, err = flate.NewWriterDict(&c.out, flate.BestCompression, dictionary); err != nil {
			return nil, err
		}
	} else {
		c.z.Reset(&c.out)
	}
	if _, err := c.z.Write(text); err != nil {
		return nil, err
	}
	if err := c.z.Close(); err != nil {
		return nil, err
	}
	return bytes.Clone(c.out.Bytes()), nil
}

// The dictionary is the beginnings of some documents: official texts repeat themselves from one to the next.
const (
	dictionaryDocs  = 16
	dictionaryChars = 170 // of each
)

// chooseDictionary takes the documents whose addresses have the lowest hashes: the same ones, mostly, when others come and go.
func (w *writer) chooseDictionary() error {
	type candidate struct {
		hash  uint32
		place int
	}
	var chosen []candidate
	for i := range w.index.Len() {
		if e := w.index.Entry(i); e.Unit == 0 || e.Day == 0 {
			continue
		}
		chosen = append(chosen, candidate{hash(w.index.URL(i)), i})
	}
	slices.SortFunc(chosen, func(a, b candidate) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.place, b.place)) })
	var texts []string
	for _, c := range chosen[:min(len(chosen), dictionaryDocs)] {
		d, err := w.index.Document(c.place)
		if err != nil {
			return err
		}
		w.chosen = append(w.chosen, d.URL)
		r, err := record(w.index.Meta(), d)
		if err != nil {
			return err
		}
		text := []rune(r)
		texts = append(texts, string(text[:min(len(text), dictionaryChars)]))
	}
	w.dictionary = narrow(strings.Join(texts, ""))
	data, err := deflateBytes(w.dictionary)
	if err != nil {
		return err
	}
	return w.file(0, "dictionary.bin", data)
}

// record is what a hit needs, as JSON: the address, or the last part of it where the rest follows from unit and field; title, item, day,
// numbers, publisher where it is not the unit's, attachments, the text as far as it is held against phrases, and whether that is all.
func record(meta *search.Meta, d *search.Document) (string, error) {
	unit := slices.IndexFunc(meta.Units, func(n search.Name) bool { return n.Slug == d.Unit })
	address := d.URL
	if unit >= 0 && slices.ContainsFunc(meta.Fields, func(n search.Name) bool { return n.Slug == d.Field }) {
		address = strings.TrimSuffix(strings.TrimPrefix(address, "/"+d.Unit+"/"+d.Field+"/"), "/")
	}
	publisher := d.Publisher
	if unit >= 0 && publisher == cmp.Or(meta.Units[unit].Full, meta.Units[unit].Name) {
		publisher = ""
	}
	published := ""
	if !d.Published.IsZero() {
		published = d.Published.String()
	}
	text, rest := d.Excerpt()
	whole := 0
	if rest == "" {
		whole = 1
	}
	return encodeJSON([]any{address, d.Title, d.Item, published, d.IndexNo, d.DocNo, publisher, strings.Join(d.Attachments, " "), text, whole})
}

// blocks writes d/: the record of a document to a file.
func (w *writer) blocks() error {
	compressors, ofRests := make([]compressor, w.workers), make([]compressor, w.workers)
	return w.each(w.index.Len(), func(worker, place int) error {
		d, err := w.index.Document(place)
		if err != nil {
			return err
		}
		r, err := record(w.index.Meta(), d)
		if err != nil {
			return err
		}
		data, err := compressors[worker].compress(block(r), w.dictionary)
		if err != nil {
			return err
		}
		if err := w.file(worker, blockName(place), data); err != nil {
			return err
		}
		if data, err = restOf(d, &ofRests[worker]); err != nil || data == nil {
			return err
		}
		return w.file(worker, restName(place), data)
	})
}

// restOf is a file of e/: what the record has not of a document's text, or nothing where the record has all of it.
func restOf(d *search.Document, c *compressor) ([]byte, error) {
	_, rest := d.Excerpt()
	if rest == "" {
		return nil, nil
	}
	text, err := encodeJSON(rest)
	if err != nil {
		return nil, err
	}
	return c.compress(narrow(text), nil)
}

// restName is the file of e/ that has the rest of the document at a place.
func restName(place int) string { return "e/" + strconv.Itoa(place) + ".bin" }

// block is the text of a file of d/.
func block(record string) []byte { return narrow("[" + record + "]") }

// narrow writes JSON as GB 18030, which has two bytes for a Chinese character where UTF-8 has three: compressed, a tenth is less. Characters that
// browsers read otherwise, of private use and one letter, are escaped.
func narrow(text string) []byte {
	other := func(r rune) bool { return r >= 0xE000 && r <= 0xF8FF || r == 0x1E3F }
	if strings.ContainsFunc(text, other) {
		var b strings.Builder
		for _, r := range text {
			if other(r) {
				fmt.Fprintf(&b, `\u%04X`, r)
			} else {
				b.WriteRune(r)
			}
		}
		text = b.String()
	}
	out, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	if err != nil {
		panic(err) // it has every character of Unicode
	}
	return out
}

// blockName is the file of d/ that has the document at a place.
func blockName(place int) string { return "d/" + strconv.Itoa(place) + ".bin" }

// head is index.bin.
type head struct {
	N       int        `json:"n"`
	Slots   int        `json:"slots"`
	Shards  int        `json:"shards"`
	Heavy   string     `json:"heavy"` // slots that have their own file: the difference to the one before, a character each, from ^ on
	Units   [][]string `json:"units"` // slug, name, full name
	Fields  [][]string `json:"fields"`
	Kinds   []string   `json:"kinds"`
	NewYear int        `json:"newYear"`
	Runs    [3][]int   `json:"runs"`  // fields, units, and how many documents in a row have both
	Years   string     `json:"years"` // one character for each document: @ undated, A the newest year, B the one before …
	KindsOf string     `json:"kindsOf"`
	Void    []int      `json:"void"`
	Longest int        `json:"longest"` // characters of the longest word in w/
}

func (w *writer) head() error {
	x := w.index
	m := x.Meta()
	h := head{
		N: x.Len(), Slots: slots, Shards: w.shards, Kinds: x.Kinds(), NewYear: x.NewYear(), Void: []int{},
		Units: [][]string{}, Fields: [][]string{}, Longest: x.LongestWord(),
	}
	var years, kinds strings.Builder
	for _, u := range m.Units {
		h.Units = append(h.Units, []string{u.Slug, u.Name, u.Full})
	}
	for _, f := range m.Fields {
		h.Fields = append(h.Fields, []string{f.Slug, f.Name})
	}
	for i := range h.N {
		e := x.Entry(i)
		r := &h.Runs
		if last := len(r[2]) - 1; last >= 0 && r[0][last] == e.Field && r[1][last] == e.Unit {
			r[2][last]++
		} else {
			r[0], r[1], r[2] = append(r[0], e.Field), append(r[1], e.Unit), append(r[2], 1)
		}
		year := '@'
		if e.Day > 0 {
			year = rune('A' + h.NewYear - e.Day/10000)
		}
		years.WriteRune(year)
		kinds.WriteRune(rune('@' + e.Kind))
		if e.Void {
			h.Void = append(h.Void, i)
		}
	}
	h.Heavy, h.Years, h.KindsOf = differences(w.heavy), years.String(), kinds.String()
	data, err := deflate(h)
	if err != nil {
		return err
	}
	return w.file(0, "index.bin", data)
}

// differences writes slots as head.Heavy has them.
func differences(slots []int) string {
	var b strings.Builder
	before := 0
	for _, slot := range slots {
		b.WriteRune(rune('^' + slot - before))
		before = slot
	}
	return b.String()
}

// words writes w/: the words that queries are taken apart by, divided by their first character, so that a query loads those of its own
// characters beside index.bin. A line is a word and what it leads to; ! stands before what is to be ignored, = before names.
func (w *writer) words() error {
	var shards [wordShards]strings.Builder
	w.index.EachWord(func(word string, also []string, ignore, name bool) {
		first, _ := utf8.DecodeRuneInString(word)
		b := &shards[first%wordShards]
		switch {
		case ignore:
			b.WriteByte('!')
		case name:
			b.WriteByte('=')
		}
		b.WriteString(strings.Join(append([]string{word}, also...), " "))
		b.WriteByte('\n')
	})
	compressors := make([]compressor, w.workers)
	return w.each(len(shards), func(worker, i int) error {
		data, err := compressors[worker].compress([]byte(shards[i].String()), nil)
		if err != nil {
			return err
		}
		return w.file(worker, "w/"+strconv.Itoa(i)+".bin", data)
	})
}

// extras writes what few queries need: the days of all documents, for sorting by date; traditional characters; how characters are read,
// for suggestions; and the programs that go with these.
func (w *writer) extras() error {
	for name, text := range scripts {
		if err := w.file(0, name, text); err != nil {
			return err
		}
	}
	days := make([]int, w.index.Len())
	for i := range days {
		days[i] = w.index.Entry(i).Day
	}
	// the bytes of the days apart from one another: years and months repeat
	packed := make([]byte, 3*len(days))
	for i, d := range days {
		if d > 0 {
			packed[i] = byte(d/10000 - 1900)
			packed[len(days)+i] = byte(d / 100 % 100)
			packed[2*len(days)+i] = byte(d % 100)
		}
	}
	data, err := deflateBytes(packed)
	if err != nil {
		return err
	}
	if err := w.file(0, "days.bin", data); err != nil {
		return err
	}
	groups := map[rune][]rune{}
	token.Traditional(func(from, to rune) { groups[to] = append(groups[to], from) })
	var lines []string
	for to, from := range groups {
		slices.Sort(from)
		lines = append(lines, string(to)+string(from))
	}
	slices.Sort(lines)
	if data, err = deflateBytes([]byte(strings.Join(lines, " "))); err != nil {
		return err
	}
	if err := w.file(0, "traditional.bin", data); err != nil {
		return err
	}
	if data, err = deflateBytes([]byte(readings())); err != nil {
		return err
	}
	return w.file(0, "pinyin.bin", data)
}

// readings has a line of all syllables, and one for each place among a character's readings: the syllable there of every character of GB 2312, in
// its order, as a character from ! on; ! itself for none.
func readings() string {
	reader := token.NewReader()
	var syllables []string
	number := map[string]int{}
	lines := make([]strings.Builder, token.MaxReadings)
	for _, r := range token.Common() {
		list := reader.Readings(r)
		for i := range lines {
			n := 0
			if i < len(list) {
				p := list[i]
				if number[p] == 0 {
					syllables = append(syllables, p)
					number[p] = len(syllables)
				}
				n = number[p]
			}
			lines[i].WriteRune(rune('!' + n))
		}
	}
	out := strings.Join(syllables, " ")
	for i := range lines {
		out += "\n" + lines[i].String()
	}
	return out
}
