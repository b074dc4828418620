package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"gongkai/generator/browsertest"
)

// portal serves the sample district below /sub/.
func portal(t *testing.T) (root string) {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	mux.Handle("/sub/", http.StripPrefix("/sub/", http.FileServer(http.Dir(sampleBelow(t)))))
	return server.URL + "/sub"
}

// look is what is true of every page of the portal, measured in the browser. It returns what is wrong.
const look = `(() => {
	const wrong = [];
	const width = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth > width) {
		const wide = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > width + 1 && !e.closest('.table-frame, .toc, pre')).slice(0, 3);
		wrong.push('wider than the window: ' + document.documentElement.scrollWidth + ' > ' + width + ' ' + wide.map(e => e.tagName + '.' + e.className));
	}
	if (document.querySelectorAll('h1').length !== 1) wrong.push(document.querySelectorAll('h1').length + ' h1');
	if (document.documentElement.lang !== 'zh-CN') wrong.push('lang ' + document.documentElement.lang);
	for (const name of ['main', 'header', 'footer']) if (!document.querySelector(name)) wrong.push('no ' + name);
	if (!document.body.innerText.includes('演示')) wrong.push('no demonstration banner');
	const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
	const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
	if (twice.length) wrong.push('ids twice: ' + twice.slice(0, 3));
	if (document.querySelector('[style], [onclick]')) wrong.push('inline style or handler');
	for (const t of document.querySelectorAll('table')) if (!t.querySelector('th')) wrong.push('table without th');
	for (const i of document.images) if (!i.hasAttribute('alt')) wrong.push('img without alt');
	let level = 1;
	for (const h of document.querySelectorAll('h1,h2,h3,h4,h5,h6')) {
		const l = +h.tagName[1];
		if (l > level + 1 && !h.closest('.prose')) wrong.push('heading skips to ' + h.tagName + ' ' + h.textContent);
		level = l;
	}
	const visible = e => { const r = e.getBoundingClientRect(); const s = getComputedStyle(e); return r.width > 1 && r.height > 1 && s.visibility !== 'hidden' && s.clip === 'auto'; };
	// targets: links and buttons outside of running text
	const small = [...document.querySelectorAll('header a, nav a, button, footer a, label[for=large], summary')].filter(visible).filter(e => {
		const r = e.getBoundingClientRect(); return r.height < 43.5; });
	if (small.length) wrong.push('targets below 44 px: ' + small.slice(0, 3).map(e => e.textContent.trim() + ' ' + Math.round(e.getBoundingClientRect().height)));
	// contrast of text
	const parse = c => { const m = c.match(/[\d.]+/g).map(Number); return m.length === 3 ? [...m, 1] : m; };
	const lum = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= .03928 ? v / 12.92 : Math.pow((v + .055) / 1.055, 2.4); }); return .2126 * r + .7152 * g + .0722 * b; };
	const low = new Set();
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const e = walker.currentNode.parentElement;
		if (!walker.currentNode.textContent.trim() || !visible(e) || e.closest('script, svg')) continue;
		const s = getComputedStyle(e);
		let b = e, back = [255, 255, 255, 1], image = false;
		while (b) { const sb = getComputedStyle(b); if (sb.backgroundImage !== 'none') image = true; const c = parse(sb.backgroundColor); if (c[3] > .99) { back = c; break; } b = b.parentElement; }
		if (image) continue;
		const f = parse(s.color), x = lum(f.slice(0, 3)), y = lum(back.slice(0, 3));
		const ratio = (Math.max(x, y) + .05) / (Math.min(x, y) + .05);
		const size = parseFloat(s.fontSize), large = size >= 24 || size >= 18.66 && +s.fontWeight >= 700;
		if (ratio < (large ? 3 : 4.5)) low.add(ratio.toFixed(2) + ' ' + e.tagName + '.' + e.className + ' ' + walker.currentNode.textContent.trim().slice(0, 12));
	}
	if (low.size) wrong.push('contrast: ' + [...low].slice(0, 4).join('; '));
	return wrong;
})()`

// TestPortalInBrowser looks at each kind of page on a phone, a tablet and a desktop.
func TestPortalInBrowser(t *testing.T) {
	ctx := browsertest.Start(t)
	root := portal(t)
	host, err := url.Parse(root)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var trouble []string
	if err := chromedp.Listen(ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if u, err := url.Parse(e.Request.URL); err == nil && u.Host != host.Host && u.Scheme != "data" {
				trouble = append(trouble, "request to another host: "+e.Request.URL)
			}
		case *network.EventResponseReceived:
			if e.Response.Status >= 400 && !strings.HasSuffix(e.Response.URL, "/favicon.ico") {
				trouble = append(trouble, fmt.Sprintf("%d: %s", e.Response.Status, e.Response.URL))
			}
		case *cdplog.EventEntryAdded:
			if e.Entry.Level == cdplog.EntryLevelError {
				trouble = append(trouble, "console: "+e.Entry.Text)
			}
		case *cdpruntime.EventExceptionThrown:
			trouble = append(trouble, "exception: "+e.ExceptionDetails.Text)
		}
	}); err != nil {
		t.Fatal(err)
	}
	shots := os.Getenv("GONGKAI_SCREENSHOTS") // a folder to keep pictures in, for looking at them
	var loaded string                         // the page that is shown, and whether to a phone: between phones, and between other windows, only the width changes
	for name, address := range samplePages {
		for _, width := range []int64{320, 360, 768, 1280} {
			t.Run(fmt.Sprintf("%s at %d", name, width), func(t *testing.T) {
				device := []chromedp.EmulateViewportOption{}
				if width < 700 {
					device = append(device, chromedp.EmulateMobile)
				}
				browsertest.Do(t, ctx, chromedp.EmulateViewport(width, 800, device...))
				if this := fmt.Sprint(address, len(device)); loaded != this {
					browsertest.Do(t, ctx, chromedp.Navigate(root+address))
					loaded = this
				}
				waitFor(t, ctx, fmt.Sprintf(`document.documentElement.clientWidth === %d`, width))
				if strings.HasPrefix(name, "search-") {
					waitFor(t, ctx, `document.querySelector('[data-answer]')`)
				}
				wrong := browsertest.Evaluate[[]string](t, ctx, look)
				var picture []byte
				if shots != "" && width != 320 {
					if picture, err = chromedp.Run(ctx, chromedp.FullScreenshot(100)); err != nil {
						t.Fatal(err)
					}
				}
				if picture != nil {
					if err := os.WriteFile(filepath.Join(shots, fmt.Sprintf("%s-%d.png", name, width)), picture, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				mu.Lock()
				wrong = append(wrong, trouble...)
				trouble = nil
				mu.Unlock()
				for _, w := range wrong {
					t.Error(w)
				}
			})
		}
	}
}

// samplePages are a page of each kind in the sample district.
var samplePages = map[string]string{
	"home":           "/",
	"fields":         "/fields/",
	"field":          "/fields/social-assistance/",
	"unit":           "/xihe/",
	"unit-field":     "/xihe/social-assistance/",
	"not-applicable": "/huimin/land-expropriation/",
	"list":           "/all/",
	"pages":          "/pages/",
	"page":           "/pages/guide/",
	"404":            "/404.html",
	"disclosure":     "/longgui/work-safety/2026-03-jubao-jiangli-banfa/",
	"repealed":       "/longgui/work-safety/2024-05-jubao-jiangli-shixing/",
	"attachments":    "/xihe/fiscal-budget/2026-02-bumen-yusuan/",
	"supervision":    "/supervision/",
	"ledger":         "/supervision/jiangwan/",
	"search":         "/search/",
	"search-found":   "/search/?q=%E4%BD%8E%E4%BF%9D%E5%90%8D%E5%8D%95&unit=longgui",
	"search-relaxed": "/search/?q=%E6%9C%80%E5%BA%95%E7%94%9F%E6%B4%BB%E4%BF%9D%E9%9A%9C",
	"search-none":    "/search/?q=%E9%BE%98%E9%BE%98%E9%BE%98",
}

// TestPortalWithoutScripts holds that a citizen without JavaScript reads everything, finds the way by keyboard, and gets the large type.
func TestPortalWithoutScripts(t *testing.T) {
	ctx := browsertest.Start(t)
	root := portal(t)
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	browsertest.Do(t, ctx, chromedp.EmulateViewport(360, 800, chromedp.EmulateMobile), chromedp.Navigate(root+samplePages["disclosure"]), chromedp.KeyEvent("\t"))
	focus := browsertest.Evaluate[string](t, ctx, `document.activeElement.textContent`)
	text := browsertest.Evaluate[string](t, ctx, `document.querySelector('main').innerText`)
	browsertest.Do(t, ctx, chromedp.Click("label[for=large]"))
	size := browsertest.Evaluate[float64](t, ctx, `parseFloat(getComputedStyle(document.querySelector('.prose p')).fontSize)`)
	overflow := browsertest.Evaluate[bool](t, ctx, `document.documentElement.scrollWidth > document.documentElement.clientWidth`)
	if !strings.Contains(focus, "跳到正文") {
		t.Errorf("the first stop of the keyboard is %q", focus)
	}
	for _, want := range []string{"索引号", "发布机构", "有效性"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	if size < 24 {
		t.Errorf("large type is %g px", size)
	}
	if overflow {
		t.Error("large type makes the page wider than a phone")
	}
}

// TestLargeTypeIsRemembered holds that the choice of large type lasts from page to page.
func TestLargeTypeIsRemembered(t *testing.T) {
	ctx := browsertest.Start(t)
	root := portal(t)
	browsertest.Do(t, ctx, chromedp.Navigate(root+"/"), chromedp.Click("label[for=large]"), chromedp.Navigate(root+"/xihe/"))
	checked := browsertest.Evaluate[bool](t, ctx, `document.querySelector('#large').checked`)
	if !checked {
		t.Error("the next page is in small type again")
	}
}
