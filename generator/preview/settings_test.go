package preview

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gongkai/generator/build"
	"gongkai/generator/finding"
	"gongkai/themes"
)

// Settings that are deleted or cannot be read any more leave the preview as it was, with what is wrong.
func TestSettingsThatAreLost(t *testing.T) {
	const settings = "content/site.yaml"
	for name, lose := range map[string]func(t *testing.T, dir string){
		"deleted": func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, filepath.FromSlash(settings))); err != nil {
				t.Fatal(err)
			}
		},
		"in another encoding": func(t *testing.T, dir string) { write(t, dir, settings, "\xc3\xfb\xb3\xc6: \xce\xe4\xbd\xad\n") },
		"without an address":  func(t *testing.T, dir string) { write(t, dir, settings, "名称: 武江\n地区: 武江\n") },
		"with an open quote": func(t *testing.T, dir string) {
			write(t, dir, settings, read(t, dir, settings)+"简介: \"没有关\n")
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := district(t)
			s := start(t, dir)
			before := s.current.Load().site.Config
			lose(t, dir)
			s.Update(Change{Paths: []string{settings}})
			if now := s.current.Load().site.Config; now.Name != before.Name || now.BaseURL != before.BaseURL || now.Demo != before.Demo {
				t.Errorf("the portal is called %q at %q now, and was %q at %q", now.Name, now.BaseURL, before.Name, before.BaseURL)
			}
			if code, page := get(t, s, "/"); code != http.StatusOK || !strings.Contains(page, before.Name) {
				t.Errorf("the home page answers %d", code)
			}
			if !slices.ContainsFunc(s.current.Load().findings, func(f finding.Finding) bool {
				return f.Position.Path == settings && f.Rule.Severity == finding.Error
			}) {
				t.Error("nothing is said of it")
			}
			_, err := New(Options{Source: dir, Themes: themes.FS, Now: func() time.Time { return clock }, Jobs: 2, IndexDir: filepath.Join(dir, "other")})
			var lost *build.SettingsError
			if !errors.As(err, &lost) || len(lost.Findings) == 0 {
				t.Errorf("a preview that begins so ends with %v", err)
			}
		})
	}
}
