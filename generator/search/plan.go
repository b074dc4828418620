package search

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/generator/search/token"
)

// A plan is a query as it is to be answered: every clause must be met, none of the barred ones. A clause is met by any of its
// alternatives, an alternative by all of its terms together.
type plan struct {
	clauses []clause
	barred  []clause
	// phrases are texts that a document should have as they stand: of each, one of the alternatives. Terms of pairs cannot tell 低保名单
	// from 低保…保名…名单, so the first hits are held against these. A strict one bars a document that does not have it.
	phrases []phrase
	loose   bool // nothing is quoted and nothing a number: words may also be found apart
}

type clause struct{ alternatives []alternative }

type alternative struct {
	terms  []string
	weight int    // of its score, in parts of weightTyped
	also   string // the official word that it stands for, where that is not the query's own
}

type phrase struct {
	texts  []string // folded, without separators
	strict bool
}

// The weights of alternatives: what was typed; an official word for it; pinyin in full, pinyin by initials; the number of the document
// itself, which nothing else may outrank.
const (
	weightTyped    = 64
	weightOfficial = 48
	weightPinyin   = 48
	weightInitials = 20
	weightNumber   = 640
)

// officialWeight returns the weight of an official word of n terms that stands for one of typed terms: together they count as much as
// the typed word's would, nearly.
func officialWeight(typed, n int) int { return max(1, weightOfficial*typed/max(1, n)) }

// maxAlternatives is how many official words one word is looked up by.
const maxAlternatives = 6

// maxClauses is how many parts of a query count.
const maxClauses = 12

// word is a word of the vocabulary: what it leads to, or that it is to be ignored.
type word struct {
	also   []string
	ignore bool
}

// vocabulary returns the words that queries are taken apart by: synonyms, units, fields, and what is ignored.
func vocabulary(m *Meta) (words map[string]*word, longest int) {
	words = map[string]*word{}
	at := func(text string) *word {
		text = token.Joined(text)
		if words[text] == nil {
			words[text] = &word{}
			longest = max(longest, utf8.RuneCountInString(text))
		}
		return words[text]
	}
	lead := func(from string, to []string) {
		w := at(from)
		for _, t := range to {
			if t = token.Joined(t); t != token.Joined(from) && t != "" && !slices.Contains(w.also, t) && len(w.also) < maxAlternatives {
				w.also = append(w.also, t)
			}
		}
	}
	for _, names := range [][]Name{m.Units, m.Fields} {
		for _, n := range names {
			at(n.Name)
			if short := strings.TrimRight(n.Name, "镇乡街道"); utf8.RuneCountInString(short) > 1 {
				at(short)
			}
		}
	}
	for _, g := range m.Synonyms.Groups {
		for _, s := range g.Official {
			lead(s, g.Same)
		}
		for _, s := range g.Same {
			lead(s, g.Official)
			lead(s, g.Same)
		}
		for _, s := range g.Say {
			lead(s, g.Official)
			lead(s, g.Same)
		}
	}
	for _, s := range m.Synonyms.Ignore {
		if w := at(s); len(w.also) == 0 {
			w.ignore = true
		}
	}
	delete(words, "")
	return words, longest
}

// part of a query: a chunk without spaces.
type chunk struct {
	text   string
	quoted bool
	barred bool
}

// quotes are the marks that a phrase may stand in.
var quotes = map[rune]rune{'"': '"', '“': '”', '”': '“', '＂': '＂', '「': '」', '『': '』'}

// chunks takes a query apart at spaces, quotes and minus signs.
func chunks(text string) []chunk {
	chars := []rune(text)
	var out []chunk
	add := func(s []rune, quoted, barred bool) {
		if t := string(s); token.Joined(t) != "" {
			out = append(out, chunk{t, quoted, barred})
		}
	}
	for i := 0; i < len(chars); {
		r := chars[i]
		if isSpace(r) {
			i++
			continue
		}
		barred := false
		if (r == '-' || r == '－') && i+1 < len(chars) && !isSpace(chars[i+1]) {
			barred = true
			i++
			r = chars[i]
		}
		if end, opens := quotes[r]; opens {
			if n := slices.IndexFunc(chars[i+1:], func(c rune) bool { return c == end || c == r }); n >= 0 {
				add(chars[i+1:i+1+n], true, barred)
				i += n + 2
				continue
			}
			i++
			if i == len(chars) {
				break
			}
		}
		start := i
		for i < len(chars) && !isSpace(chars[i]) && (i == start || quotes[chars[i]] == 0) {
			i++
		}
		add(chars[start:i], false, barred)
	}
	return out
}

func isSpace(r rune) bool {
	return r == ' ' || r == 0x3000 || r == '\t' || r == '\n' || r == '\r' || r == 0xA0
}

// clean drops control characters and reports a query that is too long.
func clean(text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", fmt.Errorf("%w: not UTF-8", ErrQuery)
	}
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F || r >= 0x80 && r < 0xA0 {
			return ' '
		}
		return r
	}, text))
	if utf8.RuneCountInString(text) > MaxQuery {
		return "", fmt.Errorf("%w: longer than %d characters", ErrQuery, MaxQuery)
	}
	return text, nil
}

// strict returns the plan that has all of the query, what stands together as a phrase.
func (x *Index) strict(text string) plan {
	p := plan{loose: true}
	if n := token.QueryNumber(text); n != "" {
		p.number(n, text)
		return p
	}
	for _, c := range chunks(text) {
		if len(p.clauses) >= maxClauses {
			break
		}
		if c.barred {
			p.barred = append(p.barred, x.plain(token.Runs(c.text), false)...)
			continue
		}
		if n := token.QueryNumber(c.text); n != "" && !c.quoted {
			p.number(n, c.text)
			continue
		}
		runs := token.Runs(c.text)
		p.loose = p.loose && !c.quoted
		p.clauses = append(p.clauses, x.plain(runs, !c.quoted)...)
		texts := []string{token.Joined(c.text)}
		if len(runs) == 1 && !c.quoted {
			for _, v := range x.variants(runs[0].Text) {
				texts = append(texts, v.text)
			}
		}
		if len(runs) > 1 || runs[0].Class == token.Han && runs[0].Len > 2 || len(texts) > 1 {
			p.phrases = append(p.phrases, phrase{texts, c.quoted})
		}
	}
	return p
}

// number adds a clause for an official number: of the document itself, or quoted in its text.
func (p *plan) number(number, text string) {
	p.loose = false
	quoted := alternative{weight: weightTyped}
	for _, r := range token.Runs(text) {
		quoted.terms = append(quoted.terms, phraseTerms(r)...)
	}
	p.clauses = append(p.clauses, clause{[]alternative{{terms: []string{number}, weight: weightNumber}, quoted}})
	p.phrases = append(p.phrases, phrase{texts: []string{token.Joined(text), strings.ReplaceAll(number[1:], "-", "")}})
}

// phraseTerms returns the terms that a run must have: its pairs, and for a single character everything that has it.
func phraseTerms(r token.Run) []string {
	terms := r.Terms()
	if r.Class == token.Han && len(terms) > 1 {
		terms = terms[:len(terms)-1]
	}
	return terms
}

// plain returns the clause of a chunk.
func (x *Index) plain(runs []token.Run, widen bool) []clause {
	if len(runs) == 0 {
		return nil
	}
	all := func(replaced int, by string) []string {
		var terms []string
		for i, r := range runs {
			switch {
			case i == replaced:
				terms = append(terms, termsOf(by)...)
			case r.Class == token.Word || r.Len > 1 || len(runs) == 1:
				terms = append(terms, phraseTerms(r)...)
			}
		}
		if len(terms) == 0 { // nothing but single characters: then they count
			for _, r := range runs {
				terms = append(terms, phraseTerms(r)...)
			}
		}
		return terms
	}
	c := clause{[]alternative{{terms: all(-1, ""), weight: weightTyped}}}
	if len(runs) > 1 {
		c.alternatives = append(c.alternatives, alternative{terms: fragmentTerms(runs), weight: weightTyped})
	}
	for i, r := range runs {
		switch {
		case !widen:
		case r.Class == token.Han:
			for _, v := range x.variants(r.Text) {
				if len(c.alternatives) < maxAlternatives+2 {
					terms := all(i, v.text)
					c.alternatives = append(c.alternatives, alternative{terms, officialWeight(len(c.alternatives[0].terms), len(terms)), v.also})
				}
			}
		case len(runs) == 1 && token.IsLetters(r.Text):
			c.alternatives = append(c.alternatives, pinyinAlternatives(r.Text)...)
		}
	}
	return []clause{c}
}

// fragmentTerms returns what a title must have that the runs are cut from: the first and last word may be parts of longer ones, but
// where words and Chinese meet they must meet there, too. A single character, as 年 in 2022年10月, is in a seam.
func fragmentTerms(runs []token.Run) []string {
	terms := token.Seams(runs)
	for i, r := range runs {
		if r.Class == token.Han && r.Len > 1 || r.Class == token.Word && i > 0 && i < len(runs)-1 {
			terms = append(terms, phraseTerms(r)...)
		}
	}
	return terms
}

// termsOf returns what a text must have.
func termsOf(text string) []string {
	var terms []string
	for _, r := range token.Runs(text) {
		terms = append(terms, phraseTerms(r)...)
	}
	return terms
}

type variant struct{ text, also string }

// variants returns a Chinese run with each of its words of the vocabulary in turn replaced by what the word leads to.
func (x *Index) variants(text string) []variant {
	var out []variant
	at := 0
	for _, s := range x.segments(text) {
		for _, to := range s.also {
			if len(out) < maxAlternatives {
				out = append(out, variant{text[:at] + to + text[at+len(s.text):], to})
			}
		}
		at += len(s.text)
	}
	return out
}

// segment is a part of a Chinese run: a word of the vocabulary, or what lies between two.
type segment struct {
	text   string
	known  bool
	ignore bool
	also   []string
}

// segments takes a Chinese run apart, the longest word of the vocabulary first, from left to right.
func (x *Index) segments(text string) []segment {
	chars := []rune(text)
	var out []segment
	rest := 0
	flush := func(end int) {
		if rest < end {
			out = append(out, segment{text: string(chars[rest:end])})
		}
	}
	for i := 0; i < len(chars); {
		n := min(x.longest, len(chars)-i)
		var w *word
		for ; n > 0; n-- {
			if w = x.words[string(chars[i:i+n])]; w != nil {
				break
			}
		}
		if w == nil {
			i++
			continue
		}
		flush(i)
		out = append(out, segment{string(chars[i : i+n]), true, w.ignore, w.also})
		i += n
		rest = i
	}
	flush(len(chars))
	return out
}

// halved divides what is no word of the vocabulary into words of two characters, which most Chinese words have, the last of three where the
// number is odd.
func halved(list []segment) []segment {
	var out []segment
	for _, s := range list {
		chars := []rune(s.text)
		for !s.known && len(chars) > 3 {
			out = append(out, segment{text: string(chars[:2])})
			chars = chars[2:]
		}
		s.text = string(chars)
		out = append(out, s)
	}
	return out
}

// pinyinAlternatives returns the ways to read a word of letters as pinyin.
func pinyinAlternatives(letters string) []alternative {
	var out []alternative
	for _, syllables := range token.ReadPinyin(letters) {
		a := alternative{weight: weightPinyin}
		for i := range len(syllables) - 1 {
			a.terms = append(a.terms, "~"+syllables[i]+syllables[i+1])
		}
		out = append(out, a)
	}
	if len(letters) >= 2 && len(letters) <= 8 {
		a := alternative{weight: weightInitials}
		for i := range len(letters) - 1 {
			a.terms = append(a.terms, "~"+letters[i:i+2])
		}
		out = append(out, a)
	}
	return out
}

// divided returns the plan that takes runs apart into words, all of which a document must have somewhere.
func (x *Index) divided(text string) plan {
	var p plan
	for _, c := range chunks(text) {
		if c.barred {
			p.barred = append(p.barred, x.plain(token.Runs(c.text), false)...)
			continue
		}
		runs := token.Runs(c.text)
		for _, r := range runs {
			if r.Class == token.Word {
				p.clauses = append(p.clauses, x.plain([]token.Run{r}, true)...)
				continue
			}
			for _, s := range halved(x.segments(r.Text)) {
				n := utf8.RuneCountInString(s.text)
				if s.ignore || n == 1 && r.Len > 1 {
					continue
				}
				cl := clause{[]alternative{{terms: termsOf(s.text), weight: weightTyped}}}
				for _, to := range s.also {
					terms := termsOf(to)
					cl.alternatives = append(cl.alternatives, alternative{terms, officialWeight(len(cl.alternatives[0].terms), len(terms)), to})
				}
				p.clauses = append(p.clauses, cl)
			}
		}
	}
	if len(p.clauses) > maxClauses {
		p.clauses = p.clauses[:maxClauses]
	}
	return p
}
