package build

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

)

// Whoever looks for defects longer than the CI does sets these: GONGKAI_INCREMENTAL_RUNS is how many sequences of steps are tried, and
// GONGKAI_INCREMENTAL_STEPS how long they are; GONGKAI_INCREMENTAL_SEED tries the one sequence of a failure again.
const (
	runsVariable  = "GONGKAI_INCREMENTAL_RUNS"
	stepsVariable = "GONGKAI_INCREMENTAL_STEPS"
	seedVariable  = "GONGKAI_INCREMENTAL_SEED"
)

// settlingTime is how long a file has to lie still until a build takes its stamp for its bytes.
const settlingTime = 2300 * time.Millisecond

func fromEnvironment(t *testing.T, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// step is one change in a sequence. The seed decides what it changes, so that steps which are left out do not change the others.
type step struct {
	kind *kind
	seed uint64
}

// apply makes the change and returns what it did, "" where there was nothing to change.
func (w *world) apply(s step) string {
	w.r = rand.New(rand.NewPCG(s.seed, 1))
	return s.kind.do(w)
}

// build builds with the cache. A portal that cannot be built is no fault of the test's.
func (w *world) build() { _, _, _ = Run(w.options()) }

// verify builds with the cache, and returns in what the result differs from a build from nothing; then it builds again, which has nothing left to do.
func (w *world) verify() string {
	opt := w.options()
	summary, findings, err := Run(opt)
	if err != nil {
		return w.failsToo(err)
	}
	found, err := Verify(opt, summary, findings)
	if err != nil {
		return "verify: " + err.Error()
	}
	if len(found) > 0 {
		return describe(found)
	}
	if empty := emptyFolders(w.dest()); len(empty) > 0 {
		return fmt.Sprintf("folders without files: %v", empty)
	}
	again, sameFindings, err := Run(opt)
	switch {
	case err != nil:
		return "the second build: " + err.Error()
	case again.Written != 0 || again.Removed != 0:
		return fmt.Sprintf("the second build wrote %d files and removed %d", again.Written, again.Removed)
	case !slices.Equal(findings, sameFindings):
		return fmt.Sprintf("the second build found %d and the first %d, or others", len(sameFindings), len(findings))
	}
	for _, f := range summaryFacts {
		if a, b := f.of(summary), f.of(again); a != b {
			return fmt.Sprintf("%s: %d in the first build, %d in the second", f.en, a, b)
		}
	}
	return ""
}

// failsToo says so where a build from nothing does not fail as well.
func (w *world) failsToo(err error) string {
	opt := w.options()
	opt.Destination, opt.Cache, opt.Program = filepath.Join(w.root, "clean", "public"), "", ""
	defer os.RemoveAll(filepath.Join(w.root, "clean"))
	_, _, other := Run(opt)
	for _, kind := range []error{ErrBaseURL, ErrTheme, ErrBusy, ErrDestination} {
		if errors.Is(err, kind) && errors.Is(other, kind) {
			return ""
		}
	}
	return fmt.Sprintf("the build fails: %v; one from nothing: %v", err, other)
}

// describe writes down the first differences.
func describe(found []Difference) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d differences:", len(found))
	for i, d := range found {
		if i == 8 {
			b.WriteString("\n\t\t…")
			break
		}
		b.WriteString("\n\t\t" + d.Message.EN)
	}
	return b.String()
}

// emptyFolders returns the folders of a tree that have nothing in them.
func emptyFolders(dir string) []string {
	var out []string
	must(filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		entries, err := os.ReadDir(p)
		if len(entries) == 0 {
			out = append(out, p[len(dir):])
		}
		return err
	}))
	return out
}

// restore makes the district what it was at the beginning; the portal and what lies beside it stay.
func (w *world) restore() {
	for name := range maps.Clone(w.files) {
		if _, kept := w.first[name]; !kept {
			w.remove(name)
		}
	}
	for name, text := range w.first {
		if w.files[name] != text {
			w.write(name, text)
		}
	}
	w.now, w.baseURL, w.noSearch = worldClock, "", false
}

// seedOf makes a seed of a name.
func seedOf(name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return h.Sum64()
}
