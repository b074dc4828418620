package folder

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gongkai/generator/parallel"
)

// tree is the files below a folder and the addresses they are served at.
type tree struct {
	files []string         // paths below the folder, with forward slashes
	index map[string]int32 // address -> file, or noIndex; a folder's address ends with a slash
}

// noIndex stands for the file of a folder that has no index.
const noIndex = -1

// folder is one that has still to be listed.
type folder struct {
	path  string   // below the root, empty or with final slash
	links []string // real paths of the symbolic links that lead to it
}

// readTree lists all files. Symbolic links are followed, but not in circles.
func readTree(dir string, jobs int) (*tree, error) {
	t := &tree{index: map[string]int32{}}
	for level := []folder{{}}; len(level) > 0; {
		entries, errs := make([][]fs.DirEntry, len(level)), make([]error, len(level))
		parallel.Do(jobs, len(level), func(_, i int) {
			entries[i], errs[i] = os.ReadDir(filepath.Join(dir, filepath.FromSlash(level[i].path)))
		})
		var next []folder
		for i, f := range level {
			if errs[i] != nil {
				return nil, fmt.Errorf("list site: %w", errs[i])
			}
			t.addFolder(f.path)
			for _, e := range entries[i] {
				sub, isDir, err := enter(dir, f, e)
				switch {
				case err != nil:
					return nil, err
				case isDir:
					if sub.path != "" {
						next = append(next, sub)
					}
				default:
					t.addFile(f.path, e.Name())
				}
			}
		}
		level = next
	}
	return t, nil
}

// enter tells whether an entry is a folder; one that was entered already on the way to it is returned without path.
func enter(dir string, parent folder, e fs.DirEntry) (sub folder, isDir bool, err error) {
	sub = folder{parent.path + e.Name() + "/", parent.links}
	if e.Type()&fs.ModeSymlink == 0 {
		return sub, e.IsDir(), nil
	}
	name := filepath.Join(dir, filepath.FromSlash(parent.path), e.Name())
	info, err := os.Stat(name)
	if os.IsNotExist(err) {
		return folder{}, true, nil // a dangling link is no file
	}
	if err != nil || !info.IsDir() {
		return sub, false, err
	}
	real, err := filepath.EvalSymlinks(name)
	if err == nil {
		real, err = filepath.Abs(real)
	}
	if err != nil {
		return sub, true, fmt.Errorf("follow link: %w", err)
	}
	if slices.Contains(parent.links, real) {
		return folder{}, true, nil
	}
	sub.links = append(slices.Clip(parent.links), real)
	return sub, true, nil
}

func (t *tree) addFolder(path string) { t.index["/"+path] = noIndex }

func (t *tree) addFile(folder, name string) {
	n := int32(len(t.files))
	t.files = append(t.files, folder+name)
	switch name {
	case "index.html": // listed after index.htm, and before it for servers
		t.index["/"+folder] = n
	case "index.htm":
		t.index["/"+folder] = n
		fallthrough
	default:
		t.index["/"+folder+name] = n
	}
}

// find returns the file at an address, or noIndex.
func (t *tree) find(address []byte) (file int32, ok bool) {
	if file, ok = t.index[string(address)]; ok {
		return file, file != noIndex
	}
	const name = "index.html"
	if folder := len(address) - len(name); folder > 0 && address[folder-1] == '/' && string(address[folder:]) == name {
		if file, ok = t.index[string(address[:folder])]; ok && file != noIndex {
			return file, strings.HasSuffix(t.files[file], name)
		}
	}
	return noIndex, false
}

// address returns where a file is served.
func (t *tree) address(file int32) string {
	name := t.files[file]
	if folder, ok := strings.CutSuffix(name, "index.html"); ok && (folder == "" || strings.HasSuffix(folder, "/")) {
		return "/" + folder
	}
	return "/" + name
}

type content uint8

const (
	otherFile content = iota
	page
	styleSheet
)

// contentOf tells by a file's name how it is read.
func contentOf(name string) content {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return otherFile
	}
	switch strings.ToLower(name[dot:]) {
	case ".html", ".htm", ".xhtml":
		return page
	case ".css":
		return styleSheet
	}
	return otherFile
}
