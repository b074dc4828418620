package pdf

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"errors"
	"fmt"
	"strings"
	"testing"
)

var limits = Limits{Bytes: 64 << 20, Ratio: 200, Pages: 1000}

// file joins objects, numbered from 1, to a PDF file; the first is the catalog.
func file(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	for i, o := range objects {
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	b.WriteString("trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n")
	return b.Bytes()
}

func packed(header, data string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write([]byte(data))
	w.Close()
	return fmt.Sprintf("<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", header, b.Len(), b.String())
}

func plain(data string) string {
	return fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(data), data)
}

func base85(data string) string {
	var b bytes.Buffer
	w := ascii85.NewEncoder(&b)
	w.Write([]byte(data))
	w.Close()
	return b.String() + "~>"
}

// simple is a file of one page with the content, in the font F1.
func simple(content, font string, more ...string) []byte {
	return file(append([]string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 /Resources << /Font << /F1 5 0 R >> /XObject << /X1 6 0 R >> >> >>",
		"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
		content, font,
	}, more...)...)
}

const (
	helvetica = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
	identity  = "<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [<< /DW 1000 /W [1 [1000 1000] 16 25 500] >>] /ToUnicode 6 0 R >>"
	// Glyph 1 is 张, 2 is 三, 16 to 25 are the digits.
	toUnicode = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap
1 begincodespacerange <0000> <FFFF> endcodespacerange
2 beginbfchar <0001> <5F20> <0002> <4E09> endbfchar
1 beginbfrange <0010> <0019> <0030> endbfrange
endcmap end end`
)

func read(t testing.TB, data []byte) string {
	t.Helper()
	d, err := Open(data, limits)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if _, err := d.Pages(func(_ int, text string) bool { b.WriteString(text); return true }); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestText(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"a simple font", simple(plain("BT /F1 10 Tf 50 700 Td (Tel 0751) Tj ET"), helvetica), "Tel 0751\n"},
		{"escapes and hexadecimal", simple(plain(`BT /F1 10 Tf 50 700 Td (\(1\)\062) Tj <33 34> Tj ET`), helvetica), "(1)234\n"},
		{"ToUnicode and a packed page", simple(packed("", "BT /F1 10 Tf 50 700 Td <00010002> Tj <00100011> Tj ET"), identity, packed("", toUnicode)), "张三01\n"},
		{"cells are tabs", simple(plain("BT /F1 10 Tf 50 700 Td <00010002> Tj 100 0 Td <0012> Tj ET"), identity, plain(toUnicode)), "张三\t2\n"},
		{"digits placed one by one", simple(plain("BT /F1 10 Tf 1 0 0 1 50 700 Tm <0011> Tj 1 0 0 1 55 700 Tm <0013> Tj 1 0 0 1 60 700 Tm <0018> Tj ET"), identity, plain(toUnicode)), "138\n"},
		{"kerning is no gap", simple(plain("BT /F1 10 Tf 50 700 Td [<0011> -80 <0013> 60 <0018>] TJ ET"), identity, plain(toUnicode)), "138\n"},
		{"lines from the top", simple(plain("BT /F1 10 Tf 50 100 Td (2) Tj 0 50 Td (1) Tj ET"), helvetica), "1\n2\n"},
		{"T* and quotation mark", simple(plain("BT /F1 10 Tf 12 TL 50 700 Td (1) Tj T* (2) Tj (3) ' ET"), helvetica), "1\n2\n3\n"},
		{"a page set crosswise", simple(plain("BT /F1 10 Tf 0 1 -1 0 300 50 Tm (1) Tj 0 1 -1 0 300 55 Tm (38) Tj ET"), helvetica), "138\n"},
		{"bold by setting twice", simple(plain("BT /F1 10 Tf 1 0 0 1 50 700 Tm (7) Tj 1 0 0 1 50.3 700 Tm (7) Tj ET"), helvetica), "7\n"},
		{"UniGB-UCS2-H without ToUnicode", simple(plain("BT /F1 10 Tf 50 700 Td <5F204E09> Tj ET"), "<< /Subtype /Type0 /Encoding /UniGB-UCS2-H >>"), "张三\n"},
		{"GBK-EUC-H", simple(plain("BT /F1 10 Tf 50 700 Td <D5C5C8FD31> Tj ET"), "<< /Subtype /Type0 /Encoding /GBK-EUC-H >>"), "张三1\n"},
		{"no Unicode value", simple(plain("BT /F1 10 Tf 50 700 Td <5F20> Tj ET"), "<< /Subtype /Type0 /Encoding /Identity-H >>"), "\ufffd\n"},
		{"Differences", simple(plain("BT /F1 10 Tf 50 700 Td (abc) Tj ET"), "<< /Subtype /Type1 /Encoding << /Differences [97 /one /uni5F20] >> >>"), "1张c\n"},
		{"a form", simple(plain("q 1 0 0 1 10 0 cm /X1 Do Q"), helvetica, "<< /Subtype /Form /Length 5 >>\nstream\nBT /F1 10 Tf 50 700 Td (in) Tj ET\nendstream"), "in\n"},
		{"an inline image", simple(plain("BI /W 1 ID (((( EI BT /F1 10 Tf 50 700 Td (x) Tj ET"), helvetica), "x\n"},
		{"a number broken by its cell", simple(plain("BT /F1 10 Tf 50 700 Td (4402031980010) Tj 0 -12 Td (11234) Tj ET"), helvetica), "4402031980010\n11234\n440203198001011234\n"},
		{"a number broken beside another cell", simple(plain("BT /F1 10 Tf 50 700 Td (4402031980010) Tj 69 0 Td (600) Tj -69 -12 Td (11234) Tj ET"), helvetica), "4402031980010 600\n11234\n440203198001011234\n"},
		{"a broken number below its heading", simple(plain("BT /F1 10 Tf 50 720 Td (Name) Tj 100 0 Td (ID) Tj 0 -20 Td (44020350) Tj 0 -12 Td (0106001) Tj ET"), helvetica), "Name\tID\n\t44020350\n\t0106001\nID：440203500106001\n"},
		{"a cell that is empty", simple(plain("BT /F1 10 Tf 50 720 Td (Name) Tj 100 0 Td (Sex) Tj 100 0 Td (ID) Tj -200 -20 Td (A) Tj 180 0 Td (440203500106001) Tj ET"), helvetica), "Name\tSex\tID\nA\t\t440203500106001\n"},
		{"a number that the margin broke", simple(plain("BT /F1 10 Tf 50 700 Td (ID 4402031980) Tj 0 -14 Td (0101123X and on) Tj ET"), helvetica), "ID 4402031980\n0101123X and on\nID 44020319800101123X\n"},
		{"hexadecimal and base 85", simple("<< /Filter [/AHx /A85] >>\nstream\n"+fmt.Sprintf("%x", base85("BT /F1 10 Tf 50 700 Td (85) Tj ET"))+">\nendstream", helvetica), "85\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := read(t, tt.data); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// The rows on a table's second page are told what their columns are.
func TestTableOverPages(t *testing.T) {
	data := file("<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R 4 0 R 5 0 R] /Resources << /Font << /F1 9 0 R >> >> >>",
		"<< /Type /Page /Contents 6 0 R >>", "<< /Type /Page /Contents 7 0 R >>", "<< /Type /Page /Contents 8 0 R >>",
		plain("BT /F1 10 Tf 50 700 Td (Name) Tj 100 0 Td (ID) Tj -100 -20 Td (A) Tj 100 0 Td (1) Tj ET"),
		plain("BT /F1 10 Tf 50 700 Td (B) Tj 100 0 Td (2) Tj -100 -20 Td (and this is the text that stands below the table) Tj ET"),
		plain("BT /F1 10 Tf 50 700 Td (C) Tj 100 0 Td (3) Tj ET"), helvetica)
	want := "Name\tID\nA\t1\nName\tID\nB\t2\nand this is the text that stands below the table\nC\t3\n"
	if got := read(t, data); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestObjectStream(t *testing.T) {
	inner := "<< /Type /Catalog /Pages 2 0 R >> << /Type /Pages /Kids [3 0 R] >> << /Type /Page /Resources << /Font << /F1 5 0 R >> >> /Contents 7 0 R >> "
	second := strings.Index(inner, "<< /Type /Pages")
	third := strings.Index(inner, "<< /Type /Page /R")
	header := fmt.Sprintf("1 0 2 %d 3 %d ", second, third)
	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n")
	fmt.Fprintf(&b, "5 0 obj %s endobj\n", helvetica)
	fmt.Fprintf(&b, "6 0 obj %s endobj\n", packed(fmt.Sprintf("/Type /ObjStm /N 3 /First %d", len(header)), header+inner))
	fmt.Fprintf(&b, "7 0 obj %s endobj\n", packed("", "BT /F1 10 Tf 50 700 Td (found) Tj ET"))
	fmt.Fprintf(&b, "8 0 obj %s endobj\n", packed("/Type /XRef /Root 1 0 R", "x"))
	if got := read(t, b.Bytes()); got != "found\n" {
		t.Errorf("got %q", got)
	}
}

func TestFilters(t *testing.T) {
	d := &Document{limits: limits}
	// LZW as Acrobat writes it: the example of 7.4.4.2.
	got, err := d.filter("LZWDecode", nil, []byte{0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01})
	if want := []byte{45, 45, 45, 45, 45, 65, 45, 45, 45, 66}; err != nil || !bytes.Equal(got, want) {
		t.Errorf("LZW: %v, %v", got, err)
	}
	got, err = d.filter("RunLengthDecode", nil, []byte{2, 'a', 'b', 'c', 254, 'x', 128})
	if err != nil || string(got) != "abcxxx" {
		t.Errorf("run length: %q, %v", got, err)
	}
	up := d.unpredict([]byte{2, 1, 2, 2, 1, 1}, dict{"Predictor": 12.0, "Columns": 2.0})
	if !bytes.Equal(up, []byte{1, 2, 2, 3}) {
		t.Errorf("predictor: %v", up)
	}
}

// lzw packs bytes as TIFF and PDF do, to test widths beyond 9 bits.
func lzw(data []byte) []byte {
	var out []byte
	var bits uint64
	have, width := uint(0), uint(9)
	put := func(code int) {
		bits, have = bits<<width|uint64(code), have+width
		for have >= 8 {
			out = append(out, byte(bits>>(have-8)))
			have -= 8
		}
	}
	table, next := map[string]int{}, 258
	for i := range 256 {
		table[string([]byte{byte(i)})] = i
	}
	put(256)
	w := ""
	for _, c := range data {
		if _, ok := table[w+string([]byte{c})]; ok {
			w += string([]byte{c})
			continue
		}
		put(table[w])
		table[w+string([]byte{c})] = next
		next++
		if next >= 1<<width-1 && width < 12 {
			width++
		}
		if next == 4094 {
			put(256)
			table, next, width = map[string]int{}, 258, 9
			for i := range 256 {
				table[string([]byte{byte(i)})] = i
			}
		}
		w = string([]byte{c})
	}
	put(table[w])
	put(257)
	width = 8
	put(0)
	return out
}

func TestLZWLong(t *testing.T) {
	var data []byte
	n := uint32(1)
	for range 40000 {
		n = n*1664525 + 1013904223
		data = append(data, byte(n>>24)%23)
	}
	d := &Document{limits: limits}
	got, err := d.filter("LZWDecode", nil, lzw(data))
	if err != nil || !bytes.Equal(got, data) {
		t.Errorf("%d bytes came back of %d: %v", len(got), len(data), err)
	}
}

func TestHostileFiles(t *testing.T) {
	loop := "<< /Subtype /Form >>\nstream\n" + strings.Repeat("/X1 Do ", 50) + "\nendstream"
	for _, tt := range []struct {
		name string
		data []byte
		want error
	}{
		{"nothing", nil, ErrDamaged},
		{"text", []byte("hello"), ErrDamaged},
		{"only a header", []byte("%PDF-1.4\n"), ErrDamaged},
		{"encrypted", bytes.Replace(file("<< >>"), []byte("/Root"), []byte("/Encrypt 9 0 R /Root"), 1), ErrEncrypted},
		{"a bomb", simple(packed("", strings.Repeat(" ", 100<<20)), helvetica), ErrTooLarge},
		{"forms in forms", simple(plain("/X1 Do"), helvetica, loop), nil},
		{"a page tree in itself", file("<< /Type /Catalog /Pages 2 0 R >>", "<< /Kids [2 0 R 2 0 R] >>"), ErrDamaged},
		{"a reference to itself", file("<< /Pages 2 0 R >>", "2 0 R"), ErrDamaged},
		{"huge numbers", file("<< /Type /ObjStm /N 99999999999 /First -5 /Size 1e300 >>\nstream\n1 2 3\nendstream", "<< /W [9 9999999999 1] >>"), ErrDamaged},
		{"deep arrays", file(strings.Repeat("[", 1<<20)), ErrDamaged},
		{"deep dictionaries", file(strings.Repeat("<</A", 1<<20)), ErrDamaged},
		{"strings without end", file(strings.Repeat("x endobj 7 0 obj ( ", 1<<10)), ErrDamaged},
		{"objects without end", append([]byte("%PDF-1.4\n"), unclosed(60_000)...), ErrDamaged},
		{"an array of millions", file("<< /Type /Catalog /Pages 2 0 R >>", "<< /Kids ["+strings.Repeat("1 ", 5_000_000)+"] >>"), ErrTooLarge},
		{"cut off", simple(packed("", strings.Repeat("BT /F1 10 Tf 50 700 Td (x) Tj ET ", 1000)), helvetica)[:400], ErrDamaged},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, err := Open(tt.data, Limits{Bytes: 8 << 20, Ratio: 100, Pages: 100})
			if err == nil {
				_, err = d.Pages(func(int, string) bool { return true })
			}
			if tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// unclosed is objects each of which would read to the end of the file.
func unclosed(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "%d 0 obj ( ", i+1)
	}
	return b.Bytes()
}

// FuzzContent fuzzes what a page shows and what its font says of it.
func FuzzContent(f *testing.F) {
	f.Add("BT /F1 10 Tf 50 700 Td <00010002> Tj [<0010> -80 <0011>] TJ T* (x) ' 1 2 (y) \" ET q 1 0 0 1 5 5 cm Q /X1 Do BI ID EI", toUnicode, "<< /Subtype /Type0 /Encoding /GBK-EUC-V /ToUnicode 6 0 R /DescendantFonts [<< /W [1 [500] 2 9 600] >>] >>")
	f.Add("BT /F1 10 Tf 0 1 -1 0 300 50 Tm (1a) Tj ET", "1 beginbfrange <10> <19> [<0030> <0031>] endbfrange", "<< /Subtype /Type1 /FirstChar 32 /Widths [500 600] /Encoding << /Differences [97 /one /uni5F20 /x.alt] >> /ToUnicode 6 0 R >>")
	f.Fuzz(func(t *testing.T, content, table, font string) {
		d, err := Open(simple(plain(content), font, plain(table)), Limits{Bytes: 1 << 20, Ratio: 50, Pages: 5})
		if err == nil {
			d.Pages(func(int, string) bool { return true })
		}
	})
}

func FuzzPages(f *testing.F) {
	f.Add(simple(plain("BT /F1 10 Tf 50 700 Td <00010002> Tj [<0010> -80 <0011>] TJ T* (x) ' ET"), identity, plain(toUnicode)))
	f.Add(simple(packed("", "BT /F1 10 Tf 50 700 Td (x) Tj ET /X1 Do"), helvetica, "<< /Subtype /Form >>\nstream\nBT (in) Tj ET\nendstream"))
	f.Add(file("<< /Type /ObjStm /N 2 /First 8 >>\nstream\n1 0 2 4 <</Pages 2 0 R>>\nendstream"))
	f.Add(simple("<< /Filter [/AHx /LZW /RL] /DecodeParms << /Predictor 15 /Columns 4 >> >>\nstream\n800b6050>\nendstream", "<< /Subtype /Type0 /Encoding /GBK-EUC-V >>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Open(data, Limits{Bytes: 1 << 20, Ratio: 50, Pages: 50})
		if err != nil {
			return
		}
		d.Pages(func(n int, text string) bool {
			if n < 1 || text == "" {
				t.Errorf("page %d has text %q", n, text)
			}
			return true
		})
	})
}
