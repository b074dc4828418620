package search

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"gongkai/generator/calendar"
	"gongkai/generator/search/token"
	"gongkai/generator/site"
)

// meta is what the tests' indexes know.
var meta = Meta{
	Units:  []Name{{Slug: "xihe", Name: "西河镇", Full: "武江区西河镇人民政府"}, {Slug: "xilian", Name: "西联镇"}},
	Fields: []Name{{Slug: "social-assistance", Name: "社会救助"}, {Slug: "elderly-care", Name: "养老服务"}},
	Synonyms: site.Synonyms{
		Groups: []site.SynonymGroup{
			{Official: []string{"最低生活保障"}, Same: []string{"低保"}, Say: []string{"吃低保"}},
			{Official: []string{"特困人员"}, Say: []string{"五保户"}},
		},
		Ignore: []string{"怎么", "哪里"},
	},
}

func doc(slug, title, text string, change ...func(*Document)) Document {
	d := Document{
		URL: "/xihe/social-assistance/" + slug + "/", Title: title, Unit: "xihe", Field: "social-assistance", Item: "最低生活保障/审批信息", Kind: "公示",
		Publisher: "武江区西河镇人民政府", Published: calendar.NewDate(2026, 3, 2), Text: text,
	}
	for _, c := range change {
		c(&d)
	}
	return d
}

func build(t testing.TB, dir, previous string, docs []Document) string {
	t.Helper()
	w, err := NewWriter(dir, meta, previous, nil, len(docs), 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		if _, err := w.Add(d); err != nil {
			t.Fatal(err)
		}
	}
	id, err := w.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func open(t testing.TB, docs ...Document) *Index {
	t.Helper()
	dir := t.TempDir()
	x, err := Open(dir, build(t, dir, "", docs))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

// slugs returns the hits' last path segments.
func slugs(r Result) string {
	var out []string
	for _, h := range r.Hits {
		parts := strings.Split(strings.Trim(h.URL, "/"), "/")
		out = append(out, parts[len(parts)-1])
	}
	return strings.Join(out, " ")
}

func ask(t testing.TB, x *Index, q Query) Result {
	t.Helper()
	r, err := x.Search(q)
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	return r
}

func TestQueries(t *testing.T) {
	other := func(slug, title, text string, change ...func(*Document)) Document {
		return doc(slug, title, text, append(change, func(d *Document) { d.Item = "其他" })...)
	}
	x := open(t,
		doc("mingdan", "西河镇2026年第一季度低保名单公示", "本季度新增低保对象12户。"),
		other("scattered", "低收入家庭保险名册登记单", "低收入人口的低温补贴、保障名额，名录和清单。"),
		doc("zhinan", "最低生活保障办事指南", "申请条件：共同生活的家庭成员人均收入低于标准。", func(d *Document) { d.Kind = "办事指南" }),
		other("tekun", "特困人员供养名单", "供养标准为每人每月1200元。", func(d *Document) { d.Published = calendar.NewDate(2025, 5, 1) }),
		other("wenjian", "关于做好临时救助工作的通知", "按照韶府〔2021〕3号文件执行。", func(d *Document) { d.DocNo, d.IndexNo = "西河府〔2022〕15号", "440203-XH/2022-00031" }),
		other("yin", "引用文件", "根据西河府〔2022〕15号文件。"),
		other("lao", "养老服务补贴", "发放养老服务补贴 附件", func(d *Document) {
			d.Unit, d.Field, d.URL, d.Attachments = "xilian", "elderly-care", "/xilian/elderly-care/lao/", []string{"补贴花名册.xlsx"}
		}),
		other("feizhi", "养老服务补贴办法", "旧的养老服务补贴办法。", func(d *Document) { d.Void = true }),
	)
	for _, c := range []struct {
		q       string
		want    string // hits in order, as many as are named
		all     bool   // and no others
		relaxed bool
		also    string
	}{
		{q: "低保名单", want: "mingdan"},
		{q: "最低生活保障", want: "mingdan zhinan", also: "低保"},
		{q: "低保", want: "mingdan zhinan", also: "最低生活保障"},
		{q: "吃低保", want: "mingdan zhinan", also: "最低生活保障 低保"},
		{q: "五保户", want: "tekun", all: true, also: "特困人员"},
		{q: "特困人员", want: "tekun", all: true},
		{q: "“低保名单”", want: "mingdan", all: true},
		{q: "\"低保，名单\"", want: "mingdan", all: true},
		{q: "“名单低保”", want: "mingdan", relaxed: true},
		{q: "名单 -低保", want: "tekun", all: true},
		{q: "名单 -“低保”", want: "tekun", all: true},
		{q: "温", want: "scattered", all: true},
		{q: "單", want: "scattered mingdan tekun", all: true},
		{q: "養老", want: "lao feizhi", all: true},
		{q: "西河府[2022]15号", want: "wenjian yin", all: true},
		{q: "西河府 （2022） 15 號", want: "wenjian yin", all: true},
		{q: "440203xh/2022－00031", want: "wenjian", all: true},
		{q: "韶府〔2021〕3号", want: "wenjian", all: true},
		{q: "dibao", want: "mingdan"},
		{q: "tekunrenyuan", want: "tekun", all: true},
		{q: "tkry", want: "tekun", all: true},
		{q: "花名册", want: "lao", all: true},
		{q: "怎么申请低保", want: "zhinan", relaxed: true, also: "最低生活保障"},
		{q: "26年第一季度低", want: "mingdan", all: true},
		{q: "临时救助 韶府", want: "wenjian", all: true},
		{q: "完全没有的东西", want: "", relaxed: true},
	} {
		r := ask(t, x, Query{Text: c.q})
		got := slugs(r)
		if !strings.HasPrefix(got+" ", strings.TrimLeft(c.want+" ", " ")) || c.all && got != c.want {
			t.Errorf("%s: hits %q, want %q", c.q, got, c.want)
		}
		if r.Relaxed != c.relaxed && !(c.want == "" && r.Total == 0) {
			t.Errorf("%s: relaxed %v", c.q, r.Relaxed)
		}
		if strings.Join(r.Also, " ") != c.also && c.also != "" {
			t.Errorf("%s: also %v, want %q", c.q, r.Also, c.also)
		}
	}
	if r := ask(t, x, Query{Text: "最底生活保障"}); len(r.Suggestions) == 0 || r.Suggestions[0] != "最低生活保障" {
		t.Errorf("最底生活保障: suggestions %v", r.Suggestions)
	}
	if r := ask(t, x, Query{Text: "低保名单"}); r.Hits[0].TitleHTML != "西河镇2026年第一季度<mark>低保名单</mark>公示" || !strings.Contains(r.Hits[0].Snippet, "<mark>低保</mark>") {
		t.Errorf("marks: %q %q", r.Hits[0].TitleHTML, r.Hits[0].Snippet)
	}
}

// TestNumbersMeetCharacters asks for what a number and the character beside it make, in titles and in texts.
func TestNumbersMeetCharacters(t *testing.T) {
	long := strings.Repeat("其他内容。", 500)
	x := open(t,
		doc("yufang", "关于印发2026年预防接种工作方案的通知", "所需经费列入预算。"),
		doc("bumen", "西河镇人民政府2026年部门预算", "收支情况。"),
		doc("shiyue", "十户名单公示", "第10户，于1月起发放，2016年10日公示。"),
		doc("zhen", "名单公示", "2026年10月起发放。"),
		doc("chang", "很长的文件", long+"低保家庭的名单另行公布，2025年9月"),
		doc("changju", "另一份很长的文件", long+"低保名单附后"),
	)
	for _, c := range []struct{ q, want string }{
		{"2026年预算", "bumen yufang"},
		{"西河镇2026年预算", "bumen yufang"},
		{"“10月”", "zhen"},
		{"10月", "zhen"},
		{"“2026年”", "bumen yufang zhen"},
		{"公示 -10月", "shiyue"},
		{"公示 -“2016年”", "zhen"},
		{"“9月”", "chang"},
		{"“低保名单”", "changju"},
		{"文件 -低保名单", "chang"},
		{"文件 -“家庭的名单”", "changju"},
	} {
		r := ask(t, x, Query{Text: c.q})
		if got := slugs(r); got != c.want || r.Relaxed {
			t.Errorf("%s: hits %q, want %q; relaxed %v", c.q, got, c.want, r.Relaxed)
		}
	}
}

// TestTotalsAreThoseOfTheHits walks all pages: what is counted, in total and by facets, is what is shown, each once.
func TestTotalsAreThoseOfTheHits(t *testing.T) {
	var docs []Document
	for i := range 90 {
		text := []string{"低保对象的名单", "低保的保障工作，保名单位，名单", "10月的低保", "10户，9月的低保"}[i%4]
		docs = append(docs, doc(fmt.Sprint("a", i), "公示", text))
	}
	x := open(t, docs...)
	for _, q := range []string{"低保名单", "“低保对象”", "“低保名单”", "“10月”", "公示 -10月", "公示 -低保对象", "低保 -“10月的”", "公示"} {
		seen := map[string]bool{}
		first := ask(t, x, Query{Text: q})
		for page := 1; page <= max(1, first.Pages); page++ {
			r := ask(t, x, Query{Text: q, Page: page})
			if r.Total != first.Total || !reflect.DeepEqual(r.Facets, first.Facets) {
				t.Errorf("%s: page %d has total %d and facets %v, page 1 %d and %v", q, page, r.Total, r.Facets, first.Total, first.Facets)
			}
			for _, h := range r.Hits {
				if seen[h.URL] {
					t.Errorf("%s: %s twice", q, h.URL)
				}
				seen[h.URL] = true
			}
		}
		counted := 0
		for _, f := range first.Facets["kind"] {
			counted += f.Count
		}
		if len(seen) != first.Total || counted != first.Total {
			t.Errorf("%s: %d hits and %d by kind of a total of %d", q, len(seen), counted, first.Total)
		}
	}
}

// TestNoticesAreTrue asks what is relaxed, and whether something else is proposed.
func TestNoticesAreTrue(t *testing.T) {
	x := open(t,
		doc("mingdan", "西河镇2026年第三季度新增城乡低保对象名单公示", "正文"),
		doc("zhuanxue", "西河镇小学、初中学生转学办理指南", "正文"),
		doc("gaoling", "高龄津贴发放公告", "正文", func(d *Document) { d.DocNo = "西河府〔2025〕2号" }),
		doc("yinyong", "通知", "依照西河府〔2025〕23号文件。", func(d *Document) { d.IndexNo = "440203-XH/2026-00031" }),
		unitPage(),
	)
	for _, c := range []struct {
		q, want          string
		relaxed, propose bool
	}{
		{"西河镇低保名单", "mingdan", false, false},
		{"西河镇转学", "zhuanxue", false, false},
		{"高令", "", false, true},
		{"高令津贴", "gaoling", true, true},
		{"西河府〔2025〕2号", "gaoling", false, false},
		{"西河府〔2025〕23号", "yinyong", false, false},
		{"西河府〔2025〕3号", "", false, false},
		{"440203-XH/2026-00032", "", false, false},
		{"索引号：440203-XH/2026-00031", "yinyong", false, false},
		{"文号：西河府〔2025〕2", "gaoling", false, false},
		{"西河镇", "xihe mingdan zhuanxue", false, false},
		{"低\u200b保", "mingdan", false, false},
		{"di bao", "mingdan", false, false},
	} {
		r := ask(t, x, Query{Text: c.q})
		if got := slugs(r); !strings.HasPrefix(got, c.want) || c.want == "" && got != "" || r.Relaxed != c.relaxed && r.Total > 0 || (len(r.Suggestions) > 0) != c.propose {
			t.Errorf("%s: hits %q, want %q; relaxed %v, suggestions %v", c.q, got, c.want, r.Relaxed, r.Suggestions)
		}
	}
}

// unitPage is the page of a unit.
func unitPage() Document {
	return Document{URL: "/xihe/", Title: "西河镇", Unit: "xihe", Kind: KindUnit, Text: "联系电话：123"}
}

func TestSegmentsCoverMost(t *testing.T) {
	x := &Index{words: map[string]*word{}, longest: 4}
	for _, w := range []string{"怎么申请", "怎么", "申请公开", "公租房", "西河", "西河镇", "政府电话", "镇政府电话"} {
		x.words[w] = &word{}
	}
	for text, want := range map[string]string{
		"怎么申请公开": "怎么 申请公开", "怎么申请公租房": "怎么申请 公租房", "西河镇政府电话": "西河镇 政府电话", "我要问西河的": "我要问 西河 的", "没有": "没有",
	} {
		var got []string
		for _, s := range x.segments(text) {
			got = append(got, s.text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestRestrictions(t *testing.T) {
	var docs []Document
	for i := range 30 {
		docs = append(docs, doc(fmt.Sprint("a", i), fmt.Sprintf("公告%d号", i), "正文", func(d *Document) {
			d.Published = calendar.NewDate(2024+i%3, 1, 1+i%28)
			if i%2 == 0 {
				d.Unit, d.URL = "xilian", fmt.Sprintf("/xilian/social-assistance/a%d/", i)
			}
			if i%5 == 0 {
				d.Kind = "通知"
			}
		}))
	}
	x := open(t, docs...)
	r := ask(t, x, Query{Text: "公告", Unit: "xihe"})
	if r.Total != 15 || len(r.Hits) != 10 || r.Pages != 2 {
		t.Errorf("total %d, hits %d, pages %d", r.Total, len(r.Hits), r.Pages)
	}
	if want := []Facet{{"xihe", "西河镇", 15}, {"xilian", "西联镇", 15}}; !reflect.DeepEqual(r.Facets["unit"], want) {
		t.Errorf("units %v: a facet does not restrict itself", r.Facets["unit"])
	}
	if want := []Facet{{"2026", "2026年", 5}, {"2025", "2025年", 5}, {"2024", "2024年", 5}}; !reflect.DeepEqual(r.Facets["year"], want) {
		t.Errorf("years %v", r.Facets["year"])
	}
	if want := []Facet{{"公示", "公示", 12}, {"通知", "通知", 3}}; !reflect.DeepEqual(r.Facets["kind"], want) {
		t.Errorf("kinds %v", r.Facets["kind"])
	}
	second := ask(t, x, Query{Text: "公告", Unit: "xihe", Page: 2})
	if len(second.Hits) != 5 {
		t.Errorf("second page has %d hits", len(second.Hits))
	}
	seen := map[string]bool{}
	for _, h := range append(r.Hits, second.Hits...) {
		if seen[h.URL] {
			t.Errorf("%s is on both pages", h.URL)
		}
		seen[h.URL] = true
	}
	byDate := ask(t, x, Query{Text: "公告", Sort: "date"})
	for i := 1; i < len(byDate.Hits); i++ {
		if byDate.Hits[i].Date > byDate.Hits[i-1].Date {
			t.Errorf("by date: %s after %s", byDate.Hits[i].Date, byDate.Hits[i-1].Date)
		}
	}
	if r := ask(t, x, Query{Unit: "xihe"}); r.Total != 15 || r.Hits[0].Date < r.Hits[9].Date {
		t.Errorf("without words: %d", r.Total)
	}
	if r := ask(t, x, Query{Text: "公告", Year: "2020"}); r.Total != 0 || len(r.Facets["year"]) != 4 || r.Facets["year"][3] != (Facet{"2020", "2020年", 0}) {
		t.Errorf("nothing left: %d, years %v: what is chosen is named, and the others lead out", r.Total, r.Facets["year"])
	}
	if r := ask(t, x, Query{Text: "公告", Year: "2026abc"}); r.Total != 0 {
		t.Errorf("no year: %d", r.Total)
	}
	if r := ask(t, x, Query{Text: "公告", Unit: "nosuch"}); r.Total != 0 || r.Relaxed {
		t.Errorf("unknown unit: %d", r.Total)
	}
	if r := ask(t, x, Query{Text: "公告", Page: 99}); len(r.Hits) != 0 || r.Total != 30 {
		t.Errorf("page 99: %d hits of %d", len(r.Hits), r.Total)
	}
}

func TestHostileQueries(t *testing.T) {
	x := open(t, doc("a", "低保名单", "正文"))
	for _, text := range []string{"", " ", "，。！", strings.Repeat("低", MaxQuery+1), strings.Repeat("a ", 10000), "\xff\xfe", "\x00\x01"} {
		if _, err := x.Search(Query{Text: text}); !errors.Is(err, ErrQuery) {
			t.Errorf("%.20q: error %v", text, err)
		}
	}
	for _, text := range []string{
		"(((a+)+)+)$", ".*.*.*.*=.*", "\"", "“", "-", "--", "-“", "低保 -", "a\x00b", strings.Repeat("a ", 59), strings.Repeat("ai", 55), strings.Repeat("\"低\" ", 24), strings.Repeat("-低 ", 30),
	} {
		if _, err := x.Search(Query{Text: text}); err != nil && !errors.Is(err, ErrQuery) {
			t.Errorf("%.20q: error %v", text, err)
		}
	}
	for _, q := range []Query{{Text: "低保", Page: -1}, {Text: "低保", Page: MaxPage + 1}, {Text: "低保", Sort: "random"}} {
		if _, err := x.Search(q); !errors.Is(err, ErrQuery) {
			t.Errorf("%+v: error %v", q, err)
		}
	}
}

// TestTiesAreDecided asks for documents that score the same: the order is the portal's, whatever order they were indexed in.
func TestTiesAreDecided(t *testing.T) {
	var docs []Document
	for i := range 40 {
		docs = append(docs, doc(fmt.Sprintf("d%02d", i), "同样的公告", "正文"))
	}
	want := slugs(ask(t, open(t, docs...), Query{Text: "公告"}))
	r := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		r.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
		if got := slugs(ask(t, open(t, docs...), Query{Text: "公告"})); got != want {
			t.Errorf("order %s, want %s", got, want)
		}
	}
}

// TestAnalyserFindsTheSameTerms holds the index's quick way to find terms to the definition.
func TestAnalyserFindsTheSameTerms(t *testing.T) {
	check := func(text string) {
		t.Helper()
		a := newAnalyser()
		want := map[string]int{}
		for _, term := range token.Terms(text) {
			want[term]++
		}
		a.each(text, func(w *weights) { w.text++ })
		if len(a.terms) != len(want) {
			t.Fatalf("%q: %d terms, want %d", text, len(a.terms), len(want))
		}
		for term, n := range want {
			if w := a.terms[term]; w == nil || int(w.text) != n {
				t.Fatalf("%q: term %q", text, term)
			}
		}
	}
	for _, s := range []string{"低保名单2022年10月", "a，b", strings.Repeat("x", 100), "養老ＷＰＳ"} {
		check(s)
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		check(randomText(r))
	}
}

func randomText(r *rand.Rand) string {
	alphabet := []rune("低保名单公示养老服务養務年月日号〔〕（），。 -/aAＡz09０é〇ー한\u0301𠀀")
	out := make([]rune, r.IntN(40))
	for i := range out {
		if out[i] = alphabet[r.IntN(len(alphabet))]; r.IntN(20) == 0 {
			out[i] = rune(r.IntN(0x11000))
		}
	}
	return string(out)
}

// TestChangedIndexAnswersAsAFreshOne changes a set of documents at random, again and again, and compares what the changed index
// answers with what a fresh one answers.
func TestChangedIndexAnswersAsAFreshOne(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	words := []string{"低保", "名单", "公示", "养老", "服务", "补贴", "2026年", "第三季度", "特困", "危房改造", "通知", "西河镇"}
	text := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(words[r.IntN(len(words))])
		}
		return b.String()
	}
	docs := map[string]Document{}
	fresh := func(i int) Document {
		return doc(fmt.Sprint("d", i), text(4), text(30), func(d *Document) { d.Published = calendar.NewDate(2020+r.IntN(6), 1+r.IntN(12), 3) })
	}
	for i := range 400 {
		d := fresh(i)
		docs[d.URL] = d
	}
	list := func() []Document {
		var out []Document
		for _, d := range docs { // in random order
			out = append(out, d)
		}
		return out
	}
	dir := t.TempDir()
	id := build(t, dir, "", list())
	for round := range 14 {
		for range 1 + r.IntN(60) {
			i := r.IntN(420)
			d := fresh(i)
			if r.IntN(4) == 0 {
				delete(docs, d.URL)
			} else {
				docs[d.URL] = d
			}
		}
		previous := id
		id = build(t, dir, previous, list())
		if err := Prune(dir, id, previous); err != nil {
			t.Fatal(err)
		}
		changed, err := Open(dir, id)
		if err != nil {
			t.Fatal(err)
		}
		other := t.TempDir()
		otherID := build(t, other, "", list())
		if otherID != id {
			t.Errorf("round %d: identifiers %s and %s of the same documents", round, id, otherID)
		}
		whole, err := Open(other, otherID)
		if err != nil {
			t.Fatal(err)
		}
		if changed.Len() != whole.Len() {
			t.Errorf("round %d: %d documents, want %d", round, changed.Len(), whole.Len())
		}
		for range 30 {
			q := Query{Text: text(1 + r.IntN(3)), Page: 1 + r.IntN(2)}
			if r.IntN(3) == 0 {
				q.Text = words[r.IntN(len(words))] + " " + words[r.IntN(len(words))]
			}
			a, b := ask(t, changed, q), ask(t, whole, q)
			if !reflect.DeepEqual(a, b) {
				t.Fatalf("round %d: %+v\n%+v\n%+v", round, q, a, b)
			}
		}
		if err := errors.Join(changed.Close(), whole.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func FuzzSearch(f *testing.F) {
	x := open(f, doc("a", "西河镇2026年低保名单公示", "正文 440203", func(d *Document) { d.DocNo = "西河府〔2022〕15号" }), doc("b", "养老服务", "补贴"))
	for _, q := range []string{"低保", "“低保” -公示", "西河府〔2022〕15号", "dibao", "a\"b", "-“", "２０２２", "最底生活保障怎么"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		r, err := x.Search(Query{Text: q})
		if err != nil && !errors.Is(err, ErrQuery) {
			t.Fatal(err)
		}
		if len(r.Hits) > r.Total {
			t.Fatalf("%q: %d hits of %d", q, len(r.Hits), r.Total)
		}
	})
}
