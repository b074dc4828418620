package render

import (
	"cmp"
	"encoding/json"
	"html/template"
	"slices"
	"strings"

	"gongkai/generator/calendar"
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
type facts []byte

func (f *facts) add(label, value string) { f.link(label, value, "") }

func (f *facts) link(label, value, address string) {
	if value == "" {
		return
	}
	*f = append(append(append(*f, "<div><dt>"...), label...), "<dd>"...)
	if address != "" {
		*f = append(appendEscaped(append(*f, `<a href="`...), address), `">`...)
	}
	*f = appendEscaped(*f, value)
	if address != "" {
		*f = append(*f, "</a>"...)
	}
	*f = append(*f, "</div>"...)
}

// headerBlock returns the official header block of a disclosure.
func (r *Renderer) headerBlock(d *site.Disclosure) template.HTML {
	f := make(facts, 0, 1024)
	f.add("索引号", d.IndexNo)
	f.link("发布机构", d.PublisherName(), r.url(d.Unit.PageAddress()))
	f.add("文号", cmp.Or(d.DocNo, "无"))
	f.link("分类", d.Field.Name+" / "+strings.ReplaceAll(d.Item.Path(), "/", " / "), r.url(site.UnitFieldAddress(d.Unit, d.Field))+"#"+itemID(d.Item))
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
	return template.HTML(f)
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
func (r *Renderer) columnMarks(c column) marks {
	m := append(make(marks, 0, 2048), r.siteMarks...)
	m.name("ColumnName", c.name)
	m.name("ColumnDescription", c.description)
	m.name("ColumnKeywords", c.keywords)
	m.name("ColumnType", c.kind)
	return m
}

// body is a body of government in the words of schema.org.
type body struct {
	Context   string `json:"@context,omitempty"`
	Type      string `json:"@type"`
	Name      string `json:"name"`
	URL       string `json:"url,omitempty"`
	Telephone string `json:"telephone,omitempty"`
	Address   string `json:"address,omitempty"`
}

func organization(name, address, phone, place string) template.JS {
	return linkedData(body{"https://schema.org", "GovernmentOrganization", name, address, phone, place})
}

// article describes a disclosure in the words of schema.org: figures and accounts are a Report.
func article(d *site.Disclosure, address string) template.JS {
	kind := "Article"
	if slices.Contains([]string{"统计", "预算", "决算", "年报", "报告"}, d.Kind) {
		kind = "Report"
	}
	return linkedData(struct {
		Context    string `json:"@context"`
		Type       string `json:"@type"`
		Headline   string `json:"headline"`
		Identifier string `json:"identifier"`
		Created    string `json:"dateCreated"`
		Published  string `json:"datePublished"`
		Language   string `json:"inLanguage"`
		URL        string `json:"url"`
		Publisher  body   `json:"publisher"`
	}{"https://schema.org", kind, d.Title, d.IndexNo, d.Formed.String(), d.Published.Date.String(), "zh-CN", address,
		body{Type: "GovernmentOrganization", Name: d.PublisherName()}})
}

// linkedData returns the data as JSON in which no character can end a script element.
func linkedData(data any) template.JS {
	text, err := json.Marshal(data)
	if err != nil {
		panic(err) // structs of strings: cannot happen
	}
	return template.JS(strings.ReplaceAll(string(text), "</", "<\\/"))
}
