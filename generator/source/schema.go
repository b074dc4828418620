package source

import (
	"encoding/json"
	"fmt"
	"slices"

	"gongkai/generator/finding"
)

// schemaTables are the kinds of files that have a schema, by the names that SchemaKinds returns.
var schemaTables = []struct {
	kind  string
	table *keyTable
}{
	{"disclosure", disclosureKeys}, {"page", pageKeys}, {"catalog", fieldKeys}, {"unit", unitKeys}, {"unit-field", unitFieldKeys}, {"site", configKeys}, {"synonyms", synonymFileKeys},
}

// SchemaKinds returns the kinds of files whose keys Schema describes.
func SchemaKinds() []string {
	var out []string
	for _, t := range schemaTables {
		out = append(out, t.kind)
	}
	return out
}

// Schema returns the JSON Schema (draft 7, which editors know best) of the front matter of a kind of file, or of a settings file, made from the table by which
// it is read; ok is false where there is no such kind.
func Schema(kind string, lang finding.Language) (schema []byte, ok bool) {
	i := slices.IndexFunc(schemaTables, func(t struct {
		kind  string
		table *keyTable
	}) bool {
		return t.kind == kind
	})
	if i < 0 {
		return nil, false
	}
	t := schemaTables[i].table
	s := t.schema(lang)
	s["$schema"] = "http://json-schema.org/draft-07/schema#"
	s["title"] = finding.Text{ZH: t.kind, EN: t.kindEN}.In(lang)
	out, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		panic(err) // maps of texts and lists
	}
	return append(out, '\n'), true
}

type object = map[string]any

// schema describes a mapping with the keys of the table. Each key may have any of its names, but only one of them.
func (t *keyTable) schema(lang finding.Language) object {
	properties := object{}
	var all []any
	for i := range t.keys {
		k := &t.keys[i]
		names := append([]string{k.chinese, k.name}, k.others...)
		var has []any
		for _, n := range names {
			v := k.schema(lang)
			if n != k.chinese {
				v["description"] = finding.T("同“%s”", "the same as %q", k.chinese).In(lang)
			}
			properties[n] = v
			has = append(has, object{"required": []string{n}})
		}
		if k.required {
			all = append(all, object{"oneOf": has})
			continue
		}
		all = append(all, object{"oneOf": append(has, object{"not": object{"anyOf": slices.Clone(has)}})})
	}
	return object{"type": "object", "properties": properties, "additionalProperties": false, "allOf": all}
}

// datePattern is what reads as a day, with a time perhaps, by its form; whether there is such a day a schema cannot say.
const datePattern = `^\s*\d{4}(-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2}|年\d{1,2}月\d{1,2}日?)([T ]+\d{1,2}:\d{2}(:\d{2})?.*)?\s*$`

func (k *key) schema(lang finding.Language) object {
	switch k.form {
	case dateForm:
		return object{"type": "string", "pattern": datePattern, "description": finding.T("日期，写成 2022-10-08", "a day like 2022-10-08").In(lang)}
	case reasonForm:
		return object{"type": "string", "minLength": 1, "not": object{"enum": noReasons}, "description": finding.T("理由，写一句话", "the reason, in a sentence").In(lang)}
	case numberForm:
		return object{"type": []string{"integer", "string"}, "minimum": 0, "pattern": `^\d*$`, "description": finding.T("整数", "a whole number").In(lang)}
	case yesForm:
		return object{"enum": []any{true, false, "是", "否", "true", "false", "yes", "no"}, "description": finding.T("是 或 否", "true or false").In(lang)}
	case listForm:
		return object{"type": []string{"array", "string"}, "items": object{"type": []string{"string", "number"}}, "description": finding.T("列表，例如 [甲, 乙]", "a list such as [a, b]").In(lang)}
	case choiceForm:
		var words []string
		for _, c := range k.choices {
			if c.chinese != "" {
				words = append(words, c.chinese, c.english)
			}
		}
		return object{"enum": words, "description": fmt.Sprint(finding.T("其中之一", "one of these").In(lang))}
	case entriesForm:
		return object{"type": "array", "items": k.entries.schema(lang)}
	}
	return object{"type": []string{"string", "number", "boolean", "null"}}
}
