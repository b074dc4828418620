package source

import (
	"strings"

	"gongkai/generator/site"
)

// key is one key of front matter: its name in files, its official Chinese name and further accepted names.
type key struct {
	name     string
	chinese  string
	others   []string
	required bool
}

// keyTable is what one kind of file may say.
type keyTable struct {
	kind   string // what the file is, in Chinese, for messages
	kindEN string
	keys   []key
	byName map[string]*key
}

func newKeyTable(kind, kindEN string, keys ...key) *keyTable {
	t := &keyTable{kind: kind, kindEN: kindEN, keys: keys, byName: map[string]*key{}}
	for i := range t.keys {
		k := &t.keys[i]
		for _, n := range append([]string{k.name, k.chinese}, k.others...) {
			t.byName[n] = k
		}
	}
	return t
}

// find returns the key by any of its names; upper and lower case read the same.
func (t *keyTable) find(name string) *key {
	if k := t.byName[name]; k != nil {
		return k
	}
	return t.byName[strings.ToLower(name)]
}

// names returns every accepted name, in the order of the table.
func (t *keyTable) names() []string {
	var out []string
	for _, k := range t.keys {
		out = append(append(out, k.name, k.chinese), k.others...)
	}
	return out
}

func required(k key) key {
	k.required = true
	return k
}

// The keys of each kind of file. English names are Hugo's where Hugo has one, Chinese names those of the official header block.
var (
	titleKey       = key{name: "title", chinese: "标题", others: []string{"题名"}}
	dateKey        = key{name: "date", chinese: "发布日期", others: []string{"公开日期"}}
	summaryKey     = key{name: "summary", chinese: "摘要", others: []string{"description", "内容概述"}}
	slugKey        = key{name: "slug", chinese: "网址名"}
	aliasesKey     = key{name: "aliases", chinese: "旧地址"}
	attachmentsKey = key{name: "attachments", chinese: "附件"}
	draftKey       = key{name: "draft", chinese: "草稿"}
	allowKey       = key{name: "allow", chinese: "豁免"}
	orderKey       = key{name: "order", chinese: "排序", others: []string{"weight"}}

	disclosureKeys = newKeyTable("公开信息", "disclosure",
		required(titleKey),
		required(key{name: "item", chinese: "事项", others: []string{"公开事项"}}),
		required(key{name: "formed", chinese: "成文日期", others: []string{"生成日期"}}),
		required(dateKey),
		required(key{name: "index", chinese: "索引号"}),
		key{name: "docno", chinese: "文号", others: []string{"发文字号"}},
		key{name: "kind", chinese: "体裁", others: []string{"文种"}},
		key{name: "publisher", chinese: "发布机构"},
		key{name: "effective", chinese: "实施日期"},
		key{name: "expires", chinese: "有效期至", others: []string{"expirydate"}},
		key{name: "validity", chinese: "有效性"},
		key{name: "repealed", chinese: "废止日期"},
		key{name: "status", chinese: "状态"},
		draftKey,
		attachmentsKey,
		summaryKey,
		key{name: "keywords", chinese: "关键词", others: []string{"主题词"}},
		key{name: "related", chinese: "相关"},
		slugKey,
		aliasesKey,
		allowKey,
	)
	pageKeys = newKeyTable("门户页面", "portal page",
		required(titleKey), dateKey, summaryKey, orderKey, attachmentsKey, draftKey, slugKey, aliasesKey, allowKey,
	)
	fieldKeys = newKeyTable("标准目录", "catalog",
		required(titleKey),
		required(key{name: "field", chinese: "领域"}),
		key{name: "name", chinese: "名称"},
		required(key{name: "number", chinese: "序号"}),
		key{name: "approved", chinese: "批准日期"},
		allowKey,
	)
	unitKeys = newKeyTable("单位", "unit",
		required(key{name: "name", chinese: "名称"}),
		key{name: "fullname", chinese: "全称"},
		key{name: "kind", chinese: "类型"},
		required(key{name: "level", chinese: "层级"}),
		key{name: "parent", chinese: "上级"},
		orderKey,
		key{name: "index_prefix", chinese: "索引号前缀"},
		key{name: "address", chinese: "地址"},
		key{name: "postcode", chinese: "邮编"},
		key{name: "phone", chinese: "电话"},
		key{name: "fax", chinese: "传真"},
		key{name: "email", chinese: "邮箱", others: []string{"电子邮箱"}},
		key{name: "hours", chinese: "办公时间"},
		key{name: "credit_code", chinese: "统一社会信用代码"},
		allowKey,
	)
	unitFieldKeys = newKeyTable("单位领域说明", "unit's notes on a field",
		key{name: "not_applicable", chinese: "不涉及"},
		key{name: "omit", chinese: "不公开事项"},
		allowKey,
	)
	allowKeys = newKeyTable("豁免", "allowance",
		required(key{name: "rule", chinese: "规则"}),
		required(key{name: "reason", chinese: "理由"}),
		required(key{name: "until", chinese: "截止"}),
	)
	omitKeys = newKeyTable("不公开事项", "omitted item",
		required(key{name: "item", chinese: "事项"}),
		key{name: "reason", chinese: "理由"},
	)
	configKeys = newKeyTable("门户设置", "portal settings",
		required(key{name: "name", chinese: "名称"}),
		required(key{name: "district", chinese: "地区"}),
		key{name: "description", chinese: "简介"},
		required(key{name: "base_url", chinese: "网址", others: []string{"baseurl"}}),
		key{name: "demo", chinese: "演示说明"},
		key{name: "site_id_code", chinese: "网站标识码"},
		key{name: "icp", chinese: "ICP备案编号"},
		key{name: "police_no", chinese: "公安备案号"},
		key{name: "organizer", chinese: "主办单位"},
		key{name: "undertaker", chinese: "承办单位"},
		key{name: "contact", chinese: "联系方式"},
		key{name: "report_url", chinese: "找错地址"},
		key{name: "org_mark_url", chinese: "党政机关标识地址"},
		key{name: "page_size", chinese: "每页条数"},
		key{name: "feed_size", chinese: "订阅条数"},
		key{name: "home_newest", chinese: "首页条数"},
		key{name: "item_list_size", chinese: "事项下条数"},
		key{name: "columns", chinese: "栏目更新期限"},
		key{name: "default_deadline", chinese: "默认公开时限"},
		key{name: "backdate_days", chinese: "日期误差天数"},
		key{name: "blank_columns", chinese: "空白栏目上限"},
		key{name: "supervision", chinese: "督查页面"},
		key{name: "external_ok", chinese: "免查外链"},
	)
	columnKeys = newKeyTable("栏目更新期限", "column's period",
		required(key{name: "column", chinese: "栏目"}),
		key{name: "kinds", chinese: "体裁"},
		key{name: "fields", chinese: "领域"},
		key{name: "days", chinese: "天数"},
		key{name: "months", chinese: "月数"},
		key{name: "each_unit", chinese: "各单位分别计算"},
	)
	externalKeys = newKeyTable("免查外链", "link that is not checked",
		required(key{name: "url", chinese: "网址"}),
		required(key{name: "reason", chinese: "理由"}),
	)
	synonymFileKeys = newKeyTable("同义词表", "table of synonyms",
		key{name: "groups", chinese: "词组"},
		key{name: "ignore", chinese: "忽略"},
	)
	synonymKeys = newKeyTable("同义词组", "group of synonyms",
		key{name: "official", chinese: "规范用语"},
		key{name: "same", chinese: "同义词"},
		key{name: "say", chinese: "俗称"},
	)
)

// columnNames are the accepted names of the catalog's columns.
var columnNames = map[string]site.Column{
	"公开内容": site.Content, "公开内容（要素）": site.Content, "公开内容(要素)": site.Content,
	"公开依据": site.Basis,
	"公开时限": site.DeadlineOf,
	"公开主体": site.Body,
	"公开渠道": site.Channels, "公开渠道和载体": site.Channels, "公开渠道及载体": site.Channels,
	"公开对象": site.Audience,
	"公开方式": site.Mode,
	"公开层级": site.LevelsOf,
}

// columnList names the columns in their order, as an editor would write them.
var columnList = []string{"公开内容", "公开依据", "公开时限", "公开主体", "公开渠道", "公开对象", "公开方式", "公开层级"}
