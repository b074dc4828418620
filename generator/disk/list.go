package disk

import (
	"errors"
	"io/fs"
	"sync"
)

// Entry is a file or a folder below a folder that is listed.
type Entry struct {
	Path   string // from the folder, forward slashes
	Folder bool
	Link   bool  // a symbolic link: what it leads to is not looked at
	Stamp  Stamp // of a file, where stamps are asked for
}

// List returns everything below a folder, each folder before what lies in it, otherwise in no order; nothing where the folder is absent. Symbolic links
// are files. Folders are read by several workers at once.
func List(dir string, workers int, stamps bool) ([]Entry, error) {
	l := &lister{dir: dir, stamps: stamps, waiting: []string{"."}}
	l.more = sync.NewCond(&l.mu)
	var wg sync.WaitGroup
	for range max(1, workers) {
		wg.Go(l.work)
	}
	wg.Wait()
	return l.found, l.err
}

type lister struct {
	dir    string
	stamps bool

	mu      sync.Mutex
	more    *sync.Cond
	waiting []string // folders to be read
	busy    int      // workers that read one
	found   []Entry
	err     error
}

// work reads folders until there are none left.
func (l *lister) work() {
	var w listing
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		for len(l.waiting) == 0 && l.busy > 0 {
			l.more.Wait()
		}
		if len(l.waiting) == 0 || l.err != nil {
			l.more.Broadcast()
			return
		}
		folder := l.waiting[len(l.waiting)-1]
		l.waiting = l.waiting[:len(l.waiting)-1]
		l.busy++
		l.mu.Unlock()
		entries, err := l.read(folder, &w)
		if folder == "." && errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		l.mu.Lock()
		l.busy--
		if err != nil && l.err == nil {
			l.err = err
		}
		l.found = append(l.found, entries...)
		for _, e := range entries {
			if e.Folder {
				l.waiting = append(l.waiting, e.Path)
			}
		}
		l.more.Broadcast()
	}
}

// listing is what one worker uses again for each folder.
type listing struct {
	entries      []Entry
	path, buffer []byte
}
