package folder

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"hash/maphash"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/generator/links"
	"gongkai/generator/parallel"
)

// settle counts the faults by kind and turns the first of them into problems. The files that have them are read once more: where a
// line ends is of interest to no other link.
func (c *checker) settle(faults []fault, count *[kinds]int, most int) ([]Problem, error) {
	n := newNearest(c)
	verdicts := make([]verdict, len(c.targets))
	for i, target := range c.targets {
		verdicts[i] = n.judge(target)
	}
	for i := range faults {
		f := &faults[i]
		if f.kind == Missing {
			f.kind = verdicts[f.target].kind
		}
		count[f.kind]++
	}
	slices.SortFunc(faults, func(a, b fault) int {
		return cmp.Or(cmp.Compare(c.files[a.file], c.files[b.file]), cmp.Compare(a.at, b.at), cmp.Compare(a.length, b.length), cmp.Compare(a.kind, b.kind))
	})
	faults = faults[:min(len(faults), most)]
	n.suggest(faults, verdicts)

	problems := make([]Problem, len(faults))
	var spans [][2]int // of the faults of one file
	for i := 0; i < len(faults); {
		end := i + 1
		for end < len(faults) && faults[end].file == faults[i].file {
			end++
		}
		spans = append(spans, [2]int{i, end})
		i = end
	}
	errs := make([]error, len(spans))
	parallel.Do(c.jobs, len(spans), func(_, i int) {
		begin, end := spans[i][0], spans[i][1]
		errs[i] = c.locate(faults[begin:end], problems[begin:end])
	})
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	for i, f := range faults {
		p := &problems[i]
		switch {
		case p.Kind == NoAnchor:
			n.anchor(f.target, p)
		case f.target >= 0:
			p.Target, p.Suggestion = c.targets[f.target], verdicts[f.target].suggestion
		}
	}
	return slices.DeleteFunc(problems, func(p Problem) bool {
		if p.File == "" {
			count[p.Kind]--
		}
		return p.File == ""
	}), nil
}

// locate reads the lines and the values of one file's problems.
func (c *checker) locate(faults []fault, problems []Problem) error {
	name := c.files[faults[0].file]
	doc, err := os.ReadFile(filepath.Join(c.dir, filepath.FromSlash(name)))
	if err != nil {
		return fmt.Errorf("check links: %w", err)
	}
	line, start, at := 1, 0, 0
	for i, f := range faults {
		end := int(f.at) + int(f.length)
		if end > len(doc) {
			return fmt.Errorf("check links: %s has changed meanwhile", name)
		}
		for {
			n := bytes.IndexByte(doc[at:f.at], '\n')
			if n < 0 {
				break
			}
			at += n + 1
			line, start = line+1, at
		}
		at = int(f.at)
		value := string(utf8Text(doc[f.at:end]))
		p := Problem{Kind: f.kind, File: name, Line: line, Column: 1 + utf8.RuneCount(doc[start:f.at]), Value: value}
		switch f.kind {
		case NoAnchor:
			fragment := fragmentOf(value)
			// the identifier may be written with percent signs itself
			if _, ok := slices.BinarySearch(c.anchors[f.target], maphash.String(c.seed, fragment)); ok {
				p.File = ""
			}
			p.Target = c.address(f.target) + "#" + string(anchorOf([]byte(fragment)))
		case Insecure:
			p.Target = string(links.Unescape([]byte(value)))
		}
		problems[i] = p
	}
	return nil
}

// fragmentOf returns the fragment of an address as it is written.
func fragmentOf(value string) string {
	_, fragment, _ := strings.Cut(string(links.Unescape([]byte(value))), "#")
	return fragment
}
