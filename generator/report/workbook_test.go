package report

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func sheets() []Sheet {
	return []Sheet{
		{Name: "总表", Columns: []SheetColumn{{"领域", 20}, {"西河镇", 10}}, Rows: [][]Cell{{{"社会救助", Plain}, {"1／3", Middling}}, {{"合计", Plain}, {12, Good}}}},
		{Name: "西河镇[1]:*?/\\" + strings.Repeat("长", 40), Columns: []SheetColumn{{"问题", 20}}, Rows: [][]Cell{{{"=HYPERLINK(\"x\")", Bad}}, {{"+1 控制\x01字符", Muted}}}},
		{Name: "总表", Columns: []SheetColumn{{"空", 10}}},
		{Name: "", Columns: []SheetColumn{{"没有名字", 10}}},
	}
}

func TestWorkbook(t *testing.T) {
	var one, two bytes.Buffer
	for _, b := range []*bytes.Buffer{&one, &two} {
		if err := Workbook(b, sheets()); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("the same sheets give other bytes")
	}
	f, err := excelize.OpenReader(&one)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	names := f.GetSheetList()
	if len(names) != 4 || names[0] != "总表" || names[2] != "总表 2" || names[3] != "Sheet" || len([]rune(names[1])) > 31 || strings.ContainsAny(names[1], `[]:*?/\`) {
		t.Errorf("sheets %q", names)
	}
	for at, want := range map[string]string{"A1": "领域", "B1": "西河镇", "B2": "1／3", "B3": "12"} {
		if got, err := f.GetCellValue("总表", at); err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", at, got, err, want)
		}
	}
	if formula, err := f.GetCellFormula(names[1], "A2"); err != nil || formula != "" {
		t.Errorf("a text became the formula %q, %v", formula, err)
	}
	if got, _ := f.GetCellValue(names[1], "A2"); got != `=HYPERLINK("x")` {
		t.Errorf("A2 is %q", got)
	}
}

func TestTable(t *testing.T) {
	var b strings.Builder
	if err := Table(&b, sheets()); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(b.String(), "\ufeff")
	if !marked || !strings.Contains(text, "\r\n") {
		t.Error("Excel needs a mark and CRLF")
	}
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				t.Errorf("Excel takes %q for a formula", cell)
			}
		}
	}
	if rows[1][1] != "社会救助" || rows[2][2] != "12" {
		t.Errorf("%q", rows)
	}
}
