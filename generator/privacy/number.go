package privacy

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mobile tests the first n groups as a mobile number, with or without the country's code.
func (f *search) mobile(digits []byte, n int) int {
	b := &f.buffer
	from := 0
	switch {
	case len(digits) == 13 && string(digits[:2]) == "86":
		from = 2
	case len(digits) == 15 && string(digits[:4]) == "0086":
		from = 4
	case len(digits) != 11:
		return 0
	}
	number, end := digits[from:], b.groups[n-1].end
	if number[0] != '1' || number[1] < '3' || !isDigit(number[10]) {
		return 0
	}
	if !f.aloneAsNumber(b.at[0], end) {
		return 0
	}
	role := f.role()
	if role == codeColumn || role == weakCodeColumn || role == amountColumn {
		return 0
	}
	if role != phoneColumn && !f.labelled(phoneWords) && f.measured(end) {
		return 0
	}
	phone := role == phoneColumn || containsAny(f.left(), phoneWords)
	if f.labelled(codeLabels) || !phone && (f.weaklyLabelled() || f.figure() || f.field()) {
		return 0
	}
	if from == 2 && !phone && !strings.HasSuffix(f.text[:b.at[0]], "+") && b.groups[0].digits != 2 {
		return 0 // 13 digits alone are an article's number as well
	}
	if !phone && !phoneGroups(b.groups[:n], number, from) {
		return 0
	}
	if n > 1 && phone && !phoneGroups(b.groups[:n], nil, from) {
		return 0
	}
	return f.add(Mobile, from, end, string(number[:3])+"********", mask(number, 3, 4))
}

// phoneGroups reports whether digits are grouped as people group a mobile number. Where number is not nil, groups that may as well be
// years, days and counts in a row of figures are not enough.
func phoneGroups(groups []group, number []byte, from int) bool {
	var sizes [maxGroups]int
	shape := sizes[:0]
	for _, g := range groups {
		size := g.to - g.from
		if len(shape) == 0 && from > 0 {
			if size == from {
				from = 0
				continue
			}
			size -= from
			from = 0
		}
		shape = append(shape, size)
	}
	hyphens := groups[len(groups)-1].hyphen
	switch {
	case len(shape) == 1, len(shape) == 11:
		return true
	case slices.Equal(shape, []int{3, 4, 4}), slices.Equal(shape, []int{4, 3, 4}), slices.Equal(shape, []int{3, 3, 5}):
		return number == nil || !(isYear(number[3:7]) || isYear(number[7:]))
	case slices.Equal(shape, []int{3, 8}), slices.Equal(shape, []int{7, 4}), slices.Equal(shape, []int{5, 6}), slices.Equal(shape, []int{4, 7}):
		return number == nil || hyphens && !isYear(number[3:7]) && !isYear(number[7:])
	}
	return false
}

func isYear(digits []byte) bool { return two(digits) == 19 || two(digits) == 20 }

// aloneAsNumber reports whether nothing beside a number makes it a part of something else: a fraction, an identifier, an address in
// the web. A comma makes nothing of it: where commas part thousands, no group has 11 digits.
func (f *search) aloneAsNumber(start, end int) bool {
	t := f.text
	if start > 0 {
		switch t[start-1] {
		case '%', '&':
			return false
		case '_':
			if latinBefore(t[:start-1]) {
				return false // post_138…, t20200512_138…, but 张三_138…
			}
		case '=', '#':
			if !hasAnySuffix(labelOf(cut(t, start-61, start-1)), phoneWords) && !hasAnySuffix(labelOf(cut(t, start-61, start-1)), accountWords) {
				return false
			}
		case '.':
			if start > 1 && isDigit(t[start-2]) {
				return false
			}
		}
	}
	if end < len(t) {
		switch t[end] {
		case '%':
			return false
		case '_':
			if latinAfter(t[end+1:]) {
				return false
			}
		case '.':
			if end+1 < len(t) && (isDigit(t[end+1]) || t[end+1]|0x20-'a' <= 25) { // 1.5, 138.html
				return false
			}
		}
	}
	// A link's path is written without spaces.
	word := max(0, start-80)
	if i := strings.LastIndexAny(t[word:start], " \t\n|<>\"'，。；：（）"); i >= 0 {
		word += i
	}
	return !strings.Contains(t[word:start], "://") && !strings.Contains(t[word:start], "www.")
}

// latinBefore reports whether a letter is among the letters, digits and low lines that end the text.
func latinBefore(t string) bool {
	for i := len(t) - 1; i >= max(0, len(t)-40) && inIdentifier(t[i]); i-- {
		if t[i]|0x20-'a' <= 25 {
			return true
		}
	}
	return false
}

// latinAfter is latinBefore for those that begin the text.
func latinAfter(t string) bool {
	for i := 0; i < min(len(t), 40) && inIdentifier(t[i]); i++ {
		if t[i]|0x20-'a' <= 25 {
			return true
		}
	}
	return false
}

func inIdentifier(c byte) bool { return isDigit(c) || c|0x20-'a' <= 25 || c == '_' }

// measured reports whether a unit follows, or a currency's sign stands before: the number is an amount.
func (f *search) measured(end int) bool {
	rest := f.text[end:min(len(f.text), end+24)]
	for _, unit := range units {
		if strings.HasPrefix(strings.TrimLeft(rest, " "), unit) {
			return true
		}
	}
	for _, unit := range shortUnits {
		if after, ok := strings.CutPrefix(rest, unit); ok && !beginsWord(after, unit) {
			return true
		}
	}
	left := strings.TrimRight(f.left(), " ")
	return strings.HasSuffix(left, "¥") || strings.HasSuffix(left, "￥") || strings.HasSuffix(left, "$") || strings.HasSuffix(left, "人民币")
}

// units that begin no other word behind a number.
var units = []string{
	"元", "万元", "亿元", "千元", "百元", "美元", "港元", "欧元", "万吨", "万亩", "万千瓦", "千瓦", "千克", "千米", "㎡", "m²", "m2", "平方", "立方", "公里", "公顷", "公斤", "人次",
	"%", "％", "‰", "°", "kWh", "KW", "kW",
}

// shortUnits may also begin the word that follows, such as 户名 or a name: they count directly behind the number only.
var shortUnits = []string{"万", "亿", "千", "百", "米", "亩", "吨", "户", "株", "尾", "斤", "件", "册", "度"}

// beginsWord reports whether the unit is the start of a word, which is no unit: 户名, 万小明, 度假村.
func beginsWord(after, unit string) bool {
	switch unit {
	case "户":
		return hasAnyPrefix(after, []string{"名", "主", "籍", "口", "代表", "内"})
	case "万", "亿", "千", "百", "米", "件", "度":
		r, _ := utf8.DecodeRuneInString(after)
		return unicode.Is(unicode.Han, r) && !strings.ContainsRune("元吨亩人户株尾头只羽斤件册张次米辆台套个度公平立美的以左多余和等及", r)
	}
	return false
}

// field reports whether the number is the value of a field in JSON that has an English name and is no telephone's: "id": 13800000001. A
// telephone number in quotation marks is one.
func (f *search) field() bool {
	left := tail(f.text[:f.buffer.at[0]], 60)
	key, ok := strings.CutSuffix(strings.TrimRight(left, " "), `":`)
	if !ok {
		return false
	}
	key = strings.ToLower(key[strings.LastIndexByte(key, '"')+1:])
	return key != "" && latinAfter(key) && !containsAny(key, phoneFields)
}

// figure reports whether the number belongs to a table or a sentence of figures, in which eleven digits are a sum: 地区生产总值 | 13812345678.
func (f *search) figure() bool {
	return f.inFigures() || hasAnySuffix(labelOf(f.left()), figureWords) || hasAnySuffix(labelOf(f.rowLabel()), figureWords)
}

// bankCard tests the first n groups as a bank's card or a person's account.
//
// Random digits pass the check digit once in ten, so the issuer's prefix has to fit as well: 62 (UnionPay) speaks for itself, others
// need a word such as 卡号. An account in a list of persons needs neither: passbooks of rural banks have no check digit, and such
// lists were the most frequent leak.
func (f *search) bankCard(digits []byte, n int) int {
	b := &f.buffer
	if len(digits) < 12 || len(digits) > 22 || !isDigit(digits[len(digits)-1]) {
		return 0
	}
	end := b.groups[n-1].end
	if !f.aloneAsNumber(b.at[0], end) {
		return 0
	}
	role := f.role()
	switch {
	case role == codeColumn || role == weakCodeColumn || role == amountColumn:
		return 0
	case role == accountColumn && f.inPersonsTable():
	case len(digits) < 16 || len(digits) > 19 || !luhn(digits) || !f.cardGroups(b.groups[:n]):
		return 0
	default:
		account := role == accountColumn || containsAny(f.left(), accountWords)
		if !account && (f.labelled(codeLabels) || f.weaklyLabelled() || f.measured(end)) {
			return 0
		}
		if !isUnionPay(digits, account) && !(account && isOtherCard(digits)) {
			return 0
		}
		if f.ofOrganisation(b.at[0], end) {
			return 0
		}
	}
	return f.add(BankCard, 0, end, mask(digits, 4, 0), mask(digits, 4, 4))
}

// cardGroups reports whether the digits stand together or in groups of four; the last group may have any size.
func (f *search) cardGroups(groups []group) bool {
	for _, g := range groups[:len(groups)-1] {
		if g.to-g.from != 4 && g.to-g.from != 6 {
			return false
		}
	}
	return true
}

// isUnionPay knows the prefix 62. Codes of divisions in Gansu begin with 6201 to 6209 too, hence those need a word such as 卡号;
// so do lengths that few issuers use.
func isUnionPay(digits []byte, account bool) bool {
	if digits[0] != '6' || digits[1] != '2' {
		return false
	}
	return account || (len(digits) == 16 || len(digits) == 19) && !(digits[2] == '0' && digits[3] != '0')
}

// isOtherCard knows the international brands and the cards that Chinese banks issued before the prefix 62.
func isOtherCard(digits []byte) bool {
	long := len(digits) == 16 || len(digits) == 19
	switch string(digits[:2]) {
	case "35", "51", "52", "53", "54", "55":
		return len(digits) == 16
	case "60", "68", "69", "84", "87", "88", "90", "94", "95", "98", "99", "10":
		return long
	}
	return digits[0] == '4' && long
}

// luhn tests the check digit of ISO/IEC 7812-1.
func luhn(digits []byte) bool {
	sum := 0
	for i, c := range digits {
		d := int(c - '0')
		if (len(digits)-i)%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// ofOrganisation reports whether the account's holder is named and is an office, a company or the like, whose account is public: 户名
// stands before or after it.
func (f *search) ofOrganisation(start, end int) bool {
	around := cut(f.text, start-200, end+160)
	for _, holder := range holderWords {
		i := strings.LastIndex(around, holder)
		if i < 0 {
			continue
		}
		name := cut(around, i+len(holder), i+len(holder)+90)
		if i := strings.IndexAny(strings.TrimLeft(name, " ：:|\t*"), "，。；、,;\n|\t"); i >= 0 {
			name = name[:min(len(name), i+12)]
		}
		if containsAny(name, organisationWords) {
			return true
		}
	}
	return false
}

// passport tests a letter or two and digits, where the text says what they are: E12345678, EA1234567, C12345678 (往来港澳通行证),
// H1234567890 (港澳居民来往内地通行证).
func (f *search) passport() int {
	b := &f.buffer
	g := b.groups[0]
	chars := b.chars[:g.to]
	letters := g.letters
	if letters > 2 || g.stars > 0 || b.hyphenBefore || letters+g.digits != len(chars) || !isLetter(chars[0]) {
		return 0
	}
	if letters == 2 && !isLetter(chars[1]) || strings.IndexByte("EGDSPKCMHTLW", chars[0]) < 0 {
		return 0
	}
	switch g.digits {
	case 7:
		if letters != 2 {
			return 0
		}
	case 8:
	case 10:
		if chars[0] != 'H' && chars[0] != 'M' {
			return 0
		}
	default:
		return 0
	}
	role := f.role()
	if role != passportColumn && role != taiwanColumn && role != identityColumn && !f.labelled(identityLabels) && !containsAny(tail(f.left(), 60), passportWords) {
		return 0
	}
	if role == codeColumn || f.labelled(codeLabels) {
		return 0
	}
	return f.add(Passport, 0, g.end, mask(chars, letters, 0), mask(chars, letters, 3))
}

// taiwanPermit tests 8 digits as the number of a 台湾居民来往大陆通行证. A day of the calendar has 8 digits as well, so a label or a
// heading has to name it.
func (f *search) taiwanPermit(digits []byte, end int) int {
	if !isDigit(digits[7]) || f.role() != taiwanColumn && !f.labelled(taiwanLabels) {
		return 0
	}
	return f.add(Passport, 0, end, mask(digits, 2, 0), mask(digits, 2, 2))
}
