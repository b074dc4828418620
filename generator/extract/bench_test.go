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

// BenchmarkOFD reads a list of names of fifty pages, each character placed by its step.
func BenchmarkOFD(b *testing.B) {
	pages := entry{"Doc_0/Document.xml", "<ofd:Document><ofd:Pages>"}
	var files []entry
	size := 0
	for i := range 50 {
		var page strings.Builder
		page.WriteString("<ofd:Page>")
		for line := range 40 {
			page.WriteString(ofdLine(20, 10+6*line, "张*", `DeltaX="4"`) + ofdLine(60, 10+6*line, "440203********1234", `DeltaX="g 17 2"`) + ofdLine(120, 10+6*line, "386.50", `DeltaX="g 5 2"`))
		}
		name := fmt.Sprintf("Pages/Page_%d/Content.xml", i)
		files = append(files, entry{"Doc_0/" + name, page.String() + "</ofd:Page>"})
		pages.data += fmt.Sprintf(`<ofd:Page ID="%d" BaseLoc="%s"/>`, i+1, name)
		size += page.Len()
	}
	pages.data += "</ofd:Pages></ofd:Document>"
	data := zipped(b, append(files, pages, entry{"OFD.xml", "<ofd:OFD><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"})...)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		err := Read("a.ofd", bytes.NewReader(data), int64(len(data)), Limits{}, func(p Part) bool { n += strings.Count(p.Text, "440203********1234"); return true })
		if err != nil || n != 2000 {
			b.Fatal(n, err)
		}
	}
}
