package extract

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func BenchmarkWorkbook(b *testing.B) {
	var sheet, shared strings.Builder
	sheet.WriteString("<worksheet><sheetData>")
	shared.WriteString("<sst>")
	for i := 1; i <= 5000; i++ {
		fmt.Fprintf(&shared, "<si><t>张*%d</t></si>", i)
		fmt.Fprintf(&sheet, `<row r="%d"><c r="A%d"><v>%d</v></c><c r="B%d" t="s"><v>%d</v></c><c r="C%d" t="inlineStr"><is><t>440203********1234</t></is></c><c r="D%d" t="s"><v>7</v></c><c r="E%d"><v>386.5</v></c><c r="F%d" t="s"><v>9</v></c></row>`, i, i, i, i, i-1, i, i, i, i)
	}
	data := zipped(b, entry{"xl/workbook.xml", workbookXML}, entry{"xl/_rels/workbook.xml.rels", workbookRel},
		entry{"xl/sharedStrings.xml", shared.String() + "</sst>"}, entry{"xl/worksheets/sheet1.xml", sheet.String() + "</sheetData></worksheet>"})
	b.SetBytes(int64(sheet.Len() + shared.Len()))
	b.ReportAllocs()
	for b.Loop() {
		rows := 0
		err := Read("a.xlsx", bytes.NewReader(data), int64(len(data)), Limits{}, func(p Part) bool { rows += len(p.Rows); return true })
		if err != nil || rows != 5000 {
			b.Fatal(rows, err)
		}
	}
}
