package source

import (
	"cmp"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"gongkai/generator/finding"
)

// Editors sit on Windows, macOS and Linux, and a content folder goes from one to the other. Names that only one of them can have, or that two of them hold to
// be the same, are faults; names that differ in their Unicode form only (macOS writes é as two characters) are the same name.

// caseless says that the system's files are found by names in another case.
const caseless = runtime.GOOS == "windows" || runtime.GOOS == "darwin"

// Folded returns a name as a system sees it that does not tell case and Unicode form apart.
func Folded(name string) string {
	for i := range len(name) {
		if c := name[i]; c >= 0x80 || c >= 'A' && c <= 'Z' {
			return strings.ToLower(norm.NFC.String(name))
		}
	}
	return name
}

// devices are names that Windows keeps for itself, in any case and with any extension.
// Source: Microsoft, "Naming Files, Paths, and Namespaces".
var devices = []string{
	"con", "prn", "aux", "nul", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "com¹", "com²", "com³",
	"lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "lpt¹", "lpt²", "lpt³",
}

// Portable reports whether Windows can have a file or folder of a name.
func Portable(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	switch {
	case slices.Contains(devices, strings.ToLower(strings.TrimRight(stem, " "))):
		return false
	case strings.HasSuffix(name, "."), strings.HasSuffix(name, " "):
		return false
	}
	return strings.IndexFunc(name, func(r rune) bool { return r < ' ' || strings.ContainsRune(`<>:"/\|?*`, r) }) < 0
}

// checkNames reports the names of a folder that do not exist on every system, or are one name on some.
func (l *loader) checkNames(dir string, entries []entry) {
	var folded map[string]string
	for _, e := range entries {
		if !Portable(e.name) {
			l.report(finding.PortableName, finding.Position{Path: path.Join(dir, e.name)},
				finding.T("Windows 上不能有“%s”这个名字，别人取不到本次提交", "Windows can have no file named %q: others cannot check this commit out", e.name),
				finding.T("改名：不用 < > : \" \\ | ? *，不以点或空格结尾，不叫 con、aux、nul、com1 等", "rename it: without < > : \" \\ | ? *, not ending with a dot or a space, and not con, aux, nul, com1 and the like"))
		}
		if Folded(e.name) == e.name {
			continue
		}
		if folded == nil {
			folded = map[string]string{}
			for _, other := range entries {
				if f := Folded(other.name); f == other.name {
					folded[f] = other.name
				}
			}
		}
		if other, ok := folded[Folded(e.name)]; ok {
			l.report(finding.PortableName, finding.Position{Path: path.Join(dir, e.name)},
				finding.T("与“%s”只差大小写或编码形式，在 Windows 和 macOS 上是同一个文件", "differs from %q in case or Unicode form only: on Windows and macOS the two are one file", other),
				finding.T("其中一个换一个名字", "rename one of them"))
		}
		folded[Folded(e.name)] = cmp.Or(folded[Folded(e.name)], e.name)
	}
}

// trueName returns the path of the file or folder that a content path means: the one of this name, in whatever Unicode form; the name in another case is
// another name on every system. It returns "" where there is none.
func trueName(root, p string) string {
	if _, err := os.Lstat(filepath.Join(root, filepath.FromSlash(p))); err == nil && !caseless {
		return p
	}
	if !caseless && norm.NFC.String(p) == p && norm.NFD.String(p) == p {
		return "" // has one form only
	}
	found := ""
	for _, segment := range strings.Split(p, "/") {
		listed, err := os.ReadDir(filepath.Join(root, filepath.FromSlash(found)))
		if err != nil {
			return ""
		}
		name := sameName(listed, segment)
		if name == "" {
			return ""
		}
		found = path.Join(found, name)
	}
	return found
}

// sameName returns the name of a folder that is the wanted one to the letter, or else in another Unicode form.
func sameName(listed []os.DirEntry, want string) string {
	form := ""
	for _, e := range listed {
		if e.Name() == want {
			return want
		}
		if form == "" && norm.NFC.String(e.Name()) == norm.NFC.String(want) {
			form = e.Name()
		}
	}
	return form
}
