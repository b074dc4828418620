package render

import (
	"cmp"
	"html/template"
	"strings"
	"unicode/utf8"

	"gongkai/generator/calendar"
	"gongkai/generator/links"
	"gongkai/generator/markdown"
	"gongkai/generator/site"
)

// marks are the meta elements of a page's head: the page marks of government sites (政府网站发展指引, 国办发〔2017〕47号), three on the
// home page, seven on column pages, ten on content pages, and Open Graph. They are written here and not in the theme, because
// they are prescribed, and because there are many on every page. A mark without content is left out: an empty one is a fault.
type marks []byte

func (m *marks) name(name, content string)     { m.add("name", name, content) }
func (m *marks) property(name, content string) { m.add("property", name, content) }

func (m *marks) add(attribute, name, content string) {
	if content == "" {
		return
	}
	*m = append(append(append(append(append(*m, "<meta "...), attribute...), '='), name...), " content=\""...)
	*m = append(appendEscaped(*m, content), `">`...)
}

// appendEscaped appends a text so that it stands for itself between tags and in quotes.
func appendEscaped(b []byte, text string) []byte {
	start := 0
	for i := range len(text) {
		var escaped string
		switch text[i] {
		case '&':
			escaped = "&amp;"
		case '"':
			escaped = "&#34;"
		case '<':
			escaped = "&lt;"
		default:
			continue
		}
		b = append(append(b, text[start:i]...), escaped...)
		start = i + 1
	}
	return append(b, text[start:]...)
}

// facts are the pairs of an official header block. Like the marks they are prescribed, and stand on every document.
type facts struct {
	html []byte
	uses []links.Use
}

func (f *facts) add(label, value string) { f.link(label, value, "") }

func (f *facts) link(label, value, address string) {
	if value == "" {
		return
	}
	b := append(append(append(f.html, "<div><dt>"...), label...), "<dd>"...)
	if address != "" {
		b = append(appendEscaped(append(b, `<a href="`...), address), `">`...)
		f.uses = append(f.uses, links.Use{Kind: links.Href, Value: address})
	}
	b = appendEscaped(b, value)
	if address != "" {
		b = append(b, "</a>"...)
	}
	f.html = append(b, "</div>"...)
}

// headerBlock returns the official header block of a disclosure, with its links.
func (r *Renderer) headerBlock(d *site.Disclosure) links.Piece {
	f := facts{make([]byte, 0, 1024), make([]links.Use, 0, 2)}
	f.add("索引号", d.IndexNo)
	f.link("发布机构", d.PublisherName(), r.url(d.Unit.PageAddress()))
	f.add("文号", cmp.Or(d.DocNo, "无"))
	f.link("分类", d.Field.Name+" / "+strings.ReplaceAll(d.Item.Path(), "/", " / "), r.url(site.UnitFieldAddress(d.Unit, d.Field))+"#"+r.itemID(d.Item))
	f.add("成文日期", d.Formed.String())
	f.add("发布日期", d.Published.String())
	f.add("体裁", d.Kind)
	f.add("实施日期", d.Effective.String())
	validity := d.Validity.Chinese()
	if d.Validity == site.Repealed && !d.RepealedOn.IsZero() {
		validity += "（" + d.RepealedOn.String() + "）"
	}
	if d.Withdrawn {
		validity = "公示期满"
	}
	f.add("有效性", validity)
	f.add("公示截止", d.Expires.String())
	f.add("关键词", strings.Join(d.Keywords, "；"))
	return links.Piece{HTML: string(f.html), Uses: f.uses}
}

// contents returns the table of contents of a text as list items, or nothing for a short one.
func contents(headings []markdown.Heading) template.HTML {
	var b []byte
	n := 0
	for _, h := range headings {
		if h.Level > 3 {
			continue
		}
		n++
		b = append(b, "<li class=toc-"...)
		b = append(b, byte('0'+h.Level))
		b = appendEscaped(append(b, `><a href="#`...), h.ID)
		b = append(appendEscaped(append(b, `">`...), h.Text), "</a>"...)
	}
	if n < 3 {
		return ""
	}
	return template.HTML(b)
}

// article adds what a content page has beyond its column's marks.
func (m *marks) article(title string, published calendar.Stamp, publisher string) {
	m.name("ArticleTitle", title)
	m.name("PubDate", published.Full())
	m.name("ContentSource", publisher)
}

// column is what the marks say of the column that a page is or stands in.
type column struct{ name, description, keywords, kind string }

// columnMarks returns the seven marks of a column. The caller may append to them.
func (r *Renderer) columnMarks(c column) marks { return r.appendColumn(make(marks, 0, 2048), c) }

// appendColumn is columnMarks in memory that is given.
func (r *Renderer) appendColumn(m marks, c column) marks {
	m = append(m, r.siteMarks...)
	m.name("ColumnName", c.name)
	m.name("ColumnDescription", c.description)
	m.name("ColumnKeywords", c.keywords)
	m.name("ColumnType", c.kind)
	return m
}

// organization describes a body of government in the words of schema.org.
func organization(name, address, phone, place string) template.JS {
	var l linkedData
	l.open("", "https://schema.org", "GovernmentOrganization")
	l.add("name", name)
	l.addKnown("url", address)
	l.addKnown("telephone", phone)
	l.addKnown("address", place)
	return template.JS(append(l, '}'))
}

// article describes a disclosure in the words of schema.org: figures and accounts are a Report.
func article(d *site.Disclosure, address string) template.JS {
	kind := "Article"
	switch d.Kind {
	case "统计", "预算", "决算", "年报", "报告":
		kind = "Report"
	}
	l := make(linkedData, 0, 768)
	l.open("", "https://schema.org", kind)
	l.add("headline", d.Title)
	l.add("identifier", d.IndexNo)
	l.add("dateCreated", d.Formed.String())
	l.add("datePublished", d.Published.Date.String())
	l.add("inLanguage", "zh-CN")
	l.add("url", address)
	l.open("publisher", "", "GovernmentOrganization")
	l.add("name", d.PublisherName())
	return template.JS(append(l, "}}"...))
}

// linkedData is JSON in which no character can end a script element. It is written here because encoding/json would look at the same
// structs anew for every page.
type linkedData []byte

// open begins an object, in another one where it has a name.
func (l *linkedData) open(name, context, kind string) {
	if name != "" {
		*l = append(append(append(*l, `,"`...), name...), `":`...)
	}
	*l = append(*l, '{')
	if context != "" {
		*l = append(appendJSON(append(*l, `"@context":`...), context), ',')
	}
	*l = appendJSON(append(*l, `"@type":`...), kind)
}

func (l *linkedData) add(name, value string) {
	*l = append(append(append(*l, `,"`...), name...), `":`...)
	*l = appendJSON(*l, value)
}

func (l *linkedData) addKnown(name, value string) {
	if value != "" {
		l.add(name, value)
	}
}

// appendJSON appends a string as encoding/json writes it, with what could end a script element escaped.
func appendJSON(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	start := 0
	for i, c := range s {
		switch {
		case c == '"' || c == '\\':
			b = append(append(b, s[start:i]...), '\\', byte(c))
		case c < ' ' || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029':
			b = append(append(b, s[start:i]...), '\\', 'u', hex[c>>12], hex[c>>8&15], hex[c>>4&15], hex[c&15])
		case c == utf8.RuneError: // bytes that are no character as well
			b = append(append(b, s[start:i]...), "\uFFFD"...)
		default:
			continue
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		start = i + size
	}
	return append(append(b, s[start:]...), '"')
}
