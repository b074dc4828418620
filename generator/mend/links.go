package mend

import (
	"bytes"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gongkai/generator/finding"
	"gongkai/generator/site"
	"gongkai/generator/source"
)

// linkEdits leads the broken links of a file to the one target that is near.
func (r *round) linkEdits(x *textFile) []edit {
	var out []edit
	for _, f := range r.of(x.file) {
		if f.Rule != finding.BrokenLink && f.Rule != finding.BrokenFile && f.Rule != finding.BrokenAnchor || !r.wants(f.Rule) {
			continue
		}
		l, ok := r.linkAt(x, f)
		if !ok {
			r.leave(f.Rule, f.Position.Path, f.Position.Line, finding.T("链接的写法较特殊（引用式、裸网址或空链接），请手工处理",
				"the link is a reference, a bare address or empty; mend it by hand"))
			continue
		}
		written, ok := r.target(x, f.Rule, &l)
		if !ok || written == string(x.text[l.at.start:l.at.end]) {
			continue
		}
		out = append(out, edit{l.at.start, l.at.end, written, f.Rule, source.BodyPart})
	}
	return out
}

// link is a link that leads to nothing.
type link struct {
	at     span   // of its address in the text
	angled bool   // the address stands between < and >
	label  string // the text of the link
	origin string // scheme, host and path of the portal where they are written out
	path   string // decoded; empty where the link stays on its page
	query  string // with its ?
	anchor string // decoded, without its #
	hashed bool   // has a #
	coded  bool   // has characters that are encoded
}

// linkAt reads the link that a finding is about. ok is false where its address does not stand there.
func (r *round) linkAt(x *textFile, f finding.Finding) (l link, ok bool) {
	at := offsetOf(x.text, f.Position.Line, f.Position.Column)
	if at < x.front.Body || at >= len(x.text) {
		return l, false
	}
	if x.text[at] == '!' {
		at++
	}
	end, ok := closingBracket(x.text, at)
	if !ok || end+1 >= len(x.text) || x.text[end+1] != '(' {
		return l, false
	}
	l.label = string(x.text[at+1 : end])
	if l.at, ok = destinationAt(x.text, end+2); !ok || l.at.start == l.at.end {
		return l, false
	}
	l.angled = x.text[l.at.start-1] == '<'
	return l, r.read(&l, string(x.text[l.at.start:l.at.end]))
}

// closingBracket returns where the bracket at a place is closed.
func closingBracket(text []byte, at int) (end int, ok bool) {
	if at >= len(text) || text[at] != '[' {
		return 0, false
	}
	depth := 0
	for i := at; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return i, true
			}
		case '`':
			if skip := bytes.IndexByte(text[i+1:], '`'); skip >= 0 {
				i += 1 + skip
			}
		case '\n':
			if i+1 < len(text) && text[i+1] == '\n' {
				return 0, false
			}
		}
	}
	return 0, false
}

// read takes the address of a link apart as the renderer does. ok is false where it leads to another site or is written with escapes of Markdown.
func (r *round) read(l *link, written string) (ok bool) {
	if strings.Contains(written, "&") || escaped.MatchString(written) {
		return false
	}
	l.coded = strings.Contains(written, "%")
	target, fragment, hashed := strings.Cut(written, "#")
	l.hashed, l.anchor = hashed, unescape(fragment)
	if under, own := strings.CutPrefix(target, r.base.Scheme+"://"+r.base.Host+r.base.Path); own {
		l.origin, target = target[:len(target)-len(under)-1], "/"+under
	} else if strings.Contains(target, "://") {
		return false
	}
	if before, query, found := strings.Cut(target, "?"); found {
		target, l.query = before, "?"+query
	}
	l.path = strings.ReplaceAll(unescape(target), `\`, "/")
	return true
}

// escaped is a character that Markdown takes as it is because of the backslash before it; other backslashes are those of Windows.
var escaped = regexp.MustCompile(`\\[!-/:-@\[-\x60{-~]`)

func unescape(s string) string {
	if decoded, err := url.PathUnescape(s); err == nil {
		return decoded
	}
	return s
}

// target returns the address to write for a link that a rule finds broken.
func (r *round) target(x *textFile, rule *finding.Rule, l *link) (written string, ok bool) {
	switch {
	case rule == finding.BrokenAnchor:
		return r.anchorTarget(x, l)
	case l.path == "":
		return "", false
	case rule == finding.BrokenFile:
		return r.pathTarget(x, rule, l, r.fileTargets(x, l))
	case strings.EqualFold(path.Ext(l.path), ".md"):
		return r.pathTarget(x, rule, l, r.documentTargets(x, l))
	}
	to, ok := r.only(rule, x, l.at.start, l.path, r.addressTargets(x, l))
	return l.origin + l.escape(to) + l.query + l.fragment(), ok
}

// pathTarget returns the way from a file to the one content path among those that are near.
func (r *round) pathTarget(x *textFile, rule *finding.Rule, l *link, hits []string) (string, bool) {
	to, ok := r.only(rule, x, l.at.start, l.path, hits)
	if !ok {
		return "", false
	}
	written := strings.TrimPrefix(to, source.Dir)
	if !strings.HasPrefix(l.path, "/") {
		rel, err := filepath.Rel(filepath.FromSlash(path.Dir(x.file.Path)), filepath.FromSlash(to))
		if err != nil {
			return "", false
		}
		written = filepath.ToSlash(rel)
	} else if !strings.HasPrefix(l.path, "/units/") {
		written = strings.TrimPrefix(written, "/units")
	}
	return l.origin + l.escape(written) + l.query + l.fragment(), true
}

// escape writes a path so that Markdown and the renderer read it as it is.
func (l *link) escape(p string) string {
	pairs := []string{"%", "%25", "#", "%23", "?", "%3F", "<", "%3C", ">", "%3E"}
	if !l.angled {
		pairs = append(pairs, " ", "%20", "(", "%28", ")", "%29")
	}
	return strings.NewReplacer(pairs...).Replace(p)
}

func (l *link) fragment() string {
	switch {
	case !l.hashed:
		return ""
	case l.coded:
		return "#" + (&url.URL{Fragment: l.anchor}).EscapedFragment()
	}
	return "#" + l.anchor
}

// contentPath returns the content path that a link's path stands for, as the renderer takes it.
func (x *textFile) contentPath(target string) string {
	if !strings.HasPrefix(target, "/") {
		return path.Join(path.Dir(x.file.Path), target)
	}
	for _, top := range []string{"/pages/", "/fields/", "/units/"} {
		if strings.HasPrefix(target, top) {
			return path.Join(source.Dir, target)
		}
	}
	return path.Join(source.Dir, "units", target)
}

// documentTargets returns the documents that a link to a Markdown file may mean.
func (r *round) documentTargets(x *textFile, l *link) []string {
	at := x.contentPath(l.path)
	documents := r.documents()
	if hits := r.moved(at, func(p string) bool { return documents[p] != "" }); len(hits) > 0 {
		return hits
	}
	if hits := r.sameName(at, documents); len(hits) > 0 {
		return hits
	}
	if hits := r.sameIndexNo(at, l.label); len(hits) > 0 {
		return hits
	}
	var names, hits []string
	for p := range documents {
		if path.Dir(p) == path.Dir(at) && path.Base(p) != "_index.md" && p != x.file.Path { // a text seldom links to itself, and never by a slip
			names = append(names, path.Base(p))
		}
	}
	for _, name := range nearNames(path.Base(at), names) {
		hits = append(hits, path.Join(path.Dir(at), name))
	}
	return hits
}

// documents returns the addresses of everything that has a page, by content path.
func (r *round) documents() map[string]string {
	if r.addressOf != nil {
		return r.addressOf
	}
	r.addressOf = map[string]string{}
	for _, f := range r.site.Fields {
		r.addressOf[f.Source.Path] = f.Address()
	}
	for _, u := range r.site.Units {
		r.addressOf[u.Source.Path] = u.PageAddress()
	}
	for _, uf := range r.site.UnitFields {
		r.addressOf[path.Join(source.Dir, "units", uf.Unit.Slug, uf.Field.Slug, "_index.md")] = uf.Address()
	}
	for _, p := range r.site.Pages {
		r.addressOf[p.Source.Path] = p.Address()
	}
	for _, d := range r.site.Disclosures {
		r.addressOf[d.Source.Path] = d.Address()
	}
	return r.addressOf
}

// moved returns what the repository says a content path is called today, or nil where it says nothing or that is not there either.
func (r *round) moved(at string, exists func(string) bool) []string {
	if to := r.history().today(at); to != "" && exists(to) {
		return []string{to}
	}
	return nil
}

// sameName returns the documents of the same file name in other folders.
func (r *round) sameName(at string, documents map[string]string) []string {
	if path.Base(at) == "_index.md" {
		return nil
	}
	var hits []string
	for p := range documents {
		if fold(path.Base(p)) == fold(path.Base(at)) {
			hits = append(hits, p)
		}
	}
	return r.ofUnit(strings.TrimPrefix(at, source.Dir+"/units"), hits, source.Dir+"/units")
}

// ofUnit returns what lies with the unit that an address begins with, below a prefix: a file of the same name with another unit is another document. Where
// there is no such unit, everything is returned.
func (r *round) ofUnit(address string, list []string, prefix string) []string {
	unit, _, _ := strings.Cut(strings.TrimPrefix(address, "/"), "/")
	if !slices.ContainsFunc(r.site.Units, func(u *site.Unit) bool { return u.Slug == unit }) {
		return list
	}
	return slices.DeleteFunc(list, func(p string) bool { return !strings.HasPrefix(p, prefix+"/"+unit+"/") })
}

// sameIndexNo returns the document that has the index number of the one that is gone, or the one that the link's own text has.
func (r *round) sameIndexNo(at, label string) []string {
	gone, label := site.FoldIndexNo(r.history().indexNo(at)), site.FoldIndexNo(label)
	var hits []string
	for _, d := range r.site.Disclosures {
		switch number := site.FoldIndexNo(d.IndexNo); {
		case number == "":
		case number == gone, gone == "" && holds(label, number):
			hits = append(hits, d.Source.Path)
		}
	}
	return hits
}

// holds reports whether a text has the number with no further digit behind it.
func holds(text, number string) bool {
	_, rest, found := strings.Cut(text, number)
	return found && (rest == "" || rest[0] < '0' || rest[0] > '9')
}

// fileTargets returns the files that a link to an attachment or a picture may mean.
func (r *round) fileTargets(x *textFile, l *link) []string {
	at := x.contentPath(l.path)
	if hits := r.moved(at, r.publishable); len(hits) > 0 {
		return hits
	}
	near := nearNames(path.Base(at), r.beside(path.Dir(at)))
	if len(near) == 0 || fold(near[0]) != fold(path.Base(at)) { // one beside the text that differs in case is surer than one elsewhere
		if same := r.ofUnit(strings.TrimPrefix(at, source.Dir+"/units"), slices.Clone(r.elsewhere(path.Base(at))), source.Dir+"/units"); len(same) > 0 {
			return same
		}
	}
	var hits []string
	for _, name := range near {
		hits = append(hits, path.Join(path.Dir(at), name))
	}
	return hits
}

// addressTargets returns the addresses of the portal that a link to a page may mean.
func (r *round) addressTargets(x *textFile, l *link) []string {
	pages, err := r.portal()
	if err != nil {
		return nil
	}
	target := l.path
	if !strings.HasPrefix(target, "/") {
		target = path.Join(pages.address(x.file.Path), target)
	}
	target = strings.TrimSuffix(strings.TrimSuffix(target, "index.html"), "/")
	parent, segment := path.Split(target)
	if segment == "" {
		return nil
	}
	documents := r.documents()
	if hits := r.moved(path.Join(source.Dir, "units", target)+".md", func(p string) bool { return documents[p] != "" }); len(hits) > 0 {
		return []string{documents[hits[0]]}
	}
	var same, names, hits []string
	for address := range pages.outputs {
		at, name := path.Split(strings.TrimSuffix(address, "/"))
		if fold(name) == fold(segment) {
			same = append(same, address)
		}
		if at == parent {
			names = append(names, name)
		}
	}
	if same = r.ofUnit(target, same, ""); len(same) > 0 {
		return same
	}
	for _, name := range nearNames(segment, names) {
		hits = append(hits, parent+name+"/")
	}
	return hits
}

// anchorTarget returns the address of a link with the one anchor of its page that is near.
func (r *round) anchorTarget(x *textFile, l *link) (string, bool) {
	pages, err := r.portal()
	if err != nil {
		return "", false
	}
	anchors := pages.anchors(pages.pageOf(x, l, r.documents()))
	anchor, ok := r.only(finding.BrokenAnchor, x, l.at.start, "#"+l.anchor, nearAnchors(l.anchor, anchors))
	if !ok {
		return "", false
	}
	was := *l
	written := string(x.text[l.at.start:l.at.end])
	before, _, _ := strings.Cut(written, "#")
	was.anchor = anchor
	return before + was.fragment(), true
}

// only returns the one target among those that are near; where there is none, or more than one, it says so.
func (r *round) only(rule *finding.Rule, x *textFile, at int, what string, hits []string) (string, bool) {
	switch slices.Sort(hits); len(hits) {
	case 0:
		r.leaveAt(rule, x, at, finding.T("“%s”没有相近的目标，没有改", "nothing is near %q; it is left alone", what))
		return "", false
	case 1:
		return hits[0], true
	}
	shown := strings.Join(hits[:min(len(hits), 4)], "、")
	r.leaveAt(rule, x, at, finding.T("“%[1]s”有 %[2]d 个相近的目标，没有改：%[3]s",
		"%[2]d targets are near %[1]q, which is left alone: %[3]s", what, len(hits), shown))
	return "", false
}
