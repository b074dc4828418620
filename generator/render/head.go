package render

import (
	"encoding/json"
	"html/template"
	"slices"
	"strings"

	"gongkai/generator/calendar"
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
	start := 0
	for i := range len(content) {
		var escaped string
		switch content[i] {
		case '&':
			escaped = "&amp;"
		case '"':
			escaped = "&#34;"
		case '<':
			escaped = "&lt;"
		default:
			continue
		}
		*m = append(append(*m, content[start:i]...), escaped...)
		start = i + 1
	}
	*m = append(append(*m, content[start:]...), `">`...)
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
func article(d *site.Disclosure, address, description string) template.JS {
	kind := "Article"
	if slices.Contains([]string{"统计", "预算", "决算", "年报", "报告"}, d.Kind) {
		kind = "Report"
	}
	return linkedData(struct {
		Context     string `json:"@context"`
		Type        string `json:"@type"`
		Headline    string `json:"headline"`
		Identifier  string `json:"identifier"`
		Created     string `json:"dateCreated"`
		Published   string `json:"datePublished"`
		Language    string `json:"inLanguage"`
		URL         string `json:"url"`
		Description string `json:"description,omitempty"`
		Publisher   body   `json:"publisher"`
	}{"https://schema.org", kind, d.Title, d.IndexNo, d.Formed.String(), d.Published.Date.String(), "zh-CN", address, description,
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
