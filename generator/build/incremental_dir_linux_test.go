package build

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// memoryFolder is where Linux keeps files in memory.
const memoryFolder = "/dev/shm"

// enoughMemory is how much has to be free there: some districts, each with a portal and the one that it is compared with.
const enoughMemory = 1 << 30

// quickDir returns a folder for a test that makes many small files, in memory where there is room: creating a file on a disk that others
// use as well can take longer than rendering it.
func quickDir(t testing.TB) string {
	t.Helper()
	var s unix.Statfs_t
	if err := unix.Statfs(memoryFolder, &s); err != nil || s.Bavail*uint64(s.Bsize) < enoughMemory {
		return t.TempDir()
	}
	removeForgotten()
	dir, err := os.MkdirTemp(memoryFolder, "gongkai-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// removeForgotten removes what tests that were killed left in memory an hour ago or earlier.
func removeForgotten() {
	dirs, _ := filepath.Glob(filepath.Join(memoryFolder, "gongkai-test-*"))
	for _, dir := range dirs {
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.RemoveAll(dir)
		}
	}
}
