package serve

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestMadeAnswersAreCompressedAndTagged(t *testing.T) {
	_, h := start(t, newSite(t, "one"), "/")
	took := regexp.MustCompile(`"took_ms":[0-9.e-]+`) // differs from one answer to the next
	for _, path := range []string{"/api/search?q=" + strings.Repeat("低", 300), "/search/?q=" + strings.Repeat("低", 300)} {
		plain, body := get(t, h.URL+path)
		packed, data := get(t, h.URL+path, "Accept-Encoding", "gzip")
		if packed.Header.Get("Content-Encoding") != "gzip" || packed.Header.Get("Vary") != "Accept-Encoding" || len(data) >= len(body) || plain.Header.Get("Content-Encoding") != "" {
			t.Errorf("%.12s: %v", path, packed.Header)
		}
		z, err := gzip.NewReader(strings.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(z); err != nil || took.ReplaceAllString(string(text), "") != took.ReplaceAllString(body, "") {
			t.Errorf("%.12s: %d bytes, want %d (%v)", path, len(text), len(body), err)
		}
		tag := packed.Header.Get("ETag")
		for _, have := range []string{tag, strings.TrimPrefix(tag, "W/"), `"x", ` + tag, "*"} {
			if res, body := get(t, h.URL+path, "If-None-Match", have); res.StatusCode != 304 || body != "" || res.Header.Get("ETag") != tag {
				t.Errorf("%.12s with %s: %d %s", path, have, res.StatusCode, body)
			}
		}
		if res, _ := get(t, h.URL+path+"x", "If-None-Match", tag); res.StatusCode != 200 {
			t.Errorf("%.12s: another query has the same tag", path)
		}
		if res, body := send(t, http.MethodHead, h.URL+path); res.StatusCode != 200 || body != "" || res.ContentLength < 100 {
			t.Errorf("%.12s: HEAD %d, %d bytes", path, res.StatusCode, res.ContentLength)
		}
	}
}

// deadlines notes until when writes were let go on.
type deadlines struct {
	*httptest.ResponseRecorder
	until []time.Time
}

func (d *deadlines) SetWriteDeadline(t time.Time) error {
	d.until = append(d.until, t)
	return nil
}

func TestEachPartOfALargeFileHasItsTime(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
	rec := &recorder{ResponseWriter: w, now: func() time.Time { now = now.Add(30 * time.Second); return now }}
	if n, err := io.Copy(rec, io.LimitReader(strings.NewReader(strings.Repeat("x", 200_000)), 150_000)); err != nil || n != 150_000 {
		t.Fatal(n, err)
	}
	if len(w.until) < 4 || !w.until[len(w.until)-1].After(w.until[0].Add(time.Minute)) {
		t.Errorf("deadlines %v", w.until)
	}
}
