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
	form     form
	choices  []choice  // of a key that holds one of some words
	entries  *keyTable // of a key that holds a list of groups
}

// form is what the value of a key is. Readers ask by it, and the JSON Schema says it.
type form uint8

const (
	textForm form = iota
	reasonForm
	dateForm
	numberForm
	yesForm
	listForm
	choiceForm
	entriesForm
)

// choice is one of the words that a key may hold, in both languages.
type choice struct{ chinese, english string }

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

func of(f form, k key) key {
	k.form = f
	return k
}

func oneOf(k key, choices ...choice) key {
	k.form, k.choices = choiceForm, choices
	return k
}

func groups(k key, entries *keyTable) key {
	k.form, k.entries = entriesForm, entries
	return k
}

func required(k key) key {
	k.required = true
	return k
}

// The keys of each kind of file. English names are Hugo's where Hugo has one, Chinese names those of the official header block.
var (
	titleKey       = key{name: "title", chinese: "标题", others: []string{"题名"}}
	dateKey        = of(dateForm, key{name: "date", chinese: "发布日期", others: []string{"公开日期"}})
	summaryKey     = key{name: "summary", chinese: "摘要", others: []string{"description", "内容概述"}}
	slugKey        = key{name: "slug", chinese: "网址名"}
	aliasesKey     = of(listForm, key{name: "aliases", chinese: "旧地址"})
	attachmentsKey = of(listForm, key{name: "attachments", chinese: "附件"})
	draftKey       = of(yesForm, key{name: "draft", chinese: "草稿"})
	allowKey       = groups(key{name: "allow", chinese: "豁免"}, allowKeys)
	orderKey       = of(numberForm, key{name: "order", chinese: "排序", others: []string{"weight"}})

	disclosureKeys = newKeyTable("公开信息", "disclosure",
		required(titleKey),
		required(key{name: "item", chinese: "事项", others: []string{"公开事项"}}),
		required(of(dateForm, key{name: "formed", chinese: "成文日期", others: []string{"生成日期"}})),
		required(dateKey),
		required(key{name: "index", chinese: "索引号"}),
		key{name: "docno", chinese: "文号", others: []string{"发文字号"}},
		key{name: "kind", chinese: "体裁", others: []string{"文种"}},
		key{name: "publisher", chinese: "发布机构"},
		of(dateForm, key{name: "effective", chinese: "实施日期"}),
		of(dateForm, key{name: "expires", chinese: "有效期至", others: []string{"expirydate"}}),
		oneOf(key{name: "validity", chinese: "有效性"}, choice{"有效", "valid"}, choice{"失效", "expired"}, choice{"废止", "repealed"}),
		of(dateForm, key{name: "repealed", chinese: "废止日期"}),
		oneOf(key{name: "status", chinese: "状态"}, choice{"已审核", "approved"}, choice{"草稿", "draft"}, choice{"审核中", "review"}),
		draftKey,
		attachmentsKey,
		summaryKey,
		of(listForm, key{name: "keywords", chinese: "关键词", others: []string{"主题词"}}),
		of(listForm, key{name: "related", chinese: "相关"}),
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
		required(of(numberForm, key{name: "number", chinese: "序号"})),
		of(dateForm, key{name: "approved", chinese: "批准日期"}),
		allowKey,
	)
	unitKeys = newKeyTable("单位", "unit",
		required(key{name: "name", chinese: "名称"}),
		key{name: "fullname", chinese: "全称"},
		oneOf(key{name: "kind", chinese: "类型"}, choice{}, choice{"镇", "town"}, choice{"街道", "subdistrict"}, choice{"部门", "department"}, choice{"村居", "village"}),
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
		of(reasonForm, key{name: "not_applicable", chinese: "不涉及"}),
		groups(key{name: "omit", chinese: "不公开事项"}, omitKeys),
		allowKey,
	)
	allowKeys = newKeyTable("豁免", "allowance",
		required(key{name: "rule", chinese: "规则"}),
		key{name: "what", chinese: "内容"},
		required(key{name: "reason", chinese: "理由"}),
		required(of(dateForm, key{name: "until", chinese: "截止"})),
	)
	omitKeys = newKeyTable("不公开事项", "omitted item",
		required(key{name: "item", chinese: "事项"}),
		of(reasonForm, key{name: "reason", chinese: "理由"}),
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
		key{name: "org_mark_image", chinese: "党政机关标识图片"},
		key{name: "police_badge", chinese: "公安备案图标"},
		of(numberForm, key{name: "page_size", chinese: "每页条数"}),
		of(numberForm, key{name: "feed_size", chinese: "订阅条数"}),
		of(numberForm, key{name: "home_newest", chinese: "首页条数"}),
		of(numberForm, key{name: "item_list_size", chinese: "事项下条数"}),
		groups(key{name: "columns", chinese: "栏目更新期限"}, columnKeys),
		of(numberForm, key{name: "default_deadline", chinese: "默认公开时限"}),
		of(numberForm, key{name: "backdate_days", chinese: "日期误差天数"}),
		of(numberForm, key{name: "blank_columns", chinese: "空白栏目上限"}),
		of(yesForm, key{name: "supervision", chinese: "督查页面"}),
		groups(key{name: "external_ok", chinese: "免查外链"}, externalKeys),
	)
	columnKeys = newKeyTable("栏目更新期限", "column's period",
		required(key{name: "column", chinese: "栏目"}),
		of(listForm, key{name: "kinds", chinese: "体裁"}),
		of(listForm, key{name: "fields", chinese: "领域"}),
		of(numberForm, key{name: "days", chinese: "天数"}),
		of(numberForm, key{name: "months", chinese: "月数"}),
		of(yesForm, key{name: "each_unit", chinese: "各单位分别计算"}),
	)
	externalKeys = newKeyTable("免查外链", "link that is not checked",
		required(key{name: "url", chinese: "网址"}),
		required(key{name: "reason", chinese: "理由"}),
	)
	synonymFileKeys = newKeyTable("同义词表", "table of synonyms",
		groups(key{name: "groups", chinese: "词组"}, synonymKeys),
		of(listForm, key{name: "ignore", chinese: "忽略"}),
	)
	synonymKeys = newKeyTable("同义词组", "group of synonyms",
		of(listForm, key{name: "official", chinese: "规范用语"}),
		of(listForm, key{name: "same", chinese: "同义词"}),
		of(listForm, key{name: "say", chinese: "俗称"}),
	)
)

// UnitKinds returns what the kind of a unit may be, in Chinese; the first is "", not stated.
func UnitKinds() []string {
	var out []string
	for _, c := range unitKeys.find("kind").choices {
		out = append(out, c.chinese)
	}
	return out
}

// groupsOf returns the table of the groups that a key holds, by its English name; nil where it holds none.
func groupsOf(name string) *keyTable {
	for _, t := range schemaTables {
		if k := t.table.find(name); k != nil && k.entries != nil {
			return k.entries
		}
	}
	return nil
}

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
