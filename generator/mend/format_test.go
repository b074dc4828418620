package mend

import (
	"strings"
	"testing"

	"gongkai/generator/source"
)

const (
	fieldPath     = "content/fields/20-social-assistance.md"
	unitPath      = "content/units/xihe/_index.md"
	unitFieldPath = "content/units/xihe/social-assistance/_index.md"
)

var formatCases = []struct {
	name, path, before, after string
}{
	{"names and order", disclosurePath,
		"---\nindex: X/1\ndate: 2026-10-12\n生成日期: 2026-10-08\nTitle: 甲\nitem: 乙/丙\nexpirydate: 2026-12-31\n---\n正文\n",
		"---\n标题: 甲\n事项: 乙/丙\n成文日期: 2026-10-08\n发布日期: 2026-10-12\n索引号: X/1\n有效期至: 2026-12-31\n---\n\n正文\n"},
	{"comments go with their keys", disclosurePath,
		"---\n# 首行说明\n\n# 事项的说明\n# 两行\n事项: 乙\n标题: 甲 # 行尾\n# 末尾\n---\n",
		"---\n# 首行说明\n\n标题: 甲 # 行尾\n# 事项的说明\n# 两行\n事项: 乙\n# 末尾\n---\n"},
	{"comment right above the first key", disclosurePath, "---\n# 说明\n事项: 乙\n标题: 甲\n---\n", "---\n标题: 甲\n# 说明\n事项: 乙\n---\n"},
	{"blank lines above a key that moves", disclosurePath, "---\n# 一\n\n\nallow: []\n\n标题: 甲\n\n\n---\n", "---\n# 一\n\n标题: 甲\n豁免: []\n---\n"},
	{"values of several lines", disclosurePath,
		"---\n附件:\n  - a.pdf\n  # 表\n  - b.pdf\n摘要: |\n  一\n\n  二\n标题: \"甲\n  乙\"\nallow:\n  - rule: GK5\n    reason: 试用\n    until: 2026-12-31\n事项: 丙\n---\n",
		"---\n标题: \"甲\n  乙\"\n事项: 丙\n附件:\n  - a.pdf\n  # 表\n  - b.pdf\n摘要: |\n  一\n\n  二\n豁免:\n  - 规则: GK5\n    理由: 试用\n    截止: 2026-12-31\n---\n"},
	{"blanks and line ends", disclosurePath, "\ufeff---  \r\n标题 :   甲  \r\n\r\n\r\n事项: \"乙\" \r\n\r\n---\r\n\r\n\r\n一  \r\n二\r\n\r\n \r\n", "---\n标题: 甲\n\n事项: \"乙\"\n---\n\n一  \n二\n"},
	{"texts are people's own", disclosurePath, "---\n标题: 甲\n---\n　　一,二;三  \n\n\n* 四\n+ 五\n##六\n| a|b |\n|-|-|\n", "---\n标题: 甲\n---\n\n　　一,二;三  \n\n\n* 四\n+ 五\n##六\n| a|b |\n|-|-|\n"},
	{"no text", unitPath, "---\nname: 西河镇\nlevel: 乡级\n---\n\n\n", "---\n名称: 西河镇\n层级: 乡级\n---\n"},
	{"no keys", unitFieldPath, "---\n\n---\n", "---\n---\n"},
	{"quoted and spaced keys", disclosurePath, "---\n\"title\": 甲\nitem   :乙\n---\n", ""},
	{"quoted keys", disclosurePath, "---\n\"item\": 乙\n'title': 甲\n---\n", "---\n标题: 甲\n事项: 乙\n---\n"},
	{"keys on one line stay", disclosurePath, "---\n{title: 甲, item: 乙}\n---\n正文\n", "---\n{title: 甲, item: 乙}\n---\n\n正文\n"},
	{"groups on one line", unitFieldPath, "---\nomit: [{item: 乙/丙, reason: 由区公开}]\n---\n", "---\n不公开事项: [{事项: 乙/丙, 理由: 由区公开}]\n---\n"},
	{"settings keep their order", "content/site.yaml",
		"# 门户设置\ndistrict: 区\nname: 门户  \n\n\n# 督查口径\nbackdate_days: 0\ncolumns:\n  - column: 首页\n    days: 14\nbase_url: https://a.example/\n\n",
		"# 门户设置\n地区: 区\n名称: 门户\n\n# 督查口径\n日期误差天数: 0\n栏目更新期限:\n  - 栏目: 首页\n    天数: 14\n网址: https://a.example/\n"},
	{"synonyms", "content/synonyms.yaml", "groups:\n  # 一组\n  - official: [最低生活保障]\n    say: [低保]\nignore: [怎么]", "词组:\n  # 一组\n  - 规范用语: [最低生活保障]\n    俗称: [低保]\n忽略: [怎么]\n"},
	{"catalog", fieldPath,
		"---\nnumber: 20\ntitle: 甲\nfield: a\n---\n##   低保 \n\n### 名单\n\n* 公开层级:县级; 乡级;\n* 公开内容（要素）: 《一;二》（三;四）;五\n   六\n\n\n<!-- 注 -->\n- 公开渠道和载体：网站 \n### 指南\n## 临时救助\n- 公开时限: 5日\n",
		"---\n标题: 甲\n领域: a\n序号: 20\n---\n\n## 低保\n### 名单\n- 公开内容：《一;二》（三;四）；五六\n<!-- 注 -->\n- 公开渠道：网站\n- 公开层级：县级；乡级；\n\n### 指南\n\n## 临时救助\n- 公开时限：5日\n"},
	{"comments of a catalog", fieldPath, "---\ntitle: 甲\n---\n<!--\n说明\n\n两段\n-->\n## 一\n- 公开内容：x\n<!-- 二 -->\n## 二\n<!-- 末 -->\n", "---\n标题: 甲\n---\n\n<!--\n说明\n\n两段\n-->\n## 一\n- 公开内容：x\n\n<!-- 二 -->\n## 二\n\n<!-- 末 -->\n"},
	{"catalog with other texts", fieldPath, "---\ntitle: 甲\n---\n说明文字\n## 一\n- 公开时限:5日\n", "---\n标题: 甲\n---\n\n说明文字\n## 一\n- 公开时限:5日\n"},
	{"calendar", "content/workdays.csv", "date,kind,name \r\n", "date,kind,name \r\n"},
}

func TestFormat(t *testing.T) {
	for _, c := range formatCases {
		got, why := Format(fileAt(t, c.path), []byte(c.before), Chinese)
		if why != nil {
			if c.after != "" {
				t.Errorf("%s: left alone: %s", c.name, why.Message.ZH)
			}
			continue
		}
		if string(got) != c.after {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.after)
		}
		if again, why := Format(fileAt(t, c.path), got, Chinese); why != nil || string(again) != string(got) {
			t.Errorf("%s: a second run makes %q of %q", c.name, again, got)
		}
	}
}

func TestFormatInEnglish(t *testing.T) {
	got, why := Format(fileAt(t, disclosurePath), []byte("---\n事项: 乙\n标题: 甲\n豁免:\n  - 规则: GK5\n    理由: 试用\n    截止: 2026-12-31\n---\n"), English)
	if want := "---\ntitle: 甲\nitem: 乙\nallow:\n  - rule: GK5\n    reason: 试用\n    until: 2026-12-31\n---\n"; why != nil || string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What cannot be read is left as it is, and the reason names rule and place.
func TestFormatLeavesWhatItCannotRead(t *testing.T) {
	for text, want := range map[string]string{
		"---\n标题：甲\n---\n":             "GK112 2:3",
		"---\n标体: 甲\n---\n":            "GK115 2:1",
		"---\n标题: 甲\n标题: 乙\n---\n":     "GK116 3:1",
		"---\n标题: 甲\n":                 "GK111 1:1",
		"---\n标题: \xb1\xea\n---\n":     "GK101 2:5",
		"---\n豁免:\n  - 规责: GK5\n---\n": "GK115 3:5",
	} {
		got, why := Format(fileAt(t, disclosurePath), []byte(text), Chinese)
		if why == nil {
			t.Errorf("%q became %q", text, got)
			continue
		}
		if got := why.Rule.ID + strings.TrimPrefix(why.Position.String(), disclosurePath+":"); strings.Replace(got, why.Rule.ID, why.Rule.ID+" ", 1) != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
		if why.Message.EN == "" || strings.Contains(why.Message.EN, "%!") || why.Mend.ZH == "" {
			t.Errorf("%q: %+v", text, why)
		}
	}
}

// FuzzFormat holds that a formatted file says what it said, and is in the one form. The file is made of lines that are chosen and of a rest.
func FuzzFormat(f *testing.F) {
	for _, c := range formatCases {
		f.Add([]byte{}, c.before)
	}
	for _, choice := range seeds {
		f.Add(choice, "标题: &a 甲\nitem: >-\n  乙\n\n# x\n\n\n---\n\t\n")
	}
	f.Fuzz(func(t *testing.T, choice []byte, rest string) { checkFormats(t, linesOf(choice)+rest) })
}

// checkFormats holds what is true of every file that is formatted.
func checkFormats(t *testing.T, raw string) {
	checkFormat(t, disclosurePath, raw, Chinese)
	checkFormat(t, unitFieldPath, raw, English)
	checkFormat(t, "content/site.yaml", raw, Chinese)
}

func checkFormat(t *testing.T, path, raw string, names Language) {
	t.Helper()
	file := fileAt(t, path)
	got, why := Format(file, []byte(raw), names)
	if why != nil {
		return
	}
	before, after := file.Read([]byte(raw)), file.Read(got)
	if differ := before.Differs(after); len(differ) > 0 || before.Stage != source.Whole || after.Errors() > 0 {
		t.Errorf("%s: %q says something else as %q: %v", path, raw, got, differ)
	}
	if again, why := Format(file, got, names); why != nil || string(again) != string(got) {
		t.Errorf("%s: %q becomes %q, and then %q (%v)", path, raw, got, again, why)
	}
}
