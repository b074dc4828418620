package build

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// smallChange is up to how many files a change is put in place one by one. Exchanging the folders costs a link for every file of the portal, which takes
// longer than the change itself; the moment during which some files are new and others old is a few milliseconds.
const smallChange = 600

// A journal says how a small change is put in place. It is written before the first file is touched, so that a build which is killed in the middle is
// finished by the next one: each step is done once, however often it is tried.
type journal struct {
	Move   [2]string // a folder and its new name; empty where none is moved
	Put    []string  // files that wait in the stage
	Remove []string
	Empty  []string // folders to be removed where nothing is left in them, the inner ones first
}

// moveFolder announces that a folder of the portal has another name, so that keep can be told of its files one by one.
func (s *stage) moveFolder(old, name string) { s.move = [2]string{old, name} }

// small returns the steps of a change, where it is a small one.
func (s *stage) small() (*journal, bool) {
	if s.fresh || s.written > smallChange {
		return nil, false
	}
	if _, err := os.Lstat(s.dest); err != nil {
		return nil, false
	}
	j := &journal{Move: s.move}
	for name, old := range s.moved {
		rest, from := strings.CutPrefix(old, s.move[0])
		if rest2, to := strings.CutPrefix(name, s.move[1]); s.move[0] == "" || !from || !to || rest != rest2 {
			return nil, false
		}
	}
	if len(s.moved) == 0 {
		j.Move = [2]string{}
	}
	var moved []byte
	for _, name := range s.leaving {
		if rest, inside := strings.CutPrefix(name, j.Move[0]); j.Move[0] != "" && inside && rest[0] == '/' {
			moved = append(append(moved[:0], j.Move[1]...), rest...)
			if _, wanted := s.paths[string(moved)]; wanted { // a new file takes its place
				continue
			}
			name = string(moved)
		}
		j.Remove = append(j.Remove, name)
	}
	if len(j.Remove) > smallChange {
		return nil, false
	}
	for name, anew := range s.paths {
		if anew {
			j.Put = append(j.Put, name)
		}
	}
	// what pages use comes before the pages, and new pages before those that may link to them
	slices.SortFunc(j.Put, func(a, b string) int {
		_, hadA := s.old[a]
		_, hadB := s.old[b]
		if pa, pb := path.Ext(a) == ".html", path.Ext(b) == ".html"; pa != pb {
			return btoi(pa) - btoi(pb)
		}
		if hadA != hadB {
			return btoi(hadA) - btoi(hadB)
		}
		return strings.Compare(a, b)
	})
	slices.Sort(j.Remove)
	if len(j.Remove) > 0 {
		seen := map[string]bool{}
		for _, name := range j.Remove {
			for dir := path.Dir(name); dir != "." && !seen[dir]; dir = path.Dir(dir) {
				seen[dir] = true
				j.Empty = append(j.Empty, dir)
			}
		}
		slices.SortFunc(j.Empty, func(a, b string) int { return len(b) - len(a) })
	}
	return j, true
}

// putInPlace does a small change.
func (s *stage) putInPlace(j *journal) error {
	text, err := json.Marshal(j)
	if err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	if err := os.WriteFile(s.journal()+".new", text, 0o644); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	if err := os.Rename(s.journal()+".new", s.journal()); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	return s.replay(j)
}

func (s *stage) journal() string { return s.dir + ".journal" }

// finish does what a killed build has left of a small change.
func (s *stage) finish() error {
	text, err := os.ReadFile(s.journal())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var j journal
	if err == nil {
		err = json.Unmarshal(text, &j)
	}
	if err != nil {
		return fmt.Errorf("read the journal: %w", err)
	}
	return s.replay(&j)
}

func (s *stage) replay(j *journal) error {
	at := func(name string) string { return filepath.Join(s.dest, filepath.FromSlash(name)) }
	if j.Move[0] != "" {
		if err := os.Rename(at(j.Move[0]), at(j.Move[1])); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("put %s in place: %w", j.Move[1], err)
		}
	}
	for _, name := range j.Put {
		if err := moveInto(filepath.Join(s.dir, filepath.FromSlash(name)), at(name)); err != nil {
			return fmt.Errorf("put %s in place: %w", name, err)
		}
	}
	for _, name := range j.Remove {
		if err := os.Remove(at(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove %s: %w", name, err)
		}
	}
	for _, dir := range j.Empty {
		_ = os.Remove(at(dir)) // fails, rightly, where it is not empty
	}
	if err := os.Remove(s.journal()); err != nil {
		return fmt.Errorf("remove the journal: %w", err)
	}
	return nil
}

// moveInto renames a file, making the folder that it goes to. A file that is not there has been moved before. Where the output folder is a mount point it is
// copied, under another name first.
func moveInto(from, to string) error {
	err := os.Rename(from, to)
	if err == nil {
		return nil
	}
	if _, gone := os.Lstat(from); errors.Is(gone, fs.ErrNotExist) {
		return nil
	}
	if err := makeFolder(filepath.Dir(to)); err != nil {
		return err
	}
	if os.Rename(from, to) == nil {
		return nil
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	temporary := to + ".gongkai-new"
	_ = os.Remove(temporary)
	if _, err := writeNew(temporary, data); err != nil {
		return err
	}
	return errors.Join(os.Rename(temporary, to), os.Remove(from))
}
