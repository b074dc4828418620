// Package memory is what a build remembers for the next one: of each output its key, its bytes' sum and what rendering it found; of files whose
// bytes are published as they are, their sums.
//
// A memory is disposable. It is one file, written whole and put in place at once, and holds for one program only; one that is absent, damaged or
// another program's is an empty one, and the build does everything. Nothing in it is believed of the disk without looking: a file counts as the one
// that is remembered where its stamp is the same, or else where its bytes are.
package memory

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"gongkai/generator/finding"
	"gongkai/generator/links"
	"gongkai/generator/markdown"
	"gongkai/generator/render"
)

// Stamp tells without reading a file whether it was written since.
type Stamp struct {
	Size     int64
	Modified int64  // nanoseconds since 1970
	Changed  int64  // the same of anything about the file; 0 where the system does not tell
	Number   uint64 // of the file in its file system; 0 where the system does not tell
}

// StampOf returns the stamp of a file.
func StampOf(info fs.FileInfo) Stamp {
	number, changed := system(info)
	return Stamp{info.Size(), info.ModTime().UnixNano(), changed, number}
}

// settling is how long a file may still be written without its stamp changing: the coarsest clock of a file system, FAT's, has two seconds.
const settling = int64(2100 * time.Millisecond)

// Settled reports whether every later change of the file would change the stamp, which was taken at a moment.
func (s Stamp) Settled(taken time.Time) bool {
	return max(s.Modified, s.Changed)+settling < taken.UnixNano()
}

// Sum is the beginning of the SHA-256 of a file's bytes.
type Sum [16]byte

// SumOf returns the sum of bytes.
func SumOf(data []byte) Sum {
	sum := sha256.Sum256(data)
	return Sum(sum[:16])
}

// Output is what is remembered of a file of the portal.
type Output struct {
	Key   render.Key // zero where the file is not rendered
	Sum   Sum
	Size  int64
	Stamp Stamp // zero where it is not settled: the bytes decide
	Facts []byte
}

// Facts are what rendering an output found, beside its bytes.
type Facts struct {
	Links      links.PageLinks
	Anchored   []render.ResolvedLink
	Files      []string
	Findings   []finding.Finding
	Asked      []markdown.Link
	Excerpt    string
	Characters int
	Document   string // identifier of the search document; empty where the output has none
}

// File is what is remembered of a file of the content that is published as it is.
type File struct {
	Stamp Stamp
	Sum   [32]byte
}

// Memory is what a build remembers.
type Memory struct {
	Outputs map[string]Output // by path in the output folder
	Files   map[string]File   // by content path
	Search  []byte            // state of the browser's index
}

// New returns an empty memory.
func New() *Memory { return &Memory{Outputs: map[string]Output{}, Files: map[string]File{}} }

// fileName is the one file of a memory.
const fileName = "memory"

// Load reads the memory of a folder. holder is what it has to hold for: the program and everything that keys do not know of. The result is empty
// where there is none of this holder's.
func Load(dir string, holder [32]byte) *Memory {
	data, err := os.ReadFile(filepath.Join(dir, fileName))
	if err != nil || len(data) < 2*sha256.Size {
		return New()
	}
	body, sum := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	if [32]byte(body[:32]) != holder || sha256.Sum256(body) != [32]byte(sum) {
		return New()
	}
	m, err := decode(body[32:])
	if err != nil {
		return New()
	}
	return m
}

// Save writes the memory to a folder, in place of the one that is there.
func (m *Memory) Save(dir string, holder [32]byte) error {
	body := m.encode(append(make([]byte, 0, 256*len(m.Outputs)+4096), holder[:]...))
	sum := sha256.Sum256(body)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("remember the build: %w", err)
	}
	name := filepath.Join(dir, fileName)
	if err := os.WriteFile(name+".new", append(body, sum[:]...), 0o644); err != nil {
		return errors.Join(fmt.Errorf("remember the build: %w", err), os.Remove(name+".new"))
	}
	if err := os.Rename(name+".new", name); err != nil {
		return fmt.Errorf("remember the build: %w", err)
	}
	return nil
}
