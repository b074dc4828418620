package serve

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
)

// contentTypes are named here and not taken from the system, whose list differs from machine to machine.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	".xml": "application/xml; charset=utf-8", ".txt": "text/plain; charset=utf-8", ".csv": "text/csv; charset=utf-8", ".json": "application/json",
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".pdf": "application/pdf", ".ofd": "application/ofd",
	".zip": "application/zip", ".doc": "application/msword", ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xls": "application/vnd.ms-excel", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".ppt": "application/vnd.ms-powerpoint", ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".md": "text/markdown; charset=utf-8",
}

// securityPolicy is that of the pages' own meta element, with what only a header can say.
const securityPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// hashed matches files whose name, or whose folder's name, changes with their content.
var hashed = regexp.MustCompile(`^assets/(?:.*[./])?[0-9a-f]{10,}[./]`)

// file serves a file of the portal and reports whether there is one.
func (s *Server) file(w http.ResponseWriter, r *http.Request, g *generation, name string) bool {
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	if !fs.ValidPath(name) || hidden(name) {
		return false
	}
	f, err := g.root.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false
	}
	if info.IsDir() {
		if _, err := g.root.Stat(name + "/index.html"); err != nil {
			return false
		}
		target := *r.URL
		target.Path += "/"
		target.Scheme, target.Host = "", ""
		http.Redirect(w, r, target.String(), http.StatusMovedPermanently)
		return true
	}
	s.send(w, r, name, f, info)
	return true
}

// hidden reports whether a part of the path begins with a dot: such files are housekeeping.
func hidden(name string) bool { return strings.HasPrefix(name, ".") || strings.Contains(name, "/.") }

// notFound answers with the portal's own page.
func (s *Server) notFound(w http.ResponseWriter, r *http.Request, g *generation) {
	w.Header().Set("Cache-Control", "no-cache")
	page, err := g.root.ReadFile("404.html")
	if err != nil {
		http.Error(w, "404 没有找到", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", contentTypes[".html"])
	w.Header().Set("Content-Security-Policy", securityPolicy)
	w.WriteHeader(http.StatusNotFound)
	if r.Method != http.MethodHead {
		_, _ = w.Write(page)
	}
}

// maxPacked is how large a file may be that is compressed in memory.
const maxPacked = 4 << 20

// send sends an open file: compressed where the client takes that and the file gains by it, and with a tag of its content.
func (s *Server) send(w http.ResponseWriter, r *http.Request, name string, f io.ReadSeeker, info fs.FileInfo) {
	h := w.Header()
	kind := contentTypes[strings.ToLower(path.Ext(name))]
	if kind == "" {
		kind = "application/octet-stream"
	}
	h.Set("Content-Type", kind)
	if strings.HasPrefix(kind, "text/html") {
		h.Set("Content-Security-Policy", securityPolicy)
	}
	if hashed.MatchString(name) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	key := fileKey{name, info.Size(), info.ModTime().UnixNano()}
	tag, ok := s.tags.get(key)
	if !ok {
		sum := sha256.New()
		if _, err := io.Copy(sum, f); err != nil {
			http.Error(w, "500 读取文件失败", http.StatusInternalServerError)
			return
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			http.Error(w, "500 读取文件失败", http.StatusInternalServerError)
			return
		}
		tag = hex.EncodeToString(sum.Sum(nil)[:12])
		s.tags.put(key, tag)
	}
	textual := strings.HasPrefix(kind, "text/") || strings.Contains(kind, "xml") || strings.Contains(kind, "json")
	textual = textual && !strings.Contains(kind, "officedocument")
	if textual {
		h.Add("Vary", "Accept-Encoding")
		if info.Size() > leastPacked && info.Size() <= maxPacked && acceptsGzip(r) && r.Header.Get("Range") == "" {
			packed, err := s.packed.get(key, f)
			if err != nil {
				http.Error(w, "500 读取文件失败", http.StatusInternalServerError)
				return
			}
			h.Set("Content-Encoding", "gzip")
			h.Set("ETag", `"`+tag+`-gz"`)
			http.ServeContent(w, r, "", info.ModTime(), bytes.NewReader(packed))
			return
		}
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", info.ModTime(), f)
}

// acceptsGzip reports whether the client takes gzip; a quality of zero turns it down.
func acceptsGzip(r *http.Request) bool {
	for _, part := range strings.Split(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, quality, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			q := strings.ReplaceAll(quality, " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}

// fileKey tells files apart without reading them.
type fileKey struct {
	name     string
	size     int64
	modified int64
}

// tagCache remembers the tags of files.
type tagCache struct {
	mu   sync.Mutex
	tags map[fileKey]string
}

const maxTags = 50000

func (c *tagCache) get(k fileKey) (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	tag, ok := c.tags[k]
	return tag, ok
}

func (c *tagCache) put(k fileKey, tag string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tags == nil || len(c.tags) >= maxTags {
		c.tags = map[fileKey]string{}
	}
	c.tags[k] = tag
}

// packedFiles keeps compressed files in memory, those used lately.
type packedFiles struct {
	mu         sync.Mutex
	young, old map[fileKey][]byte // two ages: when the young ones fill half of the room, the old ones go
	youngBytes int
}

const packedRoom = 32 << 20

func (p *packedFiles) get(k fileKey, f io.Reader) ([]byte, error) {
	p.mu.Lock()
	data, ok := p.young[k]
	if !ok {
		if data, ok = p.old[k]; ok {
			p.keep(k, data)
		}
	}
	p.mu.Unlock()
	if ok {
		return data, nil
	}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestSpeed+4)
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(z, f); err != nil {
		return nil, errors.Join(err, z.Close())
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keep(k, out.Bytes())
	return out.Bytes(), nil
}

func (p *packedFiles) keep(k fileKey, data []byte) {
	if p.young == nil || p.youngBytes+len(data) > packedRoom/2 {
		p.old, p.young, p.youngBytes = p.young, map[fileKey][]byte{}, 0
	}
	if _, have := p.young[k]; !have {
		p.young[k] = data
		p.youngBytes += len(data)
	}
}

// bytes returns how much is kept.
func (p *packedFiles) bytes() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, m := range []map[fileKey][]byte{p.young, p.old} {
		for _, data := range m {
			n += len(data)
		}
	}
	return n
}
