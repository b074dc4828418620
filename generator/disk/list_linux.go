package disk

import (
	"bytes"
	"io/fs"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// read lists one folder. A portal has a folder for each page: what package os does for every one that is opened (a finalizer, the poller, an object for each
// name) would be half of the time that listing takes.
func (l *lister) read(folder string, w *listing) ([]Entry, error) {
	full := l.dir
	if folder != "." {
		full = strings.TrimSuffix(l.dir, "/") + "/" + folder
	}
	fd, err := open(full, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	if w.buffer == nil {
		w.buffer = make([]byte, 32<<10)
	}
	w.entries, w.path = w.entries[:0], w.path[:0]
	if folder != "." {
		w.path = append(append(w.path, folder...), '/')
	}
	prefix := len(w.path)
	for {
		n, err := again(func() (int, error) { return unix.ReadDirent(fd, w.buffer) })
		if err != nil {
			return nil, &fs.PathError{Op: "readdirent", Path: full, Err: err}
		}
		if n <= 0 {
			return w.entries, nil
		}
		for rest := w.buffer[:n]; len(rest) > 0; {
			d := (*unix.Dirent)(unsafe.Pointer(&rest[0]))
			name := rest[unsafe.Offsetof(d.Name):d.Reclen]
			number, kind := d.Ino, d.Type
			rest = rest[d.Reclen:]
			name = name[:bytes.IndexByte(name, 0)]
			if number == 0 || string(name) == "." || string(name) == ".." {
				continue
			}
			w.path = append(w.path[:prefix], name...)
			e := Entry{Path: string(w.path), Folder: kind == unix.DT_DIR, Link: kind == unix.DT_LNK}
			if l.stamps && !e.Folder || kind == unix.DT_UNKNOWN {
				var s unix.Stat_t
				_, err := again(func() (int, error) { return 0, unix.Fstatat(fd, e.Path[prefix:], &s, unix.AT_SYMLINK_NOFOLLOW) })
				if err == unix.ENOENT {
					continue // it has gone meanwhile
				}
				if err != nil {
					return nil, &fs.PathError{Op: "stat", Path: e.Path, Err: err}
				}
				e.Folder, e.Link = s.Mode&unix.S_IFMT == unix.S_IFDIR, s.Mode&unix.S_IFMT == unix.S_IFLNK
				if l.stamps && !e.Folder {
					e.Stamp = Stamp{s.Size, s.Mtim.Nano(), s.Ctim.Nano(), s.Ino}
				}
			}
			w.entries = append(w.entries, e)
		}
	}
}

// again calls until no signal interrupts.
func again(call func() (int, error)) (int, error) {
	for {
		if n, err := call(); err != unix.EINTR {
			return n, err
		}
	}
}
