package render

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"html/template"
	"reflect"
	"unsafe"

	"gongkai/generator/markdown"
	"gongkai/generator/pack"
	"gongkai/generator/site"
)

// Key stands for everything that an output is made of: the theme, what its template is shown, its source's bytes, and where the links of its text
// lead. Outputs with the same path and key have the same bytes and the same findings.
//
// A key is no list of dependencies that somebody has to keep complete: it is made from the very view that the template would be executed with,
// so that what a page can show cannot be missing.
type Key [16]byte

// keying writes down what a template is executed with: beside rendering, or in its place.
type keying struct {
	only   bool // nothing is rendered
	text   []byte
	direct []byte // what an output has that no template wrote
	end    int    // of what the last template wrote
	seen   int    // findings that are in the text
	links  []markdown.Link
	shared map[*byte]sharedText
	site   *SiteView
}

// sharedText is HTML that many pages have: it is summed up once.
type sharedText struct {
	length int
	sum    Key
}

// Key returns the key of an output, whose text has these links (Page.Asked of an earlier rendering). w is to be empty and is left empty. An output that is
// late has a key only once the others were rendered or quoted.
func (r *Renderer) Key(o *Output, links []markdown.Link, w *Buffer) (Key, error) {
	_, key, err := r.keyed(o, &keying{only: true, links: links}, w)
	w.Reset()
	return key, err
}

// RenderKeyed renders one output into w, which is to be empty, and returns its key with what was found: the one that Key returns for it.
func (r *Renderer) RenderKeyed(o *Output, w *Buffer) (Page, Key, error) {
	if _, ofDisclosure := o.Subject.(*site.Disclosure); o.Body == nil || ofDisclosure {
		return r.keyed(o, &keying{}, w)
	}
	// the few other pages with a text say it in more places than one: their key is made apart
	page, err := o.render(w)
	if err != nil {
		return page, Key{}, err
	}
	key, err := r.Key(o, page.Asked, &Buffer{})
	return page, key, err
}

// keyed renders an output, or what its key is made of.
func (r *Renderer) keyed(o *Output, k *keying, w *Buffer) (Page, Key, error) {
	r.sumShared()
	around := r.Around()
	k.text, k.direct, k.shared, k.site = append(w.keys[:0], around[:]...), w.direct[:0], r.sharedTexts, r.view
	w.keying = k
	page, err := o.render(w)
	w.keying = nil
	k.direct = append(k.direct, w.Bytes()[k.end:]...)
	k.text = append(k.text, k.direct...)
	w.keys, w.direct = k.text, k.direct
	return page, Key(pack.SumOf(k.text)), err
}

// Quote gives back what a feed quotes of an output that is not rendered because its key is the same.
func (r *Renderer) Quote(o *Output, excerpt string) {
	if d, ok := o.Subject.(*site.Disclosure); ok && r.excerpts[d] != nil {
		*r.excerpts[d] = excerpt
	}
}

// Around returns a sum over what all outputs are made with: the theme and the portal's address.
func (r *Renderer) Around() [32]byte { return r.around }

// sumShared sums up the fragments and what all pages share.
func (r *Renderer) sumShared() {
	r.sharedOnce.Do(func() {
		r.sharedTexts = map[*byte]sharedText{}
		add := func(text string) {
			if text != "" {
				r.sharedTexts[unsafe.StringData(text)] = sharedText{len(text), Key(pack.SumOf([]byte(text)))}
			}
		}
		for _, f := range r.Fragments() {
			add(f)
		}
	})
}

// see adds what a template would be executed with.
func (k *keying) see(name string, encode encoder, view any) {
	k.text = appendText(k.text, name)
	encode(k, reflect.ValueOf(view))
}

func (k *keying) add(text string) { k.text = appendText(k.text, text) }

func (k *keying) addBytes(text []byte) {
	k.text = append(binary.AppendUvarint(k.text, uint64(len(text))), text...)
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// encoder writes a value so that different values are written differently.
type encoder func(k *keying, v reflect.Value)

var siteViewType = reflect.TypeFor[*SiteView]()

// encoderOf returns the encoder of a type. Views are made of texts, numbers, lists and structs; anything else is a mistake of the program.
func encoderOf(t reflect.Type) encoder {
	switch t.Kind() {
	case reflect.String:
		if t == reflect.TypeFor[template.HTML]() {
			return encodeMarkup
		}
		return func(k *keying, v reflect.Value) { k.add(v.String()) }
	case reflect.Bool:
		return func(k *keying, v reflect.Value) {
			if v.Bool() {
				k.text = append(k.text, 1)
			} else {
				k.text = append(k.text, 0)
			}
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(k *keying, v reflect.Value) { k.text = binary.AppendVarint(k.text, v.Int()) }
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return func(k *keying, v reflect.Value) { k.text = binary.AppendUvarint(k.text, v.Uint()) }
	case reflect.Slice:
		each := encoderOf(t.Elem())
		return func(k *keying, v reflect.Value) {
			k.text = binary.AppendUvarint(k.text, uint64(v.Len()))
			for i := range v.Len() {
				each(k, v.Index(i))
			}
		}
	case reflect.Array:
		each := encoderOf(t.Elem())
		return func(k *keying, v reflect.Value) {
			for i := range v.Len() {
				each(k, v.Index(i))
			}
		}
	case reflect.Pointer:
		return encodePointer(t)
	case reflect.Struct:
		fields := make([]encoder, t.NumField())
		for i := range fields {
			fields[i] = encoderOf(t.Field(i).Type)
		}
		return func(k *keying, v reflect.Value) {
			for i, f := range fields {
				f(k, v.Field(i))
			}
		}
	}
	panic(fmt.Sprintf("render: a view has a %s, which keys do not know", t))
}

// encodePointer follows a pointer, but for the one to what all pages share: its texts stand in their header and footer, and are the same for all
// pages of a renderer, so that one sum is enough.
func encodePointer(t reflect.Type) encoder {
	to := encoderOf(t.Elem())
	return func(k *keying, v reflect.Value) {
		if v.IsNil() {
			k.text = append(k.text, 0)
			return
		}
		k.text = append(k.text, 1)
		if t == siteViewType && v.UnsafePointer() == unsafe.Pointer(k.site) {
			k.text = append(k.text, k.site.sum[:]...)
			return
		}
		to(k, v.Elem())
	}
}

func encodeMarkup(k *keying, v reflect.Value) {
	text := v.String()
	if text != "" {
		if s, ok := k.shared[unsafe.StringData(text)]; ok && s.length == len(text) {
			k.text = append(append(k.text, 255), s.sum[:]...)
			return
		}
	}
	k.text = append(k.text, 0)
	k.add(text)
}

// seeBody adds the source of a text, and where its links lead today.
func (k *keying) seeBody(src *site.Source, resolve markdown.Resolver, page *Page) {
	k.text = append(k.text, src.Sum[:]...)
	resolve = k.seeLinks(resolve)
	for _, l := range k.links {
		resolve(l)
	}
	k.sawBody(page)
}

// seeLinks returns a resolver that adds where each link leads.
func (k *keying) seeLinks(resolve markdown.Resolver) markdown.Resolver {
	return func(l markdown.Link) (string, bool) {
		href, external := resolve(l)
		k.add(l.Destination)
		k.add(href)
		k.text = append(k.text, flag(external))
		return href, external
	}
}

// sawBody adds what the links of a text led to beside their addresses.
func (k *keying) sawBody(page *Page) {
	for _, f := range page.Files {
		k.add(f)
	}
	k.found(page)
}

// found adds what was found since.
func (k *keying) found(page *Page) {
	for _, f := range page.Findings[k.seen:] {
		k.add(f.Rule.ID)
		k.text = binary.AppendVarint(binary.AppendVarint(k.text, int64(f.Position.Line)), int64(f.Position.Column))
		k.add(f.Message.ZH)
		k.add(f.Mend.ZH)
	}
	k.seen = len(page.Findings)
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// sumOf is a key of what all pages share.
func sumOf(v *SiteView) Key {
	k := &keying{}
	rest := *v
	rest.sum = Key{}
	encoderOf(reflect.TypeFor[SiteView]())(k, reflect.ValueOf(rest))
	return Key(pack.SumOf(k.text))
}

// sum returns what tells this theme from others: its texts, its assets and where they lie.
func (t *Theme) sum() [32]byte {
	h := sha256.New()
	write := func(parts ...string) {
		for _, p := range parts {
			h.Write(appendText(nil, p))
		}
	}
	for _, name := range sorted(t.minified) {
		write(name, t.minified[name])
	}
	for _, name := range sorted(t.assets) {
		write(name, t.assets[name].URL, t.assets[name].Integrity)
	}
	return [32]byte(h.Sum(nil))
}
