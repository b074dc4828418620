package source

import (
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"

	"gongkai/generator/finding"
)

// Nearest returns the candidate with the smallest edit distance to the word, or "" where none is near enough to be
// what was meant: more than half of the longer word would have to change.
func Nearest(word string, candidates []string) string {
	best, bestDistance := "", 1<<30
	for _, c := range candidates {
		d := levenshtein.ComputeDistance(strings.ToLower(word), strings.ToLower(c))
		longer := max(utf8.RuneCountInString(word), utf8.RuneCountInString(c))
		if 2*d <= longer && d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// almost reports whether two names are the same but for one character, or for one in four of a long name.
func almost(a, b string) bool {
	longer := max(utf8.RuneCountInString(a), utf8.RuneCountInString(b))
	return a == b || longer > 1 && levenshtein.ComputeDistance(a, b) <= max(1, longer/4)
}

// didYouMean returns the mend that names the suggestion, or the fallback where there is none.
func didYouMean(suggestion string, fallback finding.Text) finding.Text {
	if suggestion == "" {
		return fallback
	}
	return finding.T("是不是“%s”？", "did you mean %q?", suggestion)
}
