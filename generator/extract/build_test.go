package extract

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
)

// entry is a file to write into an archive.
type entry struct{ name, data string }

func zipped(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		f, err := w.CreateHeader(&zip.FileHeader{Name: e.name, Method: zip.Deflate, NonUTF8: true})
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(e.data))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarred(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		kind := byte(tar.TypeReg)
		if strings.HasSuffix(e.name, "/") {
			kind = tar.TypeDir
		}
		if err := w.WriteHeader(&tar.Header{Name: e.name, Size: int64(len(e.data)), Typeflag: kind, Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(e.data))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func squeeze(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	w.Close()
	return b.Bytes()
}

const (
	workbookXML = `<workbook xmlns="m" xmlns:r="r"><sheets><sheet name="名单" sheetId="1" r:id="rId1"/><sheet name="底稿" state="hidden" sheetId="2" r:id="rId2"/></sheets></workbook>`
	workbookRel = `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>`
	stringsXML  = `<sst><si><t>姓名</t></si><si><r><t>身份</t></r><r><t>证号</t></r></si><si><t>张三</t><rPh><t>zhang</t></rPh></si></sst>`
	sheetXML    = `<worksheet><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
<row r="5"><c r="A5" t="s"><v>2</v></c><c r="C5"><v>4.40203198001011E+17</v></c><c r="D5" t="inlineStr"><is><t>440203198001011234</t></is></c><c r="E5"><v>386.5</v></c></row>
</sheetData></worksheet>`
	hiddenXML = `<worksheet><sheetData><row><c t="str"><f>A1</f><v>李四</v></c></row></sheetData></worksheet>`
)

func xlsx(t testing.TB, more ...entry) []byte {
	return zipped(t, append([]entry{
		{"[Content_Types].xml", "<Types/>"}, {"xl/workbook.xml", workbookXML}, {"xl/_rels/workbook.xml.rels", workbookRel},
		{"xl/sharedStrings.xml", stringsXML}, {"xl/worksheets/sheet1.xml", sheetXML}, {"xl/worksheets/sheet2.xml", hiddenXML},
	}, more...)...)
}

func docx(t testing.TB, body string, more ...entry) []byte {
	return zipped(t, append([]entry{{"word/document.xml", `<w:document xmlns:w="w"><w:body>` + body + `</w:body></w:document>`}}, more...)...)
}

func pptx(t testing.TB) []byte {
	return zipped(t,
		entry{"ppt/presentation.xml", "<p:presentation/>"},
		entry{"ppt/slides/slide10.xml", `<p:sld><a:p><a:r><a:t>第十</a:t></a:r></a:p></p:sld>`},
		entry{"ppt/slides/slide2.xml", `<p:sld><a:p><a:r><a:t>电话1380</a:t></a:r><a:r><a:t>0000001</a:t></a:r></a:p></p:sld>`},
		entry{"ppt/notesSlides/notesSlide2.xml", `<p:notes><a:p><a:t>备注</a:t></a:p></p:notes>`})
}

func ods(t testing.TB, tables string) []byte {
	return zipped(t, entry{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
		entry{"content.xml", `<office:document-content><office:body><office:spreadsheet>` + tables + `</office:spreadsheet></office:body></office:document-content>`})
}

func odt(t testing.TB, text string, more ...entry) []byte {
	return zipped(t, append([]entry{{"mimetype", "application/vnd.oasis.opendocument.text"},
		{"content.xml", `<office:document-content><office:body><office:text>` + text + `</office:text></office:body></office:document-content>`}}, more...)...)
}

// ofd is a document of one page with the objects.
func ofd(t testing.TB, objects string, more ...entry) []byte {
	return zipped(t, append([]entry{
		{"OFD.xml", `<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DocBody><ofd:DocInfo><ofd:DocID>0</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`},
		{"Doc_0/Document.xml", `<ofd:Document><ofd:CommonData><ofd:TemplatePage ID="2" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>`},
		{"Doc_0/Pages/Page_0/Content.xml", `<ofd:Page><ofd:Content><ofd:Layer>` + objects + `</ofd:Layer></ofd:Content></ofd:Page>`},
	}, more...)...)
}

// ofdLine is a text object that begins at the place.
func ofdLine(x, y int, text, deltas string) string {
	return fmt.Sprintf(`<ofd:TextObject ID="9" Boundary="%d %d 100 5" Font="1" Size="4"><ofd:TextCode X="0" Y="4" %s>%s</ofd:TextCode></ofd:TextObject>`, x, y, deltas, text)
}

// portableFile is a pdf of one page that shows 张三138 through a ToUnicode table.
func portableFile(content string) []byte {
	const table = "1 begincodespacerange <0000> <FFFF> endcodespacerange 2 beginbfchar <0001> <5F20> <0002> <4E09> endbfchar 1 beginbfrange <0010> <0019> <0030> endbfrange"
	return []byte(fmt.Sprintf(`%%PDF-1.4
1 0 obj << /Pages 2 0 R >> endobj
2 0 obj << /Kids [3 0 R] >> endobj
3 0 obj << /Type /Page /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >> endobj
4 0 obj << >>
stream
%s
endstream endobj
5 0 obj << /Subtype /Type0 /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [<< >>] >> endobj
6 0 obj << >>
stream
%s
endstream endobj
trailer << /Root 1 0 R >>
`, content, table))
}

const shown = "BT /F1 10 Tf 50 700 Td <00010002001100130018> Tj ET"

// gathered is what Read gave, in one string.
func gathered(name string, data []byte, limits Limits) (string, error) {
	var b strings.Builder
	err := Read(name, bytes.NewReader(data), int64(len(data)), limits, func(p Part) bool {
		if p.Name {
			return true
		}
		fmt.Fprintf(&b, "[%s", strings.Join(p.Where, " › "))
		if p.Page > 0 {
			fmt.Fprintf(&b, " p%d", p.Page)
		}
		b.WriteString("]")
		for i, row := range p.Rows {
			if len(row) > 0 {
				fmt.Fprintf(&b, "%d:%s;", p.Row+i, strings.Join(row, ","))
			}
		}
		b.WriteString(p.Text)
		return true
	})
	return b.String(), err
}
