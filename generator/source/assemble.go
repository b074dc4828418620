package source

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"gongkai/generator/calendar"
	"gongkai/generator/finding"
	"gongkai/generator/site"
)

// assemble makes one site of the records and reports what only shows when they meet.
func (l *loader) assemble() *site.Site {
	s := &site.Site{Now: l.now, Unpublished: map[string]finding.Text{}, Allowances: map[string][]site.Allowance{}}
	s.Config = l.config()
	for _, f := range l.files {
		if len(f.allowances) > 0 {
			s.Allowances[f.path] = f.allowances
		}
		switch r := f.record.(type) {
		case *site.Synonyms:
			s.Synonyms = *r
		case *calendar.Workdays:
			s.Workdays = r
		}
	}
	s.Pages = l.pages(s)
	s.Fields = l.fields()
	s.Units = l.unitList()
	for _, f := range l.files {
		known := f.role == roleUnit && slices.ContainsFunc(s.Units, func(u *site.Unit) bool { return u.Source.Path == f.path }) ||
			f.role == roleField && slices.ContainsFunc(s.Fields, func(x *site.Field) bool { return x.Source.Path == f.path })
		if (f.role == roleUnit || f.role == roleField) && !known {
			s.Unpublished[f.path] = withErrors
		}
	}
	a := &assembly{loader: l, site: s, fields: map[string]*site.Field{}, units: map[string]*site.Unit{}}
	for _, f := range s.Fields {
		a.fields[f.Slug] = f
	}
	for _, u := range s.Units {
		a.units[u.Slug] = u
	}
	a.unitFields()
	a.disclosures()
	a.withdrawn()
	a.aliases()
	s.Due = l.due
	if l.inspect != nil {
		s.Beside = l.unnamed()
	}
	return s
}

// unnamed returns the files beside documents that none has among its attachments, published or not.
func (l *loader) unnamed() []string {
	named := map[string]bool{}
	for _, f := range l.files {
		var list []site.Attachment
		switch r := f.record.(type) {
		case *disclosureRecord:
			list = r.disclosure.Attachments
		case *pageRecord:
			list = r.page.Attachments
		}
		for _, at := range list {
			named[at.Path] = true
		}
	}
	return slices.DeleteFunc(l.beside, func(p string) bool { return named[p] })
}

// assembly is the state of joining records.
type assembly struct {
	*loader
	site   *site.Site
	fields map[string]*site.Field
	units  map[string]*site.Unit
}

// config returns the settings. Where they cannot be read they have no name and no address, unless others were read before: a portal with made-up ones is not to
// take the place of a good one.
func (l *loader) config() site.Config {
	present := false
	for _, f := range l.files {
		if c, ok := f.record.(*site.Config); ok {
			return *c
		}
		present = present || f.role == roleConfig
	}
	if !present {
		l.report(finding.MissingKey, finding.Position{Path: path.Join(Dir, "site.yaml")},
			finding.T("缺少门户设置文件", "the settings of the portal are missing"),
			finding.T("新建 content/site.yaml，写明 名称、地区、网址", "create content/site.yaml with name, district and base_url"))
	}
	if l.settings != nil {
		return *l.settings
	}
	return site.Config{PageSize: 50, FeedSize: 50, HomeNewest: 10, ItemListSize: 20, Policy: defaultPolicy()}
}

func (l *loader) pages(s *site.Site) []*site.Page {
	var out []*site.Page
	seen := map[string]*site.Page{}
	for _, f := range l.files {
		r, ok := f.record.(*pageRecord)
		if !ok {
			if f.role == rolePage && f.failed {
				s.Unpublished[f.path] = withErrors
			}
			continue
		}
		if f.failed {
			s.Unpublished[f.path] = withErrors
			continue
		}
		why := l.unpublished(r.status, r.page.Published, &r.page.Source)
		if why.ZH != "" && !l.drafts {
			s.Unpublished[f.path] = why
			continue
		}
		if other := seen[Folded(r.page.Slug)]; other != nil {
			l.duplicateAddress(r.page.Source.At("slug"), other.Address(), other.Source.Path)
			s.Unpublished[f.path] = withErrors
			continue
		}
		if r.empty {
			l.emptyText(&r.page.Source, r.page.Attachments)
		}
		p := new(site.Page)
		*p = r.page
		p.Pending = why
		seen[Folded(p.Slug)] = p
		out = append(out, p)
	}
	slices.SortStableFunc(out, func(a, b *site.Page) int {
		return cmp.Or(cmp.Compare(orderLast(a.Order), orderLast(b.Order)), cmp.Compare(a.Slug, b.Slug))
	})
	return out
}

var withErrors = finding.T("有错误", "it has an error")

// orderLast sorts what states no order behind what does.
func orderLast(order int) int {
	if order == 0 {
		return 1 << 30
	}
	return order
}

func (l *loader) duplicateAddress(at finding.Position, address, other string) {
	l.report(finding.DuplicateAddress, at,
		finding.T("网址 %s 已被 %s 使用，本文件未发布", "the address %s belongs to %s already; this file is left out", address, other),
		finding.T("换一个文件名，或用“网址名: …”另取一个", "rename the file, or give another one with \"slug: …\""))
}

func (l *loader) fields() []*site.Field {
	var out []*site.Field
	slugs, numbers := map[string]*site.Field{}, map[int]*site.Field{}
	for _, f := range l.files {
		r, ok := f.record.(*fieldRecord)
		if !ok || r.field.Slug == "" || r.field.Name == "" || strings.EqualFold(r.field.Slug, "all") {
			continue
		}
		fd := new(site.Field)
		*fd = r.field
		if other := slugs[fd.Slug]; other != nil {
			l.report(finding.CatalogConflict, fd.Source.At("field"),
				finding.T("领域“%s”已在 %s，本目录未使用", "field %q stands in %s already; this catalog is left out", fd.Slug, other.Source.Path),
				finding.T("改用不同的领域网址名，或删去一个目录", "give it another name, or delete one of the two"))
			continue
		}
		slugs[fd.Slug] = fd
		if other := numbers[fd.Number]; other != nil && fd.Number != 0 {
			l.report(finding.CatalogConflict, fd.Source.At("number"),
				finding.T("序号 %d 与 %s 相同", "number %d is that of %s, too", fd.Number, other.Source.Path),
				finding.T("改用不同的序号", "give it another number"))
		}
		numbers[fd.Number] = fd
		out = append(out, fd)
	}
	slices.SortStableFunc(out, func(a, b *site.Field) int {
		return cmp.Or(cmp.Compare(orderLast(a.Number), orderLast(b.Number)), cmp.Compare(a.Slug, b.Slug))
	})
	for i, f := range out {
		f.Index = i
	}
	return out
}

func (l *loader) unitList() []*site.Unit {
	var out []*site.Unit
	bySlug, parents := map[string]*site.Unit{}, map[*site.Unit]string{}
	for _, f := range l.files {
		if r, ok := f.record.(*unitRecord); ok && r.unit.Name != "" && !site.Reserved(r.unit.Slug) { // the folder's name is nothing that citizens should read
			u := new(site.Unit)
			*u = r.unit
			out = append(out, u)
			bySlug[u.Slug], parents[u] = u, r.parent
		}
	}
	for _, u := range out {
		parent := parents[u]
		if p := bySlug[parent]; p != nil && p != u {
			u.Parent = p
		} else if parent != "" {
			l.report(finding.UnknownUnit, u.Source.At("parent"),
				finding.T("上级单位“%s”不存在", "there is no unit %q", parent),
				didYouMean(Nearest(parent, slices.Sorted(maps.Keys(bySlug))), finding.T("写单位文件夹的名字", "name the folder of a unit")))
		}
	}
	slices.SortStableFunc(out, func(a, b *site.Unit) int {
		return cmp.Or(cmp.Compare(orderLast(a.Order), orderLast(b.Order)), cmp.Compare(a.Slug, b.Slug))
	})
	for i, u := range out {
		u.Index = i
	}
	return out
}

// unitFields joins each unit with each field: the items that it inherits, and what it says of its own.
func (a *assembly) unitFields() {
	own := map[string]*unitFieldRecord{}
	for _, f := range a.files {
		if r, ok := f.record.(*unitFieldRecord); ok {
			own[f.unit+"/"+f.field] = r
		}
	}
	a.site.UnitFields = make([]*site.UnitField, 0, len(a.site.Units)*len(a.site.Fields))
	for _, u := range a.site.Units {
		for _, f := range a.site.Fields {
			uf := &site.UnitField{Unit: u, Field: f}
			uf.Entries = make([]site.Entry, 0, len(f.Items))
			for _, it := range f.Items {
				if it.Concerns(u.Level) {
					uf.Entries = append(uf.Entries, site.Entry{Item: it})
				}
			}
			if r := own[u.Slug+"/"+f.Slug]; r != nil {
				a.differ(uf, r)
			}
			a.site.UnitFields = append(a.site.UnitFields, uf)
		}
	}
}

// differ applies what a unit says of its own on a field.
func (a *assembly) differ(uf *site.UnitField, r *unitFieldRecord) {
	uf.Source = r.source
	uf.NotApplicable = r.notApplicable
	for _, it := range r.items {
		if e := uf.Entry(it.Path()); e != nil {
			e.Item, e.Origin = override(e.Item, it), site.Overridden
		} else if base := uf.Field.Item(it.Path()); base != nil {
			uf.Entries = append(uf.Entries, site.Entry{Item: override(base, it), Origin: site.Added})
		} else {
			a.nearItem(uf, r, it)
			uf.Entries = append(uf.Entries, site.Entry{Item: it, Origin: site.Added})
		}
	}
	for _, o := range r.omit {
		finder := newItemFinder(uf)
		it, _ := finder.find(o.item)
		if it == nil {
			a.report(finding.UnknownItem, o.at,
				finding.T("目录里没有“%s”，无从不公开", "the catalog has no item %q to omit", o.item),
				finder.mend(o.item))
			continue
		}
		uf.Omitted = append(uf.Omitted, site.Omission{Item: it.Path(), Reason: o.reason, Line: o.at.Line})
		uf.Entries = slices.DeleteFunc(uf.Entries, func(e site.Entry) bool { return e.Item.Path() == it.Path() })
	}
	if uf.NotApplicable != "" {
		uf.Entries = nil
	}
}

// nearItem reports an item that a unit adds though it may have meant one of the catalog: both levels are the same but for a character or so, and the unit's text
// does not have that one, too.
func (a *assembly) nearItem(uf *site.UnitField, r *unitFieldRecord, it *site.Item) {
	for _, other := range uf.Field.Items {
		if !almost(it.Level1, other.Level1) || !almost(it.Level2, other.Level2) ||
			slices.ContainsFunc(r.items, func(o *site.Item) bool { return o.Path() == other.Path() }) {
			continue
		}
		a.report(finding.NearItem, finding.Position{Path: r.source.Path, Line: it.Line, Column: 1},
			finding.T("目录里没有“%s”，作为本单位增加的事项显示", "the catalog has no item %q; it is shown as one that the unit adds", it.Path()),
			finding.T("是不是“%s”？确实是另一个事项的，在文件头里写“豁免”", "did you mean %q? Where it is another item, allow this in the front matter", other.Path()))
		return
	}
}

// override returns the item with the columns that the unit's own text states.
func override(base, own *site.Item) *site.Item {
	it := *base
	it.Line = own.Line
	for c, cell := range own.Columns {
		if cell.Line != 0 {
			it.Columns[c] = cell
		}
	}
	if own.Columns[site.LevelsOf].Line != 0 {
		it.Levels = own.Levels
	}
	return &it
}

// disclosures files the disclosures under units, fields and items, and settles duplicates.
func (a *assembly) disclosures() {
	var documents []*site.Disclosure
	lost := map[string]int{} // folder of an unknown unit, or of an unknown field of a unit -> documents in it
	finders := map[*site.UnitField]*itemFinder{}
	for _, f := range a.files {
		if f.role != roleDisclosure {
			continue
		}
		unit, field := a.units[f.unit], a.fields[f.field]
		if unit == nil || field == nil {
			folder := path.Dir(f.path)
			if unit == nil {
				folder = path.Dir(folder)
			}
			lost[folder]++
			a.site.Unpublished[f.path] = withErrors
			continue
		}
		r, _ := f.record.(*disclosureRecord)
		if r == nil || f.failed {
			a.site.Unpublished[f.path] = withErrors
			// the item of a document with another error is still worth a word
			if r != nil && r.item != "" {
				a.file(r, unit, field, finders)
			}
			continue
		}
		d := a.file(r, unit, field, finders)
		if d == nil {
			a.site.Unpublished[f.path] = withErrors
			continue
		}
		if why := a.unpublished(r.status, d.Published, &d.Source); why.ZH != "" {
			if !a.drafts {
				a.site.Unpublished[f.path] = why
				continue
			}
			d.Pending = why
		}
		if r.empty && !d.Withdrawn {
			a.emptyText(&d.Source, d.Attachments)
		}
		documents = append(documents, d)
	}
	for _, folder := range slices.Sorted(maps.Keys(lost)) {
		a.lostFolder(folder, lost[folder])
	}
	a.place(a.unique(documents))
}

// file returns the disclosure of a record with its item, and what today makes of it; nil where there is no such item.
func (a *assembly) file(r *disclosureRecord, u *site.Unit, f *site.Field, finders map[*site.UnitField]*itemFinder) *site.Disclosure {
	d := new(site.Disclosure)
	*d = r.disclosure
	d.Unit, d.Field = u, f
	d.Settle()
	if !d.RepealedOn.IsZero() && !d.RepealedOn.After(a.now.Date) && d.Validity == site.Valid {
		d.Validity = site.Repealed
	}
	d.Withdrawn = !d.Expires.IsZero() && d.Expires.Before(a.now.Date)
	uf := a.site.UnitField(u, f)
	finder := finders[uf]
	if finder == nil {
		finder = newItemFinder(uf)
		finders[uf] = finder
	}
	it, exact := finder.find(r.item)
	at := d.Source.At("item")
	if it == nil {
		a.report(finding.UnknownItem, at,
			finding.T("“%s”领域的目录里没有事项“%s”", "the catalog of %s has no item %q", f.Name, r.item),
			finder.mend(r.item))
		return nil
	}
	if !exact {
		a.report(finding.ItemSeparator, at,
			finding.T("事项“%s”已按“%s”理解", "item %q is understood as %q", r.item, it.Path()),
			finding.T("写成“%s”，一级和二级之间用半角 /", "write %q, with / between the levels", it.Path()))
	}
	d.Item = it
	return d
}

// unpublished returns why a document has no page yet.
func (l *loader) unpublished(s status, published calendar.Stamp, src *site.Source) finding.Text {
	switch {
	case s == draft:
		return finding.T("草稿", "draft")
	case s == inReview:
		return finding.T("审核中", "in review")
	case calendar.CompareStamps(published, l.now) > 0:
		if l.due.IsZero() || calendar.CompareStamps(published, l.due) < 0 {
			l.due = published
		}
		l.report(finding.FutureDate, src.At("date"),
			finding.T("发布日期 %s 还没有到，暂不发布", "it is published on %s, which has not come yet", published),
			finding.T("如果日期写错请改正；否则到期重新构建即会发布", "mend the date if it is wrong; otherwise a build on that day publishes it"))
		return finding.T("发布日期 %s 未到", "due on %s", published)
	}
	return finding.Text{}
}

// emptyText reports a page on which there is nothing to read.
func (l *loader) emptyText(src *site.Source, attachments []site.Attachment) {
	if len(attachments) > 0 {
		return
	}
	l.report(finding.EmptyText, finding.Position{Path: src.Path},
		finding.T("正文是空的，也没有附件", "there is no text and no attachment"),
		finding.T("在文件头下面写上正文，或写明“附件”；还没写好的，加一行“状态: 草稿”", "write the text below the front matter, or name attachments; where it is not ready add \"draft: true\""))
}

// lostFolder reports the documents of a folder that belongs to no unit or no field, once for all of them.
func (a *assembly) lostFolder(folder string, documents int) {
	if unit := path.Base(folder); path.Dir(folder) == path.Join(Dir, "units") {
		at := finding.Position{Path: path.Join(folder, "_index.md")}
		if slices.ContainsFunc(a.files, func(f *file) bool { return f.role == roleUnit && path.Dir(f.path) == folder }) {
			a.report(finding.UnknownUnit, at,
				finding.T("单位“%s”的 _index.md 有错，它的 %d 个文件未发布", "the _index.md of the unit %q has an error, and its %d files are left out", unit, documents),
				finding.T("先改正这个 _index.md", "mend this _index.md first"))
			return
		}
		names := map[string]string{}
		for _, u := range a.site.Units {
			names[u.Slug], names[u.Name] = u.Slug, u.Slug
		}
		a.report(finding.UnknownUnit, at,
			finding.T("没有单位“%s”：缺少 _index.md，它的 %d 个文件未发布", "there is no unit %q: its _index.md is absent, and its %d files are left out", unit, documents),
			didYouMean(names[Nearest(unit, slices.Sorted(maps.Keys(names)))], finding.T("在单位文件夹里写一个 _index.md，至少有 名称 和 层级", "write an _index.md with at least name and level into the unit's folder")))
		return
	}
	field := path.Base(folder)
	for _, f := range a.files {
		if f.role != roleField {
			continue
		}
		if r, ok := f.record.(*fieldRecord); ok && r.field.Slug == field || !ok && strings.TrimLeft(f.name, "0123456789-") == field {
			a.report(finding.BrokenField, finding.Position{Path: folder},
				finding.T("目录 %s 读不出来，这里 %d 个文件未发布", "the catalog %s cannot be read; %d files here are left out", f.path, documents),
				finding.T("先改正目录文件", "mend the catalog first"))
			return
		}
	}
	names := map[string]string{}
	for _, f := range a.site.Fields {
		names[f.Slug], names[f.Name] = f.Slug, f.Slug
	}
	a.report(finding.UnknownField, finding.Position{Path: folder},
		finding.T("没有领域“%s”，这里 %d 个文件未发布", "there is no field %q; %d files here are left out", field, documents),
		didYouMean(names[Nearest(strings.TrimSuffix(field, "领域"), slices.Sorted(maps.Keys(names)))], finding.T("文件夹要用 content/fields 里某个目录的“领域”网址名", "name the folder as the \"field\" of a catalog in content/fields")))
}

// unique leaves out documents whose index number or address belongs to one that was published before, and returns
// the rest, newest first.
func (a *assembly) unique(documents []*site.Disclosure) []*site.Disclosure {
	slices.SortFunc(documents, func(x, y *site.Disclosure) int { // no two have one path
		if c := calendar.CompareStamps(x.Published, y.Published); c != 0 {
			return c
		}
		return strings.Compare(x.Source.Path, y.Source.Path)
	})
	byIndex := make(map[string]*site.Disclosure, len(documents))
	byAddress := make(map[string]*site.Disclosure, len(documents))
	out := make([]*site.Disclosure, 0, len(documents))
	for _, d := range documents {
		address := d.Address()
		folded := Folded(address) // a system that does not tell case would put one file over the other
		if other := byAddress[folded]; other != nil {
			a.duplicateAddress(d.Source.At("slug"), address, other.Source.Path)
			a.site.Unpublished[d.Source.Path] = withErrors
			continue
		}
		number := site.FoldIndexNo(d.IndexNo)
		if other := byIndex[number]; other != nil {
			a.report(finding.DuplicateIndex, d.Source.At("index"),
				finding.T("索引号 %s 已被 %s 使用，本文件未发布", "the index number %s belongs to %s already; this file is left out", d.IndexNo, other.Source.Path),
				finding.T("换一个没有用过的索引号", "take a number that is not in use"))
			a.site.Unpublished[d.Source.Path] = withErrors
			continue
		}
		byAddress[folded], byIndex[number] = d, d
		out = append(out, d)
	}
	slices.Reverse(out)
	return out
}

// place lists the disclosures, newest first, under their units' fields and items.
func (a *assembly) place(ds []*site.Disclosure) {
	a.site.Disclosures = ds
	for _, d := range ds {
		uf := a.site.UnitField(d.Unit, d.Field)
		i := slices.IndexFunc(uf.Entries, func(e site.Entry) bool { return e.Item == d.Item }) // no two entries have one path
		if i < 0 {
			i = len(uf.Entries)
			uf.Entries = append(uf.Entries, site.Entry{Item: d.Item, Origin: site.Beyond})
		}
		e := &uf.Entries[i]
		if e.Origin == site.Beyond {
			a.foreignItem(d, uf)
		}
		if d.Withdrawn {
			e.Withdrawn++
			continue
		}
		e.Disclosures = append(e.Disclosures, d)
		uf.Disclosures = append(uf.Disclosures, d)
	}
}

func (a *assembly) foreignItem(d *site.Disclosure, uf *site.UnitField) {
	reason := finding.T("该事项的公开层级是%s，%s属%s", "the item is for the level %[4]s, and %[2]s is %[5]s",
		d.Item.Columns[site.LevelsOf].Text, uf.Unit.Name, uf.Unit.Level.Chinese(), d.Item.Columns[site.LevelsOf].Text, uf.Unit.Level)
	if uf.NotApplicable != "" {
		reason = finding.T("%s已声明不涉及%s领域", "%s has declared the field %s not applicable", uf.Unit.Name, uf.Field.Name)
	}
	for _, o := range uf.Omitted {
		if o.Item == d.Item.Path() {
			reason = finding.T("%s已声明不公开该事项（%s）", "%s has declared this item omitted (%s)", uf.Unit.Name, o.Reason)
		}
	}
	a.report(finding.ForeignItem, d.Source.At("item"),
		finding.T("事项“%[1]s”不属于本单位：%[2]s", "item %[1]q does not concern the unit: %[3]s", d.Item.Path(), reason.ZH, reason.EN),
		finding.T("信息照常发布。换一个事项，或在 %s 里改正声明", "it is published all the same; choose another item or mend the declaration in %s",
			path.Join(Dir, "units", uf.Unit.Slug, uf.Field.Slug, "_index.md")))
}

// withdrawn finds the files that came down with their documents. Personal data that was to be seen for a while is not to stay because another document links to it.
func (a *assembly) withdrawn() {
	for _, d := range a.site.Disclosures {
		for _, at := range d.Attachments {
			if d.Withdrawn {
				if a.site.Withdrawn == nil {
					a.site.Withdrawn = map[string]*site.Disclosure{}
				}
				a.site.Withdrawn[at.Path] = d
			}
		}
	}
	if a.site.Withdrawn == nil {
		return
	}
	inForce := func(list []site.Attachment) {
		for _, at := range list {
			delete(a.site.Withdrawn, at.Path)
		}
	}
	for _, d := range a.site.Disclosures {
		if !d.Withdrawn {
			inForce(d.Attachments)
		}
	}
	for _, p := range a.site.Pages {
		inForce(p.Attachments)
	}
}

// aliases drops old addresses that are in use.
func (a *assembly) aliases() {
	taken := map[string]string{"/": path.Join(Dir, "site.yaml")}
	for _, f := range a.site.Fields {
		taken[f.Address()] = f.Source.Path
	}
	for _, uf := range a.site.UnitFields {
		taken[uf.Address()] = uf.Unit.Source.Path
	}
	for _, u := range a.site.Units {
		taken[u.PageAddress()] = u.Source.Path
	}
	for _, p := range a.site.Pages {
		taken[p.Address()] = p.Source.Path
	}
	for _, d := range a.site.Disclosures {
		taken[d.Address()] = d.Source.Path
	}
	keep := func(list []string, src *site.Source) []string {
		return slices.DeleteFunc(slices.Clone(list), func(alias string) bool { // the record keeps what the file says
			owner, used := taken[alias]
			if !used {
				taken[alias] = src.Path
				return false
			}
			a.report(finding.AliasConflict, src.At("aliases"),
				finding.T("旧地址 %s 已被 %s 使用，已忽略", "the alias %s belongs to %s and is ignored", alias, owner),
				finding.T("删去这条旧地址", "delete the alias"))
			return true
		})
	}
	for _, p := range a.site.Pages {
		if len(p.Aliases) > 0 {
			p.Aliases = keep(p.Aliases, &p.Source)
		}
	}
	for _, d := range a.site.Disclosures {
		if len(d.Aliases) > 0 {
			d.Aliases = keep(d.Aliases, &d.Source)
		}
	}
}

// itemFinder finds the items of a unit's field by path, forgiving width, white space and the separator.
type itemFinder struct {
	uf     *site.UnitField
	exact  map[string]*site.Item
	order  []*site.Item
	folded map[string]*site.Item // these two are nil until a path is not written exactly
	plain  map[string]*site.Item // without any separator; nil value where two items would be meant
}

func newItemFinder(uf *site.UnitField) *itemFinder {
	n := max(len(uf.Entries), len(uf.Field.Items))
	x := &itemFinder{uf: uf, exact: make(map[string]*site.Item, n), order: make([]*site.Item, 0, n)}
	add := func(p string, it *site.Item) {
		x.exact[p] = it
		x.order = append(x.order, it)
	}
	for i := range uf.Entries {
		it := uf.Entries[i].Item
		add(it.Path(), it)
	}
	for _, it := range uf.Field.Items {
		if p := it.Path(); x.exact[p] == nil {
			add(p, it)
		}
	}
	return x
}

// forgive prepares for paths that are not written exactly.
func (x *itemFinder) forgive() {
	if x.folded != nil {
		return
	}
	x.folded, x.plain = map[string]*site.Item{}, map[string]*site.Item{}
	for _, it := range x.order {
		p := it.Path()
		x.folded[foldWidth(p)] = it
		key := withoutSeparators(p)
		if _, seen := x.plain[key]; seen {
			x.plain[key] = nil
		} else {
			x.plain[key] = it
		}
	}
}

// find returns the item that the path means, or nil. exact is false where the separator is another one than /.
func (x *itemFinder) find(p string) (it *site.Item, exact bool) {
	if it := x.exact[p]; it != nil {
		return it, true
	}
	x.forgive()
	if it := x.folded[foldWidth(p)]; it != nil {
		return it, true
	}
	return x.plain[withoutSeparators(p)], false
}

// mend says what may have been meant.
func (x *itemFinder) mend(p string) finding.Text {
	paths := slices.Sorted(maps.Keys(x.exact))
	// a level alone is a common slip
	var group []string
	for _, full := range paths {
		if x.exact[full].Level1 == p {
			group = append(group, full)
		}
	}
	if len(group) > 0 {
		return finding.T("写明二级事项：%s", "name the second level as well: %s", strings.Join(group, "、"))
	}
	for _, full := range paths {
		if x.exact[full].Level2 == p {
			return didYouMean(full, finding.Text{})
		}
	}
	if best := Nearest(p, paths); best != "" {
		return didYouMean(best, finding.Text{})
	}
	return finding.T("可用的事项见 %s，写成“一级/二级”", "the items stand in %s; write first/second", x.uf.Field.Source.Path)
}

// foldWidth makes full-width forms half-width and drops white space.
func foldWidth(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == ' ' || r == '　' || r == '\t' || r == '\u00a0':
			return -1
		}
		return r
	}, s)
}

// withoutSeparators drops every mark that an editor may have put between the levels of an item.
func withoutSeparators(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("/\\|>-_:;,.=~»→—–―·・、，。；：＞", r) {
			return -1
		}
		return r
	}, foldWidth(s))
}
