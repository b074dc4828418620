package render

import (
	"bytes"
	"html/template"
	"os"
	"reflect"
	"strings"
	"testing"
)

func TestProgramsExistForTheTemplatesOfManyPages(t *testing.T) {
	theme := builtin(t)
	for _, name := range []string{"disclosure.html", "withdrawn.html", "unit-field.html", "list.html", "row.html", "field.html", "unit.html", "supervision-unit.html", "columns.html", "contact.html"} {
		if theme.quick[name] == nil {
			t.Errorf("%s is executed by html/template", name)
		}
	}
}

func builtin(t *testing.T) *Theme {
	t.Helper()
	theme, err := LoadTheme(nil, os.DirFS("../../themes/default"))
	if err != nil {
		t.Fatal(err)
	}
	return theme
}

// What fills every field of a view: texts that need each escaper, and none.
var fillings = []string{"", "文本 plain-1.2_~", `<b>"&'+` + "\x00\xff", "https://例.cn/a b?c=d&e=%E4%zz#f(1)'", "javascript:alert(1)", "#a:b", "mailto:x@y.cn", "/a:b"}

func TestProgramsWriteWhatHTMLTemplateWrites(t *testing.T) {
	theme := builtin(t)
	for name, p := range theme.quick {
		for _, text := range fillings {
			for n := range 3 {
				view := reflect.New(viewTypes[name]).Elem()
				fill(view, text, n, 0)
				var quick Buffer
				var slow bytes.Buffer
				if !p.run(&quick, view.Interface()) {
					t.Fatalf("%s: the program gave up", name)
				}
				if err := entry(theme.pages[name]).Execute(&slow, view.Interface()); err != nil {
					t.Fatal(err)
				}
				if quick.String() != slow.String() {
					t.Errorf("%s with %d times %q:\n%s\nhtml/template writes\n%s", name, n, text, quick.String(), slow.String())
				}
			}
		}
	}
}

// fill sets every field below v; slices get n elements, numbers are n.
func fill(v reflect.Value, text string, n, depth int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Int:
		v.SetInt(int64(n))
	case reflect.Bool:
		v.SetBool(n%2 == 1)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), text, n, depth+1)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(v.Index(i), text, n, depth+1)
		}
	case reflect.Pointer:
		if v.Type() == reflect.TypeFor[*SiteView]() || n > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), text, n, depth+1)
		}
	}
}

func TestAThemeMayUseWhatProgramsDoNotKnow(t *testing.T) {
	for text, quick := range map[string]bool{
		`{{.Title}}`:                                                          true,
		`{{if and .Title (not .Kind)}}x{{end}}`:                               true,
		`{{with .Title}}{{$.URL}}{{.}}{{end}}`:                                true,
		`{{printf "%s" .Title}}`:                                              false,
		`{{len .Title}}`:                                                      false,
		`{{if eq .Kind "统计"}}{{.Title}}{{end}}`:                               false,
		`<p class={{.Kind}}>`:                                                 false,
		`<p style="color: {{.Kind}}">`:                                        false,
		`<script>var a = {{.Title}}</script>`:                                 false,
		`{{$x := .Title}}{{$x = .Kind}}{{$x}}`:                                false,
		`{{define "a"}}{{.}}{{template "a" .}}{{end}}{{template "a" .Title}}`: false,
	} {
		set := template.Must(template.New("row.html").Parse(text))
		if got := compile(set, reflect.TypeFor[Row]()) != nil; got != quick {
			t.Errorf("%s: has a program: %v, want %v", text, got, quick)
		}
	}
}

func TestAProgramGivesUpAtANilPointerAndWritesNothing(t *testing.T) {
	set := template.Must(template.New("x").Parse(`before{{.Newer.Text}}`))
	w := new(Buffer)
	w.WriteString("kept")
	if compile(set, reflect.TypeFor[DisclosurePage]()).run(w, DisclosurePage{}) || w.String() != "kept" {
		t.Errorf("wrote %q", w.String())
	}
}

func FuzzEscapersAgree(f *testing.F) {
	for _, s := range fillings {
		f.Add(s)
	}
	set := template.Must(template.New("x").Parse(`{{.Title}}<title>{{.Title}}</title><a title="{{.Title}}" href="{{.Title}}">` +
		`<a href="/x/{{.Title}}?q={{.Title}}"><a href="#{{.Title}}">`))
	p := compile(set, reflect.TypeFor[Row]())
	f.Fuzz(func(t *testing.T, s string) {
		var quick Buffer
		var slow strings.Builder
		if !p.run(&quick, Row{Title: s}) {
			t.Fatal("the program gave up")
		}
		if err := set.Execute(&slow, Row{Title: s}); err != nil {
			t.Fatal(err)
		}
		if quick.String() != slow.String() {
			t.Errorf("%q: %s, html/template writes %s", s, quick.String(), slow.String())
		}
	})
}
