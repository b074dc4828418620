package privacy

import (
	"strings"
	"testing"
)

// ordinary is what most of a portal's text is like: dates, document numbers, sums, a landline; nothing to find.
const ordinary = `韶关市武江区龙归镇人民政府关于印发《龙归镇2026年农村低收入人口动态监测工作方案》的通知

各村民委员会，镇直各单位：
为贯彻落实《中华人民共和国政府信息公开条例》（国令第711号）和韶武府〔2026〕1号文件精神，切实做好农村低收入人口常态化帮扶工作，经镇党委、政府研究同意，现将方案印发给你们，请结合实际认真组织实施。
一、总体要求。坚持以人民为中心的发展思想，健全防止返贫动态监测和帮扶机制，对有返贫致贫风险的农户早发现、早干预、早帮扶，守住不发生规模性返贫的底线。全年安排衔接资金386.5万元，其中产业发展资金232万元，占60.03%。
二、工作步骤。2026年3月15日前完成排查，6月30日前完成信息核对，12月10日前完成总结。各村于每月25日前报送进度，联系电话：0751-0003130。
| 村 | 户数 | 人数 | 补助资金（万元） |
| --- | ---: | ---: | ---: |
| 凤田村 | 32 | 118 | 15.6 |
| 龙安村 | 27 | 96 | 12.4 |
`

func BenchmarkFind(b *testing.B) {
	s := NewScanner(today)
	text := strings.Repeat(ordinary, 200)
	prose := strings.Repeat("坚持以人民为中心的发展思想，健全防止返贫动态监测和帮扶机制；对有返贫致贫风险的农户（含脱贫户）早发现、早干预、早帮扶。", 2000)
	list := "序号\t姓名\t身份证号\t住址\t电话\n" + strings.Repeat("1\t张三\t"+"440203198001011230"+"\t龙归镇凤田村12号\t13800000001\n", 2000)
	for _, bb := range []struct{ name, text string }{{"ordinary", text}, {"prose", prose}, {"list", list}} {
		b.Run(bb.name, func(b *testing.B) {
			b.SetBytes(int64(len(bb.text)))
			b.ReportAllocs()
			var found []Match
			for b.Loop() {
				found = s.Find(found[:0], bb.text)
			}
			b.ReportMetric(float64(len(found)), "matches")
		})
	}
}

func BenchmarkTable(b *testing.B) {
	s := NewScanner(today)
	rows := [][]string{{"序号", "姓名", "村组", "金额（元）"}}
	for range 5000 {
		rows = append(rows, []string{"1", "张*", "凤田村上坝组", "386.50"})
	}
	b.ReportAllocs()
	for b.Loop() {
		s.FindTable(nil, rows)
	}
}
