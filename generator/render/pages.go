package render

import (
	"cmp"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gongkai/generator/links"
	"gongkai/generator/markdown"
	"gongkai/generator/site"
)

// frame returns what every page has. The section decides the header's navigation.
func (r *Renderer) frame(kind, section, address, title, description string, m marks, breadcrumb template.HTML) Frame {
	f := r.unmarked(kind, section, address, title, breadcrumb)
	r.describe(&f, kind, description, m)
	return f
}

// unmarked is frame without the marks.
func (r *Renderer) unmarked(kind, section, address, title string, breadcrumb template.HTML) Frame {
	f := Frame{
		Kind: kind, Title: title, HeadTitle: title + " - " + r.site.Config.Name, Canonical: r.absolute(address),
		Head: r.heads[section], Header: r.headers[section], Footer: r.footer, Breadcrumb: breadcrumb, Site: r.view,
	}
	if r.reportURL != "" {
		f.ReportURL = strings.ReplaceAll(r.reportURL, "{url}", url.QueryEscape(f.Canonical))
	}
	return f
}

// describe writes a page's marks, the given ones first, with its description. It returns them for their memory.
func (r *Renderer) describe(f *Frame, kind, description string, m marks) marks {
	m.name("Description", description)
	kindOf := "website"
	if kind == "disclosure" || kind == "page" {
		kindOf = "article"
	}
	m.property("og:title", f.Title)
	m.property("og:description", description)
	m.property("og:type", kindOf)
	m.property("og:url", f.Canonical)
	m.property("og:site_name", r.site.Config.Name)
	m.property("og:locale", "zh_CN")
	f.Marks = template.HTML(m)
	return m
}

func (r *Renderer) siteView() *SiteView {
	c := &r.site.Config
	v := &SiteView{
		Name: c.Name, District: c.District, Description: c.Description, Demo: c.Demo, Home: r.url("/"),
		SiteIDCode: c.SiteIDCode, ICP: c.ICP, PoliceNo: c.PoliceNo, Organizer: c.Organizer, Undertaker: c.Undertaker, Contact: c.Contact, MarkURL: c.OrgMarkURL,
		MarkImage: r.badge(c.OrgMarkImage), PoliceBadge: r.badge(c.PoliceBadge), ICPURL: icpRegister, PoliceURL: policeRecord(c.PoliceNo),
		FieldsURL: r.url("/fields/"), PagesURL: r.url("/pages/"), AllURL: r.url("/all/"), FeedURL: r.url("/feed.xml"),
	}
	if r.search {
		v.SearchURL = r.url(searchAddress)
	}
	if r.supervision != nil {
		v.SupervisionURL = r.url(supervisionAddress)
	}
	for _, u := range r.site.Units {
		v.Units = append(v.Units, Link{u.Name, r.url(u.PageAddress())})
	}
	for _, p := range r.site.Pages {
		v.Pages = append(v.Pages, Link{p.Title, r.url(p.Address())})
	}
	return v
}

// headerView returns the navigation with the section marked: home, fields, all, pages, or a slash and the slug of a unit.
func (r *Renderer) headerView(section string) HeaderView {
	v := HeaderView{Site: r.view, Section: section}
	for _, l := range []struct{ section, text, address string }{
		{"home", "首页", "/"}, {"fields", "试点领域", "/fields/"}, {"all", "最新公开", "/all/"}, {"pages", "公开指南与制度", "/pages/"},
	} {
		v.Nav = append(v.Nav, NavLink{Link{l.text, r.url(l.address)}, l.section == section})
	}
	return v
}

func (r *Renderer) home(w *Buffer) (Page, error) {
	var page Page
	r.badges(&page)
	if w.keying != nil {
		w.keying.found(&page)
	}
	c := &r.site.Config
	f := r.frame("home", "home", "/", c.Name, c.Description, r.siteMarks, "")
	f.HeadTitle = c.Name
	f.JSONLD = organization(c.Organizer, r.absolute("/"), c.Contact, "")
	p := HomePage{Frame: f, FieldCount: len(r.site.Fields), UnitCount: len(r.site.Units), DisclosureCount: len(r.published(nil))}
	p.Fields = r.fieldCards()
	for _, f := range r.site.Fields {
		p.ItemCount += len(f.Items)
	}
	for _, u := range r.site.Units {
		ds := r.published(u)
		card := UnitCard{Name: u.Name, URL: r.url(u.PageAddress()), Disclosures: len(ds)}
		if len(ds) > 0 {
			card.Newest = ds[0].Published.Date.String()
		}
		kind := cmp.Or(u.Kind, "单位")
		i := slices.IndexFunc(p.UnitGroups, func(g UnitGroup) bool { return g.Name == kind })
		if i < 0 {
			i = len(p.UnitGroups)
			p.UnitGroups = append(p.UnitGroups, UnitGroup{Name: kind})
		}
		p.UnitGroups[i].Units = append(p.UnitGroups[i].Units, card)
	}
	newest := r.published(nil)
	p.Newest = r.rows(newest[:min(len(newest), c.HomeNewest)])
	if len(newest) > 0 {
		p.UpdatedOn = newest[0].Published.Date.String()
	}
	return page, r.theme.execute(w, "home.html", "/", p)
}

func (r *Renderer) fieldCards() []FieldCard {
	var out []FieldCard
	for _, f := range r.site.Fields {
		card := FieldCard{Number: f.Number, Name: f.Name, URL: r.url(f.Address()), Items: len(f.Items)}
		for _, u := range r.site.Units {
			if n := len(r.site.UnitField(u, f).Disclosures); n > 0 {
				card.Disclosures += n
				card.Units++
			}
		}
		out = append(out, card)
	}
	return out
}

// crumbs renders the way from the home page through the links.
func (r *Renderer) crumbs(links ...Link) template.HTML {
	var w Buffer
	// a fault of the template has shown itself in fragments
	_ = r.theme.execute(&w, "crumbs.html", "crumbs", append([]Link{{"首页", r.url("/")}}, links...))
	return template.HTML(w.String())
}

func (r *Renderer) fields(w *Buffer) error {
	title := fmt.Sprintf("%d个试点领域", len(r.site.Fields))
	col := column{"试点领域", r.site.Config.District + title + "基层政务公开标准目录", "试点领域,标准目录,政务公开", "信息公开目录"}
	p := FieldsPage{Frame: r.frame("fields", "fields", "/fields/", title, col.description, r.columnMarks(col), r.crumbs()), Fields: r.fieldCards()}
	return r.theme.execute(w, "fields.html", "/fields/", p)
}

func (r *Renderer) field(w *Buffer, f *site.Field) error {
	col := column{f.Name, f.Title, f.Name + ",标准目录,政务公开", "信息公开目录"}
	p := FieldPage{
		Frame: r.frame("field", "fields", f.Address(), f.Title, f.Title+"及各单位公开情况", r.columnMarks(col), r.crumbs(Link{"试点领域", r.url("/fields/")})),
		Name:  f.Name, Number: f.Number, Since: f.Since.String(), Items: len(f.Items),
	}
	entries := make([]site.Entry, len(f.Items))
	for i, it := range f.Items {
		entries[i].Item = it
	}
	p.Groups = r.groups(entries, "", 0)
	p.Units = r.fieldUnits(f, nil)
	ds := r.publishedInField(f)
	p.Total = len(ds)
	p.Newest = r.rows(ds[:min(len(ds), r.site.Config.HomeNewest)])
	if len(ds) > len(p.Newest) {
		p.AllURL = r.url(f.Address() + "all/")
	}
	return r.theme.execute(w, "field.html", f.Address(), p)
}

// fieldUnits returns what each unit but the one disclosed in the field, of those that answer for it.
func (r *Renderer) fieldUnits(f *site.Field, but *site.Unit) []FieldUnit {
	var out []FieldUnit
	for _, u := range r.site.Units {
		if u == but {
			continue
		}
		uf := r.site.UnitField(u, f)
		if !uf.Answers() {
			continue
		}
		v := FieldUnit{Name: u.Name, URL: r.url(uf.Address()), NotApplicable: uf.NotApplicable, Disclosures: len(uf.Disclosures), Filled: uf.Filled(), Items: len(uf.Entries)}
		if d := uf.Newest(); d != nil {
			v.Newest = d.Published.Date.String()
		}
		out = append(out, v)
	}
	return out
}

// groups arranges entries under their 一级事项. limit is how many disclosures are shown under one item, and more the list that has the rest.
func (r *Renderer) groups(entries []site.Entry, more string, limit int) []ItemGroup {
	var out []ItemGroup
	for i := range entries {
		e := &entries[i]
		it := e.Item
		k := slices.IndexFunc(out, func(g ItemGroup) bool { return g.Name == it.Level1 })
		if k < 0 {
			k = len(out)
			out = append(out, ItemGroup{Name: it.Level1, ID: markdown.ID(it.Level1)})
		}
		v := ItemView{Name: it.Level2, ID: r.itemID(it), Columns: r.columns[it], Total: len(e.Disclosures), Withdrawn: e.Withdrawn}
		switch e.Origin {
		case site.Overridden:
			v.Origin = "本单位调整"
		case site.Added:
			v.Origin = "本单位增加"
		case site.Beyond:
			v.Origin = "目录之外"
		}
		v.Disclosures = r.itemRows(e.Disclosures[:min(len(e.Disclosures), max(limit, 0))])
		if len(e.Disclosures) > len(v.Disclosures) {
			v.MoreURL = more
		}
		out[k].Items = append(out[k].Items, v)
	}
	return out
}

func (r *Renderer) unit(w *Buffer, u *site.Unit) (Page, error) {
	var page Page
	body, err := r.body(w, &u.Source, u.PageAddress(), &page)
	if err != nil {
		return page, err
	}
	answers := slices.DeleteFunc(slices.Clone(r.site.OfUnit(u)), func(uf *site.UnitField) bool { return !uf.Answers() })
	description := fmt.Sprintf("%s%d个试点领域政府信息公开情况", u.Publisher(), len(answers))
	col := column{u.Name, description, u.Name + ",政务公开,政府信息公开", "法定主动公开内容"}
	f := r.frame("unit", "/"+u.Slug, u.PageAddress(), u.Name, description, r.columnMarks(col), r.crumbs())
	f.JSONLD = organization(u.Publisher(), f.Canonical, u.Phone, u.Address)
	p := UnitPage{Frame: f, Name: u.Name, FullName: u.Publisher(), Facts: r.unitFacts(u), Intro: template.HTML(body.HTML)}
	for _, uf := range answers {
		card := UnitFieldCard{Number: uf.Field.Number, Name: uf.Field.Name, URL: r.url(uf.Address()), Disclosures: len(uf.Disclosures), Filled: uf.Filled(), Items: len(uf.Entries), NotApplicable: uf.NotApplicable}
		if d := uf.Newest(); d != nil {
			card.Newest = d.Published.Date.String()
		}
		p.Fields = append(p.Fields, card)
	}
	ds := r.published(u)
	p.Total = len(ds)
	p.Newest = r.rows(ds[:min(len(ds), r.site.Config.HomeNewest)])
	if len(ds) > len(p.Newest) {
		p.AllURL = r.url(u.PageAddress() + "all/")
	}
	return page, r.theme.execute(w, "unit.html", u.PageAddress(), p)
}

// unitFacts returns how to reach the unit.
func (r *Renderer) unitFacts(u *site.Unit) []Fact {
	phone := func(label, number string) Fact {
		return Fact{label, number, template.URL("tel:" + strings.Map(func(c rune) rune {
			if c >= '0' && c <= '9' || c == '+' {
				return c
			}
			return -1
		}, number))}
	}
	var out []Fact
	add := func(f Fact) {
		if f.Value != "" {
			out = append(out, f)
		}
	}
	if u.Parent != nil {
		add(Fact{"上级单位", u.Parent.Name, template.URL(r.url(u.Parent.PageAddress()))})
	}
	add(Fact{"办公地址", u.Address, ""})
	add(Fact{"邮政编码", u.Postcode, ""})
	add(phone("联系电话", u.Phone))
	add(Fact{"传真", u.Fax, ""})
	if u.Email != "" {
		add(Fact{"电子邮箱", u.Email, template.URL("mailto:" + u.Email)})
	}
	add(Fact{"办公时间", u.Hours, ""})
	add(Fact{"统一社会信用代码", u.CreditCode, ""})
	return out
}

// contact is what stands on every document of a unit.
func (r *Renderer) contact(u *site.Unit) []Fact {
	return slices.DeleteFunc(r.unitFacts(u), func(f Fact) bool {
		return f.Label == "统一社会信用代码" || f.Label == "传真" || f.Label == "上级单位"
	})
}

func (r *Renderer) unitField(w *Buffer, uf *site.UnitField) error {
	u, f := uf.Unit, uf.Field
	title := u.Name + f.Name + "领域政务公开目录"
	col := r.unitFieldColumn(uf)
	p := UnitFieldPage{
		Frame: r.frame("unit-field", "/"+u.Slug, uf.Address(), title, col.description, r.columnMarks(col), r.crumbs(Link{u.Name, r.url(u.PageAddress())})),
		Unit:  Link{u.Name, r.url(u.PageAddress())}, Field: Link{f.Name, r.url(f.Address())}, Number: f.Number,
		NotApplicable: uf.NotApplicable, Filled: uf.Filled(), Items: len(uf.Entries), Total: len(uf.Disclosures),
		Groups: r.groups(uf.Entries, r.url(uf.Address()+"all/"), r.site.Config.ItemListSize),
	}
	if p.Elsewhere = !uf.Answers(); p.Elsewhere {
		p.NoIndex, p.Groups = true, nil
	}
	for _, o := range uf.Omitted {
		p.Omitted = append(p.Omitted, Fact{Label: o.Item, Value: o.Reason})
	}
	p.Others = r.others(uf)
	p.Contact = r.contacts[u.Index]
	return r.theme.execute(w, "unit-field.html", uf.Address(), p)
}

// others returns the same field at the units beside this one; where there are many, at those that disclose most.
func (r *Renderer) others(uf *site.UnitField) []FieldUnit {
	const most = 24
	if len(r.site.Units) <= most {
		return r.fieldUnits(uf.Field, uf.Unit)
	}
	return nil // the field's own page lists them all
}

func (r *Renderer) unitFieldColumn(uf *site.UnitField) column {
	return column{uf.Unit.Name + uf.Field.Name, uf.Unit.Publisher() + uf.Field.Name + "领域主动公开的政府信息", uf.Unit.Name + "," + uf.Field.Name + ",政务公开", "法定主动公开内容"}
}

// body renders the text of a source.
func (r *Renderer) body(w *Buffer, src *site.Source, address string, page *Page) (markdown.Result, error) {
	resolve, k := r.resolver(src, address, page), w.keying
	if k != nil && k.only {
		k.seeBody(src, resolve, page)
		return markdown.Result{}, nil
	}
	text, err := r.read(src)
	if err != nil {
		return markdown.Result{}, err
	}
	if k != nil {
		k.text = append(k.text, src.Sum[:]...)
		resolve = k.seeLinks(resolve)
	}
	result := r.md.Render(src.Path, text, src.BodyLine, resolve)
	if k != nil {
		k.sawBody(page)
		k.seen += len(result.Findings) // the text's sum stands for them
	}
	page.Findings = append(page.Findings, result.Findings...)
	page.Text, page.Asked = result.Text, result.Links
	for _, h := range result.Headings {
		page.Headings = append(page.Headings, h.Text)
	}
	return result, nil
}

// summaryOf returns what stands for a text where its editor wrote no summary. A table is none: its headings say nothing.
func summaryOf(body markdown.Result, title string) string {
	return cmp.Or(shorten(body.Lead, 80), title)
}

func (r *Renderer) attachments(as []site.Attachment, page *Page) []AttachmentView {
	var out []AttachmentView
	for _, a := range as {
		page.Files = append(page.Files, a.Path)
		out = append(out, AttachmentView{a.Name, r.url(FileAddress(a.Path)), fileType(a.Name), formatSize(a.Size), fmt.Sprintf("%x", a.Sum)})
	}
	return out
}

// piecesOf returns a text and its table of contents with their links.
func piecesOf(body markdown.Result, table template.HTML) []links.Piece {
	text := links.Piece{HTML: body.HTML, Uses: make([]links.Use, 0, len(body.Hrefs)+len(body.Pictures)+len(body.Headings))}
	for _, h := range body.Headings {
		text.Uses = append(text.Uses, links.Use{Kind: links.Anchor, Value: h.ID})
	}
	for _, href := range body.Hrefs {
		text.Uses = append(text.Uses, links.Use{Kind: links.Href, Value: strings.TrimSpace(href)})
	}
	for _, src := range body.Pictures {
		text.Uses = append(text.Uses, links.Use{Kind: links.Source, Value: strings.TrimSpace(src)})
	}
	list := links.Piece{HTML: string(table)}
	if table != "" {
		for _, h := range body.Headings {
			if h.Level <= 3 {
				list.Uses = append(list.Uses, links.Use{Kind: links.Href, Value: "#" + h.ID})
			}
		}
	}
	return []links.Piece{text, list}
}

// itemID returns the identifier of an item on the page of its unit's field.
func (r *Renderer) itemID(it *site.Item) string {
	if id, ok := r.itemIDs[it]; ok {
		return id
	}
	if it.Level2 == "" {
		return markdown.ID(it.Level1) + "-item"
	}
	return markdown.ID(it.Path())
}

func (r *Renderer) disclosureCrumbs(d *site.Disclosure) template.HTML {
	return r.crumbsOf[d.Unit.Index*len(r.site.Fields)+d.Field.Index]
}

func (r *Renderer) disclosure(w *Buffer, d *site.Disclosure) (Page, error) {
	var page Page
	body, err := r.body(w, &d.Source, d.Address(), &page)
	if err != nil {
		return page, err
	}
	k := w.keying
	keyOnly := k != nil && k.only
	description := d.Summary
	if description == "" {
		description = summaryOf(body, d.Title)
	}
	if quoted := r.excerpts[d]; quoted != nil {
		if !keyOnly {
			*quoted, page.Excerpt = description, description
		}
		if k != nil {
			k.add("quoted")
		}
	}
	uf := r.site.UnitField(d.Unit, d.Field)
	col := r.unitFieldColumn(uf)
	if d.Kind != "" {
		col.kind = d.Kind
	}
	head := r.appendColumn(w.marks[:0], col)
	head.article(d.Title, d.Published, d.PublisherName())
	head.name("Keywords", strings.Join(d.Keywords, ","))
	f := r.unmarked("disclosure", "/"+d.Unit.Slug, d.Address(), d.Title, r.disclosureCrumbs(d))
	f.JSONLD = article(d, f.Canonical)
	block := r.headerBlock(d)
	p := DisclosurePage{
		Frame: f, Facts: template.HTML(block.HTML),
		Attachments: r.attachments(d.Attachments, &page), Related: r.related(d, &page), Contact: r.contacts[d.Unit.Index],
	}
	if d.Validity != site.Valid {
		p.Validity = d.Validity.Chinese()
		if !d.RepealedOn.IsZero() {
			p.Validity = "自" + d.RepealedOn.Chinese() + "起" + p.Validity
		}
	}
	if k != nil {
		k.found(&page)
	}
	i := r.position[d]
	if i > 0 {
		p.Newer = r.linkTo(uf.Disclosures[i-1])
	}
	if i+1 < len(uf.Disclosures) {
		p.Older = r.linkTo(uf.Disclosures[i+1])
	}
	if k != nil { // what is made of the text alone is not in the key: the text's sum is
		k.add(d.Summary)
		k.addBytes(head)
		if r.theme.see(w, "disclosure.html", p); k.only {
			return page, nil
		}
	}
	p.Body, p.Contents = template.HTML(body.HTML), contents(body.Headings)
	w.marks = r.describe(&p.Frame, "disclosure", description, head)
	page.Pieces = append(page.Pieces, piecesOf(body, p.Contents)...)
	page.Pieces = append(page.Pieces, block, links.Piece{HTML: string(p.Marks)}, links.Piece{HTML: string(p.JSONLD)})
	return page, r.theme.run(w, "disclosure.html", d.Source.Path, p)
}

func (r *Renderer) linkTo(d *site.Disclosure) *Link { return &Link{d.Title, r.url(d.Address())} }

// related returns what the editor named, then disclosures of the same item: the unit's own, then other units'.
func (r *Renderer) related(d *site.Disclosure, page *Page) []template.HTML {
	const most = 6
	found := make([]*site.Disclosure, 0, most)
	add := func(o *site.Disclosure) {
		if o != d && len(found) < most && !slices.Contains(found, o) {
			found = append(found, o)
		}
	}
	for _, ref := range d.Related {
		if o := r.named(ref, d, page); o != nil && !o.Withdrawn {
			add(o)
		}
	}
	same := r.byItem[itemKey{d.Field, d.Item.Path()}]
	// the lists are long on large portals: the neighbours in time are what a reader may want
	at := int(r.inItem[d])
	near := same[max(0, at-40):min(len(same), at+40)]
	for _, o := range near {
		if o.Unit == d.Unit && len(found) < most-2 {
			add(o)
		}
	}
	for _, o := range near {
		if o.Unit != d.Unit {
			add(o)
		}
	}
	return r.rows(found)
}

func (r *Renderer) withdrawn(w *Buffer, d *site.Disclosure) (Page, error) {
	f := r.frame("withdrawn", "/"+d.Unit.Slug, d.Address(), d.Title, "本条信息的公示期已满，已按规定撤下。", r.columnMarks(r.unitFieldColumn(r.site.UnitField(d.Unit, d.Field))), r.disclosureCrumbs(d))
	f.NoIndex = true
	p := WithdrawnPage{
		Frame: f, Expired: d.Expires.Chinese(), Facts: template.HTML(r.headerBlock(d).HTML),
		Back: Link{d.Unit.Name + d.Field.Name, r.url(site.UnitFieldAddress(d.Unit, d.Field))}, Contact: r.contacts[d.Unit.Index],
	}
	return Page{}, r.theme.execute(w, "withdrawn.html", d.Source.Path, p)
}

func (r *Renderer) portalPage(w *Buffer, p *site.Page) (Page, error) {
	var page Page
	body, err := r.body(w, &p.Source, p.Address(), &page)
	if err != nil {
		return page, err
	}
	description := p.Summary
	if description == "" {
		description = summaryOf(body, p.Title)
	}
	col := column{p.Title, description, p.Title + ",政府信息公开", p.Title}
	if description == "" {
		col.description = p.Title
	}
	head := r.columnMarks(col)
	if !p.Published.IsZero() {
		head.article(p.Title, p.Published, r.site.Config.Organizer)
	}
	v := PortalPage{
		Frame: r.frame("page", "pages", p.Address(), p.Title, description, head, r.crumbs(Link{"公开指南与制度", r.url("/pages/")})),
		Body:  template.HTML(body.HTML), Contents: contents(body.Headings), Attachments: r.attachments(p.Attachments, &page),
	}
	if !p.Published.IsZero() {
		v.Published = p.Published.String()
	}
	for _, o := range r.site.Pages {
		v.Pages = append(v.Pages, NavLink{Link{o.Title, r.url(o.Address())}, o == p})
	}
	return page, r.theme.execute(w, "page.html", p.Source.Path, v)
}

func (r *Renderer) pages(w *Buffer) error {
	col := column{"公开指南与制度", r.site.Config.District + "政府信息公开指南、制度、依申请公开与年报", "公开指南,公开制度,依申请公开,年报", "信息公开指南"}
	p := PagesPage{Frame: r.frame("pages", "pages", "/pages/", "公开指南与制度", col.description, r.columnMarks(col), r.crumbs())}
	for _, o := range r.site.Pages {
		p.Pages = append(p.Pages, PageCard{o.Title, r.url(o.Address()), o.Summary})
	}
	return r.theme.execute(w, "pages.html", "/pages/", p)
}

func (r *Renderer) notFound(w *Buffer) error {
	f := r.frame("notfound", "notfound", "/404.html", "没有找到这个页面", "", r.siteMarks, r.crumbs())
	f.NoIndex = true
	return r.theme.execute(w, "404.html", "/404.html", NotFoundPage{f})
}

// A list is all disclosures of the portal, a unit, a field or a unit's field, newest first, some to a page.
type list struct {
	address    string // of its first page
	section    string
	title      string
	column     column
	breadcrumb template.HTML
	items      []*site.Disclosure
}

func (r *Renderer) listOfAll() list {
	col := column{"最新公开", r.site.Config.District + "各单位最新公开的政府信息", "最新公开,政务公开", "法定主动公开内容"}
	return list{"/all/", "all", "最新公开", col, r.crumbs(), r.published(nil)}
}

func (r *Renderer) listOfUnit(u *site.Unit) list {
	col := column{u.Name, u.Publisher() + "公开的全部政府信息", u.Name + ",政务公开", "法定主动公开内容"}
	return list{u.PageAddress() + "all/", "/" + u.Slug, u.Name + "全部公开信息", col, r.crumbs(Link{u.Name, r.url(u.PageAddress())}), r.published(u)}
}

func (r *Renderer) listOfField(f *site.Field) list {
	col := column{f.Name, f.Name + "领域各单位公开的全部政府信息", f.Name + ",政务公开", "法定主动公开内容"}
	return list{f.Address() + "all/", "fields", f.Name + "领域全部公开信息", col, r.crumbs(Link{"试点领域", r.url("/fields/")}, Link{f.Name, r.url(f.Address())}), r.publishedInField(f)}
}

func (r *Renderer) listOfUnitField(uf *site.UnitField) list {
	return list{uf.Address() + "all/", "/" + uf.Unit.Slug, uf.Unit.Name + uf.Field.Name + "领域全部公开信息", r.unitFieldColumn(uf),
		r.crumbs(Link{uf.Unit.Name, r.url(uf.Unit.PageAddress())}, Link{uf.Field.Name, r.url(uf.Address())}), uf.Disclosures}
}

// overflows reports whether some item has more disclosures than its page shows.
func (r *Renderer) overflows(uf *site.UnitField) bool {
	return slices.ContainsFunc(uf.Entries, func(e site.Entry) bool { return len(e.Disclosures) > r.site.Config.ItemListSize })
}

// list plans the pages of a list; an empty list has one page that says so.
func (r *Renderer) list(out []Output, l list) []Output {
	size := r.site.Config.PageSize
	pages := max(1, (len(l.items)+size-1)/size)
	addressOf := func(n int) string {
		if n == 1 {
			return l.address
		}
		return l.address + strconv.Itoa(n) + "/"
	}
	for n := 1; n <= pages; n++ {
		address := addressOf(n)
		out = append(out, Output{Path: address[1:] + "index.html", Address: address, HTML: true, render: func(w *Buffer) (Page, error) {
			title, breadcrumb := l.title, l.breadcrumb
			if n > 1 {
				title += fmt.Sprintf("（第%d页）", n)
			}
			p := ListPage{
				Frame: r.frame("list", l.section, address, title, l.column.description, r.columnMarks(l.column), breadcrumb),
				Rows:  r.rows(l.items[(n-1)*size : min(n*size, len(l.items))]), Total: len(l.items), Page: n, Pages: pages,
			}
			if n > 1 {
				p.Prev = r.url(addressOf(n - 1))
			}
			if n < pages {
				p.Next = r.url(addressOf(n + 1))
			}
			for _, k := range PagerNumbers(n, pages) {
				if k == 0 {
					p.Numbers = append(p.Numbers, PageNumber{Text: "…"})
					continue
				}
				p.Numbers = append(p.Numbers, PageNumber{strconv.Itoa(k), r.url(addressOf(k)), k == n})
			}
			return Page{}, r.theme.execute(w, "list.html", address, p)
		}})
	}
	return out
}

// PagerNumbers returns the first, the last and the pages around the current one; 0 stands for a gap.
func PagerNumbers(current, pages int) []int {
	var out []int
	for k := 1; k <= pages; k++ {
		if k == 1 || k == pages || k >= current-2 && k <= current+2 {
			if len(out) > 0 && out[len(out)-1] != k-1 {
				out = append(out, 0)
			}
			out = append(out, k)
		}
	}
	return out
}

// published returns the published disclosures of the unit, or of all units where it is nil, newest first.
func (r *Renderer) published(u *site.Unit) []*site.Disclosure {
	if u == nil {
		return r.all
	}
	return r.byUnit[u.Index]
}

func (r *Renderer) publishedInField(f *site.Field) []*site.Disclosure { return r.byField[f.Index] }
