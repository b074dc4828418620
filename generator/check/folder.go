package check

import (
	"context"

	"gongkai/generator/build"
	"gongkai/generator/finding"
	"gongkai/generator/links/folder"
)

// folderRules are the rules of what is wrong with a link in a folder of HTML.
var folderRules = map[folder.Kind]*finding.Rule{
	folder.Missing: finding.BrokenLink, folder.Case: finding.WrongCase, folder.NoIndex: finding.NoIndexPage, folder.NoSlash: finding.NoFinalSlash,
	folder.NoAnchor: finding.BrokenAnchor, folder.Outside: finding.OutsidePortal, folder.Insecure: finding.InsecureLink,
	folder.Empty: finding.EmptyLink, folder.Malformed: finding.MalformedLink, folder.Contact: finding.BadContact,
}

// Folder checks the links of a folder of built HTML, whichever program made it; links to other sites where web is not nil. The findings' paths are below the folder. The error is about
// the folder or the address.
func Folder(ctx context.Context, dir, baseURL string, jobs int, web *External) ([]finding.Finding, folder.Report, error) {
	r, err := folder.Check(dir, folder.Options{BaseURL: baseURL, Jobs: jobs})
	if err != nil {
		return nil, r, err
	}
	out := make([]finding.Finding, 0, len(r.Problems))
	for _, p := range r.Problems {
		rule := folderRules[p.Kind]
		message := finding.T("%s：“%s”", "%[3]s: %[2]q", rule.Title.ZH, p.Value, rule.Title.EN)
		var mend finding.Text
		if p.Suggestion != "" {
			mend = finding.T("是不是“%s”？", "did you mean %q?", p.Suggestion)
		}
		out = append(out, finding.New(rule, finding.Position{Path: p.File, Line: p.Line, Column: p.Column}, message, mend))
	}
	if web != nil {
		var list []build.External
		for _, x := range r.External {
			e := build.External{URL: x.URL}
			for _, name := range x.Files {
				e.At = append(e.At, finding.Position{Path: name})
			}
			list = append(list, e)
		}
		outside, err := external(ctx, *web, nil, list)
		if err != nil {
			return nil, r, err
		}
		out = append(out, outside...)
	}
	finding.Sort(out)
	return out, r, nil
}
