package render

import "html/template"

// A view is what one kind of page shows. Templates hold no logic beyond range and if: whatever a page needs is prepared here, in
// a struct with the page's name. Every view embeds Frame.

// Frame is what every page has.
type Frame struct {
	Kind       string        // home, field, unit, unit-field, disclosure, withdrawn, list, page, pages, fields, notfound
	Title      string        // of the page's h1
	HeadTitle  string        // of the browser's tab
	Canonical  string        // absolute address
	Marks      template.HTML // page meta tags of government sites and Open Graph, as meta elements
	NoIndex    bool
	Head       template.HTML // what stands in the head of every page: style sheet, script, the nearest feed
	Header     template.HTML // the header with the navigation of the page's section, rendered once for each section
	Footer     template.HTML // the footer, rendered once
	ReportURL  string        // “我为政府网站找错” for this page; empty where the settings have none
	Breadcrumb template.HTML // list items from the home page to the page's parent; empty on the home page
	JSONLD     template.JS   // schema.org data
	Site       *SiteView
}

// Link is an address with its text.
type Link struct{ Text, URL string }

// SiteView is what all pages share.
type SiteView struct {
	Name, District, Description, Demo                                  string
	Home                                                               string // address of the home page
	SiteIDCode, ICP, PoliceNo, Organizer, Undertaker, Contact, MarkURL string
	ICPURL, PoliceURL                                                  string // where the numbers are registered
	MarkImage, PoliceBadge                                             string // addresses of the pictures beside them
	Units                                                              []Link
	Pages                                                              []Link
	FieldsURL, PagesURL, AllURL, FeedURL                               string
	SearchURL                                                          string // empty where the portal has no search
	SupervisionURL                                                     string // empty where the portal does not show it
	sum                                                                Key    // of all of this
}

// HeaderView is what header.html shows. Section is home, fields, pages or a unit's slug.
type HeaderView struct {
	Site    *SiteView
	Section string
	Nav     []NavLink
}

// NavLink is a link of the navigation; Current marks the section that the page is in.
type NavLink struct {
	Link
	Current bool
}

// Row is what row.html shows: a disclosure in a list. Each is rendered once, and lists hold the result. Lists under an item say
// less and hold the Row itself.
type Row struct {
	Title, URL, Date, Unit, Field, Kind string
	Validity                            string // 废止 or 失效; empty where valid
}

// HomePage is home.html.
type HomePage struct {
	Frame
	Fields                                            []FieldCard
	UnitGroups                                        []UnitGroup // by kind: 镇, 街道, 部门 …
	Newest                                            []template.HTML
	FieldCount, UnitCount, ItemCount, DisclosureCount int
	UpdatedOn                                         string // day of the newest disclosure
}

// FieldCard is one field on the home page and on the page of all fields.
type FieldCard struct {
	Number      int
	Name, URL   string
	Items       int
	Disclosures int
	Units       int // units that disclose something in it
}

// UnitGroup is the units of one kind.
type UnitGroup struct {
	Name  string
	Units []UnitCard
}

// UnitCard is one unit on the home page.
type UnitCard struct {
	Name, URL   string
	Disclosures int
	Newest      string // day of its newest disclosure
}

// FieldsPage is fields.html: all fields.
type FieldsPage struct {
	Frame
	Fields []FieldCard
}

// FieldPage is field.html: a standard catalog and which unit disclosed what.
type FieldPage struct {
	Frame
	Name, Since string
	Number      int
	Groups      []ItemGroup
	Items       int
	Units       []FieldUnit
	Newest      []template.HTML
	Total       int
	AllURL      string // the paginated list of all disclosures of the field; empty where Newest shows all
}

// FieldUnit is what one unit disclosed in a field.
type FieldUnit struct {
	Name, URL, Newest string
	NotApplicable     string // the reason
	Disclosures       int
	Filled, Items     int
}

// ItemGroup is the items under one 一级事项. Where the 一级事项 is itself the one item, Items has that one with an empty Name.
type ItemGroup struct {
	Name, ID string
	Items    []ItemView
}

// ItemView is one item. Columns is the table of the official columns, rendered once for each item of a catalog.
type ItemView struct {
	Name, ID    string
	Origin      string // 本单位调整 or 本单位增加; empty where the item is the catalog's
	Columns     template.HTML
	Disclosures []Row
	Total       int
	Withdrawn   int
	MoreURL     string // the list that has the rest; empty where Disclosures is all
}

// ColumnsView is what columns.html shows: the official columns of one item.
type ColumnsView struct{ Cells []Cell }

// Cell is one official column. Values is empty where the catalog does not state it.
type Cell struct {
	Label  string
	Values []string
}

// UnitPage is unit.html.
type UnitPage struct {
	Frame
	Name, FullName string
	Facts          []Fact // address, phone, hours …
	Intro          template.HTML
	Fields         []UnitFieldCard
	Newest         []template.HTML
	Total          int
	AllURL         string
}

// UnitFieldCard is one field on a unit's page.
type UnitFieldCard struct {
	Number        int
	Name, URL     string
	Disclosures   int
	Filled, Items int
	NotApplicable string
	Newest        string
}

// Fact is a label with its value; URL is set where the value is a link. It is of a type of its own because templates let only
// the common schemes pass, and a phone number has another.
type Fact struct {
	Label, Value string
	URL          template.URL
}

// UnitFieldPage is unit-field.html: the catalog as it holds for the unit, with every item's disclosures.
type UnitFieldPage struct {
	Frame
	Unit, Field   Link
	Number        int
	NotApplicable string
	Elsewhere     bool // the field is no duty of the unit
	Groups        []ItemGroup
	Omitted       []Fact // item and reason
	Filled, Items int
	Total         int
	Others        []FieldUnit // the same field at the other units
	Contact       template.HTML
}

// DisclosurePage is disclosure.html.
type DisclosurePage struct {
	Frame
	Facts       template.HTML // the official header block: 索引号, 发布机构, 文号 …, as pairs of dt and dd in a div each
	Validity    string        // 废止 or 失效 with its day; empty where valid
	Body        template.HTML
	Contents    template.HTML // list items of the table of contents; empty for short texts
	Attachments []AttachmentView
	Newer       *Link // the next newer disclosure of the unit in the field
	Older       *Link
	Related     []template.HTML
	Contact     template.HTML // of the unit, at the same place on every page: contact.html, rendered once for each unit
}

// AttachmentView is one attachment.
type AttachmentView struct{ Name, URL, Type, Size, Sum string }

// WithdrawnPage is withdrawn.html: the short notice at the address of a disclosure that has expired.
type WithdrawnPage struct {
	Frame
	Expired string
	Facts   template.HTML
	Back    Link
	Contact template.HTML
}

// ListPage is list.html: one page of a list of disclosures.
type ListPage struct {
	Frame
	Rows        []template.HTML
	Total       int
	Page, Pages int
	Prev, Next  string // addresses; empty at the ends
	Numbers     []PageNumber
}

// PageNumber is a link of the pager; an empty URL is a gap, Current the page itself.
type PageNumber struct {
	Text, URL string
	Current   bool
}

// PortalPage is page.html: a portal page such as the 政府信息公开指南.
type PortalPage struct {
	Frame
	Published   string
	Body        template.HTML
	Contents    template.HTML // list items of the table of contents; empty for short texts
	Attachments []AttachmentView
	Pages       []NavLink
}

// PagesPage is pages.html: the portal pages.
type PagesPage struct {
	Frame
	Pages []PageCard
}

// PageCard is one portal page.
type PageCard struct{ Title, URL, Summary string }

// NotFoundPage is 404.html.
type NotFoundPage struct{ Frame }

// AliasPage is alias.html: what answers at an old address.
type AliasPage struct {
	Title, Canonical, URL string
}
