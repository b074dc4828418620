package memory

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"gongkai/generator/disk"
	"gongkai/generator/finding"
	"gongkai/generator/render"
)

// fill gives every field of a value, however deep, something that is not zero.
func fill(v reflect.Value, n *int64) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString("文" + string(rune('a'+*n%26)))
	case reflect.Int, reflect.Int64:
		v.SetInt(*n * 1000)
	case reflect.Uint8:
		v.SetUint(uint64(*n%3) + 1)
	case reflect.Uint64:
		v.SetUint(uint64(*n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Pointer:
		v.Set(reflect.ValueOf(finding.BrokenLink))
	default:
		panic(v.Kind())
	}
}

func full() *Facts {
	f, n := new(Facts), int64(0)
	fill(reflect.ValueOf(f).Elem(), &n)
	return f
}

func TestFactsComeBackWhole(t *testing.T) {
	for _, want := range []*Facts{{}, full()} {
		got, err := DecodeFacts(want.Encode())
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
}

func sample() *Memory {
	m := New()
	m.Outputs["xihe/index.html"] = Output{Key: render.Key{1}, Sum: Sum{2}, Size: 3, Stamp: disk.Stamp{Size: 4, Modified: 5, Changed: 6, Number: 7}, Facts: full().Encode()}
	m.Outputs["assets/style.css"] = Output{Sum: Sum{9}, Size: 1 << 40, Facts: []byte{}}
	m.Files["content/units/xihe/a.pdf"] = File{disk.Stamp{Size: 1, Modified: -2, Changed: 3, Number: 1 << 63}, [32]byte{1, 2}}
	m.Search, m.Model = []byte("{}"), [32]byte{8}
	return m
}

func TestMemoryIsForItsHolderOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	m := sample()
	if err := m.Save(dir, [32]byte{1}); err != nil {
		t.Fatal(err)
	}
	if got := Load(dir, [32]byte{1}); !reflect.DeepEqual(got, m) {
		t.Errorf("got  %+v\nwant %+v", got, m)
	}
	if got := Load(dir, [32]byte{2}); len(got.Outputs) != 0 {
		t.Error("another program's memory was believed")
	}
	if got := Load(t.TempDir(), [32]byte{1}); len(got.Outputs) != 0 {
		t.Error("an absent memory is not empty")
	}
}

func TestDamagedMemoryIsNone(t *testing.T) {
	dir := t.TempDir()
	if err := sample().Save(dir, [32]byte{1}); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, fileName)
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		flipped := append([]byte(nil), whole...)
		flipped[i] ^= 0x10
		for what, data := range map[string][]byte{"flipped": flipped, "cut": whole[:i]} {
			if err := os.WriteFile(name, data, 0o644); err != nil {
				t.Fatal(err)
			}
			if got := Load(dir, [32]byte{1}); len(got.Outputs)+len(got.Files) != 0 {
				t.Fatalf("a memory %s at byte %d was believed", what, i)
			}
		}
	}
}

func encoded(m *Memory) []byte {
	var out []byte
	_ = m.encode(func(piece []byte) error {
		out = append(out, piece...)
		return nil
	})
	return out
}

func TestTextsComeBackWhole(t *testing.T) {
	dir := t.TempDir()
	want := Texts{"content/units/xihe/b/c.md": {disk.Stamp{Size: 9, Number: 1 << 63}, []byte("x")}, "content/units/xihe/b/d.md": {disk.Stamp{}, []byte{}}}
	if err := want.Save(dir, [32]byte{1}); err != nil {
		t.Fatal(err)
	}
	if got := LoadTexts(dir, [32]byte{1}); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := LoadTexts(dir, [32]byte{2}); len(got) != 0 {
		t.Error("another program's texts were believed")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encoded(sample()))
	f.Add(full().Encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := decode(data); err == nil {
			if again, err := decode(encoded(m)); err != nil || !reflect.DeepEqual(again, m) {
				t.Fatalf("%v: %+v is not %+v", err, again, m)
			}
		}
		if texts, err := decodeTexts(data); err == nil {
			var out []byte
			_ = texts.encode(func(piece []byte) error {
				out = append(out, piece...)
				return nil
			})
			if again, err := decodeTexts(out); err != nil || !reflect.DeepEqual(again, texts) {
				t.Fatalf("%v: %+v is not %+v", err, again, texts)
			}
		}
		if facts, err := DecodeFacts(data); err == nil {
			if again, err := DecodeFacts(facts.Encode()); err != nil || !reflect.DeepEqual(again, facts) {
				t.Fatalf("%v: %+v is not %+v", err, again, facts)
			}
		}
	})
}
