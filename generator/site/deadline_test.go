package site

import (
	"fmt"
	"strings"
	"testing"
)

// TestParseDeadlines reads every value that the 26 catalogs have, and what editors write beside them.
func TestParseDeadlines(t *testing.T) {
	kinds := [...]string{"other", "within", "prompt", "long", "notice", "every", "monthly", "quarterly", "half-yearly", "annual"}
	for cell, want := range map[string]string{
		"信息形成或变更之日起20个工作日内":                "within 20wd",
		"信息形成或变更之日起 ２０ 个工作日内":              "within 20wd",
		"自信息形成或者变更之日起20个工作日内予以公开":          "within 20wd",
		"长期公开；信息形成或变更之日起20个工作日内":           "long, within 20wd",
		"信息形成或变更之日起20个工作日内；自作出决定之日起7个工作日内": "within 20wd, within 7wd",
		"信息形成或变更之日起20日内":                   "within 20d",
		"信息形成（变更）3个工作日内；公示7个工作日":           "within 3wd, notice 7wd",
		"信息形成或变更之日起7个工作日内；补贴对象名单公示7日":      "within 7wd, notice 7d",
		"信息形成或变更之日起20个工作日内；公示30日":          "within 20wd, notice 30d",
		"公示7日":      "notice 7d",
		"实时公开":      "prompt",
		"及时公开":      "prompt",
		"按进展情况及时公开": "prompt",
		"长期公开":      "long",
		"每20个工作日更新": "every 20wd",
		"信息形成或变更之日起20个工作日内；按季度公开":         "within 20wd, quarterly",
		"信息形成或变更之日起20个工作日内；年度情况于次年3月底前公开": "within 20wd, annual",
		"20个工作日":          "within 20wd",
		"7天内":             "within 7d",
		"随采购公告、采购文件公开":    "other",
		"重大决策作出后及时公开":     "other",
		"资金分配结果下达15个工作日内": "other",
		"提前一周发通知邀请":       "other",
		"实地启动拟征收工作时公开":    "other",
		"培训开始前7个工作日发布通知；培训结束后20个工作日内公布情况": "other, other",
		"听证通知书于听证7个工作日前公开":                "other",
		"每月公开": "monthly", "按月更新": "monthly", "每月10日前更新": "monthly", "每季度结束后15日内": "quarterly", "每半年公开": "half-yearly", "半年度公开": "half-yearly", "每月公示7日": "notice 7d",
		"同上": "other",
		"":   "",
	} {
		var got []string
		for _, d := range ParseDeadlines(cell) {
			s := kinds[d.Kind]
			if d.N > 0 {
				s += fmt.Sprintf(" %d%s", d.N, map[bool]string{true: "wd", false: "d"}[d.Workdays])
			}
			got = append(got, s)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s\n got %s\nwant %s", cell, strings.Join(got, ", "), want)
		}
	}
}

func FuzzParseDeadlines(f *testing.F) {
	f.Add("信息形成或变更之日起20个工作日内；公示7日")
	f.Fuzz(func(t *testing.T, cell string) {
		for _, d := range ParseDeadlines(cell) {
			if counted := d.Kind == Within || d.Kind == Notice || d.Kind == Every; counted != (d.N > 0) {
				t.Errorf("%q: %+v", cell, d)
			}
		}
	})
}
