package browser_test

import (
	"context"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"gongkai/generator/browsertest"
	"gongkai/generator/search"
	"gongkai/generator/search/judged"
)

// units is how many towns the benchmarks' district has, with ten documents in each field: 39 make 10,140, 385 make 100,100.
func units() int {
	if n, err := strconv.Atoi(os.Getenv("GONGKAI_BENCH_UNITS")); err == nil {
		return n
	}
	return 39
}

// knownItems returns fragments of 6 to 9 characters that one title alone has, and numbers in other brackets and widths, with the address of
// the document that is meant.
func knownItems(b *testing.B, x *search.Index, n int) (fragments, numbers []search.Query, fragmentURLs, numberURLs []string) {
	b.Helper()
	r := rand.New(rand.NewPCG(31, 32))
	titles := make([]string, x.Len())
	count := map[string]int{}
	each := func(title string, yield func(string)) {
		chars := []rune(title)
		for size := 6; size <= 9; size++ {
			for i := 0; i+size <= len(chars); i++ {
				yield(string(chars[i : i+size]))
			}
		}
	}
	wide := strings.NewReplacer("〔", "［", "〕", "］", "-", "－", "/", "／", "0", "０", "1", "１", "2", "２", "号", "號")
	round := strings.NewReplacer("〔", "(", "〕", ")", "-", "—")
	for i := range titles {
		d, err := x.Document(i)
		if err != nil {
			b.Fatal(err)
		}
		titles[i] = d.Title
		seen := map[string]bool{}
		each(d.Title, func(f string) {
			if !seen[f] {
				seen[f] = true
				count[f]++
			}
		})
	}
	for _, i := range r.Perm(x.Len()) {
		d, err := x.Document(i)
		if err != nil {
			b.Fatal(err)
		}
		var unique []string
		each(titles[i], func(f string) {
			if count[f] == 1 && strings.TrimSpace(f) == f {
				unique = append(unique, f)
			}
		})
		if len(unique) > 0 && len(fragments) < n {
			fragments = append(fragments, search.Query{Text: unique[r.IntN(len(unique))]})
			fragmentURLs = append(fragmentURLs, d.URL)
		}
		for _, number := range []string{d.DocNo, d.IndexNo} {
			if number != "" && len(numbers) < n {
				numbers = append(numbers, search.Query{Text: []func(string) string{wide.Replace, round.Replace, strings.ToLower}[r.IntN(3)](number)})
				numberURLs = append(numberURLs, d.URL)
			}
		}
	}
	return fragments, numbers, fragmentURLs, numberURLs
}

// success returns the share of answers that have the wanted address among the first ten hits.
func success(answers [][]search.Hit, want []string) float64 {
	n := 0
	for i, hits := range answers {
		if slices.ContainsFunc(hits, func(h search.Hit) bool { return h.URL == want[i] }) {
			n++
		}
	}
	return float64(n) / float64(len(want))
}

// BenchmarkKnownItem looks for documents by unique fragments of their titles and by their numbers, on the server and in Chromium.
func BenchmarkKnownItem(b *testing.B) {
	ctx := browsertest.Start(b)
	h, x := portal(b, writeCorpus(b, units(), 10))
	openEngine(b, ctx, h.URL)
	fragments, numbers, fragmentURLs, numberURLs := knownItems(b, x, 500)
	for b.Loop() {
		for _, set := range []struct {
			name    string
			queries []search.Query
			want    []string
		}{{"fragment", fragments, fragmentURLs}, {"number", numbers, numberURLs}} {
			var server, inBrowser [][]search.Hit
			for _, q := range set.queries {
				r, err := x.Search(q)
				if err != nil {
					b.Fatal(err)
				}
				server = append(server, r.Hits)
			}
			for _, r := range ask(b, ctx, x, h.URL, set.queries) {
				inBrowser = append(inBrowser, r.Hits)
			}
			b.ReportMetric(success(server, set.want), set.name+"-server@10")
			b.ReportMetric(success(inBrowser, set.want), set.name+"-browser@10")
		}
	}
}

// BenchmarkTraffic counts what the browser loads, uncompressed by the host: for the first query of a visitor, the search page's script included, and
// for each later one of a visitor who asks 60. GONGKAI_BENCH_UNITS=0 asks the sample district.
func BenchmarkTraffic(b *testing.B) {
	ctx := browsertest.Start(b)
	content := "../../.."
	if units() > 0 {
		content = writeCorpus(b, units(), 10)
	}
	h, x := portal(b, content)
	fragments, _, _, _ := knownItems(b, x, 60)
	numbers := []search.Query{}
	for i := 0; len(numbers) < 20 && i < x.Len(); i += max(1, x.Len()/100) {
		if d, err := x.Document(i); err != nil {
			b.Fatal(err)
		} else if d.DocNo != "" {
			numbers = append(numbers, search.Query{Text: d.DocNo}, search.Query{Text: d.IndexNo})
		}
	}
	js, err := judged.Read("../testdata/judged.yaml")
	if err != nil {
		b.Fatal(err)
	}
	questions := []search.Query{{Text: "怎么申请公租房"}}
	for _, j := range js {
		questions = append(questions, search.Query{Text: j.Ask})
	}
	words := []search.Query{}
	for _, w := range []string{"低保", "养老服务", "危房改造补助", "预算公开", "征地补偿标准", "特困人员名单", "就业培训", "义务教育招生", "食品安全抽检", "停水通知", "医疗救助", "公租房", "种粮补贴", "法律援助", "安全生产检查"} {
		words = append(words, search.Query{Text: w})
	}
	for b.Loop() {
		for _, set := range []struct {
			name    string
			queries []search.Query
		}{{"fragment", fragments}, {"word", words}, {"number", numbers}, {"question", questions}} {
			var firsts, later, files, trips []int64
			kinds := map[string]int64{}
			for i, q := range set.queries {
				openAlone(b, ctx, h.URL)
				before, filesBefore := h.bytes.Load(), h.files.Load()
				clearCache(b, ctx)
				trips = append(trips, int64(tripsOf(b, ctx, x, h.URL, q.Text)))
				for _, f := range requests(b, ctx) {
					kinds[f.kind()] += f.Bytes
				}
				firsts = append(firsts, h.bytes.Load()-before+int64(len(h.module)))
				files = append(files, h.files.Load()-filesBefore+1)
				if last := firsts[len(firsts)-1]; last > 60_000 {
					b.Logf("first %d B in %d files: %s", last, files[len(files)-1], q.Text)
				}
				if i == 20 && set.name != "question" {
					break
				}
			}
			openAlone(b, ctx, h.URL)
			clearCache(b, ctx)
			ask(b, ctx, x, h.URL, set.queries[:1])
			for i := range set.queries[1:] {
				before := h.bytes.Load()
				browsertest.Evaluate[int](b, ctx, "window.index.search({ q: "+literal(b, set.queries[i+1].Text)+" }).then((r) => r.total)")
				later = append(later, h.bytes.Load()-before)
			}
			slices.Sort(firsts)
			slices.Sort(later)
			slices.Sort(files)
			slices.Sort(trips)
			b.ReportMetric(float64(trips[len(trips)-1]), set.name+"-trips-most")
			for _, kind := range slices.Sorted(maps.Keys(kinds)) {
				b.Logf("%s: %s %d B of a first query, on average", set.name, kind, kinds[kind]/int64(len(firsts)))
			}
			b.Logf("%s: first %v, later %v: median, 90 of 100, most", set.name, at(firsts, 50, 90, 100), at(later, 50, 90, 100))
			b.ReportMetric(float64(firsts[len(firsts)/2]), set.name+"-first-B")
			b.ReportMetric(float64(firsts[len(firsts)-1]), set.name+"-first-most-B")
			b.ReportMetric(float64(later[len(later)/2]), set.name+"-later-B")
			b.ReportMetric(float64(later[len(later)-1]), set.name+"-later-most-B")
			b.ReportMetric(float64(files[len(files)/2]), set.name+"-first-files")
		}
	}
}

// at returns the values below which so many of a hundred lie.
func at(sorted []int64, shares ...int) (out []int64) {
	for _, s := range shares {
		out = append(out, sorted[min(len(sorted)-1, len(sorted)*s/100)])
	}
	return out
}

// clearCache makes the browser forget what it loaded.
func clearCache(b testing.TB, ctx context.Context) {
	b.Helper()
	if _, err := chromedp.Call(ctx, network.ClearBrowserCache, cdp.Empty{}); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkRelevance asks the judged questions in Chromium; the server's figures are printed by the package above.
func BenchmarkRelevance(b *testing.B) {
	js, err := judged.Read("../testdata/judged.yaml")
	if err != nil {
		b.Fatal(err)
	}
	var queries []search.Query
	for _, j := range js {
		queries = append(queries, search.Query{Text: j.Ask})
	}
	ctx := browsertest.Start(b)
	h, x := portal(b, "../../..")
	openEngine(b, ctx, h.URL)
	var m judged.Measures
	for b.Loop() {
		var hits [][]string
		for _, r := range ask(b, ctx, x, h.URL, queries) {
			var urls []string
			for _, h := range r.Hits {
				urls = append(urls, h.URL)
			}
			hits = append(hits, urls)
		}
		m, _ = judged.Judge(js, hits)
	}
	b.ReportMetric(m.NDCG, "nDCG@10")
	b.ReportMetric(m.MRR, "MRR")
	b.ReportMetric(m.Success3, "success@3")
}
