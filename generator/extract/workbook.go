package extract

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
)

// The grid of a worksheet ends here in every office program.
const (
	maxColumns = 16384
	maxRows    = 1 << 20
)

// workbook reads every sheet, hidden ones as well, then comments and text in drawings.
func (p *pack) workbook() error {
	sheets, err := p.sheets()
	if err != nil {
		return err
	}
	shared, err := p.sharedStrings()
	if err != nil {
		return err
	}
	for _, s := range sheets {
		where := append(p.where[:len(p.where):len(p.where)], s.name)
		err := p.part(s.part, func(d *tokens) error {
			w := sheetReader{shared: shared, rows: rowWriter{rd: p.rd, part: Part{Where: where, Sheet: true, Row: 1}}}
			return w.read(d)
		})
		if err != nil {
			p.rd.refuse(where, err) // the other sheets may be whole
		}
		if p.rd.failed != nil {
			return nil
		}
	}
	for _, prefix := range []string{"xl/comments", "xl/threadedComments/", "xl/drawings/drawing"} {
		err := p.under(prefix, ".xml", func(name string) error { return p.flow(name, Part{Where: p.where}) })
		if err != nil {
			return err
		}
	}
	err = p.under("xl/externalLinks/externalLink", ".xml", func(name string) error {
		return p.part(name, func(d *tokens) error {
			where := append(p.where[:len(p.where):len(p.where)], strings.TrimSuffix(path.Base(name), ".xml"))
			w := sheetReader{shared: shared, rows: rowWriter{rd: p.rd, part: Part{Where: where, Sheet: true, Row: 1}}}
			return w.read(d)
		})
	})
	if err != nil {
		return err
	}
	if err := p.pivots(); err != nil {
		return err
	}
	return p.pictured("xl")
}

// pivots reads what pivot tables keep of their sources (ISO/IEC 29500-1, 18.10): the values that a field has, or had once, each in a column
// under the field's name, then the rows as far as their values are not among these.
func (p *pack) pivots() error {
	const prefix = "xl/pivotCache/pivotCacheDefinition"
	return p.under(prefix, ".xml", func(name string) error {
		number := strings.TrimSuffix(strings.TrimPrefix(name, prefix), ".xml")
		part := Part{Where: append(p.where[:len(p.where):len(p.where)], "pivotCache"+number), Sheet: true, Row: 1}
		var names []string
		var items [][]string // of each field
		rows, size := 0, int64(0)
		err := p.part(name, func(d *tokens) error {
			shared := false
			return elements(d, "", func(e xml.StartElement) error {
				switch e.Name.Local {
				case "cacheField":
					names, items = append(names, attribute(e, "name")), append(items, nil)
					shared = false
				case "sharedItems":
					shared = true
				case "s", "n", "d", "e":
					last := len(items) - 1
					if !shared || last < 0 {
						return nil
					}
					value := wholeNumber(attribute(e, "v"))
					items[last] = append(items[last], value)
					rows = max(rows, len(items[last]))
					if size += int64(len(value)) + 32; size > p.rd.limits.File {
						return because(TooLarge, fmt.Errorf("more than %d bytes of values", size))
					}
				case "fieldGroup": // ranges of numbers, months
					shared = false
				}
				return nil
			})
		})
		if err != nil {
			return err
		}
		w := rowWriter{rd: p.rd, part: part}
		if err := w.add(1, names); err != nil {
			return err
		}
		if p.rd.bytes -= int64(rows) * int64(len(names)) * 16; p.rd.bytes < 0 { // fields of few values cost memory but no bytes of the file
			return because(TooLarge, fmt.Errorf("%d fields of up to %d values", len(names), rows))
		}
		for i := range rows {
			row := make([]string, len(names))
			for k, values := range items {
				if i < len(values) {
					row[k] = values[i]
				}
			}
			if err := w.add(i+2, row); err != nil {
				return err
			}
		}
		err = p.part("xl/pivotCache/pivotCacheRecords"+number+".xml", func(d *tokens) error {
			var row []string
			n, filled := rows+1, false
			next := func() error {
				if !filled {
					return nil
				}
				n, filled = n+1, false
				return w.add(n, row)
			}
			err := elements(d, "", func(e xml.StartElement) error {
				switch e.Name.Local {
				case "r":
					err := next()
					row = nil
					return err
				case "s", "n", "d", "e":
					row, filled = append(row, wholeNumber(attribute(e, "v"))), true
				case "x", "m", "b":
					row = append(row, "")
				}
				if len(row) > maxColumns {
					return because(Damaged, errors.New("too many fields"))
				}
				return nil
			})
			if err != nil {
				return err
			}
			return next()
		})
		if err != nil {
			return err
		}
		return w.flush()
	})
}

type sheet struct{ name, part string }

// sheets returns the sheets in their order with the names of their parts.
func (p *pack) sheets() ([]sheet, error) {
	targets := map[string]string{}
	err := p.part("xl/_rels/workbook.xml.rels", func(d *tokens) error {
		return elements(d, "Relationship", func(e xml.StartElement) error {
			target := attribute(e, "Target")
			if !strings.HasPrefix(target, "/") {
				target = path.Join("xl", target)
			}
			targets[attribute(e, "Id")] = strings.TrimPrefix(target, "/")
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	var all []sheet
	named := map[string]bool{}
	err = p.part("xl/workbook.xml", func(d *tokens) error {
		return elements(d, "sheet", func(e xml.StartElement) error {
			s := sheet{attribute(e, "name"), targets[relation(e)]}
			if p.files[s.part] != nil && !named[s.part] {
				all = append(all, s)
				named[s.part] = true
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	// A sheet that the workbook does not name is in the file all the same.
	err = p.under("xl/worksheets/", ".xml", func(name string) error {
		if !named[name] && path.Dir(name) == "xl/worksheets" {
			all = append(all, sheet{strings.TrimSuffix(path.Base(name), ".xml"), name})
		}
		return nil
	})
	if err == nil && len(all) == 0 {
		err = because(Damaged, errors.New("no sheets"))
	}
	return all, err
}

// elements calls found with each element of the local name, or with each one where there is no name, until found returns an error.
func elements(d *tokens, local string, found func(xml.StartElement) error) error {
	for t, err := range d.all {
		if err != nil {
			return err
		}
		if e, ok := t.(xml.StartElement); ok && (local == "" || e.Name.Local == local) {
			if err := found(e); err != nil {
				return err
			}
		}
	}
	return nil
}

func attribute(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// relation returns the attribute r:id.
func relation(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// sharedStrings reads the table of strings that cells refer to.
func (p *pack) sharedStrings() ([]string, error) {
	var all []string
	err := p.part("xl/sharedStrings.xml", func(d *tokens) error {
		var b strings.Builder
		inText, phonetic := false, false
		size := int64(0)
		for t, err := range d.all {
			if err != nil {
				return err
			}
			switch t := t.(type) {
			case xml.StartElement:
				switch t.Name.Local {
				case "t":
					inText = !phonetic
				case "rPh": // how to read it, not what it says
					phonetic = true
				}
			case xml.EndElement:
				switch t.Name.Local {
				case "t":
					inText = false
				case "rPh":
					phonetic = false
				case "si":
					all = append(all, b.String())
					if size += int64(b.Len()) + 32; size > p.rd.limits.File {
						return because(TooLarge, fmt.Errorf("more than %d bytes of strings", size))
					}
					b.Reset()
				}
			case xml.CharData:
				if inText {
					b.Write(t)
				}
			}
		}
		return nil
	})
	return all, err
}

// sheetReader reads the cells of a worksheet (ISO/IEC 29500-1, 18.3).
type sheetReader struct {
	shared []string
	rows   rowWriter

	row      []string
	number   int // of the row
	column   int
	kind     string // attribute t of the cell
	value    strings.Builder
	inValue  bool
	phonetic bool
}

func (s *sheetReader) read(d *tokens) error {
	for {
		t, err := d.next()
		if err == io.EOF {
			return s.rows.flush()
		}
		if err != nil {
			s.rows.flush() // what came before the damage is worth looking through
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := s.start(t); err != nil {
				return err
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "v", "t":
				s.inValue = false
			case "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter":
				s.inValue = false
				if err := s.margin(); err != nil {
					return err
				}
			case "rPh":
				s.phonetic = false
			case "c", "cell":
				if err := s.cell(); err != nil {
					return err
				}
			case "row":
				if err := s.endRow(); err != nil {
					return err
				}
			}
		case xml.CharData:
			if s.inValue && s.value.Len() < maxCell {
				s.value.Write(t)
			}
		}
	}
}

func (s *sheetReader) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "row":
		s.number++
		if n, err := strconv.Atoi(attribute(e, "r")); err == nil && n > 0 && n <= maxRows {
			s.number = n
		}
		s.row, s.column = nil, 0
	case "sheetData": // one of several where another workbook's cells are kept
		s.number = 0
	case "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter":
		s.value.Reset()
		s.inValue = true
	case "c", "cell":
		if i, ok := columnOf(attribute(e, "r")); ok {
			s.column = i
		}
		s.kind = attribute(e, "t")
		s.value.Reset()
	case "rPh":
		s.phonetic = true
	case "v", "t":
		s.inValue = !s.phonetic
	}
	return nil
}

// margin hands out a header or footer without its codes (ISO/IEC 29500-1, 18.3.1.46): &L, &C and &R begin the three parts, others set the
// font or stand for a page's number.
func (s *sheetReader) margin() error {
	var b strings.Builder
	code := s.value.String()
	s.value.Reset()
	for i := 0; i < len(code); i++ {
		if code[i] != '&' || i+1 == len(code) {
			b.WriteByte(code[i])
			continue
		}
		i++
		switch c := code[i]; {
		case c == '&':
			b.WriteByte('&')
		case c == '"':
			if n := strings.IndexByte(code[i+1:], '"'); n >= 0 {
				i += n + 1
			}
		case c == 'K': // a colour of six digits, or a theme's
			i = min(len(code)-1, i+6)
		case c-'0' <= 9:
			for n := 1; n < 3 && i+1 < len(code) && code[i+1]-'0' <= 9; n++ {
				i++
			}
		case c == 'L', c == 'C', c == 'R':
			b.WriteByte('\n')
		}
	}
	text := strings.TrimSpace(strings.ToValidUTF8(b.String(), "\ufffd"))
	if text == "" {
		return nil
	}
	if err := s.rows.flush(); err != nil {
		return err
	}
	return s.rows.rd.give(Part{Where: s.rows.part.Where, Sheet: true, Text: text})
}

func (s *sheetReader) cell() error {
	text := s.value.String()
	s.value.Reset()
	switch s.kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(text))
		text = ""
		if err == nil && i >= 0 && i < len(s.shared) {
			text = s.shared[i]
		}
	case "", "n":
		text = wholeNumber(text)
	}
	if text != "" && s.column < maxColumns {
		if gap := s.column - len(s.row); gap > 0 { // cells left out cost memory but no bytes of the file
			if s.rows.rd.bytes -= int64(gap) * 16; s.rows.rd.bytes < 0 {
				return because(TooLarge, fmt.Errorf("row %d goes to column %d", s.number, s.column+1))
			}
		}
		for len(s.row) < s.column {
			s.row = append(s.row, "")
		}
		if len(s.row) == s.column {
			s.row = append(s.row, text)
		} else {
			s.row[s.column] += " " + text
		}
	}
	s.column++
	return nil
}

func (s *sheetReader) endRow() error {
	if len(s.row) == 0 {
		return nil
	}
	err := s.rows.add(s.number, s.row)
	s.row = nil
	return err
}

// columnOf reads the letters of C5, counting from 0.
func columnOf(reference string) (int, bool) {
	n := 0
	for i := 0; i < len(reference) && reference[i] >= 'A' && reference[i] <= 'Z'; i++ {
		if n = n*26 + int(reference[i]-'A') + 1; n > maxColumns {
			return 0, false
		}
	}
	return n - 1, n > 0
}

// wholeNumber writes a number without an exponent, as it was typed: a program keeps 440203198001011234 typed as a number as
// 4.40203198001011E+17. Its last digits are lost to every reader, but division and date of birth are not.
func wholeNumber(text string) string {
	if !strings.ContainsAny(text, "eE") {
		return text
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n > 1e22 || n < -1e22 {
		return text
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}
