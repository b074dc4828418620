package privacy

import (
	"strings"
	"testing"
)

// FuzzFind tests on any text that offsets are in bounds and at borders of characters, that no report shows a whole value, and that the
// suggested masks leave nothing to find but advice.
func FuzzFind(f *testing.F) {
	for _, e := range examples(f) {
		f.Add(e.text)
	}
	s := NewScanner(today)
	f.Fuzz(func(t *testing.T, text string) {
		check(t, s, text, s.Find(nil, text))
	})
}

// FuzzTable tests that a table finds what it finds in any blocks of its rows.
func FuzzTable(f *testing.F) {
	for _, e := range examples(f) {
		f.Add(e.text, uint8(1))
	}
	s := NewScanner(today)
	f.Fuzz(func(t *testing.T, text string, block uint8) {
		var rows [][]string
		for line := range strings.SplitSeq(text, "\n") {
			rows = append(rows, strings.Split(line, "\t"))
		}
		whole := s.FindTable(nil, rows)
		for _, m := range whole {
			if value := rows[m.Row][m.Column][m.Start:m.End]; value == m.Suggest {
				t.Errorf("%q: %+v masks nothing", value, m)
			}
		}
		table, n := s.Table(), 0
		for i := 0; i < len(rows); i += int(block) + 1 {
			n += len(table.Find(nil, rows[i:min(len(rows), i+int(block)+1)]))
		}
		if n != len(whole) {
			t.Errorf("%q: %d matches in blocks of %d rows, %d in one", text, n, block+1, len(whole))
		}
	})
}
