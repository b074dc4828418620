package browser_test

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"gongkai/generator/browsertest"
	"gongkai/generator/build"
	"gongkai/generator/corpus"
	"gongkai/generator/search"
	"gongkai/generator/search/browser"
	"gongkai/generator/search/token"
	"gongkai/generator/site"
	"gongkai/generator/source"
	"gongkai/themes"
)

// now is after every document of the corpus and the sample district.
var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("", 8*3600))

// rare is what the engine loads for queries with letters or digits: the tests have it at once.
//
//go:embed rare.js
var rare []byte

// host serves a portal, and at /engine.html the engine alone, and counts the bytes of its index.
type host struct {
	*httptest.Server
	bytes, files atomic.Int64
	module       []byte // the search page's script
}

// portal builds a content folder and serves it.
func portal(t testing.TB, content string) (*host, *search.Index) {
	t.Helper()
	public := filepath.Join(t.TempDir(), "public")
	if _, _, err := build.Run(build.Options{Source: content, Destination: public, Now: now, Jobs: 2, Themes: themes.FS}); err != nil {
		t.Fatal(err)
	}
	h := &host{}
	scripts, err := filepath.Glob(filepath.Join(public, "assets/search.*.js"))
	if err != nil || len(scripts) != 1 {
		t.Fatalf("scripts of the search page: %v %v", scripts, err)
	}
	if h.module, err = os.ReadFile(scripts[0]); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	files := http.FileServer(http.Dir(public))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		c := &counter{ResponseWriter: w}
		files.ServeHTTP(c, r)
		if strings.HasPrefix(r.URL.Path, "/assets/search/") {
			h.bytes.Add(c.n)
			h.files.Add(1)
		}
	})
	mux.HandleFunc("/engine.html", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "<!DOCTYPE html><meta charset=utf-8><script>%s\n%s\nwindow.engine = { openSearch, inflate, terms: (s) => runs(s).flatMap(runTerms), joined, seams, cuts, runs, fold, classOf, traditional, ...gongkaiRare(tools) };</script>", rare, browser.Engine())
	})
	mux.HandleFunc("/alone.html", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "<!DOCTYPE html><meta charset=utf-8><script>%s\nwindow.engine = { openSearch };</script>", browser.Engine())
	})
	h.Server = httptest.NewServer(mux)
	t.Cleanup(h.Close)
	x, err := build.OpenIndex(public)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return h, x
}

type counter struct {
	http.ResponseWriter
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.n += int64(n)
	return n, err
}

// literal writes a value for use in a script.
func literal(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// openEngine shows the engine's page, with the traditional characters known to it.
func openEngine(t testing.TB, ctx context.Context, root string) {
	t.Helper()
	pairs := [][2]rune{}
	token.Traditional(func(from, to rune) { pairs = append(pairs, [2]rune{from, to}) })
	browsertest.Do(t, ctx, chromedp.Navigate(root+"/engine.html"))
	browsertest.Evaluate[bool](t, ctx, literal(t, pairs)+".forEach(([a, b]) => engine.traditional.set(a, b)), true")
}

// openAlone shows a page that has the engine as visitors get it: all else has to be loaded.
func openAlone(t testing.TB, ctx context.Context, root string) {
	t.Helper()
	browsertest.Do(t, ctx, chromedp.Navigate(root+"/alone.html"))
}

// TestCharactersAreFoldedAlike compares every character of Unicode.
func TestCharactersAreFoldedAlike(t *testing.T) {
	ctx := browsertest.Start(t)
	server := httptest.NewServer(engineOnly())
	defer server.Close()
	openEngine(t, ctx, server.URL)
	type change struct{ C, To rune }
	type boundary struct {
		C     rune
		Class int
	}
	var folds []change
	var classes []boundary
	last := -1
	for c := rune(0); c <= 0x10FFFF; c++ {
		if c >= 0xD800 && c < 0xE000 {
			continue
		}
		if f := token.Fold(c); f != c {
			folds = append(folds, change{c, f})
		}
		if k := int(token.ClassOf(c)); k != last {
			classes = append(classes, boundary{c, k})
			last = k
		}
	}
	got := browsertest.Evaluate[struct {
		Folds   []change
		Classes []boundary
	}](t, ctx, `(() => {
		const folds = [], classes = [];
		for (let c = 0, last = -1; c <= 0x10FFFF; c++) {
			if (c >= 0xD800 && c < 0xE000) continue;
			const f = engine.fold(c), k = engine.classOf(c);
			if (f !== c) folds.push({ C: c, To: f });
			if (k !== last) classes.push({ C: c, Class: k });
			last = k;
		}
		return { Folds: folds, Classes: classes };
	})()`)
	if !reflect.DeepEqual(got.Folds, folds) {
		for i := range folds {
			if i >= len(got.Folds) || got.Folds[i] != folds[i] {
				t.Fatalf("folding differs from %U on", folds[i].C)
			}
		}
	}
	if !reflect.DeepEqual(got.Classes, classes) {
		t.Errorf("classes differ:\n%v\n%v", got.Classes, classes)
	}
}

func engineOnly() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "<!DOCTYPE html><meta charset=utf-8><script>%s\n%s\nwindow.engine = { terms: (s) => runs(s).flatMap(runTerms), joined, seams, cuts, runs, fold, classOf, traditional, ...gongkaiRare(tools) };</script>", rare, browser.Engine())
	})
}

// TestTokensAreAlike compares the two tokenizers on golden texts, on the sample district and on random strings.
func TestTokensAreAlike(t *testing.T) {
	texts := []string{
		"", "低保名单", "西河府〔2022〕15号", "440203-XH/2022-00031", "２０２２年第３季度ＷＰＳ表格", "養老保險後天", "İIıſẞß", "é café naïve", "〇一々", "カタカナー ひらがな 한글",
		"𠀀𠀁 😀", "A类58户71人", "\u200b\ufeff", "低\u200b保20\u200b26\u200b年", "文号：西联府〔2026〕9号", "西联府〔2026〕9", "索引号440203-XH/2026-00031", "电话8123456转1分机", strings.Repeat("a", 200), "xian fangan dibaomingdan", "ЁЖИК Ωmega", "٣٤", "༄༅། བོད་", "ﾊﾝｶｸ",
	}
	s, _, err := source.Load(source.Options{Dir: "../../..", Now: now, Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range s.Disclosures {
		texts = append(texts, d.Title, d.IndexNo, d.DocNo)
		if body, err := source.Body("../../..", &d.Source); err == nil {
			texts = append(texts, string(body))
		}
	}
	r := rand.New(rand.NewPCG(11, 12))
	alphabet := []rune("低保名单養後公示aAzZ09Ａ９０ 〔〕（）-/－〇ーé\u0301한\u3000𠀀😀İ")
	for range 6000 {
		out := make([]rune, r.IntN(30))
		for i := range out {
			switch r.IntN(10) {
			case 0:
				for out[i] = 0xD800; out[i] >= 0xD800 && out[i] < 0xE000; {
					out[i] = rune(r.IntN(0x11000))
				}
			case 1:
				out[i] = rune(0x10000 + r.IntN(0x30000))
			case 2:
				out[i] = rune(0x4E00 + r.IntN(0x5200))
			default:
				out[i] = alphabet[r.IntN(len(alphabet))]
			}
		}
		texts = append(texts, string(out))
	}
	for range 1500 {
		letters := make([]byte, 1+r.IntN(14))
		for i := range letters {
			letters[i] = "aeiouvnghzscdbpmftlkjqxryw"[r.IntN(26)]
		}
		texts = append(texts, string(letters))
	}
	ctx := browsertest.Start(t)
	server := httptest.NewServer(engineOnly())
	defer server.Close()
	openEngine(t, ctx, server.URL)
	for batch := range slices.Chunk(texts, 1000) {
		got := browsertest.Evaluate[[]string](t, ctx, literal(t, batch)+`.map((s) => JSON.stringify([engine.terms(s).concat(engine.seams(engine.runs(s))), engine.joined(s), engine.cuts(engine.runs(s)), engine.queryNumber(s), engine.readPinyin(s)]))`)
		for i, s := range batch {
			list := func(l []string) []string { return append([]string{}, l...) }
			reads := append([][]string{}, token.ReadPinyin(s)...)
			var b strings.Builder
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false)
			if err := enc.Encode([]any{list(token.Terms(s)), token.Joined(s), list(token.Cuts(token.Runs(s))), token.QueryNumber(s), reads}); err != nil {
				t.Fatal(err)
			}
			if want := strings.TrimSpace(b.String()); got[i] != want {
				t.Errorf("%q:\nbrowser %s\nserver  %s", s, got[i], want)
			}
		}
	}
}

// TestInflaterOfOldBrowsers lets inflate.js read what browsers read by themselves.
func TestInflaterOfOldBrowsers(t *testing.T) {
	ctx := browsertest.Start(t)
	h, x := portal(t, "../../..")
	browsertest.Do(t, ctx, chromedp.Navigate(h.URL+"/engine.html"))
	folder := h.URL + "/assets/search/" + x.ID() + "/"
	got := browsertest.Evaluate[string](t, ctx, `(async () => {
		const folder = `+literal(t, folder)+`;
		const script = document.createElement("script");
		script.src = folder + "inflate.js";
		await new Promise((done, failed) => { script.onload = done; script.onerror = failed; document.head.append(script); });
		const load = async (name) => new Uint8Array(await (await fetch(folder + name)).arrayBuffer());
		const dictionary = await engine.inflate(await load("dictionary.bin"));
		const files = ["index.bin", "days.bin", "pinyin.bin", "traditional.bin", "dictionary.bin"];
		for (let i = 0; i < 60; i++) files.push("d/" + i + ".bin");
		let bytes = 0;
		for (const name of files) {
			const file = await load(name), of = name.startsWith("d/") ? dictionary : undefined;
			const one = await engine.inflate(file, of), two = gongkaiInflate(file, of);
			if (one.length !== two.length || one.some((b, i) => b !== two[i])) return name + " differs";
			bytes += one.length;
		}
		const plain = new Uint8Array([1, 3, 0, 252, 255, 97, 98, 99]), fixed = new Uint8Array([75, 76, 74, 6, 0]);
		return new TextDecoder().decode(gongkaiInflate(plain)) + new TextDecoder().decode(gongkaiInflate(fixed)) + (bytes > 10000 ? "" : " hardly anything read");
	})()`)
	if got != "abcabc" {
		t.Error(got)
	}
	// and a browser that has nothing of its own asks for it
	total := browsertest.Evaluate[int](t, ctx, `(() => { delete window.DecompressionStream; delete window.gongkaiInflate;
		return engine.openSearch(`+literal(t, folder)+`).search({ q: "低保" }).then((r) => window.gongkaiInflate ? r.total : -1); })()`)
	if r, err := x.Search(search.Query{Text: "低保"}); err != nil || total != r.Total {
		t.Errorf("%d hits without DecompressionStream, want %d (%v)", total, r.Total, err)
	}
}

// request is a file that the browser loaded.
type request struct {
	Name  string
	Bytes int64
}

// kind is the folder of the file in the index, or its name.
func (r *request) kind() string {
	_, name, _ := strings.Cut(r.Name, "/assets/search/")
	_, name, _ = strings.Cut(name, "/")
	kind, _, _ := strings.Cut(name, "/")
	return kind
}

// requests returns what the page has loaded of the index.
func requests(t testing.TB, ctx context.Context) []request {
	t.Helper()
	return browsertest.Evaluate[[]request](t, ctx, `performance.getEntriesByType("resource").filter((e) => e.name.includes("/assets/search/")).map((e) => (
		{ Name: e.name, Bytes: e.encodedBodySize }))`)
}

// tripsOf asks a query of a page that has loaded nothing yet and returns how many times it waits for the host until the answer: what the page asks for is held
// back until it asks for nothing more, and then let go together, as if every answer took equally long. What may have been meant comes after the answer.
func tripsOf(t testing.TB, ctx context.Context, x *search.Index, root, text string) int {
	t.Helper()
	return browsertest.Evaluate[int](t, ctx, `(async () => {
		performance.setResourceTimingBufferSize(2000);
		let trips = 0, held = [], timer = 0;
		const gate = () => new Promise((go) => {
			held.push(go);
			clearTimeout(timer);
			timer = setTimeout(() => {
				trips++;
				held.splice(0).forEach((go) => go());
			}, 40);
		});
		const load = window.fetch.bind(window), append = document.head.append.bind(document.head);
		window.fetch = (address) => gate().then(() => load(address));
		document.head.append = (element) => { gate().then(() => append(element)); };
		const answer = await engine.openSearch(`+literal(t, root+"/assets/search/"+x.ID()+"/")+`).search({ q: `+literal(t, text)+` }), waited = trips;
		await answer.later();
		return waited;
	})()`)
}

// TestFirstQueriesAreLight counts what a visitor's first question loads in all, from a host that does not compress, and how many times it waits for the host.
func TestFirstQueriesAreLight(t *testing.T) {
	ctx := browsertest.Start(t)
	h, x := portal(t, "../../..")
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(h.module); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil || packed.Len() > 10<<10 {
		t.Errorf("the module has %d bytes, compressed (%v): 10 KB is the limit", packed.Len(), err)
	}
	for _, q := range []string{"低保名单", "怎么申请公租房", "家里穷，孩子读书有补助吗", "西河府〔2026〕15号", "2026年预算", "租房可以落户吗", "公祖房"} {
		openAlone(t, ctx, h.URL)
		clearCache(t, ctx)
		before := h.bytes.Load()
		if trips := tripsOf(t, ctx, x, h.URL, q); trips > 3 {
			t.Errorf("%s: %d requests one after the other", q, trips)
		}
		if n := h.bytes.Load() - before + int64(len(h.module)); n > 60_000 {
			t.Errorf("%s: %d bytes", q, n)
		}
	}
}

// answer is what is compared of a result: everything but the time it took and the snippets, which the browser cuts from the part of the text
// that it has.
func answer(r search.Result, titles []string) string {
	r.TookMS = 0
	for i := range r.Hits {
		r.Hits[i].Snippet = ""
	}
	b, _ := json.Marshal(r)
	return string(b) + strings.Join(titles, "\n")
}

// fromBrowser is a result with what the browser adds to it.
type fromBrowser struct {
	search.Result
	Titles []string
}

// ask lets the browser answer queries.
func ask(t testing.TB, ctx context.Context, x *search.Index, root string, queries []search.Query) []fromBrowser {
	t.Helper()
	type query struct {
		Q     string `json:"q"`
		Unit  string `json:"unit"`
		Field string `json:"field"`
		Year  string `json:"year"`
		Kind  string `json:"kind"`
		Sort  string `json:"sort"`
		Page  int    `json:"page"`
	}
	var list []query
	for _, q := range queries {
		list = append(list, query{q.Text, q.Unit, q.Field, q.Year, q.Kind, q.Sort, q.Page})
	}
	var out []fromBrowser
	folder := root + "/assets/search/" + x.ID() + "/"
	browsertest.Evaluate[bool](t, ctx, "window.index = engine.openSearch("+literal(t, folder)+"), true")
	for batch := range slices.Chunk(list, 50) {
		out = append(out, browsertest.Evaluate[[]fromBrowser](t, ctx, "(async () => { const out = []; for (const q of "+literal(t, batch)+
			") { const r = await window.index.search(q); r.suggestions = await r.later(); r.Titles = r.hits.map((h) => h.title_html); out.push(r); } return out; })()")...)
	}
	return out
}

// compare asks both and returns the share of the same first hits and of the first ten.
func compare(t *testing.T, ctx context.Context, h *host, x *search.Index, queries []search.Query) {
	t.Helper()
	same, first, overlap := 0, 0, 0.0
	for i, b := range ask(t, ctx, x, h.URL, queries) {
		s, err := x.Search(queries[i])
		if err != nil {
			t.Fatalf("%+v: %v", queries[i], err)
		}
		var titles []string
		for _, hit := range s.Hits {
			titles = append(titles, hit.TitleHTML)
		}
		if answer(s, titles) == answer(b.Result, b.Titles) {
			same++
		} else {
			t.Logf("%+v:\nbrowser %s\nserver  %s", queries[i], answer(b.Result, b.Titles), answer(s, titles))
		}
		urls := func(r search.Result) (out []string) {
			for _, h := range r.Hits {
				out = append(out, h.URL)
			}
			return out
		}
		one, two := urls(s), urls(b.Result)
		common := 0
		for _, u := range one {
			if slices.Contains(two, u) {
				common++
			}
		}
		if len(one) == 0 && len(two) == 0 {
			overlap++
			first++
			continue
		}
		overlap += float64(common) / float64(max(len(one), len(two)))
		if len(one) > 0 && len(two) > 0 && one[0] == two[0] {
			first++
		}
	}
	n := float64(len(queries))
	t.Logf("%d queries: %d answered entirely alike, first hit the same %.3f, overlap of ten %.3f", len(queries), same, float64(first)/n, overlap/n)
	if overlap/n < 0.95 || float64(first)/n < 0.97 || same < len(queries) {
		t.Errorf("browser and server do not answer alike")
	}
}

// writeCorpus writes an invented district with the sample's catalogs and settings.
func writeCorpus(t testing.TB, units, docs int) string {
	t.Helper()
	s, _, err := source.Load(source.Options{Dir: "../../..", Now: now, Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join("../../..", name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	var fields []corpus.Field
	for _, f := range s.Fields {
		cf := corpus.Field{Slug: f.Slug, File: filepath.Base(f.Source.Path), Source: read(f.Source.Path)}
		for _, it := range f.Items {
			if it.Concerns(site.Township) {
				cf.Items = append(cf.Items, it.Path())
			}
		}
		fields = append(fields, cf)
	}
	dir := t.TempDir()
	if err := corpus.Write(dir, read("content/site.yaml"), fields, corpus.Options{Units: units, Docs: docs, Seed: 3}); err != nil {
		t.Fatal(err)
	}
	if synonyms, err := os.ReadFile("../../../content/synonyms.yaml"); err == nil {
		if err := os.WriteFile(filepath.Join(dir, "content/synonyms.yaml"), synonyms, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// sampled makes queries of fragments of titles and texts, whole numbers, synonyms, and operators.
func sampled(t testing.TB, x *search.Index, n int) []search.Query {
	t.Helper()
	r := rand.New(rand.NewPCG(21, 22))
	meta := x.Meta()
	fragment := func(s string, size int) string {
		chars := []rune(strings.Join(strings.Fields(s), ""))
		if len(chars) <= size {
			return string(chars)
		}
		at := r.IntN(len(chars) - size)
		return string(chars[at : at+size])
	}
	var out []search.Query
	for len(out) < n {
		d, err := x.Document(r.IntN(x.Len()))
		if err != nil {
			t.Fatal(err)
		}
		q := search.Query{}
		switch r.IntN(20) {
		case 0, 1, 2, 3:
			q.Text = fragment(d.Title, 6+r.IntN(4))
		case 4:
			q.Text = fragment(d.Text, 2+r.IntN(6))
		case 5:
			q.Text = fragment(d.Title, 2) + " " + fragment(d.Text, 3)
		case 6:
			q.Text = d.DocNo + d.IndexNo
		case 7:
			q.Text = fragment(d.Title, 1)
		case 8:
			if g := meta.Synonyms.Groups; len(g) > 0 {
				words := append(slices.Clone(g[r.IntN(len(g))].Say), "办理")
				q.Text = words[r.IntN(len(words))] + fragment(d.Title, r.IntN(3))
			}
		case 9:
			q.Text = "“" + fragment(d.Title, 4) + "” -" + fragment(d.Text, 2)
		case 10:
			q.Text = fragment(d.Title, 3) + fragment(d.Text, 3)
		case 11:
			q.Text, q.Unit, q.Field, q.Kind = fragment(d.Item, 4), d.Unit, d.Field, d.Kind
			if r.IntN(2) == 0 {
				q.Sort, q.Unit = "date", ""
			}
		case 12, 13: // misspelt: a character that is read alike in the place of another
			q.Text = misspelt(r, fragment(d.Title, 2+r.IntN(5)))
		case 14:
			q.Text = []string{"“10月”", "“2026年”", "公示 -10月", "通知 -“2026年”", "“第3”", "5户", "-2025年 名单", "“12月”", "2025", "“3号”"}[r.IntN(10)] + []string{"", " " + fragment(d.Title, 2)}[r.IntN(2)]
		case 15: // a year and a topic
			q.Text = []string{"", d.Title[:min(len(d.Title), 9)]}[r.IntN(2)] + strconv.Itoa(2023+r.IntN(4)) + "年" + fragment(d.Item, 2)
		case 16:
			q.Text = []string{"文号：", "索引号:", "发文字号", ""}[r.IntN(4)] + []string{strings.TrimSuffix(d.DocNo, "号"), d.IndexNo, strings.Replace(d.DocNo, "20", "19", 1)}[r.IntN(3)]
		case 17: // quotes and bars that reach into long texts
			q.Text = []string{"“" + fragment(d.Text, 5) + "”", "-" + fragment(d.Text, 3) + " " + fragment(d.Title, 2), "“" + fragment(d.Text, 2) + fragment(d.Text, 2) + "”"}[r.IntN(3)]
		case 18:
			names := append(slices.Clone(meta.Units), meta.Fields...)
			q.Text = names[r.IntN(len(names))].Name + []string{"", "政府电话", "预算", "怎么申请公开"}[r.IntN(4)]
		case 19:
			q.Text = []string{"dibao", "di bao", "gzf", "zui di sheng huo bao zhang", "yusuan", "tekun renyuan", "nosuchthing", "低\u200b保", "怎么申请公开", "公祖房", "高令", "重洋镇", "居助证", "最底生活保障", "年2026abc"}[r.IntN(15)]
			q.Year = []string{"", "", "2026abc", "2026"}[r.IntN(4)]
		}
		q.Page = 1 + r.IntN(5)/4
		if token.Joined(q.Text) != "" {
			out = append(out, q)
		}
	}
	return out
}

// misspelt puts another character that is read alike in the place of one.
func misspelt(r *rand.Rand, text string) string {
	reader := token.NewReader()
	chars := []rune(text)
	at := r.IntN(len(chars))
	for range 20000 {
		c := rune(0x4E00 + r.IntN(0x5200))
		if list := reader.Readings(chars[at]); len(list) > 0 && c != chars[at] && token.Fold(c) == c && slices.Equal(reader.Readings(c), list) {
			chars[at] = c
			break
		}
	}
	return string(chars)
}

// queries returns how many queries each portal is asked: 250, or as many as GONGKAI_QUERIES says.
func queries(t *testing.T) int {
	n := 250
	if text := os.Getenv("GONGKAI_QUERIES"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatalf("GONGKAI_QUERIES: %v", err)
		}
	}
	return n
}

func TestBrowserAnswersAsTheServer(t *testing.T) {
	ctx := browsertest.Start(t)
	for name, content := range map[string]string{"sample": "../../..", "corpus": writeCorpus(t, 8, 5)} {
		t.Run(name, func(t *testing.T) {
			h, x := portal(t, content)
			openEngine(t, ctx, h.URL)
			compare(t, ctx, h, x, sampled(t, x, queries(t)))
		})
	}
}
