// Package extract reads the text of attachments, so that it can be looked through before it is published: the formats of Office (docx,
// xlsx, pptx), OpenDocument (odt, ods, odp), pdf, OFD, rtf, csv and plain text of any kind, mail, and archives of these (zip, tar, gz, bz2).
//
// Attachments come from many hands, so a file is read within limits and nothing is taken on its word: not its name's ending, not the
// sizes it declares, not that its parts end. What cannot be read is an *Unreadable with the reason in words for editors, and so is any
// format without a reader here but pictures, sound and video; the rest of an archive is read all the same. Text comes in parts of
// bounded size, each with its place: 名单.zip › 低保.xlsx › Sheet1!C5. Names of files in archives are parts as well.
//
// What an office program does not show at once is read, too: hidden sheets, headers and footers, comments, text deleted with changes
// tracked, text boxes, notes and masters of slides, what charts, pivot tables and links to other workbooks keep of their sources, building
// blocks, embedded files. Not read are text in pictures, names of authors, macros, fonts and custom XML.
package extract

import (
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"gongkai/generator/finding"
)

// Limits bound what one attachment may cost. The zero value of a field stands for that of DefaultLimits.
type Limits struct {
	// Bytes is what all parts of the attachment together may unpack to.
	Bytes int64
	// Ratio is how many times its packed size a part may unpack to, beyond the first 4 MiB.
	Ratio int64
	// File is the size of a file that is held in memory: a pdf, or a file within an archive.
	File int64
	// Entries is how many files all archives together may hold; an xlsx or docx is an archive too.
	Entries int
	// Depth is how many archives may lie within each other; a document at the innermost place does not count.
	Depth int
	// Pages is how many pages of a pdf are read.
	Pages int
}

// DefaultLimits suit the attachments of an office on a machine with little memory.
func DefaultLimits() Limits {
	return Limits{Bytes: 512 << 20, Ratio: 200, File: 64 << 20, Entries: 10_000, Depth: 3, Pages: 5_000}
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	if l.Bytes <= 0 {
		l.Bytes = d.Bytes
	}
	if l.Ratio <= 0 {
		l.Ratio = d.Ratio
	}
	if l.File <= 0 {
		l.File = d.File
	}
	if l.Entries <= 0 {
		l.Entries = d.Entries
	}
	if l.Depth <= 0 {
		l.Depth = d.Depth
	}
	if l.Pages <= 0 {
		l.Pages = d.Pages
	}
	return l
}

// Part is a piece of an attachment: rows of a table, or text in which lines with tabs are rows.
type Part struct {
	// Where names the file, and within an archive every file on the way; a sheet is the last name of a workbook's part.
	Where []string
	// Sheet reports whether the last name of Where is a sheet of a workbook.
	Sheet bool
	// Page is the page of a pdf or the slide of a presentation, from 1; 0 where there are none.
	Page int
	// Row is the number of Rows[0], from 1. Rows that are empty in the file are empty here, so that numbers keep.
	Row  int
	Rows [][]string
	// Line is the number of the first line of Text, from 1.
	Line int
	Text string
	// Name reports that the part is no content: the last name of Where is that of a file or a folder in an archive, which readers see
	// as well.
	Name bool
}

// Cell returns the place of a cell of Rows, row and column counted from 0: 低保名单.xlsx › Sheet1!C5.
func (p Part) Cell(row, column int) finding.Text {
	at := columnName(column) + strconv.Itoa(p.Row+row)
	if p.Sheet && len(p.Where) > 1 {
		last := len(p.Where) - 1
		at = p.Where[last] + "!" + at
		return same(strings.Join(append(p.Where[:last:last], at), " › "))
	}
	return same(strings.Join(append(p.Where[:len(p.Where):len(p.Where)], at), " › "))
}

// Point returns the place of a byte of Text: 通知.pdf › 第3页, 说明.txt › 第12行.
func (p Part) Point(offset int) finding.Text {
	where := strings.Join(p.Where, " › ")
	switch {
	case p.Page > 0:
		return finding.T("%s › 第%d页", "%s › page %d", where, p.Page)
	case p.Line > 0:
		return finding.T("%s › 第%d行", "%s › line %d", where, p.Line+strings.Count(p.Text[:offset], "\n"))
	}
	return same(where)
}

func same(s string) finding.Text { return finding.Text{ZH: s, EN: s} }

// columnName returns A for 0, Z for 25, AA for 26.
func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// Reason is why a file cannot be read.
type Reason uint8

// The reasons.
const (
	// Damaged is a file that is cut off, or whose content is not what its name says.
	Damaged Reason = iota
	// Encrypted is a file that asks for a password or is protected by one.
	Encrypted
	// OldFormat is one of the binary formats of office programs before 2007.
	OldFormat
	// Unsupported is a format without a reader here.
	Unsupported
	// TooLarge is a file beyond Limits.Bytes, Limits.File or Limits.Pages.
	TooLarge
	// Bomb is a file that unpacks to far more than such files do.
	Bomb
	// TooMany is an archive of more than Limits.Entries files.
	TooMany
	// TooDeep is an archive beyond Limits.Depth.
	TooDeep
	// NoText is a pdf of pictures, or one whose fonts do not tell which characters they show.
	NoText
)

// String returns the English name that reports use.
func (r Reason) String() string {
	return [...]string{"damaged", "encrypted", "old-format", "unsupported", "too-large", "bomb", "too-many", "too-deep", "no-text"}[r]
}

// Text returns the reason in words that complete "could not be read because".
func (r Reason) Text() finding.Text {
	return [...]finding.Text{
		Damaged:     finding.T("文件损坏，或者内容与扩展名不符", "it is damaged, or its content is not what its name says"),
		Encrypted:   finding.T("文件设有密码或加密保护", "it is encrypted or protected by a password"),
		OldFormat:   finding.T("是旧版Office或WPS格式（doc、xls、ppt、wps、et、dps），请另存为docx、xlsx、pptx", "it has an old format of Office or WPS; save it as docx, xlsx or pptx"),
		Unsupported: finding.T("是不支持的格式", "its format is not supported"),
		TooLarge:    finding.T("文件过大", "it is too large"),
		Bomb:        finding.T("解压后的大小异常", "it unpacks to an unusual size"),
		TooMany:     finding.T("压缩包内文件过多", "the archive holds too many files"),
		TooDeep:     finding.T("压缩包嵌套过深", "archives lie too deep within each other"),
		NoText:      finding.T("没有可识别的文字（扫描件，或者字体未提供文字信息）", "it has no text that can be read: scanned pages, or fonts that do not tell their characters"),
	}[r]
}

// Unreadable says that a file, or one within it, could not be read in whole.
type Unreadable struct {
	Where  []string
	Reason Reason
	Err    error // what the reader met; may be nil
}

// Error returns one line in English; Message is for editors.
func (u *Unreadable) Error() string {
	s := fmt.Sprintf("read %s: %s", strings.Join(u.Where, " › "), u.Reason.Text().EN)
	if u.Err != nil {
		s += ": " + u.Err.Error()
	}
	return s
}

// Unwrap returns what the reader met.
func (u *Unreadable) Unwrap() error { return u.Err }

// Message says in both languages which file could not be read and why.
func (u *Unreadable) Message() finding.Text {
	why := u.Reason.Text()
	where := strings.Join(u.Where, " › ")
	return finding.Text{ZH: where + " 无法读取：" + why.ZH, EN: where + " could not be read because " + why.EN}
}

// All returns every *Unreadable in an error of Read.
func All(err error) []*Unreadable {
	switch e := err.(type) {
	case *Unreadable:
		return []*Unreadable{e}
	case interface{ Unwrap() []error }:
		var all []*Unreadable
		for _, e := range e.Unwrap() {
			all = append(all, All(e)...)
		}
		return all
	}
	return nil
}

// format is how a file is read.
type format uint8

const (
	unknown format = iota // told by the content
	unsupported
	commaText
	plainText
	richText
	office // Office Open XML, OpenDocument or OFD: told by the parts
	portable
	mailText
	archive
	tarball
	squeezed // one file, packed
	oldOffice
	ignored // pictures, sound and video
)

// formatOf goes by the name; the content is tested when it is read.
func formatOf(name string) format {
	switch strings.ToLower(path.Ext(name)) {
	case ".csv", ".tsv":
		return commaText
	case ".txt", ".text", ".log", ".md", ".json", ".sql":
		return plainText
	case ".rtf":
		return richText
	case ".xlsx", ".xlsm", ".xltx", ".xltm", ".docx", ".docm", ".dotx", ".dotm", ".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm",
		".ods", ".odt", ".odp", ".ots", ".ott", ".otp", ".ofd":
		return office
	case ".pdf":
		return portable
	case ".eml":
		return mailText
	case ".zip":
		return archive
	case ".tar":
		return tarball
	case ".gz", ".tgz", ".bz2", ".tbz2":
		return squeezed
	case ".doc", ".xls", ".ppt", ".dot", ".xlt", ".pps", ".wps", ".wpt", ".et", ".ett", ".dps", ".dpt":
		return oldOffice
	case ".rar", ".7z", ".xz", ".zst", ".xlsb", ".msg", ".pst", ".dwg", ".accdb", ".mdb":
		return unsupported
	case ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".ico", ".heic", ".heif", ".avif",
		".mp3", ".wav", ".wma", ".m4a", ".aac", ".ogg", ".oga", ".flac", ".amr",
		".mp4", ".m4v", ".mov", ".avi", ".wmv", ".flv", ".mkv", ".webm", ".mpg", ".mpeg", ".3gp", ".rm", ".rmvb":
		return ignored
	}
	return unknown
}

// Supported reports whether Read has something to say of files of such a name: their text, or a reason why nobody looked through them. It
// has nothing to say of pictures, sound and video.
func Supported(name string) bool { return formatOf(name) != ignored }

// errStopped ends a reader when yield returned false.
var errStopped = errors.New("stopped")

// Read calls yield with the parts of an attachment of size bytes until yield returns false. A part is valid during the call only.
//
// The error is an *Unreadable, several of them joined (see All), or an error of r.
func Read(name string, r io.ReaderAt, size int64, limits Limits, yield func(Part) bool) error {
	limits = limits.orDefault()
	rd := &reader{limits: limits, bytes: limits.Bytes, entries: limits.Entries, yield: yield}
	rd.file([]string{name}, r, size, 0)
	if errors.Is(rd.failed, errStopped) {
		rd.failed = nil
	}
	if rd.failed != nil {
		return fmt.Errorf("read %s: %w", name, rd.failed)
	}
	switch len(rd.unreadable) {
	case 0:
		return nil
	case 1:
		return rd.unreadable[0]
	}
	return errors.Join(rd.unreadable...)
}

// reader reads one attachment; what is left of the limits is shared by all files in it.
type reader struct {
	limits     Limits
	bytes      int64
	entries    int
	yield      func(Part) bool
	unreadable []error
	failed     error // an error of the machine, or errStopped: ends the whole
}

// give hands a part out.
func (rd *reader) give(p Part) error {
	if !rd.yield(p) {
		rd.failed = errStopped
		return errStopped
	}
	return nil
}

// refuse records why a file cannot be read.
func (rd *reader) refuse(where []string, err error) {
	if errors.Is(err, errStopped) || rd.failed != nil {
		return
	}
	u := &Unreadable{Where: where, Reason: Damaged, Err: err}
	var known *Unreadable
	var broken *deviceError
	switch {
	case errors.As(err, &broken):
		rd.failed = broken.err
		return
	case errors.As(err, &known):
		u = known
		if u.Where == nil {
			u.Where = where
		}
	}
	rd.unreadable = append(rd.unreadable, u)
}

// because returns an error with a reason; refuse adds the place.
func because(r Reason, err error) error { return &Unreadable{Reason: r, Err: err} }

// deviceError is an error of the caller's io.ReaderAt: the machine's trouble, not the file's.
type deviceError struct{ err error }

func (e *deviceError) Error() string { return e.err.Error() }
func (e *deviceError) Unwrap() error { return e.err }

// device marks the errors of an io.ReaderAt.
type device struct{ r io.ReaderAt }

func (d device) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 { // archive/zip goes where a damaged directory sends it
		return 0, errors.New("negative offset")
	}
	n, err := d.r.ReadAt(p, off)
	if err != nil && err != io.EOF {
		err = &deviceError{err}
	}
	return n, err
}

// file reads one file, depth archives deep.
func (rd *reader) file(where []string, r io.ReaderAt, size int64, depth int) {
	if depth == 0 {
		r = device{r}
	}
	if err := rd.open(where, r, size, depth); err != nil {
		rd.refuse(where, err)
	}
}

func (rd *reader) open(where []string, r io.ReaderAt, size int64, depth int) error {
	head := make([]byte, min(size, 8))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return err
	}
	f := formatOf(where[len(where)-1])
	if f == unknown {
		if f = guess(string(head)); f == unknown {
			return rd.unknown(where, r, size)
		}
	}
	switch {
	case f == unsupported:
		return because(Unsupported, nil)
	case f == ignored:
		return nil
	case string(head) == compoundFile && f != commaText && f != plainText:
		return rd.compound(r, size)
	case f == oldOffice:
		if strings.HasPrefix(string(head), "PK") {
			return rd.office(where, r, size, depth) // a new format under an old name
		}
		if strings.HasPrefix(string(head), `{\rtf`) {
			return rd.rtf(where, r, size) // as is a common way to make a .doc
		}
		return because(OldFormat, nil)
	}
	switch f {
	case commaText:
		return rd.csv(where, r, size)
	case plainText:
		return rd.plain(where, r, size)
	case richText:
		return rd.rtf(where, r, size)
	case portable:
		return rd.pdf(where, r, size)
	case mailText:
		return rd.mail(where, r, size, depth)
	case archive:
		return rd.zip(where, r, size, depth)
	case tarball:
		return rd.tar(where, io.NewSectionReader(r, 0, size), depth)
	case squeezed:
		return rd.squeezed(where, r, size, depth)
	default:
		return rd.office(where, r, size, depth)
	}
}

// guess goes by how a file begins, where the name says nothing.
func guess(head string) format {
	for _, g := range []struct {
		begin string
		f     format
	}{
		{"%PDF", portable}, {"PK\x03\x04", office}, {"PK\x05\x06", archive}, {`{\rtf`, richText}, {compoundFile, oldOffice}, {"\x1f\x8b", squeezed}, {"BZh", squeezed},
		{"Rar!", unsupported}, {"7z\xbc\xaf", unsupported}, {"\xfd7zXZ", unsupported},
		{"\xff\xd8\xff", ignored}, {"\x89PNG", ignored}, {"GIF8", ignored}, {"II*\x00", ignored}, {"MM\x00*", ignored}, {"ID3", ignored},
	} {
		if strings.HasPrefix(head, g.begin) {
			return g.f
		}
	}
	return unknown
}

// unknown reads a file of which neither name nor beginning tells the format: as text, if it is text.
func (rd *reader) unknown(where []string, r io.ReaderAt, size int64) error {
	head := make([]byte, min(size, 4096))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return err
	}
	wide := strings.HasPrefix(string(head), "\xff\xfe") || strings.HasPrefix(string(head), "\xfe\xff")
	if !wide && strings.ContainsFunc(string(head), func(c rune) bool { return c < ' ' && !strings.ContainsRune("\t\n\r\f\v\x1b", c) }) {
		return because(Unsupported, nil)
	}
	err := rd.plain(where, r, size)
	if errors.Is(err, errBinary) {
		return because(Unsupported, err)
	}
	return err
}

// named hands out the name of a file in an archive.
func (rd *reader) named(where []string) { rd.give(Part{Where: where, Name: true}) }

// compoundFile begins the files of OLE 2 ([MS-CFB] 2.2): the old formats, and new ones with a password.
const compoundFile = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// compound tells an encrypted new format ([MS-OFFCRYPTO] 1.3.3, stream EncryptedPackage) from an old one.
func (rd *reader) compound(r io.ReaderAt, size int64) error {
	var wide strings.Builder
	for _, c := range "EncryptedPackage" {
		wide.WriteByte(byte(c))
		wide.WriteByte(0)
	}
	const step = 1 << 16
	buf := make([]byte, step+64)
	for off := int64(0); off < min(size, rd.limits.File); off += step {
		n, err := r.ReadAt(buf, off)
		if err != nil && err != io.EOF {
			return err
		}
		if strings.Contains(string(buf[:n]), wide.String()) {
			return because(Encrypted, nil)
		}
	}
	return because(OldFormat, nil)
}
