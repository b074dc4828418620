package privacy

import (
	"strings"
	"unicode/utf8"
)

// provinces are the characters that begin a plate (GA 36-2018).
const provinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

// plate tests the group as a vehicle's plate: a province's character, a letter for the city, perhaps a dot, then 5 characters, or 6
// where one marks new energy, or 4 before the character of a special use. 文号 (粤府办〔2020〕10号), licences (粤B2-20090059) and
// permits (粤ICP备…) begin alike but not that way.
func (f *search) plate() int {
	b := &f.buffer
	g := b.groups[0]
	if g.stars > 0 || g.digits < 2 || g.to > 8 || joinedAfter(f.text, g.end) {
		return 0
	}
	body := b.chars[:g.to]
	if body[len(body)-1] == 'X' && g.letters+g.digits < len(body) {
		return 0
	}
	start, city := g.start, byte(0)
	if p := provinceBefore(f.text, start); p != "" && isLetter(body[0]) { // 粤F12345
		city, body = body[0], body[1:]
		start -= len(p)
	} else if rest, ok := cutDot(f.text[:start]); ok { // 粤F·12345
		c, i := before(rest, len(rest))
		p := provinceBefore(f.text, i)
		if !isLetter(c) || p == "" {
			return 0
		}
		city, start = c, i-len(p)
	} else {
		return 0
	}
	if city == 'I' || start < f.done {
		return 0
	}
	end := g.end
	digits, letters := 0, 0
	for _, c := range body {
		switch {
		case isDigit(c):
			digits++
		case c == 'I' || c == 'O':
			return 0
		default:
			letters++
		}
	}
	switch len(body) {
	case 4:
		r, size := utf8.DecodeRuneInString(f.text[end:])
		if !strings.ContainsRune("警学挂港澳领试超使", r) || digits < 2 {
			return 0
		}
		end += size
	case 5:
		if digits < 2 {
			return 0
		}
	case 6:
		const energy = "DFABCEGHJK"
		small := strings.IndexByte(energy, body[0]) >= 0 && letters <= 2 && digits >= 4
		large := strings.IndexByte(energy, body[5]) >= 0 && digits == 5
		if !small && !large {
			return 0
		}
	default:
		return 0
	}
	left := cut(f.text, start-120, start)
	left = left[strings.LastIndexByte(left, '\n')+1:]
	if containsAny(left, officialCars) {
		return 0
	}
	vehicle := f.role() == plateColumn || containsAny(left, vehicleWords)
	if rest, ok := strings.CutPrefix(f.text[end:], "号"); ok && !vehicle && !containsAny(cut(rest, 0, 24), afterPlate) {
		return 0 // a document's number
	}
	if !vehicle && (digits < 3 || f.role() == codeColumn || f.role() == weakCodeColumn || inWord(f.text, start)) {
		return 0
	}
	p := f.text[start : start+3]
	kept := string(body[max(0, len(body)-2):])
	f.found = append(f.found, Match{Plate, start, end,
		p + string(city) + "*****",
		p + string(city) + strings.Repeat("*", len(body)-2) + kept + f.text[g.end:end],
	})
	return end
}

// afterPlate are words that say behind 号 that it was a vehicle's.
var afterPlate = []string{"车", "牌", "挂"}

// joinedAfter reports whether a hyphen joins what ends at i to more.
func joinedAfter(text string, i int) bool {
	c, size := at(text, i)
	if c != '-' {
		return false
	}
	c, _ = at(text, i+size)
	return inRun(c)
}

// provinceBefore returns the province's character that ends before i, or "".
func provinceBefore(text string, i int) string {
	if i < 3 || i > len(text) {
		return ""
	}
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	if r == utf8.RuneError || !strings.ContainsRune(provinces, r) {
		return ""
	}
	return text[i-3 : i]
}

// cutDot removes the dot, the space or the hyphen between a plate's second character and the rest.
func cutDot(text string) (string, bool) {
	for _, dot := range []string{"·", "•", "．", "‧", " ", "-", "."} {
		if before, ok := strings.CutSuffix(text, dot); ok {
			return before, true
		}
	}
	return text, false
}

// inWord reports whether a plate's first character ends an ordinary word, as in 北京 or 更新.
func inWord(text string, start int) bool {
	_, size := utf8.DecodeRuneInString(text[start:])
	for _, word := range []string{"北京", "南京", "天津", "江苏", "四川", "辽宁", "南宁", "西宁", "西藏", "更新", "最新", "全新", "重新", "创新", "高新", "翻新", "革新", "东京", "阿里云", "华为云", "腾讯云", "金川", "银川", "乌鲁", "内蒙", "福州闽"} {
		if strings.HasSuffix(text[:start+size], word) {
			return true
		}
	}
	return false
}
