// Package render turns the model into the bytes of the portal.
//
// A Renderer plans every output of a site. Rendering one output is independent of the others, but for the feeds, which quote the
// beginning of disclosures that must have been rendered before (Output.Late). What a page's Markdown said of links is settled in
// the same pass: addresses are resolved, files that are linked become outputs, and faults carry the position in the Markdown.
package render

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"gongkai/generator/finding"
	"gongkai/generator/links"
	"gongkai/generator/markdown"
	"gongkai/generator/parallel"
	"gongkai/generator/site"
)

// Output is one file of the portal and how to render it.
type Output struct {
	Path    string             // in the output folder, forward slashes
	Address string             // of the page, from the portal's root; the same as the path for other files
	Late    bool               // to be rendered after all outputs that are not late
	Quotes  []*site.Disclosure // whose pages are to be rendered before
	HTML    bool               // a page
	Feed    bool               // a feed: its links are checked like a page's
	Source  string             // content path that the page is made from; empty where it lists others
	// Body is the source whose text the page shows; nil where it shows none. A page that is not late depends on no other text.
	Body *site.Source
	// Subject is what the page is of, where a search is to find it: a *site.Disclosure, *site.Unit or *site.Page.
	Subject any

	render func(w *Buffer) (Page, error)
}

// Buffer takes the bytes of an output.
type Buffer struct {
	bytes.Buffer
	markup []links.Span
	keying *keying // where a key is made
	keys   []byte  // used again for the next key
	direct []byte  // the same
	marks  marks   // used again for the next page
}

// Markup returns where the output has HTML that was made before, such as a header or a row of a list.
func (b *Buffer) Markup() []links.Span { return b.markup }

// Reset empties the buffer.
func (b *Buffer) Reset() {
	b.Buffer.Reset()
	b.markup = b.markup[:0]
}

// Page is what rendering an output found.
type Page struct {
	Links    []ResolvedLink  // to places of the portal that have a fragment
	External []markdown.Link // to other sites
	Files    []string        // content paths of the files that the page publishes
	Findings []finding.Finding
	Text     string          // plain text of a document
	Headings []string        // of a document's text
	Asked    []markdown.Link // every link of the text, for Key
	Excerpt  string          // what a feed quotes; empty where none does
	Pieces   []links.Piece   // HTML of the page whose links are known
}

// ResolvedLink is a link of a text and the address that was written for it.
type ResolvedLink struct {
	markdown.Link
	Href string
}

// Renderer renders one site with one theme.
type Renderer struct {
	site            *site.Site
	theme           *Theme
	md              *markdown.Renderer
	base            *url.URL // with a final slash
	read            func(*site.Source) ([]byte, error)
	file            func(contentPath string) string
	jobs            int
	siteMarks       marks
	reportURL       string // with {url} for the page's address
	itemIDs         map[*site.Item]string
	view            *SiteView
	heads, headers  map[string]template.HTML // by section
	footer          template.HTML
	rowsOf          []template.HTML            // of all, by place in the list
	place           map[*site.Disclosure]int32 // in all
	crumbsOf        []template.HTML            // of the disclosures of a unit's field, by place in UnitFields
	contacts        []template.HTML            // by index of the unit
	columns         map[*site.Item]template.HTML
	all             []*site.Disclosure   // published, newest first
	byUnit, byField [][]*site.Disclosure // the same by index of unit and field
	byAddress       map[string]*site.Disclosure
	byItem          map[itemKey][]*site.Disclosure // published, newest first
	inItem          map[*site.Disclosure]int32     // place in byItem
	position        map[*site.Disclosure]int       // in its unit's field, newest first
	excerpts        map[*site.Disclosure]*string   // of the disclosures that feeds quote
	address         map[string]string              // content path -> address, of everything that has a page
	outputs         []Output
	addresses       map[string]bool    // of all pages
	nearby          func() *neighbours // made when the first link is broken
	search, plain   bool
	supervision     func() *Supervision // nil where the portal does not show it
	searchIndex     string              // address of the folder of the browser's index, from the portal's root
	sharedOnce      sync.Once
	sharedTexts     map[*byte]sharedText
	around          [32]byte // sum of theme and base
}

// itemKey is an item of a field, whichever unit's.
type itemKey struct {
	field *site.Field
	path  string
}

// Input is what a Renderer needs beside the site.
type Input struct {
	Theme *Theme
	Base  *url.URL // the portal's address, with a final slash
	// Read returns the text after the front matter of a source.
	Read func(*site.Source) ([]byte, error)
	// File returns the path of the file that a content path means, where it may be published, otherwise "".
	File   func(contentPath string) string
	Jobs   int
	Search bool // whether the portal has a search
	Plain  bool // the search page has no script: a server answers
	Advice bool // whether to report what makes a text hard to use
	// Supervision returns what the pages of the supervision show; nil where there are none. It is called by several goroutines.
	Supervision func() *Supervision
}

// New prepares the parts that all pages share. The error is a template's.
func New(s *site.Site, in Input) (*Renderer, error) {
	r := &Renderer{
		site: s, theme: in.Theme, md: markdown.New(), base: in.Base, read: in.Read, file: in.File, jobs: max(1, in.Jobs), search: in.Search, plain: in.Plain, supervision: in.Supervision,
		heads: map[string]template.HTML{}, headers: map[string]template.HTML{}, columns: map[*site.Item]template.HTML{},
		itemIDs:   map[*site.Item]string{},
		byAddress: make(map[string]*site.Disclosure, len(s.Disclosures)), byItem: map[itemKey][]*site.Disclosure{}, inItem: make(map[*site.Disclosure]int32, len(s.Disclosures)), position: make(map[*site.Disclosure]int, len(s.Disclosures)),
		excerpts: map[*site.Disclosure]*string{}, address: make(map[string]string, len(s.Disclosures)),
	}
	r.md.Advice = in.Advice
	r.index()
	r.siteMarks.name("SiteName", s.Config.Name)
	r.siteMarks.name("SiteDomain", in.Base.Host)
	r.siteMarks.name("SiteIDCode", s.Config.SiteIDCode)
	r.siteMarks = slices.Clip(r.siteMarks) // pages append to it
	r.reportURL = strings.ReplaceAll(s.Config.ReportURL, "{code}", url.QueryEscape(s.Config.SiteIDCode))
	theme := r.theme.sum()
	r.around = sha256.Sum256(append(theme[:], r.base.String()...))
	r.view = r.siteView()
	r.view.sum = sumOf(r.view)
	if err := r.fragments(); err != nil {
		return nil, err
	}
	var rows sync.WaitGroup // they are many, and nothing that is planned has to see them
	var fault error
	rows.Go(func() { fault = r.rowFragments() })
	r.outputs = r.plan()
	if rows.Wait(); fault != nil {
		return nil, fault
	}
	r.addresses = make(map[string]bool, len(r.outputs))
	for i := range r.outputs {
		r.addresses[r.outputs[i].Address] = true
	}
	return r, nil
}

// addressOf returns the address of the page that is made from the document at a content path, in whatever Unicode form it is written.
func (r *Renderer) addressOf(contentPath string) (string, bool) {
	address, ok := r.address[norm.NFC.String(contentPath)]
	return address, ok
}

// index collects what pages look up.
func (r *Renderer) index() {
	for _, f := range r.site.Fields {
		r.address[norm.NFC.String(f.Source.Path)] = f.Address()
	}
	for _, u := range r.site.Units {
		r.address[norm.NFC.String(u.Source.Path)] = u.PageAddress()
	}
	for _, uf := range r.site.UnitFields {
		r.address["content/units/"+uf.Unit.Slug+"/"+uf.Field.Slug+"/_index.md"] = uf.Address()
		for i, d := range uf.Disclosures {
			r.position[d] = i
		}
	}
	for _, p := range r.site.Pages {
		r.address[norm.NFC.String(p.Source.Path)] = p.Address()
	}
	r.byUnit = make([][]*site.Disclosure, len(r.site.Units))
	r.byField = make([][]*site.Disclosure, len(r.site.Fields))
	var addresses sync.WaitGroup
	addresses.Go(func() {
		for _, d := range r.site.Disclosures {
			address := d.Address()
			r.address[norm.NFC.String(d.Source.Path)] = address
			r.byAddress[address] = d
		}
	})
	defer addresses.Wait()
	for _, d := range r.site.Disclosures {
		if d.Withdrawn {
			continue
		}
		k := itemKey{d.Field, d.Item.Path()}
		r.inItem[d] = int32(len(r.byItem[k]))
		r.byItem[k] = append(r.byItem[k], d)
		if size := r.site.Config.FeedSize; len(r.all) < size || len(r.byUnit[d.Unit.Index]) < size {
			r.excerpts[d] = new(string)
		}
		r.all = append(r.all, d)
		r.byUnit[d.Unit.Index] = append(r.byUnit[d.Unit.Index], d)
		r.byField[d.Field.Index] = append(r.byField[d.Field.Index], d)
	}
	r.nearby = sync.OnceValue(func() *neighbours { return newNeighbours(r.address) })
}

// fragments renders the header of each section, the footer, and the columns of each item.
func (r *Renderer) fragments() error {
	sections := []string{"home", "fields", "all", "pages", "search", "supervision", "notfound"}
	units := map[string]*site.Unit{}
	for _, u := range r.site.Units {
		sections = append(sections, "/"+u.Slug)
		units["/"+u.Slug] = u
	}
	var w Buffer
	for _, s := range sections {
		w.Reset()
		if err := r.theme.execute(&w, "header.html", s, r.headerView(s)); err != nil {
			return err
		}
		r.headers[s] = template.HTML(w.String())
		w.Reset()
		feed := Link{r.site.Config.Name, r.url("/feed.xml")}
		if unit := units[s]; unit != nil {
			feed = Link{unit.Name, r.url("/" + unit.Slug + "/feed.xml")}
		}
		if err := r.theme.execute(&w, "head.html", s, feed); err != nil {
			return err
		}
		r.heads[s] = template.HTML(w.String())
	}
	w.Reset()
	if err := r.theme.execute(&w, "crumbs.html", "crumbs", []Link{{"首页", r.url("/")}}); err != nil {
		return err
	}
	for _, uf := range r.site.UnitFields {
		r.crumbsOf = append(r.crumbsOf, r.crumbs(Link{uf.Unit.Name, r.url(uf.Unit.PageAddress())}, Link{uf.Field.Name, r.url(uf.Address())}))
	}
	w.Reset()
	if err := r.theme.execute(&w, "footer.html", "footer", r.view); err != nil {
		return err
	}
	r.footer = template.HTML(w.String())
	for _, u := range r.site.Units {
		w.Reset()
		if err := r.theme.execute(&w, "contact.html", u.Source.Path, r.contact(u)); err != nil {
			return err
		}
		r.contacts = append(r.contacts, template.HTML(w.String()))
	}
	render := func(it *site.Item) error {
		if _, done := r.columns[it]; done {
			return nil
		}
		w.Reset()
		if err := r.theme.execute(&w, "columns.html", it.Path(), columnsView(it)); err != nil {
			return err
		}
		r.columns[it] = template.HTML(w.String())
		r.itemIDs[it] = r.itemID(it)
		return nil
	}
	for _, f := range r.site.Fields {
		for _, it := range f.Items {
			if err := render(it); err != nil {
				return err
			}
		}
	}
	for _, uf := range r.site.UnitFields {
		for i := range uf.Entries {
			if err := render(uf.Entries[i].Item); err != nil {
				return err
			}
		}
	}
	return nil
}

// rowFragments renders each published disclosure as lists show it.
func (r *Renderer) rowFragments() error {
	r.rowsOf = make([]template.HTML, len(r.all))
	r.place = make(map[*site.Disclosure]int32, len(r.all))
	for i, d := range r.all {
		r.place[d] = int32(i)
	}
	buffers := make([]Buffer, r.jobs)
	errs := make([]error, len(r.all))
	parallel.Do(r.jobs, len(r.all), func(worker, i int) {
		w := &buffers[worker]
		w.Reset()
		errs[i] = r.theme.execute(w, "row.html", r.all[i].Source.Path, r.row(r.all[i]))
		r.rowsOf[i] = template.HTML(w.String())
	})
	return errors.Join(errs...)
}

// Outputs returns every page and feed, in an order that only the site decides.
func (r *Renderer) Outputs() []Output { return r.outputs }

// Fragments returns the HTML that many pages have as it is, in no order.
func (r *Renderer) Fragments() []string {
	out := []string{string(r.footer)}
	for _, m := range []map[string]template.HTML{r.heads, r.headers} {
		for _, section := range sorted(m) {
			out = append(out, string(m[section]))
		}
	}
	for _, columns := range r.columns {
		out = append(out, string(columns))
	}
	for _, l := range [][]template.HTML{r.crumbsOf, r.contacts, r.rowsOf} {
		for _, f := range l {
			out = append(out, string(f))
		}
	}
	return out
}

func (r *Renderer) plan() []Output {
	s := r.site
	out := make([]Output, 0, len(s.Disclosures)+len(s.UnitFields)+len(s.Units)+len(s.Fields)+len(s.Pages)+16)
	page := func(address string, source string, render func(*Buffer) (Page, error)) *Output {
		out = append(out, Output{Path: address[1:] + "index.html", Address: address, HTML: true, Source: source, render: render})
		return &out[len(out)-1]
	}
	// folder by folder, not by date: a disk makes files fastest beside those that it has just made
	for _, d := range r.byFolder() {
		if d.Withdrawn {
			page(d.Address(), d.Source.Path, func(w *Buffer) (Page, error) { return r.withdrawn(w, d) })
		} else {
			o := page(d.Address(), d.Source.Path, func(w *Buffer) (Page, error) { return r.disclosure(w, d) })
			o.Subject, o.Body = d, &d.Source
		}
	}
	for _, p := range s.Pages {
		o := page(p.Address(), p.Source.Path, func(w *Buffer) (Page, error) { return r.portalPage(w, p) })
		o.Subject, o.Body = p, &p.Source
	}
	for _, uf := range s.UnitFields {
		page(uf.Address(), "", func(w *Buffer) (Page, error) { return Page{}, r.unitField(w, uf) })
		if r.overflows(uf) {
			out = r.list(out, r.listOfUnitField(uf))
		}
	}
	for _, u := range s.Units {
		o := page(u.PageAddress(), u.Source.Path, func(w *Buffer) (Page, error) { return r.unit(w, u) })
		o.Subject, o.Body = u, &u.Source
		out = r.list(out, r.listOfUnit(u))
	}
	for _, f := range s.Fields {
		page(f.Address(), "", func(w *Buffer) (Page, error) { return Page{}, r.field(w, f) })
		out = r.list(out, r.listOfField(f))
	}
	page("/fields/", "", func(w *Buffer) (Page, error) { return Page{}, r.fields(w) })
	page("/pages/", "", func(w *Buffer) (Page, error) { return Page{}, r.pages(w) })
	out = r.list(out, r.listOfAll())
	page("/", "", r.home)
	if r.supervision != nil {
		page(supervisionAddress, "", func(w *Buffer) (Page, error) { return Page{}, r.supervisionPage(w) })
		for _, u := range s.Units {
			page(ledgerAddress(u), "", func(w *Buffer) (Page, error) { return Page{}, r.ledger(w, u) })
		}
	}
	if r.search {
		page(searchAddress, "", func(w *Buffer) (Page, error) { return Page{}, r.searchPage(w) }).Late = true
	}
	out = append(out, Output{Path: "404.html", Address: "/404.html", HTML: true, render: func(w *Buffer) (Page, error) { return Page{}, r.notFound(w) }})
	out = r.redirects(out)
	return r.machineFiles(out)
}

// byFolder returns the disclosures unit by unit and field by field, newest first in each.
func (r *Renderer) byFolder() []*site.Disclosure {
	folder := func(d *site.Disclosure) int { return d.Unit.Index*len(r.site.Fields) + d.Field.Index }
	next := make([]int, len(r.site.Units)*len(r.site.Fields)+1) // where the next one of each folder goes
	for _, d := range r.site.Disclosures {
		next[folder(d)+1]++
	}
	for i := range next[1:] {
		next[i+1] += next[i]
	}
	out := make([]*site.Disclosure, len(r.site.Disclosures))
	for _, d := range r.site.Disclosures {
		i := folder(d)
		out[next[i]] = d
		next[i]++
	}
	return out
}

// Render renders one output into w, which is to be empty.
func (r *Renderer) Render(o *Output, w *Buffer) (Page, error) { return o.render(w) }

// url returns the address as it is written in pages: under the portal's path, with everything encoded that must be.
func (r *Renderer) url(address string) string {
	return r.base.Path[:len(r.base.Path)-1] + escapePath(address)
}

// absolute returns the address with scheme and host.
func (r *Renderer) absolute(address string) string {
	return r.base.Scheme + "://" + r.base.Host + r.url(address)
}

// escapePath encodes a path for use in a link.
func escapePath(p string) string {
	plain := true
	for i := range len(p) {
		if c := p[i]; !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '/' || c == '-' || c == '.' || c == '_' || c == '~') {
			plain = false
			break
		}
	}
	if plain {
		return p
	}
	return (&url.URL{Path: p}).EscapedPath()
}

// row returns a disclosure as lists show it.
func (r *Renderer) row(d *site.Disclosure) Row {
	row := Row{Title: d.Title, URL: r.url(d.Address()), Date: d.Published.String(), Unit: d.Unit.Name, Field: d.Field.Name, Kind: d.Kind}
	if d.Validity != site.Valid {
		row.Validity = d.Validity.Chinese()
	}
	if d.Pending.ZH != "" {
		row.Validity = d.Pending.ZH
	}
	return row
}

// rows returns disclosures of a list that shows units and fields.
func (r *Renderer) rows(ds []*site.Disclosure) []template.HTML {
	out := make([]template.HTML, len(ds))
	for i, d := range ds {
		out[i] = r.rowsOf[r.place[d]]
	}
	return out
}

// itemRows returns disclosures of a list under an item.
func (r *Renderer) itemRows(ds []*site.Disclosure) []Row {
	out := make([]Row, len(ds))
	for i, d := range ds {
		out[i] = r.row(d)
	}
	return out
}

func columnsView(it *site.Item) ColumnsView {
	var v ColumnsView
	for c := site.Content; c < site.NumColumns; c++ {
		v.Cells = append(v.Cells, Cell{c.String(), site.SplitList(it.Columns[c].Text)})
	}
	return v
}

// shorten returns at most n characters of a text, its lines joined.
func shorten(text string, n int) string {
	var b strings.Builder
	count, space := 0, false
	for _, c := range text {
		if c == '\n' || c == ' ' || c == '　' {
			space = b.Len() > 0
			continue
		}
		if count == n {
			b.WriteRune('…')
			break
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(c)
		count++
	}
	return b.String()
}

// FormatSize returns a size in bytes as readers are told it.
func formatSize(n int64) string {
	switch {
	case n < 1<<10:
		return strconv.FormatInt(n, 10) + " B"
	case n < 1<<20:
		return fmt.Sprintf("%.1f KB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}
