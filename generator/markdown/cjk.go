package markdown

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// isCJK reports whether a rune is set in Chinese text without spaces around it: ideographs, kana, full-width forms and punctuation,
// and the curly quotation marks, dashes and dots that Chinese shares with Latin text.
func isCJK(r rune) bool {
	switch {
	case r < 0x2014:
		return r == '·'
	case r <= 0x2026:
		return r == '—' || r == '―' || r == '‘' || r == '’' || r == '“' || r == '”' || r == '…'
	case r < 0x2e80:
		return r >= 0x2460 && r <= 0x24ff || r == '●' || r == '■' || r == '□' || r == '√'
	case r <= 0xa4cf, r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe4f, r >= 0xff01 && r <= 0xff60, r >= 0xffe0 && r <= 0xffe6:
		return true
	}
	return r >= 0x20000 && r <= 0x3fffd
}

// emphasisParser finds * and _ as CommonMark does, but for Chinese text.
//
// CommonMark's flanking rules expect a space between a word and punctuation, so **申请条件：**年满 and 的**“三公”经费**是 would stay
// asterisks: here a Chinese character counts as the space that Chinese does not write, and Chinese punctuation as the letter that
// it stands beside.
//
// Official texts also mask personal data with asterisks (440203********1234, 张*、李*). Those must stay, so a run is literal where it
// looks like a mask: see isMask.
type emphasisParser struct{}

func (emphasisParser) Trigger() []byte { return []byte{'*', '_'} }

func (emphasisParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	node := scanDelimiter(line, before)
	node.Segment = segment.WithStop(segment.Start + node.OriginalLength)
	block.Advance(node.OriginalLength)
	pc.PushDelimiter(node)
	return node
}

func scanDelimiter(line []byte, before rune) *parser.Delimiter {
	c := line[0]
	n := 1
	for n < len(line) && line[n] == c {
		n++
	}
	after := ' '
	if n < len(line) {
		after, _ = utf8.DecodeRune(line[n:])
	}
	if c == '*' && isMask(line, n, before, after) {
		return parser.NewDelimiter(false, false, n, c, emphasisProcessor{})
	}
	beforeCJK, afterCJK := isCJK(before), isCJK(after)
	beforeSpace, afterSpace := util.IsSpaceRune(before) || before == '　', util.IsSpaceRune(after) || after == '　'
	beforePunct, afterPunct := util.IsPunctRune(before) && !beforeCJK, util.IsPunctRune(after) && !afterCJK

	left := !afterSpace && (!afterPunct || beforeSpace || beforePunct || beforeCJK)
	right := !beforeSpace && (!beforePunct || afterSpace || afterPunct || afterCJK)
	canOpen, canClose := left, right
	if c == '_' {
		canOpen = left && (!right || util.IsPunctRune(before))
		canClose = right && (!left || util.IsPunctRune(after))
	}
	// nobody emphasises from a comma on, or up to an opening bracket
	canOpen = canOpen && !strings.ContainsRune(closingMarks, after)
	canClose = canClose && !strings.ContainsRune(openingMarks, before)
	return parser.NewDelimiter(canOpen, canClose, n, c, emphasisProcessor{})
}

const (
	closingMarks = "、，。；：！？）》」』】〕”’…"
	openingMarks = "（《「『【〔“‘"
	// surnames are the most frequent ones that are no common last character of another word
	surnames = "王李张刘陈杨黄赵吴周徐孙朱胡郭林罗郑梁谢宋唐韩邓冯曹彭曾肖董潘袁蔡蒋杜魏苏吕丁卢姚沈钟姜崔谭陆汪廖韦贾邹熊孟秦邱侯尹薛闫黎陶贺郝顾龚邵覃戴莫"
)

// isMask reports whether a run of n asterisks hides personal data rather than marks emphasis: it is long, stands inside a number,
// is a single one behind a Chinese character (张*), or follows a surname while the next run follows one, too (王**和李**).
func isMask(line []byte, n int, before, after rune) bool {
	if n >= 4 || isAlphanumeric(before) && isAlphanumeric(after) {
		return true
	}
	if n == 1 {
		return isCJK(before) && !strings.ContainsRune(openingMarks, before) && !strings.ContainsRune(closingMarks, before)
	}
	if !strings.ContainsRune(surnames, before) {
		return false
	}
	next := bytes.Index(line[n:], line[:n])
	if next <= 0 {
		return false
	}
	last, _ := utf8.DecodeLastRune(line[n : n+next])
	return strings.ContainsRune(surnames, last)
}

func isAlphanumeric(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

type emphasisProcessor struct{}

func (emphasisProcessor) IsDelimiter(b byte) bool { return b == '*' || b == '_' }

func (emphasisProcessor) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

func (emphasisProcessor) OnMatch(consumes int) ast.Node { return ast.NewEmphasis(consumes) }
