package serve

import (
	"bytes"
	"html"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gongkai/generator/render"
	"gongkai/generator/search"
)

// searchPage answers a query with the portal's search page, for those without JavaScript and for shared addresses.
func (s *Server) searchPage(w http.ResponseWriter, r *http.Request, g *generation) {
	if g.before == nil {
		s.notFound(w, r, g)
		return
	}
	h := w.Header()
	h.Set("Content-Type", contentTypes[".html"])
	h.Set("Content-Security-Policy", securityPolicy)
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Robots-Tag", "noindex")
	tag := answerTag(g, r)
	if known(r, tag) {
		h.Set("ETag", tag)
		w.WriteHeader(http.StatusNotModified)
		return
	}
	code := http.StatusOK
	q, err := ReadQuery(r.URL)
	view := render.SearchView{Action: g.site.Base + "search/"}
	if err == nil && (q.Text != "" || q.Unit != "" || q.Field != "" || q.Year != "" || q.Kind != "") {
		var res search.Result
		if res, err = s.search(r.Context(), g, q); err == nil {
			view = NewSearchView(g.site.Base, q, res)
		}
	}
	if err != nil {
		view.Query, view.Asked = q.Text, true
		if code, view.Error = s.explain(err); code == http.StatusServiceUnavailable {
			retryLater(w)
		}
	}
	var main bytes.Buffer
	if err := g.answer.Execute(&main, view); err != nil {
		s.opt.Log.Error("search page", "error", err)
		http.Error(w, "500 页面出错", http.StatusInternalServerError)
		return
	}
	before := g.before
	if view.Query != "" {
		before = bytes.Replace(before, []byte("<title>"), []byte("<title>"+html.EscapeString(view.Query)+" - "), 1)
	}
	if code == http.StatusOK {
		h.Set("ETag", tag)
	}
	sendMade(w, r, code, slices.Concat(before, main.Bytes(), g.after))
}

// facetLabels are what the facets are called, in the order in which they are shown.
var facetLabels = map[string]string{"unit": "单位", "field": "领域", "year": "年份", "kind": "体裁"}

// NewSearchView returns the answer as the search page shows it. Addresses carry the whole state.
func NewSearchView(base string, q search.Query, res search.Result) render.SearchView {
	action := base + "search/"
	address := func(change func(*search.Query)) string {
		next := q
		next.Page = 0
		change(&next)
		return action + parameters(next)
	}
	v := render.SearchView{
		Action: action, Query: q.Text, Sort: q.Sort, Asked: true, Total: res.Total, Relaxed: res.Relaxed, Also: res.Also, Page: res.Page, Pages: res.Pages,
	}
	restrictions := map[string]*string{"unit": &q.Unit, "field": &q.Field, "year": &q.Year, "kind": &q.Kind}
	of := func(q *search.Query) map[string]*string {
		return map[string]*string{"unit": &q.Unit, "field": &q.Field, "year": &q.Year, "kind": &q.Kind}
	}
	for _, name := range search.FacetNames {
		chosen := *restrictions[name]
		if chosen != "" {
			v.Hidden = append(v.Hidden, render.SearchParam{Name: name, Value: chosen})
		}
		facet := render.FacetView{Name: name, Label: facetLabels[name]}
		label := chosen
		for _, f := range res.Facets[name] {
			value := render.FacetValue{Label: f.Name, Count: f.Count, Chosen: f.Value == chosen}
			value.URL = address(func(q *search.Query) {
				*of(q)[name] = f.Value
				if value.Chosen {
					*of(q)[name] = ""
				}
			})
			if value.Chosen {
				label = f.Name
			}
			facet.Values = append(facet.Values, value)
		}
		if chosen != "" {
			v.Chosen = append(v.Chosen, render.Link{Text: label, URL: address(func(q *search.Query) { *of(q)[name] = "" })})
		}
		v.Facets = append(v.Facets, facet)
	}
	if q.Sort == "date" {
		v.Hidden = append(v.Hidden, render.SearchParam{Name: "sort", Value: "date"})
	}
	for _, s := range []struct{ sort, label string }{{"", "相关度"}, {"date", "最新"}} {
		current := q.Sort == s.sort || s.sort == "" && q.Sort == "relevance"
		v.Sorts = append(v.Sorts, render.SortView{Label: s.label, URL: address(func(q *search.Query) { q.Sort = s.sort }), Current: current})
	}
	for _, text := range res.Suggestions {
		v.Suggestions = append(v.Suggestions, render.Link{Text: text, URL: address(func(q *search.Query) { q.Text = text })})
	}
	root := strings.TrimSuffix(base, "/")
	for _, h := range res.Hits {
		v.Hits = append(v.Hits, render.HitView{
			URL: root + h.URL, Title: template.HTML(h.TitleHTML), Snippet: template.HTML(h.Snippet), Unit: h.UnitName, Field: h.FieldName, Item: h.Item, Date: h.Date, Kind: h.Kind,
		})
	}
	page := func(n int) string { return address(func(q *search.Query) { q.Page = n }) }
	if res.Page > 1 {
		v.Prev = page(res.Page - 1)
	}
	if res.Page < res.Pages {
		v.Next = page(res.Page + 1)
	}
	for _, n := range render.PagerNumbers(res.Page, res.Pages) {
		if n == 0 {
			v.Numbers = append(v.Numbers, render.PageNumber{Text: "…"})
			continue
		}
		v.Numbers = append(v.Numbers, render.PageNumber{Text: strconv.Itoa(n), URL: page(n), Current: n == res.Page})
	}
	return v
}

// parameters returns the query as parameters in a fixed order, without those that say nothing.
func parameters(q search.Query) string {
	var b strings.Builder
	add := func(name, value string) {
		if value == "" {
			return
		}
		sep := "&"
		if b.Len() == 0 {
			sep = "?"
		}
		b.WriteString(sep + name + "=" + url.QueryEscape(value))
	}
	add("q", q.Text)
	add("unit", q.Unit)
	add("field", q.Field)
	add("year", q.Year)
	add("kind", q.Kind)
	if q.Sort == "date" {
		add("sort", q.Sort)
	}
	if q.Page > 1 {
		add("page", strconv.Itoa(q.Page))
	}
	return b.String()
}
