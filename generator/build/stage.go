package build

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/gofrs/flock"

	"gongkai/generator/disk"
	"gongkai/generator/memory"
	"gongkai/generator/pack"
)

// workFolder lies beside the output folder and holds what is not public.
const workFolder = ".gongkai"

// manifestName is the file in the output folder that lists what this program wrote there, so that the next build can tell its
// own files from others'.
const manifestName = ".gongkai-manifest"

// ErrBusy says that another build is writing the same output folder.
var ErrBusy = errors.New("another build is running")

// ForeignError says that a file which this program did not write stands where it has to write.
type ForeignError struct{ Path string }

func (e *ForeignError) Error() string {
	return fmt.Sprintf("%s was not written by this program and would be overwritten", e.Path)
}

// stage takes the files of a new portal and puts them in place at once. Files whose bytes are the old ones are never written. Until
// commit the output folder is untouched, so that a build which fails or is killed leaves the old portal whole.
//
// Changed files are written to a folder beside the output folder. commit completes that folder with hard links to what did not change
// and exchanges the two with one system call. A few files are put in place one by one instead, by a journal (patch.go).
type stage struct {
	dest string // the output folder
	dir  string // where the new files wait
	lock *flock.Flock

	old    map[string]existing // files in the output folder
	look   bool                // take their stamps, too
	dirs   []string            // folders in the output folder, parents first
	listed chan struct{}       // closed at the end of listing the output folder
	fault  error               // of listing it
	fresh  bool                // the output folder is absent or empty: nothing to compare with

	mu       sync.Mutex
	paths    map[string]bool       // files of the new portal -> written anew
	manifest func() []byte         // returns the list of the new portal's files, once; nil until they are all known
	made     map[string]disk.Stamp // of the files that were written, as they wait
	moved    map[string]string     // files of the new portal -> where the old one has the same bytes
	bytes    int64
	written  int
	leaving  []string  // files of ours that the new portal lacks, once compare has looked
	move     [2]string // a folder of the old portal and what it is called in the new one
	swapped  bool      // every file of the output folder may have another stamp now
	// exchanged says that the folder of the new files became the output folder as it was
	exchanged bool
}

// existing is a file in the output folder.
type existing struct {
	ours  bool // written by this program
	stamp disk.Stamp
}

// openStage locks the output folder and begins to list it, with the files' stamps where look is set.
func openStage(dest string, look bool) (*stage, error) {
	dest, err := filepath.Abs(dest)
	if err != nil {
		return nil, fmt.Errorf("open output folder: %w", err)
	}
	work := filepath.Join(filepath.Dir(dest), workFolder)
	if err := os.MkdirAll(work, 0o755); err != nil {
		return nil, fmt.Errorf("open output folder: %w", err)
	}
	s := &stage{dest: dest, look: look, dir: filepath.Join(work, filepath.Base(dest)+".stage"), paths: map[string]bool{}, moved: map[string]string{}, made: map[string]disk.Stamp{}, listed: make(chan struct{})}
	s.lock = flock.New(filepath.Join(work, filepath.Base(dest)+".lock"))
	locked, err := s.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock output folder: %w", err)
	}
	if !locked {
		return nil, ErrBusy
	}
	if err := s.recover(); err != nil {
		s.close()
		return nil, err
	}
	entries, err := os.ReadDir(dest)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.close()
		return nil, fmt.Errorf("read output folder: %w", err)
	}
	s.fresh = true
	for _, e := range entries {
		s.fresh = s.fresh && isHousekeeping(e.Name())
	}
	go func() {
		s.fault = s.list()
		close(s.listed)
	}()
	return s, nil
}

// isHousekeeping reports whether a file keeps an empty folder in version control.
func isHousekeeping(name string) bool {
	return name == ".gitignore" || name == ".gitkeep" || name == ".git"
}

// recover removes what a killed build left. Where it was killed between the two renames of a system that cannot exchange
// folders, the old portal is put back.
func (s *stage) recover() error {
	if _, err := os.Lstat(s.dest); errors.Is(err, fs.ErrNotExist) {
		if err := os.Rename(s.dir+".old", s.dest); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("restore output folder: %w", err)
		}
	}
	if err := s.finish(); err != nil {
		return err
	}
	for _, dir := range []string{s.dir, s.dir + ".old"} {
		if err := os.RemoveAll(dir); err != nil {
			return fmt.Errorf("remove an unfinished build: %w", err)
		}
	}
	return nil
}

// list reads the names in the output folder and which of them are ours.
func (s *stage) list() error {
	entries, err := disk.List(s.dest, 2, s.look)
	if err != nil {
		return fmt.Errorf("list output folder: %w", err)
	}
	s.old = make(map[string]existing, len(entries))
	s.dirs = append(s.dirs, ".")
	for _, e := range entries {
		if e.Folder {
			s.dirs = append(s.dirs, e.Path)
		} else {
			s.old[e.Path] = existing{stamp: e.Stamp}
		}
	}
	manifest, err := os.ReadFile(filepath.Join(s.dest, manifestName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read list of written files: %w", err)
	}
	for line := range strings.Lines(string(manifest)) {
		s.own(strings.TrimSuffix(line, "\n"))
	}
	s.own(manifestName)
	return nil
}

// own marks a file of the output folder as written by this program.
func (s *stage) own(name string) {
	if file, present := s.old[name]; present {
		file.ours = true
		s.old[name] = file
	}
}

// entries returns the files of the output folder with their stamps.
func (s *stage) entries() []disk.Entry {
	out := make([]disk.Entry, 0, len(s.old))
	for name, file := range s.old {
		out = append(out, disk.Entry{Path: name, Stamp: file.stamp})
	}
	return out
}

// foreign returns the files of the output folder that this program did not write.
func (s *stage) foreign() []string {
	var out []string
	for name, file := range s.old {
		if _, wanted := s.paths[name]; !wanted && !file.ours && !isHousekeeping(path.Base(name)) {
			out = append(out, name)
		}
	}
	return out
}

// close gives up what was not committed.
func (s *stage) close() {
	s.clean()
	_ = s.lock.Unlock()
}

// clean removes what is not needed: an unfinished portal or, after commit, the old one. What a journal still needs stays.
func (s *stage) clean() {
	if _, err := os.Lstat(s.journal()); err != nil {
		_ = os.RemoveAll(s.dir)
	}
}

// put adds a file of the new portal. scratch is a buffer of the worker's for comparing.
func (s *stage) put(name string, data []byte, scratch *[]byte) error {
	var stamp disk.Stamp
	changed := s.fresh || !sameFile(filepath.Join(s.dest, filepath.FromSlash(name)), data, scratch)
	if changed {
		var err error
		if stamp, err = writeNew(filepath.Join(s.dir, filepath.FromSlash(name)), data); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, twice := s.paths[name]; twice {
		return fmt.Errorf("write %s: two outputs have this path", name)
	}
	s.paths[name] = changed
	s.bytes += int64(len(data))
	if changed {
		s.written++
		s.made[name] = stamp
	}
	return nil
}

// putMoved adds a file that the old portal may have, with the same bytes, under another name.
func (s *stage) putMoved(name, old string, data []byte, scratch *[]byte) error {
	if s.fresh || !sameFile(filepath.Join(s.dest, filepath.FromSlash(old)), data, scratch) {
		return s.put(name, data, scratch)
	}
	return s.keep(name, old, int64(len(data)))
}

// has reports whether the output folder has a file as it is remembered: by its stamp, or else by its bytes.
func (s *stage) has(name string, o *memory.Output) bool {
	<-s.listed
	file, present := s.old[name]
	if s.fault != nil || !present || !file.ours || file.stamp.Size != o.Size {
		return false
	}
	if o.Stamp != (disk.Stamp{}) && file.stamp == o.Stamp {
		return true
	}
	data, err := os.ReadFile(filepath.Join(s.dest, filepath.FromSlash(name)))
	return err == nil && int64(len(data)) == o.Size && pack.SumOf(data) == o.Sum
}

// stampOf returns the stamp that a file of the new portal has after commit: what is known of it where nothing was done to the file itself since.
func (s *stage) stampOf(name string) disk.Stamp {
	switch file, stays := s.old[name]; {
	case s.exchanged && s.made[name] != disk.Stamp{}:
		return s.made[name]
	case s.swapped:
	case stays && !s.paths[name]:
		return file.stamp
	case s.moved[name] != "": // its folder has another name
		return s.old[s.moved[name]].stamp
	}
	info, err := os.Lstat(filepath.Join(s.dest, filepath.FromSlash(name)))
	if err != nil {
		return disk.Stamp{}
	}
	return disk.StampOf(info)
}

// keep adds a file that the output folder has, as has found, under this or another name.
func (s *stage) keep(name, old string, size int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keepLocked(name, old, size)
}

// keepAll is keep for many files.
func (s *stage) keepAll(files []keptFile) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range files {
		if err := s.keepLocked(files[i].name, files[i].old, files[i].output.Size); err != nil {
			return err
		}
	}
	return nil
}

func (s *stage) keepLocked(name, old string, size int64) error {
	if _, twice := s.paths[name]; twice {
		return fmt.Errorf("keep %s: two outputs have this path", name)
	}
	s.paths[name] = false
	if name != old {
		s.moved[name] = old
	}
	s.bytes += size
	return nil
}

// sameFile reports whether the file has exactly these bytes.
func sameFile(name string, data []byte, scratch *[]byte) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() != int64(len(data)) || !info.Mode().IsRegular() {
		return false
	}
	if cap(*scratch) < len(data) {
		*scratch = make([]byte, len(data)*3/2)
	}
	buf := (*scratch)[:len(data)]
	if _, err := io.ReadFull(f, buf); err != nil {
		return false
	}
	return bytes.Equal(buf, data)
}

// writeNew writes a file that does not exist yet, making its folder.
func writeNew(name string, data []byte) (disk.Stamp, error) {
	if filepath.Base(name) == "index.html" { // almost always the first file of its folder: saves a call that fails
		if err := makeFolder(filepath.Dir(name)); err != nil {
			return disk.Stamp{}, err
		}
	}
	stamp, err := disk.Create(name, data)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeFolder(filepath.Dir(name)); err != nil {
			return disk.Stamp{}, err
		}
		return disk.Create(name, data)
	}
	return stamp, err
}

// makeFolder makes a folder, trying first what is most often right: that only the last part is missing.
func makeFolder(dir string) error {
	err := os.Mkdir(dir, 0o755)
	if errors.Is(err, fs.ErrNotExist) {
		return os.MkdirAll(dir, 0o755)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// result is what commit did.
type result struct {
	written, removed, kept int
	bytes                  int64    // of the whole portal
	foreign                []string // files of others, left alone
	inPlace                bool     // the folders could not be exchanged
}

// compare finds what the new portal lacks of the old one.
func (s *stage) compare(res *result) error {
	var moved []byte
	for name, file := range s.old {
		anew, wanted := s.paths[name]
		switch ours := file.ours; {
		case !wanted && ours && name != manifestName:
			if rest, inside := strings.CutPrefix(name, s.move[0]); inside && s.move[0] != "" {
				moved = append(append(moved[:0], s.move[1]...), rest...)
				if s.moved[string(moved)] == name {
					continue // moved away: neither removed nor written
				}
			}
			s.leaving = append(s.leaving, name)
		case wanted && !ours && anew:
			return &ForeignError{filepath.Join(s.dest, filepath.FromSlash(name))}
		case !wanted && !ours:
			res.foreign = append(res.foreign, name)
		}
	}
	slices.Sort(res.foreign)
	res.removed = len(s.leaving)
	return nil
}

// commit puts the new portal in the old one's place.
func (s *stage) commit() (result, error) {
	<-s.listed
	if s.manifest == nil {
		s.complete()
	}
	manifest := s.manifest()
	if s.fault != nil {
		return result{}, s.fault
	}
	var res result
	if err := s.compare(&res); err != nil {
		return result{}, err
	}
	res.bytes = s.bytes
	if err := s.put(manifestName, manifest, new([]byte)); err != nil {
		return result{}, err
	}
	res.written = s.written
	res.kept = len(s.paths) - s.written
	var err error
	switch {
	case s.written == 0 && res.removed == 0 && len(s.moved) == 0:
	default:
		if j, small := s.small(); small {
			err = s.putInPlace(j)
			break
		}
		s.swapped = true
		err = s.swap(&res)
	}
	res.written -= btoi(s.paths[manifestName])
	res.kept -= btoi(!s.paths[manifestName])
	return res, err
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// complete says that every file of the new portal was put or kept: its list is made while links are checked.
func (s *stage) complete() {
	list := make(chan []byte, 1)
	s.manifest = func() []byte { return <-list }
	go func() { list <- s.names() }()
}

// names lists the files of the new portal.
func (s *stage) names() []byte {
	names := make([]string, 0, len(s.paths))
	for name := range s.paths {
		names = append(names, name)
	}
	slices.Sort(names)
	return []byte(strings.Join(names, "\n") + "\n")
}

// swap completes the new folder with links to what stays and exchanges it with the old one.
func (s *stage) swap(res *result) error {
	_, err := os.Lstat(s.dest)
	absent := errors.Is(err, fs.ErrNotExist)
	if err == nil {
		if err := s.linkKept(res.foreign); err != nil {
			return err
		}
	}
	if absent {
		if err := os.MkdirAll(filepath.Dir(s.dest), 0o755); err != nil {
			return fmt.Errorf("make output folder: %w", err)
		}
		if err := os.Rename(s.dir, s.dest); err != nil {
			return fmt.Errorf("put the new portal in place: %w", err)
		}
		s.exchanged = true
		return nil
	}
	if err := exchange(s.dir, s.dest); err != nil {
		// a mount point or another file system: file by file is the best that can be done
		res.inPlace = true
		return s.inPlace()
	}
	s.exchanged = true
	return nil // close removes the old portal, which lies in s.dir now
}

// linkKept links every file that stays into the new folder, and others' files and empty folders as they are.
func (s *stage) linkKept(foreign []string) error {
	stay := slices.Clone(foreign)
	for name, anew := range s.paths {
		if !anew {
			stay = append(stay, name)
		}
	}
	slices.Sort(stay) // file by file in one folder
	for _, name := range stay {
		from, to := filepath.Join(s.dest, filepath.FromSlash(cmp.Or(s.moved[name], name))), filepath.Join(s.dir, filepath.FromSlash(name))
		if err := linkFile(from, to); err != nil {
			return fmt.Errorf("keep %s: %w", name, err)
		}
	}
	own := s.ownFolders()
	for _, dir := range s.dirs {
		if !own[dir] {
			if err := os.MkdirAll(filepath.Join(s.dir, filepath.FromSlash(dir)), 0o755); err != nil {
				return fmt.Errorf("keep %s: %w", dir, err)
			}
		}
	}
	return nil
}

// ownFolders returns the folders that have files of ours in them.
func (s *stage) ownFolders() map[string]bool {
	own := map[string]bool{".": true}
	for name, file := range s.old {
		for dir := path.Dir(name); file.ours && !own[dir]; dir = path.Dir(dir) {
			own[dir] = true
		}
	}
	return own
}

// linkFile makes the same file appear under another name, with its time; where links are not to be had it is copied.
func linkFile(from, to string) error {
	err := os.Link(from, to)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeFolder(filepath.Dir(to)); err != nil {
			return err
		}
		err = os.Link(from, to)
	}
	if err == nil {
		return nil
	}
	info, err := os.Lstat(from)
	if err != nil {
		return err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		target, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return os.Symlink(target, to)
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if _, err := writeNew(to, data); err != nil {
		return err
	}
	return os.Chtimes(to, info.ModTime(), info.ModTime())
}

// inPlace writes the changed files into the output folder one by one, pages after the files that they use, and removes what is gone.
func (s *stage) inPlace() error {
	var names []string
	for name, anew := range s.paths {
		if anew {
			names = append(names, name)
		}
	}
	for name := range s.moved {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if pa, pb := path.Ext(a) == ".html", path.Ext(b) == ".html"; pa != pb {
			return btoi(pa) - btoi(pb)
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		from := filepath.Join(s.dir, filepath.FromSlash(name))
		if old, moved := s.moved[name]; moved {
			from = filepath.Join(s.dest, filepath.FromSlash(old))
		}
		data, err := os.ReadFile(from)
		if err != nil {
			return fmt.Errorf("put %s in place: %w", name, err)
		}
		to := filepath.Join(s.dest, filepath.FromSlash(name))
		temporary := to + ".gongkai-new"
		_ = os.Remove(temporary)
		if _, err := writeNew(temporary, data); err != nil {
			return fmt.Errorf("put %s in place: %w", name, err)
		}
		if err := os.Rename(temporary, to); err != nil {
			return fmt.Errorf("put %s in place: %w", name, err)
		}
	}
	for name, file := range s.old {
		if _, wanted := s.paths[name]; file.ours && !wanted {
			if err := os.Remove(filepath.Join(s.dest, filepath.FromSlash(name))); err != nil {
				return fmt.Errorf("remove %s: %w", name, err)
			}
		}
	}
	own := s.ownFolders()
	for _, dir := range slices.Backward(s.dirs) {
		if dir != "." && own[dir] {
			_ = os.Remove(filepath.Join(s.dest, filepath.FromSlash(dir))) // fails, rightly, where it is not empty
		}
	}
	return nil
}
