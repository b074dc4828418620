package build

import (
	"fmt"
	"html"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"gongkai/generator/finding"
	"gongkai/generator/site"
	"gongkai/generator/source"
)

// reportGone reports the pages of the old portal that the new one lacks, so that nothing that was published disappears without a line. It compares what is in
// the output folder with what is about to take its place: the next build has nothing more to say of it.
func (b *builder) reportGone() error {
	<-b.stage.listed
	if b.stage.fault != nil {
		return b.stage.fault
	}
	gone := b.stage.gonePages()
	if len(gone) == 0 {
		return nil
	}
	unpublished := map[string]string{} // address that a document without a page has by its file's name -> its path
	for p := range b.site.Unpublished {
		address := strings.TrimPrefix(strings.TrimSuffix(strings.TrimPrefix(p, source.Dir), path.Ext(p)), "/units")
		if dir, name := path.Split(address); dir == "/fields/" {
			address = dir + strings.TrimLeft(name, "0123456789-")
		}
		unpublished[strings.TrimSuffix(address+"/", "_index/")] = p
	}
	fresh := map[string]*site.Disclosure{} // index number -> document whose page is new
	for _, d := range b.site.Disclosures {
		if _, known := b.stage.old[d.Address()[1:]+"index.html"]; !known {
			fresh[html.EscapeString(d.IndexNo)] = d
		}
	}
	for _, g := range gone {
		at := finding.Position{Path: path.Join(filepath.Base(b.opt.Destination), g.address)}
		what := finding.T("%s 不再有页面", "%s has no page any more", g.address)
		mend := finding.T("改名的请在新文件里写“旧地址: [%s]”；确实要删除的，不用处理", "where the file was renamed write \"aliases: [%s]\" into the new one; where it is to be gone there is nothing to do", g.address)
		if g.below > 0 {
			what = finding.T("%s 和它下面的 %d 个页面不再有了", "%s and %d pages below it are no more", g.address, g.below)
			mend = finding.T("文件夹改了名的请改回来，或在各个文件里写“旧地址”；确实要删除的，不用处理", "where a folder was renamed take its old name, or write aliases into its files; where all is to be gone there is nothing to do")
		}
		if p := unpublished[g.address]; p != "" {
			at.Path = p
			why := b.site.Unpublished[p]
			what = finding.T("%[1]s，本文件没有发布：%[2]s", "%[3]s; this file is not published: %[4]s", what.ZH, why.ZH, what.EN, why.EN)
			mend = finding.T("本文件重新发布后，页面就会回来", "it comes back when this file is published again")
		} else if d, err := b.sameNumber(g, fresh); err != nil {
			return err
		} else if d != nil {
			at = d.Source.At("index")
			what = finding.T("%s 不再有页面，同一索引号的信息现在在 %s", "%s has no page any more; what has its index number is at %s now", g.address, d.Address())
			mend = finding.T("在本文件里写“旧地址: [%s]”，旧链接就不会失效", "write \"aliases: [%s]\" into this file, so that old links hold", g.address)
		}
		b.report(finding.GonePage, at, what, mend)
	}
	return nil
}

// gonePage is an address that had a page, and how many below it go with it.
type gonePage struct {
	address string
	below   int
}

// gonePages returns what the old portal has and the new one has not of what editors made, and of aliases; lists, the search and the supervision come and go
// with what they list and with settings. What lies below an address that is gone counts with it.
func (s *stage) gonePages() []gonePage {
	var addresses []string
	for name, file := range s.old {
		if _, stays := s.paths[name]; stays || !file.ours || path.Ext(name) != ".html" {
			continue
		}
		address := "/" + strings.TrimSuffix(name, "index.html")
		segments := strings.Split(strings.Trim(address, "/"), "/")
		first := segments[0]
		if first == "" || first == "404.html" || slices.Contains(segments, "all") || site.Reserved(first) && (first != "fields" && first != "pages" || len(segments) == 1) {
			continue
		}
		addresses = append(addresses, address)
	}
	slices.Sort(addresses)
	var out []gonePage
	for _, a := range addresses {
		if n := len(out) - 1; n >= 0 && strings.HasSuffix(out[n].address, "/") && strings.HasPrefix(a, out[n].address) {
			out[n].below++
			continue
		}
		out = append(out, gonePage{address: a})
	}
	return out
}

// sameNumber returns the document among those with a new page that has the index number of a page that is gone, or nil. The old page tells its number.
func (b *builder) sameNumber(g gonePage, fresh map[string]*site.Disclosure) (*site.Disclosure, error) {
	if len(fresh) == 0 || g.below > 0 {
		return nil, nil
	}
	name := g.address[1:]
	if strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	page, err := os.ReadFile(filepath.Join(b.stage.dest, filepath.FromSlash(name)))
	if err != nil {
		return nil, fmt.Errorf("look at a page that is gone: %w", err)
	}
	for _, part := range strings.Split(string(page), ">") {
		text, _, _ := strings.Cut(part, "<")
		if d := fresh[strings.TrimSpace(text)]; d != nil {
			return d, nil
		}
	}
	return nil, nil
}

// lasting returns the findings that the next build of the same content has as well.
func lasting(findings []finding.Finding) []finding.Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f finding.Finding) bool { return f.Rule == finding.GonePage })
}
