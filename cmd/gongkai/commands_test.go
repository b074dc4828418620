package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// writeBytes is the script command "bytes KIND FILE [N]": it turns a text file into what Windows or an accident makes of it.
func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: bytes gb18030|bom|crlf|nul|utf16|pad FILE [SIZE]")
	}
	name := ts.MkAbs(args[1])
	text, err := os.ReadFile(name)
	ts.Check(err)
	switch args[0] {
	case "gb18030":
		text, err = simplifiedchinese.GB18030.NewEncoder().Bytes(text)
		ts.Check(err)
	case "bom":
		text = append([]byte("\xef\xbb\xbf"), text...)
	case "crlf":
		text = []byte(strings.ReplaceAll(string(text), "\n", "\r\n"))
	case "nul":
		text = []byte(strings.Replace(string(text), "正文", "正\x00文", 1))
	case "utf16":
		text = append([]byte("\xff\xfe"), text...)
	case "pad":
		size, err := strconv.Atoi(args[2])
		ts.Check(err)
		text = append(text, strings.Repeat("字", size/3)...)
	default:
		ts.Fatalf("bytes: unknown kind %s", args[0])
	}
	ts.Check(os.WriteFile(name, text, 0o644))
}

// compareTime is the script command "mtime save FILE" and "mtime same FILE": the time of a file must not have changed in between.
func compareTime(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: mtime save|same FILE")
	}
	name := ts.MkAbs(args[1])
	info, err := os.Stat(name)
	ts.Check(err)
	key := filepath.Join(ts.Getenv("WORK"), ".mtime-"+strings.ReplaceAll(args[1], "/", "_"))
	if args[0] == "save" {
		ts.Check(os.WriteFile(key, []byte(info.ModTime().Format(time.RFC3339Nano)), 0o644))
		return
	}
	saved, err := os.ReadFile(key)
	ts.Check(err)
	if same := string(saved) == info.ModTime().Format(time.RFC3339Nano); same == neg {
		ts.Fatalf("%s", fmt.Sprintf("mtime of %s: was %s, is %s", args[1], saved, info.ModTime().Format(time.RFC3339Nano)))
	}
}

// lockFile is the script command "lock FILE": it holds a lock as another build would, until the script ends.
func lockFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: lock FILE")
	}
	l := flock.New(ts.MkAbs(args[0]))
	locked, err := l.TryLock()
	ts.Check(err)
	if !locked {
		ts.Fatalf("%s is locked already", args[0])
	}
	ts.Defer(func() { _ = l.Unlock() })
}

// startWeb is the script command "web FILE…": it starts other sites on this machine, until the script ends, and writes their addresses into
// the files in place of WEB, TLS and CLOSED.
func startWeb(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: web FILE...")
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/ok", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/ok", http.StatusMovedPermanently) })
	mux.HandleFunc("/for-now", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/ok", http.StatusFound) })
	mux.HandleFunc("/forbidden", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	mux.HandleFunc("/deleted", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	plain, encrypted := httptest.NewServer(mux), httptest.NewTLSServer(mux)
	other, err := net.Listen("tcp", "127.0.0.2:0")
	ts.Check(err)
	foreign := httptest.NewUnstartedServer(mux)
	ts.Check(foreign.Listener.Close())
	foreign.Listener = other
	foreign.Start()
	mux.HandleFunc("/taken", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, foreign.URL+"/ok", http.StatusFound) })
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	nobody := closed.Addr().String()
	ts.Check(closed.Close())
	ts.Defer(plain.Close)
	ts.Defer(encrypted.Close)
	ts.Defer(foreign.Close)
	addresses := strings.NewReplacer("WEB", plain.URL, "TLS", encrypted.URL, "CLOSED", "http://"+nobody)
	for _, arg := range args {
		name := ts.MkAbs(arg)
		text, err := os.ReadFile(name)
		ts.Check(err)
		ts.Check(os.WriteFile(name, []byte(addresses.Replace(string(text))), 0o644))
	}
}
