package browser

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"testing"
)

// A slot that grows beyond the limit gets its own file, and gives it back when it shrinks: both files are then what writing them anew would give.
func TestTermsMoveBetweenSharedFilesAndTheirOwn(t *testing.T) {
	const docs, shards = 10_000, 7
	entry := func(text string) *encoded {
		return &encoded{text, 3, encodePostings(docs, []uint32{1, 50, 900}, []uint8{4, 12, 4})}
	}
	grown := "低保"
	slot := int(hash(grown) % slots)
	shared := "t/" + strconv.Itoa(slot%shards) + ".bin"
	own := "h/" + strconv.Itoa(slot) + ".bin"
	beside := ""
	for i := 0; beside == ""; i++ { // another slot of the same shared file
		if text := fmt.Sprint("词", i); int(hash(text)%slots) != slot && int(hash(text)%slots)%shards == slot%shards {
			beside = text
		}
	}
	both := []*encoded{entry(beside), entry(grown)}
	slices.SortFunc(both, func(a, b *encoded) int { return bytes.Compare([]byte(a.term), []byte(b.term)) })
	together, alone, rest := shard(both), shard([]*encoded{entry(grown)}), shard([]*encoded{entry(beside)})
	for _, grows := range []bool{true, false} {
		files := map[string][]byte{shared: together}
		small, large := &State{Docs: docs, Shards: shards, Sizes: make([]int, slots)}, &State{Docs: docs, Shards: shards, Sizes: make([]int, slots)}
		large.Sizes[slot] = heavyBytes(docs)
		small.Sizes[slot] = heavyBytes(docs) - 1
		old, next, before, after := small, large, []int(nil), []int{slot}
		if !grows {
			files = map[string][]byte{shared: rest, own: alone}
			old, next, before, after = large, small, after, before
		}
		p := &patch{old: old, next: *next, files: map[string]map[string]term{}, touched: map[string]bool{}, read: func(name string) ([]byte, error) {
			data, ok := files[name]
			if !ok {
				return nil, fmt.Errorf("%s is absent", name)
			}
			return data, nil
		}}
		var dropped []string
		if err := p.move(before, after, func(name string) { dropped = append(dropped, name) }); err != nil {
			t.Fatal(err)
		}
		switch {
		case grows && (!p.touched[shared] || !p.touched[own] || len(dropped) > 0 || !bytes.Equal(p.encode(shared), rest) || !bytes.Equal(p.encode(own), alone)):
			t.Errorf("growing: written %v, dropped %v", p.touched, dropped)
		case !grows && (!p.touched[shared] || p.touched[own] || !slices.Equal(dropped, []string{own}) || !bytes.Equal(p.encode(shared), together)):
			t.Errorf("shrinking: written %v, dropped %v", p.touched, dropped)
		}
	}
}

// The program reads the differences by UTF-16 units: none may be a surrogate, or need two.
func TestDifferencesAreOneUnitEach(t *testing.T) {
	for _, size := range []int{0, 900} {
		s := &State{Docs: 100, Sizes: make([]int, slots)}
		s.Sizes[slots-1] = size
		heavy, _ := s.heavy()
		for _, r := range differences(heavy) {
			if r >= 0xD800 {
				t.Errorf("heavy slots %v have the difference %#x", heavy, r)
			}
		}
	}
}

func TestTheHeadOfAPatchIsThatOfAWrite(t *testing.T) {
	h := head{N: 2, Slots: slots, Shards: 3, Heavy: differences([]int{5, 70}), Units: [][]string{{"xihe", "西河镇", "西河镇人民政府"}}, Fields: [][]string{}, Years: "A<", KindsOf: "@&", Void: []int{}}
	before, err := deflate(h)
	if err != nil {
		t.Fatal(err)
	}
	p := &patch{read: func(string) ([]byte, error) { return before, nil }}
	got, err := p.head([]int{5, 64, 65535})
	if err != nil {
		t.Fatal(err)
	}
	h.Heavy = differences([]int{5, 64, 65535})
	if want, err := deflate(h); err != nil || !bytes.Equal(got, want) {
		t.Errorf("another index.bin (%v)", err)
	}
}
