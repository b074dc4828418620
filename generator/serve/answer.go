package serve

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// answerTag is the tag of what a query is answered with: it changes with the build and the query. It is a weak one, because the time that an answer took is
// another one each time.
func answerTag(g *generation, r *http.Request) string {
	sum := sha256.Sum256([]byte(g.version + "\x00" + r.URL.RawQuery))
	return `W/"` + hex.EncodeToString(sum[:12]) + `"`
}

// known reports whether the client has what a tag names (RFC 9110, 13.1.2: weak comparison).
func known(r *http.Request, tag string) bool {
	tag = strings.TrimPrefix(tag, "W/")
	for _, list := range r.Header.Values("If-None-Match") {
		for _, have := range strings.Split(list, ",") {
			if have = strings.TrimSpace(have); have == "*" || strings.TrimPrefix(have, "W/") == tag {
				return true
			}
		}
	}
	return false
}

var packers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// sendMade sends an answer that was made for the request, compressed where the client takes that and it pays.
func sendMade(w http.ResponseWriter, r *http.Request, code int, body []byte) {
	h := w.Header()
	h.Add("Vary", "Accept-Encoding")
	if len(body) > leastPacked && acceptsGzip(r) {
		z := packers.Get().(*gzip.Writer)
		defer packers.Put(z)
		var packed bytes.Buffer
		z.Reset(&packed)
		if _, err := z.Write(body); err == nil && z.Close() == nil {
			h.Set("Content-Encoding", "gzip")
			body = packed.Bytes()
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(code)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client is gone
	}
}

// leastPacked is up to how many bytes of an answer it does not pay to compress.
const leastPacked = 512
