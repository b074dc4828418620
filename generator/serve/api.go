package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
	"unicode/utf8"

	"gongkai/generator/search"
)

// errBusy says that too many queries are being answered.
var (
	errBusy     = errors.New("too many queries at once")
	errNoSearch = errors.New("the portal has no search")
)

// ReadQuery reads a query from the parameters of an address. The error wraps search.ErrQuery.
func ReadQuery(u *url.URL) (search.Query, error) {
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return search.Query{}, fmt.Errorf("%w: %w", search.ErrQuery, err)
	}
	for _, list := range values {
		for _, v := range list {
			if !utf8.ValidString(v) {
				return search.Query{}, fmt.Errorf("%w: not UTF-8", search.ErrQuery)
			}
		}
	}
	q := search.Query{
		Text: values.Get("q"), Unit: values.Get("unit"), Field: values.Get("field"), Year: values.Get("year"), Kind: values.Get("kind"), Sort: values.Get("sort"),
	}
	if p := values.Get("page"); p != "" {
		if q.Page, err = strconv.Atoi(p); err != nil || q.Page < 1 {
			return q, fmt.Errorf("%w: %q", search.ErrPage, p)
		}
	}
	return q, nil
}

// search answers a query, when its turn has come.
func (s *Server) search(ctx context.Context, g *generation, q search.Query) (search.Result, error) {
	if g.site.Engine == nil {
		return search.Result{}, errNoSearch
	}
	wait, cancel := context.WithTimeout(ctx, searchWait)
	defer cancel()
	select {
	case s.busy <- struct{}{}:
		defer func() { <-s.busy }()
	case <-wait.Done():
		return search.Result{}, errBusy
	}
	start := s.opt.Now()
	res, err := g.site.Engine.Search(q)
	took := s.opt.Now().Sub(start)
	res.Took(took)
	s.metrics.search(took)
	return res, err
}

// api answers GET /api/search?q=&unit=&field=&year=&kind=&sort=&page= with a search.Result as JSON.
//
// unit and field are slugs, year has four digits, kind is a 体裁, sort is relevance (the default) or date, page counts from 1. Without q, one
// of unit, field, year and kind is needed. What cannot be answered gets 400 and {"error", "message"}, the message in Chinese; too many
// queries at once get 503, any query of a portal without a search 404. Other sites may ask: what is searched is public.
func (s *Server) api(w http.ResponseWriter, r *http.Request, g *generation) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Access-Control-Allow-Origin", "*")
	tag := answerTag(g, r)
	q, err := ReadQuery(r.URL)
	var res search.Result
	if err == nil {
		if known(r, tag) {
			h.Set("ETag", tag)
			h.Set("Cache-Control", "no-cache")
			w.WriteHeader(http.StatusNotModified)
			return
		}
		res, err = s.search(r.Context(), g, q)
	}
	if err != nil {
		code, message := s.explain(err)
		h.Set("Cache-Control", "no-store")
		if code == http.StatusServiceUnavailable {
			retryLater(w)
		}
		s.sendJSON(w, r, code, map[string]string{"error": http.StatusText(code), "message": message})
		return
	}
	h.Set("ETag", tag)
	h.Set("Cache-Control", "no-cache")
	s.sendJSON(w, r, http.StatusOK, res)
}

func (s *Server) sendJSON(w http.ResponseWriter, r *http.Request, code int, v any) {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		s.opt.Log.Error("search", "error", err)
		http.Error(w, "500 查询出错", http.StatusInternalServerError)
		return
	}
	sendMade(w, r, code, body.Bytes())
}

// retryLater tells a client when to ask again.
func retryLater(w http.ResponseWriter) {
	w.Header().Set("Retry-After", strconv.Itoa(int(searchWait/time.Second)))
}

// explain returns the status of an error, and what to tell people.
func (s *Server) explain(err error) (int, string) {
	switch {
	case errors.Is(err, search.ErrSort):
		return http.StatusBadRequest, "没有这种排序：sort 只能是 relevance 或 date"
	case errors.Is(err, search.ErrPage):
		return http.StatusBadRequest, fmt.Sprintf("没有这一页：page 从 1 到 %d", search.MaxPage)
	case errors.Is(err, search.ErrQuery):
		return http.StatusBadRequest, fmt.Sprintf("这样查不了：请写上要找的词，不超过 %d 个字", search.MaxQuery)
	case errors.Is(err, errNoSearch):
		return http.StatusNotFound, "本门户没有搜索"
	case errors.Is(err, errBusy):
		return http.StatusServiceUnavailable, "现在查询的人太多，请过几秒再试"
	}
	s.opt.Log.Error("search", "error", err)
	return http.StatusInternalServerError, "查询出错，请稍后再试"
}
