package markdown

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"gongkai/generator/finding"
)

// addresses links the addresses that stand in a text, as goldmark's Linkify does, but in Chinese text: an address follows a Chinese character
// or mark without a space (网址：https://…), and ends before the next one. Chinese characters belong to it where a path's part or a
// value begins with them (http://x.cn/路径/页); those that follow without a slash are the text's (请访问http://x.cn查询).
var addresses = addressExtension{}

type addressExtension struct{}

func (addressExtension) Extend(m goldmark.Markdown) {
	linkify := extension.NewLinkifyParser(extension.WithLinkifyURLRegexp(urlPattern), extension.WithLinkifyWWWRegexp(wwwPattern))
	m.Parser().AddOptions(parser.WithInlineParsers(util.Prioritized(addressParser{linkify}, 999)))
}

// hostPart and pathPart are goldmark's, the path with Chinese characters where a part of it begins with them.
const (
	hostPart = `[-a-zA-Z0-9@:%._\+~#=]{1,256}\.[a-z]+`
	hanPart  = `\p{Han}[\p{Han}a-zA-Z0-9_.%-]*`
	pathPart = `(?:[/#]` + hanPart + `|[/?#])(?:[-/=#_]` + hanPart + `|[-a-zA-Z0-9@:%_+.~#$!?&/=\(\);,'">\^{}\[\]` + "`" + `])*`
)

var (
	urlPattern = regexp.MustCompile(`^(?:http|https|ftp)://` + hostPart + `(?::\d+)?(?:` + pathPart + `)?`)
	wwwPattern = regexp.MustCompile(`^www\.` + hostPart + `(?:` + pathPart + `)?`)
)

// addressParser finds addresses at spaces and line starts as Linkify does, and behind anything else by the marks that every address has.
type addressParser struct{ linkify parser.InlineParser }

func (p addressParser) Trigger() []byte {
	return append(p.linkify.(interface{ Trigger() []byte }).Trigger(), ':', '.', '@')
}

func (p addressParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	switch line[0] {
	case ':', '.', '@':
	default:
		return p.linkify.Parse(parent, block, pc)
	}
	before, ok := parent.LastChild().(*ast.Text)
	if !ok || before.Segment.Stop != segment.Start || before.SoftLineBreak() || before.HardLineBreak() {
		return nil
	}
	n := beginning(before.Segment.Value(block.Source()), line)
	if start := segment.Start - n; n == 0 || start > 0 && isAlphanumeric(rune(block.Source()[start-1])) {
		return nil
	}
	at, position := block.Position()
	position.Start -= n
	block.SetPosition(at, position)
	link := p.linkify.Parse(parent, block, pc)
	if link == nil {
		return nil
	}
	link.(*ast.AutoLink).SetPos(segment.Start - n)
	before.Segment.Stop -= n
	if before.Segment.Len() == 0 {
		parent.RemoveChild(parent, before)
	}
	return link
}

// beginning returns how many bytes at the end of a text begin the address whose : . or @ is next.
func beginning(before, line []byte) int {
	switch line[0] {
	case ':':
		if bytes.HasPrefix(line, []byte("://")) {
			for _, scheme := range []string{"https", "http", "ftp"} {
				if bytes.HasSuffix(before, []byte(scheme)) {
					return len(scheme)
				}
			}
		}
	case '.':
		if bytes.HasSuffix(before, []byte("www")) {
			return len("www")
		}
	case '@':
		n := 0
		for n < len(before) && isMailbox(before[len(before)-1-n]) {
			n++
		}
		// beside other Latin text an address has its space
		if n == len(before) || n > 0 && (before[len(before)-1-n] >= utf8.RuneSelf || before[len(before)-1-n] == ':') {
			return n
		}
	}
	return 0
}

func isMailbox(c byte) bool {
	return isAlphanumeric(rune(c)) || c == '.' || c == '-' || c == '_' || c == '+'
}

// linkMark reports what was meant to be a link and has a full-width bracket: [文字]（地址）, [文字](地址）, 【文字】(地址).
func (w *writer) linkMark(s text.Segment) {
	value := s.Value(w.source)
	for _, closing := range []string{"]", "】", "］"} {
		for from := 0; ; {
			i := bytes.Index(value[from:], []byte(closing))
			if i < 0 {
				break
			}
			from += i + len(closing)
			w.brokenLink(s.Start+from-len(closing), s.Start+from)
		}
	}
}

// brokenLink reports a link whose text ends with the bracket between two offsets of the source.
func (w *writer) brokenLink(closing, after int) {
	const most = 600 // bytes of a link's text, and of its address: a line may be as long as a file
	line := w.source[max(0, after-most):after]
	line = line[bytes.LastIndexByte(line, '\n')+1:]
	opening := bytes.LastIndexAny(line[:len(line)-(after-closing)], "[【［")
	rest, _, _ := bytes.Cut(w.source[after:min(len(w.source), after+most)], []byte("\n"))
	if opening < 0 || opening > 0 && line[opening-1] == '\\' || closing > 0 && w.source[closing-1] == '\\' {
		return
	}
	_, size := utf8.DecodeRune(line[opening:])
	label := string(line[opening+size : len(line)-(after-closing)])
	bracket, size := utf8.DecodeRune(rest)
	if bracket != '(' && (bracket != '（' || w.source[closing] != ']') { // 【来源】（www.gov.cn） is ordinary Chinese
		return
	}
	end := bytes.IndexAny(rest[size:], ")）")
	if end < 0 {
		return
	}
	address := strings.TrimSpace(string(rest[size : size+end]))
	if !isAddress(address) {
		return
	}
	_, last := utf8.DecodeRune(rest[size+end:])
	written := string(line[opening:]) + string(rest[:size+end+last])
	w.report(finding.LinkMark, after-len(line)+opening,
		finding.T("“%s”没有成为链接", "%q did not become a link", shorten(written, 40)),
		finding.T("写成“[%[1]s](%[2]s)”（半角方括号和圆括号）；如果不是链接，在方括号前加 \\", "write \"[%[1]s](%[2]s)\" with ASCII brackets, or put \\ before the bracket where it is no link", shorten(label, 20), shorten(address, 40)))
}

var fileName = regexp.MustCompile(`\.[a-zA-Z][a-zA-Z0-9]{1,4}(#[^ ]*)?$`)

// isAddress reports whether what stands in brackets leads somewhere: a web address, a path, or the name of a file.
func isAddress(s string) bool {
	if s == "" || strings.ContainsFunc(s, unicode.IsSpace) || strings.ContainsAny(s, "，。；、") {
		return false
	}
	for _, start := range []string{"http://", "https://", "www.", "mailto:", "/", "./", "../", "#"} {
		if strings.HasPrefix(s, start) && len(s) > len(start) {
			return true
		}
	}
	return fileName.MatchString(s)
}
