package source

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"gongkai/generator/disk"
	"gongkai/generator/finding"
	"gongkai/generator/site"
)

// The records are what one file says on its own, before it meets the others.
type (
	fieldRecord struct {
		field site.Field
	}
	unitRecord struct {
		unit   site.Unit
		parent string
	}
	unitFieldRecord struct {
		source        site.Source
		notApplicable string
		omit          []omitRecord
		items         []*site.Item
	}
	omitRecord struct {
		item, reason string
		at           finding.Position
	}
	disclosureRecord struct {
		disclosure site.Disclosure // as it stands in the file: what the clock decides is settled when the site is assembled
		item       string
		status     status
		empty      bool // it has no text
	}
	pageRecord struct {
		page   site.Page
		status status
		empty  bool
	}
)

// status is how far a document has come.
type status uint8

const (
	approved status = iota
	draft
	inReview
)

// parse reads one file into its record. The error is a trouble of the disk.
func (l *loader) parse(f *file) error {
	stamp, recalled := l.recalled(f)
	if recalled {
		return nil
	}
	raw, err := l.read(f)
	if raw == nil || err != nil {
		return err
	}
	sum := sha256.Sum256(raw)
	f.frame = sum
	text, fault := cleanText(f.path, raw)
	if fault != nil {
		f.fail(*fault)
		return nil
	}
	if l.inspect != nil {
		// an error of the inspector makes no file unreadable: it is judged with the rest, and an allowance may cover the error
		f.findings = append(f.findings, l.inspect(f.path, text)...)
	}
	src := site.Source{Path: f.path, Sum: sum}
	if f.role == roleConfig {
		fr := parseFront(f.path, configKeys, text, 1, &src)
		if c := readConfig(fr); !fr.partial { // a portal that lacks its marks or its banner is another portal
			f.record = c
		}
		f.take(fr.findings)
		return nil
	}
	if f.role == roleSynonyms {
		fr := parseFront(f.path, synonymFileKeys, text, 1, nil)
		f.record = readSynonyms(fr)
		f.take(fr.findings)
		return nil
	}
	if f.role == roleWorkdays {
		days, faults := readWorkdays(f.path, text)
		f.record = days
		f.take(faults)
		return nil
	}
	table := map[role]*keyTable{
		roleField: fieldKeys, rolePage: pageKeys, roleUnit: unitKeys, roleUnitField: unitFieldKeys, roleDisclosure: disclosureKeys,
	}[f.role]
	yaml, body, bodyLine, fault := splitFront(f.path, text, table)
	if fault != nil {
		f.fail(*fault)
		return nil
	}
	src.BodyLine = bodyLine
	if f.role == roleDisclosure || f.role == rolePage || f.role == roleUnit {
		f.frame = sha256.Sum256(yaml)
	}
	if f.role != roleField && f.role != roleUnitField && l.kept.Add(int64(len(raw))) <= keepTexts {
		src.Text = body[:len(body):len(body)]
		if body == nil {
			src.Text = []byte{}
		}
	}
	fr := parseFront(f.path, table, yaml, 2, &src)
	switch f.role {
	case roleField:
		items, faults := parseCatalog(f.path, body, bodyLine)
		f.record = readField(fr, f.name, items)
		f.take(faults)
	case rolePage:
		r := l.readPage(fr, f)
		r.empty = isEmpty(body)
		f.record = r
	case roleUnit:
		f.record = readUnit(fr, f.unit)
	case roleUnitField:
		items, faults := parseCatalog(f.path, body, bodyLine)
		f.record = readUnitField(fr, items)
		f.take(faults)
	case roleDisclosure:
		r := l.readDisclosure(fr, f)
		r.empty = isEmpty(body)
		f.record = r
	}
	f.allowances = fr.allowances()
	f.take(fr.findings)
	l.remember(f, stamp)
	return nil
}

func isEmpty(body []byte) bool { return len(bytes.TrimSpace(body)) == 0 }

func (f *file) take(fs []finding.Finding) {
	f.findings = append(f.findings, fs...)
	errors, _, _ := finding.Count(fs)
	f.failed = f.failed || errors > 0
}

func (f *file) fail(fault finding.Finding) { f.take([]finding.Finding{fault}) }

// read returns the bytes of the file, or nil where it is too large to be a text.
func (l *loader) read(f *file) ([]byte, error) {
	raw, size, err := disk.Read(filepath.Join(l.root, filepath.FromSlash(f.path)), MaxFileSize)
	if errors.Is(err, disk.ErrTooLarge) {
		f.fail(finding.New(finding.TooLarge, finding.Position{Path: f.path},
			finding.T("文件有 %s，超过 10 MB", "the file has %s, above 10 MB", formatSize(size)),
			finding.T("把大表格、图片作为附件，正文只留文字", "make large tables and pictures attachments and keep the text here")))
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.path, err)
	}
	return raw, nil
}

func readConfig(fr *front) *site.Config {
	c := &site.Config{
		Name:         fr.text("name"),
		District:     fr.text("district"),
		Description:  fr.text("description"),
		BaseURL:      fr.text("base_url"),
		Demo:         fr.text("demo"),
		SiteIDCode:   fr.text("site_id_code"),
		ICP:          fr.text("icp"),
		PoliceNo:     fr.text("police_no"),
		Organizer:    fr.text("organizer"),
		Undertaker:   fr.text("undertaker"),
		Contact:      fr.text("contact"),
		ReportURL:    fr.text("report_url"),
		OrgMarkURL:   fr.text("org_mark_url"),
		OrgMarkImage: fr.text("org_mark_image"),
		PoliceBadge:  fr.text("police_badge"),
		PageSize:     fr.number("page_size", 50),
		FeedSize:     fr.number("feed_size", 50),
		HomeNewest:   fr.number("home_newest", 10),
		ItemListSize: fr.number("item_list_size", 20),
		Policy:       readPolicy(fr),
	}
	if c.BaseURL != "" {
		if _, ok := site.ParseBase(c.BaseURL); !ok {
			at := fr.values["base_url"]
			fr.report(finding.WrongValue, at.line, at.column,
				finding.T("网址“%s”不完整", "%q is no whole address", c.BaseURL),
				finding.T("写成 https://www.example.gov.cn/ 的样子", "write it like https://www.example.gov.cn/"))
			c.BaseURL = ""
		}
	}
	c.PageSize = max(1, c.PageSize)
	c.ItemListSize = max(1, c.ItemListSize)
	return c
}

func readField(fr *front, name string, items []*site.Item) *fieldRecord {
	r := &fieldRecord{site.Field{
		Slug:   fr.text("field"),
		Name:   fr.text("name"),
		Title:  fr.text("title"),
		Number: fr.number("number", 0),
		Since:  fr.date("approved"),
		Items:  items,
		Source: *fr.source,
	}}
	if r.field.Slug == "" {
		// 20-social-assistance.md says the address name as well
		r.field.Slug = strings.TrimLeft(name, "0123456789-")
	}
	fr.checkSlug("field", r.field.Slug)
	fr.checkReserved("field", r.field.Slug)
	if r.field.Name == "" {
		r.field.Name, _, _ = strings.Cut(r.field.Title, "领域")
	}
	return r
}

// ValidSlug reports whether a text can be a part of an address.
func ValidSlug(slug string) bool {
	bad := strings.ContainsAny(slug, " \t/\\?#%&+:*\"<>|'`{}[]^;") || strings.HasPrefix(slug, ".") || strings.HasPrefix(slug, "_") || slug == "" || !Portable(slug) ||
		RunsCode(slug) || strings.HasSuffix(slug, ".txt") // /feed.xml, /404.html and /robots.txt are the portal's
	return !bad
}

// checkSlug reports a text that cannot be a part of an address.
func (f *front) checkSlug(key, slug string) {
	if ValidSlug(slug) {
		return
	}
	at := f.source.At(key)
	f.report(finding.BadSlug, at.Line, at.Column,
		finding.T("“%s”不能用作网址", "%q cannot be part of an address", slug),
		finding.T("只用字母、数字、汉字和减号，例如 2022-10-dibao", "use letters, digits and hyphens, for example 2022-10-dibao"))
}

// checkReserved reports a name that the portal uses beside it: the full list, at /<unit>/all/ and /<unit>/<field>/all/.
func (f *front) checkReserved(key, slug string) {
	if !strings.EqualFold(slug, "all") {
		return
	}
	at := f.source.At(key)
	f.report(finding.ReservedAddress, at.Line, at.Column,
		finding.T("网址名不能是“%s”，这个网址属于门户本身", "%q cannot be the name: the address belongs to the portal", slug),
		finding.T("换一个名字", "take another name"))
}

func readUnit(fr *front, slug string) *unitRecord {
	r := &unitRecord{
		unit: site.Unit{
			Slug:        slug,
			Name:        fr.text("name"),
			FullName:    fr.text("fullname"),
			Order:       fr.number("order", 0),
			IndexPrefix: fr.text("index_prefix"),
			Address:     fr.text("address"),
			Postcode:    fr.text("postcode"),
			Phone:       fr.text("phone"),
			Fax:         fr.text("fax"),
			Email:       fr.text("email"),
			Hours:       fr.text("hours"),
			CreditCode:  fr.text("credit_code"),
		},
		parent: fr.text("parent"),
	}
	r.unit.Kind = unitKeys.find("kind").choices[fr.choice("kind")].chinese
	if text := fr.text("level"); text != "" {
		l, ok := site.ParseLevel(text)
		if !ok {
			fr.choiceFault("level", text, []string{"县级", "乡级", "村级"}, []string{"county", "township", "village"})
		}
		r.unit.Level = l
	}
	if r.unit.Level == site.LevelUnknown {
		r.unit.Level = site.Township
	}
	fr.checkSlug("slug", slug)
	if site.Reserved(slug) {
		fr.report(finding.ReservedAddress, 1, 1,
			finding.T("单位文件夹不能叫“%s”，这个网址属于门户本身", "a unit's folder cannot be named %q: the address belongs to the portal", slug),
			finding.T("换一个文件夹名", "rename the folder"))
	}
	r.unit.Source = *fr.source
	return r
}

func readUnitField(fr *front, items []*site.Item) *unitFieldRecord {
	r := &unitFieldRecord{notApplicable: fr.reason("not_applicable"), items: items}
	if v, ok := fr.values["not_applicable"]; ok && saysNothing(r.notApplicable) {
		message := finding.T("声明不涉及，但没有写理由", "not_applicable has no reason")
		if r.notApplicable != "" {
			message = finding.T("“不涉及”后面的“%s”不是理由", "%q is no reason for not_applicable", r.notApplicable)
		}
		fr.report(finding.MissingReason, v.line, v.column, message,
			finding.T("写明理由，例如 不涉及: 本镇无国有土地上房屋征收项目；其实涉及的，删去这一行", "give the reason; where the field does concern the unit, delete the line"))
		r.notApplicable = "" // citizens are not to read it as one
	}
	r.omit = fr.omissions()
	r.source = *fr.source
	return r
}

// saysNothing reports whether a text that should be a reason is none.
func saysNothing(reason string) bool {
	return reason == "" || slices.Contains(noReasons, strings.ToLower(strings.Trim(reason, "。.！!")))
}

var noReasons = []string{"是", "否", "有", "无", "没有", "不", "对", "不涉及", "不适用", "不公开", "yes", "no", "true", "false", "none", "n/a", "na", "-", "—", "——", "/", "x", "1", "0"}

// omissions reads the list of omitted items, each with a reason.
func (f *front) omissions() []omitRecord {
	var out []omitRecord
	f.entries("omit", func(sub *front, n node) {
		if item := sub.text("item"); item == "" {
			sub.report(finding.MissingKey, n.line, n.column, finding.T("缺少“事项”", "\"item\" is missing"), finding.T("加上“事项: 一级/二级”", "add \"item: first/second\""))
		} else if reason := sub.reason("reason"); saysNothing(reason) {
			sub.report(finding.MissingReason, n.line, n.column,
				finding.T("“%s”没有写不公开的理由", "%q has no reason", item),
				finding.T("加上“理由: …”", "add \"reason: …\""))
		} else {
			iv := sub.values["item"]
			out = append(out, omitRecord{item, reason, f.at(iv.line, iv.column)})
		}
	})
	return out
}

func (l *loader) readDisclosure(fr *front, f *file) *disclosureRecord {
	d := site.Disclosure{
		Slug:       norm.NFC.String(fr.text("slug")),
		Title:      fr.text("title"),
		Formed:     fr.date("formed"),
		Published:  fr.stamp("date"),
		IndexNo:    fr.text("index"),
		DocNo:      fr.text("docno"),
		Kind:       fr.text("kind"),
		Publisher:  fr.text("publisher"),
		Effective:  fr.date("effective"),
		Validity:   site.Validity(fr.choice("validity")),
		RepealedOn: fr.date("repealed"),
		Expires:    fr.date("expires"),
		Summary:    fr.text("summary"),
		Keywords:   texts(fr.list("keywords")),
	}
	if d.Slug == "" {
		d.Slug = f.name
	}
	fr.checkSlug("slug", d.Slug)
	fr.checkReserved("slug", d.Slug)
	d.Attachments = l.attachments(fr, path.Dir(f.path))
	d.Aliases = fr.aliases()
	for _, v := range fr.list("related") {
		d.Related = append(d.Related, site.Reference{Target: v.text, Line: v.line, Column: v.column})
	}
	if !d.Formed.IsZero() && !d.Published.IsZero() && d.Published.Before(d.Formed) {
		at := fr.source.At("date")
		fr.report(finding.DateOrder, at.Line, at.Column,
			finding.T("发布日期 %s 早于成文日期 %s", "published %s, before it was formed on %s", d.Published.Date, d.Formed),
			finding.T("核对两个日期是否写反", "check whether the two dates are swapped"))
	}
	if !d.Expires.IsZero() && !d.Published.IsZero() && d.Expires.Before(d.Published.Date) {
		at := fr.source.At("expires")
		fr.report(finding.ExpiresOrder, at.Line, at.Column,
			finding.T("有效期至 %s 早于发布日期 %s，一发布就已撤下", "it expires on %s, before it is published on %s: nobody would ever see it", d.Expires, d.Published.Date),
			finding.T("核对两个日期；长期有效的，删去“有效期至”", "check the two dates; where it holds for good, delete \"expires\""))
	}
	r := &disclosureRecord{item: fr.text("item"), status: status(fr.choice("status"))}
	if fr.yes("draft") {
		r.status = draft
	}
	d.Source = *fr.source
	r.disclosure = d
	return r
}

// aliases returns old addresses as paths from the portal's root that end with a slash or in a file's name.
func (f *front) aliases() []string {
	var out []string
	for _, v := range f.list("aliases") {
		a := v.text
		if !strings.HasPrefix(a, "/") || strings.Contains(a, "//") || strings.ContainsAny(a, "?#\\ ") || path.Clean(a) == "/" || strings.Contains(a, "/../") {
			f.report(finding.BadSlug, v.line, v.column,
				finding.T("旧地址“%s”不是从 / 开始的网址路径", "alias %q is no path that starts with /", a),
				finding.T("写成 /xihe/social-assistance/2022-10-dibao/ 的样子", "write it like /xihe/social-assistance/2022-10-dibao/"))
			continue
		}
		a = path.Clean(a)
		if path.Ext(a) != ".html" {
			a += "/"
		}
		out = append(out, a)
	}
	return out
}

func (l *loader) readPage(fr *front, f *file) *pageRecord {
	p := site.Page{
		Slug:      norm.NFC.String(fr.text("slug")),
		Title:     fr.text("title"),
		Summary:   fr.text("summary"),
		Order:     fr.number("order", 0),
		Published: fr.stamp("date"),
	}
	if p.Slug == "" {
		p.Slug = f.name
	}
	fr.checkSlug("slug", p.Slug)
	p.Attachments = l.attachments(fr, path.Dir(f.path))
	p.Aliases = fr.aliases()
	r := &pageRecord{}
	if fr.yes("draft") {
		r.status = draft
	}
	p.Source = *fr.source
	r.page = p
	return r
}

// attachments looks up the files that lie beside a document.
func (l *loader) attachments(fr *front, dir string) []site.Attachment {
	var out []site.Attachment
	for _, v := range fr.list("attachments") {
		name := path.Clean(strings.ReplaceAll(v.text, "\\", "/"))
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			fr.report(finding.NoAttachment, v.line, v.column,
				finding.T("附件“%s”不在本文件夹内", "attachment %q is not in this folder", v.text),
				finding.T("把附件复制到正文旁边，只写文件名", "copy the attachment beside the document and give its name only"))
			continue
		}
		a, err := l.attachment(path.Join(dir, name))
		if err != nil {
			message := finding.T("找不到附件“%s”", "there is no attachment %q", v.text)
			mend := didYouMean(Nearest(name, l.filesBeside(dir)), finding.T("把文件放到 %s 文件夹，文件名要完全一致", "put the file into %s under exactly this name", dir))
			if info, err := os.Lstat(filepath.Join(l.root, filepath.FromSlash(path.Join(dir, name)))); err == nil {
				message = finding.T("附件“%s”是指向 content 之外的符号链接，不能公开", "the attachment %q is a symbolic link that leaves content and cannot be published", v.text)
				mend = finding.T("把文件本身复制到 %s 文件夹", "copy the file itself into %s", dir)
				if info.IsDir() {
					message = finding.T("附件“%s”是一个文件夹", "the attachment %q is a folder", v.text)
					mend = finding.T("逐个写出里面的文件，例如 %s/文件名", "name the files in it one by one, like %s/name", name)
				}
			}
			fr.report(finding.NoAttachment, v.line, v.column, message, mend)
			continue
		}
		if a.Size == 0 {
			fr.report(finding.EmptyFile, v.line, v.column,
				finding.T("附件“%s”是空文件（0 字节）", "the attachment %q is empty: it has no bytes", v.text),
				finding.T("重新复制一份完整的文件；表格、文档先保存并关闭再复制", "copy the whole file again; save and close a table or text before"))
		}
		if RunsCode(name) {
			fr.report(finding.BadExtension, v.line, v.column,
				finding.T("附件“%s”是程序、脚本或网页", "attachment %q is a program, a script or a web page", v.text),
				finding.T("改为 PDF、Word、Excel、图片或压缩包", "use PDF, Word, Excel, a picture or an archive"))
			continue
		}
		out = append(out, a)
	}
	return out
}

// RunsCode reports whether a file, by its name, runs code where it is opened; such files are not published.
func RunsCode(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".exe", ".bat", ".cmd", ".com", ".msi", ".scr", ".vbs", ".js", ".mjs",
		".html", ".htm", ".xhtml", ".mht", ".mhtml", ".xml", ".svg", ".hta", ".ps1", ".sh", ".jar", ".lnk":
		return true
	}
	return false
}

func (l *loader) filesBeside(dir string) []string {
	entries, err := os.ReadDir(filepath.Join(l.root, filepath.FromSlash(dir)))
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		if !e.IsDir() && !isMarkdown(e.Name()) && !Ignored(e.Name()) {
			out = append(out, e.Name())
		}
	}
	return out
}

// attachment returns the attachment at a content path. The error is fs.ErrNotExist where there is none that may be published.
func (l *loader) attachment(p string) (site.Attachment, error) {
	p, info, err := Publishable(l.root, p)
	if err != nil {
		return site.Attachment{}, err
	}
	compute := func() ([32]byte, error) { return sumOf(filepath.Join(l.root, filepath.FromSlash(p))) }
	var sum [32]byte
	if l.memory != nil {
		sum, err = l.memory.Sum(p, disk.StampOf(info), compute)
	} else {
		sum, err = compute()
	}
	return site.Attachment{Name: norm.NFC.String(path.Base(p)), Path: p, Size: info.Size(), Sum: sum}, err
}

// Publishable returns the path of the file that a content path means, which may be in another Unicode form, and what the system tells of it. The error is
// fs.ErrNotExist where there is no regular file, or where a symbolic link takes it out of the content.
func Publishable(root, p string) (string, fs.FileInfo, error) {
	p = trueName(root, p)
	full := filepath.Join(root, filepath.FromSlash(p))
	if p == "" || !insideContent(root, full) {
		return "", nil, fs.ErrNotExist
	}
	info, err := os.Stat(full) // a link that stays inside is followed
	if err != nil {
		return "", nil, err
	}
	if !info.Mode().IsRegular() {
		return "", nil, fs.ErrNotExist
	}
	return p, info, nil
}

// FileOf returns the path of the file that a content path means, where it may be published, otherwise "".
func FileOf(root, p string) string {
	found, _, err := Publishable(root, p)
	if err != nil {
		return ""
	}
	return found
}

// sumOf returns the SHA-256 of a file.
func sumOf(name string) ([32]byte, error) {
	h, err := os.Open(name)
	if err != nil {
		return [32]byte{}, err
	}
	defer h.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, h); err != nil {
		return [32]byte{}, err
	}
	return [32]byte(sum.Sum(nil)), nil
}
