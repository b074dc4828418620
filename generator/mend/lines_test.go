package mend

import "strings"

// pool is what fuzzed files are made of: bytes alone seldom make front matter that can be read.
var pool = strings.Split(strings.ReplaceAll(`---
标题: 甲
title：乙
"事项": 丙/丁
item:戊
成文日期: 2026/1/5
date: '2026年1月6日' # 注
索引号:
附件:
  - a.pdf
- "b.pdf"
附件: [a.pdf, "b, c"]
	- 规则：GK6
豁免：
  - 规则: GK5
    理由：试: 用
    截止:2026-12-31
allow: [{rule: GK5, reason: "试", until: 2026/12/31}]
# 说明
  # 里面的注
摘要: |
摘要: >-
  一

  标题：丙
文号：[2026]15号
关键词: [甲, 乙
标体: 甲
标题: "甲
  乙"
  # 缩进
{title: 甲, item: 乙}
－－－
-----
——
...
? title
: 甲
标题: &a 甲
文号: *a
omit:
  - item: 乙/丙
    reason: 由区公开
## 一级
### 二级
- 公开内容: 一; 二（三;四）
  五；六
* 公开时限：5日
- 公开层级：县级;乡级
<!-- 注 -->
<!--
-->
##  一级  ##
正文,逗号；`+"`代码,逗号`"+`
西河府[2026]第15号 张三,13800000001
`, "\r", ""), "\n")

// linesOf makes a file: each byte is a line, and the first decides how lines end.
func linesOf(choice []byte) string {
	if len(choice) == 0 {
		return ""
	}
	end := []string{"\n", "\r\n", "  \n", "\n\n"}[choice[0]%4]
	var b strings.Builder
	b.WriteString("---" + end)
	for _, c := range choice[1:min(len(choice), 40)] {
		b.WriteString(pool[int(c)%len(pool)])
		b.WriteString(end)
	}
	if choice[0]&4 != 0 {
		b.WriteString("---" + end)
	}
	return b.String()
}

// seeds are choices that make front matter and catalogs of many kinds.
var seeds = [][]byte{
	{},
	{0, 1, 3, 5, 6, 7, 8, 9, 13, 14, 15, 0, 44, 45, 46},
	{1, 18, 22, 3, 1, 21, 22, 23, 24, 18, 17, 0, 44, 45, 46, 47, 48, 50, 49, 51},
	{6, 25, 38, 39, 40, 41, 2, 30, 31},
	{7, 34, 35, 36, 37, 16, 12},
}
