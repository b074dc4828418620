package source

import (
	"bytes"
	"path"

	"gongkai/generator/calendar"
	"gongkai/generator/disk"
	"gongkai/generator/pack"
	"gongkai/generator/site"
)

// Memory keeps the records of disclosures from one Load to the next, so that a file which was not written since is not read. It is called by several
// goroutines.
type Memory interface {
	// List returns what lies in a folder of the content, by name; ok is false where that is to be looked up.
	List(dir string) (entries []disk.Entry, ok bool)
	// Stamp returns the stamp of a file as it was before anything was read; ok is false where it is not known or the file is none to be remembered.
	Stamp(path string) (stamp disk.Stamp, ok bool)
	// Record returns what Remember was given for the file at a content path with this stamp, or nil.
	Record(path string, stamp disk.Stamp) []byte
	// Remember keeps a record.
	Remember(path string, stamp disk.Stamp, record []byte)
	// Sum returns the SHA-256 of an attachment; compute reads it.
	Sum(path string, stamp disk.Stamp, compute func() ([32]byte, error)) ([32]byte, error)
}

// recalled reads the record of a file from memory and reports whether it was there. Only disclosures are remembered: the other files are few. stamp is
// zero where the file is none that may be remembered.
func (l *loader) recalled(f *file) (stamp disk.Stamp, ok bool) {
	if l.memory == nil || f.role != roleDisclosure {
		return disk.Stamp{}, false
	}
	stamp, ok = l.memory.Stamp(f.path)
	if !ok {
		return disk.Stamp{}, false
	}
	data := l.memory.Record(f.path, stamp)
	if data == nil {
		return stamp, false
	}
	r, frame, err := unpackRecord(pack.NewReader(data), f)
	if err != nil {
		return stamp, false
	}
	for i, a := range r.disclosure.Attachments { // they may have changed though the text has not
		now, err := l.attachment(a.Path)
		if err != nil || now.Size == 0 {
			return stamp, false
		}
		r.disclosure.Attachments[i] = now
	}
	f.record, f.frame = r, frame
	l.memory.Remember(f.path, stamp, data)
	return stamp, true
}

// remember keeps the record of a file that has nothing to be reported.
func (l *loader) remember(f *file, stamp disk.Stamp) {
	r, ok := f.record.(*disclosureRecord)
	if l.memory == nil || stamp == (disk.Stamp{}) || !ok || len(f.findings)+len(f.allowances) > 0 {
		return
	}
	w := &pack.Writer{Bytes: make([]byte, 0, 768)}
	packRecord(w, r, f.frame)
	l.memory.Remember(f.path, stamp, bytes.Clone(w.Bytes))
}

func packRecord(w *pack.Writer, r *disclosureRecord, frame [32]byte) {
	d := &r.disclosure
	w.Fixed(frame[:])
	w.Fixed(d.Source.Sum[:])
	w.Int(d.Source.BodyLine)
	var keys []string
	d.Source.EachKey(func(key string, _, _ int) { keys = append(keys, key) })
	w.Texts(keys)
	d.Source.EachKey(func(_ string, line, column int) {
		w.Int(line)
		w.Int(column)
	})
	for _, s := range []string{r.item, d.Slug, d.Title, d.IndexNo, d.DocNo, d.Kind, d.Publisher, d.Summary} {
		w.Text(s)
	}
	for _, day := range []calendar.Date{d.Formed, d.Published.Date, d.Effective, d.RepealedOn, d.Expires} {
		w.Fixed([]byte{byte(uint16(day.Year) >> 8), byte(day.Year), day.Month, day.Day})
	}
	w.Int(int(d.Published.Minute))
	w.Flag(d.Published.HasTime)
	w.Int(int(d.Validity))
	w.Int(int(r.status))
	w.Flag(r.empty)
	for _, list := range [][]string{d.Keywords, d.Aliases} {
		w.Texts(list)
	}
	w.Int(len(d.Related))
	for _, ref := range d.Related {
		w.Text(ref.Target)
		w.Int(ref.Line)
		w.Int(ref.Column)
	}
	var attachments []string
	for _, a := range d.Attachments {
		attachments = append(attachments, a.Path)
	}
	w.Texts(attachments)
}

// unpackRecord reads what packRecord wrote, but of attachments their paths only.
func unpackRecord(r *pack.Reader, f *file) (*disclosureRecord, [32]byte, error) {
	var frame [32]byte
	out := &disclosureRecord{}
	d := &out.disclosure
	r.Fixed(frame[:])
	d.Source = site.Source{Path: f.path}
	r.Fixed(d.Source.Sum[:])
	d.Source.BodyLine = r.Int()
	for _, key := range r.Texts() {
		d.Source.SetKey(key, r.Int(), r.Int())
	}
	for _, s := range []*string{&out.item, &d.Slug, &d.Title, &d.IndexNo, &d.DocNo, &d.Kind, &d.Publisher, &d.Summary} {
		*s = r.Text()
	}
	for _, day := range []*calendar.Date{&d.Formed, &d.Published.Date, &d.Effective, &d.RepealedOn, &d.Expires} {
		var b [4]byte
		r.Fixed(b[:])
		*day = calendar.Date{Year: int16(uint16(b[0])<<8 | uint16(b[1])), Month: b[2], Day: b[3]}
	}
	d.Published.Minute, d.Published.HasTime = int16(r.Int()), r.Flag()
	d.Validity, out.status, out.empty = site.Validity(r.Int()), status(r.Int()), r.Flag()
	for _, list := range []*[]string{&d.Keywords, &d.Aliases} {
		*list = r.Texts()
	}
	for range r.Count() {
		d.Related = append(d.Related, site.Reference{Target: r.Text(), Line: r.Int(), Column: r.Int()})
	}
	for _, p := range r.Texts() {
		d.Attachments = append(d.Attachments, site.Attachment{Name: path.Base(p), Path: p})
	}
	return out, frame, r.Err()
}
