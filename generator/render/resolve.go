package render

import (
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/text/unicode/norm"

	"gongkai/generator/finding"
	"gongkai/generator/markdown"
	"gongkai/generator/site"
	"gongkai/generator/source"
)

// resolver returns how the links of a text are to be written. A link may be written as editors think of it, as the path of a Markdown
// file or an attachment from where the text lies, or as an address of the portal. What leads nowhere is reported in page and written
// without a link.
func (r *Renderer) resolver(src *site.Source, address string, page *Page) markdown.Resolver {
	return func(l markdown.Link) (string, bool) {
		x := resolution{r, src, l, page}
		href, external := x.resolve(address)
		switch {
		case external && href != "":
			page.External = append(page.External, l)
		case strings.Contains(href, "#"):
			page.Links = append(page.Links, ResolvedLink{l, href})
		}
		return href, external
	}
}

// resolution is one link on its way to an address.
type resolution struct {
	*Renderer
	src  *site.Source
	link markdown.Link
	page *Page
}

func (x *resolution) report(rule *finding.Rule, message, mend finding.Text) {
	x.page.Findings = append(x.page.Findings, finding.New(rule,
		finding.Position{Path: x.src.Path, Line: x.link.Line, Column: x.link.Column}, message, mend))
}

func (x *resolution) resolve(address string) (href string, external bool) {
	target, fragment, hasFragment := strings.Cut(strings.TrimSpace(x.link.Destination), "#")
	if hasFragment {
		if decoded, err := url.PathUnescape(fragment); err == nil {
			fragment = decoded
		}
		fragment = "#" + (&url.URL{Fragment: fragment}).EscapedFragment()
		if target == "" {
			return fragment, false
		}
	}
	if target == "" {
		x.report(finding.BrokenLink, finding.T("链接是空的", "the link is empty"), finding.T("写上地址，或去掉链接", "give an address, or remove the link"))
		return "", false
	}
	target, own := x.within(target)
	if !own {
		return x.link.Destination, true
	}
	target, query, _ := strings.Cut(target, "?")
	found, ok := x.find(decoded(target), address)
	if !ok {
		return "", false
	}
	href = x.url(found) + fragment
	if query != "" && fragment == "" {
		href += "?" + query
	}
	return href, false
}

// within returns what follows the portal's own address in a link; own is false where the link leads to another site.
func (x *resolution) within(target string) (rest string, own bool) {
	switch scheme, rest, found := strings.Cut(target, ":"); {
	case found && isScheme(scheme):
		host, hostPath := x.base.Scheme+"://"+x.base.Host, scheme+":"+rest
		under, own := strings.CutPrefix(hostPath, host+x.base.Path)
		return "/" + under, own
	case strings.HasPrefix(target, "//"):
		return target, false
	}
	return target, true
}

// decoded returns the path that a link names.
func decoded(target string) string {
	if plain, err := url.PathUnescape(target); err == nil {
		target = plain
	}
	return strings.ReplaceAll(target, `\`, "/")
}

// named returns the disclosure that a document names as related, in any of the ways in which links are written, or reports that it is none.
func (r *Renderer) named(ref site.Reference, d *site.Disclosure, page *Page) *site.Disclosure {
	var aside Page // a file that is named is not published for it
	x := resolution{r, &d.Source, markdown.Link{Destination: ref.Target, Line: ref.Line, Column: ref.Column}, &aside}
	target, _, _ := strings.Cut(ref.Target, "#")
	target, own := x.within(target)
	if own {
		if address, ok := x.find(decoded(target), d.Address()); !ok {
			page.Findings = append(page.Findings, aside.Findings...)
			return nil
		} else if o := r.byAddress[address]; o != nil {
			return o
		}
	}
	x.page = page
	x.report(finding.BrokenLink,
		finding.T("“相关”里的“%s”不是一条公开信息", "%q, which is named as related, is no disclosure", ref.Target),
		finding.T("写公开信息的 .md 文件名；别的页面和文件在正文里链接", "name the .md file of a disclosure; link to other pages and files in the text"))
	return nil
}

func isScheme(s string) bool {
	for i, c := range []byte(strings.ToLower(s)) {
		if !(c >= 'a' && c <= 'z' || i > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.')) {
			return false
		}
	}
	return len(s) > 1
}

// find returns the address that a decoded path stands for, or reports that there is none.
func (x *resolution) find(target, address string) (string, bool) {
	dir := path.Dir(x.src.Path)
	contentPath := path.Join(dir, target)
	if strings.HasPrefix(target, "/") {
		if found, ok := x.known(target); ok {
			return found, true
		}
		contentPath = path.Join(source.Dir, target)
		if !strings.HasPrefix(target, "/pages/") && !strings.HasPrefix(target, "/fields/") && !strings.HasPrefix(target, "/units/") {
			contentPath = path.Join(source.Dir, "units", target)
		}
	}
	if strings.EqualFold(path.Ext(target), ".md") {
		return x.document(contentPath, target)
	}
	if contentPath := x.publishable(contentPath); contentPath != "" {
		if source.RunsCode(contentPath) {
			x.report(finding.BadExtension,
				finding.T("“%s”是程序、脚本或网页，没有公开", "%q is a program, a script or a web page and was not published", target),
				finding.T("改为 PDF、Word、Excel、图片或压缩包", "use PDF, Word, Excel, a picture or an archive"))
			return "", false
		}
		if d := x.site.Withdrawn[contentPath]; d != nil {
			x.report(finding.LinkToUnlisted,
				finding.T("链接的文件“%s”已随 %s 在 %s 后撤下，没有公开", "the linked file %q came down with %s after %s and is not published", target, d.Source.Path, d.Expires),
				finding.T("去掉链接；确实要继续公开的，写进本文件的“附件”", "remove the link; where it is to stay public, name it in this document's attachments"))
			return "", false
		}
		x.page.Files = append(x.page.Files, contentPath)
		return FileAddress(contentPath), true
	}
	if !strings.HasPrefix(target, "/") {
		relative := path.Join(address, target)
		if strings.HasSuffix(target, "/") && relative != "/" {
			relative += "/"
		}
		if found, ok := x.known(relative); ok {
			return found, true
		}
	}
	if ext := path.Ext(target); x.link.Image || ext != "" && ext != ".html" {
		what, whatEN := "文件", "file"
		if x.link.Image {
			what, whatEN = "图片", "picture"
		}
		x.report(finding.BrokenFile,
			finding.T("%[1]s“%[2]s”不存在", "there is no %[3]s %[2]q", what, target, whatEN),
			finding.T("把文件放到 %s 里，文件名要完全一致", "put it into %s under exactly this name", dir))
		return "", false
	}
	x.report(finding.BrokenLink,
		finding.T("站内没有“%s”这个页面", "this portal has no page %q", target),
		x.meant(x.nearby().address(target)))
	return "", false
}

// document returns the address of the document at a content path.
func (x *resolution) document(contentPath, target string) (string, bool) {
	if address, ok := x.addressOf(contentPath); ok {
		return address, true
	}
	if why, ok := x.site.Unpublished[contentPath]; ok {
		x.report(finding.LinkToUnlisted,
			finding.T("链接的“%s”没有发布：%s", "the linked %[1]q is not published: %[3]s", target, why.ZH, why.EN),
			finding.T("等它发布后再链接，或去掉链接", "link to it when it is published, or remove the link"))
		last := &x.page.Findings[len(x.page.Findings)-1]
		last.Key = contentPath
		return "", false
	}
	near := x.nearby().contentPath(contentPath)
	if near != "" {
		if rel, err := filepath.Rel(filepath.FromSlash(path.Dir(x.src.Path)), filepath.FromSlash(near)); err == nil {
			near = filepath.ToSlash(rel)
		}
	}
	x.report(finding.BrokenLink,
		finding.T("链接的文件“%s”不存在", "there is no document %q", target),
		x.meant(near))
	return "", false
}

func (x *resolution) meant(near string) finding.Text {
	if near == "" {
		return finding.T("核对文件名和路径；链接写成从本文件出发的 .md 路径", "check name and path; write the .md path from this file")
	}
	return finding.T("是不是“%s”？", "did you mean %q?", near)
}

// known returns the address of a page, forgiving a missing final slash and index.html.
func (r *Renderer) known(target string) (string, bool) {
	target = strings.TrimSuffix(target, "index.html")
	for _, candidate := range []string{target, target + "/"} {
		if r.addresses[candidate] {
			return candidate, true
		}
	}
	return "", false
}

// publishable returns the path of the file that a content path means, where a link may publish it: one that lies with units or pages, and no text of the
// content. Otherwise it returns "".
func (r *Renderer) publishable(contentPath string) string {
	inside := strings.HasPrefix(contentPath, source.Dir+"/units/") || strings.HasPrefix(contentPath, source.Dir+"/pages/")
	if !inside || strings.EqualFold(path.Ext(contentPath), ".md") {
		return ""
	}
	return r.file(contentPath)
}

// FileAddress returns the address at which a file of the content is published: beside the pages of its folder, in composed characters.
func FileAddress(contentPath string) string {
	p := strings.TrimPrefix(norm.NFC.String(contentPath), source.Dir)
	return strings.TrimPrefix(p, "/units")
}

// neighbours knows all documents and addresses, to say what a broken link may have meant.
type neighbours struct {
	byName   map[string][]string // file name -> content paths
	byFolder map[string][]string // folder -> names in it
	byParent map[string][]string // parent address -> last segments of the addresses below it
}

func newNeighbours(address map[string]string) *neighbours {
	n := &neighbours{map[string][]string{}, map[string][]string{}, map[string][]string{}}
	for _, p := range sorted(address) {
		n.byName[path.Base(p)] = append(n.byName[path.Base(p)], p)
		n.byFolder[path.Dir(p)] = append(n.byFolder[path.Dir(p)], path.Base(p))
		parent, segment := path.Split(strings.TrimSuffix(address[p], "/"))
		n.byParent[parent] = append(n.byParent[parent], segment)
	}
	return n
}

// contentPath returns the document that is nearest: one of the same name elsewhere, or of a similar name in the same or a similar folder.
func (n *neighbours) contentPath(p string) string {
	dir, name := path.Dir(p), path.Base(p)
	if same := n.byName[name]; len(same) > 0 && name != "_index.md" {
		if near := source.Nearest(p, same); near != "" {
			return near
		}
		return same[0]
	}
	if n.byFolder[dir] == nil {
		dir = source.Nearest(dir, sorted(n.byFolder))
	}
	if near := source.Nearest(name, n.byFolder[dir]); near != "" {
		return path.Join(dir, near)
	}
	return ""
}

// address returns the address below the same parent that is nearest.
func (n *neighbours) address(target string) string {
	parent, segment := path.Split(strings.TrimSuffix(target, "/"))
	if near := source.Nearest(segment, n.byParent[parent]); near != "" {
		return parent + near + "/"
	}
	return ""
}
