package extract

import (
	"bytes"
	"testing"
	"unicode/utf8"
)

// fuzz reads any bytes under the name: no panic, no endless loop, parts within their bounds.
func fuzz(f *testing.F, name string, seeds ...[]byte) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	limits := Limits{Bytes: 4 << 20, File: 1 << 20, Entries: 100, Pages: 20}
	f.Fuzz(func(t *testing.T, data []byte) {
		err := Read(name, bytes.NewReader(data), int64(len(data)), limits, func(p Part) bool {
			if p.Rows != nil && p.Row < 1 || len(p.Where) == 0 || p.Where[0] != name {
				t.Errorf("part %+v", p)
			}
			for _, row := range p.Rows {
				for _, cell := range row {
					if !utf8.ValidString(cell) {
						t.Errorf("cell %q", cell)
					}
				}
			}
			if !utf8.ValidString(p.Text) {
				t.Errorf("text %q", p.Text)
			}
			return true
		})
		if err != nil && len(All(err)) == 0 {
			t.Errorf("untyped error %v", err)
		}
	})
}

func FuzzCSV(f *testing.F) {
	fuzz(f, "a.csv", []byte("姓名,电话\r\n\"张\"\"三\",1\n"), []byte(gbk(f, "姓名;电话\n张三;1")), []byte("\xff\xfe\x20\x5f,\x00"), []byte("\"a\n"))
}

func FuzzText(f *testing.F) {
	fuzz(f, "a.txt", []byte("一\n二"), []byte(gbk(f, "张三电话")), []byte("\xef\xbb\xbf"), []byte("\xfe\xff\x5f\x20"))
}

func FuzzPDF(f *testing.F) { fuzz(f, "a.pdf", portableFile(shown)) }

func FuzzZip(f *testing.F) {
	fuzz(f, "a.zip", zipped(f, entry{"a.txt", "一"}, entry{"b.csv", "a,b"}), zipped(f, entry{"c.zip", string(zipped(f, entry{"d.txt", "深"}))}), xlsx(f))
}

func FuzzRTF(f *testing.F) {
	fuzz(f, "a.rtf", []byte("{\\rtf1{\\fonttbl x}\\'d5\\'c5\\u30005?\\uc2\\u-10179??\\cell\\row{\\*\\annotation a}\\bin3 abc}"))
}

func FuzzMail(f *testing.F) {
	fuzz(f, "a.eml", mails(2), []byte("Subject: =?gb2312?B?0NXD+w==?=\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Transfer-Encoding: base64\n\n1cXI/Q==\n--x\nContent-Disposition: attachment; filename=a.csv\n\n1,2\n--x--\n"))
}

func FuzzTar(f *testing.F) { fuzz(f, "a.tgz", squeeze(tarred(f, entry{"a.txt", "一"}))) }

func FuzzUnknown(f *testing.F) {
	fuzz(f, "a", []byte("张三"), portableFile(shown), xlsx(f), squeeze([]byte("x")))
}

// FuzzPackages fuzzes the XML of OpenDocument and OFD.
func FuzzPackages(f *testing.F) {
	f.Add(`<table:table table:name="a"><table:table-row table:number-rows-repeated="99999999"><table:table-cell table:number-columns-repeated="9" office:value-type="float" office:value="1e20"><text:p>x</text:p></table:table-cell></table:table-row></table:table>`)
	f.Add(ofdLine(1, 2, "张三", `DeltaX="g 999999999 2 1"`) + `<ofd:TextObject Boundary="1" CTM="1 2 3 4 5 1e309" Size="NaN"><ofd:TextCode X="-1e300">x</ofd:TextCode>`)
	f.Fuzz(func(t *testing.T, body string) {
		for name, data := range map[string][]byte{"a.ods": ods(t, body), "a.odt": odt(t, body), "a.ofd": ofd(t, body)} {
			if _, err := gathered(name, data, Limits{Bytes: 4 << 20}); err != nil && len(All(err)) == 0 {
				t.Errorf("untyped error %v", err)
			}
		}
	})
}

// FuzzWorkbook fuzzes the XML, which a fuzzed archive seldom reaches.
func FuzzWorkbook(f *testing.F) {
	f.Add(sheetXML, stringsXML, workbookXML)
	f.Add(hiddenXML, "<sst><si><t>x", `<workbook><sheets><sheet name="" r:id="rId1"/>`)
	f.Add(`<row r="99999999999"><c r="ZZZZZ9" t="s"><v>-1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1e999</v></c>`, "", "<workbook/>")
	f.Fuzz(func(t *testing.T, sheet, shared, book string) {
		data := zipped(t, entry{"xl/workbook.xml", book}, entry{"xl/_rels/workbook.xml.rels", workbookRel}, entry{"xl/sharedStrings.xml", shared}, entry{"xl/worksheets/sheet1.xml", sheet})
		_, err := gathered("a.xlsx", data, Limits{Bytes: 4 << 20})
		if err != nil && len(All(err)) == 0 {
			t.Errorf("untyped error %v", err)
		}
	})
}

func FuzzDocument(f *testing.F) {
	f.Add(`<w:p><w:r><w:t>电话1380</w:t></w:r><w:del><w:delText>x</w:delText></w:del></w:p>`)
	f.Add(`<w:tbl><w:tr><w:tc><w:p><w:t>a</w:t></w:p></w:tc></w:tr></w:tbl></w:tr></w:tr><mc:Fallback><w:t>`)
	f.Fuzz(func(t *testing.T, body string) {
		for _, data := range [][]byte{docx(t, body), zipped(t, entry{"ppt/presentation.xml", ""}, entry{"ppt/slides/slide1.xml", body})} {
			if _, err := gathered("a.docx", data, Limits{Bytes: 4 << 20}); err != nil && len(All(err)) == 0 {
				t.Errorf("untyped error %v", err)
			}
		}
	})
}
