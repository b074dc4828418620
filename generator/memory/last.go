package memory

import (
	"encoding/binary"

	"gongkai/generator/disk"
	"gongkai/generator/pack"
)

// Last is the end of the last build: what it was made of and what it said. Where nothing has changed since, that is all that is to be known.
type Last struct {
	Inputs   Sum     // sum over the stamps of all that was read, and the options
	Portal   Sum     // sum over the stamps of the output folder
	Doubtful []Doubt // files of the output folder whose stamps are not settled
	From     int64   // the moment of the build, in seconds since 1970
	Until    int64   // the moment from which on it would not be the same
	Said     []byte  // summary and findings
}

// Doubt is a file that is to be read to see whether it is the same.
type Doubt struct {
	Path string
	Sum  Sum
}

const lastName = "last"

// SumOfStamps sums up a list of files, in any order: it is the sum of a sum of each.
func SumOfStamps(entries []disk.Entry) Sum {
	var text []byte
	var first, second uint64
	for _, e := range entries {
		text = append(binary.AppendUvarint(text[:0], uint64(len(e.Path))), e.Path...)
		text = binary.AppendVarint(binary.AppendVarint(text, e.Stamp.Size), e.Stamp.Modified)
		text = binary.AppendUvarint(binary.AppendVarint(text, e.Stamp.Changed), e.Stamp.Number)
		if e.Folder {
			text = append(text, 1)
		}
		one := pack.SumOf(text)
		first += binary.BigEndian.Uint64(one[:8])
		second += binary.BigEndian.Uint64(one[8:])
	}
	return pack.SumOf(binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(binary.AppendUvarint(text[:0], uint64(len(entries))), first), second))
}

// LoadLast reads what SaveLast wrote for the holder, or returns nil.
func LoadLast(dir string, holder [32]byte) *Last {
	body := load(dir, lastName, holder)
	if body == nil {
		return nil
	}
	r := pack.NewReader(body)
	l := &Last{}
	r.Fixed(l.Inputs[:])
	r.Fixed(l.Portal[:])
	for range r.Count() {
		d := Doubt{Path: r.Text()}
		r.Fixed(d.Sum[:])
		l.Doubtful = append(l.Doubtful, d)
	}
	l.From, l.Until = r.Number(), r.Number()
	l.Said = r.Data()
	if r.Err() != nil {
		return nil
	}
	return l
}

// SaveLast writes the end of a build.
func SaveLast(dir string, holder [32]byte, l *Last) error {
	w := &pack.Writer{}
	w.Fixed(l.Inputs[:])
	w.Fixed(l.Portal[:])
	w.Int(len(l.Doubtful))
	for _, d := range l.Doubtful {
		w.Text(d.Path)
		w.Fixed(d.Sum[:])
	}
	w.Number(l.From)
	w.Number(l.Until)
	w.Data(l.Said)
	return save(dir, lastName, holder, func(emit func([]byte) error) error { return emit(w.Bytes) })
}
