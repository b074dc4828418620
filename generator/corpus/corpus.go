// Package corpus writes an invented district in the content format: any number of townships, each with documents in every field. Benchmarks build it,
// because a real district is too small to show what grows with size.
package corpus

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"gongkai/generator/parallel"
)

// Field is one catalog to write disclosures for.
type Field struct {
	Slug   string   // folder of the field's disclosures
	File   string   // name of the catalog file
	Source []byte   // the catalog, written as it is
	Items  []string // paths of the items that a township inherits
}

// Options says how much to write.
type Options struct {
	Units int
	Docs  int    // for each unit in each field
	Seed  uint64 // the same seed gives the same bytes
}

// Write writes dir/content with the settings, the catalogs, the units and their disclosures. The folder must be absent or empty. A document is the same
// whatever the number of units and documents, but for the first ones, whose links need others to exist.
func Write(dir string, settings []byte, fields []Field, opt Options) error {
	if opt.Units < 1 || opt.Docs < 1 || len(fields) == 0 {
		return errors.New("corpus: units, documents and fields must be at least one")
	}
	d := &district{opt: opt, fields: fields}
	for _, f := range fields {
		if len(f.Items) == 0 {
			return fmt.Errorf("corpus: field %s has no items", f.Slug)
		}
		d.words = append(d.words, vocabularyOf(f))
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("corpus: %w", err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("corpus: folder %s is not empty", dir)
	}
	content := filepath.Join(dir, "content")
	for _, sub := range []string{"fields", "units"} {
		if err := os.MkdirAll(filepath.Join(content, sub), 0o755); err != nil {
			return fmt.Errorf("corpus: %w", err)
		}
	}
	if err := os.WriteFile(filepath.Join(content, "site.yaml"), settings, 0o644); err != nil {
		return fmt.Errorf("corpus: %w", err)
	}
	for _, f := range fields {
		if err := os.WriteFile(filepath.Join(content, "fields", f.File), f.Source, 0o644); err != nil {
			return fmt.Errorf("corpus: %w", err)
		}
	}
	workers := runtime.GOMAXPROCS(0)
	buffers := make([]bytes.Buffer, workers)
	faults := make([]error, workers)
	parallel.Do(workers, opt.Units*len(fields), func(w, i int) {
		if faults[w] == nil {
			faults[w] = d.writeFolder(&buffers[w], filepath.Join(content, "units"), i/len(fields), i%len(fields))
		}
	})
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("corpus: %w", err)
	}
	return nil
}

// district is what all documents are made from.
type district struct {
	opt    Options
	fields []Field
	words  []vocabulary
}

// writeFolder writes the documents of a unit in a field, and the unit itself with its first field.
func (d *district) writeFolder(b *bytes.Buffer, units string, unit, field int) error {
	folder := filepath.Join(units, unitSlug(unit), d.fields[field].Slug)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if field == 0 {
		b.Reset()
		d.unit(b, unit)
		if err := os.WriteFile(filepath.Join(units, unitSlug(unit), "_index.md"), b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	for n := 1; n <= d.opt.Docs; n++ {
		b.Reset()
		h, r := d.head(unit, field, n)
		d.document(b, h, r)
		if err := os.WriteFile(filepath.Join(folder, h.file()), b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func unitSlug(unit int) string { return fmt.Sprintf("u%03d", unit+1) }

// placeName returns a name of two or more characters. Different numbers have different names; neighbours do not look alike.
func placeName(i int, first, second []rune) string {
	size, extra := len(first)*len(second), 0
	for i >= size {
		i -= size
		size *= len(second)
		extra++
	}
	const step = 7919 // a prime that divides no size
	i = int(uint64(i) * step % uint64(size))
	name := []rune{first[i%len(first)]}
	i /= len(first)
	for range extra + 1 {
		name = append(name, second[i%len(second)])
		i /= len(second)
	}
	return string(name)
}

// townName returns the name of a unit without 镇.
func townName(unit int) string { return placeName(unit, unitFirst, unitSecond) }

const villages = 12 // of each unit

func villageName(unit, k int) string {
	name := placeName(unit*villages+k, villageFirst, villageSecond)
	if k%5 == 4 {
		return name + "社区"
	}
	return name + "村"
}

func (d *district) unit(b *bytes.Buffer, unit int) {
	r := d.random(unit, len(d.fields), 0)
	name := townName(unit) + "镇"
	fmt.Fprintf(b, "---\n名称: %s\n全称: 韶关市武江区%s人民政府\n类型: 镇\n层级: 乡级\n排序: %d\n索引号前缀: %s\n", name, name, unit+1, indexPrefix(unit))
	fmt.Fprintf(b, "地址: 韶关市武江区%s%s%d号\n电话: %s\n办公时间: 周一至周五 8:30-12:00，14:30-17:30\n---\n\n", name, pick(r, streets), 1+r.IntN(200), phone(unit))
	fmt.Fprintf(b, "%s辖%d个村（社区），包括%s、%s、%s等，负责本辖区基层政务公开工作。\n", name, villages, villageName(unit, 0), villageName(unit, 1), villageName(unit, 2))
}

func indexPrefix(unit int) string { return fmt.Sprintf("440203-U%03d", unit+1) }

func phone(unit int) string { return fmt.Sprintf("0751-000%04d", (unit*37+1200)%10000) }

// random returns the generator of one document.
func (d *district) random(unit, field, n int) *rand.Rand {
	return rand.New(rand.NewPCG(d.opt.Seed, mix(uint64(unit)<<40|uint64(field)<<32|uint64(n))))
}

// mix spreads neighbouring numbers over all bits (the finalizer of SplitMix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// head is what other documents must know of a document in order to link to it.
type head struct {
	unit, field, n    int
	formed, published time.Time
	item, topic       string
	village           string
	kind              kind
	title             string
	short             string // the title without the unit, as the text of links
}

func (h head) file() string { return fmt.Sprintf("%s-%03d.md", h.published.Format("2006-01"), h.n) }

var (
	firstDay = time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC)
	days     = int(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC).Sub(firstDay).Hours()/24) + 1
)

// head makes up document n, counted from 1, and returns the generator to go on with.
func (d *district) head(unit, field, n int) (head, *rand.Rand) {
	r := d.random(unit, field, n)
	v := &d.words[field]
	h := head{unit: unit, field: field, n: n}
	day := r.IntN(days)
	h.published = firstDay.AddDate(0, 0, day)
	h.formed = h.published.AddDate(0, 0, -min(day, r.IntN(16)))
	h.item, h.topic, h.kind = pick(r, d.fields[field].Items), pick(r, v.topics), pick(r, kinds)
	h.village = villageName(unit, r.IntN(villages))
	name := townName(unit) + "镇"
	month := fmt.Sprintf("%d年%d月", h.formed.Year(), int(h.formed.Month()))
	act := pick(r, acts)
	form := r.IntN(5)
	if form >= 3 && !h.kind.notice {
		form -= 3
	}
	switch form {
	case 0:
		h.short = month + h.village + h.topic + h.kind.suffix
		h.title = name + h.short
	case 1:
		h.short = month + h.topic + act + h.kind.suffix
		h.title = name + h.short
	case 2:
		h.short = h.village + h.topic + act + h.kind.suffix
		h.title = name + h.short + "（" + month + "）"
	case 3:
		h.short = "关于" + month + h.village + h.topic + act + "的" + h.kind.suffix
		h.title = name + "人民政府" + h.short
	case 4:
		h.short = "关于做好" + h.village + h.topic + "工作的" + h.kind.suffix
		h.title = name + h.short + "（" + month + "）"
	}
	return h, r
}

// number counts the documents of a unit across its fields.
func (d *district) number(h head) int { return (h.n-1)*len(d.fields) + h.field + 1 }

// minBody is the least length of a body without its table, in bytes. Texts are filled up to it sentence by sentence.
const minBody = 1500

// document writes the whole file.
func (d *district) document(b *bytes.Buffer, h head, r *rand.Rand) {
	number := d.number(h)
	fmt.Fprintf(b, "---\n标题: %s\n事项: %s\n成文日期: %s\n发布日期: %s\n索引号: %s/%d-%05d\n文号: %s府〔%d〕%d号\n体裁: %s\n---\n\n", h.title, h.item, h.formed.Format(time.DateOnly),
		h.published.Format(time.DateOnly), indexPrefix(h.unit), h.published.Year(), number, townName(h.unit), h.formed.Year(), number, h.kind.name)

	w := &writer{d: d, h: h, v: &d.words[h.field], r: r}
	// all but the paragraph of the first section comes first, because that paragraph takes up what is missing in length
	intro := w.sentence() + w.sentence()
	heading := func(i int) string {
		return "## " + string([]rune("一二三")[i]) + "、" + pick(r, h.kind.headings[i])
	}
	headings := []string{heading(0), heading(1), heading(2)}
	label := "**" + pick(r, bolds) + "**"
	lead := w.sentence()
	var list []byte
	for i, k := range r.Perm(len(steps))[:4] {
		list = append(list, strconv.Itoa(i+1)+". **"+steps[k][0]+"。**"+w.expand(steps[k][1])+"。\n"...)
	}
	last := w.sentence()
	links := "相关信息：" + w.links() + "。咨询电话：" + phone(h.unit) + "。"
	size := len(intro) + len(headings[0]) + len(headings[1]) + len(headings[2]) + len(label) + len(lead) + len(list) + len(last) + len(links) + 17 // line ends
	text := w.sentence()
	for size+len(text) < minBody {
		text += w.sentence()
	}
	fmt.Fprintf(b, "%s\n\n%s\n\n%s%s\n\n%s\n\n%s\n\n%s\n", intro, headings[0], label, text, headings[1], lead, list)
	w.table(b)
	fmt.Fprintf(b, "\n%s\n\n%s\n\n%s\n", headings[2], last, links)
}

// writer makes up the text of one document.
type writer struct {
	d *district
	h head
	v *vocabulary
	r *rand.Rand
}

func (w *writer) sentence() string {
	return w.expand(pick(w.r, openings)) + "，" + w.expand(pick(w.r, middles)) + "，" + w.expand(pick(w.r, endings)) + "。"
}

// expand puts words in place of the marks such as {t}.
func (w *writer) expand(s string) string {
	out := make([]byte, 0, 2*len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '{' {
			out = append(out, s[i])
			continue
		}
		switch s[i+1] {
		case 't':
			out = append(out, w.h.topic...)
		case 'k':
			out = append(out, pick(w.r, w.v.things)...)
		case 'v':
			out = append(out, villageName(w.h.unit, w.r.IntN(villages))...)
		case 'b':
			out = append(out, w.v.body...)
		case 'l':
			out = append(out, pick(w.r, w.v.laws)...)
		case 'n':
			out = strconv.AppendInt(out, int64(2+w.r.IntN(90)), 10)
		case 'a':
			out = strconv.AppendInt(out, int64(10+w.r.IntN(9000))*100, 10)
		case 'd':
			day := w.h.formed.AddDate(0, 0, -w.r.IntN(40))
			out = fmt.Appendf(out, "%d月%d日", int(day.Month()), day.Day())
		default:
			panic("corpus: no such mark in " + s)
		}
		i += len("t}")
	}
	return string(out)
}

// table writes eight rows of four columns.
func (w *writer) table(b *bytes.Buffer) {
	measures := w.r.Perm(len(w.v.measures))
	fmt.Fprintf(b, "| 村（社区） | 类别 | %s | %s |\n| --- | --- | ---: | ---: |\n", w.v.measures[measures[0]], w.v.measures[measures[1]])
	for _, k := range w.r.Perm(villages)[:8] {
		fmt.Fprintf(b, "| %s | %s | %d | %d |\n", villageName(w.h.unit, k), pick(w.r, w.v.things), 1+w.r.IntN(400), 10*(1+w.r.IntN(900)))
	}
}

// links returns links to a document of the same field, of another field and of another unit. Where the district is too small for one, it leads to the nearest there is.
func (w *writer) links() string {
	d, h, r := w.d, w.h, w.r
	same := h.n
	if h.n > 1 {
		same = 1 + r.IntN(h.n-1)
	} else if d.opt.Docs > 1 {
		same = 2
	}
	field := h.field
	if len(d.fields) > 1 {
		field = (h.field + 1 + r.IntN(len(d.fields)-1)) % len(d.fields)
	}
	unit := h.unit
	if h.unit > 0 {
		unit = r.IntN(h.unit)
	} else if d.opt.Units > 1 {
		unit = 1
	}
	targets := [3]head{}
	targets[0], _ = d.head(h.unit, h.field, same)
	targets[1], _ = d.head(h.unit, field, 1+r.IntN(h.n))
	targets[2], _ = d.head(unit, h.field, 1+r.IntN(h.n))
	var out []byte
	for i, t := range targets {
		if i > 0 {
			out = append(out, "；"...)
		}
		out = append(out, "["+t.short+"]("+w.d.relative(h, t)+")"...)
	}
	return string(out)
}

// relative returns the path of one document as a link in another.
func (d *district) relative(from, to head) string {
	switch {
	case from.unit != to.unit:
		return path.Join("../..", unitSlug(to.unit), d.fields[to.field].Slug, to.file())
	case from.field != to.field:
		return path.Join("..", d.fields[to.field].Slug, to.file())
	}
	return to.file()
}
