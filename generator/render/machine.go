package render

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gongkai/generator/calendar"
	"gongkai/generator/site"
)

// sitemapSize is how many addresses one sitemap holds; the protocol allows 50,000.
const sitemapSize = 45000

// redirects plans a page at each old address that leads to the new one.
func (r *Renderer) redirects(out []Output) []Output {
	add := func(aliases []string, title, address, source string) {
		for _, alias := range aliases {
			p := strings.TrimPrefix(alias, "/")
			if strings.HasSuffix(alias, "/") {
				p += "index.html"
			}
			out = append(out, Output{Path: p, Address: alias, HTML: true, Source: source, render: func(w *Buffer) (Page, error) {
				return Page{}, r.theme.execute(w, "alias.html", alias, AliasPage{Title: title, Canonical: r.absolute(address), URL: r.url(address)})
			}})
		}
	}
	for _, d := range r.site.Disclosures {
		add(d.Aliases, d.Title, d.Address(), d.Source.Path)
	}
	for _, p := range r.site.Pages {
		add(p.Aliases, p.Title, p.Address(), p.Source.Path)
	}
	return out
}

// machineFiles plans the feeds, the sitemaps and robots.txt.
func (r *Renderer) machineFiles(out []Output) []Output {
	feed := func(p, title, home string, ds []*site.Disclosure) {
		out = append(out, Output{Path: p, Address: "/" + p, Late: true, Feed: true, Quotes: ds, render: func(w *Buffer) (Page, error) {
			r.feed(w, "/"+p, title, home, ds)
			return Page{}, nil
		}})
	}
	feed("feed.xml", r.site.Config.Name, "/", r.feedOf(nil))
	for _, u := range r.site.Units {
		feed(u.Slug+"/feed.xml", u.Name+" - "+r.site.Config.Name, u.PageAddress(), r.feedOf(u))
	}
	entries := r.sitemapEntries(out)
	var parts []string
	for i := 0; i < len(entries); i += sitemapSize {
		p := "sitemap-" + strconv.Itoa(len(parts)+1) + ".xml"
		parts = append(parts, p)
		part := entries[i:min(i+sitemapSize, len(entries))]
		out = append(out, Output{Path: p, Address: "/" + p, render: func(w *Buffer) (Page, error) {
			r.sitemap(w, part)
			return Page{}, nil
		}})
	}
	out = append(out, Output{Path: "sitemap.xml", Address: "/sitemap.xml", render: func(w *Buffer) (Page, error) {
		w.WriteString(xml.Header + `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
		for _, p := range parts {
			w.WriteString("<sitemap><loc>")
			r.escape(w, r.absolute("/"+p))
			w.WriteString("</loc></sitemap>")
		}
		w.WriteString("</sitemapindex>\n")
		return Page{}, nil
	}})
	return append(out, Output{Path: "robots.txt", Address: "/robots.txt", render: func(w *Buffer) (Page, error) {
		fmt.Fprintf(w, "User-agent: *\nAllow: /\nSitemap: %s\n", r.absolute("/sitemap.xml"))
		return Page{}, nil
	}})
}

// feedOf returns the newest disclosures, of a unit or of all, as many as a feed has.
func (r *Renderer) feedOf(u *site.Unit) []*site.Disclosure {
	ds := r.published(u)
	return ds[:min(len(ds), r.site.Config.FeedSize)]
}

func (r *Renderer) escape(w *Buffer, s string) { _ = xml.EscapeText(w, []byte(s)) }

// feed writes an Atom feed (RFC 4287). Its date is its newest entry's, because a feed that says when it was built would change with
// every build.
func (r *Renderer) feed(w *Buffer, address, title, home string, ds []*site.Disclosure) {
	element := func(name, text string) {
		w.WriteString("<" + name + ">")
		r.escape(w, text)
		w.WriteString("</" + name + ">")
	}
	stamp := func(s calendar.Stamp) string { return s.Time().Format(time.RFC3339) }
	w.WriteString(xml.Header + `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">`)
	element("title", title)
	element("id", r.absolute(address))
	w.WriteString(`<link rel="self" href="`)
	r.escape(w, r.absolute(address))
	w.WriteString(`"/><link href="`)
	r.escape(w, r.absolute(home))
	w.WriteString(`"/>`)
	updated := calendar.Stamp{Date: calendar.NewDate(1970, 1, 1)}
	if len(ds) > 0 {
		updated = ds[0].Published
	}
	element("updated", stamp(updated))
	for _, d := range ds {
		w.WriteString("<entry>")
		element("title", d.Title)
		element("id", r.absolute(d.Address()))
		w.WriteString(`<link href="`)
		r.escape(w, r.absolute(d.Address()))
		w.WriteString(`"/>`)
		element("published", stamp(d.Published))
		element("updated", stamp(d.Published))
		w.WriteString("<author>")
		element("name", d.PublisherName())
		w.WriteString(`</author><category term="`)
		r.escape(w, d.Field.Slug)
		w.WriteString(`" label="`)
		r.escape(w, d.Field.Name)
		w.WriteString(`"/>`)
		if text := r.excerpts[d]; text != nil && *text != "" {
			element("summary", *text)
		}
		w.WriteString("</entry>")
	}
	w.WriteString("</feed>\n")
}

// sitemapEntry is an address with the day of its newest content; the day is zero where nothing says it.
type sitemapEntry struct {
	address string
	day     calendar.Date
}

// sitemapEntries returns every page that is meant to be found: no redirects, no notices of withdrawn documents or of fields that a unit has no duty for.
func (r *Renderer) sitemapEntries(out []Output) []sitemapEntry {
	days := make(map[string]calendar.Date, len(r.site.Disclosures))
	skip := map[string]bool{"/404.html": true, searchAddress: true}
	for _, d := range r.site.Disclosures {
		days[d.Address()] = d.Published.Date
		skip[d.Address()] = d.Withdrawn
		for _, a := range d.Aliases {
			skip[a] = true
		}
	}
	for _, p := range r.site.Pages {
		days[p.Address()] = p.Published.Date
		for _, a := range p.Aliases {
			skip[a] = true
		}
	}
	for _, uf := range r.site.UnitFields {
		if d := uf.Newest(); d != nil {
			days[uf.Address()] = d.Published.Date
		}
		skip[uf.Address()] = !uf.Answers()
	}
	var entries []sitemapEntry
	for i := range out {
		if out[i].HTML && !skip[out[i].Address] {
			entries = append(entries, sitemapEntry{out[i].Address, days[out[i].Address]})
		}
	}
	return entries
}

func (r *Renderer) sitemap(w *Buffer, entries []sitemapEntry) {
	w.WriteString(xml.Header + `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for _, e := range entries {
		w.WriteString("<url><loc>")
		r.escape(w, r.absolute(e.address))
		w.WriteString("</loc>")
		if !e.day.IsZero() {
			w.WriteString("<lastmod>" + e.day.String() + "</lastmod>")
		}
		w.WriteString("</url>")
	}
	w.WriteString("</urlset>\n")
}
