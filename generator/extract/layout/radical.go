package layout

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// plainForm replaces the look-alikes that ToUnicode tables of subset fonts name instead of the character that was typed: radicals
// (⽰ for 示, ⻰ for 龙), compatibility ideographs and ligatures. A label such as ⾝份证号 would not be found otherwise.
func plainForm(s string) string {
	for _, r := range s {
		if r >= 0x2e80 && r <= 0x2fd5 || r >= 0xf900 && r <= 0xfaff || r >= 0xfb00 && r <= 0xfb06 {
			return norm.NFKC.String(supplement.Replace(s))
		}
	}
	return s
}

// supplement maps the radicals that Unicode does not decompose.
var supplement = strings.NewReplacer(
	"⻰", "龙", "⻢", "马", "⻓", "长", "⻔", "门", "⻅", "见", "⻋", "车", "⻉", "贝", "⻛", "风", "⻜", "飞", "⻝", "食", "⻥", "鱼", "⻦", "鸟", "⻧", "卤",
	"⻨", "麦", "⻩", "黄", "⻬", "齐", "⻮", "齿", "⻳", "龟", "⻚", "页", "⻘", "青", "⻙", "韦", "⻆", "角", "⻄", "西", "⻁", "虎", "⺠", "民", "⺟", "母",
	"⻤", "鬼", "⻣", "骨", "⻒", "长", "⻞", "食", "⻗", "雨", "⻫", "齐", "⻭", "齿", "⻯", "龙", "⻑", "長",
)
