package search_test

import (
	"path/filepath"
	"testing"
	"time"

	"gongkai/generator/build"
	"gongkai/generator/search"
	"gongkai/generator/search/judged"
	"gongkai/themes"
)

// judgedOn is the day on which the questions were judged: lists of names expire.
var judgedOn = time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("", 8*3600))

func questions(t testing.TB) []judged.Question {
	t.Helper()
	js, err := judged.Read("testdata/judged.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return js
}

// sample builds the sample district and opens its index.
func sample(t testing.TB) *search.Index {
	t.Helper()
	public := filepath.Join(t.TempDir(), "public")
	if _, _, err := build.Run(build.Options{Source: "../..", Destination: public, Now: judgedOn, Jobs: 2, Themes: themes.FS}); err != nil {
		t.Fatal(err)
	}
	x, err := build.OpenIndex(public)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return x
}

func TestJudgedPagesExist(t *testing.T) {
	x := sample(t)
	urls := map[string]bool{}
	for i := range x.Len() {
		urls[x.URL(i)] = true
	}
	js := questions(t)
	if len(js) < 80 {
		t.Errorf("%d questions, want at least 80", len(js))
	}
	for _, j := range js {
		for _, a := range j.Answers {
			if !urls[a.URL] {
				t.Errorf("%s: %s is not in the index", j.Ask, a.URL)
			}
		}
	}
}

// TestRelevanceDoesNotFall guards what has been reached; BenchmarkRelevance prints it.
func TestRelevanceDoesNotFall(t *testing.T) {
	m, worst := serverRelevance(t, sample(t))
	if m.NDCG < floor.NDCG || m.MRR < floor.MRR || m.Success3 < floor.Success3 {
		t.Errorf("nDCG@10 %.3f, MRR %.3f, success@3 %.3f; want at least %.3f, %.3f, %.3f. The worst:\n%v", m.NDCG, m.MRR, m.Success3, floor.NDCG, floor.MRR, floor.Success3, worst)
	}
}

// floor is a little below what the engine reaches.
var floor = judged.Measures{NDCG: 0.73, MRR: 0.85, Success3: 0.91}

func serverRelevance(t testing.TB, x *search.Index) (judged.Measures, []string) {
	t.Helper()
	js := questions(t)
	var hits [][]string
	for _, j := range js {
		r, err := x.Search(search.Query{Text: j.Ask})
		if err != nil {
			t.Fatal(err)
		}
		var urls []string
		for _, h := range r.Hits {
			urls = append(urls, h.URL)
		}
		hits = append(hits, urls)
	}
	return judged.Judge(js, hits)
}

func BenchmarkRelevance(b *testing.B) {
	x := sample(b)
	var m judged.Measures
	var worst []string
	for b.Loop() {
		m, worst = serverRelevance(b, x)
	}
	b.ReportMetric(m.NDCG, "nDCG@10")
	b.ReportMetric(m.MRR, "MRR")
	b.ReportMetric(m.Success3, "success@3")
	if testing.Verbose() {
		for _, w := range worst {
			b.Log(w)
		}
	}
}
