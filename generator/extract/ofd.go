package extract

import (
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gongkai/generator/extract/layout"
)

const (
	maxGlyphs = 400_000 // on one page
	maxPages  = 50_000  // that a document may name
)

// fixedLayout reads an OFD file (GB/T 33190-2016), the format of electronic official documents: the text of its pages, of the templates
// behind them and of annotations, and the files that are attached. The text of a page is placed like a pdf's.
func (p *pack) fixedLayout() error {
	var documents []string
	var about strings.Builder
	err := p.part("OFD.xml", func(d *tokens) error {
		return values(d, func(element, text string) error {
			switch element {
			case "DocRoot":
				documents = append(documents, p.resolve("OFD.xml", text))
			case "Title", "Subject", "Abstract", "Keyword", "CustomData":
				about.WriteString(text + "\n")
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	if about.Len() > 0 {
		if err := p.rd.give(Part{Where: p.where, Text: about.String()}); err != nil {
			return err
		}
	}
	pages, err := p.ofdPages(documents)
	if err != nil {
		return err
	}
	if len(pages) == 0 {
		if p.files["Encryptions.xml"] != nil || p.files["Encryption.xml"] != nil { // GM/T 0099
			return because(Encrypted, nil)
		}
		return because(Damaged, errors.New("no pages"))
	}
	var table layout.Table
	known := false
	for i, name := range pages {
		if i >= p.rd.limits.Pages {
			return because(TooLarge, fmt.Errorf("more than %d pages", p.rd.limits.Pages))
		}
		text, err := p.ofdText(name, &table)
		if err != nil {
			return err
		}
		if strings.TrimSpace(text) == "" {
			continue
		}
		known = true
		if err := p.rd.give(Part{Where: p.where, Page: i + 1, Text: text}); err != nil {
			return err
		}
	}
	// What stands on other layers: templates, annotations, drawings among the resources, pages that no document names.
	for _, name := range p.names {
		base := path.Base(name)
		if slices.Contains(pages, name) || !strings.HasSuffix(base, ".xml") || base != "Content.xml" && !strings.Contains(base, "Annot") && !strings.HasSuffix(base, "Res.xml") {
			continue
		}
		text, err := p.ofdText(name, &layout.Table{})
		if err != nil {
			return err
		}
		if strings.TrimSpace(text) != "" {
			known = true
			if err := p.rd.give(Part{Where: p.where, Text: text}); err != nil {
				return err
			}
		}
	}
	if err := p.ofdAttached(); err != nil {
		return err
	}
	if !known {
		return because(NoText, nil)
	}
	return nil
}

// ofdPages returns the parts of the pages in their order.
func (p *pack) ofdPages(documents []string) ([]string, error) {
	var pages []string
	seen := map[string]bool{}
	for _, document := range documents {
		err := p.part(document, func(d *tokens) error {
			return elements(d, "Page", func(e xml.StartElement) error {
				name := p.resolve(document, named(e, "BaseLoc"))
				if p.files[name] == nil || seen[name] {
					return nil
				}
				seen[name] = true
				pages = append(pages, name)
				if len(pages) > maxPages {
					return because(TooLarge, fmt.Errorf("more than %d pages", maxPages))
				}
				return nil
			})
		})
		if err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// resolve returns the part that a part's location leads to: from the package's root with a slash, or else from the part's folder.
func (p *pack) resolve(from, location string) string {
	location = strings.ReplaceAll(strings.TrimSpace(location), `\`, "/")
	if rest, ok := strings.CutPrefix(location, "/"); ok {
		return path.Clean(rest)
	}
	dir := path.Dir(from)
	for _, dir := range []string{dir, path.Dir(dir), "."} { // some writers begin at a folder above
		if name := path.Join(dir, location); p.files[name] != nil {
			return name
		}
	}
	return path.Join(dir, location)
}

// ofdText puts the text objects of a page together.
func (p *pack) ofdText(name string, table *layout.Table) (string, error) {
	o := ofdReader{ctm: [6]float64{1, 0, 0, 1, 0, 0}, size: 1}
	err := p.part(name, o.read)
	return table.Text(o.glyphs), err
}

// ofdReader reads text objects (GB/T 33190-2016, 11): a box on the page, a transformation within it, and text codes, each with the place of
// its first character and the steps to the next ones.
type ofdReader struct {
	glyphs []layout.Glyph

	boxX, boxY     float64
	ctm            [6]float64
	size           float64
	x, y           float64
	deltaX, deltaY string
	code           strings.Builder
	inCode         bool
}

func (o *ofdReader) read(d *tokens) error {
	for t, err := range d.all {
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "TextObject":
				o.object(t)
			case "TextCode":
				o.inCode = true
				o.code.Reset()
				if n := numbers(named(t, "X"), 1); n != nil {
					o.x = n[0]
				}
				if n := numbers(named(t, "Y"), 1); n != nil {
					o.y = n[0]
				}
				o.deltaX, o.deltaY = named(t, "DeltaX"), named(t, "DeltaY")
			}
		case xml.EndElement:
			if t.Name.Local == "TextCode" && o.inCode {
				o.inCode = false
				o.place()
			}
		case xml.CharData:
			if o.inCode {
				o.code.Write(t)
			}
		}
	}
	return nil
}

func (o *ofdReader) object(e xml.StartElement) {
	o.boxX, o.boxY = 0, 0
	if n := numbers(named(e, "Boundary"), 2); len(n) == 2 {
		o.boxX, o.boxY = n[0], n[1]
	}
	o.ctm = [6]float64{1, 0, 0, 1, 0, 0}
	if n := numbers(named(e, "CTM"), 6); len(n) == 6 {
		copy(o.ctm[:], n)
	}
	o.size, o.x, o.y = 1, 0, 0
	if n := numbers(named(e, "Size"), 1); n != nil && n[0] > 0 {
		o.size = n[0]
	}
}

// place records the characters of a text code.
func (o *ofdReader) place() {
	text := strings.Trim(o.code.String(), "\r\n")
	count := utf8.RuneCountInString(text)
	dx, dy := numbers(o.deltaX, count), numbers(o.deltaY, count)
	x, y := o.x, o.y
	m := o.ctm
	scale := math.Hypot(m[0], m[1])
	size := o.size * math.Hypot(m[2], m[3])
	i := 0
	for _, r := range text {
		if len(o.glyphs) >= maxGlyphs {
			return
		}
		width := 1.0
		if r < 0x2000 {
			width = 0.5
		}
		advance := o.size * width
		stepX, stepY := step(dx, i), step(dy, i)
		if dx == nil && dy == nil {
			stepX = advance
		}
		if stepX > 0 && stepX < 1.5*o.size {
			advance = stepX
		}
		// The page's y goes down, that of layout.Glyph goes up.
		px, py := m[0]*x+m[2]*y+m[4]+o.boxX, -(m[1]*x + m[3]*y + m[5] + o.boxY)
		switch { // text that runs downwards or upwards is turned
		case dx == nil && dy != nil, math.Abs(m[1]) > math.Abs(m[0]) && m[1] > 0:
			px, py = -py, px
		case math.Abs(m[1]) > math.Abs(m[0]):
			px, py = py, -px
		}
		if !math.IsNaN(px+py+size+scale) && !math.IsInf(px+py+size+scale, 0) {
			o.glyphs = append(o.glyphs, layout.Glyph{X: px, Y: py, End: px + advance*scale, Size: size, Text: string(r)})
		}
		x, y = x+stepX, y+stepY
		i++
	}
}

// step returns the i-th step; the last one goes on.
func step(steps []float64, i int) float64 {
	switch {
	case len(steps) == 0:
		return 0
	case i < len(steps):
		return steps[i]
	}
	return steps[len(steps)-1]
}

// numbers reads an array of at most so many numbers. In one of steps, g n v stands for n times v (GB/T 33190-2016, 11.3).
func numbers(text string, most int) []float64 {
	var out []float64
	fields := strings.Fields(text)
	for i := 0; i < len(fields) && len(out) < most; i++ { // a damaged file may promise more than there are characters
		if fields[i] == "g" && i+2 < len(fields) {
			n, _ := strconv.Atoi(fields[i+1])
			v, err := strconv.ParseFloat(fields[i+2], 64)
			for range min(n, most-len(out)) {
				if err == nil {
					out = append(out, v)
				}
			}
			i += 2
			continue
		}
		v, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return out
		}
		out = append(out, v)
	}
	return out
}

// ofdAttached reads the files that are attached to a document.
func (p *pack) ofdAttached() error {
	for _, list := range p.names {
		if path.Base(list) != "Attachments.xml" {
			continue
		}
		name := ""
		err := p.part(list, func(d *tokens) error {
			return values(d, func(element, text string) error {
				switch element {
				case "Attachment":
					name = text
				case "FileLoc":
					file := p.resolve(list, text)
					if p.files[file] == nil || path.Ext(file) == ".xml" {
						return nil
					}
					shown := path.Base(file)
					if formatOf(name) != unknown {
						shown = path.Base(name)
					}
					p.inner(file, shown)
				}
				return p.rd.failed
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// values calls found with the text of each element that has no elements in it, and with the attribute Name of each Attachment.
func values(d *tokens, found func(element, text string) error) error {
	var text strings.Builder
	element := ""
	for t, err := range d.all {
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			element = t.Name.Local
			text.Reset()
			if element == "Attachment" {
				if err := found(element, named(t, "Name")); err != nil {
					return err
				}
			}
		case xml.EndElement:
			if element == t.Name.Local && strings.TrimSpace(text.String()) != "" {
				if err := found(element, strings.TrimSpace(text.String())); err != nil {
					return err
				}
			}
			element = ""
		case xml.CharData:
			if text.Len() < maxCell {
				text.Write(t)
			}
		}
	}
	return nil
}
