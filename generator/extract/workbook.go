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
	return nil
}

type sheet struct{ name, part string }

// sheets returns the sheets in their order with the names of their parts.
func (p *pack) sheets() ([]sheet, error) {
	targets := map[string]string{}
	err := p.part("xl/_rels/workbook.xml.rels", func(d *tokens) error {
		return elements(d, "Relationship", func(e xml.StartElement) {
			target := attribute(e, "Target")
			if !strings.HasPrefix(target, "/") {
				target = path.Join("xl", target)
			}
			targets[attribute(e, "Id")] = strings.TrimPrefix(target, "/")
		})
	})
	if err != nil {
		return nil, err
	}
	var all []sheet
	named := map[string]bool{}
	err = p.part("xl/workbook.xml", func(d *tokens) error {
		return elements(d, "sheet", func(e xml.StartElement) {
			s := sheet{attribute(e, "name"), targets[relation(e)]}
			if p.files[s.part] != nil && !named[s.part] {
				all = append(all, s)
				named[s.part] = true
			}
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

// elements calls found with each element of the local name.
func elements(d *tokens, local string, found func(xml.StartElement)) error {
	for {
		t, err := d.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == local {
			found(e)
		}
	}
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
		for {
			t, err := d.next()
			if err == io.EOF {
				return nil
			}
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
			case "v", "t", "oddHeader", "oddFooter":
				s.inValue = false
			case "rPh":
				s.phonetic = false
			case "c":
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
	case "c":
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
