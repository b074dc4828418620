// Package pack writes values one after the other and reads them back: numbers as varints, texts after their length. There is no more to the format; who
// writes and who reads must agree on the order, and whoever keeps such bytes guards them by a sum.
package pack

import (
	"encoding/binary"
	"errors"
	"unsafe"
)

// ErrDamaged says that bytes are not what was written.
var ErrDamaged = errors.New("the packed values are damaged")

// Writer appends values to Bytes.
type Writer struct{ Bytes []byte }

// Number appends a whole number.
func (w *Writer) Number(n int64) { w.Bytes = binary.AppendVarint(w.Bytes, n) }

// Int appends a whole number.
func (w *Writer) Int(n int) { w.Number(int64(n)) }

// Flag appends yes or no.
func (w *Writer) Flag(b bool) {
	if b {
		w.Bytes = append(w.Bytes, 1)
	} else {
		w.Bytes = append(w.Bytes, 0)
	}
}

// Text appends a text.
func (w *Writer) Text(s string) {
	w.Bytes = append(binary.AppendUvarint(w.Bytes, uint64(len(s))), s...)
}

// Texts appends a list of texts.
func (w *Writer) Texts(list []string) {
	w.Int(len(list))
	for _, s := range list {
		w.Text(s)
	}
}

// Data appends bytes of any length.
func (w *Writer) Data(b []byte) {
	w.Bytes = append(binary.AppendUvarint(w.Bytes, uint64(len(b))), b...)
}

// Fixed appends bytes whose length the reader knows.
func (w *Writer) Fixed(b []byte) { w.Bytes = append(w.Bytes, b...) }

// Reader takes values back in the order in which they were written. A fault stops it: every value after it is zero, and Err says so.
type Reader struct {
	rest  []byte
	whole string // all bytes, where texts are parts of it rather than copies
	wrong bool
}

// NewReader returns a reader whose texts are copies.
func NewReader(b []byte) *Reader { return &Reader{rest: b} }

// NewSharingReader returns a reader whose texts are parts of the bytes, which must not be written to any more and live as long as any of them.
func NewSharingReader(b []byte) *Reader {
	return &Reader{rest: b, whole: unsafe.String(unsafe.SliceData(b), len(b))}
}

// Err returns ErrDamaged where a value could not be read or bytes are left over.
func (r *Reader) Err() error {
	if r.wrong || len(r.rest) > 0 {
		return ErrDamaged
	}
	return nil
}

// Fail marks the bytes as damaged, where a value is read that cannot have been written.
func (r *Reader) Fail() { r.wrong, r.rest = true, nil }

// Number reads a whole number.
func (r *Reader) Number() int64 {
	n, size := binary.Varint(r.rest)
	if size <= 0 {
		r.Fail()
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

// Int reads a whole number.
func (r *Reader) Int() int { return int(r.Number()) }

// Flag reads yes or no.
func (r *Reader) Flag() bool {
	var b [1]byte
	r.Fixed(b[:])
	return b[0] == 1
}

// Data reads bytes of any length. They are a part of what is read.
func (r *Reader) Data() []byte {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 || n > uint64(len(r.rest)-size) {
		r.Fail()
		return nil
	}
	out := r.rest[size : size+int(n) : size+int(n)]
	r.rest = r.rest[size+int(n):]
	return out
}

// Text reads a text.
func (r *Reader) Text() string {
	b := r.Data()
	if r.whole == "" || r.wrong {
		return string(b)
	}
	end := len(r.whole) - len(r.rest)
	return r.whole[end-len(b) : end]
}

// Texts reads a list of texts; an empty one is nil.
func (r *Reader) Texts() []string {
	n := r.Count()
	if n == 0 {
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = r.Text()
	}
	return out
}

// Count reads how many values follow, each of a byte at least.
func (r *Reader) Count() int {
	n := r.Number()
	if n < 0 || n > int64(len(r.rest)) {
		r.Fail()
		return 0
	}
	return int(n)
}

// Fixed reads as many bytes as fit.
func (r *Reader) Fixed(to []byte) {
	if len(r.rest) < len(to) {
		r.Fail()
		return
	}
	r.rest = r.rest[copy(to, r.rest):]
}
