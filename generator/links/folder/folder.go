// Package folder checks the links of any folder of built HTML, whichever generator made it.
//
// Check lists the files below a folder, reads each page and style sheet once, and compares every address with the files and anchors
// that are there, as a browser and a plain file server would: percent-encoding, entities, the base element, queries, absolute
// addresses of the own host and a base path are all resolved. A page is never kept: what remains of it are the hashes of its anchors
// and the links whose anchor another page has to answer for, so that 110,000 pages fit into a few hundred MB. Files with a problem
// are read once more for the line and the nearest address that exists. Addresses of other hosts are collected for package web.
package folder

import (
	"cmp"
	"errors"
	"fmt"
	"hash/maphash"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"

	"gongkai/generator/parallel"
)

// Options say where the folder is published.
type Options struct {
	// BaseURL is the address that the folder is published at, as https://www.example.gov.cn/portal/. Without one, the folder is
	// the root of a host of unknown name, and all absolute addresses are external.
	BaseURL string
	Jobs    int // files read at a time; 0 stands for one each processor
	Most    int // problems listed at most; 0 stands for 100,000
}

// Kind is what is wrong with a link.
type Kind uint8

// The kinds of problems.
const (
	Missing   Kind = iota // nothing is there
	Case                  // a file is there whose name differs only in case or Unicode form: found on some systems, missing on others
	NoIndex               // a folder is there, without index.html
	NoSlash               // a folder with index.html is there, but the address lacks its final slash: a redirect at best
	NoAnchor              // the page is there, the anchor is not
	Outside               // on the own host, but not below the base path
	Insecure              // http: of the own host, or of anything the page loads, where the base is https:
	Empty                 // href, src or the like without an address, or an element that lacks it
	Malformed             // no address at all: https:/x, a%zz
	Contact               // mailto: without a mail address, tel: without a number
	kinds
)

// String returns the kind's name in reports for machines.
func (k Kind) String() string {
	return [...]string{"missing", "case", "no-index", "no-slash", "no-anchor", "outside", "insecure", "empty", "malformed", "contact"}[k]
}

// Problem is one link that does not lead where it should.
type Problem struct {
	Kind         Kind
	File         string // the page or style sheet that has the link, below the folder, with forward slashes
	Line, Column int    // where the value starts, from 1; columns in characters
	Value        string // as it is written in the file
	Target       string // the address it stands for, decoded and without base path; with #, the anchor that is missing
	Suggestion   string // the nearest address or anchor that exists, decoded, as it could be written; empty where none is near
}

// External is an address of another host, without its fragment.
type External struct {
	URL    string
	Loaded bool     // a page loads it (script, picture, style sheet), rather than only linking to it
	Files  []string // the pages and style sheets that use it, sorted
}

// Report is what Check found.
type Report struct {
	Files, Pages, Sheets int   // below the folder
	Bytes                int64 // of pages and sheets
	Internal             int   // links to own addresses
	Scripts, Data        int   // javascript: and data: addresses
	Contacts, Other      int   // mailto: and tel: addresses; addresses of other schemes
	Count                [kinds]int
	Problems             []Problem  // by file, line and column; as many as Options.Most, while Count has all
	External             []External // by address
}

// Check reads all pages (.html, .htm, .xhtml) and style sheets (.css) below a folder. The error is about the folder or the base
// URL; what is wrong with links is in the report, which is the same for each run.
func Check(dir string, opt Options) (Report, error) {
	c := &checker{dir: dir, jobs: opt.Jobs, seed: maphash.MakeSeed(), missed: map[string]int32{}}
	if c.jobs <= 0 {
		c.jobs = runtime.GOMAXPROCS(0)
	}
	if err := c.setBase(opt.BaseURL); err != nil {
		return Report{}, err
	}
	t, err := readTree(dir, c.jobs)
	if err != nil {
		return Report{}, err
	}
	c.tree = t
	workers, err := c.read()
	if err != nil {
		return Report{}, err
	}
	r := Report{Files: len(t.files)}
	var faults []fault
	for _, w := range workers {
		r.Pages += w.report.Pages
		r.Sheets += w.report.Sheets
		r.Bytes += w.report.Bytes
		r.Internal += w.report.Internal
		r.Scripts += w.report.Scripts
		r.Data += w.report.Data
		r.Contacts += w.report.Contacts
		r.Other += w.report.Other
		faults = append(faults, w.faults...)
		faults = append(faults, c.unanswered(w.waiting)...)
		w.faults, w.waiting = nil, nil
	}
	r.External = c.outward(workers)
	if opt.Most <= 0 {
		opt.Most = 100_000
	}
	r.Problems, err = c.settle(faults, &r.Count, opt.Most)
	return r, err
}

// checker is what the workers of one call share. Nothing but missed changes while they read.
type checker struct {
	dir    string
	jobs   int
	scheme string // of the base
	host   string // of the base, with a port that is not the scheme's own; empty where it is not known
	under  string // path of the base, without final slash
	*tree
	seed    maphash.Seed
	anchors [][]uint64 // file -> the hashes of its anchors, sorted

	mu      sync.Mutex
	missed  map[string]int32 // address that no file has -> its number
	targets []string         // the addresses by number
}

func (c *checker) setBase(base string) error {
	if base == "" {
		c.scheme = "https"
		return nil
	}
	u, err := url.Parse(base)
	if err != nil {
		return fmt.Errorf("base URL: %w", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("base URL %q: want http:// or https:// and a host", base)
	}
	c.scheme = u.Scheme
	c.host = asciiHost(u.Scheme, u.Host)
	c.under = strings.TrimRight(u.Path, "/")
	return nil
}

// read reads every page and style sheet.
func (c *checker) read() ([]*worker, error) {
	var texts []int32
	for i, name := range c.files {
		if contentOf(name) != otherFile {
			texts = append(texts, int32(i))
		}
	}
	c.anchors = make([][]uint64, len(c.files))
	workers := make([]*worker, c.jobs)
	for i := range workers {
		workers[i] = newWorker(c)
	}
	errs := make([]error, len(texts))
	parallel.Do(c.jobs, len(texts), func(w, i int) { errs[i] = workers[w].file(texts[i]) })
	return workers, errors.Join(errs...)
}

// miss returns the number of an address that no file has.
func (c *checker) miss(address []byte) int32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, ok := c.missed[string(address)]
	if !ok {
		n = int32(len(c.targets))
		c.targets = append(c.targets, string(address))
		c.missed[c.targets[n]] = n
	}
	return n
}

// unanswered returns the links to anchors that the pages they lead to do not have.
func (c *checker) unanswered(waiting []question) (faults []fault) {
	for _, q := range waiting {
		if _, ok := slices.BinarySearch(c.anchors[q.target], q.hash); !ok {
			faults = append(faults, q.fault)
		}
	}
	return faults
}

// outward joins what the workers have collected.
func (c *checker) outward(workers []*worker) []External {
	all := workers[0].external
	for _, w := range workers[1:] {
		for address, e := range w.external {
			if first := all[address]; first == nil {
				all[address] = e
			} else {
				first.loaded = first.loaded || e.loaded
				first.files = append(first.files, e.files...)
			}
		}
	}
	list := make([]External, 0, len(all))
	for address, e := range all {
		if e.malformed {
			continue
		}
		x := External{URL: address, Loaded: e.loaded, Files: make([]string, len(e.files))}
		for i, f := range e.files {
			x.Files[i] = c.files[f]
		}
		slices.Sort(x.Files)
		list = append(list, x)
	}
	slices.SortFunc(list, func(a, b External) int { return cmp.Compare(a.URL, b.URL) })
	return list
}
