package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"gongkai/generator/search"
)

// TestHelperServe is not a test: it is the command in a process of its own, which can be stopped.
func TestHelperServe(t *testing.T) {
	public := os.Getenv("GONGKAI_TEST_SERVE")
	if public == "" {
		t.Skip("started by other tests")
	}
	os.Exit(run([]string{"serve", "-d", public, "--addr", "127.0.0.1:0"}, func(string) string { return "" }, os.Stdout, os.Stderr))
}

// startServer serves the sample district with the command, until the test ends; then the command has to stop of itself.
func startServer(t *testing.T) (root string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestHelperServe$")
	cmd.Env = append(os.Environ(), "GONGKAI_TEST_SERVE="+sampleAtRoot(t))
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("serve did not stop as it should: %v", err)
		}
	})
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		if _, rest, ok := strings.Cut(lines.Text(), "http://"); ok {
			go func() { // so that the command can go on writing
				for lines.Scan() {
				}
			}()
			address, _, _ := strings.Cut(rest, "/")
			return "http://" + address
		}
	}
	t.Fatal("serve did not say where it is")
	return ""
}

// TestServerAnswersAsTheTerminal compares the two JSON answers.
func TestServerAnswersAsTheTerminal(t *testing.T) {
	root := startServer(t)
	for _, q := range []string{"低保名单", "怎么申请低保", "dibao"} {
		res, err := http.Get(root + "/api/search?q=" + url.QueryEscape(q))
		if err != nil {
			t.Fatal(err)
		}
		var one, two search.Result
		err = json.NewDecoder(res.Body).Decode(&one)
		res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if code := run([]string{"search", "-d", sampleAtRoot(t), "--format", "json", q}, func(string) string { return "" }, &out, io.Discard); code != exitClean {
			t.Fatalf("search ended with %d", code)
		}
		if err := json.Unmarshal([]byte(out.String()), &two); err != nil {
			t.Fatal(err)
		}
		one.TookMS, two.TookMS = 0, 0
		if !reflect.DeepEqual(one, two) {
			t.Errorf("%s:\nserver   %+v\nterminal %+v", q, one, two)
		}
	}
}
