package source

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// node is a value of front matter: as much of YAML as it needs.
type node struct {
	kind         nodeKind
	text         string // of a scalar, as it is written: a number or a date is text, too
	list         []node
	pairs        []pair
	line, column int
}

type nodeKind uint8

const (
	scalarNode nodeKind = iota
	listNode
	mappingNode
	otherNode // anchors, tags and the like, which no key takes
)

// pair is a key with its value.
type pair struct {
	key          string
	line, column int
	value        node
}

// readYAML reads the pairs of a mapping whose first line has the given number in its file. Plain front matter, a line a
// pair, is read by plainPairs in a tenth of the time that the YAML library takes (BenchmarkFrontMatter); everything else goes to
// the library, which alone decides what is wrong. Where the text is no mapping, whole is false and root says what it is.
func readYAML(text []byte, firstLine int) (pairs []pair, root node, whole bool, err error) {
	if pairs, ok := plainPairs(text, firstLine); ok {
		return pairs, node{}, true, nil
	}
	file, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, node{}, false, err
	}
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		switch n := fromAST(doc.Body, firstLine-1); {
		case n.kind == mappingNode:
			pairs = append(pairs, n.pairs...)
		case n.kind == scalarNode && n.text == "":
		default:
			return nil, n, false, nil
		}
	}
	return pairs, node{}, true, nil
}

// fromAST converts a value of the YAML library.
func fromAST(n ast.Node, lineOffset int) node {
	out := node{kind: otherNode}
	if t := n.GetToken(); t != nil {
		out.line, out.column = t.Position.Line+lineOffset, t.Position.Column
	}
	switch n := n.(type) {
	case *ast.StringNode:
		out.kind, out.text = scalarNode, n.Value
	case *ast.LiteralNode:
		out.kind, out.text = scalarNode, n.Value.Value
	case *ast.NullNode, *ast.CommentGroupNode:
		out.kind = scalarNode
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		out.kind, out.text = scalarNode, strings.TrimSpace(n.GetToken().Value)
	case *ast.SequenceNode:
		out.kind = listNode
		for _, v := range n.Values {
			out.list = append(out.list, fromAST(v, lineOffset))
		}
	case *ast.MappingNode:
		out.kind = mappingNode
		for _, v := range n.Values {
			out.pairs = append(out.pairs, pairFromAST(v, lineOffset))
		}
		if len(out.pairs) > 0 {
			out.line, out.column = out.pairs[0].line, out.pairs[0].column
		}
	case *ast.MappingValueNode:
		out.kind = mappingNode
		out.pairs = []pair{pairFromAST(n, lineOffset)}
		out.line, out.column = out.pairs[0].line, out.pairs[0].column
	}
	return out
}

func pairFromAST(v *ast.MappingValueNode, lineOffset int) pair {
	t := v.Key.GetToken()
	p := pair{key: t.Value, line: t.Position.Line + lineOffset, column: t.Position.Column, value: fromAST(v.Value, lineOffset)}
	if v.Value.Type() == ast.NullType {
		p.value.line, p.value.column = p.line, p.column
	}
	return p
}

// plainPairs reads lines of "key: value" in which nothing has a special meaning, and lists of one line. ok is false where any
// line is not of that kind. FuzzPlainPairs holds it equal to the library.
func plainPairs(text []byte, line int) (pairs []pair, ok bool) {
	pairs = make([]pair, 0, 12)
	for len(text) > 0 {
		var current []byte
		current, text, _ = bytes.Cut(text, []byte("\n"))
		i := bytes.Index(current, []byte(": "))
		if i <= 0 || !isPlainKey(current[:i]) {
			return nil, false
		}
		value := bytes.TrimLeft(current[i+2:], " ")
		column := 1 + utf8.RuneCount(current[:len(current)-len(value)])
		p := pair{key: string(current[:i]), line: line, column: 1, value: node{line: line, column: column}}
		switch {
		case isPlainScalar(value):
			p.value.text = string(value)
		case len(value) > 2 && value[0] == '[' && value[len(value)-1] == ']':
			p.value.kind = listNode
			if p.value.list, ok = plainList(value[1:len(value)-1], line, column+1); !ok {
				return nil, false
			}
		default:
			return nil, false
		}
		pairs = append(pairs, p)
		line++
	}
	return pairs, len(pairs) > 0
}

// plainList reads the values between the brackets of a list.
func plainList(text []byte, line, column int) (list []node, ok bool) {
	for {
		value, rest, more := bytes.Cut(text, []byte(","))
		trimmed := bytes.TrimLeft(value, " ")
		at := column + len(value) - len(trimmed)
		if !isPlainScalar(trimmed) || bytes.ContainsAny(trimmed, "[]{}") {
			return nil, false
		}
		list = append(list, node{text: string(trimmed), line: line, column: at})
		if !more {
			return list, true
		}
		column += utf8.RuneCount(value) + 1
		text = rest
	}
}

// isPlainKey reports whether a key is letters, underscores and hyphens only.
func isPlainKey(key []byte) bool {
	for _, c := range key {
		if !(c >= 0x80 || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_') {
			return false
		}
	}
	return !bytes.Contains(key, []byte("：")) && !bytes.HasPrefix(key, []byte("\ufeff"))
}

// isPlainScalar reports whether a value means just itself. It is strict: what it turns down the library reads.
func isPlainScalar(value []byte) bool {
	if len(value) == 0 {
		return false
	}
	c := value[0]
	if !(c >= 0x80 || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '/') {
		return false
	}
	if last := value[len(value)-1]; last == ':' || last == ' ' || bytes.HasPrefix(value, []byte("\ufeff")) {
		return false
	}
	for i, c := range value {
		switch {
		case c < 0x20 || c == 0x7f:
			return false
		case c == '#' && value[i-1] == ' ', c == ':' && value[i+1] == ' ':
			return false
		}
	}
	// a null, in the spellings of YAML, is no text
	return !bytes.EqualFold(value, []byte("null"))
}
