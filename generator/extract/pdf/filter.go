package pdf

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"errors"
	"fmt"
	"io"
)

// freeBytes may be unpacked from a stream whatever its ratio.
const freeBytes = 4 << 20

// decode unpacks a stream (7.4). What could be unpacked of a damaged stream is returned with the error.
func (d *Document) decode(s stream) ([]byte, error) {
	filters := d.array(s.dict["Filter"])
	if filters == nil && s.dict["Filter"] != nil {
		filters = array{s.dict["Filter"]}
	}
	params := d.array(s.dict["DecodeParms"])
	if params == nil {
		params = array{s.dict["DecodeParms"]}
	}
	if len(filters) > 4 {
		return nil, fmt.Errorf("%w: %d filters", ErrDamaged, len(filters))
	}
	data := s.raw
	for i, f := range filters {
		var parms dict
		if i < len(params) {
			parms = d.dict(params[i])
		}
		var err error
		if data, err = d.filter(d.name(f), parms, data); err != nil {
			return data, err
		}
	}
	return data, nil
}

func (d *Document) filter(f name, parms dict, data []byte) ([]byte, error) {
	switch f {
	case "FlateDecode", "Fl":
		r, err := zlib.NewReader(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("%w: %v", ErrDamaged, err)
		}
		out, err := d.spend(r, len(data))
		if err != nil {
			return nil, err
		}
		return d.unpredict(out, parms), nil
	case "LZWDecode", "LZW":
		early := true
		if n, ok := d.resolve(parms["EarlyChange"]).(float64); ok && n == 0 {
			early = false
		}
		out, err := d.spend(&lzwReader{data: data, early: early}, len(data))
		if err != nil {
			return nil, err
		}
		return d.unpredict(out, parms), nil
	case "ASCIIHexDecode", "AHx":
		l := lexer{data: append([]byte{'<'}, data...)}
		return []byte(l.hex()), nil
	case "ASCII85Decode", "A85":
		data = bytes.TrimPrefix(bytes.TrimSpace(data), []byte("<~"))
		if i := bytes.IndexByte(data, '~'); i >= 0 {
			data = data[:i]
		}
		return d.spend(ascii85.NewDecoder(bytes.NewReader(data)), len(data))
	case "RunLengthDecode", "RL":
		return d.spend(&runLengthReader{data: data}, len(data))
	}
	return nil, fmt.Errorf("%w: filter %s", ErrDamaged, f)
}

// spend reads all that a filter gives, within the limits. Damage at the end of a stream is common and keeps what came before.
func (d *Document) spend(r io.Reader, packed int) ([]byte, error) {
	allowed := min(d.limits.Bytes-d.spent, max(freeBytes, int64(packed)*d.limits.Ratio))
	out, err := io.ReadAll(io.LimitReader(r, allowed+1))
	d.spent += int64(len(out))
	if int64(len(out)) > allowed {
		return nil, ErrTooLarge
	}
	if err != nil && len(out) == 0 && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: %v", ErrDamaged, err)
	}
	return out, nil
}

// unpredict undoes the predictors of TIFF and PNG (7.4.4.4).
func (d *Document) unpredict(data []byte, parms dict) []byte {
	predictor := int(d.number(parms["Predictor"]))
	if predictor < 2 {
		return data
	}
	number := func(key name, otherwise float64) int {
		if n := d.number(parms[key]); n > 0 && n < 1<<16 {
			return int(n)
		}
		return int(otherwise)
	}
	colors, bits, columns := number("Colors", 1), number("BitsPerComponent", 8), number("Columns", 1)
	if colors > 32 || bits > 16 {
		return nil
	}
	size := max(1, (colors*bits+7)/8)
	row := (colors*bits*columns + 7) / 8
	if predictor == 2 {
		if bits == 8 {
			for i := range data {
				if i%row >= size {
					data[i] += data[i-size]
				}
			}
		}
		return data
	}
	out := make([]byte, 0, len(data))
	previous := make([]byte, min(row, len(data)))
	for len(data) > 1 {
		kind, line := data[0], data[1:min(len(data), row+1)]
		data = data[1+len(line):]
		for i := range line {
			var left, up, corner byte
			if i >= size {
				left, corner = line[i-size], previous[i-size]
			}
			if i < len(previous) {
				up = previous[i]
			}
			switch kind {
			case 1:
				line[i] += left
			case 2:
				line[i] += up
			case 3:
				line[i] += byte((int(left) + int(up)) / 2)
			case 4:
				line[i] += paeth(left, up, corner)
			}
		}
		out = append(out, line...)
		copy(previous, line)
	}
	return out
}

func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	pa, pb, pc := abs(p-int(a)), abs(p-int(b)), abs(p-int(c))
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// runLengthReader undoes 7.4.5.
type runLengthReader struct {
	data    []byte
	pending []byte
}

func (r *runLengthReader) Read(p []byte) (int, error) {
	for len(r.pending) == 0 {
		if len(r.data) < 2 || r.data[0] == 128 {
			return 0, io.EOF
		}
		n := int(r.data[0])
		if n < 128 {
			m := min(n+1, len(r.data)-1)
			r.pending, r.data = r.data[1:1+m], r.data[1+m:]
			continue
		}
		r.pending, r.data = bytes.Repeat(r.data[1:2], 257-n), r.data[2:]
	}
	n := copy(p, r.pending)
	r.pending = r.pending[n:]
	return n, nil
}

// lzwReader undoes 7.4.4 with codes of 9 to 12 bits, the first bit being the highest.
type lzwReader struct {
	data    []byte
	early   bool
	bits    uint32
	have    uint
	table   [][]byte
	last    []byte
	pending []byte
}

func (r *lzwReader) Read(p []byte) (int, error) {
	for len(r.pending) == 0 {
		if err := r.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.pending)
	r.pending = r.pending[n:]
	return n, nil
}

func (r *lzwReader) next() error {
	const clear, eod = 256, 257
	size := len(r.table) + 259 // the writer is one entry ahead
	if r.early {
		size++
	}
	width := uint(9)
	for width < 12 && size >= 1<<width {
		width++
	}
	for r.have < width {
		if len(r.data) == 0 {
			return io.EOF
		}
		r.bits, r.have, r.data = r.bits<<8|uint32(r.data[0]), r.have+8, r.data[1:]
	}
	code := int(r.bits>>(r.have-width)) & (1<<width - 1)
	r.have -= width
	var word []byte
	switch {
	case code == clear:
		r.table, r.last = r.table[:0], nil
		return nil
	case code == eod:
		return io.EOF
	case code < 256:
		word = []byte{byte(code)}
	case code-258 < len(r.table):
		word = r.table[code-258]
	case r.last != nil && code-258 == len(r.table):
		word = append(r.last[:len(r.last):len(r.last)], r.last[0])
	default:
		return fmt.Errorf("%w: LZW code", ErrDamaged)
	}
	if r.last != nil && len(r.table) < 4096-258 {
		r.table = append(r.table, append(r.last[:len(r.last):len(r.last)], word[0]))
	}
	r.last, r.pending = word, word
	return nil
}
