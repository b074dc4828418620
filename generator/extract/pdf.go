package extract

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"gongkai/generator/extract/pdf"
)

// pdf reads a pdf page by page.
func (rd *reader) pdf(where []string, r io.ReaderAt, size int64) error {
	if size > min(rd.limits.File, rd.bytes) {
		return because(TooLarge, fmt.Errorf("%d bytes", size))
	}
	data := make([]byte, size)
	if n, err := r.ReadAt(data, 0); err != nil && !(err == io.EOF && int64(n) == size) {
		return err
	}
	rd.bytes -= size
	d, err := pdf.Open(data, pdf.Limits{Bytes: min(rd.bytes, 2*rd.limits.File), Ratio: rd.limits.Ratio, Pages: rd.limits.Pages})
	if err != nil {
		return pdfReason(err)
	}
	known, unknown := 0, 0
	pages, err := d.Pages(func(number int, text string) bool {
		missing := strings.Count(text, "\ufffd")
		unknown += missing
		known += len(text) - 3*missing
		return rd.give(Part{Where: where, Page: number, Text: text}) == nil
	})
	rd.bytes -= d.Spent()
	switch {
	case rd.failed != nil:
		return nil
	case err != nil:
		return pdfReason(err)
	case pages >= rd.limits.Pages:
		return because(TooLarge, fmt.Errorf("%d pages or more", pages))
	case known < 3*unknown || known == 0:
		return because(NoText, nil)
	}
	return nil
}

func pdfReason(err error) error {
	switch {
	case errors.Is(err, pdf.ErrEncrypted):
		return because(Encrypted, err)
	case errors.Is(err, pdf.ErrTooLarge):
		return because(TooLarge, err)
	}
	return because(Damaged, err)
}
