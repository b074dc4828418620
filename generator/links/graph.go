package links

import (
	"bytes"
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Graph joins what pages define with what they use. Pages may be added by several goroutines.
type Graph struct {
	base  *url.URL
	under string // path of the base without its final slash
	// paths has every address of the portal, decoded, without base path: pages with their final slash, files as they are.
	paths   map[string]bool
	scratch sync.Pool // of *reading: it allocates only what is kept

	pages         atomic.Int64 // that AddPage has read
	listFragments func() []string
	fragments     atomic.Pointer[map[string]*fragment] // HTML that many pages have

	mu      sync.Mutex
	files   map[string]bool   // addresses of files that pages turned out to use
	anchors map[string]string // page -> its anchors, each followed by a line feed
	broken  []Broken
	waiting []Broken // links with a fragment, to be settled when all anchors are known
	count   int
}

// Broken is a link that leads to nothing.
type Broken struct {
	Page     string // address of the page that has the link
	Value    string // as it is written in the page
	Target   string // the address it stands for, decoded, without base path
	Fragment string // the anchor that is missing; empty where the page itself is
	Kind     UseKind
}

// NewGraph returns a graph of the portal at base.
func NewGraph(base *url.URL) *Graph {
	return &Graph{base: base, under: strings.TrimSuffix(base.Path, "/"), paths: map[string]bool{}, scratch: sync.Pool{New: func() any { return new(reading) }}, files: map[string]bool{}, anchors: map[string]string{}}
}

// Define adds the address of a page or feed, before the first call of AddPage.
func (g *Graph) Define(address string) { g.paths[address] = true }

// DefineFile adds the address of a file that a page publishes; it may be called beside AddPage.
func (g *Graph) DefineFile(address string) {
	g.mu.Lock()
	g.files[address] = true
	g.mu.Unlock()
}

// Span is a part of a page.
type Span struct{ Start, End int }

// uses are what HTML uses and defines.
type uses struct {
	found   int    // links to what is known to be there
	anchors []byte // each followed by a line feed
	others  []Use  // links that have to be looked at from the page they stand on
}

// reading is what reading a page needs.
type reading struct {
	scanner scanner
	uses    uses
}

// fragment is HTML that many pages have. It is read when the first of them is.
type fragment struct {
	once sync.Once
	uses uses
}

// manyPages is from how many pages on it pays to know the fragments.
const manyPages = 64

// DefineFragments gives HTML that many pages have as it is. It may be called before the first call of AddPage; list is called when there are many pages.
// Headers, footers and the rows of lists are more than half of all links: this saves reading them on every page.
func (g *Graph) DefineFragments(list func() []string) { g.listFragments = list }

// fragment returns the fragment that a part of a page is, or nil.
func (g *Graph) fragment(html []byte) *fragment {
	if known := g.fragments.Load(); known != nil {
		return (*known)[string(html)]
	}
	return nil
}

// ForgetFragments frees what DefineFragments gave, for few pages that are left.
func (g *Graph) ForgetFragments() { g.fragments.Store(nil) }

// countPage lists the fragments once there are many pages.
func (g *Graph) countPage() {
	if g.pages.Add(1) != manyPages || g.listFragments == nil {
		return
	}
	known := map[string]*fragment{}
	for _, html := range g.listFragments() {
		known[html] = new(fragment)
	}
	g.fragments.Store(&known)
}

// read adds what a part of a page uses and defines.
func (g *Graph) read(doc []byte, s *scanner, u *uses) {
	s.scan(doc, func(kind UseKind, value []byte) { g.use(kind, value, u) })
}

// use adds a value that is used or defined.
func (g *Graph) use(kind UseKind, value []byte, u *uses) {
	switch {
	case kind == Anchor:
		u.anchors = append(append(u.anchors, value...), '\n')
	case g.plain(value):
		u.found++
	default:
		u.others = append(u.others, Use{kind, string(value)})
	}
}

// plain reports whether a value is an address of the portal just as it is written: the common case, and cheap to see.
func (g *Graph) plain(value []byte) bool {
	n := len(g.under)
	return len(value) > n && value[n] == '/' && string(value[:n]) == g.under && g.paths[string(value[n:])]
}

// PageLinks is what a page uses and defines, as far as it matters once all pages are known. It holds for the same bytes as long as no address of the
// portal has gone.
type PageLinks struct {
	Count   int    // internal links
	Anchors string // each followed by a line feed
	Open    []OpenLink
}

// OpenLink is a link to be settled when all pages are known: its target was not known, or it has a fragment.
type OpenLink struct {
	Value, Target, Fragment string
	Kind                    UseKind
}

// Piece is HTML of one page whose uses are known to who wrote it: what Scan would report of it.
type Piece struct {
	HTML string
	Uses []Use
}

// AddPage reads the links and anchors of a page and returns them. quotes are parts of it, in order, that may be pieces or fragments.
func (g *Graph) AddPage(address string, doc []byte, quotes []Span, pieces []Piece) PageLinks {
	g.countPage()
	r := g.scratch.Get().(*reading)
	defer g.scratch.Put(r)
	page := &r.uses
	page.found, page.anchors, page.others = 0, page.anchors[:0], page.others[:0]
	at := 0
	for _, q := range quotes {
		if i := slices.IndexFunc(pieces, func(p Piece) bool { return p.HTML == string(doc[q.Start:q.End]) }); i >= 0 {
			g.read(doc[at:q.Start], &r.scanner, page)
			at = q.End
			for _, u := range pieces[i].Uses {
				g.use(u.Kind, []byte(u.Value), page)
			}
			continue
		}
		f := g.fragment(doc[q.Start:q.End])
		if f == nil {
			continue
		}
		f.once.Do(func() { g.read(doc[q.Start:q.End], &r.scanner, &f.uses) })
		u := &f.uses
		g.read(doc[at:q.Start], &r.scanner, page)
		at = q.End
		page.found += u.found
		page.anchors = append(page.anchors, u.anchors...)
		page.others = append(page.others, u.others...)
	}
	g.read(doc[at:], &r.scanner, page)
	p := PageLinks{Count: page.found}
	for _, l := range page.others {
		target, fragment, ok := g.internal(address, l.Value)
		if !ok {
			continue
		}
		p.Count++
		if target == address && hasAnchor(page.anchors, fragment) {
			continue
		}
		p.Open = append(p.Open, OpenLink{l.Value, target, fragment, l.Kind})
	}
	p.Anchors = string(page.anchors)
	g.Add(address, &p)
	return p
}

// Add adds a page whose links and anchors are known.
func (g *Graph) Add(address string, p *PageLinks) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count += p.Count
	if p.Anchors != "" {
		g.anchors[address] = p.Anchors
	}
	for _, l := range p.Open {
		g.waiting = append(g.waiting, Broken{address, l.Value, l.Target, l.Fragment, l.Kind})
	}
}

// hasAnchor reports whether a fragment is one of the anchors, each of which is followed by a line feed.
func hasAnchor(anchors []byte, fragment string) bool {
	for len(anchors) > len(fragment) {
		if string(anchors[:len(fragment)]) == fragment && anchors[len(fragment)] == '\n' {
			return true
		}
		anchors = anchors[bytes.IndexByte(anchors, '\n')+1:]
	}
	return false
}

// internal returns the address of the portal that a link stands for, or ok false where it leads elsewhere.
func (g *Graph) internal(page, value string) (target, fragment string, ok bool) {
	if value == "" {
		return page, "", true
	}
	value, fragment, _ = strings.Cut(value, "#")
	if f, err := url.PathUnescape(fragment); err == nil {
		fragment = f
	}
	if value == "" {
		return page, fragment, true
	}
	value, _, _ = strings.Cut(value, "?")
	if i := strings.IndexByte(value, ':'); i >= 0 && !strings.Contains(value[:i], "/") {
		rest, same := strings.CutPrefix(value, g.base.Scheme+"://"+g.base.Host)
		if !same || rest != "" && rest[0] != '/' {
			return "", "", false
		}
		value = rest
		if value == "" {
			value = "/"
		}
	} else if strings.HasPrefix(value, "//") {
		return "", "", false
	}
	if strings.IndexByte(value, '%') >= 0 {
		if decoded, err := url.PathUnescape(value); err == nil {
			value = decoded
		}
	}
	if !strings.HasPrefix(value, "/") {
		value = g.under + path.Join(page[:strings.LastIndexByte(page, '/')+1], value) + trailingSlash(value)
	}
	under, inside := strings.CutPrefix(value, g.under)
	if !inside || !strings.HasPrefix(under, "/") {
		return "", "", false // the same host, but not the portal
	}
	return under, fragment, true
}

func trailingSlash(value string) string {
	if strings.HasSuffix(value, "/") {
		return "/"
	}
	return ""
}

// Exists returns the address under which a path is known: as it is, or with its final slash or index.html mended.
func (g *Graph) Exists(target string) (string, bool) {
	target = strings.TrimSuffix(target, "index.html")
	for _, candidate := range []string{target, target + "/", strings.TrimSuffix(target, "/")} {
		if g.known(candidate) {
			return candidate, true
		}
	}
	if clean := path.Clean(target); clean != target {
		for _, candidate := range []string{clean, clean + "/"} {
			if g.known(candidate) {
				return candidate, true
			}
		}
	}
	return "", false
}

func (g *Graph) known(address string) bool { return g.paths[address] || g.files[address] }

// Count returns how many internal links have been read.
func (g *Graph) Count() int { return g.count }

// Broken settles every link once all pages were added, and returns those that lead to nothing, sorted by page and value.
func (g *Graph) Broken() []Broken {
	for _, b := range g.waiting {
		page, ok := g.Exists(b.Target)
		switch {
		case !ok:
			b.Fragment = ""
			g.broken = append(g.broken, b)
		case b.Fragment == "" || b.Fragment == "top" || strings.HasPrefix(b.Fragment, ":~:"):
		case !strings.HasPrefix(g.anchors[page], b.Fragment+"\n") && !strings.Contains(g.anchors[page], "\n"+b.Fragment+"\n"):
			b.Target = page
			g.broken = append(g.broken, b)
		}
	}
	g.waiting = nil
	slices.SortFunc(g.broken, func(a, b Broken) int {
		return cmp.Or(cmp.Compare(a.Page, b.Page), cmp.Compare(a.Value, b.Value))
	})
	return slices.Compact(g.broken)
}

// Anchors returns the anchors of a page.
func (g *Graph) Anchors(page string) []string {
	return strings.Split(strings.TrimSuffix(g.anchors[page], "\n"), "\n")
}
