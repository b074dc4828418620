package disk

import (
	"io/fs"
	"time"
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
