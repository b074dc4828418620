package privacy

import "strings"

// buffer holds the number that is looked at, in capital ASCII: groups of characters that single spaces or hyphens join, as in
// 6222 0212 3456 7890. It reads no further than the longest value needs, so that a page of figures costs what its length costs.
type buffer struct {
	chars  [maxChars]byte
	at     [maxChars]int // the offset of each character in the text
	n      int
	groups []group
	store  [maxGroups]group

	hyphenBefore bool // a hyphen joins the first group to a number before it
	student      bool // the number of a pupil's file (学籍号): G or L and the pupil's identity number
}

const (
	maxChars  = 72
	maxGroups = 23
	maxValue  = 23 // no value has more characters, 22 digits of an account being the longest
)

// group is a run of letters, digits and masks.
type group struct {
	from, to   int // in buffer.chars
	start, end int // offsets in the text
	digits     int
	letters    int // but a last X after digits, the check character of an identity number
	stars      int
	hyphen     bool // joined to the group before by a hyphen, not a space
	long       bool // too long to be a value
}

// charAt returns the character at i as the buffer keeps it, and its length in the text: a digit, a capital letter, '*' for every sign
// that masks, '-' for every hyphen and dash, ' ' for every space, and 0 for the rest.
func charAt(text string, i int) (c byte, size int) {
	c = text[i]
	switch {
	case c < 0x80:
		switch {
		case c-'0' <= 9, c-'A' <= 25, c == '*', c == '-', c == ' ':
			return c, 1
		case c-'a' <= 25:
			return c - 'a' + 'A', 1
		case c == '\\' && i+1 < len(text) && text[i+1] == '*': // Markdown's escape
			return '*', 2
		}
		return 0, 1
	case i+1 >= len(text):
		return 0, 1
	case c == 0xc2 && text[i+1] == 0xa0:
		return ' ', 2
	case c == 0xc3 && text[i+1] == 0x97: // ×
		return '*', 2
	case c < 0xe2 || i+2 >= len(text):
		return 0, 1
	}
	d, e := text[i+1], text[i+2]
	switch c {
	case 0xe2:
		switch {
		case d == 0x80 && e >= 0x90 && e <= 0x95, d == 0x88 && e == 0x92: // U+2010 to U+2015, −
			return '-', 3
		case d == 0x96 && (e == 0x88 || e == 0xa0 || e == 0xa1), d == 0x97 && (e == 0x8b || e == 0x8f): // █■□○●
			return '*', 3
		}
	case 0xe3:
		if d == 0x80 && e == 0x80 {
			return ' ', 3
		}
	case 0xef:
		switch {
		case d == 0xbc && e-0x90 <= 9:
			return e - 0x90 + '0', 3
		case d == 0xbc && e >= 0xa1 && e <= 0xba:
			return e - 0xa1 + 'A', 3
		case d == 0xbd && e >= 0x81 && e <= 0x9a:
			return e - 0x81 + 'A', 3
		case d == 0xbc && e == 0x8a:
			return '*', 3
		case d == 0xbc && e == 0x8d:
			return '-', 3
		}
	}
	return 0, 1
}

// skipIgnorable returns where the invisible characters end that begin at i: those that Unicode would have a program ignore, such as the
// zero-width spaces that come along when text is copied from a web page.
func skipIgnorable(text string, i int) int {
	for i+1 < len(text) && text[i] >= 0x80 {
		switch c, d := text[i], text[i+1]; {
		case c == 0xc2 && d == 0xad, c == 0xcd && d == 0x8f, c == 0xd8 && d == 0x9c: // U+00AD, U+034F, U+061C
			i += 2
		case i+2 >= len(text):
			return i
		case c == 0xe2 && d == 0x80 && (text[i+2] >= 0x8b && text[i+2] <= 0x8f || text[i+2] >= 0xaa && text[i+2] <= 0xae), // U+200B to U+200F, U+202A to U+202E
			c == 0xe2 && d == 0x81 && text[i+2] >= 0xa0 && text[i+2] <= 0xaf, // U+2060 to U+206F
			c == 0xe1 && d == 0xa0 && text[i+2] == 0x8e,                      // U+180E
			c == 0xef && d == 0xb8 && text[i+2] <= 0x8f,                      // U+FE00 to U+FE0F
			c == 0xef && d == 0xbb && text[i+2] == 0xbf:                      // U+FEFF
			i += 3
		default:
			return i
		}
	}
	return i
}

// before returns the character that ends before i, like charAt, and the offset at which it begins.
func before(text string, i int) (c byte, start int) {
	if i <= 0 {
		return 0, 0
	}
	start = i - 1
	for start > 0 && start > i-3 && text[start]&0xc0 == 0x80 {
		start--
	}
	c, size := charAt(text, start)
	if start+size != i {
		return 0, i - 1
	}
	if c == '*' && size == 1 && start > 0 && text[start-1] == '\\' {
		start--
	}
	return c, start
}

func isDigit(c byte) bool  { return c-'0' <= 9 }
func isLetter(c byte) bool { return c-'A' <= 25 }
func inRun(c byte) bool    { return isDigit(c) || isLetter(c) || c == '*' }

// runStart returns where the run begins in which the digit at i is the first digit; it does not go below the limit.
func runStart(text string, i, limit int) int {
	for n := 0; n < maxValue && i > limit; n++ {
		c, start := before(text, i)
		if !inRun(c) || start < limit {
			break
		}
		i = start
	}
	return i
}

// read fills the buffer with the group at the offset and those that follow it.
func (b *buffer) read(text string, start int) {
	b.n = 0
	b.groups = b.store[:0]
	b.hyphenBefore, b.student = false, false
	start = b.value(text, start)
	if c, i := before(text, start); c == '-' {
		c, _ = before(text, i)
		b.hyphenBefore = inRun(c)
	}
	end := b.group(text, start, false)
	for b.n < maxValue && len(b.groups) < maxGroups && !b.groups[0].long && b.groups[0].letters == 0 {
		c, size := byte(0), 0
		at := skipIgnorable(text, end)
		if at < len(text) {
			c, size = charAt(text, at)
		}
		next := skipIgnorable(text, at+size)
		if c == ' ' && next < len(text) { // two spaces still join
			if d, size := charAt(text, next); d == ' ' {
				next = skipIgnorable(text, next+size)
			}
		}
		if c != ' ' && c != '-' || next >= len(text) {
			return
		}
		if d, _ := charAt(text, next); !isDigit(d) && d != '*' {
			return
		}
		n := b.n
		end = b.group(text, next, c == '-')
		if g := &b.groups[len(b.groups)-1]; g.letters > 0 || g.long {
			b.n, b.groups = n, b.groups[:len(b.groups)-1]
			return
		}
	}
}

// group reads one group and returns its end.
func (b *buffer) group(text string, start int, hyphen bool) int {
	g := group{from: b.n, start: start, hyphen: hyphen}
	i := start
	for i < len(text) {
		c, size := charAt(text, i)
		if !inRun(c) {
			next := skipIgnorable(text, i)
			if next == i || next == len(text) || b.n == g.from {
				break
			}
			if c, size = charAt(text, next); !inRun(c) {
				break
			}
			i = next
		}
		if b.n == maxChars {
			g.long = true
		} else {
			b.chars[b.n], b.at[b.n] = c, i
			b.n++
		}
		i += size
	}
	if n := b.emphasis(text, g.from); n > 0 {
		b.n -= n
		i = b.at[b.n]
	}
	g.to, g.end = b.n, i
	chars := b.chars[g.from:g.to]
	for k, c := range chars {
		switch {
		case isDigit(c):
			g.digits++
		case c == '*':
			g.stars++
		case c == 'X' && (k > 0 && (chars[k-1] == 'X' || chars[k-1] == '*') || k+1 < len(chars) && (chars[k+1] == 'X' || chars[k+1] == '*')):
			g.stars++ // 440203XXXXXXXX1234
		case c == 'X' && k == len(chars)-1 && k > 0:
		default:
			g.letters++
		}
	}
	if g.letters == 0 && g.stars > 0 {
		for k, c := range chars {
			if c == 'X' && (k+1 < len(chars) || k > 0 && chars[k-1] == 'X') {
				chars[k] = '*'
			}
		}
	}
	b.groups = append(b.groups, g)
	return i
}

// value returns where the value begins in a run that begins at start: after a label in Latin letters or Markdown's **.
func (b *buffer) value(text string, start int) int {
	if c, size := at(text, start); c == 'G' || c == 'L' {
		if end, n := runOfDigits(text, start+size); n == 18 {
			if c, _ := at(text, end); !inRun(c) {
				b.student = true
				return start + size
			}
		}
	}
	word := text[start:min(len(text), start+6)]
	n := 0
	for n < len(word) && (word[n]|0x20)-'a' <= 25 {
		n++
	}
	switch word[:n] {
	case "Tel", "TEL", "tel", "ID", "id", "Phone", "phone", "Mobile", "mobile", "SFZ", "sfz", "SFZH", "sfzh":
		return start + n
	}
	if strings.HasPrefix(word, "**") && len(word) > 2 && word[2] != '*' && word[2] != '\\' {
		if _, size := runOfDigits(text, start+2); complete(size) || size == 16 {
			return start + 2
		}
	}
	return start
}

// emphasis returns 2 where the characters from the index on are a whole number and Markdown's ** behind it, which hides nothing.
func (b *buffer) emphasis(text string, from int) int {
	n := b.n - 2 - from
	if n <= 0 || b.chars[b.n-1] != '*' || b.chars[b.n-2] != '*' || text[b.at[b.n-2]] != '*' {
		return 0
	}
	opened := b.at[from] >= 2 && text[b.at[from]-2:b.at[from]] == "**"
	if !complete(n) && !(n == 16 && opened) {
		return 0
	}
	for _, c := range b.chars[from : b.n-2] {
		if !isDigit(c) && c != 'X' {
			return 0
		}
	}
	return 2
}

// complete reports whether a number of so many characters needs no more. 16 is not among them: two stars make a masked 18 of it.
func complete(n int) bool { return n == 11 || n == 15 || n >= 18 && n <= 20 }

func runOfDigits(text string, i int) (end, n int) {
	for i < len(text) {
		c, size := charAt(text, i)
		if !isDigit(c) && c != 'X' {
			break
		}
		n++
		i += size
	}
	return i, n
}
