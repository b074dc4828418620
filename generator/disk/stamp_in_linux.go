package disk

import (
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// stampIn returns the stamp of a file in an open folder. Asking by the folder saves the system the way to it for each of its files.
func stampIn(folder *os.File, d fs.DirEntry) (Stamp, error) {
	var s unix.Stat_t
	for {
		err := unix.Fstatat(int(folder.Fd()), d.Name(), &s, unix.AT_SYMLINK_NOFOLLOW)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return Stamp{}, &fs.PathError{Op: "stat", Path: d.Name(), Err: err}
		}
		return Stamp{s.Size, s.Mtim.Nano(), s.Ctim.Nano(), s.Ino}, nil
	}
}
