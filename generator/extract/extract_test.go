package extract

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func gbk(t testing.TB, s string) string {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRead(t *testing.T) {
	table := `<w:tbl><w:tr><w:tc><w:p><w:r><w:t>姓名</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>身份证号</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`
	for _, tt := range []struct {
		title, name string
		data        []byte
		want        string
	}{
		{"csv in UTF-8", "a.csv", []byte("姓名,电话\n张三,\"1,\"\"2\"\"\"\n"), `[a.csv]1:姓名,电话;2:张三,1,"2";`},
		{"csv with a byte order mark", "a.csv", []byte("\ufeff姓名,电话\r\n张三,1"), `[a.csv]1:姓名,电话;2:张三,1;`},
		{"csv in GB 18030", "a.csv", []byte(gbk(t, "姓名,电话\n张三,1\n")), `[a.csv]1:姓名,电话;2:张三,1;`},
		{"csv with tabs", "a.csv", []byte("姓名\t电话\n张三\t1\n"), `[a.csv]1:姓名,电话;2:张三,1;`},
		{"csv with a quotation mark without end", "a.csv", []byte("a,b\n\"c,d\ne,f\n"), "[a.csv]1:a,b;2:c,d\ne,f\n;"},
		{"txt", "说明.TXT", []byte("一\n二"), "[说明.TXT]一\n二"},
		{"txt in GB 18030", "a.txt", []byte(gbk(t, "张三电话")), "[a.txt]张三电话"},
		{"txt in UTF-16", "a.txt", []byte("\xff\xfe\x20\x5f"), "[a.txt]张"},
		{"empty txt", "a.txt", nil, ""},
		{"xlsx with a hidden sheet", "a.xlsx", xlsx(t), `[a.xlsx › 名单]1:姓名,身份证号;5:张三,,440203198001011000,440203198001011234,386.5;[a.xlsx › 底稿]1:李四;`},
		{"xlsx comments", "a.xlsx", xlsx(t, entry{"xl/comments1.xml", `<comments><commentList><comment><text><r><t>张三电话1</t></r></text></comment></commentList></comments>`}),
			"[a.xlsx › 名单]1:姓名,身份证号;5:张三,,440203198001011000,440203198001011234,386.5;[a.xlsx › 底稿]1:李四;[a.xlsx]张三电话1\n"},
		{"docx with runs that cut a number", "a.docx", docx(t, `<w:p><w:r><w:t>电话1380</w:t></w:r><w:r><w:t>0000001</w:t></w:r></w:p>`), "[a.docx]电话13800000001\n"},
		{"docx table", "a.docx", docx(t, table), "[a.docx]姓名 \t身份证号 \t\n"},
		{"docx with tracked deletion", "a.docx", docx(t, `<w:p><w:r><w:t>正文</w:t></w:r><w:del><w:r><w:delText>张三</w:delText></w:r></w:del></w:p>`), "[a.docx]正文\n张三\n"},
		{"docx text box given twice", "a.docx", docx(t, `<w:p><mc:AlternateContent><mc:Choice><w:t>框</w:t></mc:Choice><mc:Fallback><w:t>框</w:t></mc:Fallback></mc:AlternateContent></w:p>`), "[a.docx]框\n"},
		{"docx header and comment", "a.docx", docx(t, `<w:p><w:t>正文</w:t></w:p>`, entry{"word/header1.xml", `<w:hdr><w:p><w:t>眉</w:t></w:p></w:hdr>`}, entry{"word/comments.xml", `<w:comments><w:p><w:t>批</w:t></w:p></w:comments>`}), "[a.docx]正文\n[a.docx]眉\n[a.docx]批\n"},
		{"docx with an embedded workbook", "a.docx", docx(t, ``, entry{"word/embeddings/b.xlsx", string(xlsx(t))}), `[a.docx › b.xlsx › 名单]1:姓名,身份证号;5:张三,,440203198001011000,440203198001011234,386.5;[a.docx › b.xlsx › 底稿]1:李四;`},
		{"a new format under an old name", "a.wps", docx(t, `<w:p><w:t>正文</w:t></w:p>`), "[a.wps]正文\n"},
		{"pptx", "a.pptx", pptx(t), "[a.pptx p2]电话13800000001\n[a.pptx p10]第十\n[a.pptx p2]备注\n"},
		{"pdf", "a.pdf", portableFile(shown), "[a.pdf p1]张三138\n"},
		{"zip", "a.zip", zipped(t, entry{"说明.txt", "一"}, entry{"图.jpg", "x"}, entry{"目录/", ""}, entry{"目录/二.csv", "a,b"}, entry{"__MACOSX/._说明.txt", "\x00"}), "[a.zip › 说明.txt]一[a.zip › 目录/二.csv]1:a,b;"},
		{"zip with names in GBK", "a.zip", zipped(t, entry{gbk(t, "名单.txt"), "一"}), "[a.zip › 名单.txt]一"},
		{"zip in zip", "a.zip", zipped(t, entry{"b.zip", string(zipped(t, entry{"c.zip", string(zipped(t, entry{"d.txt", "深"}))}))}), "[a.zip › b.zip › c.zip › d.txt]深"},
		{"a picture", "a.jpg", []byte("x"), ""},
		{"json", "a.json", []byte(`{"a":1}`), `[a.json]{"a":1}`},
		{"no extension, a text", "名单", []byte("张三"), "[名单]张三"},
		{"no extension, a text in GB 18030", "名单", []byte(gbk(t, "张三")), "[名单]张三"},
		{"no extension, a pdf", "名单", portableFile(shown), "[名单 p1]张三138\n"},
		{"no extension, a docx", "名单", docx(t, `<w:p><w:t>正文</w:t></w:p>`), "[名单]正文\n"},
		{"no extension, a zip", "名单", zipped(t, entry{"a.txt", "一"}), "[名单 › a.txt]一"},
		{"no extension, a picture", "照片", []byte("\xff\xd8\xff\xe0"), ""},
		{"an unknown extension, a text", "a.geojson", []byte("一"), "[a.geojson]一"},
		{"tar", "a.tar", tarred(t, entry{"目录/", ""}, entry{"目录/a.txt", "一"}, entry{"b.jpg", "x"}), "[a.tar › 目录/a.txt]一"},
		{"tar.gz", "a.tar.gz", squeeze(tarred(t, entry{"a.txt", "一"})), "[a.tar.gz › a.txt]一"},
		{"tgz", "a.tgz", squeeze(tarred(t, entry{"a.txt", "一"})), "[a.tgz › a.txt]一"},
		{"gz of one file", "名单.csv.gz", squeeze([]byte("张三,1")), "[名单.csv.gz › 名单.csv]1:张三,1;"},
		{"rtf", "a.rtf", []byte("{\\rtf1\\ansi\\ansicpg936{\\fonttbl{\\f0 \\'cb\\'ce;}}{\\*\\generator x;}{\\info{\\author \\'cb\\'ce}}\\f0\\fs24 \\'d5\\'c5\\'c8\\'fd \\u30005?\\u-10179?\\u-8694? 138\\b 0000\\b0 0001\\par\r\nA\\cell B\\{\\cell\\row{\\*\\annotation note}}"), "[a.rtf]张三 电😊 13800000001\nA\tB{\t\nnote"},
		{"rtf under the name of a doc", "a.doc", []byte("{\\rtf1 text}"), "[a.doc]text"},
		{"odt", "a.odt", odt(t, `<text:h>一</text:h><text:p>张<text:span>三</text:span><text:tab/>1<text:s/>2</text:p><table:table><table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell><table:table-cell><text:p>乙</text:p></table:table-cell></table:table-row></table:table>`,
			entry{"styles.xml", `<office:document-styles><style:header><text:p>眉</text:p></style:header></office:document-styles>`}), "[a.odt]眉\n[a.odt]一\n张三 1 2\n甲 \t乙 \t\n"},
		{"ods", "a.ods", ods(t, `<table:table table:name="名单"><table:table-row><table:table-cell office:value-type="string"><text:p>姓名</text:p></table:table-cell><table:table-cell><text:p>电话</text:p></table:table-cell></table:table-row>`+
			`<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="2"/></table:table-row>`+
			`<table:table-row><table:table-cell table:number-columns-repeated="2"/><table:table-cell office:value-type="float" office:value="13800000001"><text:p>1.38E+10</text:p></table:table-cell></table:table-row></table:table>`), "[a.ods › 名单]1:姓名,电话;5:,,1.38E+10 13800000001;"},
		{"ofd", "a.ofd", ofd(t, ofdLine(20, 40, "身份证号", `DeltaX="g 3 4"`)+ofdLine(20, 30, "姓名", `DeltaX="4"`)+ofdLine(60, 40, "44020319800101", `DeltaX="g 13 2"`)+ofdLine(88, 40, "1237", `DeltaX="2 2 2"`)), "[a.ofd p1]姓名\n身份证号\t440203198001011237\n"},
		{"ofd, a character each", "a.ofd", ofd(t, ofdLine(20, 40, "1", "")+ofdLine(22, 40, "3", "")+ofdLine(24, 40, "8", "")), "[a.ofd p1]138\n"},
		{"ofd with a transformation", "a.ofd", ofd(t, `<ofd:TextObject Boundary="20 40 9 9" CTM="0.5 0 0 0.5 0 0" Size="8"><ofd:TextCode X="0" Y="8" DeltaX="8">张三</ofd:TextCode></ofd:TextObject>`), "[a.ofd p1]张三\n"},
		{"ofd, turned", "a.ofd", ofd(t, `<ofd:TextObject Boundary="20 40 9 9" CTM="0 1 -1 0 0 0" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="4">张三</ofd:TextCode></ofd:TextObject>`), "[a.ofd p1]张三\n"},
		{"ofd with template, annotation and attachment", "a.ofd", ofd(t, ofdLine(20, 40, "正文", `DeltaX="4"`),
			entry{"Doc_0/Tpls/Tpl_0/Content.xml", `<ofd:Page>` + ofdLine(1, 1, "版头", `DeltaX="4"`) + `</ofd:Page>`},
			entry{"Doc_0/Annots/Page_0/Annotation.xml", `<ofd:PageAnnot><ofd:Appearance>` + ofdLine(1, 1, "批注", `DeltaX="4"`) + `</ofd:Appearance></ofd:PageAnnot>`},
			entry{"Doc_0/Attachs/Attachments.xml", `<ofd:Attachments><ofd:Attachment ID="1" Name="名单.csv"><ofd:FileLoc>a1.csv</ofd:FileLoc></ofd:Attachment></ofd:Attachments>`},
			entry{"Doc_0/Attachs/a1.csv", "张三,1"}), "[a.ofd p1]正文\n[a.ofd]版头\n[a.ofd]批注\n[a.ofd › 名单.csv]1:张三,1;"},
		{"mail", "a.eml", []byte("Subject: =?gb2312?B?0NXD+w==?=\r\nFrom: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=gbk\r\nContent-Transfer-Encoding: base64\r\n\r\n1cXI/Q==\r\n--x\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n1,2\r\n--x--\r\n"),
			"[a.eml]Subject: 姓名\nFrom: a@example.org\n[a.eml]张三[a.eml › a.csv]1:1,2;"},
		{"a text under the name of a mail", "a.eml", []byte("张三"), "[a.eml]张三"},
		{"xlsx header", "a.xlsx", xlsx(t, entry{"xl/worksheets/sheet2.xml", `<worksheet><sheetData/><headerFooter><oddHeader>&amp;L&amp;"宋体,常规"&amp;14张三 138&amp;R&amp;P</oddHeader></headerFooter></worksheet>`}),
			"[a.xlsx › 名单]1:姓名,身份证号;5:张三,,440203198001011000,440203198001011234,386.5;[a.xlsx › 底稿]张三 138"},
		{"xlsx caches", "a.xlsx", zipped(t, entry{"xl/workbook.xml", "<workbook/>"}, entry{"xl/worksheets/sheet1.xml", "<worksheet/>"},
			entry{"xl/pivotCache/pivotCacheDefinition1.xml", `<pivotCacheDefinition><cacheFields><cacheField name="姓名"><sharedItems><s v="张三"/><s v="李四"/></sharedItems></cacheField><cacheField name="电话"><sharedItems/></cacheField></cacheFields></pivotCacheDefinition>`},
			entry{"xl/pivotCache/pivotCacheRecords1.xml", `<pivotCacheRecords><r><x v="0"/><n v="1.3800000001E10"/></r></pivotCacheRecords>`},
			entry{"xl/externalLinks/externalLink1.xml", `<externalLink><externalBook><sheetDataSet><sheetData sheetId="0"><row r="2"><cell r="B2" t="str"><v>王五</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>`},
			entry{"xl/charts/chart1.xml", `<c:chart><a:t>题</a:t><c:strCache><c:pt idx="0"><c:v>赵六</c:v></c:pt></c:strCache><c:numCache><c:pt><c:v>13800000001</c:v></c:pt></c:numCache></c:chart>`}),
			"[a.xlsx › externalLink1]2:,王五;[a.xlsx › pivotCache1]1:姓名,电话;2:张三,;3:李四,;4:,13800000001;[a.xlsx]题赵六\n"},
		{"docx building blocks and chart", "a.docx", docx(t, "", entry{"word/glossary/document.xml", `<w:p><w:t>块</w:t></w:p>`}, entry{"word/charts/chart1.xml", `<c:v>张三</c:v>`}), "[a.docx]块\n[a.docx]张三\n"},
		{"docx with a formula", "a.docx", docx(t, `<w:p><w:t>式</w:t></w:p>`, entry{"word/embeddings/oleObject1.bin", compoundFile + wide("Equation Native")}), "[a.docx]式\n"},
		{"pptx master and diagram", "a.pptx", zipped(t, entry{"ppt/presentation.xml", ""}, entry{"ppt/slideMasters/slideMaster1.xml", `<a:p><a:t>母版</a:t></a:p>`}, entry{"ppt/diagrams/data1.xml", `<a:p><a:t>图示</a:t></a:p>`}), "[a.pptx]母版\n[a.pptx]图示\n"},
	} {
		t.Run(tt.title, func(t *testing.T) {
			got, err := gathered(tt.name, tt.data, Limits{})
			if err != nil || got != tt.want {
				t.Errorf("got %q, %v\nwant %q", got, err, tt.want)
			}
		})
	}
}

func wide(s string) string {
	var b strings.Builder
	for _, c := range s {
		b.WriteByte(byte(c))
		b.WriteByte(0)
	}
	return b.String()
}

func TestUnreadable(t *testing.T) {
	big := strings.Repeat("<row><c><v>1</v></c></row>", 1<<20)
	nested := []byte("deep")
	for range 5 {
		nested = zipped(t, entry{"a.zip", string(nested)})
	}
	locked := zipped(t, entry{"a.txt", "x"})
	locked = bytes.ReplaceAll(locked, []byte("PK\x03\x04\x14\x00\x08"), []byte("PK\x03\x04\x14\x00\x09"))
	locked = bytes.ReplaceAll(locked, []byte("PK\x01\x02\x14\x00\x14\x00\x08"), []byte("PK\x01\x02\x14\x00\x14\x00\x09"))
	many := make([]entry, 50)
	for i := range many {
		many[i] = entry{strings.Repeat("x", i+1) + ".txt", "x"}
	}
	limits := Limits{Bytes: 16 << 20, File: 8 << 20, Entries: 40}
	for _, tt := range []struct {
		title, name string
		data        []byte
		want        Reason
	}{
		{"an old format", "a.xls", []byte(compoundFile + "old"), OldFormat},
		{"an old format under a new name", "a.docx", []byte(compoundFile + "old"), OldFormat},
		{"wps", "a.wps", []byte("something"), OldFormat},
		{"an encrypted workbook", "a.xlsx", []byte(compoundFile + strings.Repeat("\x00", 1<<16-20) + wide("EncryptedPackage")), Encrypted},
		{"an encrypted archive", "a.zip", locked, Encrypted},
		{"an encrypted pdf", "a.pdf", bytes.Replace(portableFile(shown), []byte("/Root"), []byte("/Encrypt 9 0 R /Root"), 1), Encrypted},
		{"rar", "a.rar", []byte("Rar!"), Unsupported},
		{"7z", "a.7z", []byte("7z"), Unsupported},
		{"xlsb", "a.xlsb", []byte("PK"), Unsupported},
		{"no extension, no text", "a", []byte("\x00\x01"), Unsupported},
		{"an unknown extension, no text", "a.dbf", append([]byte("abc"), 3), Unsupported},
		{"an unknown extension, no text far behind", "a.dat", append(bytes.Repeat([]byte("abc "), 2000), 0), Unsupported},
		{"rar under another name", "a.xyz", []byte("Rar!\x1a\x07"), Unsupported},
		{"an old workbook without extension", "a", []byte(compoundFile + "old"), OldFormat},
		{"an old workbook in a docx", "a.docx", docx(t, "", entry{"word/embeddings/oleObject1.bin", compoundFile + wide("Workbook")}), OldFormat},
		{"an encrypted odt", "a.odt", odt(t, "", entry{"META-INF/manifest.xml", `<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>`}), Encrypted},
		{"an ofd of pictures", "a.ofd", ofd(t, `<ofd:ImageObject/>`), NoText},
		{"an ofd without pages", "a.ofd", zipped(t, entry{"OFD.xml", "<ofd:OFD/>"}), Damaged},
		{"an encrypted ofd", "a.ofd", zipped(t, entry{"OFD.xml", "<ofd:OFD/>"}, entry{"Encryptions.xml", "x"}), Encrypted},
		{"a gzip bomb", "a.txt.gz", squeeze(bytes.Repeat([]byte("0"), 12<<20)), Bomb},
		{"a tar.gz bomb", "a.tgz", squeeze(tarred(t, entry{"a.txt", strings.Repeat("0", 7<<20)}, entry{"b.txt", strings.Repeat("0", 7<<20)})), Bomb},
		{"a tar cut off", "a.tar", tarred(t, entry{"a.txt", "abc"})[:514], Damaged},
		{"a gz that is none", "a.gz", []byte("abc"), Damaged},
		{"tar in tar", "a.tar", tarred(t, entry{"b.tar", string(tarred(t, entry{"c.tar", string(tarred(t, entry{"d.tar", string(tarred(t))}))}))}), TooDeep},
		{"rtf that is none", "a.rtf", []byte("abc"), Damaged},
		{"rtf of groups without end", "a.rtf", []byte(`{\rtf1` + strings.Repeat("{", 20_000)), Damaged},
		{"mails in mails", "a.eml", mails(6), TooDeep},
		{"a workbook cut off", "a.xlsx", xlsx(t)[:400], Damaged},
		{"no workbook in the package", "a.xlsx", zipped(t, entry{"x", "y"}), Damaged},
		{"a text that is none", "a.txt", []byte("a\x00b"), Damaged},
		{"an empty pdf", "a.pdf", nil, Damaged},
		{"an empty xlsx", "a.xlsx", nil, Damaged},
		{"html under the name of a workbook", "a.xlsx", []byte("<html>"), Damaged},
		{"a pdf of pictures", "a.pdf", portableFile("q Q"), NoText},
		{"a pdf without Unicode values", "a.pdf", portableFile(strings.ReplaceAll(shown, "00", "FF")), NoText},
		{"a sheet that unpacks to a thousand times its size", "a.xlsx", xlsx(t, entry{"xl/worksheets/sheet3.xml", "<worksheet><sheetData>" + big}), Bomb},
		{"rows that go to the last column", "a.xlsx", zipped(t, entry{"xl/workbook.xml", "<workbook/>"}, entry{"xl/worksheets/sheet1.xml", "<worksheet>" + strings.Repeat(`<row><c r="XFD1"><v>1</v></c></row>`, 1000) + "</worksheet>"}), TooLarge},
		{"a workbook that ends in a row", "a.xlsx", zipped(t, entry{"xl/workbook.xml", "<workbook/>"}, entry{"xl/worksheets/sheet1.xml", "<worksheet><row><c>"}), Damaged},
		{"entities that grow", "a.docx", docx(t, `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><w:t>&b;</w:t>`), Damaged},
		{"broken XML", "a.docx", docx(t, `<w:t></w:x`), Damaged},
		{"a zip bomb", "a.zip", zipped(t, entry{"a.txt", strings.Repeat("0", 32<<20)}), Bomb},
		{"a file larger than memory", "a.zip", zipped(t, entry{"a.txt", string(noise(9 << 20))}), TooLarge},
		{"a large text", "a.txt", noise(17 << 20), TooLarge},
		{"many files", "a.zip", zipped(t, many...), TooMany},
		{"archives in archives", "a.zip", nested, TooDeep},
	} {
		t.Run(tt.title, func(t *testing.T) {
			_, err := gathered(tt.name, tt.data, limits)
			var u *Unreadable
			if !errors.As(err, &u) || u.Reason != tt.want {
				t.Fatalf("got %v, want %s", err, tt.want)
			}
			if m := u.Message(); !strings.HasPrefix(m.ZH, tt.name) || !strings.Contains(m.EN, u.Reason.Text().EN) {
				t.Errorf("message %+v", m)
			}
		})
	}
}

// noise is text that does not pack well.
func noise(n int) []byte {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = 'a' + byte(x>>24)%26
	}
	return b
}

// mails is a mail with a mail in it, and so on.
func mails(n int) []byte {
	text := "Subject: x\r\n\r\nx"
	for range n {
		text = "Subject: x\r\nContent-Type: message/rfc822\r\n\r\n" + text
	}
	return []byte(text)
}

func TestNamesInArchives(t *testing.T) {
	inner := zipped(t, entry{"张三.jpg", "x"})
	for name, data := range map[string][]byte{
		"a.zip":    zipped(t, entry{"李四/", ""}, entry{"李四/b.zip", string(inner)}, entry{"__MACOSX/._x", ""}),
		"a.tar.gz": squeeze(tarred(t, entry{"李四/", ""}, entry{"李四/b.zip", string(inner)})),
	} {
		var got []string
		err := Read(name, bytes.NewReader(data), int64(len(data)), Limits{}, func(p Part) bool {
			if p.Name {
				got = append(got, strings.Join(p.Where[1:], " › "))
			}
			return true
		})
		if want := "李四/|李四/b.zip|李四/b.zip › 张三.jpg"; err != nil || strings.Join(got, "|") != want {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
}

func TestHugeDeclaredSize(t *testing.T) {
	data := zipped(t, entry{"a.txt", "small"})
	// The directory says that the file unpacks to 4 GB.
	i := bytes.Index(data, []byte("PK\x01\x02"))
	copy(data[i+24:], []byte{0xfe, 0xff, 0xff, 0xff})
	got, err := gathered("a.zip", data, Limits{})
	if err == nil {
		t.Errorf("read %q", got)
	}
}

func TestOneBadFileDoesNotHideTheOthers(t *testing.T) {
	data := zipped(t, entry{"a.xls", compoundFile}, entry{"b.txt", "好"}, entry{"c.docx", "PK"}, entry{"d.txt", "也好"})
	got, err := gathered("x.zip", data, Limits{})
	if got != "[x.zip › b.txt]好[x.zip › d.txt]也好" {
		t.Errorf("got %q", got)
	}
	all := All(err)
	if len(all) != 2 || all[0].Reason != OldFormat || all[1].Reason != Damaged || strings.Join(all[1].Where, "/") != "x.zip/c.docx" {
		t.Errorf("got %v", all)
	}
}

func TestPlaces(t *testing.T) {
	sheet := Part{Where: []string{"低保名单.xlsx", "Sheet1"}, Sheet: true, Row: 4}
	for got, want := range map[string]string{
		sheet.Cell(1, 2).ZH: "低保名单.xlsx › Sheet1!C5",
		Part{Where: []string{"a.csv"}, Row: 1}.Cell(0, 27).EN:                            "a.csv › AB1",
		Part{Where: []string{"a.zip", "b.pdf"}, Page: 3}.Point(0).ZH:                     "a.zip › b.pdf › 第3页",
		Part{Where: []string{"b.txt"}, Line: 10, Text: "a\nb"}.Point(2).EN:               "b.txt › line 11",
		Part{Where: []string{"b.docx"}, Text: "a"}.Point(0).EN:                           "b.docx",
		Part{Where: []string{"a.zip", "b.xlsx", "表"}, Sheet: true, Row: 1}.Cell(0, 0).ZH: "a.zip › b.xlsx › 表!A1",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestYieldEndsReading(t *testing.T) {
	data := zipped(t, entry{"a.txt", "一"}, entry{"b.txt", "二"})
	n := 0
	if err := Read("a.zip", bytes.NewReader(data), int64(len(data)), Limits{}, func(p Part) bool { n++; return false }); err != nil || n != 1 {
		t.Errorf("%d parts, %v", n, err)
	}
}

type failing struct{}

var errDevice = errors.New("device lost")

func (failing) ReadAt([]byte, int64) (int, error) { return 0, errDevice }

func TestDeviceErrorIsNoReason(t *testing.T) {
	for _, name := range []string{"a.txt", "a.csv", "a.xlsx", "a.pdf", "a.zip", "a.xls", "a.rtf", "a.eml", "a.tar", "a.gz", "a.ofd", "a"} {
		err := Read(name, failing{}, 100, Limits{}, func(Part) bool { return true })
		if !errors.Is(err, errDevice) || All(err) != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLongTextIsCutBetweenWords(t *testing.T) {
	text := strings.Repeat("字，", 200_000) + "13800000001"
	longest, whole := 0, ""
	err := Read("a.txt", strings.NewReader(text), int64(len(text)), Limits{}, func(p Part) bool {
		longest = max(longest, len(p.Text))
		whole += p.Text
		return true
	})
	if err != nil || whole != text || longest > partText {
		t.Errorf("%d bytes of %d, the longest part %d: %v", len(whole), len(text), longest, err)
	}
}

func TestSniffAcrossBlocks(t *testing.T) {
	for n := 65530; n < 65540; n++ {
		text := strings.Repeat("a", n) + "张三" + strings.Repeat("b", 100)
		valid, binary, err := sniff(strings.NewReader(text))
		if !valid || binary || err != nil {
			t.Errorf("%d: %v %v %v", n, valid, binary, err)
		}
		got, err := gathered("a.txt", []byte(text), Limits{})
		if got != "[a.txt]"+text || err != nil {
			t.Errorf("%d: lost text: %v", n, err)
		}
	}
}

func TestSupported(t *testing.T) {
	for name, want := range map[string]bool{"a.XLSX": true, "a.doc": true, "a.jpg": false, "a.MP4": false, "a.rar": true, "a.ofd": true, "a": true} {
		if Supported(name) != want {
			t.Errorf("Supported(%s) = %v", name, !want)
		}
	}
}
