package extract

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// maxMailParts bounds how deep the parts of a mail lie within each other.
const maxMailParts = 8

// mail reads a mail (RFC 5322, RFC 2045): who wrote to whom on what, the text, and the files that are attached.
func (rd *reader) mail(where []string, r io.ReaderAt, size int64, depth int) error {
	if size > min(rd.limits.File, rd.bytes) {
		return because(TooLarge, fmt.Errorf("%d bytes", size))
	}
	m, err := mail.ReadMessage(io.NewSectionReader(r, 0, size))
	if err != nil {
		var broken *deviceError
		if errors.As(err, &broken) {
			return err
		}
		return rd.plain(where, r, size) // a text under the name of a mail
	}
	rd.bytes -= size
	var b strings.Builder
	words := mime.WordDecoder{CharsetReader: func(_ string, in io.Reader) (io.Reader, error) {
		data, err := io.ReadAll(in)
		return strings.NewReader(readable(data)), err
	}}
	for _, name := range []string{"Subject", "From", "To", "Cc"} {
		value := m.Header.Get(name)
		if decoded, err := words.DecodeHeader(value); err == nil {
			value = decoded
		}
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, readable([]byte(value)))
		}
	}
	if b.Len() > 0 {
		if err := rd.give(Part{Where: where, Text: b.String()}); err != nil {
			return err
		}
	}
	return rd.mailPart(where, textproto.MIMEHeader(m.Header), m.Body, depth, 0)
}

// mailPart reads one part of a mail, level parts deep.
func (rd *reader) mailPart(where []string, header textproto.MIMEHeader, body io.Reader, depth, level int) error {
	kind, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") {
		if level >= maxMailParts {
			return because(TooDeep, nil)
		}
		parts := multipart.NewReader(body, parameters["boundary"])
		for rd.failed == nil {
			p, err := parts.NextRawPart()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			if rd.entries--; rd.entries < 0 {
				return because(TooMany, nil)
			}
			if err := rd.mailPart(where, p.Header, p, depth, level+1); err != nil {
				return err
			}
		}
		return nil
	}
	switch strings.ToLower(header.Get("Content-Transfer-Encoding")) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	data, err := rd.whole(body)
	if err != nil {
		return err
	}
	if rd.bytes -= int64(len(data)); rd.bytes < 0 {
		return because(TooLarge, nil)
	}
	name := attachedName(header, parameters)
	switch {
	case name != "" || kind == "message/rfc822":
		if name == "" {
			name = "mail.eml"
		}
		inner := append(where[:len(where):len(where)], name)
		if rd.named(inner); rd.failed != nil {
			return nil
		}
		if formatOf(name) == ignored {
			return nil
		}
		if depth >= rd.limits.Depth {
			rd.refuse(inner, because(TooDeep, nil))
			return nil
		}
		rd.file(inner, bytes.NewReader(data), int64(len(data)), depth+1)
		return nil
	case strings.HasPrefix(kind, "text/"):
		return rd.lines(Part{Where: where}, strings.NewReader(readable(data)))
	}
	return nil
}

// attachedName returns the name of a file that is attached, or nothing.
func attachedName(header textproto.MIMEHeader, parameters map[string]string) string {
	_, disposition, _ := mime.ParseMediaType(header.Get("Content-Disposition"))
	name := disposition["filename"]
	if name == "" {
		name = parameters["name"]
	}
	words := mime.WordDecoder{CharsetReader: func(_ string, in io.Reader) (io.Reader, error) {
		data, err := io.ReadAll(in)
		return strings.NewReader(readable(data)), err
	}}
	if decoded, err := words.DecodeHeader(name); err == nil {
		name = decoded
	}
	return entryName(name)
}

// readable returns a text as UTF-8; what is none is taken for GB 18030.
func readable(data []byte) string {
	if !utf8.Valid(data) {
		if s, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data); err == nil {
			data = s
		}
	}
	return strings.ToValidUTF8(string(data), "\ufffd")
}
