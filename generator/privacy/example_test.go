package privacy_test

import (
	"fmt"

	"gongkai/generator/calendar"
	"gongkai/generator/privacy"
)

func ExampleScanner_Find() {
	s := privacy.NewScanner(calendar.NewDate(2026, 11, 23))
	text := "张三，身份证号11010519491231002X，手机138 0000 0001，住建设路12号3栋502室。统一社会信用代码113417030032499282。"
	for _, m := range s.Find(nil, text) {
		fmt.Println(m.Kind.Chinese(), m.Masked, "→", m.Suggest)
	}
	// Output:
	// 公民身份号码 1101************** → 110105********002X
	// 手机号码 138******** → 138****0001
	// 家庭住址 建设路** → 建设路**号**栋**室
}
