package build

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/gofrs/flock"

	"gongkai/generator/finding"
	"gongkai/generator/parallel"
	"gongkai/generator/search"
)

// Aspect says in what a portal differs from the one that a build from nothing makes.
type Aspect uint8

// The aspects, in the order in which Verify returns them.
const (
	OfFact    Aspect = iota // a number of the summary
	OfFile                  // a file of the output folder
	OfFinding               // a finding
	OfIndex                 // what the index has
	OfAnswer                // the answer to a query
)

// Difference is one respect in which a portal is not the one that a build from nothing makes: a defect of the program.
type Difference struct {
	Aspect Aspect
	// Where is a path in the output folder, the place of a finding, the name of a fact or of a part of the index, or a query.
	Where string
	// Offset is that of the first byte that differs, from 0; -1 where no bytes of a file do.
	Offset  int64
	Message finding.Text // all of it in one line
}

// Verify builds the portal from nothing, with no cache, and compares the result with the output folder and the index as they stand, and with what Run
// returned when it last wrote them. It returns every difference, first the facts, then files by path, findings, the index and answers. Files that this
// program did not write are none of the portal's; the findings have to name them all.
//
// opt is what Run was called with. The new portal is written beside the output folder and removed again. The content must not change meanwhile. The error
// wraps ErrBusy where another build writes the output folder, or is one of Run's.
func Verify(opt Options, summary *Summary, findings []finding.Finding) ([]Difference, error) {
	v := &verifying{opt: opt}
	dest, err := filepath.Abs(opt.Destination)
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	work := filepath.Join(filepath.Dir(dest), workFolder)
	if err := os.MkdirAll(work, 0o755); err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	lock := flock.New(filepath.Join(work, filepath.Base(dest)+".lock"))
	if locked, err := lock.TryLock(); err != nil {
		return nil, fmt.Errorf("verify: lock output folder: %w", err)
	} else if !locked {
		return nil, ErrBusy
	}
	defer func() { _ = lock.Unlock() }()
	room := filepath.Join(work, filepath.Base(dest)+".verify")
	if err := os.RemoveAll(room); err != nil { // of one that was killed
		return nil, fmt.Errorf("verify: %w", err)
	}
	err = v.compare(filepath.Join(room, filepath.Base(dest)), summary, findings)
	if gone := os.RemoveAll(room); gone != nil && err == nil {
		err = fmt.Errorf("verify: %w", gone)
	}
	return v.found, err
}

// verifying is the state of one Verify.
type verifying struct {
	opt   Options // of the portal
	clean Options // of the one made from nothing
	found []Difference
}

func (v *verifying) add(of Aspect, where string, offset int64, message finding.Text) {
	v.found = append(v.found, Difference{of, where, offset, message})
}

// compare builds into an empty folder and compares everything.
func (v *verifying) compare(folder string, summary *Summary, findings []finding.Finding) error {
	v.clean = v.opt
	v.clean.Destination, v.clean.Cache, v.clean.Program = folder, "", ""
	cleanSummary, cleanFindings, err := Run(v.clean)
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	if err := v.with(cleanSummary, cleanFindings, summary, findings); err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	return nil
}

// with compares everything with the portal that was built from nothing.
func (v *verifying) with(cleanSummary *Summary, cleanFindings []finding.Finding, summary *Summary, findings []finding.Finding) error {
	v.facts(summary, cleanSummary)
	foreign, err := v.files()
	if err != nil {
		return err
	}
	v.findings(findings, v.renamed(cleanFindings), foreign)
	if v.opt.NoSearch {
		return nil
	}
	return v.search()
}

// summaryFact is a number of a summary that depends on nothing but the content.
type summaryFact struct {
	zh, en string
	of     func(s *Summary) int64
}

var summaryFacts = []summaryFact{
	{"单位", "units", func(s *Summary) int64 { return int64(s.Units) }},
	{"领域", "fields", func(s *Summary) int64 { return int64(s.Fields) }},
	{"事项", "items", func(s *Summary) int64 { return int64(s.Items) }},
	{"公开信息", "disclosures", func(s *Summary) int64 { return int64(s.Disclosures) }},
	{"页面", "pages", func(s *Summary) int64 { return int64(s.Pages) }},
	{"文件", "files", func(s *Summary) int64 { return int64(s.Files) }},
	{"字节", "bytes", func(s *Summary) int64 { return s.Bytes }},
	{"正文字数", "characters", func(s *Summary) int64 { return s.Characters }},
	{"站内链接", "internal links", func(s *Summary) int64 { return int64(s.Links) }},
	{"可查条数", "documents of the index", func(s *Summary) int64 { return int64(s.searchSummary().Documents) }},
	{"浏览器索引文件", "files of the browser's index", func(s *Summary) int64 { return int64(s.searchSummary().BrowserFiles) }},
	{"浏览器索引字节", "bytes of the browser's index", func(s *Summary) int64 { return s.searchSummary().BrowserBytes }},
}

// searchSummary returns what is known of the index: zeros where there is none.
func (s *Summary) searchSummary() SearchSummary {
	if s.Search == nil {
		return SearchSummary{}
	}
	return *s.Search
}

func (v *verifying) facts(have, want *Summary) {
	for _, f := range summaryFacts {
		if a, b := f.of(have), f.of(want); a != b {
			v.add(OfFact, f.en, -1, finding.T("摘要：%[1]s是 %[3]d，全新构建是 %[4]d", "summary: %[2]s: %[3]d; a build from nothing has %[4]d", f.zh, f.en, a, b))
		}
	}
}

// files compares the output folders, and returns the files in the portal's that are not ours.
func (v *verifying) files() (foreign []string, err error) {
	have, err := listFiles(v.opt.Destination)
	if err != nil {
		return nil, err
	}
	want, err := listFiles(v.clean.Destination)
	if err != nil {
		return nil, err
	}
	ours, err := manifestOf(v.opt.Destination)
	if err != nil {
		return nil, err
	}
	begun := len(v.found)
	prefix := filepath.Base(v.opt.Destination)
	for _, name := range sortedNames(have) {
		switch {
		case want[name]:
		case ours[name]:
			v.add(OfFile, name, -1, finding.T("%s：全新构建没有这个文件", "%s: a build from nothing does not have this file", path.Join(prefix, name)))
		default:
			foreign = append(foreign, name)
		}
	}
	names := sortedNames(want)
	offsets, errs := make([]int64, len(names)), make([]error, len(names))
	buffers := make([][2][]byte, max(1, v.opt.Jobs))
	for i := range buffers {
		buffers[i] = [2][]byte{make([]byte, 64<<10), make([]byte, 64<<10)}
	}
	parallel.Do(len(buffers), len(names), func(w, i int) {
		if !have[names[i]] {
			offsets[i] = missingFile
			return
		}
		local := filepath.FromSlash(names[i])
		offsets[i], errs[i] = firstDifference(filepath.Join(v.opt.Destination, local), filepath.Join(v.clean.Destination, local), &buffers[w])
	})
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	for i, name := range names {
		switch at := offsets[i]; {
		case at == missingFile:
			v.add(OfFile, name, -1, finding.T("%s：缺少这个文件，全新构建有", "%s: this file is missing; a build from nothing has it", path.Join(prefix, name)))
		case at >= 0:
			v.add(OfFile, name, at, finding.T("%s：从第 %d 字节起（从 0 数）与全新构建不同", "%s: differs from a build from nothing at byte %d (counted from 0)", path.Join(prefix, name), at))
		}
	}
	slices.SortFunc(v.found[begun:], func(a, b Difference) int { return strings.Compare(a.Where, b.Where) })
	return foreign, nil
}

// Results of comparing files that are no offsets.
const (
	sameBytes   = -1
	missingFile = -2
)

// listFiles returns the files below a folder by their paths; an absent folder has none.
func listFiles(dir string) (map[string]bool, error) {
	files := map[string]bool{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && p == dir {
			return filepath.SkipAll
		}
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		files[filepath.ToSlash(rel)] = true
		return err
	})
	return files, err
}

// manifestOf returns the files that this program says it wrote in the folder.
func manifestOf(dir string) (map[string]bool, error) {
	ours := map[string]bool{manifestName: true}
	text, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		ours[strings.TrimSuffix(line, "\n")] = true
	}
	return ours, nil
}

func sortedNames(set map[string]bool) []string {
	names := make([]string, 0, len(set))
	for name := range set {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// firstDifference returns the offset of the first byte in which two files differ, or sameBytes. A file that ends where the other goes on differs there.
func firstDifference(a, b string, buffers *[2][]byte) (int64, error) {
	fa, err := os.Open(a)
	if err != nil {
		return sameBytes, err
	}
	defer fa.Close()
	fb, err := os.Open(b)
	if err != nil {
		return sameBytes, err
	}
	defer fb.Close()
	for at := int64(0); ; {
		n, err := readFull(fa, buffers[0])
		if err != nil {
			return sameBytes, err
		}
		m, err := readFull(fb, buffers[1])
		if err != nil {
			return sameBytes, err
		}
		one, two := buffers[0][:n], buffers[1][:m]
		if !bytes.Equal(one, two) {
			i := 0
			for i < min(n, m) && one[i] == two[i] {
				i++
			}
			return at + int64(i), nil
		}
		if n < len(buffers[0]) {
			return sameBytes, nil
		}
		at += int64(n)
	}
}

// readFull fills the buffer unless the file ends before.
func readFull(f *os.File, buffer []byte) (int, error) {
	n, err := io.ReadFull(f, buffer)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return n, err
}

// renamed returns findings in the output folder of the clean build as if they were in the portal's: folders like "." have another name there.
func (v *verifying) renamed(list []finding.Finding) []finding.Finding {
	clean, portal := filepath.Base(v.clean.Destination), filepath.Base(v.opt.Destination)
	if clean == portal {
		return list
	}
	list = slices.Clone(list)
	for i := range list {
		if rest, inside := strings.CutPrefix(list[i].Position.Path, clean+"/"); inside && list[i].Rule == finding.BrokenLink && list[i].Position.Line == 0 {
			list[i].Position.Path = path.Join(portal, rest)
		}
	}
	finding.Sort(list)
	return list
}

// findings compares what was found, in its order, but for pages that are gone: a build from nothing has none to miss. Only the portal's folder can have files that are not ours: these have to be told of, all but those
// that keep an empty folder in version control.
func (v *verifying) findings(have, want []finding.Finding, foreign []string) {
	told := map[string]bool{}
	var rest []finding.Finding
	for _, f := range lasting(have) {
		if f.Rule == finding.ForeignFile {
			told[f.Position.Path] = true
		} else {
			rest = append(rest, f)
		}
	}
	for _, name := range foreign {
		p := path.Join(filepath.Base(v.opt.Destination), name)
		if !isHousekeeping(path.Base(name)) && !told[p] {
			v.add(OfFinding, p, -1, finding.T("%s：不是本程序写的文件，却没有报告", "%s: a file that this program did not write, and no finding says so", p))
		}
		delete(told, p)
	}
	for _, p := range sortedNames(told) {
		v.add(OfFinding, p, -1, finding.T("%s：报告说有这个不是本程序写的文件，其实没有", "%s: a finding says that another program wrote this file, which is not there", p))
	}
	if slices.Equal(rest, want) {
		return
	}
	counts := map[finding.Finding]int{}
	for _, f := range want {
		counts[f]++
	}
	other := len(v.found)
	for _, f := range rest {
		if counts[f]--; counts[f] < 0 {
			v.addFinding(&f, finding.T("全新构建没有这个问题", "a build from nothing does not find this"))
		}
	}
	for _, f := range want {
		if counts[f] > 0 {
			counts[f]--
			v.addFinding(&f, finding.T("没有报告这个问题，全新构建报告了", "this was not found; a build from nothing finds it"))
		}
	}
	if len(v.found) > other {
		return
	}
	for i := range want {
		if rest[i] != want[i] {
			v.addFinding(&rest[i], finding.T("问题的先后次序与全新构建不同", "the findings come in another order than in a build from nothing"))
			return
		}
	}
}

func (v *verifying) addFinding(f *finding.Finding, what finding.Text) {
	v.add(OfFinding, f.Position.String(), -1, finding.Text{
		ZH: fmt.Sprintf("%s：%s：[%s] %s", f.Position, what.ZH, f.Rule.ID, f.Message.ZH),
		EN: fmt.Sprintf("%s: %s: [%s] %s", f.Position, what.EN, f.Rule.ID, f.Message.EN),
	})
}

// search compares the indexes of servers: what they have, and what they answer.
func (v *verifying) search() error {
	want, err := OpenIndex(v.clean.Destination)
	if err != nil {
		return err
	}
	defer want.Close()
	have, err := OpenIndex(v.opt.Destination)
	if err != nil {
		v.addIndex("index", finding.T("打不开：%v", "it cannot be opened: %v", err))
		return nil
	}
	defer have.Close()
	if err := v.attached(have.ID(), want.ID()); err != nil {
		return err
	}
	v.documents(have, want)
	if err := v.terms(have, want); err != nil {
		return err
	}
	queries, err := sampleQueries(want)
	if err != nil {
		return err
	}
	differ := make([]finding.Text, len(queries))
	errs := make([]error, len(queries))
	parallel.Each(v.opt.Jobs, len(queries), func(_, i int) { differ[i], errs[i] = compareAnswers(have, want, queries[i]) })
	for i, q := range queries {
		if differ[i] != (finding.Text{}) {
			v.add(OfAnswer, queryText(&q), -1, finding.Text{ZH: "搜索“" + queryText(&q) + "”：" + differ[i].ZH, EN: fmt.Sprintf("search %q: %s", queryText(&q), differ[i].EN)})
		}
	}
	return errors.Join(errs...)
}

func (v *verifying) addIndex(part string, what finding.Text) {
	v.add(OfIndex, part, -1, finding.Text{ZH: "服务器索引（" + part + "）：" + what.ZH, EN: "server's index (" + part + "): " + what.EN})
}

// attached compares what is kept with the indexes.
func (v *verifying) attached(have, want string) error {
	if have != want {
		v.addIndex("identifier", finding.T("标识是 %s，全新构建是 %s", "its identifier is %s; that of a build from nothing is %s", have, want))
	}
	for _, name := range []string{SearchTemplate, SearchBase} {
		dir, err := SearchDir(v.opt.Destination)
		if err != nil {
			return err
		}
		cleanDir, err := SearchDir(v.clean.Destination)
		if err != nil {
			return err
		}
		b, err := search.Attached(cleanDir, want, name)
		if err != nil {
			return err
		}
		if a, err := search.Attached(dir, have, name); err != nil || !bytes.Equal(a, b) {
			v.addIndex(name, finding.T("与全新构建不同", "it differs from a build from nothing"))
		}
	}
	return nil
}

// documents compares what the indexes know and the documents that they have, and names the first that differs.
func (v *verifying) documents(have, want *search.Index) {
	if !reflect.DeepEqual(have.Meta(), want.Meta()) {
		v.addIndex("meta", finding.T("单位、领域或同义词与全新构建不同", "units, fields or synonyms differ from a build from nothing"))
	}
	if !slices.Equal(have.Kinds(), want.Kinds()) {
		v.addIndex("kinds", finding.T("体裁与全新构建不同", "the kinds of documents differ from a build from nothing"))
	}
	if have.Len() != want.Len() {
		v.addIndex("documents", finding.T("有 %d 条，全新构建有 %d 条", "it has %d documents; a build from nothing has %d", have.Len(), want.Len()))
	}
	equal := make([]bool, min(have.Len(), want.Len()))
	parallel.Do(v.opt.Jobs, len(equal), func(_, i int) { equal[i] = sameDocument(have, want, i) })
	if i := slices.Index(equal, false); i >= 0 {
		v.addIndex("documents", finding.T("第 %d 条起与全新构建不同：%s，应为 %s", "document %d, %s, differs from that of a build from nothing, %s", i+1, have.URL(i), want.URL(i)))
	}
}

// sameDocument reports whether two indexes have the same document at a place. One that cannot be read is not the same.
func sameDocument(a, b *search.Index, place int) bool {
	if a.URL(place) != b.URL(place) || a.Entry(place) != b.Entry(place) {
		return false
	}
	one, err := a.Document(place)
	if err != nil {
		return false
	}
	two, err := b.Document(place)
	return err == nil && reflect.DeepEqual(one, two)
}

// termGroups is how many sums stand for all terms of an index: the terms of a group that differs are looked at again, to name one.
const termGroups = 1024

// terms compares what every term finds, and with which levels.
func (v *verifying) terms(have, want *search.Index) error {
	one, err := termSums(have, v.opt.Jobs)
	if err != nil {
		v.addIndex("terms", finding.T("读不出来：%v", "they cannot be read: %v", err))
		return nil
	}
	two, err := termSums(want, v.opt.Jobs)
	if err != nil {
		return err
	}
	group := 0
	for group < termGroups && one[group] == two[group] {
		group++
	}
	if group == termGroups {
		return nil
	}
	of, err := termsOf(have, group)
	if err != nil {
		return err
	}
	clean, err := termsOf(want, group)
	if err != nil {
		return err
	}
	differ := map[string]bool{}
	for term, sum := range of {
		differ[term] = clean[term] != sum
	}
	for term, sum := range clean {
		differ[term] = of[term] != sum
	}
	for _, term := range sortedNames(differ) {
		if differ[term] {
			v.addIndex("terms", finding.T("“%s”查到的与全新构建不同", "what %q finds differs from a build from nothing", term))
			return nil
		}
	}
	v.addIndex("terms", finding.T("有的词出现的次数与全新构建不同", "terms come more or less often than in a build from nothing"))
	return nil
}

// termSums returns a sum over the terms of each group, with their documents and levels. It does not depend on the order of the terms.
func termSums(x *search.Index, jobs int) ([termGroups]uint64, error) {
	workers := make([][termGroups]uint64, max(1, jobs))
	err := x.EachTerm(len(workers), func(w int, term string, docs []uint32, levels []uint8) error {
		group, sum := sumTerm(term, docs, levels)
		workers[w][group] += sum
		return nil
	})
	var out [termGroups]uint64
	for _, w := range workers {
		for i, sum := range w {
			out[i] += sum
		}
	}
	return out, err
}

// termsOf returns the sum of each term of a group.
func termsOf(x *search.Index, group int) (map[string]uint64, error) {
	out := map[string]uint64{}
	err := x.EachTerm(1, func(_ int, term string, docs []uint32, levels []uint8) error {
		if g, sum := sumTerm(term, docs, levels); g == group {
			out[term] += sum
		}
		return nil
	})
	return out, err
}

// sumTerm returns a term's group and a sum over what it finds, which is never 0.
func sumTerm(term string, docs []uint32, levels []uint8) (group int, sum uint64) {
	h := fnv.New64a()
	_, _ = io.WriteString(h, term)
	group = int(h.Sum64() % termGroups)
	var b [5]byte
	for i, d := range docs {
		b = [5]byte{byte(d), byte(d >> 8), byte(d >> 16), byte(d >> 24), levels[i]}
		_, _ = h.Write(b[:])
	}
	return group, h.Sum64() | 1
}

// compareAnswers asks both indexes, page by page, and says in what the answers differ; nothing where they do not.
func compareAnswers(have, want *search.Index, q search.Query) (finding.Text, error) {
	for q.Page = 1; ; q.Page++ {
		b, err := want.Search(q)
		refused := errors.Is(err, search.ErrQuery)
		if err != nil && !refused {
			return finding.Text{}, err
		}
		a, err := have.Search(q)
		switch {
		case err != nil && !errors.Is(err, search.ErrQuery):
			return finding.T("没有答案：%v", "no answer: %v", err), nil
		case (err != nil) != refused:
			return finding.T("一个回答了，另一个没有", "one is answered and the other is not"), nil
		case refused:
			return finding.Text{}, nil
		}
		if what := differenceOf(&a, &b); what != (finding.Text{}) {
			return what, nil
		}
		if q.Page >= b.Pages || q.Page >= sampledPages {
			return finding.Text{}, nil
		}
	}
}

// sampledPages is how many pages of an answer are compared. What all terms find is compared as a whole; this many show how it is put together.
const sampledPages = 20

// differenceOf says in what two pages of answers differ, but for the time they took.
func differenceOf(a, b *search.Result) finding.Text {
	one, two := *a, *b
	one.TookMS, two.TookMS = 0, 0
	switch {
	case reflect.DeepEqual(one, two):
		return finding.Text{}
	case one.Total != two.Total:
		return finding.T("查到 %d 条，全新构建是 %d 条", "%d hits; a build from nothing has %d", one.Total, two.Total)
	case one.Relaxed != two.Relaxed:
		return finding.T("放宽与否和全新构建不同", "one is relaxed and the other is not")
	case !slices.Equal(one.Also, two.Also):
		return finding.T("同时查找的词和全新构建不同", "other words are searched as well")
	case !slices.Equal(one.Suggestions, two.Suggestions):
		return finding.T("建议的词和全新构建不同", "other queries are suggested")
	case !reflect.DeepEqual(one.Facets, two.Facets):
		return finding.T("分类条数和全新构建不同", "the facets differ")
	}
	for i := range min(len(one.Hits), len(two.Hits)) {
		if x, y := one.Hits[i], two.Hits[i]; x != y {
			return finding.T("第 %d 页第 %d 条是 %s（%d 分），全新构建是 %s（%d 分）", "page %d, hit %d is %s (score %d); in a build from nothing it is %s (score %d)",
				one.Page, i+1, x.URL, x.Score, y.URL, y.Score)
		}
	}
	return finding.T("第 %d 页和全新构建不同", "page %d differs", one.Page)
}

// queryText writes a query down with its restrictions.
func queryText(q *search.Query) string {
	parts := []string{q.Text}
	for _, p := range [][2]string{{"unit", q.Unit}, {"field", q.Field}, {"year", q.Year}, {"kind", q.Kind}, {"sort", q.Sort}} {
		if p[1] != "" {
			parts = append(parts, p[0]+"="+p[1])
		}
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// How many of each are in a sample of queries: about 200 in all.
const (
	sampledDocuments = 40 // each gives a piece of its title, and its numbers and item where it has them
	sampledSynonyms  = 15 // groups
	sampledSingles   = 15 // single characters
)

// sampleQueries returns queries that an index ought to answer, and some that it cannot: the same for the same index.
func sampleQueries(x *search.Index) ([]search.Query, error) {
	s := &sample{seen: map[search.Query]bool{}}
	before := ""
	for i, place := range spread(x.Len(), sampledDocuments) {
		d, err := x.Document(place)
		if err != nil {
			return nil, err
		}
		title := []rune(d.Title)
		s.text(pieceOf(title, 2+i%8, i))
		if i < sampledSingles {
			s.text(pieceOf(title, 1, i))
		}
		s.text(d.IndexNo)
		s.text(d.DocNo)
		s.text(d.Item)
		if i%4 == 0 {
			s.restricted(x, d, pieceOf(title, 2, i))
		}
		if i%4 == 1 {
			s.text("“" + pieceOf(title, 4, i) + "”")
			s.text(pieceOf(title, 3, i) + " -" + pieceOf(title, 2, i+3))
		}
		if i%4 == 2 && before != "" { // in no document as it stands
			s.text(pieceOf([]rune(before), 3, i) + pieceOf(title, 3, i))
		}
		if len(d.Attachments) > 0 {
			s.text(d.Attachments[0])
		}
		before = d.Title
	}
	groups := x.Meta().Synonyms.Groups
	for _, i := range spread(len(groups), sampledSynonyms) {
		for _, words := range [][]string{groups[i].Official, groups[i].Same, groups[i].Say} {
			if len(words) > 0 {
				s.text(words[i%len(words)])
			}
		}
	}
	for _, word := range []string{"龘靐齉爩", "qzxjwv", "9999999", "龘", "q", "的", "-", "“", "查无此事项的说法"} {
		s.text(word)
	}
	return s.queries, nil
}

// sample is queries, each once.
type sample struct {
	queries []search.Query
	seen    map[search.Query]bool
}

func (s *sample) add(q search.Query) {
	if !s.seen[q] {
		s.seen[q] = true
		s.queries = append(s.queries, q)
	}
}

func (s *sample) text(text string) {
	if text != "" {
		s.add(search.Query{Text: text})
	}
}

// restricted adds what leads to the document by way of the facets.
func (s *sample) restricted(x *search.Index, d *search.Document, text string) {
	s.add(search.Query{Text: text, Unit: d.Unit})
	s.add(search.Query{Text: text, Field: d.Field, Sort: "date"})
	s.add(search.Query{Unit: d.Unit, Field: d.Field})
	s.add(search.Query{Text: text, Kind: d.Kind})
	if !d.Published.IsZero() {
		s.add(search.Query{Text: text, Year: d.Published.String()[:4], Sort: "date"})
	}
}

// spread returns at most n numbers below total, at equal distances.
func spread(total, n int) []int {
	var out []int
	for i := range min(total, n) {
		out = append(out, i*total/min(total, n))
	}
	return out
}

// pieceOf returns n characters of a text, or all of it where it is shorter. turn says which piece.
func pieceOf(text []rune, n, turn int) string {
	if len(text) <= n {
		return string(text)
	}
	at := turn * 7 % (len(text) - n + 1)
	return string(text[at : at+n])
}
