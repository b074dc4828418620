package pack

import (
	"testing"

	"github.com/cespare/xxhash/v2"
)

func TestSumOfPiecesIsTheSumOfTheWhole(t *testing.T) {
	text := []byte("武江区龙归镇2026年城乡低保对象名单，共一百二十八户，公示期七天。")
	for cut := range text {
		var s Summer
		s.Reset()
		_, _ = s.Write(text[:cut])
		_, _ = s.Write(text[cut:])
		if s.Sum() != SumOf(text) {
			t.Fatalf("cut at %d: another sum", cut)
		}
	}
}

func TestSumDiffersInBothHalves(t *testing.T) {
	seen := map[Sum]bool{}
	halves := map[[8]byte]bool{}
	text := make([]byte, 96)
	for i := range text {
		for bit := range 8 {
			text[i] ^= 1 << bit
			s := SumOf(text)
			text[i] ^= 1 << bit
			seen[s] = true
			halves[[8]byte(s[:8])], halves[[8]byte(s[8:])] = true, true
		}
	}
	if len(seen) != len(text)*8 || len(halves) != 2*len(seen) {
		t.Errorf("%d texts have %d sums of %d halves", len(text)*8, len(seen), len(halves))
	}
	if s := SumOf(nil); [8]byte(s[:8]) == [8]byte(s[8:]) || xxhash.Sum64(nil) != xxhash.Sum64String("") {
		t.Error("the halves are the same function")
	}
}
