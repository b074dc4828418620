package report

import (
	"strings"
	"testing"

	"gongkai/generator/finding"
)

func TestText(t *testing.T) {
	findings := []finding.Finding{
		finding.New(finding.FullWidthColon, finding.Position{Path: "content/a.md", Line: 2, Column: 3},
			finding.T("全角冒号", "full-width colon"), finding.T("改为半角", "make it half-width")),
		finding.New(finding.StrayFile, finding.Position{Path: "content/b"}, finding.T("放错了位置", "misplaced"), finding.Text{}),
	}
	for _, c := range []struct {
		lang   finding.Language
		colour bool
		want   string
	}{
		{finding.Chinese, false, "content/a.md:2:3: 错误[GK112] 全角冒号\n    → 改为半角\ncontent/b: 警告[GK105] 放错了位置\n"},
		{finding.English, false, "content/a.md:2:3: error[GK112] full-width colon\n    → make it half-width\ncontent/b: warning[GK105] misplaced\n"},
		{finding.English, true, "content/a.md:2:3: \x1b[31merror\x1b[0m[GK112] full-width colon\n    → make it half-width\ncontent/b: \x1b[33mwarning\x1b[0m[GK105] misplaced\n"},
	} {
		var b strings.Builder
		if err := Text(&b, findings, c.lang, c.colour); err != nil {
			t.Fatal(err)
		}
		if b.String() != c.want {
			t.Errorf("got %q\nwant %q", b.String(), c.want)
		}
	}
}
