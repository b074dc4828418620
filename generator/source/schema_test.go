package source

import (
	"bytes"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"gongkai/generator/finding"
	"gongkai/generator/site"
)

// What the schema accepts the reader reads without a word on keys and types, and the reverse.
func TestSchemaAgreesWithTheReader(t *testing.T) {
	const whole = "标题: 甲\n事项: 乙/丙\n成文日期: 2022-10-08\n发布日期: 2022-10-12\n索引号: x\n"
	const unit = "名称: 西河镇\n层级: 乡级\n"
	cases := map[string][]string{
		"disclosure": {
			whole, strings.Replace(whole, "标题", "title", 1), strings.Replace(whole, "标题", "题名", 1), whole + "title: 乙\n", strings.Replace(whole, "标题: 甲\n", "", 1),
			whole + "文号: 1\n", whole + "未知: 1\n", whole + "附件: [a.pdf, b.pdf]\n", whole + "附件: a.pdf\n", whole + "附件: {a: b}\n", whole + "状态: 草稿\n", whole + "status: review\n",
			whole + "状态: 也许\n", whole + "有效性: 废止\n", whole + "草稿: 是\n", whole + "草稿: true\n", whole + "草稿: 不\n", whole + "有效期至: 2022年12月1日\n", whole + "有效期至: 明天\n",
			whole + "有效期至: 2022/12/1\n", whole + "豁免:\n  - 规则: GK502\n    理由: 甲\n    截止: 2027-01-01\n", whole + "豁免: GK502\n", whole + "豁免:\n  - 规则: GK502\n    多余: 1\n    理由: 甲\n    截止: 2027-01-01\n",
			whole + "摘要:\n", whole + "摘要: [a]\n", whole + "关键词: []\n",
		},
		"unit":       {unit, unit + "排序: 3\n", unit + "排序: 三\n", unit + "类型: 镇\n", unit + "类型: 省\n", unit + "kind: town\n", "名称: 西河镇\n", unit + "邮编: 512000\n"},
		"page":       {"标题: 甲\n", "标题: 甲\n排序: 2\nweight: 3\n", "摘要: 甲\n"},
		"unit-field": {"不涉及: 没有\n", "不涉及: 是\n", "不涉及: true\n", "不涉及: 本镇没有这类事项\n", "不公开事项:\n  - 事项: 甲/乙\n    理由: 无\n", "不公开事项:\n  - 事项: 甲/乙\n    理由: 丙\n", "不公开事项: 甲/乙\n"},
		"catalog":    {"标题: 甲\n领域: a\n序号: 1\n", "标题: 甲\n领域: a\n序号: 一\n", "标题: 甲\n领域: a\n序号: 1\n批准日期: 2021-03-01\n"},
	}
	for kind, fronts := range cases {
		schema := compiled(t, kind)
		var table *keyTable
		for _, x := range schemaTables {
			if x.kind == kind {
				table = x.table
			}
		}
		for _, text := range fronts {
			var value any
			if err := yaml.Unmarshal([]byte(text), &value); err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			byReader := readsWithoutAWord(kind, table, text)
			bySchema := schema.Validate(plain(value)) == nil
			if byReader != bySchema {
				t.Errorf("%s: the reader says %v, the schema %v (%v)\n%s", kind, byReader, bySchema, schema.Validate(plain(value)), text)
			}
		}
	}
}

// plain makes the numbers of YAML those of JSON.
func plain(v any) any {
	switch x := v.(type) {
	case map[string]any:
		for k := range x {
			x[k] = plain(x[k])
		}
	case []any:
		for i := range x {
			x[i] = plain(x[i])
		}
	case uint64:
		return float64(x)
	case int64:
		return float64(x)
	}
	return v
}

func compiled(t *testing.T, kind string) *jsonschema.Schema {
	t.Helper()
	text, ok := Schema(kind, finding.Chinese)
	if !ok {
		t.Fatalf("no schema of %s", kind)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(kind+".json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(kind + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// readsWithoutAWord reads front matter as the content folder's would be, and reports whether nothing was said of keys, types, words and forms of dates.
func readsWithoutAWord(kind string, table *keyTable, text string) bool {
	fr := parseFront("x.md", table, []byte(text), 2, &site.Source{Path: "x.md"})
	if !fr.failed() {
		l := &loader{root: "."}
		switch kind {
		case "disclosure":
			l.readDisclosure(fr, &file{path: "x.md", name: "x"})
		case "unit":
			readUnit(fr, "x")
		case "page":
			l.readPage(fr, &file{path: "x.md", name: "x"})
		case "unit-field":
			readUnitField(fr, nil)
		case "catalog":
			readField(fr, "x", nil)
		}
		fr.allowances()
	}
	for _, f := range fr.findings {
		if f.Rule != finding.NoAttachment && f.Rule != finding.DateForm {
			return false
		}
	}
	return true
}

func TestEveryKindHasASchema(t *testing.T) {
	for _, kind := range SchemaKinds() {
		compiled(t, kind)
	}
	if _, ok := Schema("nothing", finding.English); ok {
		t.Error("there is a schema of nothing")
	}
}
