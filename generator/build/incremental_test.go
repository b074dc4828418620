package build

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gongkai/generator/finding"
	"gongkai/generator/parallel"
)

// Whoever looks for defects longer than the CI does sets these: GONGKAI_INCREMENTAL_RUNS is how many sequences of steps are tried, and
// GONGKAI_INCREMENTAL_STEPS how long they are; GONGKAI_INCREMENTAL_SEED tries the one sequence of a failure again.
const (
	runsVariable  = "GONGKAI_INCREMENTAL_RUNS"
	stepsVariable = "GONGKAI_INCREMENTAL_STEPS"
	seedVariable  = "GONGKAI_INCREMENTAL_SEED"
)

// settlingTime is how long a file has to lie still until a build takes its stamp for its bytes.
const settlingTime = 120 * time.Millisecond

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
	kind  *kind
	seed  uint64
	hurry bool // it comes right after the build before, when stamps do not tell of a change yet
}

// apply makes the change and returns what it did, "" where there was nothing to change.
func (w *world) apply(s step) string {
	if !s.hurry {
		time.Sleep(settlingTime)
	}
	w.r = rand.New(rand.NewPCG(s.seed, 1))
	return s.kind.do(w)
}

// build builds with the cache. A portal that cannot be built, because a step broke it, is left as it is.
func (w *world) build() { _, _, _ = Run(w.options()) }

// verify builds with the cache, and returns in what the result differs from a build from nothing; then it builds again, which has nothing left to do.
func (w *world) verify() string {
	opt := w.options()
	summary, findings, err := Run(opt)
	if err != nil {
		return w.failsToo(err)
	}
	var found []Difference
	if w.begun != nil && w.unchanged() {
		found, err = w.begun.compared(opt, summary, findings)
	} else {
		found, err = Verify(opt, summary, findings)
	}
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
	case !slices.Equal(lasting(findings), sameFindings):
		return fmt.Sprintf("the second build found %d and the first %d, or others", len(sameFindings), len(lasting(findings)))
	}
	for _, f := range summaryFacts {
		if a, b := f.of(summary), f.of(again); a != b {
			return fmt.Sprintf("%s: %d in the first build, %d in the second", f.en, a, b)
		}
	}
	return ""
}

// beginning is the portal of a district as it is at the beginning, built from nothing once: steps that change nothing but the output or the cache are held
// against it.
type beginning struct {
	opt      Options
	summary  *Summary
	findings []finding.Finding
}

func newBeginning(t testing.TB) *beginning {
	w := newWorld(t, quickDir(t))
	b := &beginning{opt: w.options()}
	b.opt.Cache, b.opt.Program = "", ""
	var err error
	if b.summary, b.findings, err = Run(b.opt); err != nil {
		t.Fatal(err)
	}
	return b
}

// compared is Verify without the build from nothing.
func (b *beginning) compared(opt Options, summary *Summary, findings []finding.Finding) ([]Difference, error) {
	v := &verifying{opt: opt, clean: b.opt}
	err := v.with(b.summary, b.findings, summary, findings)
	return v.found, err
}

// unchanged reports whether what is built is what it was at the beginning.
func (w *world) unchanged() bool {
	return maps.Equal(w.files, w.first) && w.now.Equal(worldClock) && w.baseURL == "" && !w.noSearch
}

// failsToo says so where a build from nothing does not fail as well.
func (w *world) failsToo(err error) string {
	opt := w.options()
	opt.Destination, opt.Cache, opt.Program = filepath.Join(w.root, "clean", "public"), "", ""
	defer os.RemoveAll(filepath.Join(w.root, "clean"))
	_, _, other := Run(opt)
	for _, kind := range []error{ErrBaseURL, ErrSettings, ErrTheme, ErrBusy, ErrDestination} {
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

// seedOf makes a seed of a name.
func seedOf(name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return h.Sum64()
}

// replay makes a district, builds it, makes the steps with a build after each, and verifies the last one. It returns what the steps did and what is wrong.
func replay(t testing.TB, steps []step) (did []string, wrong string) {
	w := newWorld(t, filepath.Join(quickDir(t), "again"))
	defer os.RemoveAll(w.root)
	w.build()
	for i, s := range steps {
		what := w.apply(s)
		if what == "" {
			what = "(nothing to do)"
		}
		hurry := ""
		if s.hurry {
			hurry = " (at once)"
		}
		did = append(did, fmt.Sprintf("%s%s: %s", s.kind.name, hurry, what))
		if i < len(steps)-1 {
			w.build()
		}
	}
	return did, w.verify()
}

// Bounds of looking for fewer steps that fail as well. The time is for all failures of a test together.
const (
	minimisingTries = 60
	minimisingTime  = 90 * time.Second
)

// minimised leaves out steps that are not needed for a failure: halves, quarters and so on, then single ones.
func minimised(steps []step, until time.Time, fails func([]step) bool) []step {
	tries := 0
	for size := max(1, len(steps)/2); ; size = max(1, size/2) {
		removed := false
		for at := 0; at < len(steps); {
			if tries++; tries > minimisingTries || time.Now().After(until) {
				return steps
			}
			fewer := slices.Delete(slices.Clone(steps), at, min(at+size, len(steps)))
			if fails(fewer) {
				steps, removed = fewer, true
			} else {
				at += size
			}
		}
		if size == 1 && !removed {
			return steps
		}
	}
}

// failed reports a sequence of steps after which a build with the cache is not one from nothing: as few of them as are needed, as far as there is time to
// find out.
func failed(t *testing.T, steps []step, wrong, again string, until time.Time) {
	t.Helper()
	if time.Now().After(until) {
		t.Errorf("not as built from nothing: %s\n\tafter %d steps, the last one: %s\n\t%s", wrong, len(steps), steps[len(steps)-1].kind.name, again)
		return
	}
	fails := func(s []step) bool { _, wrong := replay(t, s); return wrong != "" }
	begin := 0 // of the last part that begins with nothing changed
	for i, s := range steps {
		if s.kind == &restored {
			begin = i + 1
		}
	}
	all := len(steps)
	if part := steps[begin:]; begin > 0 && fails(part) {
		steps = part
	}
	did, still := replay(t, minimised(steps, until, fails))
	if still == "" {
		t.Errorf("not as built from nothing: %s\n\tafter %d steps; the same steps once more did not show it\n\t%s", wrong, all, again)
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "not as built from nothing: %s\n\tafter these steps, of %d:", still, all)
	for i, d := range did {
		fmt.Fprintf(&b, "\n\t%3d. %s", i+1, d)
	}
	t.Errorf("%s\n\t%s", b.String(), again)
}

// restored makes the district what it was at the beginning; the portal and what lies beside it stay.
var restored = kind{name: "restored", do: func(w *world) string {
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
	w.now, w.baseURL, w.noSearch, w.program, w.jobs = worldClock, "", false, "one", 2
	return "made everything what it was at the beginning"
}}

// relaxedMemory lets the collector run less often: what a build of a small portal needs is short-lived and large.
func relaxedMemory(t *testing.T) {
	before := debug.SetGCPercent(400)
	t.Cleanup(func() { debug.SetGCPercent(before) })
}

// lanes is how many districts are worked on at once: more than there are processors, because steps wait.
const lanes = 4

// TestIncrementalBuildAfterEachKindOfChange makes each kind of change alone, and expects the build after it to be what a build from nothing is.
func TestIncrementalBuildAfterEachKindOfChange(t *testing.T) {
	relaxedMemory(t)
	every := 1
	if testing.Short() {
		every = 4
	}
	var chosen []kind
	for i, k := range kinds {
		if !k.together && i%every == 0 {
			chosen = append(chosen, k)
		}
	}
	begun := newBeginning(t)
	wrong, history := make([]string, len(chosen)), make([][]step, len(chosen))
	parallel.Each(lanes, lanes, func(_, lane int) {
		w := newWorld(t, filepath.Join(quickDir(t), "lane"))
		w.begun = begun
		w.build()
		var made []step
		for i := lane; i < len(chosen); i += lanes {
			k := &chosen[i]
			for _, name := range k.before {
				made = append(made, step{kind: kindNamed(name), seed: seedOf(name + " before " + k.name)})
				w.apply(made[len(made)-1])
				w.build()
			}
			made = append(made, step{kind: k, seed: seedOf(k.name)})
			if w.apply(made[len(made)-1]) == "" {
				wrong[i] = "nothing to change"
			} else {
				wrong[i] = w.verify()
			}
			history[i] = slices.Clone(made)
			made = append(made, step{kind: &restored})
			w.apply(made[len(made)-1])
			w.build()
		}
	})
	until := time.Now().Add(minimisingTime)
	for i, k := range chosen {
		t.Run(k.name, func(t *testing.T) {
			if wrong[i] != "" {
				failed(t, history[i], wrong[i], "", until)
			}
		})
	}
}

// menders are what follows a step after which nothing can be built, so that the sequence goes on.
var menders = map[string]string{
	"address that is none": "address by option taken back",
	"template broken":      "overrides removed",
	"template that fails":  "overrides removed",
}

// sequence makes up a sequence of steps.
func sequence(seed uint64, n int) []step {
	r := rand.New(rand.NewPCG(seed, 0))
	groups := [][]kind{documentKinds, documentKinds, fileKinds, catalogKinds, settingKinds, themeKinds, clockKinds, outputKinds, cacheKinds}
	var out []step
	for len(out) < n {
		group := groups[r.IntN(len(groups))]
		k := &group[r.IntN(len(group))]
		out = append(out, step{k, r.Uint64(), r.IntN(2) == 0})
		if mender := menders[k.name]; mender != "" {
			out = append(out, step{kindNamed(mender), r.Uint64(), r.IntN(2) == 0})
		}
	}
	return out
}

// verifiedEvery is after how many steps of a sequence the portal is verified: a defect usually stays.
const verifiedEvery = 3

// TestIncrementalBuildAfterSequencesOfChanges makes changes one after the other, of all kinds, and expects the builds to be what builds from nothing are.
func TestIncrementalBuildAfterSequencesOfChanges(t *testing.T) {
	relaxedMemory(t)
	runs, length := fromEnvironment(t, runsVariable, 4), fromEnvironment(t, stepsVariable, 15)
	if testing.Short() {
		runs = min(runs, 2)
	}
	var seeds []uint64
	for i := range runs {
		seeds = append(seeds, uint64(i+1))
	}
	if os.Getenv(seedVariable) != "" {
		seeds = []uint64{uint64(fromEnvironment(t, seedVariable, 0))}
	}
	wrong, history := make([]string, len(seeds)), make([][]step, len(seeds))
	parallel.Each(lanes, len(seeds), func(_, i int) {
		w := newWorld(t, filepath.Join(quickDir(t), "sequence"))
		defer os.RemoveAll(w.root)
		w.build()
		steps := sequence(seeds[i], length)
		for n, s := range steps {
			w.apply(s)
			if (n+1)%verifiedEvery != 0 && n != len(steps)-1 {
				w.build()
				continue
			}
			if wrong[i] = w.verify(); wrong[i] != "" {
				history[i] = steps[:n+1]
				return
			}
		}
	})
	until := time.Now().Add(minimisingTime)
	for i, seed := range seeds {
		if wrong[i] != "" {
			failed(t, history[i], wrong[i], fmt.Sprintf("once more: %s=%d %s=%d", seedVariable, seed, stepsVariable, length), until)
		}
	}
}

// TestIncrementalBuildLeavesTheRestAlone expects a file whose bytes stay to keep its time: servers and mirrors go by it.
func TestIncrementalBuildLeavesTheRestAlone(t *testing.T) {
	for _, name := range []string{"body edited", "title edited", "document deleted", "attachment swapped", "portal renamed", "script overridden", "all touched"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, filepath.Join(quickDir(t), "rest"))
			w.build()
			before := look(t, w.dest())
			if w.apply(step{kind: kindNamed(name), seed: 3}) == "" {
				t.Fatal("nothing to change")
			}
			s, _, err := Run(w.options())
			if err != nil {
				t.Fatal(err)
			}
			changed, kept := 0, 0
			for file, now := range look(t, w.dest()) {
				switch was, there := before[file]; {
				case !there || was.bytes != now.bytes:
					changed++
				case !was.time.Equal(now.time):
					t.Errorf("%s has the same bytes and another time", file)
				default:
					kept++
				}
			}
			if kept == 0 || s.Written > changed {
				t.Errorf("%d files written, %d are new or have other bytes, %d have kept their time", s.Written, changed, kept)
			}
		})
	}
}

// looked is what is seen of a file.
type looked struct {
	bytes string
	time  time.Time
}

func look(t *testing.T, dir string) map[string]looked {
	t.Helper()
	files, err := listFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]looked{}
	for name := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		data, err := os.ReadFile(full)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(full)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = looked{string(data), info.ModTime()}
	}
	return out
}

// killedVariable names the folder of a district to the process that builds it and is killed.
const killedVariable = "GONGKAI_TEST_INCREMENTAL"

// TestIncrementalBuildAfterKilledOnes kills builds with a cache at random moments. The build after each must be what one from nothing is.
func TestIncrementalBuildAfterKilledOnes(t *testing.T) {
	if root := os.Getenv(killedVariable); root != "" {
		w := &world{root: root, now: worldClock, program: "one", jobs: 2}
		if _, _, err := Run(w.options()); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	relaxedMemory(t)
	w := newWorld(t, filepath.Join(quickDir(t), "killed"))
	w.build()
	r := rand.New(rand.NewPCG(1, 2))
	change := func(hurry bool) string {
		groups := [][]kind{documentKinds, fileKinds, catalogKinds, themeKinds[:4]}
		group := groups[r.IntN(len(groups))]
		return w.apply(step{&group[r.IntN(len(group))], r.Uint64(), hurry})
	}
	other := func() *exec.Cmd {
		cmd := exec.Command(os.Args[0], "-test.run=^TestIncrementalBuildAfterKilledOnes$")
		cmd.Env = append(os.Environ(), killedVariable+"="+w.root)
		return cmd
	}
	did := []string{change(false)}
	start := time.Now()
	if out, err := other().CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	whole := time.Since(start)
	rounds := 12
	if testing.Short() {
		rounds = 4
	}
	killed := 0
	for range rounds {
		did = append(did, change(false))
		cmd := other()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(whole/4 + time.Duration(r.Int64N(int64(whole))))
		_ = cmd.Process.Kill()
		if cmd.Wait() != nil {
			killed++
		}
		if r.IntN(2) == 0 {
			did = append(did, change(true))
		}
		if wrong := w.verify(); wrong != "" {
			t.Fatalf("not as built from nothing after a build that was killed: %s\n\t%s", wrong, strings.Join(did, "\n\t"))
		}
	}
	t.Logf("%d of %d builds were killed", killed, rounds)
}

// TestIncrementalBuildsAtOnce starts several builds of one portal at once: one is done, the others are told that it runs, and the result is that of a build from nothing.
func TestIncrementalBuildsAtOnce(t *testing.T) {
	w := newWorld(t, filepath.Join(quickDir(t), "once"))
	w.build()
	for i := range 3 {
		w.apply(step{kind: kindNamed("title edited"), seed: uint64(i)})
		errs := make([]error, 4)
		parallel.Each(len(errs), len(errs), func(_, i int) { _, _, errs[i] = Run(w.options()) })
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
			} else if !errors.Is(err, ErrBusy) {
				t.Fatal(err)
			}
		}
		if done == 0 {
			t.Fatal("none of the builds was done")
		}
		if wrong := w.verify(); wrong != "" {
			t.Fatal(wrong)
		}
	}
}

func TestMinimisingKeepsWhatIsNeeded(t *testing.T) {
	var steps []step
	for i := range 15 {
		steps = append(steps, step{seed: uint64(i)})
	}
	has := func(s []step, seed uint64) bool {
		return slices.ContainsFunc(s, func(s step) bool { return s.seed == seed })
	}
	got := minimised(steps, time.Now().Add(time.Minute), func(s []step) bool { return has(s, 3) && has(s, 11) })
	if len(got) != 2 || !has(got, 3) || !has(got, 11) {
		t.Errorf("minimised to %v", got)
	}
	tries := 0
	minimised(steps, time.Now().Add(time.Minute), func([]step) bool { tries++; return tries%2 == 0 })
	if tries > minimisingTries {
		t.Errorf("%d tries", tries)
	}
}
