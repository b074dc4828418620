package privacy

import (
	"strings"
	"time"
)

// GB 11643-1999: 6 digits of the division of first registration, 8 of the date of birth, 3 of a serial (odd for men), 1 check
// character.
const (
	birthFrom, birthTo   = 6, 14
	serialFrom, serialTo = 14, 17
)

// minHidden is how many characters of an identity number a mask hides at least. No rule sets it; it is what portals came to use.
const minHidden = 6

// identity tests the 18 or 20 characters as a citizen's number. The 20 digits of a disability certificate (中国残疾人联合会,
// 第二代残疾人证) are the holder's number, a digit for the kind, 1 to 7, and one for the grade, 1 to 4.
func (f *search) identity(number []byte, end int) int {
	if len(number) == 20 && (number[18]-'1' > 6 || number[19]-'1' > 3) {
		return 0
	}
	id := number[:18]
	if !isDigit(id[16]) || !f.scanner.born(year(id[6:10]), two(id[10:12]), two(id[12:14])) {
		return 0
	}
	role := f.role()
	switch {
	case f.buffer.student:
		if len(number) != 18 || !isDivision(id) || !hasCheckDigit(id) {
			return 0
		}
	case role == codeColumn:
		return 0
	case role == identityColumn && (isDivision(id) || isPermanentResident(id)):
	case !isDivision(id):
		if !isPermanentResident(id) || !f.labelled(identityLabels) {
			return 0
		}
	case !hasCheckDigit(id):
		// A slip of one digit in a list of persons leaks no less.
		if !f.labelled(identityLabels) {
			return 0
		}
	case f.labelled(codeLabels):
		return 0
	case year(id[6:10]) >= 2000 && (role == weakCodeColumn || f.weaklyLabelled()) && !f.labelled(identityLabels):
		// 编号 over division, date and serial: such codes pass the check digit once in eleven.
		return 0
	}
	masked := mask(id, 6, 4)
	if len(number) == 20 {
		masked += "**"
	}
	return f.add(IDNumber, 0, end, mask(id, 4, 0), masked)
}

// oldIdentity tests 15 digits: division, yymmdd, serial. Codes of division, year and number have the same shape and are common,
// so a label or a heading has to say what it is.
func (f *search) oldIdentity(id []byte, end int) int {
	if !isDigit(id[14]) || !isDivision(id) || !f.scanner.born(1900+two(id[6:8]), two(id[8:10]), two(id[10:12])) {
		return 0
	}
	if f.role() != identityColumn && !f.labelled(identityLabels) {
		return 0
	}
	return f.add(OldIDNumber, 0, end, mask(id, 4, 0), mask(id, 6, 3))
}

// weakMask tests a masked number.
func (f *search) weakMask(masked []byte, end int) int {
	digits, prefix, suffix := 0, -1, 0
	for i, c := range masked {
		if c == '*' {
			if prefix < 0 {
				prefix = i
			}
			suffix = 0
			continue
		}
		digits++
		suffix++
	}
	var weak bool
	suggest := ""
	switch {
	case len(masked) == 18:
		if !f.scanner.maybeMaskedID(masked) {
			return 0
		}
		birth, serial := readable(masked[birthFrom:birthTo]), readable(masked[serialFrom:serialTo])
		day := string(masked[10:14]) != "****"
		weak = birth && serial || 18-digits < minHidden && day
		suggest = string(masked[:birthFrom]) + strings.Repeat("*", birthTo-birthFrom) + string(masked[birthTo:])
	case digits >= 12 && digits < 18 && prefix+suffix == digits && (f.role() == identityColumn || f.labelled(identityLabels)):
		// The mask's length says nothing about what it hides, so the ends are laid against the number's.
		weak = 18-digits < minHidden && (prefix > 10 || suffix > 4) || suffix >= 18-birthFrom || prefix >= serialTo
		suggest = string(masked[:min(prefix, birthFrom)]) + "********" + string(masked[len(masked)-min(suffix, 4):])
	}
	if !weak {
		return 0
	}
	return f.add(WeakMask, 0, end, suggest, suggest)
}

// maybeMaskedID reports whether what can be read of 18 characters fits an identity number.
func (s *Scanner) maybeMaskedID(id []byte) bool {
	for i, c := range id {
		if c == 'X' && i < 17 {
			return false
		}
	}
	if readable(id[:2]) && !isProvince(two(id)) {
		return false
	}
	if readable(id[6:8]) && two(id[6:8]) != 19 && two(id[6:8]) != 20 {
		return false
	}
	if readable(id[6:10]) && year(id[6:10]) > int(s.today.Year) {
		return false
	}
	if readable(id[10:12]) && two(id[10:12])-1 > 11 || readable(id[12:14]) && two(id[12:14])-1 > 30 {
		return false
	}
	return readable(id[6:8]) || readable(id[10:14])
}

func readable(chars []byte) bool {
	for _, c := range chars {
		if c == '*' {
			return false
		}
	}
	return true
}

// mask hides all but the first and the last characters.
func mask(value []byte, head, tail int) string {
	return string(value[:head]) + strings.Repeat("*", len(value)-head-tail) + string(value[len(value)-tail:])
}

// born reports whether a person may have been born on the day: it exists, is in or after 1900 and not after today.
func (s *Scanner) born(year, month, day int) bool {
	if year < 1900 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return false
	}
	t := s.today
	return year<<16|month<<8|day <= int(t.Year)<<16|int(t.Month)<<8|int(t.Day)
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// isDivision reports whether a number begins with the code of a county or of a city without counties (GB/T 2260): a province, then
// a prefecture from 01 to 70, or 90 for counties directly under the province. Codes that were abolished stay in numbers for life, so
// there is no list of counties.
func isDivision(id []byte) bool {
	p := two(id)
	if !isProvince(p) {
		return false
	}
	prefecture := two(id[2:])
	return prefecture >= 1 && prefecture <= 70 || prefecture == 90 || p > 70 && prefecture == 0
}

// isProvince knows the provinces, Taiwan, Hong Kong and Macao (71, 81, 82), and 83 of the residence permit for people from Taiwan.
func isProvince(code int) bool {
	switch code / 10 {
	case 1:
		return code >= 11 && code <= 15
	case 2:
		return code >= 21 && code <= 23
	case 3:
		return code >= 31 && code <= 37
	case 4:
		return code >= 41 && code <= 46
	case 5:
		return code >= 50 && code <= 54
	case 6:
		return code >= 61 && code <= 65
	case 7:
		return code == 71
	case 8:
		return code >= 81 && code <= 83
	}
	return false
}

// isPermanentResident knows the start of a foreigner's identity card (GA/T 1264): 9, province, country. Companies' credit codes
// begin with 9 too, so it needs a label.
func isPermanentResident(id []byte) bool { return id[0] == '9' && isProvince(two(id[1:])) }

// hasCheckDigit tests the last of 18 characters (ISO 7064, MOD 11-2).
func hasCheckDigit(id []byte) bool {
	const check = "10X98765432"
	sum := 0
	for i, c := range id[:17] {
		sum += int(c-'0') * [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}[i]
	}
	return id[17] == check[sum%11]
}

func two(digits []byte) int  { return int(digits[0]-'0')*10 + int(digits[1]-'0') }
func year(digits []byte) int { return two(digits)*100 + two(digits[2:]) }
