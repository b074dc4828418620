// Package privacy finds personal data in Chinese text: citizens' identity numbers, mobile numbers, bank cards, passports, vehicle
// plates and full home addresses, which an office must not publish without a mask (政府信息公开条例, 国令第711号, 第15条).
//
// A Scanner is a pure function of the text and of the day that bounds dates of birth. Find reads running text, in which lines
// with tabs or Markdown's bars are rows of a table; Table reads the rows of a spreadsheet. Both use what stands before a number and
// above its column: 身份证号 demands less proof of a number, 统一社会信用代码 or 索引号 protects it. Numbers that are public by
// nature, such as credit codes, project codes, amounts and landlines, are no matches; nor are values that are masked.
//
// A Match says where the value stands, how it may be shown in a report, and which mask to write instead of it. Writing every
// suggested mask leaves nothing to find but advice.
package privacy

import (
	"gongkai/generator/calendar"
)

// Kind is a kind of personal data.
type Kind uint8

// The kinds, in the order of harm that a leak does.
const (
	// IDNumber is a citizen's number of 18 characters (GB 11643-1999), also inside the 20 digits of a disability certificate.
	IDNumber Kind = iota
	// OldIDNumber is the form of 15 digits that was issued until 1999. It has no check digit, so it counts only where a label or
	// a column's heading names it.
	OldIDNumber
	// BankCard is a card or passbook of a person: 16 to 19 digits with the check digit of GB/T 15694.1 (Luhn), or any account
	// in a list of persons under a heading such as 银行账号.
	BankCard
	// Mobile is a mobile telephone number, 11 digits from 13 to 19.
	Mobile
	// Passport is the number of a passport or of a permit to travel to Hong Kong, Macao or Taiwan, where the text says so.
	Passport
	// Plate is a vehicle's plate (GA 36).
	Plate
	// HomeAddress is where a person lives, down to the door. A village or a group of villagers alone is usual and no match.
	HomeAddress
	// WeakMask is a masked identity number that can still be used: fewer than 6 characters are hidden, or the date of birth and
	// the serial can both be read. Hiding the month and the day, as in 4402031980****1234, is enough. This is advice.
	WeakMask

	kinds
)

// String returns the English name that keys and reports use.
func (k Kind) String() string {
	return [kinds]string{"id-number", "old-id-number", "bank-card", "mobile", "passport", "plate", "home-address", "weak-mask"}[k]
}

// Chinese returns the name that editors read.
func (k Kind) Chinese() string {
	return [kinds]string{"公民身份号码", "15位公民身份号码", "银行账号", "手机号码", "出入境证件号码", "机动车号牌号码", "家庭住址", "遮盖不足的公民身份号码"}[k]
}

// Advice reports whether a match of the kind is advice only; every other kind must not be published as it is.
func (k Kind) Advice() bool { return k == WeakMask }

// ParseKind reads the name that String returns.
func ParseKind(name string) (Kind, bool) {
	for k := range kinds {
		if k.String() == name {
			return k, true
		}
	}
	return 0, false
}

// Match is one value found.
type Match struct {
	Kind Kind
	// Start and End are byte offsets in the text, at borders of characters.
	Start, End int
	// Masked is the value as a report may show it: enough to recognise the place, less than Suggest.
	Masked string
	// Suggest is what to write instead of text[Start:End].
	Suggest string
}

// Scanner finds personal data. It keeps no state and may be used from many goroutines.
type Scanner struct{ today calendar.Date }

// NewScanner returns a scanner for which nobody is born after today. The zero Date sets no bound but the century's end.
func NewScanner(today calendar.Date) *Scanner {
	if today.IsZero() {
		today = calendar.NewDate(2099, 12, 31)
	}
	return &Scanner{today}
}

// Find appends the matches in the text to dst, in the order of the text and without overlap. The text may be Markdown's source, so
// that offsets lead to the editor's line.
func (s *Scanner) Find(dst []Match, text string) []Match {
	i := nextDigit(text, 0)
	if i < 0 {
		return dst
	}
	f := search{scanner: s, text: text, found: dst, before: len(dst)}
	f.run(i)
	return f.found
}

// search is one pass over one text. Every kind of value holds a digit, so the pass stops at digits only; what stands around one is
// looked at when its shape is right.
type search struct {
	scanner *Scanner
	text    string
	found   []Match
	before  int // how many matches were there before the search
	done    int // no value begins before this offset: the end of what was read

	buffer buffer
	lines  lines
	cell   *cell // where the text is one cell of a spreadsheet
}

func (f *search) run(i int) {
	for i >= 0 {
		if end := skipFigure(f.text, i); end > i {
			f.done = end
		} else {
			f.done = f.at(i)
		}
		i = nextDigit(f.text, f.done)
	}
}

// skipFigure returns the end of a number of up to six digits that stands alone and belongs to no address, or i. Dates, sums and
// counts are nearly all the numbers of an ordinary text; this spares them the buffer (BenchmarkFind/ordinary).
func skipFigure(text string, i int) int {
	if c, _ := before(text, i); inRun(c) {
		return i
	}
	end := i
	for end < len(text) && isDigit(text[end]) {
		end++
	}
	n := end - i
	if n == 0 || n > 6 {
		return i
	}
	if rest, ok := cutDot(text[:i]); n > 3 && ok {
		if c, _ := before(rest, len(rest)); isLetter(c) {
			return i // 粤F·12345
		}
	}
	if end == len(text) {
		return end
	}
	switch c := text[end]; {
	case c >= 0x80:
		if c, _ := charAt(text, end); c != 0 || beginsDoorUnit(text[end:]) || skipIgnorable(text, end) > end {
			return i
		}
	case c == ' ':
		if end+1 < len(text) && (text[end+1] == '*' || text[end+1] == ' ' || isDigit(text[end+1]) || text[end+1] >= 0x80) {
			return i
		}
	case c == '-', c == '*', c == '\\', c-'A' <= 25, c-'a' <= 25:
		return i
	}
	return end
}

// nextDigit returns the offset of the first ASCII or full-width digit from i on, or -1. This loop is what a text without
// numbers costs (BenchmarkFind).
func nextDigit(text string, i int) int {
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case c-'0' <= 9:
			return i
		case c == 0xef && i+2 < len(text) && text[i+1] == 0xbc && text[i+2]-0x90 <= 9:
			return i
		}
	}
	return -1
}

// at looks at the number in which the digit at i stands, and returns where to go on.
func (f *search) at(i int) int {
	b := &f.buffer
	b.read(f.text, runStart(f.text, i, f.done))
	first := b.groups[0]
	if first.long {
		return first.end
	}
	if end := f.plate(); end > 0 {
		return end
	}
	if first.letters > 0 {
		if end := f.passport(); end > 0 {
			return end
		}
		return max(first.end, i+1)
	}
	if end := f.address(); end > 0 {
		return end
	}
	if first.digits+first.stars < 7 && len(b.groups) == 1 {
		return first.end
	}
	for n := len(b.groups); n > 0; n-- {
		if end := f.number(n); end > 0 {
			return end
		}
	}
	return first.end
}

// number tests the first n groups as one number, and returns the end of a match or 0.
func (f *search) number(n int) int {
	b := &f.buffer
	last := b.groups[n-1]
	if b.hyphenBefore || n < len(b.groups) && b.groups[n].hyphen {
		return 0 // a part of a longer code, such as 2019-440203-48-01-012345
	}
	digits := b.chars[:last.to]
	stars := 0
	for _, g := range b.groups[:n] {
		stars += g.stars
	}
	if stars > 0 {
		return f.weakMask(digits, last.end)
	}
	switch len(digits) {
	case 8:
		if n == 1 {
			return f.taiwanPermit(digits, last.end)
		}
		return 0
	case 18, 20:
		if end := f.identity(digits, last.end); end > 0 {
			return end
		}
	case 15:
		if end := f.oldIdentity(digits, last.end); end > 0 {
			return end
		}
	}
	if end := f.mobile(digits, n); end > 0 {
		return end
	}
	return f.bankCard(digits, n)
}

// add records a match that begins at the buffer's character from and ends before the offset end.
func (f *search) add(kind Kind, from, end int, masked, suggest string) int {
	f.found = append(f.found, Match{kind, f.buffer.at[from], end, masked, suggest})
	return end
}
