package browser

import (
	"math/bits"
	"slices"

	"gongkai/generator/search"
)

// bitWriter writes bits, the highest of a byte first.
type bitWriter struct {
	out  []byte
	free uint // bits of the last byte
}

func (b *bitWriter) bits(value uint32, n uint) {
	for n > 0 {
		if b.free == 0 {
			b.out = append(b.out, 0)
			b.free = 8
		}
		take := min(n, b.free)
		b.out[len(b.out)-1] |= byte(value >> (n - take) & (1<<take - 1) << (b.free - take))
		n -= take
		b.free -= take
	}
}

// below writes a value below n in as few bits as that needs (truncated binary).
func (b *bitWriter) below(value, n uint32) {
	width := uint(bits.Len32(n - 1))
	if short := uint32(1)<<width - n; value < short {
		b.bits(value, width-1)
	} else {
		b.bits(value+short, width)
	}
}

// unary writes a rank below n: as many ones, and a zero where the rank could be higher.
func (b *bitWriter) unary(rank, n int) {
	for range rank {
		b.bits(1, 1)
	}
	if rank < n-1 {
		b.bits(0, 1)
	}
}

// usualOrder has the levels by how often they occur in government texts, for terms of so few documents that their own order costs more
// than it saves.
var usualOrder = []uint8{4, 12, 6, 7, 8, 5, 14, 9, 13, 15, 10, 11, 3, 2, 1}

// ownOrder is from how many documents on a term has its own order of levels.
const ownOrder = 24

// encodePostings writes the documents of a term and their levels, and fills the last byte. Documents are in the order of the portal, in
// which those with the same words lie close together: binary interpolative coding (Moffat, Stuiver 2000) takes few bits for
// clusters and none where every document has the term. Levels are written as ranks.
func encodePostings(n int, docs []uint32, levels []uint8) []byte {
	var b bitWriter
	b.interpolate(docs, 0, uint32(n))
	b.levels(levels)
	return b.out
}

func (b *bitWriter) levels(levels []uint8) {
	order := usualOrder
	if len(levels) > ownOrder {
		order = orderOf(levels)
		b.bits(uint32(len(order)-1), 4)
		for _, l := range order {
			b.bits(uint32(l), 4)
		}
	}
	var rank [search.MaxLevel + 1]int
	for i, l := range order {
		rank[l] = i
	}
	for _, l := range levels {
		b.unary(rank[l], len(order))
	}
}

// joint is the documents that have all terms of a meaning, with what each term is to them: what a query would else work out from the postings of all
// of the terms, which are much longer.
type joint struct {
	docs   []uint32
	counts []int     // how many documents have each of the terms
	levels [][]uint8 // of each of the terms, by document
}

// add joins the documents of the next term, the k-th, to those that had all before it.
func (j *joint) add(k int, docs []uint32, levels []uint8) {
	j.counts = append(j.counts, len(docs))
	j.levels = append(j.levels, nil)
	if k == 0 {
		j.docs, j.levels[0] = docs, levels
		return
	}
	kept, at := 0, 0
	var own []uint8
	for i, d := range j.docs {
		for at < len(docs) && docs[at] < d {
			at++
		}
		if at == len(docs) || docs[at] != d {
			continue
		}
		j.docs[kept] = d
		for l := range k {
			j.levels[l][kept] = j.levels[l][i]
		}
		own = append(own, levels[at])
		kept++
	}
	j.docs, j.levels[k] = j.docs[:kept], own
	for l := range k {
		j.levels[l] = j.levels[l][:kept]
	}
}

// countBits is how many bits a number of documents has.
const countBits = 24

func (j *joint) encode(n int) []byte {
	var b bitWriter
	b.interpolate(j.docs, 0, uint32(n))
	for i, count := range j.counts {
		b.bits(uint32(count), countBits)
		b.levels(j.levels[i])
	}
	return b.out
}

// decodeJoint reads what encode wrote of so many terms and documents. size is how many bytes it takes.
func decodeJoint(data []byte, n, terms, df int) (j *joint, size int, ok bool) {
	if df > n {
		return nil, 0, false
	}
	b := bitReader{in: data}
	j = &joint{docs: make([]uint32, df), counts: make([]int, terms), levels: make([][]uint8, terms)}
	b.interpolate(j.docs, 0, uint32(n))
	for i := range terms {
		j.counts[i] = int(b.bits(countBits))
		j.levels[i] = b.levels(df)
	}
	return j, int(b.at+7) / 8, !b.fail
}

// interpolate writes documents that lie from lo to below hi: the middle one, then those before it, then those after.
func (b *bitWriter) interpolate(docs []uint32, lo, hi uint32) {
	count := uint32(len(docs))
	if count == 0 || count == hi-lo {
		return
	}
	m := count / 2
	first := lo + m // as many come before it
	b.below(docs[m]-first, hi-(count-1-m)-first)
	b.interpolate(docs[:m], lo, docs[m])
	b.interpolate(docs[m+1:], docs[m]+1, hi)
}

// orderOf returns the levels that occur, the most frequent first.
func orderOf(levels []uint8) []uint8 {
	var counts [search.MaxLevel + 1]int
	for _, l := range levels {
		counts[l]++
	}
	var out []uint8
	for l, n := range counts {
		if n > 0 {
			out = append(out, uint8(l))
		}
	}
	slices.SortStableFunc(out, func(a, b uint8) int { return counts[b] - counts[a] })
	return out
}

// bitReader reads what bitWriter wrote.
type bitReader struct {
	in   []byte
	at   uint // bits that have been read
	fail bool
}

func (b *bitReader) bits(n uint) uint32 {
	var v uint32
	for n > 0 {
		if int(b.at/8) >= len(b.in) {
			b.fail = true
			return 0
		}
		left := 8 - b.at%8
		take := min(n, left)
		v = v<<take | uint32(b.in[b.at/8]>>(left-take))&(1<<take-1)
		b.at += take
		n -= take
	}
	return v
}

func (b *bitReader) below(n uint32) uint32 {
	width := uint(bits.Len32(n - 1))
	if width == 0 {
		return 0
	}
	short := uint32(1)<<width - n
	v := b.bits(width - 1)
	if v < short {
		return v
	}
	return v<<1 + b.bits(1) - short
}

func (b *bitReader) unary(n int) int {
	rank := 0
	for rank < n-1 && !b.fail && b.bits(1) == 1 {
		rank++
	}
	return rank
}

func (b *bitReader) interpolate(docs []uint32, lo, hi uint32) {
	count := uint32(len(docs))
	if count == 0 || b.fail {
		return
	}
	if count > hi-lo {
		b.fail = true
		return
	}
	if count == hi-lo {
		for i := range docs {
			docs[i] = lo + uint32(i)
		}
		return
	}
	m := count / 2
	first := lo + m
	docs[m] = b.below(hi-(count-1-m)-first) + first
	b.interpolate(docs[:m], lo, docs[m])
	b.interpolate(docs[m+1:], docs[m]+1, hi)
}

// decodePostings reads the documents of a term, of which there are df among n, and their levels. size is how many bytes they take.
func decodePostings(data []byte, n, df int) (docs []uint32, levels []uint8, size int, ok bool) {
	if df < 1 || df > n {
		return nil, nil, 0, false
	}
	b := bitReader{in: data}
	docs = make([]uint32, df)
	b.interpolate(docs, 0, uint32(n))
	levels = b.levels(df)
	return docs, levels, int(b.at+7) / 8, !b.fail
}

func (b *bitReader) levels(df int) []uint8 {
	order, levels := usualOrder, make([]uint8, df)
	if df > ownOrder {
		order = make([]uint8, b.bits(4)+1)
		for i := range order {
			order[i] = uint8(b.bits(4))
		}
	}
	for i := range levels {
		levels[i] = order[b.unary(len(order))]
	}
	return levels
}
