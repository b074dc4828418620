// Package search finds disclosures, catalog items, units and portal pages in one Bleve index.
//
// An index is a folder that Build writes and Open reads; it is never changed in place. What a text can be found by is package token's
// matter. How documents are ranked is defined here in whole numbers, so that the browser's twin of this package comes to the same
// order: each term of a document has a level, worked out when it is indexed (BM25F with fixed weights and a fixed average
// length, in fifteen steps), which the index keeps as the term's frequency; a document's score is the sum over the query's
// terms of level times rarity.
package search

import (
	"errors"
	"fmt"
	"time"
)

// Query is what is asked. Unit and Field are slugs, Year four digits, Kind a 体裁; an empty one does not restrict.
type Query struct {
	Text                    string
	Unit, Field, Year, Kind string
	Sort                    string // "" or "relevance", "date" (newest first)
	Page                    int    // from 1; 0 counts as 1
}

// Errors of queries.
var (
	// ErrQuery says that a query cannot be answered as it is put: too long, of too many words, or with values that do not exist.
	ErrQuery = errors.New("the query cannot be answered")
	// ErrSort and ErrPage, which wrap ErrQuery, say what is wrong with a query whose text can be answered.
	ErrSort = fmt.Errorf("%w: no such order", ErrQuery)
	ErrPage = fmt.Errorf("%w: no such page", ErrQuery)
	// ErrOutdated says that an index is damaged or was made by another version of the program: it has to be built anew.
	ErrOutdated = errors.New("the index cannot be used")
)

// Limits of queries.
const (
	MaxQuery = 120 // characters of a query's text
	MaxPage  = 100
	PageSize = 10 // hits of a page
)

// Result is the answer to a query, and its JSON form the answer of the server and the terminal.
type Result struct {
	Query string `json:"query"` // as it was put
	Total int    `json:"total"`
	// TookMS is how long the answer took, in milliseconds: whoever has a clock says it with Took.
	TookMS float64 `json:"took_ms"`
	// Relaxed says that what has all of the query does not fill a page, and hits have parts of it.
	Relaxed bool `json:"relaxed"`
	// Also are the official words that were searched as well.
	Also []string `json:"also"`
	// Suggestions are queries that may have been meant, where a word of this one nothing has.
	Suggestions []string `json:"suggestions"`
	Page        int      `json:"page"`
	Pages       int      `json:"pages"`
	// Facets say how many hits there are for each value of unit, field, year and kind; each as if the others' restrictions, but
	// not its own, held. Most hits first.
	Facets map[string][]Facet `json:"facets"`
	Hits   []Hit              `json:"hits"`
}

// FacetNames are the keys of Result.Facets in the order in which they are shown.
var FacetNames = []string{"unit", "field", "year", "kind"}

// Facet is one value to restrict a search to.
type Facet struct {
	Value string `json:"value"` // for the query
	Name  string `json:"name"`  // for people
	Count int    `json:"count"`
}

// Took sets how long the answer took.
func (r *Result) Took(d time.Duration) { r.TookMS = float64(d.Microseconds()) / 1000 }

// Hit is a document that was found.
type Hit struct {
	URL   string `json:"url"` // path from the site's root, with the fragment where it is a part of a page
	Title string `json:"title"`
	Unit  string `json:"unit"`  // slug; empty for what is no unit's
	Field string `json:"field"` // slug; empty for what belongs to no field
	Item  string `json:"item"`  // path 一级/二级
	Date  string `json:"date"`  // 2022-10-12; empty where it has none
	Kind  string `json:"kind"`
	Score int    `json:"score"`
	// Snippet is HTML: text around what was found, which stands in mark elements.
	Snippet string `json:"snippet"`
	// TitleHTML is the title in the same way.
	TitleHTML string `json:"-"`
	// UnitName and FieldName are for people.
	UnitName  string `json:"-"`
	FieldName string `json:"-"`
}
