package preview

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"html"
	"net/http"
	"path"
	"strconv"
	"strings"

	"gongkai/generator/render"
	"gongkai/generator/search"
	"gongkai/generator/serve"
	"gongkai/generator/site"
)

//go:embed client.js
var clientScript []byte

// own is the path, from the portal's root, of what belongs to the preview and not to the portal.
const own = "_preview/"

// Handler returns what answers requests. Only addresses of this machine are let in, because what is not published yet is shown; hosts are the names under
// which browsers may ask, so that no other site's page can.
func (s *Server) Handler(hosts func(host string) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		if !hosts(r.Host) {
			http.Error(w, "403 预览只在本机打开", http.StatusForbidden)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "405 只接受 GET 和 HEAD", http.StatusMethodNotAllowed)
			return
		}
		s.route(w, r, s.current.Load())
	})
}

func (s *Server) route(w http.ResponseWriter, r *http.Request, e *edition) {
	below, under := strings.CutPrefix(r.URL.Path, e.base.Path)
	switch {
	case r.URL.Path == "/" && !under, r.URL.Path+"/" == e.base.Path:
		http.Redirect(w, r, e.base.Path, http.StatusFound)
		return
	case !under:
		s.absent(w, e)
		return
	case below == own+"events":
		s.events(w, r)
		return
	case below == own+"client.js":
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		_, _ = w.Write(clientScript)
		return
	case below == "search/" && r.URL.RawQuery != "":
		s.search(w, r, e)
		return
	}
	address := "/" + below
	if o := e.outputs[address]; o != nil {
		s.page(w, e, o, http.StatusOK)
		return
	}
	if f := e.files[address]; f != nil {
		w.Header().Set("Content-Type", contentType(address))
		_, _ = w.Write(f.Data)
		return
	}
	if name, ok := s.file(address); ok {
		http.ServeFile(w, r, name)
		return
	}
	if o := e.outputs[address+"/"]; o != nil && !strings.HasSuffix(address, "/") {
		http.Redirect(w, r, r.URL.EscapedPath()+"/", http.StatusFound)
		return
	}
	s.absent(w, e)
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".xml":
		return "application/xml; charset=utf-8"
	case ".txt":
		return "text/plain; charset=utf-8"
	case ".png":
		return "image/png"
	case ".ico":
		return "image/x-icon"
	}
	return "application/octet-stream"
}

// page renders an output.
func (s *Server) page(w http.ResponseWriter, e *edition, o *render.Output, code int) {
	number := e.number.Load()
	var page render.Buffer
	if _, err := e.renderOne(o, &page); err != nil {
		s.trouble(w, e, err)
		return
	}
	if !o.HTML {
		w.Header().Set("Content-Type", contentType(o.Path))
		_, _ = w.Write(page.Bytes())
		return
	}
	s.write(w, e, code, page.Bytes(), badge(o), number)
}

// badge returns what is to be said of a page that is not to be published yet.
func badge(o *render.Output) string {
	switch v := o.Subject.(type) {
	case *site.Disclosure:
		return v.Pending.ZH
	case *site.Page:
		return v.Pending.ZH
	}
	return ""
}

// write sends a page with the preview's script.
func (s *Server) write(w http.ResponseWriter, e *edition, code int, page []byte, badge string, number int64) {
	script := fmt.Sprintf(`<script src="%s%sclient.js" data-base="%s" data-edition="%d" data-badge="%s" defer></script>`,
		html.EscapeString(e.base.Path), own, html.EscapeString(e.base.Path), number, html.EscapeString(badge))
	at := bytes.LastIndex(page, []byte("</body>"))
	if at < 0 {
		at = len(page)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(page)+len(script)))
	w.WriteHeader(code)
	for _, part := range [][]byte{page[:at], []byte(script), page[at:]} {
		if _, err := w.Write(part); err != nil {
			return // the client is gone
		}
	}
}

func (s *Server) absent(w http.ResponseWriter, e *edition) {
	if o := e.outputs["/404.html"]; o != nil {
		s.page(w, e, o, http.StatusNotFound)
		return
	}
	http.Error(w, "404", http.StatusNotFound)
}

// trouble answers with a page that says why there is none, and gives way to the page as soon as there is one.
func (s *Server) trouble(w http.ResponseWriter, e *edition, err error) {
	page := "<!DOCTYPE html><html lang=zh-CN><meta charset=utf-8><title>预览出错</title><body><h1>这个页面现在生成不了</h1><pre>" + html.EscapeString(err.Error()) + "</pre></body></html>"
	s.write(w, e, http.StatusInternalServerError, []byte(page), "", e.number.Load())
}

// search answers a query with the search page.
func (s *Server) search(w http.ResponseWriter, r *http.Request, e *edition) {
	o := e.outputs["/search/"]
	if o == nil {
		s.absent(w, e)
		return
	}
	number := e.number.Load()
	view := render.SearchView{Action: e.base.Path + "search/", Asked: true}
	code := http.StatusOK
	q, err := serve.ReadQuery(r.URL)
	if err == nil {
		var res search.Result
		if res, err = s.query(q); err == nil {
			view = serve.NewSearchView(e.base.Path, q, res)
		}
	}
	if err != nil {
		view.Query = q.Text
		code, view.Error = http.StatusBadRequest, "这样查不了：请写上要找的词"
		if errors.Is(err, errNotYet) {
			code, view.Error = http.StatusServiceUnavailable, "搜索索引还在准备，请过几秒再试"
		}
	}
	var page render.Buffer
	if _, err := e.renderOne(o, &page); err != nil {
		s.trouble(w, e, err)
		return
	}
	var answer bytes.Buffer
	if err := e.answer.Execute(&answer, view); err != nil {
		s.trouble(w, e, err)
		return
	}
	before, rest, _ := bytes.Cut(page.Bytes(), []byte(render.SearchBegin))
	_, after, _ := bytes.Cut(rest, []byte(render.SearchEnd))
	s.write(w, e, code, bytes.Join([][]byte{before, answer.Bytes(), after}, nil), "", number)
}
