// Package memory is what a build remembers for the next one: of each output its key, its bytes' sum and what rendering it found; of files whose
// bytes are published as they are, their sums.
//
// A memory is disposable. It is one file, written whole and put in place at once, and holds for one program only; one that is absent, damaged or
// another program's is an empty one, and the build does everything. Nothing in it is believed of the disk without looking: a file counts as the one
// that is remembered where its stamp is the same, or else where its bytes are.
package memory

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"gongkai/generator/disk"
	"gongkai/generator/finding"
	"gongkai/generator/links"
	"gongkai/generator/markdown"
	"gongkai/generator/pack"
	"gongkai/generator/render"
)

// Sum tells a file's bytes from others.
type Sum = pack.Sum

// Output is what is remembered of a file of the portal.
type Output struct {
	Key   render.Key // of a file that is published as it is, the beginning of its SHA-256
	Sum   Sum
	Size  int64
	Stamp disk.Stamp // zero where it is not settled: the bytes decide
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
	Text       Sum    // of the source whose text the output shows; zero where it shows none
}

// File is what is remembered of a file of the content that is published as it is.
type File struct {
	Stamp disk.Stamp
	Sum   [32]byte
}

// Texts are what is remembered of the content's texts, by content path. They are kept apart from the outputs, because they are complete as soon as the
// content is read, and large.
type Texts map[string]Text

// Text is what is remembered of a text: its record, as package source packs it.
type Text struct {
	Stamp  disk.Stamp
	Record []byte
}

// Memory is what a build remembers.
type Memory struct {
	Outputs map[string]Output // by path in the output folder
	Files   map[string]File   // by content path
	Search  []byte            // state of the browser's index
	Model   [32]byte          // sum over all that outputs are made of but texts
}

// New returns an empty memory.
func New() *Memory {
	return &Memory{Outputs: map[string]Output{}, Files: map[string]File{}}
}

// fileName is the one file of a memory.
const fileName = "memory"

// Load reads the memory of a folder. holder is what it has to hold for: the program and everything that keys do not know of. The result is empty
// where there is none of this holder's.
func Load(dir string, holder [32]byte) *Memory {
	body := load(dir, fileName, holder)
	if body == nil {
		return New()
	}
	m, err := decode(body)
	if err != nil {
		return New()
	}
	return m
}

// Save writes the memory to a folder, in place of the one that is there.
func (m *Memory) Save(dir string, holder [32]byte) error {
	return save(dir, fileName, holder, m.encode)
}

const textsName = "texts"

// LoadTexts reads the texts of a folder; empty where there are none of this holder's.
func LoadTexts(dir string, holder [32]byte) Texts {
	body := load(dir, textsName, holder)
	texts, err := decodeTexts(body)
	if body == nil || err != nil {
		return Texts{}
	}
	return texts
}

// Save writes the texts to a folder, in place of those that are there.
func (t Texts) Save(dir string, holder [32]byte) error { return save(dir, textsName, holder, t.encode) }

// load reads a file that is guarded by a sum, without the holder at its beginning; nil where it is absent, damaged or another's.
func load(dir, name string, holder [32]byte) []byte {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil || len(data) < len(holder)+len(pack.Sum{}) {
		return nil
	}
	body, sum := data[:len(data)-len(pack.Sum{})], data[len(data)-len(pack.Sum{}):]
	if [32]byte(body[:32]) != holder || pack.SumOf(body) != pack.Sum(sum) {
		return nil
	}
	return body[32:]
}

// save writes such a file.
func save(dir, name string, holder [32]byte, encode func(emit func([]byte) error) error) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("remember the build: %w", err)
		}
	}()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	to := filepath.Join(dir, name)
	f, err := os.Create(to + ".new")
	if err != nil {
		return err
	}
	var sum pack.Summer
	sum.Reset()
	out := bufio.NewWriterSize(io.MultiWriter(f, &sum), 1<<18)
	_, err = out.Write(holder[:])
	if err == nil {
		err = encode(func(piece []byte) error {
			_, err := out.Write(piece)
			return err
		})
	}
	if err == nil {
		err = out.Flush()
	}
	if err == nil {
		end := sum.Sum()
		_, err = f.Write(end[:])
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(to+".new"))
	}
	return os.Rename(to+".new", to)
}
