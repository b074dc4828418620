package site

import "testing"

func TestADepartmentAnswersForWhatItHasAFolderFor(t *testing.T) {
	department, town := &Unit{Level: County}, &Unit{Level: Township}
	for name, c := range map[string]struct {
		uf   UnitField
		want bool
	}{
		"a town":                           {UnitField{Unit: town}, true},
		"nothing":                          {UnitField{Unit: department, Entries: []Entry{{}}}, false},
		"its own catalog":                  {UnitField{Unit: department, Source: Source{Path: "_index.md"}}, true},
		"a document":                       {UnitField{Unit: department, Disclosures: []*Disclosure{{}}}, true},
		"a document that was taken down":   {UnitField{Unit: department, Entries: []Entry{{}, {Withdrawn: 1}}}, true},
		"a town without a single item":     {UnitField{Unit: town, Entries: nil}, true},
		"a town that declares it has none": {UnitField{Unit: town, NotApplicable: "无"}, true},
	} {
		if got := c.uf.Answers(); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
