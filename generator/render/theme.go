package render

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/html"
	"github.com/tdewolff/minify/v2/js"
	"github.com/tdewolff/minify/v2/svg"
)

// Theme is the templates and assets of a portal. A file of an earlier layer stands for the same file of a later one, so that a
// folder on disk overrides the built-in theme file by file.
type Theme struct {
	sources  map[string]string // template file name -> text
	minified map[string]string
	assets   map[string]Asset
	files    []File
	pages    map[string]*template.Template // template file name -> its set, minified
	encoders map[string]encoder            // template file name -> what makes a key of its view
	quick    map[string]*program           // template file name -> its program; none where only html/template can execute it
}

// ErrTheme says that a template or an asset is at fault.
var ErrTheme = errors.New("the theme cannot be used")

// Asset is what templates need to use a file of the theme.
type Asset struct{ URL, Integrity string }

// File is a file of the portal that is not a page.
type File struct {
	Path string // in the output folder
	Data []byte
}

// The templates of a page are executed through the layout; fragments and the alias page stand alone.
var (
	pageTemplates = []string{"home.html", "fields.html", "field.html", "unit.html", "unit-field.html", "disclosure.html",
		"withdrawn.html", "list.html", "page.html", "pages.html", "404.html", "search.html",
		"supervision.html", "supervision-unit.html"}
	aloneTemplates = []string{"head.html", "header.html", "footer.html", "columns.html", "row.html", "contact.html",
		"crumbs.html", "alias.html", "search-main.html"}
	shared = []string{"layout.html", "partials.html"}
)

// viewTypes are the types that templates are executed with.
var viewTypes = map[string]reflect.Type{
	"home.html": reflect.TypeFor[HomePage](), "fields.html": reflect.TypeFor[FieldsPage](), "field.html": reflect.TypeFor[FieldPage](),
	"unit.html": reflect.TypeFor[UnitPage](), "unit-field.html": reflect.TypeFor[UnitFieldPage](), "disclosure.html": reflect.TypeFor[DisclosurePage](),
	"withdrawn.html": reflect.TypeFor[WithdrawnPage](), "list.html": reflect.TypeFor[ListPage](), "page.html": reflect.TypeFor[PortalPage](),
	"pages.html": reflect.TypeFor[PagesPage](), "404.html": reflect.TypeFor[NotFoundPage](),
	"head.html": reflect.TypeFor[Link](), "header.html": reflect.TypeFor[HeaderView](), "footer.html": reflect.TypeFor[*SiteView](),
	"columns.html": reflect.TypeFor[ColumnsView](), "row.html": reflect.TypeFor[Row](), "contact.html": reflect.TypeFor[[]Fact](),
	"crumbs.html": reflect.TypeFor[[]Link](), "alias.html": reflect.TypeFor[AliasPage](),
	"supervision.html": reflect.TypeFor[SupervisionPage](), "supervision-unit.html": reflect.TypeFor[LedgerPage](),
	"search.html": reflect.TypeFor[SearchPage](), "search-main.html": reflect.TypeFor[SearchView](),
}

// htmlMinifier is what templates, and so pages, are minified with.
func htmlMinifier() *html.Minifier { return &html.Minifier{TemplateDelims: html.GoTemplateDelims} }

// LoadTheme reads the theme from its layers and minifies it, for a portal that lives at the top of its host (Under).
// scripts holds, by the name of an asset, what is put before it: the program that the theme's script works with. The error names the file,
// and the line where a template is at fault.
func LoadTheme(scripts map[string][]byte, layers ...fs.FS) (*Theme, error) {
	t := &Theme{sources: map[string]string{}, assets: map[string]Asset{}, pages: map[string]*template.Template{}}
	if err := t.loadAssets(scripts, layers); err != nil {
		return nil, err
	}
	minifier := minify.New()
	minifier.Add("text/html", htmlMinifier())
	minified := map[string]string{}
	t.minified = minified
	for _, name := range slices.Concat(shared, pageTemplates, aloneTemplates) {
		text, err := readLayers(layers, "templates/"+name)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrTheme, err)
		}
		t.sources[name] = string(text)
		if minified[name], err = minifier.String("text/html", string(text)); err != nil {
			return nil, fmt.Errorf("%w: minify templates/%s: %w", ErrTheme, name, err)
		}
	}
	// the texts as they are written are parsed first: their errors have the lines that the author sees
	if _, err := t.parse(t.sources); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTheme, err)
	}
	pages, err := t.parse(minified)
	if err != nil {
		return nil, fmt.Errorf("%w: after minifying: %w", ErrTheme, err)
	}
	t.pages = pages
	t.quick, t.encoders = map[string]*program{}, map[string]encoder{}
	for name, set := range pages {
		if p := compile(set, viewTypes[name]); p != nil {
			t.quick[name] = p
		}
		t.encoders[name] = encoderOf(viewTypes[name])
	}
	return t, nil
}

// Under puts the theme under the path of a portal, which ends with a slash. It is called before the theme is used, once.
func (t *Theme) Under(base string) {
	for name, a := range t.assets {
		a.URL = base + strings.TrimPrefix(a.URL, "/")
		t.assets[name] = a
	}
}

func readLayers(layers []fs.FS, name string) ([]byte, error) {
	for _, l := range layers {
		b, err := fs.ReadFile(l, name)
		if err == nil {
			return b, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
}

// parse makes the template sets from texts by file name.
func (t *Theme) parse(texts map[string]string) (map[string]*template.Template, error) {
	funcs := template.FuncMap{"asset": t.asset}
	out := map[string]*template.Template{}
	for _, name := range slices.Concat(pageTemplates, aloneTemplates) {
		set := template.New("templates/" + name).Funcs(funcs).Option("missingkey=error")
		if slices.Contains(pageTemplates, name) {
			for _, s := range shared {
				if _, err := set.New("templates/" + s).Parse(texts[s]); err != nil {
					return nil, err
				}
			}
		}
		if _, err := set.Parse(texts[name]); err != nil {
			return nil, err
		}
		out[name] = set
	}
	return out, nil
}

func (t *Theme) asset(name string) (Asset, error) {
	a, ok := t.assets[name]
	if !ok {
		return Asset{}, fmt.Errorf("the theme has no asset %q", name)
	}
	return a, nil
}

// loadAssets reads assets/: style sheets become one file in the order of their names; each file's name has a hash of its content.
func (t *Theme) loadAssets(scripts map[string][]byte, layers []fs.FS) error {
	names := map[string]bool{}
	for _, l := range layers {
		err := fs.WalkDir(l, "assets", func(p string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err == nil && !d.IsDir() && !strings.HasPrefix(d.Name(), ".") {
				names[strings.TrimPrefix(p, "assets/")] = true
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("%w: %w", ErrTheme, err)
		}
	}
	m := minify.New()
	m.AddFunc("text/css", css.Minify)
	m.AddFunc("text/javascript", js.Minify)
	m.AddFunc("image/svg+xml", svg.Minify)
	var sheets bytes.Buffer
	files := map[string][]byte{}
	for _, name := range sorted(names) {
		data, err := readLayers(layers, "assets/"+name)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrTheme, err)
		}
		if path.Ext(name) == ".css" {
			sheets.Write(data)
			sheets.WriteByte('\n')
			continue
		}
		if before := scripts[name]; before != nil {
			// in a function, names are the minifier's to shorten
			data = slices.Concat([]byte("(() => {\n"), before, data, []byte("\n})();\n"))
		}
		files[name] = data
	}
	files["style.css"] = sheets.Bytes()
	for _, name := range sorted(files) {
		data := files[name]
		if kind := mediaType(name); kind != "" {
			small, err := m.Bytes(kind, data)
			if err != nil {
				return fmt.Errorf("%w: minify assets/%s: %w", ErrTheme, name, err)
			}
			data = small
		}
		sum := sha256.Sum256(data)
		ext := path.Ext(name)
		file := "assets/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
		check := sha512.Sum384(data)
		t.assets[name] = Asset{URL: "/" + file, Integrity: "sha384-" + base64.StdEncoding.EncodeToString(check[:])}
		t.files = append(t.files, File{file, data})
	}
	return nil
}

func mediaType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css"
	case ".js":
		return "text/javascript"
	case ".svg":
		return "image/svg+xml"
	}
	return ""
}

func sorted[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// Files returns the assets.
func (t *Theme) Files() []File { return t.files }

// execute renders a page's template, through the layout where it has one. The error names the template's file and line, and the page.
func (t *Theme) execute(w *Buffer, name, page string, view any) error {
	if k := w.keying; k != nil {
		if t.see(w, name, view); k.only {
			return nil
		}
	}
	return t.run(w, name, page, view)
}

// see adds what a template is executed with to the key that is made, if one is.
func (t *Theme) see(w *Buffer, name string, view any) {
	if w.keying != nil {
		w.keying.see(name, t.encoders[name], view)
	}
}

// run is execute without a key.
func (t *Theme) run(w *Buffer, name, page string, view any) error {
	if k := w.keying; k != nil {
		k.direct = append(k.direct, w.Bytes()[k.end:]...)
		defer func() { k.end = w.Len() }()
	}
	if p := t.quick[name]; p != nil && p.run(w, view) {
		return nil
	}
	err := entry(t.pages[name]).Execute(w, view)
	if err == nil {
		return nil
	}
	// minified templates are one line; the text as it was written tells the true one
	if sets, perr := t.parse(t.sources); perr == nil {
		if again := entry(sets[name]).Execute(io.Discard, view); again != nil {
			err = again
		}
	}
	return fmt.Errorf("%w: page %s: %w", ErrTheme, page, err)
}

// entry returns the template of a set that is executed: the layout, or the fragment itself.
func entry(set *template.Template) *template.Template {
	if layout := set.Lookup("layout"); layout != nil {
		return layout
	}
	return set
}

// fileType names the kind of a file for readers.
func fileType(name string) string {
	ext := strings.ToLower(path.Ext(name))
	switch ext {
	case ".pdf":
		return "PDF 文件"
	case ".doc", ".docx", ".wps":
		return "Word 文档"
	case ".xls", ".xlsx", ".et":
		return "Excel 表格"
	case ".ppt", ".pptx", ".dps":
		return "演示文稿"
	case ".csv":
		return "CSV 数据"
	case ".txt":
		return "文本文件"
	case ".zip", ".rar", ".7z":
		return "压缩包"
	case ".jpg", ".jpeg", ".png", ".gif", ".webp":
		return "图片"
	case ".ofd":
		return "OFD 版式文件"
	}
	return strings.TrimSpace(strings.ToUpper(strings.TrimPrefix(ext, ".")) + " 文件")
}
