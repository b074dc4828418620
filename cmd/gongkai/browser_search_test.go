package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"gongkai/generator/browsertest"
)

// waitFor waits until an expression is true in the page.
func waitFor(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !browsertest.Evaluate[bool](t, ctx, "!!("+expression+")") {
		if time.Now().After(deadline) {
			t.Fatalf("never true: %s\n%s", expression, browsertest.Evaluate[string](t, ctx, `document.querySelector('main').innerText.slice(0, 600)`))
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// searchHost is a static host of the sample district below /sub/, whose index files can be held up or withheld.
type searchHost struct {
	root string
	mu   sync.Mutex
	hold chan struct{} // closed when files may go
	gone func(path string) bool
	seen map[string]int
}

func newSearchHost(t *testing.T) *searchHost {
	t.Helper()
	h := &searchHost{seen: map[string]int{}}
	files := http.StripPrefix("/sub/", http.FileServer(http.Dir(sampleBelow(t))))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/assets/search/") {
			h.mu.Lock()
			h.seen[r.URL.Path]++
			hold, gone := h.hold, h.gone != nil && h.gone(r.URL.Path)
			h.mu.Unlock()
			if hold != nil {
				<-hold
			}
			if gone {
				http.NotFound(w, r)
				return
			}
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	h.root = server.URL + "/sub"
	return h
}

func (h *searchHost) set(change func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change()
}

const (
	firstHit = `document.querySelector('.hits h3 a')`
	status   = `document.querySelector('[role=status]').textContent`
)

// TestSearchInBrowser types, restricts, sorts, turns pages and goes back.
func TestSearchInBrowser(t *testing.T) {
	ctx := browsertest.Start(t)
	h := newSearchHost(t)
	browsertest.Do(t, ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(h.root+"/"), chromedp.SendKeys("#find", "低保名单"), chromedp.Submit("#find"))
	waitFor(t, ctx, firstHit)
	if got := browsertest.Evaluate[string](t, ctx, firstHit+`.innerHTML`); !strings.Contains(got, "<mark>低保名单</mark>") {
		t.Errorf("first hit %s", got)
	}
	// typing on
	browsertest.Do(t, ctx, chromedp.SendKeys("#q", " 公示"))
	waitFor(t, ctx, `new URLSearchParams(location.search).get('q') === '低保名单 公示' && document.title.startsWith('低保名单 公示 - ') && `+marked("公示")+` && `+marked("低保名单"))
	browsertest.Evaluate[bool](t, ctx, `document.querySelector('#q').value = '', true`)
	browsertest.Do(t, ctx, chromedp.SendKeys("#q", "公示"))
	waitFor(t, ctx, `document.querySelector('.pager') && document.title.startsWith('公示 - ') && `+marked("公示")+` && !`+marked("低保名单"))
	all := browsertest.Evaluate[string](t, ctx, status)
	// a facet restricts, and says so
	browsertest.Do(t, ctx, chromedp.Click(`.facet a[href*="unit=xihe"]`))
	waitFor(t, ctx, `document.querySelector('.chosen') && `+status+` !== `+quoted(all))
	if got := browsertest.Evaluate[string](t, ctx, `document.querySelector('.chosen').textContent + ' ' + location.search`); !strings.Contains(got, "西河镇") || !strings.Contains(got, "unit=xihe") {
		t.Errorf("chosen: %s", got)
	}
	if got := browsertest.Evaluate[bool](t, ctx, `[...document.querySelectorAll('.hits .row-meta')].every((e) => e.textContent.includes('西河镇'))`); !got {
		t.Error("hits of other units")
	}
	few := browsertest.Evaluate[string](t, ctx, status)
	// sorting, a page on, and back again, step by step
	browsertest.Do(t, ctx, chromedp.Click(`.sorts a`))
	waitFor(t, ctx, `location.search.includes('sort=date') && document.querySelector('.sorts [aria-current]').textContent === '最新'`)
	if got := browsertest.Evaluate[bool](t, ctx, `(() => { const d = [...document.querySelectorAll('.hits time')].map((e) => e.dateTime); return d.every((x, i) => !i || x <= d[i - 1]); })()`); !got {
		t.Error("not sorted by date")
	}
	browsertest.Do(t, ctx, chromedp.Click(`.pager a[rel=next]`))
	waitFor(t, ctx, `location.search.includes('page=2') && document.activeElement.id === 'results'`)
	back := func(want string) {
		t.Helper()
		browsertest.Evaluate[bool](t, ctx, `history.back(), true`)
		waitFor(t, ctx, want)
	}
	back(`!location.search.includes('page=2') && location.search.includes('sort=date') && document.querySelector('.hits-page').textContent.includes('第 1 页')`)
	back(`!location.search.includes('sort=') && ` + status + ` === ` + quoted(few) + ` && document.querySelector('.sorts [aria-current]').textContent === '相关度'`)
	back(`!location.search.includes('unit=') && ` + status + ` === ` + quoted(all))
	// no file of the index was asked for twice
	h.mu.Lock()
	for path, n := range h.seen {
		if n > 1 {
			t.Errorf("%s was loaded %d times", path, n)
		}
	}
	h.mu.Unlock()
	// a shared address says it all
	shared := browsertest.Evaluate[string](t, ctx, `(() => { const a = document.querySelector('.facet a[href*="kind="]'); return a.href; })()`)
	browsertest.Do(t, ctx, chromedp.Navigate("about:blank"), chromedp.Navigate(shared))
	waitFor(t, ctx, `document.querySelector('.chosen') && document.querySelector('#q').value === '公示'`)
	// the keyboard walks the hits
	browsertest.Do(t, ctx, chromedp.Focus("#q"), chromedp.KeyEvent(kb.ArrowDown))
	if got := browsertest.Evaluate[bool](t, ctx, `document.activeElement === `+firstHit); !got {
		t.Errorf("arrow down leads to %s", browsertest.Evaluate[string](t, ctx, `document.activeElement.outerHTML.slice(0, 200)`))
	}
	browsertest.Do(t, ctx, chromedp.KeyEvent(kb.ArrowUp))
	if got := browsertest.Evaluate[string](t, ctx, `document.activeElement.id`); got != "q" {
		t.Errorf("arrow up leads to %q", got)
	}
	// every answer that was looked at is a step back, even where typing asked for it
	browsertest.Do(t, ctx, chromedp.Navigate(h.root+"/search/"))
	before := browsertest.Evaluate[int](t, ctx, `history.length`)
	for _, q := range []string{"养老", "危房", "停水"} {
		browsertest.Evaluate[bool](t, ctx, `document.querySelector('#q').value = '', true`)
		browsertest.Do(t, ctx, chromedp.SendKeys("#q", q))
		waitFor(t, ctx, `document.title.startsWith('`+q+` - ') && `+marked(q))
		browsertest.Do(t, ctx, chromedp.KeyEvent(kb.Enter))
	}
	if got := browsertest.Evaluate[int](t, ctx, `history.length`); got != before+3 {
		t.Errorf("three searches are %d steps", got-before)
	}
	back(`document.querySelector('#q').value === '危房' && ` + marked("危房"))
	back(`document.querySelector('#q').value === '养老' && ` + marked("养老"))
	// a restriction that leaves nothing has its name, and the facets lead out
	browsertest.Do(t, ctx, chromedp.Navigate(h.root+"/search/?q="+url.QueryEscape("停水")+"&unit=huimin"))
	waitFor(t, ctx, `document.querySelector('.search-none') && document.querySelector('.chosen').textContent.includes('惠民街道') && document.querySelector('.facet a[href*="unit=longgui"]')`)
	// citizens' words and did-you-mean
	browsertest.Do(t, ctx, chromedp.Navigate(h.root+"/search/?q="+url.QueryEscape("最底生活保障")))
	waitFor(t, ctx, `document.querySelector('.search-line a') && document.querySelector('.search-note + .search-line')`)
	browsertest.Do(t, ctx, chromedp.Click(`.search-line a`))
	waitFor(t, ctx, `document.querySelector('#q').value === '最低生活保障' && !document.querySelector('.search-note') && `+firstHit)
}

// marked is true where one of the hits shown has the word marked.
func marked(word string) string {
	return `[...document.querySelectorAll('.hits mark')].some((m) => m.textContent === ` + quoted(word) + `)`
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }

// TestSearchOnASlowNetwork holds up the index, and then withholds a part of it.
func TestSearchOnASlowNetwork(t *testing.T) {
	ctx := browsertest.Start(t)
	h := newSearchHost(t)
	hold := make(chan struct{})
	h.set(func() { h.hold = hold })
	browsertest.Do(t, ctx, chromedp.Navigate(h.root+"/search/?q="+url.QueryEscape("养老")))
	waitFor(t, ctx, status+`.includes('正在查找')`)
	h.set(func() { h.hold = nil })
	close(hold)
	waitFor(t, ctx, firstHit+` && `+status+`.startsWith('找到')`)
	// a part that is missing is asked for again, then the page says so and offers to try again
	h.set(func() {
		h.gone = func(path string) bool { return strings.Contains(path, "/t/") || strings.Contains(path, "/h/") }
		clear(h.seen)
	})
	browsertest.Evaluate[bool](t, ctx, `document.querySelector('#q').value = '', true`)
	browsertest.Do(t, ctx, chromedp.SendKeys("#q", "危房改造"))
	waitFor(t, ctx, `document.querySelector('[data-retry]')`)
	h.mu.Lock()
	again := 0
	for _, n := range h.seen {
		again = max(again, n)
	}
	h.mu.Unlock()
	if again < 2 {
		t.Error("a missing part was not asked for again")
	}
	if got := browsertest.Evaluate[string](t, ctx, `document.querySelector('[role=alert]').innerText`); !strings.Contains(got, "请重试") {
		t.Errorf("the page says %q", got)
	}
	h.set(func() { h.gone = nil })
	browsertest.Do(t, ctx, chromedp.Click("[data-retry]"))
	waitFor(t, ctx, firstHit+` && `+firstHit+`.textContent.includes('危房')`)
}

// TestSuggestionsAreNotWaitedFor withholds what they are made of: the hits are there.
func TestSuggestionsAreNotWaitedFor(t *testing.T) {
	ctx := browsertest.Start(t)
	h := newSearchHost(t)
	h.set(func() { h.gone = func(path string) bool { return strings.HasSuffix(path, "/pinyin.bin") } })
	browsertest.Do(t, ctx, chromedp.Navigate(h.root+"/search/?q="+url.QueryEscape("社会旧住")))
	waitFor(t, ctx, firstHit+` && document.querySelector('.search-note')`)
	if got := browsertest.Evaluate[bool](t, ctx, `!!document.querySelector('[role=alert], .search-line a')`); got {
		t.Error("a fault of the suggestions is shown, or there are some")
	}
}

// TestSearchWithoutScripts asks a static host, which explains itself, and a server, which answers.
func TestSearchWithoutScripts(t *testing.T) {
	ctx := browsertest.Start(t)
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	h := newSearchHost(t)
	browsertest.Do(t, ctx, chromedp.Navigate(h.root+"/search/?q="+url.QueryEscape("低保")))
	if got := browsertest.Evaluate[string](t, ctx, `document.querySelector('noscript').innerText || document.querySelector('main').innerText`); !strings.Contains(got, "没有运行脚本") {
		t.Errorf("the page does not explain itself: %s", got)
	}
	root := startServer(t)
	browsertest.Do(t, ctx, chromedp.Navigate(root+"/"), chromedp.SendKeys("#find", "低保名单"), chromedp.Submit("#find"))
	waitFor(t, ctx, firstHit)
	if got := browsertest.Evaluate[string](t, ctx, firstHit+`.innerHTML + document.title`); !strings.Contains(got, "<mark>低保名单</mark>") || !strings.Contains(got, "低保名单 - 搜索") {
		t.Errorf("answer %s", got)
	}
	browsertest.Do(t, ctx, chromedp.Click(`.facet a[href*="unit=xihe"]`))
	waitFor(t, ctx, `document.querySelector('.chosen') && location.search.includes('unit=xihe') && location.search.includes('q=')`)
	if wrong := browsertest.Evaluate[[]string](t, ctx, look); len(wrong) > 0 {
		t.Error(wrong)
	}
}
