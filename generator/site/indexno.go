package site

import (
	"fmt"
	"iter"
	"strconv"
	"strings"
)

// indexDigits is how many digits the serial of an index number has at least: 440203-XH/2022-00031.
const indexDigits = 5

// NextIndexNo returns the index number that follows the highest one of the unit's prefix in the year: prefix/year-serial. used are the index numbers
// of the whole content, of documents without a page as well; a number of it is never returned. Gaps stay free, because a number that was published once
// and then deleted must not come back under another document. It returns "" where the prefix is blank, where no year is given, and where no number can follow.
func NextIndexNo(prefix string, year int, used iter.Seq[string]) string {
	prefix = strings.TrimRight(strings.TrimSpace(prefix), "/-")
	if prefix == "" || year <= 0 {
		return ""
	}
	start := fmt.Sprintf("%s/%d-", prefix, year)
	folded, last := FoldIndexNo(start), 0
	for number := range used {
		serial, ok := strings.CutPrefix(FoldIndexNo(number), folded)
		if !ok {
			continue
		}
		if n, err := strconv.ParseUint(serial, 10, 31); err == nil && n <= maxSerial {
			last = max(last, int(n))
		}
	}
	if last >= maxSerial {
		return ""
	}
	return fmt.Sprintf("%s%0*d", start, indexDigits, last+1)
}

// maxSerial bounds the serials, so that a slip of the pen, such as a telephone number, is not counted on from.
const maxSerial = 99_999_999

// FoldIndexNo returns an index number as it is compared: two numbers with the same result are the same number. Full-width forms become half-width, letters
// capitals, and white space goes.
func FoldIndexNo(number string) string {
	if strings.IndexFunc(number, func(r rune) bool { return !(r > ' ' && r < 0x7f) || r >= 'a' && r <= 'z' }) < 0 {
		return number // as almost all are written
	}
	return strings.ToUpper(strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == ' ' || r == '　' || r == '\t' || r == '\u00a0':
			return -1
		}
		return r
	}, number))
}
