package render

import (
	"errors"
	"fmt"
	"html/template"

	"gongkai/generator/site"
)

// SearchPage is search.html: the page of the search. Main is search-main.html, rendered without a query; a server puts the answer to a
// query in its place, which begins with SearchBegin and ends with SearchEnd.
type SearchPage struct {
	Frame
	Main template.HTML
	// Index is the address of the folder of the browser's index, with a final slash; Script the browser's search.
	Index  string
	Script Asset
}

// The marks around search-main.html in the page.
const (
	SearchBegin = "<!--search-->"
	SearchEnd   = "<!--/search-->"
)

// SearchView is what search-main.html shows: the form and, where something was asked, the answer. Browsers' and servers' answers have
// the same markup.
type SearchView struct {
	Action      string // address of the search page
	Query, Sort string
	Hidden      []SearchParam // restrictions that a new query keeps
	Asked       bool
	Error       string // why the query cannot be answered
	Total       int
	Relaxed     bool
	Also        []string
	Suggestions []Link
	Facets      []FacetView
	Chosen      []Link // restrictions in force, each with the address without it
	Sorts       []SortView
	Hits        []HitView
	Page, Pages int
	Prev, Next  string
	Numbers     []PageNumber
}

// SearchParam is a parameter of the address.
type SearchParam struct{ Name, Value string }

// FacetView is one way to restrict the hits.
type FacetView struct {
	Name, Label string // unit, 单位
	Values      []FacetValue
}

// FacetValue is one value; its address chooses it or, where it is chosen, gives it up.
type FacetValue struct {
	Label, URL string
	Count      int
	Chosen     bool
}

// SortView is one order of the hits.
type SortView struct {
	Label, URL string
	Current    bool
}

// HitView is one hit. Title and Snippet have what was found in mark elements.
type HitView struct {
	URL                           string
	Title, Snippet                template.HTML
	Unit, Field, Item, Date, Kind string
}

// searchAddress is the address of the search page.
const searchAddress = "/search/"

// SetSearchIndex names the folder of the browser's index, from the portal's root with a final slash. It is to be called before the search
// page is rendered.
func (r *Renderer) SetSearchIndex(address string) { r.searchIndex = address }

func (r *Renderer) searchPage(w *Buffer) error {
	var main Buffer
	if err := r.theme.execute(&main, "search-main.html", searchAddress, SearchView{Action: r.url(searchAddress)}); err != nil {
		return err
	}
	description := r.site.Config.District + "政府信息搜索"
	col := column{"搜索", description, "搜索,政务公开", "搜索"}
	f := r.frame("search", "search", searchAddress, "搜索", description, r.columnMarks(col), r.crumbs())
	var script Asset
	if !r.plain {
		var err error
		if script, err = r.theme.asset("search.js"); err != nil {
			return err
		}
	}
	return r.theme.execute(w, "search.html", searchAddress, SearchPage{
		Frame: f, Main: template.HTML(SearchBegin + main.String() + SearchEnd), Index: r.url(r.searchIndex), Script: script,
	})
}

// SearchTemplate returns the text of search-main.html, for a server to execute with a SearchView.
func (t *Theme) SearchTemplate() string { return t.minified["search-main.html"] }

// ParseSearchTemplate reads what SearchTemplate returned.
func ParseSearchTemplate(text string) (*template.Template, error) {
	t, err := template.New("search-main.html").Funcs(template.FuncMap{"asset": func(string) (Asset, error) {
		return Asset{}, errors.New("no assets in the search's answer")
	}}).Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTheme, err)
	}
	return t, nil
}

// ItemID returns the identifier of an item on the pages that have it.
func (r *Renderer) ItemID(it *site.Item) string { return r.itemID(it) }
