package browser

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"gongkai/generator/pack"
	"gongkai/generator/search"
)

// State is what has to be known of an index to patch it.
type State struct {
	ID         string // of the server's index that it was made from
	Docs       int
	IDs        []string // of the documents, by place
	Shards     int
	Sizes      []int    // bytes of the terms of each slot
	Dictionary []string // addresses of the documents that the dictionary is made of
}

// Pack writes the state as ReadState reads it.
func (s *State) Pack() []byte {
	w := &pack.Writer{}
	w.Text(s.ID)
	w.Int(s.Docs)
	w.Int(s.Shards)
	w.Int(len(s.Sizes))
	for _, n := range s.Sizes {
		w.Int(n)
	}
	w.Texts(s.Dictionary)
	w.Texts(s.IDs)
	return w.Bytes
}

// ReadState reads what Pack wrote, or returns nil.
func ReadState(b []byte) *State {
	r := pack.NewSharingReader(b)
	s := &State{ID: r.Text(), Docs: r.Int(), Shards: r.Int(), Sizes: make([]int, r.Count())}
	for i := range s.Sizes {
		s.Sizes[i] = r.Int()
	}
	s.Dictionary, s.IDs = r.Texts(), r.Texts()
	if r.Err() != nil || len(s.Sizes) != slots || len(s.IDs) != s.Docs {
		return nil
	}
	return s
}

// heavy returns the slots that have their own file, and the number of files that the others share.
func (s *State) heavy() (heavy []int, shards int) {
	total := 0
	for _, size := range s.Sizes {
		total += size
	}
	limit := heavyBytes(s.Docs)
	for slot, size := range s.Sizes {
		if hasOwnFile(slot, size, limit) {
			heavy = append(heavy, slot)
			total -= size
		}
	}
	return heavy, rounded(total / shardBytes)
}

// fileOf returns the file that has a slot's terms.
func (s *State) fileOf(slot int) string {
	if hasOwnFile(slot, s.Sizes[slot], heavyBytes(s.Docs)) {
		return "h/" + strconv.Itoa(slot) + ".bin"
	}
	return "t/" + strconv.Itoa(slot%s.Shards) + ".bin"
}

// Patch changes an index so that it is the one that Write would make of the server's index with the identifier id, where only texts of documents have changed:
// changes are those that are not what they were. read returns a file of the old index; put is given those that are other ones now, and drop those that are none
// any more. ok is false, and nothing is put, where too much would change.
func Patch(id string, meta *search.Meta, old *State, changes []search.Replacement, read func(name string) ([]byte, error), put func(name string, data []byte) error, drop func(name string)) (next *State, ok bool, err error) {
	p := &patch{old: old, means: map[string]search.Meaning{}, next: *old, files: map[string]map[string]term{}, touched: map[string]bool{}, read: read}
	p.next.ID, p.next.Sizes, p.next.IDs = id, slices.Clone(old.Sizes), slices.Clone(old.IDs)
	for _, m := range meta.Meanings() {
		p.means[m.Text] = m
	}
	for _, c := range changes {
		if slices.Contains(old.Dictionary, c.After.URL) {
			return nil, false, nil // every document's record is compressed by it
		}
		p.next.IDs[c.Place] = c.ID
		if err := p.change(&c); err != nil {
			return nil, false, err
		}
	}
	before, shards := old.heavy()
	after, now := p.next.heavy()
	if shards != now {
		return nil, false, nil // every term would lie elsewhere
	}
	var index []byte
	if !slices.Equal(before, after) {
		if err := p.move(before, after, drop); err != nil {
			return nil, false, err
		}
		if index, err = p.head(after); err != nil {
			return nil, false, err
		}
	}
	dictionary, err := p.inflated("dictionary.bin")
	if err != nil {
		return nil, false, err
	}
	if index != nil {
		if err := put("index.bin", index); err != nil {
			return nil, false, err
		}
	}
	for name := range p.touched {
		if err := put(name, p.encode(name)); err != nil {
			return nil, false, err
		}
	}
	for _, c := range changes {
		r, err := record(meta, c.After)
		if err != nil {
			return nil, false, err
		}
		data, err := new(compressor).compress(block(r), dictionary)
		if err != nil {
			return nil, false, err
		}
		if err := put(blockName(c.Place), data); err != nil {
			return nil, false, err
		}
		if data, err = restOf(c.After, new(compressor)); err != nil {
			return nil, false, err
		}
		if data != nil {
			if err := put(restName(c.Place), data); err != nil {
				return nil, false, err
			}
		} else if _, before := c.Before.Excerpt(); before != "" {
			drop(restName(c.Place))
		}
	}
	return &p.next, true, nil
}

type term struct {
	docs   []uint32
	levels []uint8
	joint  *joint // of a meaning; then there is nothing above
	size   int    // of the postings, encoded
}

type patch struct {
	old     *State
	means   map[string]search.Meaning
	next    State
	files   map[string]map[string]term // that were read
	touched map[string]bool
	read    func(name string) ([]byte, error)
}

// change puts the terms of a document's new text in the place of the old ones.
func (p *patch) change(c *search.Replacement) error {
	before, after := search.Levels(c.Before), search.Levels(c.After)
	for t, level := range after {
		if before[t] != level {
			if err := p.set(t, uint32(c.Place), level); err != nil {
				return err
			}
		}
	}
	for t := range before {
		if _, stays := after[t]; !stays {
			if err := p.set(t, uint32(c.Place), 0); err != nil {
				return err
			}
		}
	}
	for _, m := range p.means {
		if slices.ContainsFunc(m.Terms, func(t string) bool { return before[t] != after[t] }) {
			if err := p.mean(&m, uint32(c.Place), before, after); err != nil {
				return err
			}
		}
	}
	return nil
}

// mean changes what stands of a meaning whose terms have other levels in a document.
func (p *patch) mean(m *search.Meaning, place uint32, before, after map[string]uint8) error {
	text := meaningMark + m.Text
	slot := int(hash(text) % slots)
	name := p.old.fileOf(slot)
	terms, err := p.file(name)
	if err != nil {
		return err
	}
	t := terms[text]
	if t.joint == nil {
		return fmt.Errorf("patch the browser's index: %s lacks %s", name, m.Text)
	}
	j := t.joint
	i, found := slices.BinarySearch(j.docs, place)
	all := !slices.ContainsFunc(m.Terms, func(t string) bool { return after[t] == 0 })
	switch {
	case found && !all:
		j.docs = slices.Delete(j.docs, i, i+1)
	case all && !found:
		j.docs = slices.Insert(j.docs, i, place)
	}
	for k, term := range m.Terms {
		if before[term] > 0 {
			j.counts[k]--
		}
		if after[term] > 0 {
			j.counts[k]++
		}
		switch {
		case found && !all:
			j.levels[k] = slices.Delete(j.levels[k], i, i+1)
		case all && !found:
			j.levels[k] = slices.Insert(j.levels[k], i, after[term])
		case all:
			j.levels[k][i] = after[term]
		}
	}
	p.touched[name] = true
	p.next.Sizes[slot] -= t.size
	t.size = len(j.encode(p.old.Docs))
	p.next.Sizes[slot] += t.size
	terms[text] = t
	return nil
}

// set gives a document's term another level; 0 takes it away.
func (p *patch) set(text string, place uint32, level uint8) error {
	slot := int(hash(text) % slots)
	name := p.old.fileOf(slot)
	terms, err := p.file(name)
	if err != nil {
		return err
	}
	t, had := terms[text]
	if had {
		p.next.Sizes[slot] -= t.size + len(text) + 3
	}
	i, found := slices.BinarySearch(t.docs, place)
	switch {
	case level == 0 && found:
		t.docs, t.levels = slices.Delete(t.docs, i, i+1), slices.Delete(t.levels, i, i+1)
	case found:
		t.levels[i] = level
	case level > 0:
		t.docs, t.levels = slices.Insert(t.docs, i, place), slices.Insert(t.levels, i, level)
	}
	p.touched[name] = true
	if len(t.docs) == 0 {
		delete(terms, text)
		return nil
	}
	t.size = len(encodePostings(p.old.Docs, t.docs, t.levels))
	p.next.Sizes[slot] += t.size + len(text) + 3
	terms[text] = t
	return nil
}

// file returns the terms of a file of the old index, as they are by now.
func (p *patch) file(name string) (map[string]term, error) {
	if terms, done := p.files[name]; done {
		return terms, nil
	}
	data, err := p.read(name)
	if err != nil {
		return nil, err
	}
	damaged := fmt.Errorf("patch the browser's index: %s is damaged", name)
	number := func() int {
		n, size := binary.Uvarint(data)
		if size <= 0 {
			return -1
		}
		data = data[size:]
		return int(n)
	}
	type header struct {
		text string
		df   int
	}
	var headers []header
	for range number() {
		length := number()
		if length < 0 || length > len(data) {
			return nil, damaged
		}
		text := string(data[:length])
		data = data[length:]
		headers = append(headers, header{text, number()})
	}
	terms := make(map[string]term, len(headers))
	for _, h := range headers {
		if text, is := strings.CutPrefix(h.text, meaningMark); is {
			j, size, ok := decodeJoint(data, p.old.Docs, len(p.means[text].Terms), h.df)
			if !ok || len(j.counts) == 0 {
				return nil, damaged
			}
			terms[h.text] = term{joint: j, size: size}
			data = data[size:]
			continue
		}
		docs, levels, size, ok := decodePostings(data, p.old.Docs, h.df)
		if !ok {
			return nil, damaged
		}
		terms[h.text] = term{docs: docs, levels: levels, size: size}
		data = data[size:]
	}
	p.files[name] = terms
	return terms, nil
}

// encode writes a file anew.
func (p *patch) encode(name string) []byte {
	var list []*encoded
	for text, t := range p.files[name] {
		if t.joint != nil {
			list = append(list, &encoded{text, len(t.joint.docs), t.joint.encode(p.old.Docs)})
			continue
		}
		list = append(list, &encoded{text, len(t.docs), encodePostings(p.old.Docs, t.docs, t.levels)})
	}
	slices.SortFunc(list, func(a, b *encoded) int { return cmp.Compare(a.term, b.term) })
	return shard(list)
}

// move puts the terms of slots that have become heavy, or are so no longer, into the files that they belong to now.
func (p *patch) move(before, after []int, drop func(name string)) error {
	for _, slot := range slices.Concat(before, after) {
		from, to := p.old.fileOf(slot), p.next.fileOf(slot)
		if from == to {
			continue
		}
		terms, err := p.file(from)
		if err != nil {
			return err
		}
		if _, still := slices.BinarySearch(after, slot); still {
			p.files[to] = map[string]term{} // its own file
		} else if _, err := p.file(to); err != nil {
			return err
		}
		for text, t := range terms {
			if int(hash(text)%slots) == slot {
				p.files[to][text] = t
				delete(terms, text)
			}
		}
		p.touched[to] = true
		if _, was := slices.BinarySearch(before, slot); was {
			delete(p.touched, from)
			drop(from)
		} else {
			p.touched[from] = true
		}
	}
	return nil
}

// head returns index.bin with other slots that have their own file.
func (p *patch) head(heavy []int) ([]byte, error) {
	text, err := p.inflated("index.bin")
	if err != nil {
		return nil, err
	}
	var h head
	if err := json.Unmarshal(text, &h); err != nil {
		return nil, fmt.Errorf("patch the browser's index: %w", err)
	}
	h.Heavy = differences(heavy)
	return deflate(h)
}

// inflated returns what a compressed file of the old index holds.
func (p *patch) inflated(name string) ([]byte, error) {
	data, err := p.read(name)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(flate.NewReader(bytes.NewReader(data)))
	if err != nil {
		return nil, fmt.Errorf("patch the browser's index: %w", err)
	}
	return text, nil
}
