package render

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"reflect"
	"strconv"
	"text/template/parse"

	"gongkai/generator/links"
)

// A program is a template made ready for views of one type. text/template looks every field up by name, and calls every escaper, through
// reflection, each time that an action is reached; on portals that is a quarter of a build. A program settles the fields once, and
// escapes by plain calls: which escapers an action needs is still html/template's decision, read from the tree that it has escaped.
//
// Programs know fields, variables, if, with, range, template, the functions and, or, not, printf of a number, comparisons of numbers and lengths, and the
// escapers of text, quoted attributes and addresses. A template that needs more, or meets a nil, is executed by html/template, with the same result.
type program struct {
	body      step
	variables int
}

// run writes the template's result and reports whether it could; otherwise w is as it was.
func (p *program) run(w *Buffer, view any) bool {
	start, quotes := w.Len(), len(w.markup)
	r := run{w: w, variables: make([]reflect.Value, p.variables)}
	dot := reflect.ValueOf(view)
	r.variables[0] = dot
	if !p.body(&r, dot) {
		w.Truncate(start)
		w.markup = w.markup[:quotes]
		return false
	}
	return true
}

// run is the state of one execution. Slot 0 of the variables is $.
type run struct {
	w         *Buffer
	variables []reflect.Value
}

// step writes a part of a template and reports whether it could.
type step func(r *run, dot reflect.Value) bool

// operand is a value that a template names, with the type that it always has. get reports false at a nil pointer.
type operand struct {
	kind reflect.Type
	get  func(r *run, dot reflect.Value) (reflect.Value, bool)
}

// errUnknown says that a template uses what programs do not know.
var errUnknown = errors.New("not known to programs")

// compile returns the program of a template for views of a type, or nil where only html/template can execute it.
func compile(set *template.Template, view reflect.Type) *program {
	root := entry(set)
	_ = root.Execute(io.Discard, nil) // makes html/template escape the tree; that nil has no fields does not matter
	c := compiler{set: set}
	body, err := c.template(root, view)
	if err != nil {
		return nil
	}
	return &program{body, c.slots}
}

// compiler turns the tree of a template, and of those it calls, into steps.
type compiler struct {
	set   *template.Template
	slots int
	depth int
	scope scope
}

// scope has the variables that can be seen, the newest last.
type scope []variable

type variable struct {
	name string
	slot int
	kind reflect.Type
}

func (c *compiler) declare(name string, kind reflect.Type) int {
	c.scope = append(c.scope, variable{name, c.slots, kind})
	c.slots++
	return c.slots - 1
}

// template compiles a template that is called with a value of a type.
func (c *compiler) template(t *template.Template, dot reflect.Type) (step, error) {
	if t == nil || t.Tree == nil || t.Tree.Root == nil || c.depth > 20 { // a template may call itself
		return nil, errUnknown
	}
	outer := c.scope
	c.scope = nil
	c.depth++
	slot := c.declare("$", dot)
	body, err := c.list(t.Tree.Root, dot)
	c.depth--
	c.scope = outer
	if err != nil {
		return nil, err
	}
	return func(r *run, dot reflect.Value) bool {
		r.variables[slot] = dot
		return body(r, dot)
	}, nil
}

// list compiles nodes in a row; nil stands for nothing.
func (c *compiler) list(l *parse.ListNode, dot reflect.Type) (step, error) {
	if l == nil {
		return func(*run, reflect.Value) bool { return true }, nil
	}
	seen := len(c.scope)
	defer func() { c.scope = c.scope[:seen] }()
	steps := make([]step, 0, len(l.Nodes))
	for _, n := range l.Nodes {
		s, err := c.node(n, dot)
		if err != nil {
			return nil, err
		}
		if s != nil {
			steps = append(steps, s)
		}
	}
	return func(r *run, dot reflect.Value) bool {
		for _, s := range steps {
			if !s(r, dot) {
				return false
			}
		}
		return true
	}, nil
}

func (c *compiler) node(n parse.Node, dot reflect.Type) (step, error) {
	switch n := n.(type) {
	case *parse.TextNode:
		text := n.Text
		return func(r *run, _ reflect.Value) bool { r.w.Write(text); return true }, nil
	case *parse.CommentNode:
		return nil, nil
	case *parse.ActionNode:
		return c.action(n.Pipe, dot)
	case *parse.IfNode:
		return c.branch(&n.BranchNode, dot, false)
	case *parse.WithNode:
		return c.branch(&n.BranchNode, dot, true)
	case *parse.RangeNode:
		return c.loop(&n.BranchNode, dot)
	case *parse.TemplateNode:
		if n.Pipe == nil {
			return nil, errUnknown
		}
		value, err := c.pipe(n.Pipe, dot)
		if err != nil {
			return nil, err
		}
		body, err := c.template(c.set.Lookup(n.Name), value.kind)
		if err != nil {
			return nil, err
		}
		return func(r *run, dot reflect.Value) bool {
			v, ok := value.get(r, dot)
			return ok && body(r, v)
		}, nil
	}
	return nil, errUnknown
}

// action compiles {{value}} with its escapers, or {{$name := value}}.
func (c *compiler) action(p *parse.PipeNode, dot reflect.Type) (step, error) {
	value, err := c.operandOf(p.Cmds[0], dot)
	if err != nil || p.IsAssign || len(p.Decl) > 1 {
		return nil, errUnknown
	}
	if len(p.Decl) == 1 {
		if len(p.Cmds) > 1 {
			return nil, errUnknown
		}
		slot := c.declare(p.Decl[0].Ident[0], value.kind)
		return func(r *run, dot reflect.Value) bool {
			v, ok := value.get(r, dot)
			r.variables[slot] = v
			return ok
		}, nil
	}
	var names []string
	for _, cmd := range p.Cmds[1:] {
		f, ok := cmd.Args[0].(*parse.IdentifierNode)
		if !ok || len(cmd.Args) > 1 {
			return nil, errUnknown
		}
		names = append(names, f.Ident)
	}
	write := writerOf(value.kind, names)
	if write == nil {
		return nil, errUnknown
	}
	return func(r *run, dot reflect.Value) bool {
		v, ok := value.get(r, dot)
		if ok {
			write(r.w, v)
		}
		return ok
	}, nil
}

// pipe compiles a pipe that is a single value without variables.
func (c *compiler) pipe(p *parse.PipeNode, dot reflect.Type) (operand, error) {
	if len(p.Cmds) != 1 || len(p.Decl) > 0 {
		return operand{}, errUnknown
	}
	return c.operandOf(p.Cmds[0], dot)
}

func (c *compiler) operandOf(cmd *parse.CommandNode, dot reflect.Type) (operand, error) {
	if f, ok := cmd.Args[0].(*parse.IdentifierNode); ok && f.Ident == "printf" && len(cmd.Args) == 3 {
		return c.formatted(cmd.Args[1], cmd.Args[2], dot)
	}
	if f, ok := cmd.Args[0].(*parse.IdentifierNode); ok && f.Ident == "len" && len(cmd.Args) == 2 {
		return c.length(cmd.Args[1], dot)
	}
	if len(cmd.Args) != 1 {
		return operand{}, errUnknown
	}
	return c.value(cmd.Args[0], dot)
}

// length compiles the length of a list.
func (c *compiler) length(n parse.Node, dot reflect.Type) (operand, error) {
	list, err := c.value(n, dot)
	if err != nil || list.kind.Kind() != reflect.Slice {
		return operand{}, errUnknown
	}
	return operand{numberType, func(r *run, dot reflect.Value) (reflect.Value, bool) {
		v, ok := list.get(r, dot)
		if !ok {
			return v, false
		}
		return reflect.ValueOf(v.Len()), true
	}}, nil
}

// formatted compiles a number in a format.
func (c *compiler) formatted(format, number parse.Node, dot reflect.Type) (operand, error) {
	text, ok := format.(*parse.StringNode)
	if !ok {
		return operand{}, errUnknown
	}
	n, err := c.number(number, dot)
	if err != nil {
		return operand{}, err
	}
	return operand{textType, func(r *run, dot reflect.Value) (reflect.Value, bool) {
		v, ok := n(r, dot)
		return reflect.ValueOf(fmt.Sprintf(text.Text, v)), ok
	}}, nil
}

// value compiles a dot, a field or a variable.
func (c *compiler) value(n parse.Node, dot reflect.Type) (operand, error) {
	self := operand{dot, func(_ *run, dot reflect.Value) (reflect.Value, bool) { return dot, true }}
	switch n := n.(type) {
	case *parse.DotNode:
		return self, nil
	case *parse.FieldNode:
		return fields(self, n.Ident)
	case *parse.VariableNode:
		for i := len(c.scope) - 1; i >= 0; i-- {
			if v := c.scope[i]; v.name == n.Ident[0] {
				return fields(operand{v.kind, func(r *run, _ reflect.Value) (reflect.Value, bool) { return r.variables[v.slot], true }}, n.Ident[1:])
			}
		}
	}
	return operand{}, errUnknown
}

// fields compiles a chain of fields of structs and of pointers to them.
func fields(from operand, names []string) (operand, error) {
	for _, name := range names {
		t, pointer := from.kind, false
		if t.Kind() == reflect.Pointer {
			t, pointer = t.Elem(), true
		}
		if _, method := reflect.PointerTo(t).MethodByName(name); method || t.Kind() != reflect.Struct {
			return operand{}, errUnknown
		}
		f, ok := t.FieldByName(name)
		if !ok || !f.IsExported() || !embedsValues(t, f.Index) {
			return operand{}, errUnknown
		}
		get, index := from.get, f.Index
		from = operand{f.Type, func(r *run, dot reflect.Value) (reflect.Value, bool) {
			v, ok := get(r, dot)
			if !ok || pointer && v.IsNil() {
				return v, false
			}
			if pointer {
				v = v.Elem()
			}
			for _, i := range index {
				v = v.Field(i)
			}
			return v, true
		}}
	}
	return from, nil
}

// embedsValues reports whether the way to a promoted field leads through structs only.
func embedsValues(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		if t = t.Field(i).Type; t.Kind() != reflect.Struct {
			return false
		}
	}
	return true
}

// condition tells whether a value is true, or reports false where it cannot be had.
type condition func(r *run, dot reflect.Value) (truth, ok bool)

// condition compiles a value, a comparison of numbers, or and, or, not of conditions.
func (c *compiler) condition(args []parse.Node, dot reflect.Type) (condition, error) {
	if f, ok := args[0].(*parse.IdentifierNode); ok {
		if holds := comparisons[f.Ident]; holds != nil && len(args) == 3 {
			return c.comparison(holds, args[1], args[2], dot)
		}
		var parts []condition
		for _, a := range args[1:] {
			part, err := c.condition([]parse.Node{a}, dot)
			if err != nil {
				return nil, err
			}
			parts = append(parts, part)
		}
		switch {
		case f.Ident == "not" && len(parts) == 1:
			return func(r *run, dot reflect.Value) (bool, bool) {
				truth, ok := parts[0](r, dot)
				return !truth, ok
			}, nil
		case (f.Ident == "or" || f.Ident == "and") && len(parts) > 0:
			decides := f.Ident == "or"
			return func(r *run, dot reflect.Value) (bool, bool) {
				for _, part := range parts {
					if truth, ok := part(r, dot); !ok || truth == decides {
						return truth, ok
					}
				}
				return !decides, true
			}, nil
		}
		return nil, errUnknown
	}
	if p, ok := args[0].(*parse.PipeNode); ok && len(args) == 1 && len(p.Cmds) == 1 && len(p.Decl) == 0 {
		return c.condition(p.Cmds[0].Args, dot)
	}
	if len(args) != 1 {
		return nil, errUnknown
	}
	value, err := c.value(args[0], dot)
	if err != nil {
		return nil, err
	}
	truth := truthOf(value.kind)
	if truth == nil {
		return nil, errUnknown
	}
	return func(r *run, dot reflect.Value) (bool, bool) {
		v, ok := value.get(r, dot)
		return ok && truth(v), ok
	}, nil
}

var comparisons = map[string]func(a, b int) bool{
	"eq": func(a, b int) bool { return a == b }, "ne": func(a, b int) bool { return a != b },
	"lt": func(a, b int) bool { return a < b }, "le": func(a, b int) bool { return a <= b },
	"gt": func(a, b int) bool { return a > b }, "ge": func(a, b int) bool { return a >= b },
}

func (c *compiler) comparison(holds func(a, b int) bool, a, b parse.Node, dot reflect.Type) (condition, error) {
	left, err := c.number(a, dot)
	if err != nil {
		return nil, err
	}
	right, err := c.number(b, dot)
	if err != nil {
		return nil, err
	}
	return func(r *run, dot reflect.Value) (bool, bool) {
		x, okX := left(r, dot)
		y, okY := right(r, dot)
		return okX && okY && holds(x, y), okX && okY
	}, nil
}

// number compiles an integer as it is written, an integer field or variable, or (len .Slice).
func (c *compiler) number(n parse.Node, dot reflect.Type) (func(*run, reflect.Value) (int, bool), error) {
	if literal, ok := n.(*parse.NumberNode); ok && literal.IsInt {
		return func(*run, reflect.Value) (int, bool) { return int(literal.Int64), true }, nil
	}
	var value operand
	var err error
	if p, ok := n.(*parse.PipeNode); ok {
		value, err = c.pipe(p, dot)
	} else {
		value, err = c.value(n, dot)
	}
	if err != nil || value.kind != numberType {
		return nil, errUnknown
	}
	return func(r *run, dot reflect.Value) (int, bool) {
		v, ok := value.get(r, dot)
		if !ok {
			return 0, false
		}
		return int(v.Int()), true
	}, nil
}

// truthOf returns how text/template tells a value of the type from an empty one, or nil where programs do not know.
func truthOf(t reflect.Type) func(reflect.Value) bool {
	switch t.Kind() {
	case reflect.Bool:
		return reflect.Value.Bool
	case reflect.String, reflect.Slice:
		return func(v reflect.Value) bool { return v.Len() > 0 }
	case reflect.Int:
		return func(v reflect.Value) bool { return v.Int() != 0 }
	case reflect.Pointer:
		return func(v reflect.Value) bool { return !v.IsNil() }
	case reflect.Struct:
		return func(reflect.Value) bool { return true }
	}
	return nil
}

// branch compiles if, and with, which moves the dot.
func (c *compiler) branch(n *parse.BranchNode, dot reflect.Type, moves bool) (step, error) {
	if len(n.Pipe.Decl) > 0 || len(n.Pipe.Cmds) != 1 {
		return nil, errUnknown
	}
	truth, err := c.condition(n.Pipe.Cmds[0].Args, dot)
	if err != nil {
		return nil, err
	}
	inner := operand{kind: dot}
	if moves {
		if inner, err = c.pipe(n.Pipe, dot); err != nil {
			return nil, err
		}
	}
	then, err := c.list(n.List, inner.kind)
	if err != nil {
		return nil, err
	}
	otherwise, err := c.list(n.ElseList, dot)
	if err != nil {
		return nil, err
	}
	return func(r *run, dot reflect.Value) bool {
		yes, ok := truth(r, dot)
		if !ok || !yes {
			return ok && otherwise(r, dot)
		}
		if moves {
			dot, ok = inner.get(r, dot)
		}
		return ok && then(r, dot)
	}, nil
}

// loop compiles range over a slice, with variables for index and element where it has both.
func (c *compiler) loop(n *parse.BranchNode, dot reflect.Type) (step, error) {
	if len(n.Pipe.Decl) == 1 || n.Pipe.IsAssign || len(n.Pipe.Cmds) != 1 {
		return nil, errUnknown
	}
	over, err := c.operandOf(n.Pipe.Cmds[0], dot)
	if err != nil || over.kind.Kind() != reflect.Slice {
		return nil, errUnknown
	}
	seen := len(c.scope)
	defer func() { c.scope = c.scope[:seen] }()
	index, element := -1, -1
	if len(n.Pipe.Decl) == 2 {
		index, element = c.declare(n.Pipe.Decl[0].Ident[0], numberType), c.declare(n.Pipe.Decl[1].Ident[0], over.kind.Elem())
	}
	each, err := c.list(n.List, over.kind.Elem())
	if err != nil {
		return nil, err
	}
	empty, err := c.list(n.ElseList, dot)
	if err != nil {
		return nil, err
	}
	return func(r *run, dot reflect.Value) bool {
		v, ok := over.get(r, dot)
		if !ok || v.Len() == 0 {
			return ok && empty(r, dot)
		}
		for i := range v.Len() {
			if index >= 0 {
				r.variables[index], r.variables[element] = reflect.ValueOf(i), v.Index(i)
			}
			if !each(r, v.Index(i)) {
				return false
			}
		}
		return true
	}, nil
}

var (
	textType   = reflect.TypeFor[string]()
	markupType = reflect.TypeFor[template.HTML]()
	scriptType = reflect.TypeFor[template.JS]()
	// addressType is of addresses that templates let pass whatever their scheme
	addressType = reflect.TypeFor[template.URL]()
	numberType  = reflect.TypeFor[int]()
)

// writerOf returns what writes a value of a type as html/template's escapers would, or nil where programs do not know them.
func writerOf(t reflect.Type, escapers []string) func(*Buffer, reflect.Value) {
	switch chain := fmt.Sprint(escapers); {
	case t == markupType && chain == "[_html_template_htmlescaper]", t == scriptType && chain == "[_html_template_jsvalescaper]":
		return func(w *Buffer, v reflect.Value) {
			start := w.Len()
			w.WriteString(v.String())
			w.markup = append(w.markup, links.Span{Start: start, End: w.Len()})
		}
	case t == numberType && (chain == "[_html_template_htmlescaper]" || chain == "[_html_template_attrescaper]"):
		return func(w *Buffer, v reflect.Value) { w.Write(strconv.AppendInt(w.AvailableBuffer(), v.Int(), 10)) }
	case t == addressType && chain == "[_html_template_urlfilter _html_template_urlnormalizer _html_template_attrescaper]":
		return func(w *Buffer, v reflect.Value) { writeText(w, encodeAddress(v.String(), true)) }
	case t != textType:
		return nil
	case chain == "[_html_template_htmlescaper]", chain == "[_html_template_attrescaper]", chain == "[_html_template_rcdataescaper]":
		return func(w *Buffer, v reflect.Value) { writeText(w, v.String()) }
	case chain == "[_html_template_urlfilter _html_template_urlnormalizer _html_template_attrescaper]":
		return func(w *Buffer, v reflect.Value) {
			s := v.String()
			if !hasSafeScheme(s) {
				s = "#ZgotmplZ" // html/template's mark of an address that it does not let pass
			}
			writeText(w, encodeAddress(s, true))
		}
	case chain == "[_html_template_urlnormalizer _html_template_attrescaper]":
		return func(w *Buffer, v reflect.Value) { writeText(w, encodeAddress(v.String(), true)) }
	case chain == "[_html_template_urlescaper _html_template_attrescaper]":
		return func(w *Buffer, v reflect.Value) { writeText(w, encodeAddress(v.String(), false)) }
	}
	return nil
}
