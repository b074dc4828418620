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
	if err := Read("a.zip", bytes.NewReader(data), int64(len(data)), Limits{}, func(Part) bool { n++; return false }); err != nil || n != 1 {
		t.Errorf("%d parts, %v", n, err)
	}
}

type failing struct{}

var errDevice = errors.New("device lost")

func (failing) ReadAt([]byte, int64) (int, error) { return 0, errDevice }

func TestDeviceErrorIsNoReason(t *testing.T) {
	for _, name := range []string{"a.txt", "a.csv", "a.xlsx", "a.pdf", "a.zip", "a.xls"} {
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
	for name, want := range map[string]bool{"a.XLSX": true, "a.doc": true, "a.jpg": false, "a.rar": false, "a": false} {
		if Supported(name) != want {
			t.Errorf("Supported(%s) = %v", name, !want)
		}
	}
}
