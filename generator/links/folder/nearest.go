package folder

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
	"golang.org/x/text/unicode/norm"

	"gongkai/generator/links"
)

// mostSought is for how many addresses, and for how many anchors, the nearest one is sought: beyond that a template is at fault,
// and the first ones tell.
const mostSought = 1000

// mostCompared is how many names are compared for all of them: a few seconds at most, in the largest of folders.
const mostCompared = 2_000_000

// nearest finds what a wrong address was meant to be.
type nearest struct {
	*checker
	folded   map[string]int32    // address without case -> file; built when first needed
	children map[string][]string // folder -> its files and, with final slash, folders
	anchors  map[int32][]string  // page -> its anchors as they are written
	answers  map[string]string   // address with the anchor -> the nearest one
	compared int
}

// verdict is what an address without a file turned out to be.
type verdict struct {
	kind       Kind
	suggestion string
}

func newNearest(c *checker) *nearest {
	return &nearest{checker: c, anchors: map[int32][]string{}, answers: map[string]string{}}
}

// judge tells the kind of an address that no file has.
func (n *nearest) judge(target string) verdict {
	if file, ok := n.index[target+"/"]; ok && file != noIndex {
		return verdict{NoSlash, n.under + target + "/"}
	}
	for _, folder := range []string{target, target + "/", strings.TrimSuffix(target, "index.html")} {
		if file, ok := n.index[folder]; ok && file == noIndex {
			return verdict{NoIndex, ""}
		}
	}
	if n.folded == nil {
		n.folded = make(map[string]int32, len(n.index))
		for address, file := range n.index {
			if file != noIndex {
				key := fold(address)
				// of two spellings the first one, so that each run says the same
				if other, ok := n.folded[key]; !ok || n.files[file] < n.files[other] {
					n.folded[key] = file
				}
			}
		}
	}
	key := fold(target)
	for _, candidate := range []string{key, key + "/", strings.TrimSuffix(key, "index.html")} {
		if file, ok := n.folded[candidate]; ok {
			return verdict{Case, n.under + n.address(file)}
		}
	}
	return verdict{Missing, ""}
}

func fold(address string) string { return strings.ToLower(norm.NFC.String(address)) }

// suggest seeks the nearest address for those that some fault has, by the order of faults.
func (n *nearest) suggest(faults []fault, verdicts []verdict) {
	sought := map[int32]bool{}
	for _, f := range faults {
		if f.kind != Missing && f.kind != Outside || sought[f.target] || len(sought) == mostSought {
			continue
		}
		sought[f.target] = true
		v := &verdicts[f.target]
		if f.kind == Outside {
			if _, ok := n.find([]byte(n.targets[f.target])); ok {
				v.suggestion = n.under + n.targets[f.target]
			}
			continue
		}
		if near := n.near(n.targets[f.target]); near != "" {
			v.suggestion = n.under + near
		}
	}
}

// near returns the address that exists and is nearest to one that does not: it follows the folders that are spelled right, and
// takes the child with the nearest name where one is not.
func (n *nearest) near(target string) string {
	if bare := strings.TrimSuffix(target, "/"); bare != target {
		if _, ok := n.find([]byte(bare)); ok {
			return bare
		}
	}
	if file, ok := n.index[target+".html"]; ok && file != noIndex {
		return target + ".html"
	}
	n.listChildren()
	at := "/"
	for rest := strings.TrimPrefix(target, "/"); rest != ""; {
		name, after, more := strings.Cut(rest, "/")
		rest = after
		if more {
			if _, ok := n.children[at+name+"/"]; ok {
				at += name + "/"
				continue
			}
		}
		child := n.closest(name, n.children[at], func(c string) bool { return !more || rest == "" || strings.HasSuffix(c, "/") })
		if child == "" {
			return ""
		}
		at += child
	}
	if _, ok := n.find([]byte(at)); !ok || at == "/" {
		return ""
	}
	return at
}

func (n *nearest) listChildren() {
	if n.children != nil {
		return
	}
	n.children = map[string][]string{}
	for address := range n.index {
		if address == "/" {
			continue
		}
		cut := strings.LastIndexByte(strings.TrimSuffix(address, "/"), '/') + 1
		n.children[address[:cut]] = append(n.children[address[:cut]], address[cut:])
		if strings.HasSuffix(address, "/") && n.children[address] == nil {
			n.children[address] = []string{}
		}
	}
}

// closest returns the name that differs in the fewest characters, at most a third of them but in one of two, or nothing. Of equally
// near ones it is the one that sorts first.
func (n *nearest) closest(name string, among []string, fits func(string) bool) string {
	length := utf8.RuneCountInString(name)
	best, least := "", min(max(1, length/3), length-1)+1
	for _, c := range among {
		bare := strings.TrimSuffix(c, "/")
		if d := utf8.RuneCountInString(bare) - length; d > least || -d > least || !fits(c) {
			continue
		}
		if n.compared++; n.compared > mostCompared {
			return ""
		}
		if d := levenshtein.ComputeDistance(name, bare); d < least || d == least && best != "" && c < best {
			best, least = c, d
		}
	}
	return best
}

// anchor adds the nearest anchor to a problem with one.
func (n *nearest) anchor(page int32, p *Problem) {
	near, ok := n.answers[p.Target]
	if !ok && len(n.answers) < mostSought {
		_, wanted, _ := strings.Cut(p.Target, "#")
		near = n.nearAnchor(wanted, n.anchorsOf(page))
		n.answers[p.Target] = near
	}
	if near != "" {
		p.Suggestion = "#" + near
	}
}

// nearAnchor returns the anchor of the same letters and digits, or else the closest one.
func (n *nearest) nearAnchor(wanted string, among []string) string {
	for _, a := range among {
		if letters(a) == letters(wanted) && letters(a) != "" {
			return a
		}
	}
	return n.closest(wanted, among, func(string) bool { return true })
}

func letters(anchor string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, anchor)
}

// anchorsOf reads the anchors of a page again.
func (n *nearest) anchorsOf(page int32) []string {
	anchors, ok := n.anchors[page]
	if !ok {
		// a page that cannot be read any more has nothing to suggest; its links were checked
		doc, _ := os.ReadFile(filepath.Join(n.dir, filepath.FromSlash(n.files[page])))
		links.Tags(doc, func(t *links.Tag) {
			for _, a := range t.Attributes {
				if a.Value != nil && roleOf(t, a.Name) == anchor {
					anchors = append(anchors, string(utf8Text(links.Unescape(bytes.TrimSpace(a.Value)))))
				}
			}
		})
		n.anchors[page] = anchors
	}
	return anchors
}
