package render

import (
	"path"
	"strings"

	"gongkai/generator/finding"
	"gongkai/generator/source"
)

// Where a site's numbers are registered. The pictures beside them belong to other hosts; the portal asks none, so that they are files of the
// content, beside its pages.
const (
	icpRegister    = "https://beian.miit.gov.cn/"
	policeRegister = "https://beian.mps.gov.cn/#/query/webSearch?code="
)

// policeRecord returns the address of the record of a 公安 number, or nothing where it has no number.
func policeRecord(number string) string {
	code := strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, number)
	if code == "" {
		return ""
	}
	return policeRegister + code
}

func badgePath(name string) string { return path.Join(source.Dir, "pages", name) }

// badge returns the address of a picture of the footer, or nothing where there is none.
func (r *Renderer) badge(name string) string {
	if name == "" || !isPicture(name) || r.publishable(badgePath(name)) == "" {
		return ""
	}
	return r.url(FileAddress(badgePath(name)))
}

// badges has the pictures of the footer published with a page, and reports those that are absent.
func (r *Renderer) badges(page *Page) {
	for _, b := range []struct{ key, name string }{{"党政机关标识图片", r.site.Config.OrgMarkImage}, {"公安备案图标", r.site.Config.PoliceBadge}} {
		switch {
		case b.name == "":
		case r.badge(b.name) == "":
			page.Findings = append(page.Findings, finding.New(finding.BrokenFile, finding.Position{Path: path.Join(source.Dir, "site.yaml")},
				finding.T("“%s”的图片“%s”不存在", "%s: there is no picture %q", b.key, b.name),
				finding.T("把 PNG、JPG、GIF 或 WebP 图片放到 content/pages/ 下，只写文件名", "put a PNG, JPG, GIF or WebP picture into content/pages/ and give its name")))
		default:
			page.Files = append(page.Files, badgePath(b.name))
		}
	}
}

func isPicture(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".png", ".jpg", ".jpeg", ".gif", ".webp": // an SVG may run code
		return true
	}
	return false
}
