// Command load asks a search server at a steady rate and prints how long the answers took.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

func main() {
	server := flag.String("url", "", "address of the server")
	content := flag.String("titles", "", "content folder to take the queries' words from")
	seconds := flag.Int("seconds", 60, "how long")
	rate := flag.Int("rate", 50, "queries a second")
	flag.Parse()
	titles := readTitles(*content)
	r := rand.New(rand.NewPCG(1, 2))
	words := []string{"低保", "养老服务", "危房改造 补助", "预算公开", "征地补偿", "特困人员", "名单 -公示", "“安全生产”", "dibao", "镇", "2026年"}
	query := func() string {
		switch r.IntN(4) {
		case 0:
			return words[r.IntN(len(words))]
		case 1: // two fragments
			a, b := fragment(r, titles, 2), fragment(r, titles, 3)
			return a + " " + b
		}
		return fragment(r, titles, 4+r.IntN(6))
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}, Timeout: 10 * time.Second}
	var mu sync.Mutex
	var took []time.Duration
	failed := 0
	var wg sync.WaitGroup
	tick := time.NewTicker(time.Second / time.Duration(*rate))
	defer tick.Stop()
	for range *seconds * *rate {
		<-tick.C
		address := *server + "/api/search?q=" + url.QueryEscape(query())
		wg.Go(func() {
			start := time.Now()
			res, err := client.Get(address)
			if err == nil {
				_, err = io.Copy(io.Discard, res.Body)
				res.Body.Close()
				if err == nil && res.StatusCode != http.StatusOK {
					err = fmt.Errorf("status %d", res.StatusCode)
				}
			}
			d := time.Since(start)
			mu.Lock()
			defer mu.Unlock()
			took = append(took, d)
			if err != nil {
				failed++
			}
		})
	}
	wg.Wait()
	slices.Sort(took)
	at := func(share float64) time.Duration { return took[min(len(took)-1, int(share*float64(len(took))))] }
	fmt.Printf("%d queries at %d a second, %d failed\np50 %v  p90 %v  p99 %v  p99.9 %v  most %v\n", len(took), *rate, failed, at(.5), at(.9), at(.99), at(.999), took[len(took)-1])
	bounds := []time.Duration{500 * time.Microsecond, time.Millisecond, 2 * time.Millisecond, 3 * time.Millisecond, 5 * time.Millisecond, 7 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond, 50 * time.Millisecond, time.Hour}
	i := 0
	for k, b := range bounds {
		n := 0
		for i < len(took) && took[i] <= b {
			i++
			n++
		}
		name := "≤ " + b.String()
		if k == len(bounds)-1 {
			name = "more"
		}
		fmt.Printf("%10s %6d %s\n", name, n, strings.Repeat("#", (n*60+len(took)-1)/len(took)))
	}
	if failed > 0 {
		os.Exit(1)
	}
}

func readTitles(dir string) (titles []string) {
	err := filepath.WalkDir(filepath.Join(dir, "units"), func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(p) != ".md" {
			return err
		}
		f, err := os.Open(p)
		if err != nil {
			return err
		}
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			if title, ok := strings.CutPrefix(lines.Text(), "标题: "); ok {
				titles = append(titles, title)
				break
			}
		}
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	return titles
}

func fragment(r *rand.Rand, titles []string, size int) string {
	chars := []rune(titles[r.IntN(len(titles))])
	at := r.IntN(max(1, len(chars)-size))
	return string(chars[at:min(len(chars), at+size)])
}
