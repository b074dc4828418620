package extract

import (
	"encoding/xml"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
)

// openDocument reads an odt, ods or odp (ISO/IEC 26300): the content, and the headers and footers, which are among the styles. Objects
// in the document are documents themselves.
func (p *pack) openDocument() error {
	encrypted := errors.New("encrypted")
	err := p.part("META-INF/manifest.xml", func(d *tokens) error {
		return elements(d, "encryption-data", func(xml.StartElement) error { return encrypted })
	})
	if errors.Is(err, encrypted) {
		return because(Encrypted, nil)
	}
	if err != nil {
		return err
	}
	for _, name := range p.names {
		if base := path.Base(name); base != "content.xml" && base != "styles.xml" {
			continue
		}
		err := p.part(name, func(d *tokens) error {
			o := openReader{flow: flow{rd: p.rd, part: Part{Where: p.where}}}
			if err := o.read(d); err != nil {
				return err
			}
			return o.flush()
		})
		if err != nil {
			return err
		}
	}
	return p.embedded()
}

// openReader reads one part of an OpenDocument file. Tables of a spreadsheet become rows, others lines with tabs.
type openReader struct {
	flow
	paragraphs int // paragraphs around
	tables     int // tables around
	sheets     bool
	sheet      *rowWriter // the table that is read, in a spreadsheet

	row     []string
	number  int // of the row
	column  int
	repeat  int // of the cell
	value   string
	inCell  bool
	content strings.Builder
}

func (o *openReader) read(d *tokens) error {
	for t, err := range d.all {
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if o.skip > 0 {
				o.skip++
				continue
			}
			if err := o.start(t); err != nil {
				return err
			}
		case xml.EndElement:
			if o.skip > 0 {
				o.skip--
				continue
			}
			if err := o.end(t.Name.Local); err != nil {
				return err
			}
		case xml.CharData:
			if o.skip == 0 && o.paragraphs > 0 && o.content.Len() < maxCell {
				o.out().Write(t)
			}
		}
	}
	return nil
}

// out is where text goes.
func (o *openReader) out() *strings.Builder {
	if o.inCell {
		return &o.content
	}
	return &o.text
}

func (o *openReader) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "binary-data", "scripts":
		o.skip = 1
	case "spreadsheet":
		o.sheets = true
	case "p", "h":
		o.paragraphs++
	case "tab", "s", "line-break":
		if o.paragraphs > 0 {
			o.out().WriteByte(' ')
		}
	case "table":
		if o.tables++; o.sheets && o.sheet == nil {
			where := append(o.part.Where[:len(o.part.Where):len(o.part.Where)], named(e, "name"))
			o.sheet = &rowWriter{rd: o.rd, part: Part{Where: where, Sheet: true, Row: 1}}
			o.number = 0
		}
	case "table-row":
		if o.sheet != nil {
			o.number++
			o.row, o.column = nil, 0
			o.repeat = times(e, "number-rows-repeated")
		} else {
			o.rows++
		}
	case "table-cell", "covered-table-cell":
		if o.sheet != nil {
			o.inCell = true
			o.content.Reset()
			o.value = ""
			if kind := named(e, "value-type"); kind == "float" || kind == "string" {
				o.value = wholeNumber(named(e, "value"))
			}
			if n := times(e, "number-columns-repeated"); n > 1 {
				o.column += n - 1 // what is repeated is read once
			}
		}
	}
	return nil
}

func (o *openReader) end(element string) error {
	switch element {
	case "p", "h":
		o.paragraphs = max(0, o.paragraphs-1)
		if o.inCell || o.rows > 0 {
			o.out().WriteByte(' ')
		} else {
			o.text.WriteByte('\n')
		}
	case "table-cell", "covered-table-cell":
		if o.sheet != nil {
			return o.endCell()
		}
		if o.rows == 1 {
			o.text.WriteByte('\t')
		}
	case "table-row":
		if o.sheet != nil {
			return o.endRow()
		}
		if o.rows = max(0, o.rows-1); o.rows == 0 {
			o.text.WriteByte('\n')
		}
	case "table":
		if o.tables--; o.sheet != nil && o.tables == 0 {
			err := o.sheet.flush()
			o.sheet = nil
			return err
		}
	}
	if o.rows == 0 && o.text.Len() > partText || o.text.Len() > 8*partText {
		return o.flush()
	}
	return nil
}

// endCell takes the cell as it is shown, and its value where that has more digits, as those of a number shown as 1.38E+10.
func (o *openReader) endCell() error {
	o.inCell = false
	text := strings.TrimSpace(o.content.String())
	o.content.Reset()
	if o.value != "" && !strings.Contains(text, o.value) && len(o.value) > 10 {
		text = strings.TrimSpace(text + " " + o.value)
	}
	if text != "" && o.column >= 0 && o.column < maxColumns {
		if o.rd.bytes -= int64(max(0, o.column-len(o.row))) * 16; o.rd.bytes < 0 {
			return because(TooLarge, fmt.Errorf("row %d goes to column %d", o.number, o.column+1))
		}
		for len(o.row) < o.column {
			o.row = append(o.row, "")
		}
		o.row = append(o.row, text)
	}
	o.column++
	return nil
}

func (o *openReader) endRow() error {
	number := o.number
	o.number = min(o.number+o.repeat-1, maxRows)
	if len(o.row) == 0 {
		return nil
	}
	err := o.sheet.add(number, o.row)
	o.row = nil
	return err
}

// named returns the value of an attribute by its local name, whatever its prefix.
func named(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// times reads how often a row or a cell is repeated.
func times(e xml.StartElement, local string) int {
	n, err := strconv.Atoi(named(e, local))
	if err != nil || n < 1 || n > maxRows {
		return 1
	}
	return n
}
