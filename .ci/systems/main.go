// Command systems checks the types of the program and its tests as other systems and processors compile them: systems windows/amd64 darwin/arm64.
// Nothing is compiled, so that it takes seconds where a compiler has to begin with the standard library.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// listed is what go list says of a package, or of a package as its tests see it.
type listed struct {
	ImportPath, Dir string
	GoFiles         []string
	ImportMap       map[string]string
	Module          *struct {
		Main      bool
		GoVersion string
	}
	Error *struct{ Err string }
}

func main() {
	log.SetFlags(0)
	if len(os.Args) < 2 {
		log.Fatal("usage: systems OS/ARCH...")
	}
	failed := false
	for _, system := range os.Args[1:] {
		n, err := check(system)
		if err == nil && n == 0 {
			err = errors.New("no packages of the program")
		}
		if err != nil {
			failed = true
			log.Printf("%s:\n%v", system, err)
			continue
		}
		fmt.Printf("ok %s: %d packages and tests of packages\n", system, n)
	}
	if failed {
		os.Exit(1)
	}
}

// check checks everything for one system, and returns how much of it is the program's own.
func check(system string) (own int, err error) {
	goos, goarch, ok := strings.Cut(system, "/")
	sizes := types.SizesFor("gc", goarch)
	if !ok || sizes == nil {
		return 0, fmt.Errorf("no such system or processor")
	}
	packages, err := list(goos, goarch)
	if err != nil {
		return 0, err
	}
	var faults []error
	done := map[string]*types.Package{"unsafe": types.Unsafe}
	files := token.NewFileSet()
	for _, p := range packages { // each comes after what it imports
		if p.Error != nil {
			faults = append(faults, fmt.Errorf("%s: %s", p.ImportPath, p.Error.Err))
		}
		if p.ImportPath == "unsafe" || strings.HasSuffix(p.ImportPath, ".test") { // the latter are made up by the go command
			continue
		}
		ours := p.Module != nil && p.Module.Main
		if ours {
			own++
		}
		var parsed []*ast.File
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				faults = append(faults, err)
				continue
			}
			parsed = append(parsed, f)
		}
		config := types.Config{
			Sizes: sizes, IgnoreFuncBodies: !ours,
			Importer: importer(func(path string) (*types.Package, error) {
				if mapped := p.ImportMap[path]; mapped != "" {
					path = mapped
				}
				if found := done[path]; found != nil {
					return found, nil
				}
				return nil, fmt.Errorf("%s is not there", path)
			}),
			Error: func(err error) { faults = append(faults, err) },
		}
		if p.Module != nil && p.Module.GoVersion != "" {
			config.GoVersion = "go" + p.Module.GoVersion
		}
		path, _, _ := strings.Cut(p.ImportPath, " ")
		done[p.ImportPath], _ = config.Check(path, files, parsed, nil) // faults are told above
	}
	return own, errors.Join(faults...)
}

type importer func(path string) (*types.Package, error)

func (i importer) Import(path string) (*types.Package, error) { return i(path) }

func list(goos, goarch string) ([]*listed, error) {
	cmd := exec.Command("go", "list", "-e", "-deps", "-test", "-json=ImportPath,Dir,GoFiles,ImportMap,Module,Error", "./...")
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var packages []*listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listed)
		switch err := dec.Decode(p); {
		case errors.Is(err, io.EOF):
			return packages, nil
		case err != nil:
			return nil, fmt.Errorf("go list: %w", err)
		}
		packages = append(packages, p)
	}
}
