package folder

import (
	"bytes"
	"hash/maphash"
	"net/mail"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/idna"
)

// check resolves an address and notes what is wrong with it.
func (w *worker) check(u *use) {
	v := u.value
	if bytes.IndexByte(v, '\n') >= 0 || bytes.IndexByte(v, '\t') >= 0 || bytes.IndexByte(v, '\r') >= 0 {
		v = bytes.Map(func(r rune) rune { // as browsers do
			if r == '\n' || r == '\t' || r == '\r' {
				return -1
			}
			return r
		}, v)
	}
	if len(v) == 0 {
		w.fault(u, Empty, -1)
		return
	}
	v, fragment, _ := bytes.Cut(v, []byte{'#'})
	if n := schemeLength(v); n > 0 {
		w.schemed(u, v, n, fragment)
		return
	}
	switch {
	case bytes.HasPrefix(v, []byte("//")):
		w.absolute(u, v, 0, fragment)
		return
	case w.at.base != nil:
		if to, err := w.at.base.Parse(string(v)); err == nil {
			w.elsewhere(u, []byte(to.String()))
			return
		}
		w.fault(u, Malformed, -1)
		return
	}
	v, _, _ = bytes.Cut(v, []byte{'?'})
	switch {
	case len(v) == 0 && w.at.self >= 0:
		w.found(u, w.at.self, fragment)
	case len(v) == 0:
		w.path = append(w.path[:0], w.at.path...)
		w.own(u, w.path, fragment)
	case v[0] == '/' || v[0] == '\\':
		w.decoded(u, v, fragment)
	default:
		w.path = append(w.path[:0], v...)
		folder := w.at.path[:strings.LastIndexByte(w.at.path, '/')+1]
		if plain, ok := unescapePath(w.path); ok {
			w.path = clean(slices.Insert(plain, 0, []byte(folder)...))
			w.own(u, w.path, fragment)
			return
		}
		w.fault(u, Malformed, -1)
	}
}

// schemeLength returns the length of the scheme that an address starts with, or 0.
func schemeLength(v []byte) int {
	for i, c := range v {
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z':
		case i > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'):
		case c == ':':
			return i
		default:
			return 0
		}
	}
	return 0
}

// schemed checks an address with a scheme, which is n bytes long.
func (w *worker) schemed(u *use, v []byte, n int, fragment []byte) {
	switch rest := v[n+1:]; strings.ToLower(string(v[:n])) {
	case "http", "https":
		if !bytes.HasPrefix(rest, []byte("//")) {
			w.fault(u, Malformed, -1)
			return
		}
		w.absolute(u, v, n+1, fragment)
	case "javascript":
		w.report.Scripts++
	case "data":
		w.report.Data++
	case "mailto":
		w.report.Contacts++
		if !isMail(string(rest)) {
			w.fault(u, Contact, -1)
		}
	case "tel":
		w.report.Contacts++
		if !bytes.ContainsAny(rest, "0123456789") {
			w.fault(u, Contact, -1)
		}
	default:
		w.report.Other++
	}
}

// isMail reports whether what follows mailto: can be sent to.
func isMail(to string) bool {
	to, query, _ := strings.Cut(to, "?")
	if to == "" {
		q, err := url.ParseQuery(query)
		return err == nil && q.Get("to") != ""
	}
	if plain, err := url.PathUnescape(to); err == nil {
		to = plain
	}
	_, err := mail.ParseAddressList(to)
	return err == nil
}

// absolute checks an address with a host; its // starts at the offset.
func (w *worker) absolute(u *use, v []byte, slashes int, fragment []byte) {
	rest := v[slashes+2:]
	end := bytes.IndexAny(rest, "/?\\")
	if end < 0 {
		end = len(rest)
	}
	host, rest := rest[:end], rest[end:]
	if len(host) == 0 {
		w.fault(u, Malformed, -1)
		return
	}
	scheme := w.scheme
	if slashes > 0 {
		scheme = strings.ToLower(string(v[:slashes-1]))
	}
	insecure := scheme == "http" && w.scheme == "https" && w.host != ""
	if w.host == "" || string(host) != w.host && asciiHost(scheme, string(host)) != w.host {
		if insecure && u.role == load {
			w.fault(u, Insecure, -1)
		}
		if slashes == 0 {
			v = append([]byte(scheme+":"), v...)
		}
		w.elsewhere(u, v)
		return
	}
	before := len(w.faults)
	rest, _, _ = bytes.Cut(rest, []byte{'?'})
	if len(rest) == 0 {
		rest = []byte("/")
	}
	w.decoded(u, rest, fragment)
	if insecure && len(w.faults) == before {
		w.fault(u, Insecure, -1)
	}
}

// decoded checks a path on the own host, as it is written.
func (w *worker) decoded(u *use, v, fragment []byte) {
	if rest, ok := bytes.CutPrefix(v, []byte(w.under)); ok && bytes.IndexByte(v, '%') < 0 {
		if file, ok := w.find(rest); ok { // nearly every link ends here
			w.found(u, file, fragment)
			return
		}
	}
	w.path = append(w.path[:0], v...)
	plain, ok := unescapePath(w.path)
	if !ok {
		w.fault(u, Malformed, -1)
		return
	}
	w.own(u, clean(plain), fragment)
}

// own checks a path on the own host, decoded and clean.
func (w *worker) own(u *use, path, fragment []byte) {
	rest, below := bytes.CutPrefix(path, []byte(w.under))
	below = below && (len(rest) == 0 || rest[0] == '/')
	if file, ok := w.find(rest); below && ok {
		w.found(u, file, fragment)
		return
	}
	w.report.Internal++
	if below {
		w.fault(u, Missing, w.miss(rest)) // which kind it is exactly is told later, once for each address
	} else {
		w.fault(u, Outside, w.miss(path))
	}
}

// found checks the anchor of a link to a file that is there.
func (w *worker) found(u *use, file int32, fragment []byte) {
	w.report.Internal++
	if len(fragment) == 0 {
		return
	}
	fragment = anchorOf(fragment)
	if len(fragment) == 0 || contentOf(w.files[file]) != page {
		return
	}
	hash := maphash.Bytes(w.seed, fragment)
	missing := fault{w.at.file, u.at, u.length, NoAnchor, file}
	if file != w.at.file {
		w.waiting = append(w.waiting, question{missing, hash})
	} else if _, ok := slices.BinarySearch(w.ids, hash); !ok {
		w.faults = append(w.faults, missing)
	}
}

// anchorOf returns the anchor that a fragment stands for, or nothing where it is valid on every page: the top, or words to
// search for (#:~:text=).
func anchorOf(fragment []byte) []byte {
	fragment, _, _ = bytes.Cut(fragment, []byte(":~:"))
	if bytes.EqualFold(fragment, []byte("top")) {
		return nil
	}
	if bytes.IndexByte(fragment, '%') >= 0 {
		if plain, ok := unescapePath(bytes.Clone(fragment)); ok {
			return plain
		}
	}
	return fragment
}

// elsewhere notes an address of another host.
func (w *worker) elsewhere(u *use, address []byte) {
	e := w.external[string(address)]
	if e == nil {
		e = new(external)
		_, err := url.Parse(string(address))
		e.malformed = err != nil
		w.external[string(address)] = e
	}
	if e.malformed {
		w.fault(u, Malformed, -1)
		return
	}
	e.loaded = e.loaded || u.role == load
	if len(e.files) == 0 || e.files[len(e.files)-1] != w.at.file {
		e.files = append(e.files, w.at.file)
	}
}

func (w *worker) fault(u *use, kind Kind, target int32) {
	w.faults = append(w.faults, fault{w.at.file, u.at, u.length, kind, target})
}

// unescapePath resolves percent-encoding in place; ok is false where a % stands before something else than two hexadecimal digits.
func unescapePath(path []byte) (plain []byte, ok bool) {
	i := bytes.IndexByte(path, '%')
	if i < 0 {
		return path, true
	}
	plain = path[:i]
	for ; i < len(path); i++ {
		c := path[i]
		if c == '%' {
			if i+2 >= len(path) {
				return nil, false
			}
			high, low := hexDigit(path[i+1]), hexDigit(path[i+2])
			if high < 0 || low < 0 {
				return nil, false
			}
			c = byte(high<<4 | low)
			i += 2
		}
		plain = append(plain, c)
	}
	return plain, true
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// clean resolves . and .. in an absolute path, in place, and merges slashes. As in browsers, .. stops at the root, and a backslash
// is a slash.
func clean(path []byte) []byte {
	n := 0 // of the bytes written, each segment with the slash before it
	for at := 0; at < len(path); {
		end := at + 1
		for end < len(path) && path[end] != '/' && path[end] != '\\' {
			end++
		}
		segment := path[at+1 : end]
		last := end == len(path)
		switch {
		case len(segment) == 0 && !last:
		case string(segment) == ".." || string(segment) == "." || len(segment) == 0:
			if string(segment) == ".." {
				n = max(0, bytes.LastIndexByte(path[:n], '/'))
			}
			if last {
				path[n] = '/'
				n++
			}
		default:
			path[n] = '/'
			n += 1 + copy(path[n+1:], segment)
		}
		at = end
	}
	return path[:n]
}

// asciiHost returns a host as it is compared: in lower case and ASCII, without the scheme's own port.
func asciiHost(scheme, host string) string {
	host = strings.ToLower(host)
	switch scheme {
	case "http":
		host = strings.TrimSuffix(host, ":80")
	case "https":
		host = strings.TrimSuffix(host, ":443")
	}
	for i := range len(host) {
		if host[i] >= 0x80 {
			name, port, found := strings.Cut(host, ":")
			if ascii, err := idna.Lookup.ToASCII(name); err == nil {
				host = ascii
				if found {
					host += ":" + port
				}
			}
			break
		}
	}
	return host
}
