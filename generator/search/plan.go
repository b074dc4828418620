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
	barred  []bar
	// phrases are texts that a document should have as they stand: of each, one of the alternatives. Terms of pairs cannot tell 低保名单
	// from 低保…保名…名单, so documents are held against these.
	phrases []phrase
	loose   bool // nothing is quoted and nothing a number: words may also be found apart
	number  bool // the whole query is one number: parts of it are no answer
}

type clause struct{ alternatives []alternative }

type alternative struct {
	terms  []string
	weight int    // of its score, in parts of weightTyped
	also   string // the official word that it stands for, where that is not the query's own
}

// A phrase is what a document should have, or must have where it is strict.
type phrase struct {
	texts  []string // folded, without separators
	strict bool
	bears  string // a term: what has it need not have the texts
}

// bar is what no document may have: what the clause finds and, where terms cannot tell, has the text.
type bar struct {
	clause clause
	text   string
}

// The weights of alternatives: what was typed; an official word for it; pinyin in full, pinyin by initials; the number of the document
// itself, which nothing else may outrank.
const (
	weightTyped    = 64
	weightPinyin   = 48
	weightInitials = 20
	weightNumber   = 640
)

// officialWeight returns the weight of an official word of n terms that stands for one of typed terms: together they count as much as the typed
// word's would. Its pairs, as 生活 and 保障, are not as rare as the word is, so that it is still worth less than a typed word that is as rare.
func officialWeight(typed, n int) int { return max(1, weightTyped*typed/max(1, n)) }

// maxAlternatives is how many official words one word is looked up by.
const maxAlternatives = 6

// maxClauses is how many parts of a query count.
const maxClauses = 12

// word is a word of the vocabulary: what it leads to, or that it is to be ignored, or the name of a unit or a field.
type word struct {
	also   []string
	ignore bool
	name   bool
}

// vocabulary returns the words that queries are taken apart by: synonyms, units, fields, and what is ignored; and how official words are
// spelled in pinyin, which leads to them.
func vocabulary(m *Meta, reader *token.Reader) (words map[string]*word, longest int) {
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
			at(n.Name).name = true
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
	for _, g := range m.Synonyms.Groups {
		for _, s := range slices.Concat(g.Same, g.Official) {
			spelled := reader.Spell(token.Joined(s))
			if spelled == "" || len(spelled) > token.MaxWord {
				continue
			}
			if words[spelled] == nil {
				words[spelled] = &word{}
			}
			w := words[spelled]
			for _, to := range append([]string{token.Joined(s)}, words[token.Joined(s)].also...) {
				if !slices.Contains(w.also, to) && len(w.also) < maxAlternatives {
					w.also = append(w.also, to)
				}
			}
		}
	}
	return words, longest
}

// part of a query: a chunk without spaces.
type chunk struct {
	text      string
	quoted    bool
	barred    bool
	syllables bool // put together
}

// quotes are the marks that a phrase may stand in.
var quotes = map[rune]rune{'"': '"', '“': '”', '”': '“', '＂': '＂', '「': '」', '『': '』'}

// chunks takes a query apart at spaces, quotes and minus signs. Syllables of pinyin that stand apart are one word.
func chunks(text string) []chunk {
	var out []chunk
	for _, c := range pieces(text) {
		if last := len(out) - 1; last >= 0 && spoken(c) && spoken(out[last]) {
			out[last].text += c.text
			out[last].syllables = true
			continue
		}
		out = append(out, c)
	}
	return out
}

// spoken reports whether a chunk is a syllable, or syllables that were put together.
func spoken(c chunk) bool {
	text := token.FoldText(c.text)
	return !c.quoted && !c.barred && token.IsLetters(text) && (c.syllables || token.IsSyllable(text))
}

func pieces(text string) []chunk {
	chars := []rune(text)
	var out []chunk
	add := func(s []rune, quoted, barred bool) {
		if t := string(s); token.Joined(t) != "" {
			out = append(out, chunk{text: t, quoted: quoted, barred: barred})
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
		p.addNumber(n, text)
		p.number = true
		return p
	}
	for _, c := range chunks(text) {
		if len(p.clauses) >= maxClauses {
			break
		}
		runs := token.Runs(c.text)
		if c.barred {
			p.barred = append(p.barred, x.bars(c.text, runs)...)
			continue
		}
		if n := token.QueryNumber(c.text); n != "" && !c.quoted {
			p.addNumber(n, c.text)
			continue
		}
		p.loose = p.loose && !c.quoted
		parts := [][]token.Run{runs}
		if !c.quoted {
			parts = counted(runs)
		}
		for _, part := range parts {
			p.clauses = append(p.clauses, x.plain(part, !c.quoted)...)
		}
		texts := []string{token.Joined(c.text)}
		if len(runs) == 1 && !c.quoted {
			for _, v := range x.variants(runs[0]) {
				texts = append(texts, v.text)
			}
		}
		if runs[0].Class == token.Word && len(runs) == 1 {
			continue
		}
		if !evident(runs) || len(texts) > 1 {
			p.phrases = append(p.phrases, phrase{texts: texts, strict: c.quoted})
		}
	}
	if name := token.Joined(text); len(p.clauses) == 1 && len(p.barred) == 0 && x.words[name] != nil && x.words[name].name {
		c := &p.clauses[0]
		c.alternatives = append(c.alternatives, alternative{terms: []string{"=" + name}, weight: weightNumber})
		for i := range p.phrases {
			p.phrases[i].bears = "=" + name
		}
	}
	return p
}

// evident reports whether what has the terms of the runs has the phrase: where there is one term.
func evident(runs []token.Run) bool {
	switch len(runs) {
	case 1:
		return runs[0].Class == token.Word || runs[0].Len <= 2
	case 2:
		return len(token.Seams(runs)) == 1 && (runs[0].Class == token.Word || runs[0].Len == 1) && (runs[1].Class == token.Word || runs[1].Len == 1)
	}
	return false
}

// bars returns what a barred chunk keeps out.
func (x *Index) bars(text string, runs []token.Run) []bar {
	var out []bar
	for _, c := range x.plain(runs, false) {
		b := bar{clause: clause{c.alternatives[:1]}} // whole words only
		if !evident(runs) {
			b.text = token.Joined(text)
		}
		out = append(out, b)
	}
	return out
}

// addNumber adds a clause for an official number, as it was typed: of the document itself, or quoted in its text.
func (p *plan) addNumber(number, text string) {
	p.loose = false
	quoted := alternative{weight: weightTyped}
	if written := token.Written(number); written != "" {
		quoted.terms = termsOf(written)
	} else {
		quoted.terms = numberTerms(token.Runs(text))
	}
	p.clauses = append(p.clauses, clause{[]alternative{{terms: []string{number}, weight: weightNumber}, quoted}})
	p.phrases = append(p.phrases, phrase{texts: token.Quoted(number), strict: true, bears: number})
}

// numberTerms returns the terms of a number that is no document number: its words, but years only where nothing is longer. Half of an index
// has a year.
func numberTerms(runs []token.Run) []string {
	long := slices.ContainsFunc(runs, func(r token.Run) bool { return r.Class == token.Word && r.Len > token.MaxSeam })
	var terms []string
	for _, r := range runs {
		if r.Class == token.Word && !(long && r.IsYear()) {
			terms = append(terms, r.Text)
		}
	}
	return terms
}

// phraseTerms returns the terms that a run must have: its pairs, and for a single character everything that has it.
func phraseTerms(r token.Run) []string {
	terms := r.Terms()
	if r.Class == token.Han && len(terms) > 1 {
		terms = terms[:len(terms)-1]
	}
	return terms
}

// longRun is from how many characters on a run is a sentence, if it has no word as 怎么, that only questions have: nobody has all its pairs, and to look for them
// costs a browser more than to hold those that have its words against the phrase.
const longRun = 10

// wordTerms returns the terms that a run must have as phraseTerms does, but of a sentence those of its words only.
func (x *Index) wordTerms(r token.Run) []string {
	var terms []string
	if r.Class == token.Han {
		if list := x.segments(r.Text); r.Len >= longRun || slices.ContainsFunc(list, segment.asks) {
			terms = termsOfWords(list)
		}
	}
	if len(terms) == 0 {
		return phraseTerms(r)
	}
	return terms
}

// termsOfWords returns the terms of the words that count.
func termsOfWords(list []segment) []string {
	var terms []string
	for _, s := range halved(list) {
		if !s.ignore && utf8.RuneCountInString(s.text) > 1 {
			terms = append(terms, termsOf(s.text)...)
		}
	}
	return terms
}

// plain returns the clause of a chunk.
func (x *Index) plain(runs []token.Run, widen bool) []clause {
	if len(runs) == 0 {
		return nil
	}
	needs := phraseTerms
	if widen {
		needs = x.wordTerms
	}
	implied := seamed(runs)
	// all returns the terms of all runs: of one of them others, where it is replaced
	all := func(replaced int, by []string) []string {
		var terms []string
		for i, r := range runs {
			switch {
			case i == replaced:
				terms = append(terms, by...)
			case replaced < 0 && implied[i]:
			case r.Class == token.Word || r.Len > 1 || len(runs) == 1:
				terms = append(terms, needs(r)...)
			}
		}
		if replaced < 0 {
			terms = append(terms, token.Seams(runs)...)
		}
		if len(terms) == 0 { // nothing but single characters: then they count
			for _, r := range runs {
				terms = append(terms, phraseTerms(r)...)
			}
		}
		return terms
	}
	c := clause{[]alternative{{terms: all(-1, nil), weight: weightTyped}}}
	if len(runs) > 1 {
		c.alternatives = append(c.alternatives, alternative{terms: fragmentTerms(runs, needs), weight: weightTyped})
	}
	for i, r := range runs {
		switch {
		case !widen:
		case r.Class == token.Han || len(runs) == 1:
			for _, v := range x.variants(r) {
				if len(c.alternatives) < maxAlternatives+2 {
					terms := all(i, v.terms)
					c.alternatives = append(c.alternatives, alternative{terms, officialWeight(len(c.alternatives[0].terms), len(terms)), v.also})
				}
			}
			if token.IsLetters(r.Text) {
				c.alternatives = append(c.alternatives, pinyinAlternatives(r.Text)...)
			}
		}
	}
	return []clause{c}
}

// seamed reports of each run whether a seam has all of it, as of a short word or a single character beside one: what has the seam has the run, which
// need not be looked for.
func seamed(runs []token.Run) []bool {
	out := make([]bool, len(runs))
	for i := 1; i < len(runs); i++ {
		if len(token.Seams(runs[i-1:i+1])) > 0 {
			for k := i - 1; k <= i; k++ {
				out[k] = out[k] || runs[k].Class == token.Word || runs[k].Len == 1
			}
		}
	}
	return out
}

// fragmentTerms returns what a title must have that the runs are cut from: the first and last word may be parts of longer ones, but
// where words and Chinese meet they must meet there, too. A single character, as 年 in 2022年10月, is in a seam.
func fragmentTerms(runs []token.Run, needs func(token.Run) []string) []string {
	terms := token.Cuts(runs)
	last, implied := len(runs)-1, seamed(runs)
	for i, r := range runs {
		if r.Class == token.Han && r.Len > 1 || r.Class == token.Word && i > 0 && i < last && !implied[i] {
			terms = append(terms, needs(r)...)
		}
	}
	return terms
}

// termsOf returns what a text must have.
func termsOf(text string) []string {
	var terms []string
	runs := token.Runs(text)
	implied := seamed(runs)
	for i, r := range runs {
		if !implied[i] {
			terms = append(terms, phraseTerms(r)...)
		}
	}
	return append(terms, token.Seams(runs)...)
}

// variant is a run that is written in another way.
type variant struct {
	text  string
	also  string   // the official word in it
	terms []string // of its words
}

// variants returns a Chinese run with each of its words of the vocabulary in turn replaced by what the word leads to, or what a word of
// letters spells.
func (x *Index) variants(r token.Run) []variant {
	var out []variant
	segments := []segment{{text: r.Text}}
	if r.Class == token.Han {
		segments = x.segments(r.Text)
	} else if w := x.words[r.Text]; w != nil {
		segments[0].also = w.also
	}
	at := 0
	for i, s := range segments {
		for _, to := range s.also {
			if len(out) < maxAlternatives {
				terms := append(termsOf(to), termsOfWords(slices.Concat(segments[:i], segments[i+1:]))...)
				out = append(out, variant{r.Text[:at] + to + r.Text[at+len(s.text):], to, terms})
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
	name   bool
	also   []string
}

// asks reports whether a word is to be ignored that titles hardly have, unlike single characters as 的.
func (s segment) asks() bool { return s.ignore && utf8.RuneCountInString(s.text) > 1 }

// segments takes a Chinese run apart so that words of the vocabulary cover most of it; of several ways, the one with fewer words, the
// first of which are longer. To take the longest word from left to right would find 怎么申请 and 公开 in 怎么申请公开, not 申请公开.
func (x *Index) segments(text string) []segment {
	chars := []rune(text)
	type way struct{ covered, words, first int } // from a character on; first is the length of the word there, 0 for none
	best := make([]way, len(chars)+1)
	for i := len(chars) - 1; i >= 0; i-- {
		best[i] = way{best[i+1].covered, best[i+1].words, 0}
		for n := min(x.longest, len(chars)-i); n > 0; n-- {
			if x.words[string(chars[i:i+n])] == nil {
				continue
			}
			w := way{best[i+n].covered + n, best[i+n].words + 1, n}
			if w.covered > best[i].covered || w.covered == best[i].covered && w.words < best[i].words {
				best[i] = w
			}
		}
	}
	var out []segment
	rest := 0
	for i := 0; i <= len(chars); {
		n := best[i].first
		if (n > 0 || i == len(chars)) && rest < i {
			out = append(out, segment{text: string(chars[rest:i])})
		}
		if n == 0 {
			i++
			continue
		}
		w := x.words[string(chars[i:i+n])]
		out = append(out, segment{string(chars[i : i+n]), true, w.ignore, w.name, w.also})
		i += n
		rest = i
	}
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
		n := min(3, len(letters))
		for i := range len(letters) - n + 1 {
			a.terms = append(a.terms, "~"+letters[i:i+n])
		}
		out = append(out, a)
	}
	return out
}

// counted takes runs apart behind numbers and their counters: 2026年 and 预算.
func counted(runs []token.Run) [][]token.Run {
	var out [][]token.Run
	from := 0
	runs = slices.Clone(runs)
	for i := 1; i < len(runs); i++ {
		r := runs[i]
		first, size := utf8.DecodeRuneInString(r.Text)
		if !r.Meets || r.Class != token.Han || r.Len < 3 || !strings.ContainsRune(counters, first) || strings.Trim(runs[i-1].Text, "0123456789") != "" {
			continue
		}
		out = append(out, append(slices.Clone(runs[from:i]), token.Run{Text: r.Text[:size], Class: token.Han, Len: 1, Meets: true}))
		runs[i] = token.Run{Text: r.Text[size:], Class: token.Han, Len: r.Len - 1}
		from = i
	}
	return append(out, runs[from:])
}

// counters are the characters that belong to the number before them, not to the word behind: 2026年|预算.
const counters = "年月日号元"

// divided returns the plan that takes runs apart into words, all of which a document must have somewhere.
func (x *Index) divided(text string) plan {
	var p plan
	for _, c := range chunks(text) {
		runs := token.Runs(c.text)
		if c.barred {
			p.barred = append(p.barred, x.bars(c.text, runs)...)
			continue
		}
		for i, r := range runs {
			if r.Class == token.Word {
				p.clauses = append(p.clauses, x.plain([]token.Run{r}, true)...)
				continue
			}
			rest := r.Text
			if first, size := utf8.DecodeRuneInString(rest); i > 0 && r.Meets && strings.ContainsRune(counters, first) {
				rest = rest[size:]
				if seam := token.Seams([]token.Run{runs[i-1], r}); len(seam) == 1 { // 10月 is no 10
					p.clauses[len(p.clauses)-1] = clause{[]alternative{{terms: seam, weight: weightTyped}}}
				}
			}
			for _, s := range halved(x.segments(rest)) {
				n := utf8.RuneCountInString(s.text)
				if s.ignore || n == 1 && r.Len > 1 {
					continue
				}
				cl := clause{[]alternative{{terms: termsOf(s.text), weight: weightTyped}}}
				if s.name { // the unit's own page is worth more than what names it
					cl.alternatives = append(cl.alternatives, alternative{terms: []string{"=" + s.text}, weight: weightTyped})
				}
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
