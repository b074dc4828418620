package corpus

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var sample = []Field{
	{"social-assistance", "20-social-assistance.md", []byte("catalog 20\n"), []string{"最低生活保障/审批信息", "临时救助/办事指南"}},
	{"work-safety", "05-work-safety.md", []byte("catalog 5\n"), []string{"依法行政/行政许可"}},
	{"smart-village", "27-smart-village.md", []byte("catalog 27\n"), []string{"数字乡村/设备采购", "网络覆盖"}}, // has no words of its own
}

func write(t *testing.T, opt Options) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "district")
	if err := Write(dir, []byte("名称: 样例\n"), sample, opt); err != nil {
		t.Fatal(err)
	}
	return dir
}

// tree returns the files below dir by their paths.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		out[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func hash(t *testing.T, dir string) string {
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Append(nil, tree(t, dir)))) // maps print in the order of their keys
}

func TestSameSeedSameBytes(t *testing.T) {
	first := hash(t, write(t, Options{Units: 4, Docs: 5, Seed: 1}))
	if again := hash(t, write(t, Options{Units: 4, Docs: 5, Seed: 1})); again != first {
		t.Errorf("the same seed gave %s, then %s", first, again)
	}
	if other := hash(t, write(t, Options{Units: 4, Docs: 5, Seed: 2})); other == first {
		t.Error("another seed gave the same bytes")
	}
}

func TestLargerDistrictKeepsDocuments(t *testing.T) {
	large := tree(t, write(t, Options{Units: 7, Docs: 9, Seed: 1}))
	for p, text := range tree(t, write(t, Options{Units: 3, Docs: 4, Seed: 1})) {
		if large[p] != text {
			t.Errorf("%s differs in a larger district", p)
		}
	}
}

var (
	linkForm  = regexp.MustCompile(`\]\(([^)]+)\)`)
	boldForm  = regexp.MustCompile(`\*\*[^*]+\*\*`)
	tableForm = regexp.MustCompile(`(?m)^\|.*\|\n`)
	frontForm = regexp.MustCompile(`^标题: \S+\n事项: \S+\n成文日期: 202[3-6]-\d\d-\d\d\n发布日期: 202[4-6]-\d\d-\d\d\n索引号: 440203-U\d{3}/202[4-6]-\d{5}\n文号: \S+府〔202[3-6]〕\d+号\n体裁: \S+$`)
	numbers   = regexp.MustCompile(`\d{8,}`)
)

func TestDocuments(t *testing.T) {
	dir := write(t, Options{Units: 12, Docs: 15, Seed: 1})
	files := tree(t, dir)
	titles, indexes, documents := map[string]bool{}, map[string]bool{}, 0
	for p, text := range files {
		if strings.Count(p, "/") != 4 {
			continue
		}
		documents++
		front, body, ok := strings.Cut(strings.TrimPrefix(text, "---\n"), "\n---\n\n")
		if !ok || !frontForm.MatchString(front) {
			t.Fatalf("%s: front matter is\n%s", p, front)
		}
		keys := map[string]string{}
		for line := range strings.Lines(front) {
			k, v, _ := strings.Cut(strings.TrimSpace(line), ": ")
			keys[k] = v
		}
		titles[keys["标题"]] = true
		if indexes[keys["索引号"]] {
			t.Errorf("%s: index number %s is not the first", p, keys["索引号"])
		}
		indexes[keys["索引号"]] = true
		if keys["成文日期"] > keys["发布日期"] || keys["成文日期"] < "2024" || keys["发布日期"] > "2026-11-01" {
			t.Errorf("%s: formed %s, published %s", p, keys["成文日期"], keys["发布日期"])
		}
		if !strings.HasPrefix(filepath.Base(p), keys["发布日期"][:7]) {
			t.Errorf("%s: published %s", p, keys["发布日期"])
		}
		links := linkForm.FindAllStringSubmatch(body, -1)
		if len(links) != 3 {
			t.Errorf("%s: %d links", p, len(links))
		}
		for _, l := range links {
			target := filepath.ToSlash(filepath.Join(filepath.Dir(p), l[1]))
			if _, ok := files[target]; !ok || target == p {
				t.Errorf("%s: link to %s", p, l[1])
			}
		}
		if rest := tableForm.ReplaceAllString(body, ""); len(rest) < minBody || len(rest) > 1800 {
			t.Errorf("%s: body has %d bytes", p, len(rest))
		}
		if n := len(tableForm.FindAllString(body, -1)); n != 10 {
			t.Errorf("%s: table has %d lines", p, n)
		}
		if strings.Count(body, "\n## ") != 3 || !strings.Contains(body, "\n4. ") || !boldForm.MatchString(body) {
			t.Errorf("%s: body is\n%s", p, body)
		}
		if strings.ContainsAny(body, "{}") || numbers.MatchString(body) {
			t.Errorf("%s: body has a mark or a long number:\n%s", p, body)
		}
	}
	if documents != 12*15*len(sample) {
		t.Errorf("%d documents", documents)
	}
	if len(titles) < documents*99/100 {
		t.Errorf("%d titles for %d documents", len(titles), documents)
	}
	for _, f := range sample {
		if files["content/fields/"+f.File] != string(f.Source) {
			t.Errorf("catalog %s differs", f.File)
		}
	}
	unit := files["content/units/u001/_index.md"]
	for _, key := range []string{"名称", "全称", "类型", "层级", "排序", "索引号前缀", "地址", "电话", "办公时间"} {
		if !strings.Contains(unit, "\n"+key+": ") {
			t.Errorf("unit has no %s:\n%s", key, unit)
		}
	}
}

func TestSmallestDistrict(t *testing.T) {
	if err := Write(t.TempDir(), nil, sample[:1], Options{Units: 1, Docs: 1}); err != nil {
		t.Error(err)
	}
}

func TestNamesAreDistinct(t *testing.T) {
	seen := map[string]bool{}
	for i := range 30000 {
		name := townName(i)
		if seen[name] {
			t.Fatalf("name %s of unit %d is not the first", name, i)
		}
		seen[name] = true
	}
}

func TestRefusals(t *testing.T) {
	dir := write(t, Options{Units: 1, Docs: 1})
	for name, err := range map[string]error{
		"folder in use": Write(dir, nil, sample, Options{Units: 1, Docs: 1}),
		"no units":      Write(t.TempDir(), nil, sample, Options{Docs: 1}),
		"no fields":     Write(t.TempDir(), nil, nil, Options{Units: 1, Docs: 1}),
		"no items":      Write(t.TempDir(), nil, []Field{{Slug: "x", File: "x.md"}}, Options{Units: 1, Docs: 1}),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestVocabulary expands every sentence in every field.
func TestVocabulary(t *testing.T) {
	for slug, v := range vocabularies {
		if len(v.topics) < 12 || len(v.things) < 8 || len(v.measures) < 2 || len(v.laws) == 0 || v.body == "" {
			t.Errorf("%s: words are missing", slug)
		}
	}
	d := &district{opt: Options{Units: 1, Docs: 1}, fields: sample[:1], words: []vocabulary{vocabularyOf(sample[0])}}
	h, r := d.head(0, 0, 1)
	w := &writer{d: d, h: h, v: &d.words[0], r: r}
	var all bytes.Buffer
	for _, list := range [][]string{openings, middles, endings} {
		for _, s := range list {
			all.WriteString(w.expand(s))
		}
	}
	for _, s := range steps {
		all.WriteString(w.expand(s[1]))
	}
	if bytes.ContainsAny(all.Bytes(), "{}") {
		t.Errorf("marks remain: %s", all.String())
	}
}
