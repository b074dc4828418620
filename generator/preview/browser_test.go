package preview

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"gongkai/generator/browsertest"
	"gongkai/generator/preview/watch"
)

// running starts a preview as the command does: with a watcher and a listener. It returns the portal's address.
func running(t testing.TB, dir string) (*Server, string) {
	t.Helper()
	s := start(t, dir)
	w, err := watch.New(watch.Options{Root: dir, Dirs: []string{"content", "themes/default"}, Debounce: 25 * time.Millisecond, Longest: 250 * time.Millisecond, Every: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	stop, done := make(chan struct{}), make(chan struct{})
	web := &http.Server{Handler: s.Handler(anyHost)}
	go web.Serve(listener)
	go func() {
		defer close(done)
		for c := range w.Changes() {
			s.Update(Change(c))
		}
	}()
	surveyed := make(chan struct{})
	go func() {
		defer close(surveyed)
		s.Survey(stop, 200*time.Millisecond)
	}()
	t.Cleanup(func() {
		close(stop)
		_ = w.Close()
		<-done
		<-surveyed
		_ = web.Close()
	})
	return s, "http://" + listener.Addr().String()
}

// eventually waits until an expression is true in the page.
func eventually(t testing.TB, ctx context.Context, expression string) {
	t.Helper()
	code := `new Promise((yes, no) => { const end = Date.now() + 8000; const look = () => { let v = false; try { v = (` + expression + `) } catch {} ` +
		`v ? yes(true) : Date.now() > end ? yes(false) : setTimeout(look, 5) }; look() })`
	if !browsertest.Evaluate[bool](t, ctx, code) {
		t.Fatalf("it did not come to %s\n%s", expression, browsertest.Evaluate[string](t, ctx, `document.querySelector("gongkai-preview")?.shadowRoot.textContent ?? document.title`))
	}
}

const overlay = `document.querySelector("gongkai-preview").shadowRoot`

func TestEditorSeesWhatIsSaved(t *testing.T) {
	ctx := browsertest.Start(t)
	dir := district(t)
	s, at := running(t, dir)
	path, address := aDisclosure(s)
	good := read(t, dir, path)
	browsertest.Do(t, ctx, chromedp.Navigate(at+address))
	eventually(t, ctx, overlay+`.querySelector("button").textContent.startsWith("预览：没有问题") || `+overlay+`.querySelector("button").textContent.includes("警告")`)

	t.Run("a text, without losing the place", func(t *testing.T) {
		browsertest.Evaluate[bool](t, ctx, `(document.getElementById("large").checked = true, scrollTo({ top: 400, behavior: "instant" }), window.kept = true)`)
		write(t, dir, path, good+"\n青山绿水第一次修改。\n")
		eventually(t, ctx, `document.querySelector("main").textContent.includes("青山绿水第一次修改。")`)
		if got := browsertest.Evaluate[string](t, ctx, `[window.kept, document.getElementById("large").checked, scrollY > 200].join()`); got != "true,true,true" {
			t.Error("kept, large type, place:", got, browsertest.Evaluate[string](t, ctx, "scrollY + ' ' + document.documentElement.scrollHeight+' '+innerHeight"))
		}
	})
	t.Run("a fault, and its mend", func(t *testing.T) {
		write(t, dir, path, strings.Replace(good, ": ", "：", 1))
		eventually(t, ctx, `!`+overlay+`.querySelector(".panel").hidden && `+overlay+`.querySelector(".panel").textContent.includes("GK112") && `+overlay+`.querySelector(".panel").textContent.includes(`+fmt.Sprintf("%q", path+":2")+`)`)
		if !browsertest.Evaluate[bool](t, ctx, `document.querySelector("main").textContent.length > 100 && `+overlay+`.querySelector("button").className === "errors"`) {
			t.Error("the page is blank, or the fault is not shown as an error")
		}
		write(t, dir, path, good)
		eventually(t, ctx, `!`+overlay+`.querySelector(".panel").textContent.includes("GK112")`)
	})
	t.Run("a style, without loading the page anew", func(t *testing.T) {
		browsertest.Evaluate[bool](t, ctx, `window.kept = true`)
		write(t, dir, "themes/default/assets/99-mine.css", "main{outline:3px solid rgb(1, 2, 3)}")
		eventually(t, ctx, `getComputedStyle(document.querySelector("main")).outlineColor === "rgb(1, 2, 3)" && window.kept`)
		eventually(t, ctx, `document.querySelectorAll("link[rel=stylesheet]").length === 1`)
	})
	t.Run("a template", func(t *testing.T) {
		text, err := os.ReadFile("../../themes/default/templates/disclosure.html")
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, "themes/default/templates/disclosure.html", strings.Replace(string(text), "<h1>", `<h1 data-mine="1">`, 1))
		eventually(t, ctx, `document.querySelector("h1[data-mine]")`)
	})
	t.Run("a draft with its badge", func(t *testing.T) {
		write(t, dir, path, strings.Replace(good, "---\n", "---\n状态: 草稿\n", 1))
		eventually(t, ctx, overlay+`.querySelector(".badge").textContent.includes("草稿") && !`+overlay+`.querySelector(".badge").hidden`)
		write(t, dir, path, good)
		eventually(t, ctx, overlay+`.querySelector(".badge").hidden`)
	})
	t.Run("the page of the file that is saved", func(t *testing.T) {
		browsertest.Do(t, ctx, chromedp.Navigate(at+"/xihe/?follow"))
		eventually(t, ctx, overlay+`.querySelector("button").textContent !== "正在连接预览…"`)
		write(t, dir, path, good+"\n青山绿水第二次修改。\n")
		time.Sleep(time.Second) // a question that is asked while the page goes away has no answer
		eventually(t, ctx, `decodeURI(location.pathname) === `+fmt.Sprintf("%q", address)+` && document.querySelector("main").textContent.includes("青山绿水第二次修改。")`)
	})
	t.Run("the search", func(t *testing.T) {
		eventually(t, ctx, `fetch("/search/?q=%E9%9D%92%E5%B1%B1%E7%BB%BF%E6%B0%B4").then(r => { window.code = r.status }) && window.code === 200`)
		browsertest.Do(t, ctx, chromedp.Navigate(at+"/search/?q=%E9%9D%92%E5%B1%B1%E7%BB%BF%E6%B0%B4"))
		eventually(t, ctx, `document.querySelector("main mark")`)
	})
	t.Run("nothing breaks the policy of the pages", func(t *testing.T) {
		browsertest.Do(t, ctx, chromedp.Navigate(at+address))
		eventually(t, ctx, overlay+`.querySelector("button").textContent !== "正在连接预览…" && getComputedStyle(`+overlay+`.querySelector(".bar")).position === "fixed"`)
	})
}

// BenchmarkSavedToVisible measures from the write of a file to the changed text in Chromium, with a district of GONGKAI_CORPUS (a folder that holds content) or
// the sample.
func BenchmarkSavedToVisible(b *testing.B) {
	ctx := browsertest.Start(b)
	dir := os.Getenv("GONGKAI_CORPUS")
	if dir == "" {
		dir = district(b)
	}
	s, at := running(b, dir)
	s.surveyOnce()
	path, address := aDisclosure(s)
	good := read(b, dir, path)
	defer write(b, dir, path, good)
	browsertest.Do(b, ctx, chromedp.Navigate(at+address))
	eventually(b, ctx, overlay+`.querySelector("button").textContent !== "正在连接预览…"`)
	seen := func(text string, write func()) float64 {
		b.Helper()
		// the page itself notes when the text appears; both clocks are this machine's
		browsertest.Evaluate[bool](b, ctx, fmt.Sprintf(`window.seen = new Promise(yes => { const look = () => document.documentElement.textContent.includes(%q) ? requestAnimationFrame(() => yes(performance.timeOrigin + performance.now())) : setTimeout(look, 1); look() }), true`, text))
		start := time.Now()
		write()
		at := browsertest.Evaluate[float64](b, ctx, "window.seen")
		return at - float64(start.UnixNano())/1e6
	}
	measure := func(name string, change func(i int) (text string, write func())) {
		b.Run(name, func(b *testing.B) {
			var worst, sum float64
			n := 0
			for b.Loop() {
				n++
				ms := seen(change(n))
				sum += ms
				worst = max(worst, ms)
				time.Sleep(60 * time.Millisecond) // what the watcher waits for must not run into the next save
			}
			b.ReportMetric(sum/float64(n), "ms/visible")
			b.ReportMetric(worst, "ms/worst")
		})
	}
	measure("text", func(i int) (string, func()) {
		text := fmt.Sprintf("第%d次保存的文字%d。", i, time.Now().UnixNano())
		return text, func() { write(b, dir, path, good+"\n"+text+"\n") }
	})
	measure("title", func(i int) (string, func()) {
		text := fmt.Sprintf("第%d次保存的标题%d", i, time.Now().UnixNano())
		changed := regexp.MustCompile(`(?m)^(标题|title):.*$`).ReplaceAllString(good, "标题: "+text)
		return text, func() { write(b, dir, path, changed) }
	})
	template, err := os.ReadFile("../../themes/default/templates/disclosure.html")
	if err != nil {
		b.Fatal(err)
	}
	defer os.RemoveAll(filepath.Join(dir, "themes"))
	measure("theme", func(i int) (string, func()) {
		text := fmt.Sprintf("主题%d版%d", i, time.Now().UnixNano())
		return text, func() {
			write(b, dir, "themes/default/templates/disclosure.html", strings.Replace(string(template), "</h1>", "</h1><p>"+text+"</p>", 1))
		}
	})
}
