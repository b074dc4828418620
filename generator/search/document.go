package search

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"

	"gongkai/generator/calendar"
	"gongkai/generator/site"
)

// Document is what can be found: a disclosure, an item of a standard catalog, a field, a unit or a portal page.
type Document struct {
	URL         string // path from the site's root, with the fragment where it is a part of a page
	Title       string
	Unit, Field string // slugs
	Item        string // path 一级/二级
	Kind        string // 体裁
	Publisher   string
	IndexNo     string
	DocNo       string
	Published   calendar.Date
	Formed      calendar.Date
	Void        bool // 失效 or 废止
	Attachments []string
	Headings    []string
	Text        string
}

// The kinds of what is no disclosure, and of disclosures that state none.
const (
	KindItem       = "目录事项"
	KindField      = "标准目录"
	KindUnit       = "单位"
	KindPage       = "公开指南与制度"
	KindDisclosure = "公开信息"
)

// record separators of what the index stores of a document
const (
	unitSep = "\x1f"
	listSep = "\x1e"
)

// record is what the index stores of a document: what an answer shows of it.
func (d *Document) record() string {
	void := ""
	if d.Void {
		void = "1"
	}
	return strings.Join([]string{
		d.Title, d.Unit, d.Field, d.Item, d.Kind, day(d.Published), void, d.Publisher, d.IndexNo, d.DocNo, day(d.Formed),
		strings.Join(d.Attachments, listSep), strings.Join(d.Headings, listSep), d.Text,
	}, unitSep)
}

func day(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// readRecord reads what record wrote.
func readRecord(url, text string) (*Document, error) {
	p := strings.SplitN(text, unitSep, 14)
	if len(p) != 14 {
		return nil, fmt.Errorf("search: the record of %s is damaged", url)
	}
	d := &Document{URL: url, Title: p[0], Unit: p[1], Field: p[2], Item: p[3], Kind: p[4], Void: p[6] != "", Publisher: p[7], IndexNo: p[8], DocNo: p[9], Text: p[13]}
	for _, v := range []struct {
		text string
		to   *calendar.Date
	}{{p[5], &d.Published}, {p[10], &d.Formed}} {
		if v.text != "" {
			s, _, err := calendar.Parse(v.text)
			if err != nil {
				return nil, fmt.Errorf("search: the record of %s: %w", url, err)
			}
			*v.to = s.Date
		}
	}
	for _, v := range []struct {
		text string
		to   *[]string
	}{{p[11], &d.Attachments}, {p[12], &d.Headings}} {
		if v.text != "" {
			*v.to = strings.Split(v.text, listSep)
		}
	}
	return d, nil
}

// version changes whenever the same document is to be indexed in another way, for the server or for browsers.
const version = 6

// id identifies the document as it is: a document that changed in any way is another one.
func (d *Document) id() (id, record string) {
	record = d.record()
	h := sha256.New()
	_ = binary.Write(h, binary.LittleEndian, uint32(version))
	h.Write([]byte(d.URL))
	h.Write([]byte{0})
	h.Write([]byte(record))
	return d.URL + "\x00" + hex.EncodeToString(h.Sum(nil)[:8]), record
}

// MetaOf returns what an index of the site knows beside its documents.
func MetaOf(s *site.Site) Meta {
	m := Meta{Synonyms: s.Synonyms}
	for _, u := range s.Units {
		n := Name{Slug: u.Slug, Name: u.Name}
		if u.Publisher() != u.Name {
			n.Full = u.Publisher()
		}
		m.Units = append(m.Units, n)
	}
	for _, f := range s.Fields {
		m.Fields = append(m.Fields, Name{Slug: f.Slug, Name: f.Name})
	}
	return m
}

// OfDisclosure returns the document of a disclosure. headings and text are what its Markdown gave.
func OfDisclosure(d *site.Disclosure, headings []string, text string) Document {
	doc := Document{
		URL: d.Address(), Title: d.Title, Unit: d.Unit.Slug, Field: d.Field.Slug, Item: d.Item.Path(), Kind: d.Kind, Publisher: d.PublisherName(),
		IndexNo: d.IndexNo, DocNo: d.DocNo, Published: d.Published.Date, Formed: d.Formed, Void: d.Validity != site.Valid, Headings: headings, Text: text,
	}
	if doc.Kind == "" {
		doc.Kind = KindDisclosure
	}
	for _, a := range d.Attachments {
		doc.Attachments = append(doc.Attachments, a.Name)
	}
	if len(d.Keywords) > 0 {
		doc.Headings = append(doc.Headings, strings.Join(d.Keywords, " "))
	}
	return doc
}

// OfItem returns the document of an item of a standard catalog. id is the identifier of the item on the field's page.
func OfItem(f *site.Field, it *site.Item, id string) Document {
	var b strings.Builder
	for c := site.Content; c < site.NumColumns; c++ {
		if cell := it.Columns[c].Text; cell != "" {
			fmt.Fprintf(&b, "%s：%s\n", c, cell)
		}
	}
	return Document{
		URL: f.Address() + "#" + id, Title: f.Name + "：" + strings.ReplaceAll(it.Path(), "/", " / "), Field: f.Slug, Item: it.Path(), Kind: KindItem,
		Text: b.String(),
	}
}

// OfField returns the document of a field.
func OfField(f *site.Field) Document {
	return Document{URL: f.Address(), Title: f.Title, Field: f.Slug, Kind: KindField, Headings: []string{f.Name}}
}

// OfUnit returns the document of a unit. text is what its Markdown gave.
func OfUnit(u *site.Unit, text string) Document {
	var b strings.Builder
	for _, fact := range [][2]string{{"办公地址", u.Address}, {"联系电话", u.Phone}, {"传真", u.Fax}, {"电子邮箱", u.Email}, {"办公时间", u.Hours}, {"统一社会信用代码", u.CreditCode}} {
		if fact[1] != "" {
			fmt.Fprintf(&b, "%s：%s\n", fact[0], fact[1])
		}
	}
	return Document{URL: u.PageAddress(), Title: u.Name, Unit: u.Slug, Kind: KindUnit, Publisher: u.Publisher(), Headings: []string{u.Publisher()}, Text: b.String() + text}
}

// OfPage returns the document of a portal page. headings and text are what its Markdown gave.
func OfPage(p *site.Page, headings []string, text string) Document {
	doc := Document{URL: p.Address(), Title: p.Title, Kind: KindPage, Published: p.Published.Date, Headings: headings, Text: text}
	for _, a := range p.Attachments {
		doc.Attachments = append(doc.Attachments, a.Name)
	}
	return doc
}
