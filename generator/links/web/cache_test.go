package web

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestCacheKeepsWhatWasOKUntilItExpires(t *testing.T) {
	status := 200
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/moved" {
			http.Redirect(rw, r, "/new", http.StatusMovedPermanently)
			return
		}
		rw.WriteHeader(status)
	}, nil)
	name := filepath.Join(t.TempDir(), "links.jsonl")
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	check := func(address string) (Result, int) {
		t.Helper()
		cache, err := LoadCache(name)
		if err != nil {
			t.Fatal(err)
		}
		w.Cache, w.Keep, w.asked = cache, 24*time.Hour, nil
		w.Now = func() time.Time { return now }
		r := w.one(t, address)
		if err := cache.Save(name, now); err != nil {
			t.Fatal(err)
		}
		return r, len(w.asked)
	}
	if r, asked := check("http://a.example/moved#x"); r.State != OK || asked != 3 || r.Cached {
		t.Errorf("%+v after %d requests", r, asked)
	}
	if r, asked := check("http://a.example/moved#y"); r.State != OK || asked != 0 || !r.Cached || r.Final != "http://a.example/new" || len(r.Advice) != 1 || r.URL != "http://a.example/moved#y" {
		t.Errorf("%+v after %d requests", r, asked)
	}
	w.UserAgent = "other"
	if r, asked := check("http://a.example/moved"); asked == 0 {
		t.Errorf("kept for another policy: %+v", r)
	}
	w.UserAgent = ""
	status = 404
	for range 2 {
		if r, asked := check("http://a.example/gone"); r.State != Broken || asked != 2 {
			t.Errorf("%+v after %d requests", r, asked)
		}
	}
	now = now.Add(25 * time.Hour)
	if r, asked := check("http://a.example/moved"); r.State != Broken || asked == 0 {
		t.Errorf("%+v after %d requests", r, asked)
	}
	data, err := os.ReadFile(name)
	if err != nil || strings.Count(string(data), "\n") != 1 {
		t.Errorf("%s %v", data, err)
	}
	if files, _ := os.ReadDir(filepath.Dir(name)); len(files) != 1 {
		t.Errorf("%v", files)
	}
}

func TestDamagedCachesAreEmpty(t *testing.T) {
	name := filepath.Join(t.TempDir(), "links.jsonl")
	line := `{"url":"http://a.example/","policy":"p","until":"2027-01-01T00:00:00Z","status":200}`
	for content, want := range map[string]int{
		"": 0, "x": 0, cacheVersion: 0, cacheVersion + "\n" + line + "\n": 1, cacheVersion + "\n" + line + "\n" + line[:20]: 0,
		`{"gongkai-links":3}` + "\n" + line: 0, cacheVersion + "\n{}\n": 0, line: 0,
	} {
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		c, err := LoadCache(name)
		if err != nil || len(c.entries) != want {
			t.Errorf("%q: %d entries, %v", content, len(c.entries), err)
		}
	}
	if _, err := LoadCache(t.TempDir()); err == nil {
		t.Error("no error for a folder")
	}
	if err := (&Cache{}).Save(filepath.Join(name, "x"), time.Time{}); err == nil {
		t.Error("no error for a folder that is missing")
	}
	if err := (*Cache)(nil).Save(name, time.Time{}); err != nil {
		t.Error(err)
	}
}
