// Package judged measures answers of a search by questions of citizens whose answers people have judged.
package judged

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"slices"

	"github.com/goccy/go-yaml"
)

// Question is a question with the pages that answer it.
type Question struct {
	Ask     string
	Answers []struct {
		URL   string
		Grade int // 3 answers it, 2 leads to the answer, 1 is near
	}
}

// Read reads a file of questions.
func Read(path string) ([]Question, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read questions: %w", err)
	}
	var out []Question
	if err := yaml.Unmarshal(b, &out); err != nil {
		return nil, fmt.Errorf("read questions: %w", err)
	}
	return out, nil
}

// Measures are the means over the questions: nDCG of the first ten hits with gains of 2^grade - 1, the reciprocal place of the first hit of grade
// 2 or 3, and how many questions have such a hit among the first three.
type Measures struct{ NDCG, MRR, Success3 float64 }

// Judge measures answers, of which each is the addresses of the first ten hits of a question. worst is up to 25 questions, the worst answered
// first.
func Judge(js []Question, hits [][]string) (m Measures, worst []string) {
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
		m.NDCG += dcg / best / float64(len(js))
		if answered >= 0 {
			m.MRR += 1 / float64(answered+1) / float64(len(js))
		}
		if answered >= 0 && answered < 3 {
			m.Success3 += 1 / float64(len(js))
		}
	}
	slices.SortStableFunc(lows, func(a, b low) int { return cmp.Compare(a.nDCG, b.nDCG) })
	for _, l := range lows[:min(len(lows), 25)] {
		worst = append(worst, fmt.Sprintf("%.2f %s", l.nDCG, l.ask))
	}
	return m, worst
}
