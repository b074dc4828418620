package disk

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestWhatIsCreatedIsRead(t *testing.T) {
	for _, size := range []int{0, 1, 5 << 20} {
		name := filepath.Join(t.TempDir(), "f")
		data := bytes.Repeat([]byte("x"), size)
		if _, err := Create(name, data); err != nil {
			t.Fatal(err)
		}
		got, n, err := Read(name, 5<<20)
		if err != nil || n != int64(size) || !bytes.Equal(got, data) {
			t.Errorf("read %d of %d bytes: %v", n, size, err)
		}
	}
}

func TestCreateNeverOverwrites(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(name, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(name, []byte("new")); !errors.Is(err, fs.ErrExist) {
		t.Error(err)
	}
}

func TestErrorsSayWhatTheyAre(t *testing.T) {
	dir := t.TempDir()
	if _, err := Create(filepath.Join(dir, "no", "f"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if _, _, err := Read(filepath.Join(dir, "no"), 1); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	name := filepath.Join(dir, "f")
	if _, err := Create(name, []byte("12")); err != nil {
		t.Fatal(err)
	}
	if _, n, err := Read(name, 1); !errors.Is(err, ErrTooLarge) || n != 2 {
		t.Error(n, err)
	}
}
