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

// How long a file may still be written without its stamp changing: systems count their clock in steps of up to ten milliseconds, and file systems that know
// whole seconds only, as FAT does, in steps of two.
const (
	settling       = int64(100 * time.Millisecond)
	settlingCoarse = int64(2100 * time.Millisecond)
)

// Settled reports whether every later change of the file would change the stamp, which was taken at a moment.
func (s Stamp) Settled(taken time.Time) bool {
	wait := settling
	if s.Modified%int64(time.Second) == 0 {
		wait = settlingCoarse
	}
	return max(s.Modified, s.Changed)+wait < taken.UnixNano()
}
