package markdown

import (
	"strings"
	"testing"
)

// TestWrappedProseHasNoBreaks, but after the end of a sentence, wraps prose at every width that an editor's window may have. Each text has words that begin lines elsewhere.
func TestWrappedProseHasNoBreaks(t *testing.T) {
	r := New()
	for _, prose := range []string{
		"根据《社会救助暂行办法》第二十条第（二）项和区民政局2026年10月8日印发的通知，西河镇人民政府组织各村民委员会对在册低保对象进行了全面核查，" +
			"核查期为2026年10月8日至2026年11月8日，由镇公共服务办公室负责；公示期内有异议的，请向西河镇人民政府反映，联系电话：0751-0001000，联系人：张某某，" +
			"办公时间：工作日8：30—12：00，逾期视为无异议",
		"各镇人民政府、街道办事处要落实属地责任，责任单位：区民政局、区财政局；完成时限：2026年12月31日；配合单位：各镇（街道）；" +
			"具体分工见附件（附件1）至附件（附件3），资料由区政务服务数据管理局统一发布，发布日期为2026年10月8日",
		"对符合《广东省最低生活保障制度实施办法》（粤府令第262号）第十二条第（三）款规定的家庭，经村（居）民委员会、镇人民政府、区民政局逐级审核后，自批准之日2026年10月8日" +
			"起按月发放，标准按2026年城乡低保标准的1.5倍执行，所需资金由区财政局西河财政所拨付",
	} {
		runes := []rune(prose)
		for width := 25; width <= 50; width++ {
			for first := 1; first <= width; first++ { // what stands before on the first line moves the others
				var b strings.Builder
				b.WriteString("现将有关情况报告，" + strings.Repeat("并", max(0, 18-first)) + string(runes[:first]))
				for i := first; i < len(runes); i += width {
					b.WriteByte('\n')
					b.WriteString(string(runes[i:min(i+width, len(runes))]))
				}
				if got := r.Render("a.md", []byte(b.String()), 1, nil).HTML; strings.Contains(strings.ReplaceAll(got, "；<br>", ""), "<br>") {
					t.Errorf("width %d: %s", width, got)
				}
			}
		}
	}
}
