package report

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Sheet is a table for the district office.
type Sheet struct {
	Name    string
	Columns []SheetColumn
	Rows    [][]Cell
}

// SheetColumn is a column with its heading and its width in characters.
type SheetColumn struct {
	Title string
	Width float64
}

// Cell is a value: a string or an int.
type Cell struct {
	Value any
	Mark  Mark
}

// Mark is how a cell stands out.
type Mark uint8

// A cell is plain, good, in between, bad or of no concern.
const (
	Plain Mark = iota
	Good
	Middling
	Bad
	Muted
)

// Workbook writes the sheets as an XLSX file that prints on A4 across, with the headings on each page. Texts are texts: none is a formula.
func Workbook(w io.Writer, sheets []Sheet) (err error) {
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil && e != nil {
			err = fmt.Errorf("write the workbook: %w", e)
		}
	}()
	styles, err := workbookStyles(f)
	if err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	used := map[string]bool{}
	for i, s := range sheets {
		name := sheetName(s.Name, used)
		if i == 0 {
			err = f.SetSheetName("Sheet1", name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err == nil {
			err = writeSheet(f, name, &s, styles)
		}
		if err != nil {
			return fmt.Errorf("write the sheet %s: %w", name, err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	if err := sortedArchive(w, b.Bytes()); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

// sortedArchive copies an archive with its files in the order of their names: the library writes them in any order.
func sortedArchive(w io.Writer, data []byte) error {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	slices.SortFunc(r.File, func(a, b *zip.File) int { return cmp.Compare(a.Name, b.Name) })
	z := zip.NewWriter(w)
	for _, f := range r.File {
		if err := z.Copy(f); err != nil {
			return err
		}
	}
	return z.Close()
}

// workbookStyles returns the style of each Mark and, last, that of headings.
func workbookStyles(f *excelize.File) ([]int, error) {
	border := []excelize.Border{}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		border = append(border, excelize.Border{Type: side, Color: "BFBFBF", Style: 1})
	}
	var out []int
	for _, fill := range []string{"", "E3EFE2", "FBF3DC", "F6D5D3", "EFE9DF", "D9D2C7"} {
		style := &excelize.Style{Border: border, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}, Font: &excelize.Font{Size: 10}}
		if fill != "" {
			style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{fill}}
		}
		if fill == "D9D2C7" {
			style.Font.Bold = true
		}
		id, err := f.NewStyle(style)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, nil
}

func writeSheet(f *excelize.File, name string, s *Sheet, styles []int) error {
	landscape, fit := "landscape", true
	paper, wide, tall := 9, 1, 0
	if err := f.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &paper, FitToWidth: &wide, FitToHeight: &tall}); err != nil {
		return err
	}
	if err := f.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: "'" + strings.ReplaceAll(name, "'", "''") + "'!$1:$1", Scope: name}); err != nil {
		return err
	}
	w, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	head := make([]any, len(s.Columns))
	for i, c := range s.Columns {
		head[i] = excelize.Cell{StyleID: styles[len(styles)-1], Value: c.Title}
		if err := w.SetColWidth(i+1, i+1, c.Width); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
		return err
	}
	if err := w.SetRow("A1", head); err != nil {
		return err
	}
	for r, row := range s.Rows {
		cells := make([]any, len(row))
		for i, c := range row {
			v := c.Value
			if text, ok := v.(string); ok {
				v = escaped(text)
			}
			cells[i] = excelize.Cell{StyleID: styles[c.Mark], Value: v}
		}
		at, err := excelize.CoordinatesToCellName(1, r+2)
		if err != nil {
			return err
		}
		if err := w.SetRow(at, cells); err != nil {
			return err
		}
	}
	return w.Flush()
}

// sheetName returns a name that Excel takes, and that no other sheet has.
func sheetName(name string, used map[string]bool) string {
	name = strings.Trim(strings.Join(strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(`[]:*?/\`, r) || r <= ' ' }), " "), "'")
	if name == "" {
		name = "Sheet"
	}
	const most = 31
	base := []rune(name)
	base = base[:min(len(base), most)]
	for n := 1; ; n++ {
		suffix := ""
		if n > 1 {
			suffix = fmt.Sprintf(" %d", n)
		}
		out := string(base[:min(len(base), most-len(suffix))]) + suffix
		if key := strings.ToLower(out); !used[key] {
			used[key] = true
			return out
		}
	}
}

// Table writes the sheets as CSV for Excel: UTF-8 with a mark, each sheet after an empty line, its name in the first column. A text that
// Excel would take for a formula has an apostrophe before it.
func Table(w io.Writer, sheets []Sheet) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	for i, s := range sheets {
		if i > 0 {
			_ = c.Write([]string{""}) // an error stays until the end
		}
		head := []string{s.Name}
		for _, col := range s.Columns {
			head = append(head, col.Title)
		}
		_ = c.Write(head)
		for _, row := range s.Rows {
			line := []string{s.Name}
			for _, cell := range row {
				line = append(line, plainCell(cell.Value))
			}
			_ = c.Write(line)
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

func plainCell(v any) string {
	text, ok := v.(string)
	if !ok {
		return fmt.Sprint(v)
	}
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return escaped(text)
}
