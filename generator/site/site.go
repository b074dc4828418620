// Package site is the domain model of a disclosure portal: fields with their catalogs, units, and the disclosures they publish.
//
// The model is pure data. It is assembled once, never changed afterwards, and knows neither files nor HTML nor the clock; the
// one day on which it was assembled stands in Site.Now.
package site

import (
	"slices"
	"strings"

	"gongkai/generator/calendar"
	"gongkai/generator/finding"
)

// Site is everything that is published.
type Site struct {
	Config Config
	Now    calendar.Stamp // the moment that decides what is due and what has expired
	Due    calendar.Stamp // the next moment at which a document is due; zero where none is
	Fields []*Field       // by number
	Units  []*Unit        // by order
	Pages  []*Page        // by order
	// Disclosures that have a page, newest first: published ones and the notices of withdrawn ones.
	Disclosures []*Disclosure
	// UnitFields has one entry for each unit and field, units in the outer order.
	UnitFields []*UnitField
	// Unpublished maps the content path of documents without a page (drafts, documents not yet due, documents with
	// errors) to the reason, so that a link to one can be told from a link to nothing.
	Unpublished map[string]finding.Text
	Synonyms    Synonyms
	// Workdays is content/workdays.csv; nil where there is none.
	Workdays *calendar.Workdays
	// Withdrawn maps the content path of each file that came down with a document, and that no document in force has among its attachments, to the document.
	Withdrawn map[string]*Disclosure
	// Beside are the content paths of the files beside documents that are among no document's attachments; only where the content is inspected.
	Beside []string
	// Allowances maps the content path of a file to what it declares to be right.
	Allowances map[string][]Allowance
	// Frame is a sum over everything that was read, names and all, but for the texts that stand below front matter and the bytes of attachments. Sites with
	// the same frame, moment and attachments differ in such texts only.
	Frame [32]byte
}

// Synonyms lead from citizens' words to official ones.
type Synonyms struct {
	Groups []SynonymGroup `json:"groups"`
	// Ignore are words that a question has but no answer: 怎么, 哪里, 请问.
	Ignore []string `json:"ignore"`
}

// SynonymGroup is a group of words for one thing. A search for a word of Same finds Official and Same, and one of Official finds Same; one for a word of Say
// finds Official and Same, but not the other way.
type SynonymGroup struct {
	Official []string `json:"official"`
	Same     []string `json:"same,omitempty"`
	Say      []string `json:"say,omitempty"`
}

// UnitField returns what the unit discloses in the field.
func (s *Site) UnitField(u *Unit, f *Field) *UnitField {
	return s.UnitFields[u.Index*len(s.Fields)+f.Index]
}

// OfUnit returns the unit's entries of UnitFields, in the order of the fields.
func (s *Site) OfUnit(u *Unit) []*UnitField {
	return s.UnitFields[u.Index*len(s.Fields) : (u.Index+1)*len(s.Fields)]
}

// Config is content/site.yaml.
type Config struct {
	Name         string // the portal's name, e.g. 武江区基层政务公开
	District     string // e.g. 韶关市武江区
	Description  string
	BaseURL      string // with scheme and host, ends with /; a path makes the portal live under it
	Demo         string // the banner that says on every page that this is a demonstration; empty for a real portal
	SiteIDCode   string // 网站标识码
	ICP          string // ICP备案编号
	PoliceNo     string // 公安机关备案号
	Organizer    string // 主办单位
	Undertaker   string // 承办单位
	Contact      string // 联系方式 as one line
	ReportURL    string // “我为政府网站找错”; the site code and the page's address are added as parameters
	OrgMarkURL   string // 党政机关网站标识
	OrgMarkImage string // its picture, a file in content/pages
	PoliceBadge  string // the badge of the 公安 number, likewise
	PageSize     int    // disclosures on a page of a list
	FeedSize     int    // entries of a feed
	HomeNewest   int    // newest disclosures on the home page
	ItemListSize int    // disclosures shown under one item before the rest moves to the full list
	Policy       Policy
}

// Source says where a part of the model was written.
type Source struct {
	Path string // relative to the source directory, forward slashes
	// Sum is the SHA-256 of the file's bytes, so that a later reading can be told to be of the same text.
	Sum [32]byte
	// BodyLine is the line on which the text after the front matter begins, counted from 1.
	BodyLine int
	// Text is the text after the front matter where it was kept in memory; nil where it is to be read again.
	Text []byte
	keys []keyPosition
}

type keyPosition struct {
	key          string
	line, column int32
}

// SetKey remembers where the value of a key stands.
func (s *Source) SetKey(key string, line, column int) {
	s.keys = append(s.keys, keyPosition{key, int32(line), int32(column)})
}

// EachKey calls yield for each key that SetKey remembered, in that order.
func (s *Source) EachKey(yield func(key string, line, column int)) {
	for _, k := range s.keys {
		yield(k.key, int(k.line), int(k.column))
	}
}

// At returns the position of the key's value, or of the file where the key is not stated.
func (s *Source) At(key string) finding.Position {
	for _, k := range s.keys {
		if k.key == key {
			return finding.Position{Path: s.Path, Line: int(k.line), Column: int(k.column)}
		}
	}
	return finding.Position{Path: s.Path, Line: 1, Column: 1}
}

// Level is the level of government that a unit belongs to or an item is meant for.
type Level uint8

// The levels, from the district down; LevelUnknown where nothing is stated.
const (
	LevelUnknown Level = iota
	County
	Township
	Village
)

// String returns the name that URLs and JSON use.
func (l Level) String() string { return [...]string{"", "county", "township", "village"}[l] }

// Chinese returns the official name.
func (l Level) Chinese() string { return [...]string{"", "县级", "乡级", "村级"}[l] }

// ParseLevel reads one level in either language.
func ParseLevel(text string) (Level, bool) {
	switch strings.TrimSuffix(strings.ToLower(text), "级") {
	case "县", "区", "县区", "县（市、区）", "county":
		return County, true
	case "乡", "镇", "乡镇", "镇街", "镇（街）", "乡（镇、街道）", "township":
		return Township, true
	case "村", "村居", "村（居）", "village":
		return Village, true
	}
	return LevelUnknown, false
}

// Levels is a set of levels.
type Levels uint8

// With returns the set with the level added.
func (s Levels) With(l Level) Levels { return s | 1<<l }

// Has reports whether the level is in the set.
func (s Levels) Has(l Level) bool { return s&(1<<l) != 0 }

// Column is one of the official columns of a standard catalog.
type Column uint8

// The columns in the order of the official form (国办发〔2019〕54号).
const (
	Content    Column = iota // 公开内容（要素）
	Basis                    // 公开依据
	DeadlineOf               // 公开时限
	Body                     // 公开主体
	Channels                 // 公开渠道和载体
	Audience                 // 公开对象
	Mode                     // 公开方式
	LevelsOf                 // 公开层级
	NumColumns
)

// String returns the official heading of the column.
func (c Column) String() string {
	return [...]string{"公开内容（要素）", "公开依据", "公开时限", "公开主体", "公开渠道和载体", "公开对象", "公开方式", "公开层级"}[c]
}

// Field is one of the 试点领域 with its standard catalog.
type Field struct {
	Index  int // in Site.Fields
	Slug   string
	Name   string // 社会救助
	Title  string // 社会救助领域基层政务公开标准目录
	Number int
	Since  calendar.Date // day on which the catalog was approved
	Items  []*Item
	Source Source
}

// Item returns the item of the catalog with the path, or nil.
func (f *Field) Item(path string) *Item {
	for _, it := range f.Items {
		if it.Path() == path {
			return it
		}
	}
	return nil
}

// Item is a row of a catalog: a 公开事项.
type Item struct {
	Level1 string // 一级事项
	Level2 string // 二级事项; empty where the item has one level
	// Columns hold the cells as they are written; an empty cell means that the catalog does not state it.
	Columns [NumColumns]Cell
	Levels  Levels // 公开层级; empty where none is stated
	Line    int    // line of the heading in the catalog
}

// Cell is the text of a column and the line where it stands (0 where the column is not stated).
type Cell struct {
	Text string
	Line int
}

// Path identifies the item in its field: 一级/二级, or the one level.
func (it *Item) Path() string {
	if it.Level2 == "" {
		return it.Level1
	}
	return it.Level1 + "/" + it.Level2
}

// Name returns the innermost level's name.
func (it *Item) Name() string {
	if it.Level2 == "" {
		return it.Level1
	}
	return it.Level2
}

// Concerns reports whether a unit of the level inherits the item: an item that states no level concerns every unit.
func (it *Item) Concerns(l Level) bool { return it.Levels == 0 || it.Levels.Has(l) }

// Unit is a town, subdistrict, department or village that discloses.
type Unit struct {
	Index       int // in Site.Units
	Slug        string
	Name        string // 西河镇
	FullName    string // 武江区西河镇人民政府
	Kind        string // 镇, 街道, 部门, 村居
	Level       Level
	Parent      *Unit
	Order       int
	IndexPrefix string // of its index numbers, e.g. 440203-XH
	Address     string
	Postcode    string
	Phone       string
	Fax         string
	Email       string
	Hours       string
	CreditCode  string // 统一社会信用代码
	Source      Source
}

// Publisher returns the full name where there is one.
func (u *Unit) Publisher() string {
	if u.FullName != "" {
		return u.FullName
	}
	return u.Name
}

// UnitField is what one unit discloses in one field: the catalog as it holds for the unit, with the disclosures.
type UnitField struct {
	Unit  *Unit
	Field *Field
	// Entries are the items that hold for the unit, in the order of the catalog, added ones last.
	Entries []Entry
	// Omitted are inherited items that the unit declares not to disclose.
	Omitted []Omission
	// NotApplicable is the reason why the whole field does not concern the unit; empty where it does.
	NotApplicable string
	Disclosures   []*Disclosure // published ones, newest first
	Source        Source        // of the unit's own _index.md for the field; its Path is empty where there is none
}

// Entry returns the entry of the item path, or nil.
func (uf *UnitField) Entry(path string) *Entry {
	for i := range uf.Entries {
		if uf.Entries[i].Item.Path() == path {
			return &uf.Entries[i]
		}
	}
	return nil
}

// Filled returns how many entries have at least one disclosure.
func (uf *UnitField) Filled() int {
	n := 0
	for i := range uf.Entries {
		if len(uf.Entries[i].Disclosures) > 0 {
			n++
		}
	}
	return n
}

// Newest returns the newest published disclosure, or nil.
func (uf *UnitField) Newest() *Disclosure {
	if len(uf.Disclosures) == 0 {
		return nil
	}
	return uf.Disclosures[0]
}

// Entry is an item as it holds for one unit.
type Entry struct {
	Item        *Item
	Origin      Origin
	Disclosures []*Disclosure // published ones, newest first
	Withdrawn   int           // how many have expired and were taken down
}

// Origin says where an entry comes from.
type Origin uint8

// Inherited items stand in the standard catalog; Overridden ones differ there in some column; Added ones stand only with the
// unit; Beyond ones stand in the catalog but not for this unit, which discloses something under them all the same.
const (
	Inherited Origin = iota
	Overridden
	Added
	Beyond
)

// Omission is an item that a unit declares not to disclose.
type Omission struct {
	Item   string
	Reason string
	Line   int
}

// Validity is the 有效性 of a document.
type Validity uint8

// A document is Valid unless it says otherwise.
const (
	Valid Validity = iota
	Expired
	Repealed
)

// Chinese returns the word of the header block.
func (v Validity) Chinese() string { return [...]string{"有效", "失效", "废止"}[v] }

// Disclosure is one published document (公开信息).
type Disclosure struct {
	Unit  *Unit
	Field *Field
	Item  *Item // as it holds for the unit

	address string // see Settle

	Slug        string
	Title       string
	Formed      calendar.Date  // 成文日期
	Published   calendar.Stamp // 发布日期
	IndexNo     string         // 索引号
	DocNo       string         // 文号
	Kind        string         // 体裁: 通知, 公示, 办事指南 …
	Publisher   string         // 发布机构 where it is not the unit
	Effective   calendar.Date  // 实施日期
	Validity    Validity
	RepealedOn  calendar.Date // 废止日期
	Expires     calendar.Date // last day on which the document is shown
	Withdrawn   bool          // Expires has passed: the address answers with a short notice
	Summary     string
	Keywords    []string
	Attachments []Attachment
	Aliases     []string // old addresses, from the portal's root
	Related     []Reference
	// Pending says why the document is not to be published yet, on a site that shows such documents all the same; zero otherwise.
	Pending finding.Text
	Source  Source
}

// Reference is a document that another one names, written as links are, and where.
type Reference struct {
	Target       string
	Line, Column int
}

// PublisherName returns the 发布机构 of the header block.
func (d *Disclosure) PublisherName() string {
	if d.Publisher != "" {
		return d.Publisher
	}
	return d.Unit.Publisher()
}

// Attachment is a file that is published with a document.
type Attachment struct {
	Name string // as it is shown and linked: the file's own name
	Path string // content path
	Size int64
	Sum  [32]byte // SHA-256
}

// Page is a portal page such as the 政府信息公开指南.
type Page struct {
	Slug        string
	Title       string
	Summary     string
	Order       int
	Published   calendar.Stamp
	Attachments []Attachment
	Aliases     []string
	Pending     finding.Text // as with a Disclosure
	Source      Source
}

// Addresses, from the portal's root: each starts and, where it is a page, ends with a slash.

// Address returns the address of the field's page.
func (f *Field) Address() string { return "/fields/" + f.Slug + "/" }

// PageAddress returns the address of the unit's page.
func (u *Unit) PageAddress() string { return "/" + u.Slug + "/" }

// Address returns the address of the page of the unit's field.
func (uf *UnitField) Address() string { return UnitFieldAddress(uf.Unit, uf.Field) }

// UnitFieldAddress returns the address of the page of the unit's field.
func UnitFieldAddress(u *Unit, f *Field) string { return "/" + u.Slug + "/" + f.Slug + "/" }

// Settle keeps the address, which is asked for many times, once unit, field and slug do not change any more.
func (d *Disclosure) Settle() { d.address = d.Address() }

// Address returns the address of the disclosure.
func (d *Disclosure) Address() string {
	if d.address != "" {
		return d.address
	}
	return "/" + d.Unit.Slug + "/" + d.Field.Slug + "/" + d.Slug + "/"
}

// Address returns the address of the portal page.
func (p *Page) Address() string { return "/pages/" + p.Slug + "/" }

// Reserved are the first path segments that belong to the portal itself and cannot be a unit's.
var reserved = []string{"all", "api", "assets", "fields", "pages", "search", "supervision"}

// Reserved reports whether a first path segment belongs to the portal itself.
func Reserved(segment string) bool { return slices.Contains(reserved, strings.ToLower(segment)) }

// SplitList splits the text of a catalog cell at ； and ; outside of brackets and titles, where one value ends.
func SplitList(text string) []string {
	var out []string
	depth, start := 0, 0
	for i, r := range text {
		switch r {
		case '（', '(', '《', '“', '〔', '[', '【':
			depth++
		case '）', ')', '》', '”', '〕', ']', '】':
			depth = max(0, depth-1)
		case '；', ';':
			if depth == 0 {
				out = appendTrimmed(out, text[start:i])
				start = i + len(string(r))
			}
		}
	}
	return appendTrimmed(out, text[start:])
}

func appendTrimmed(list []string, s string) []string {
	if s = strings.TrimSpace(s); s != "" {
		list = append(list, s)
	}
	return list
}
