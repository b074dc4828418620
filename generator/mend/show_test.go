package mend

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"
)

func TestDiffIsForReading(t *testing.T) {
	f := File{Path: "content/a.md", Before: []byte("一\n二\n\n三\n\n四 13800000001\n五\n"), After: []byte("一\n贰\n\n叁\n\n四 13800000001\n五")}
	want := "--- content/a.md\n+++ content/a.md\n@@ -1,7 +1,7 @@\n 一\n-二\n+贰\n \n-三\n+叁\n \n 四 138********\n-五\n+五\n\\ No newline at end of file\n"
	if got := string(f.Diff(testDay)); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if got := string((&File{Before: []byte("一"), After: []byte("一")}).Diff(testDay)); got != "" {
		t.Errorf("nothing changed: %q", got)
	}
}

// A list with a change in every seventh row shows these rows only, however long it is.
func TestDiffOfALongList(t *testing.T) {
	var before, after strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&before, "| %d | 李某某 | 甲 |\n", i)
		if i%7 == 0 {
			fmt.Fprintf(&after, "| %d | 李某某 | 乙 |\n", i)
		} else {
			fmt.Fprintf(&after, "| %d | 李某某 | 甲 |\n", i)
		}
	}
	f := File{Path: "a", Before: []byte(before.String()), After: []byte(after.String())}
	if n := strings.Count(string(f.Diff(testDay)), "\n-"); n != 429 {
		t.Errorf("%d rows are shown as changed", n)
	}
}

func TestColour(t *testing.T) {
	got := string(Colour([]byte("--- a\n+++ a\n@@ -1 +1 @@\n 一\n--- 二\r\n+\n")))
	want := "\x1b[1m--- a\x1b[0m\n\x1b[1m+++ a\x1b[0m\n\x1b[36m@@ -1 +1 @@\x1b[0m\n 一\n\x1b[31m--- 二\x1b[0m\r\n\x1b[32m+\x1b[0m\n"
	if got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// The edits of lines lead from one text to the other, whichever way they are found.
func TestEditsOfLines(t *testing.T) {
	texts := []string{"", "\n", "一", "一\n", "一\n二\n三", "一\n贰\n三\n", "甲\n乙\n丙\n", "\n\n\n", "一\r\n二\r\n"}
	for _, before := range texts {
		for _, after := range texts {
			paired, ok := pairLines(before, after)
			for _, edits := range [][]udiff.Edit{lineEdits(before, after), paired} {
				if got, err := udiff.Apply(before, edits); (err != nil || got != after) && (ok || len(edits) > 0) {
					t.Errorf("%q becomes %q, want %q (%v)", before, got, after, err)
				}
			}
		}
	}
}
