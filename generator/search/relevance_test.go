package search_test

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"gongkai/generator/build"
	"gongkai/generator/search"
	"gongkai/themes"
)

// judgedOn is the day on which the questions were judged: lists of names expire.
var judgedOn = time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("", 8*3600))

// judgement is a question with the pages that answer it.
type judgement struct {
	Ask     string
	Answers []struct {
		URL   string
		Grade int
	}
}

func judgements(t testing.TB) []judgement {
	t.Helper()
	b, err := os.ReadFile("testdata/judged.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var out []judgement
	if err := yaml.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
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

// measures are the means over the questions.
type measures struct{ nDCG, MRR, success3 float64 }

// judge measures answers, of which each is the addresses of the first ten hits. A page answers where its grade is 2 or 3.
func judge(js []judgement, hits [][]string) (m measures, worst []string) {
	type low struct {
		ask  string
		nDCG float64
	}
	var lows []low
	for i, j := range js {
		grades := map[string]int{}
		var ideal []int
		for _, a := range j.Answers {
			grades[a.URL] = a.Grade
			ideal = append(ideal, a.Grade)
		}
		slices.SortFunc(ideal, func(a, b int) int { return b - a })
		gain := func(grade, place int) float64 { return (math.Pow(2, float64(grade)) - 1) / math.Log2(float64(place+2)) }
		var dcg, best float64
		for place, grade := range ideal[:min(10, len(ideal))] {
			best += gain(grade, place)
		}
		answered := -1
		for place, url := range hits[i][:min(10, len(hits[i]))] {
			dcg += gain(grades[url], place)
			if answered < 0 && grades[url] >= 2 {
				answered = place
			}
		}
		lows = append(lows, low{j.Ask, dcg / best})
		m.nDCG += dcg / best / float64(len(js))
		if answered >= 0 {
			m.MRR += 1 / float64(answered+1) / float64(len(js))
		}
		if answered >= 0 && answered < 3 {
			m.success3 += 1 / float64(len(js))
		}
	}
	slices.SortStableFunc(lows, func(a, b low) int { return cmp.Compare(a.nDCG, b.nDCG) })
	for _, l := range lows[:min(len(lows), 25)] {
		worst = append(worst, fmt.Sprintf("%.2f %s", l.nDCG, l.ask))
	}
	return m, worst
}

func TestJudgedPagesExist(t *testing.T) {
	x := sample(t)
	urls := map[string]bool{}
	for i := range x.Len() {
		urls[x.URL(i)] = true
	}
	js := judgements(t)
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
	if m.nDCG < floor.nDCG || m.MRR < floor.MRR || m.success3 < floor.success3 {
		t.Errorf("nDCG@10 %.3f, MRR %.3f, success@3 %.3f; want at least %.3f, %.3f, %.3f. The worst:\n%v", m.nDCG, m.MRR, m.success3, floor.nDCG, floor.MRR, floor.success3, worst)
	}
}

// floor is a little below what the engine reaches.
var floor = measures{0.5, 0.5, 0.5}

func serverRelevance(t testing.TB, x *search.Index) (measures, []string) {
	t.Helper()
	js := judgements(t)
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
	return judge(js, hits)
}

func BenchmarkRelevance(b *testing.B) {
	x := sample(b)
	var m measures
	var worst []string
	for b.Loop() {
		m, worst = serverRelevance(b, x)
	}
	b.ReportMetric(m.nDCG, "nDCG@10")
	b.ReportMetric(m.MRR, "MRR")
	b.ReportMetric(m.success3, "success@3")
	if testing.Verbose() {
		for _, w := range worst {
			b.Log(w)
		}
	}
}
