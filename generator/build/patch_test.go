package build

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// A build that is killed while it puts a small change in place is finished by the next one, whatever it had done.
func TestKilledSmallChangeIsFinished(t *testing.T) {
	write := func(st *stage, files map[string]string) {
		t.Helper()
		for name, text := range files {
			if err := st.put(name, []byte(text), new([]byte)); err != nil {
				t.Fatal(err)
			}
		}
	}
	open := func(dest string) *stage {
		t.Helper()
		st, err := openStage(dest, false)
		if err != nil {
			t.Fatal(err)
		}
		return st
	}
	old := map[string]string{"index.html": "old", "a/index.html": "stays", "gone/index.html": "x", "s/1/index.bin": "old", "s/1/dead.bin": "x", "s/1/keep.bin": "k", "search/index.html": "1"}
	prepare := func() (dest string, st *stage, j *journal) {
		dest = filepath.Join(t.TempDir(), "public")
		st = open(dest)
		write(st, old)
		if _, err := st.commit(); err != nil {
			t.Fatal(err)
		}
		st.close()
		st = open(dest)
		st.moveFolder("s/1", "s/2")
		write(st, map[string]string{"index.html": "new", "a/index.html": "stays", "b/c/index.html": "added", "s/2/index.bin": "new", "search/index.html": "2"})
		if err := st.putMoved("s/2/keep.bin", "s/1/keep.bin", []byte("k"), new([]byte)); err != nil {
			t.Fatal(err)
		}
		<-st.listed
		if err := st.compare(new(result)); err != nil {
			t.Fatal(err)
		}
		if err := st.put(manifestName, st.names(), new([]byte)); err != nil {
			t.Fatal(err)
		}
		j, small := st.small()
		if !small {
			t.Fatal("the change is not small")
		}
		return dest, st, j
	}
	dest, st, whole := prepare()
	if err := st.putInPlace(whole); err != nil {
		t.Fatal(err)
	}
	st.close()
	want := snapshot(t, dest)
	for _, name := range []string{"gone", "s/1", "s/2/dead.bin"} {
		if _, err := os.Lstat(filepath.Join(dest, name)); err == nil {
			t.Errorf("%s is still there", name)
		}
	}
	steps := len(whole.Put) + len(whole.Remove) + 1
	for done := range steps + 1 {
		dest, st, j := prepare()
		part := *j
		if done == 0 {
			part.Move = [2]string{}
		}
		part.Put = j.Put[:min(len(j.Put), max(0, done-1))]
		part.Remove = j.Remove[:min(len(j.Remove), max(0, done-1-len(j.Put)))]
		part.Empty = nil
		if err := st.putInPlace(&part); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(j)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(st.journal(), text, 0o644); err != nil {
			t.Fatal(err)
		}
		_ = st.lock.Unlock() // the process is gone, its stage is not
		open(dest).close()
		if snapshot(t, dest) != want {
			t.Errorf("killed after %d of %d steps, the portal is not whole after the next start", done, steps)
		}
		if _, err := os.Lstat(st.journal()); err == nil {
			t.Error("the journal is still there")
		}
	}
}
