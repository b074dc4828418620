package source

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"golang.org/x/text/unicode/norm"
)

func TestPortable(t *testing.T) {
	for name, want := range map[string]bool{
		"2022-10-dibao.md": true, "低保名单.xlsx": true, "con": false, "CON.md": false, "con.tar.gz": false, "contact.md": true, "aux .txt": false, "com1": false, "com10": true,
		"lpt¹.md": false, "nul.": false, "a.": false, "a ": false, " a": true, ".gitignore": true, "a:b": false, "a?": false, "a|b": false, `a\b`: false, "a\tb": false, "：？": true, "": true,
	} {
		if got := Portable(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

// A name is found in whatever Unicode form it is written, and in no other case, on systems that tell case and on those that do not.
func TestSameName(t *testing.T) {
	decomposed := norm.NFD.String("résumé.pdf")
	tree := fstest.MapFS{decomposed: {}, "名单.XLSX": {}, "Ａ.csv": {}, "兀.md": {}}
	listed, err := fs.ReadDir(tree, ".")
	if err != nil {
		t.Fatal(err)
	}
	for want, found := range map[string]string{
		"résumé.pdf": decomposed, decomposed: decomposed, "Résumé.pdf": "", "名单.xlsx": "", "名单.XLSX": "名单.XLSX", "A.csv": "",
		"\ufa0c.md": "兀.md", // a compatibility ideograph is the ideograph that it stands for
	} {
		if got := sameName(listed, want); got != found {
			t.Errorf("%q: %q, want %q", want, got, found)
		}
	}
}

func TestPublishableFindsTheFileThatIsMeant(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "content", "units", norm.NFD.String("é"))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, norm.NFC.String("é.csv")), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, form := range []norm.Form{norm.NFC, norm.NFD} {
		p, info, err := Publishable(root, form.String("content/units/é/é.csv"))
		if err != nil || info.Size() != 0 || norm.NFC.String(p) != norm.NFC.String("content/units/é/é.csv") {
			t.Errorf("%q, %v", p, err)
		}
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(p))); err != nil {
			t.Error(err)
		}
	}
	for _, p := range []string{"content/units/é/É.csv", "content/units/e/é.csv", "content/../etc", ""} {
		if got, _, err := Publishable(root, p); err == nil {
			t.Errorf("%q is %q", p, got)
		}
	}
}
