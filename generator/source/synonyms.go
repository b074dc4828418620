package source

import (
	"unicode/utf8"

	"gongkai/generator/finding"
	"gongkai/generator/site"
)

// readSynonyms reads content/synonyms.yaml. A group at fault is left out, the others hold.
func readSynonyms(fr *front) *site.Synonyms {
	out := &site.Synonyms{Ignore: texts(fr.list("ignore"))}
	seen := map[string]int{} // word -> line
	fr.entries("groups", func(sub *front, n node) {
		official, same, say := sub.list("official"), sub.list("same"), sub.list("say")
		if !sub.failed() && len(official) == 0 {
			sub.report(finding.MissingKey, n.line, n.column, finding.T("这一组没有规范用语", "this group has no official word"),
				finding.T("加上“规范用语: [...]”", "add \"official: [...]\""))
		}
		if !sub.failed() {
			out.Groups = append(out.Groups, site.SynonymGroup{Official: texts(official), Same: sub.words(same, seen), Say: sub.words(say, seen)})
		}
	})
	return out
}

// words returns the citizens' words of a group, without those that cannot be looked up by.
func (f *front) words(list []listValue, seen map[string]int) []string {
	var out []string
	for _, v := range list {
		switch line, twice := seen[v.text]; {
		case utf8.RuneCountInString(v.text) < 2:
			f.report(finding.ShortWord, v.line, v.column, finding.T("“%s”只有一个字，不能作为同义词", "%q is a single character", v.text),
				finding.T("写成两个字以上的词", "use a word of two characters or more"))
		case twice:
			f.report(finding.DuplicateWord, v.line, v.column, finding.T("“%s”在第 %d 行已经有了", "%q stands on line %d already", v.text, line),
				finding.T("合并成一组，一组可以有几个规范用语", "make one group of both; a group may have several official words"))
		default:
			seen[v.text] = v.line
			out = append(out, v.text)
		}
	}
	return out
}
