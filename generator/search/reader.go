package search

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
)

// partReader reads one part.
type partReader struct {
	folder string // in which the part lies, and its name there
	name   string
	bleve  index.Index
	reader index.IndexReader
	docs   int
}

func openPart(dir, name string) (*partReader, error) {
	idx, err := scorch.NewScorch(scorch.Name, map[string]interface{}{"path": filepath.Join(dir, name, "store"), "read_only": true}, nil)
	if err != nil {
		return nil, fmt.Errorf("search: open the index: %w", err)
	}
	if err := idx.Open(); err != nil {
		return nil, fmt.Errorf("search: open the index: %w", err)
	}
	r, err := idx.Reader()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("search: open the index: %w", err), idx.Close())
	}
	n, err := r.DocCount()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("search: open the index: %w", err), r.Close(), idx.Close())
	}
	return &partReader{dir, name, idx, r, int(n)}, nil
}

func (p *partReader) close() error { return errors.Join(p.reader.Close(), p.bleve.Close()) }

// again opens the part anew: what was read of it is not counted as the process's memory any more.
func (p *partReader) again() error {
	fresh, err := openPart(p.folder, p.name)
	if err != nil {
		return err
	}
	old := *p
	*p = *fresh
	return old.close()
}

// postings calls yield for each document of a term with the term's frequency.
func (p *partReader) postings(field, term string, freq bool, yield func(doc uint32, freq int)) error {
	r, err := p.reader.TermFieldReader(context.Background(), []byte(term), field, freq, false, false)
	if err != nil {
		return fmt.Errorf("search: read %q: %w", term, err)
	}
	defer r.Close()
	var tfd index.TermFieldDoc
	for {
		next, err := r.Next(&tfd)
		if err != nil {
			return fmt.Errorf("search: read %q: %w", term, err)
		}
		if next == nil {
			return nil
		}
		yield(uint32(next.ID.Value()), int(next.Freq))
	}
}

// dictionary calls yield for each term of a field that begins with prefix, in order.
func (p *partReader) dictionary(field, prefix string, yield func(term string) error) error {
	d, err := p.reader.FieldDictPrefix(field, []byte(prefix))
	if err != nil {
		return fmt.Errorf("search: read the terms of %s: %w", field, err)
	}
	defer d.Close()
	for {
		e, err := d.Next()
		if err != nil {
			return fmt.Errorf("search: read the terms of %s: %w", field, err)
		}
		if e == nil {
			return nil
		}
		if err := yield(e.Term); err != nil {
			return err
		}
	}
}

// eachTerm calls yield for each document of each term of a field.
func (p *partReader) eachTerm(field string, yield func(term string, doc uint32)) error {
	return p.dictionary(field, "", func(term string) error {
		return p.postings(field, term, false, func(doc uint32, _ int) { yield(term, doc) })
	})
}

func (p *partReader) eachID(yield func(id string, doc uint32)) error { return p.eachTerm("_id", yield) }

// has reports whether the part has a document.
func (p *partReader) has(id string) (bool, error) {
	found := false
	err := p.postings("_id", id, false, func(uint32, int) { found = true })
	return found, err
}

// document returns what the index stores of a document.
func (p *partReader) document(id string) (*Document, error) {
	d, err := p.reader.Document(id)
	if err != nil {
		return nil, fmt.Errorf("search: read the record of %s: %w", id, err)
	}
	if d == nil {
		return nil, fmt.Errorf("search: %s is not in the index", id)
	}
	record := ""
	d.VisitFields(func(f index.Field) {
		if f.Name() == fieldRecord {
			record = string(f.Value())
		}
	})
	url, _, _ := strings.Cut(id, "\x00")
	return readRecord(url, record)
}
