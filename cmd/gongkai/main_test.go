package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/tools/txtar"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gongkai": main})
}

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
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"bytes": writeBytes, "mtime": compareTime, "lock": lockFile},
	})
}
