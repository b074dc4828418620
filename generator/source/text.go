package source

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/generator/finding"
)

// MaxFileSize is the size above which a text file of the content is refused.
const MaxFileSize = 10 << 20

var utf8BOM = []byte("\xef\xbb\xbf")

// cleanText returns the text of a file with LF line ends and without a byte order mark. Where the bytes are no UTF-8 text it
// returns the finding that says so.
func cleanText(path string, raw []byte) ([]byte, *finding.Finding) {
	if bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")) {
		return nil, encodingFault(finding.Position{Path: path, Line: 1, Column: 1}, "UTF-16")
	}
	if i := bytes.IndexByte(raw, 0); i >= 0 {
		f := finding.New(finding.NulByte, positionAt(path, raw, i),
			finding.T("第 %d 个字节是 NUL，文件已损坏或不是文本文件", "byte %d is NUL: the file is damaged or not a text file", i+1),
			finding.T("用原稿重新保存为 UTF-8 文本", "save it again as UTF-8 text from the original"))
		return nil, &f
	}
	text := bytes.TrimPrefix(raw, utf8BOM)
	if !utf8.Valid(text) {
		i := firstInvalid(text)
		guess := "未知编码"
		if decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(text); err == nil && !bytes.ContainsRune(decoded, utf8.RuneError) {
			guess = "GB18030"
		}
		return nil, encodingFault(positionAt(path, text, i), guess)
	}
	if bytes.IndexByte(text, '\r') >= 0 {
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	return text, nil
}

func encodingFault(at finding.Position, guess string) *finding.Finding {
	message := finding.T("文件不是 UTF-8 编码", "the file is not UTF-8")
	if guess != "未知编码" {
		message = finding.T("文件是 %s 编码，不是 UTF-8", "the file is %s, not UTF-8", guess)
	}
	f := finding.New(finding.Encoding, at, message,
		finding.T("在记事本或 WPS 里“另存为”，编码选 UTF-8", "save it again with the encoding UTF-8"))
	return &f
}

func firstInvalid(text []byte) int {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(text)
}

// positionAt returns the position of a byte offset; bytes that are no UTF-8 count as one character each.
func positionAt(path string, text []byte, offset int) finding.Position {
	before := text[:offset]
	line := 1 + bytes.Count(before, []byte("\n"))
	start := bytes.LastIndexByte(before, '\n') + 1
	return finding.Position{Path: path, Line: line, Column: 1 + utf8.RuneCount(before[start:])}
}

// formatSize returns a size in the unit that a reader would choose.
func formatSize(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%.1f KB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}
