package privacy

import (
	"fmt"
	"testing"
)

func TestFindTable(t *testing.T) {
	s := NewScanner(today)
	for _, tt := range []struct {
		name string
		rows [][]string
		want string
	}{
		{"the heading says it", [][]string{{"姓名", "身份证号"}, {"张三", "440203500106001"}}, "1,1 old-id-number;"},
		{"a title above the heading", [][]string{{"2026年低保名单"}, {"序号", "户主姓名", "银行账号"}, {"1", "张*", "80010000012345678"}}, "2,2 bank-card;"},
		{"headings on two rows", [][]string{{"户主", "证件信息", ""}, {"姓名", "", "身份证号"}, {"张三", "x", "440203500106001"}}, "2,2 old-id-number;"},
		{"a second table below", [][]string{{"姓名", "手机"}, {"张三", "13800000001"}, {"名称", "合同编号"}, {"某工程", "13800000001"}}, "1,1 mobile;"},
		{"the cell to the left is a label", [][]string{{"统一社会信用代码", "440203198001011230"}, {"身份证号", "", "440203500106001"}}, "1,2 old-id-number;"},
		{"a code's column", [][]string{{"单位名称", "统一社会信用代码"}, {"某单位", "113417030032499282"}}, ""},
		{"an office's account", [][]string{{"单位名称", "账号"}, {"龙归镇人民政府", "80010000012345678"}}, ""},
		{"homes", [][]string{{"姓名", "家庭住址"}, {"张*", "龙归镇凤田村12号"}, {"李*", "龙归镇凤田村"}}, "1,1 home-address;"},
		{"offices", [][]string{{"网点", "地址"}, {"龙归支行", "龙归路12号"}}, ""},
		{"a person's address under a plain heading", [][]string{{"姓名", "地址"}, {"张三", "龙归路12号"}}, "1,1 home-address;"},
		{"masked", [][]string{{"姓名", "身份证号", "银行卡号"}, {"张*", "440203********1234", "6217***********0123"}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			for _, m := range s.FindTable(nil, tt.rows) {
				got += fmt.Sprintf("%d,%d %s;", m.Row, m.Column, m.Kind)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// The heading may come in an earlier block than the row.
func TestTableRemembersHeadings(t *testing.T) {
	table := NewScanner(today).Table()
	table.Find(nil, [][]string{{"姓名", "身份证号"}})
	if found := table.Find(nil, [][]string{{"张三", "440203500106001"}}); len(found) != 1 || found[0].Suggest != "440203******001" {
		t.Errorf("got %+v", found)
	}
}
