package privacy

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// address tests the group as the door's number of a full home address: …路12号3栋502室, …村上坝组12号.
//
// An address is no secret by itself; that it is a person's home is. So something has to say so: a heading or a label such as 住址, or
// a person's name directly before it. The name beside the address of an office (联系人：…，地址：…) says nothing.
func (f *search) address() int {
	b := &f.buffer
	g := b.groups[0]
	if g.stars > 0 || g.to > 5 {
		return 0
	}
	previous, _ := utf8.DecodeLastRuneInString(f.text[:g.start])
	if !unicode.Is(unicode.Han, previous) || previous == '第' {
		return 0
	}
	door, ok := readDoor(f.text, g.start)
	if !ok {
		return 0
	}
	start := headStart(f.text, g.start, f.matched())
	start, labelled := afterHomeLabel(f.text, start, g.start)
	if start == g.start {
		return 0
	}
	value := f.text[start:door.end]
	role, persons, office := f.column()
	switch {
	case role == homeColumn:
	case role == siteColumn || hasAnyPrefix(value, siteWords) || hasAnySuffix(labelOf(lineBefore(f, start)), siteWords):
		return 0
	case role == addressColumn && persons && !office:
	case containsAny(villages.Replace(value), organisationWords) || containsAny(afterWord(f.text, door.end), organisationWords):
		return 0
	case labelled:
	case !strings.ContainsRune(streetEndings, previous) || !door.room && !strings.ContainsRune(villageEndings, previous) && !strings.Contains(value, "村"):
		return 0
	case !besideName(lineBefore(f, start)):
		return 0
	}
	masked := f.text[start:g.start] + "**"
	f.found = append(f.found, Match{HomeAddress, start, door.end, masked, f.text[start:g.start] + hideDigits(f.text[g.start:door.end])})
	return door.end
}

const (
	streetEndings  = "路街道巷里弄村组队坊同区园苑城湾坝屋寨屯庄社坡岭塘楼院厦邨府庭居轩阁台坪排段"
	villageEndings = "村组队屋寨屯庄坝坊坪排邨"
)

// siteWords say where a house or land lies. Registers of rights and of homesteads publish that by law (不动产登记暂行条例实施细则, 第17条).
var siteWords = []string{"坐落", "座落"}

// villages takes the committees out of addresses that name a village by its committee, as in 龙安村委会新屋村8号.
var villages = strings.NewReplacer("村委会", "", "村民委员会", "", "居委会", "", "居民委员会", "")

// matched returns where the last match ends.
func (f *search) matched() int {
	if n := len(f.found); n > f.before {
		return f.found[n-1].End
	}
	return 0
}

// door is the end of an address from its first number on.
type door struct {
	end  int
	room bool // it leads to one dwelling, not only to a house
}

// units of a door, the longer before those that begin them; true marks those within a house.
var doorUnits = []struct {
	name string
	room bool
}{
	{"号楼", true}, {"号院", false}, {"号房", true}, {"号", false}, {"栋", true}, {"幢", true}, {"座", true}, {"单元", true}, {"梯", true},
	{"层", true}, {"楼", true}, {"室", true}, {"房", true}, {"户", true}, {"弄", false},
}

// beginsDoorUnit reports whether the text begins with the first character of a unit.
func beginsDoorUnit(text string) bool {
	if len(text) < 3 {
		return false
	}
	switch text[:3] {
	case "号", "栋", "幢", "座", "单", "梯", "层", "楼", "室", "房", "户", "弄", "之", "—", "–":
		return true
	}
	return false
}

// readDoor reads numbers with their units from the digit at i on.
func readDoor(text string, i int) (d door, ok bool) {
	for {
		end, digits := skipDoorNumber(text, i)
		if digits == 0 {
			return d, ok
		}
		unit := -1
		for k, u := range doorUnits {
			if strings.HasPrefix(text[end:], u.name) {
				unit = k
				break
			}
		}
		switch {
		case unit < 0:
			if ok && digits >= 3 && digits <= 4 { // 3栋502
				d = door{end, true}
			}
			return d, ok
		case notDoor(text[end+len(doorUnits[unit].name):], doorUnits[unit].name):
			return d, ok
		}
		end += len(doorUnits[unit].name)
		if rest, found := strings.CutPrefix(text[end:], "之"); found {
			if next, digits := skipDoorNumber(text, len(text)-len(rest)); digits > 0 {
				end = next
			}
		}
		d, ok = door{end, d.room || doorUnits[unit].room}, true
		i = nextDoorNumber(text, end)
		if i < 0 {
			return d, ok
		}
	}
}

// skipDoorNumber reads 12, 12A, A12 or 12-3 and counts the digits of the last number.
func skipDoorNumber(text string, i int) (end, digits int) {
	end = i
	for end < len(text) {
		c, size := charAt(text, end)
		switch {
		case isDigit(c):
			digits++
		case isLetter(c) && end-i < 18:
		case c == '-' && digits > 0:
			if d, _ := at(text, end+size); !isDigit(d) {
				return end, digits
			}
			digits = 0
		default:
			if digits > 5 {
				return i, 0
			}
			return end, digits
		}
		end += size
	}
	return end, digits
}

func at(text string, i int) (byte, int) {
	if i >= len(text) {
		return 0, 0
	}
	return charAt(text, i)
}

// nextDoorNumber returns where the next number of the same address begins: at once, or after the name of an estate, as in
// 建设路12号锦绣花园3栋; -1 if there is none.
func nextDoorNumber(text string, i int) int {
	for n := 0; n < 9 && i < len(text); n++ {
		c, _ := charAt(text, i)
		if isDigit(c) || isLetter(c) {
			return i
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if !unicode.Is(unicode.Han, r) || strings.ContainsRune("电手联年月日于与和及共计有第被因", r) {
			return -1
		}
		i += size
	}
	return -1
}

// notDoor reports whether what follows a unit makes the number something else: 5号令, 2号线, 3楼会议室 is a door, 3户 of 3户村民 none.
func notDoor(rest, unit string) bool {
	switch unit {
	case "号":
		for _, word := range []string{"令", "文", "线", "公告", "通知", "机组", "地块", "标", "窗", "井", "泵", "桥", "文件", "决定", "议案", "建议", "提案", "图", "仓", "通告", "公报"} {
			if strings.HasPrefix(rest, word) {
				return true
			}
		}
	case "户":
		r, _ := utf8.DecodeRuneInString(rest)
		return unicode.Is(unicode.Han, r)
	case "楼", "层", "房", "室", "座":
		return false
	}
	return false
}

// headStart returns where the address begins that has its first door number at i: ideographs and small numbers back to a space or a
// punctuation mark, and not before the limit.
func headStart(text string, i, limit int) int {
	start := i
	for start > limit && i-start < 120 {
		r, size := utf8.DecodeLastRuneInString(text[:start])
		if start-size < limit {
			break
		}
		c, _ := charAt(text, start-size)
		if !unicode.Is(unicode.Han, r) && !isDigit(c) {
			break
		}
		start -= size
	}
	return start
}

// afterHomeLabel looks for a word that says that a person lives there, in or before the address, and returns where the address begins
// after it.
func afterHomeLabel(text string, start, end int) (int, bool) {
	head := text[start:end]
	best, at := -1, -1
	for _, label := range homeLabels {
		if i := strings.LastIndex(head, label); i >= 0 && i+len(label) > best {
			best, at = i+len(label), i
		}
	}
	if best >= 0 {
		rest := head[best:]
		for _, verb := range []string{"为", "是", "在", "于", "地址"} {
			rest = strings.TrimPrefix(rest, verb)
		}
		return end - len(rest), !containsAny(head[:at], organisationWords)
	}
	if rest, ok := strings.CutPrefix(head, "住"); ok {
		if !hasAnyPrefix(head, notLiving) {
			return end - len(rest), true
		}
	}
	return start, hasAnySuffix(labelOf(cut(text, start-90, start)), homeLabels)
}

// besideName reports whether a person's name ends the text, perhaps with the sex between: 张三，男，.
func besideName(left string) bool {
	const between = " \t　|，,、（(：:；;"
	if containsAny(left, contactWords) || containsAny(left, organisationWords) {
		return false
	}
	left = strings.TrimRight(left, between)
	for _, sex := range []string{"男", "女"} {
		if rest, ok := strings.CutSuffix(left, sex); ok {
			if trimmed := strings.TrimRight(rest, between); trimmed != rest {
				left = trimmed
			}
		}
	}
	i := len(left)
	for i > 0 {
		r, size := utf8.DecodeLastRuneInString(left[:i])
		if !unicode.Is(unicode.Han, r) && r != '*' && r != '＊' {
			break
		}
		i -= size
	}
	return isPersonName(left[i:])
}

// isPersonName reports whether 2 or 3 characters may be a person's name, plain or masked; with one of the double surnames 3 or 4.
func isPersonName(name string) bool {
	given := ""
	first, size := utf8.DecodeRuneInString(name)
	switch {
	case hasAnyPrefix(name, doubleSurnames):
		given = name[6:]
	case strings.ContainsRune(surnames, first):
		given = name[size:]
	}
	n := utf8.RuneCountInString(given)
	if n < 1 || n > 2 {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(name)
	return !strings.ContainsRune(notGiven, last) && !containsAny(name, notNames)
}

// hideDigits writes ** for each number.
func hideDigits(text string) string {
	var b strings.Builder
	hidden := false
	for i := 0; i < len(text); {
		c, size := charAt(text, i)
		switch {
		case isDigit(c):
			if !hidden {
				b.WriteString("**")
			}
			hidden = true
		default:
			b.WriteString(text[i : i+size])
			hidden = false
		}
		i += size
	}
	return b.String()
}

// afterWord returns the next dozen of characters up to a punctuation mark.
func afterWord(text string, i int) string {
	rest := cut(text, i, i+36)
	if j := strings.IndexAny(rest, "，。；、,;（(\n|\t "); j >= 0 {
		rest = rest[:j]
	}
	return rest
}
