package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/tools/txtar"

	"gongkai/generator/finding"
)

func TestMain(m *testing.M) {
	testscript.Main(cleaning{m}, map[string]func(){"gongkai": main})
}

// cleaning runs the tests and removes the portals that they have shared.
type cleaning struct{ *testing.M }

func (c cleaning) Run() int {
	code := c.M.Run()
	for _, dir := range shared {
		if err := os.RemoveAll(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = max(code, 1)
		}
	}
	return code
}

// shared are the folders of the portals of the sample district that tests share: they read them only.
var shared []string

// sample builds the sample district for an address, once for all tests.
func sample(address string) func(t *testing.T) (public string) {
	built := sync.OnceValues(func() (string, error) {
		dir, err := os.MkdirTemp("", "gongkai-sample-")
		if err != nil {
			return "", err
		}
		shared = append(shared, dir)
		public := filepath.Join(dir, "public")
		var report strings.Builder
		if code := run([]string{"build", "-q", "-s", "../..", "-d", public, "-b", address, "--clock", "2026-11-23"}, func(string) string { return "" }, &report, io.Discard); code != exitClean {
			return "", fmt.Errorf("build of the sample district ended with %d:\n%s", code, report.String())
		}
		return public, nil
	})
	return func(t *testing.T) string {
		t.Helper()
		public, err := built()
		if err != nil {
			t.Fatal(err)
		}
		return public
	}
}

var (
	sampleBelow  = sample("http://127.0.0.1/sub/")
	sampleAtRoot = sample("http://127.0.0.1/")
)

// TestScripts runs testdata/script: one behaviour of the command each. A script starts in the district of testdata/base.txtar,
// on 2026-11-23.
func TestScripts(t *testing.T) {
	base, err := txtar.ParseFile("testdata/base.txtar")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(e *testscript.Env) error {
			e.Setenv("SOURCE_DATE_EPOCH", "1795392000") // 2026-11-23 00:00 UTC, 8 o'clock in China
			e.Setenv("LANG", "zh_CN.UTF-8")
			e.Setenv("CI", "true") // links to other sites are checked where a script asks for it
			for _, f := range base.Files {
				name := filepath.Join(e.WorkDir, filepath.FromSlash(f.Name))
				if _, err := os.Lstat(name); err == nil {
					continue
				}
				if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
					return err
				}
				if err := os.WriteFile(name, f.Data, 0o644); err != nil {
					return err
				}
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"bytes": writeBytes, "mtime": compareTime, "lock": lockFile, "web": startWeb},
	})
}

// TestEveryRuleHasAScript holds that no rule is added without a script in which it is met; the base district, with which each script starts,
// meets none.
func TestEveryRuleHasAScript(t *testing.T) {
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range scripts {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for _, r := range finding.Rules() {
		if !strings.Contains(all.String(), r.ID) {
			t.Errorf("no script meets %s", r.ID)
		}
	}
}
