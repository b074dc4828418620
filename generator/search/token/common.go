package token

import (
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Common returns the 6,763 of GB 2312, which simplified texts are written with, in its order: the first 3,755 by their reading. (The
// encoding is GBK, whose two-byte codes from B0A1 to F7FE are those of GB 2312.)
func Common() []rune {
	var out []rune
	for a := byte(0xB0); a <= 0xF7; a++ {
		for b := byte(0xA1); b <= 0xFE; b++ {
			s, err := simplifiedchinese.GBK.NewDecoder().Bytes([]byte{a, b})
			if r, _ := utf8.DecodeRune(s); err == nil && inGB2312(a, b) {
				out = append(out, r)
			}
		}
	}
	return out
}

// inGB2312 leaves out the five places that GB 2312 has empty behind its first level.
func inGB2312(a, b byte) bool { return a != 0xD7 || b < 0xFA }
