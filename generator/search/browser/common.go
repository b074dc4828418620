package browser

import "golang.org/x/text/encoding/simplifiedchinese"

// common reports whether a character is one of the 6,763 of GB 2312, which simplified texts are written with. (The encoding is GBK, whose
// two-byte codes from B0A1 to F7FE are those of GB 2312.)
func common(r rune) bool {
	b, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(string(r)))
	return err == nil && len(b) == 2 && b[0] >= 0xB0 && b[0] <= 0xF7 && b[1] >= 0xA1
}
