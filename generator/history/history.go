// Package history reads from a repository when files came in and when their dates were changed.
//
// It runs git once and reads its log as a stream; nothing is kept but a line a file. Where there is no repository, or no git, there is no
// history, which is no fault.
package history

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path"
	"strconv"
	"strings"
	"time"

	"gongkai/generator/calendar"
)

// ErrNone says that there is no history to read.
var ErrNone = errors.New("no history")

// History is what the repository knows of a folder.
type History struct {
	// Shallow says that old commits are missing, so that First cannot be trusted.
	Shallow bool
	// First maps a path, relative to the directory asked for, to its first commit. Renames are followed.
	First map[string]Commit
	// Redated are the changes of a date of publication in existing files, newest first.
	Redated []Change
}

// Commit is where a file came in.
type Commit struct {
	ID    string // shortened
	Day   calendar.Date
	Added int // files that the commit added: an import adds many
}

// Change is a commit that changed the date of publication of a file.
type Change struct {
	Commit   string
	Day      calendar.Date // of the commit
	Path     string        // as it is called today
	From, To calendar.Date
}

// Read reads the history of the folder, which lies below dir. Paths are relative to dir, with forward slashes. The error wraps ErrNone
// where dir is in no repository, the repository has no commit, or there is no git.
func Read(ctx context.Context, dir, folder string) (*History, error) {
	git, err := exec.LookPath("git")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	shallow, err := exec.CommandContext(ctx, git, "-C", dir, "rev-parse", "--is-shallow-repository", "--verify", "-q", "HEAD").Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	h := &History{Shallow: bytes.HasPrefix(shallow, []byte("true")), First: map[string]Commit{}}
	if h.Shallow {
		return h, nil
	}
	renames := map[string]string{} // what a path is called today
	today := func(p string) string {
		if name, ok := renames[p]; ok {
			return name
		}
		return p
	}
	// two passes: the names alone are cheap for an import of ten thousand files, and only changes need be looked into
	err = run(ctx, git, dir, folder, []string{"--name-status", "--diff-filter=AR"}, func(commit Commit, lines []string) error {
		for _, line := range lines {
			if strings.HasPrefix(line, "A\t") {
				commit.Added++
			}
		}
		for _, line := range lines {
			fields := strings.Split(line, "\t")
			switch {
			case len(fields) == 2 && fields[0] == "A":
				h.First[today(fields[1])] = commit
			case len(fields) == 3 && strings.HasPrefix(fields[0], "R"):
				renames[fields[1]] = today(fields[2])
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = run(ctx, git, dir, folder, []string{"--patch", "--unified=0", "--diff-filter=MR", "-G" + dateLine}, func(commit Commit, lines []string) error {
		h.changes(commit, lines, today)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return h, nil
}

// dateLine is the line of front matter that says when a document was published, as git's regular expression.
const dateLine = "^(date|发布日期|公开日期) *:"

// run shows the lines of each commit in git's log of the folder, newest first.
func run(ctx context.Context, git, dir, folder string, options []string, each func(Commit, []string) error) error {
	// no settings of the user, no colours, no quoting of Chinese names
	args := append([]string{"-C", dir, "-c", "core.quotepath=off", "-c", "diff.renameLimit=20000", "log", "--format=%x01%h %at %ct", "--relative",
		"--no-color", "--no-ext-diff", "--no-textconv", "-M60%"}, options...)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := exec.CommandContext(ctx, git, append(args, "--", folder)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("read the history: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("read the history: %w", err)
	}
	if err := readLog(out, each); err != nil {
		cancel()
		_ = cmd.Wait()
		return fmt.Errorf("read the history: %w", err)
	}
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("read the history: %w: %s", err, bytes.TrimSpace(stderr.Bytes()))
	}
	return nil
}

// maxLine is how long a line of a patch may be before the rest of it is dropped.
const maxLine = 4 << 10

// readLog cuts a log into commits.
func readLog(r io.Reader, each func(Commit, []string) error) error {
	in := bufio.NewReaderSize(r, maxLine)
	var commit Commit
	var lines []string
	end := func() error {
		if commit.ID == "" {
			return nil
		}
		return each(commit, lines)
	}
	for {
		raw, err := in.ReadSlice('\n')
		line := string(bytes.TrimSuffix(raw, []byte("\n")))
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = in.ReadSlice('\n')
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if head, ok := strings.CutPrefix(line, "\x01"); ok {
			if err := end(); err != nil {
				return err
			}
			fields := strings.Fields(head)
			if len(fields) != 3 {
				return fmt.Errorf("unexpected line %q", line)
			}
			author, err1 := strconv.ParseInt(fields[1], 10, 64)
			committer, err2 := strconv.ParseInt(fields[2], 10, 64)
			if err := errors.Join(err1, err2); err != nil {
				return err
			}
			// a rebase moves the committer's time, and only the author's says when the text was written
			commit, lines = Commit{ID: fields[0], Day: calendar.DateOf(time.Unix(min(author, committer), 0))}, lines[:0]
		} else if line != "" {
			lines = append(lines, line)
		}
		if err != nil {
			return end()
		}
	}
}

// changes reads from a patch which files' dates a commit changed.
func (h *History) changes(commit Commit, lines []string, today func(string) string) {
	var name string
	var from calendar.Date
	for _, line := range lines {
		switch {
		case strings.HasPrefix(line, "+++ "):
			name, from = strings.TrimPrefix(strings.TrimPrefix(line, "+++ "), "b/"), calendar.Date{}
			name = strings.TrimSuffix(name, "\t") // git ends a name with spaces in it so
		case strings.HasPrefix(line, "-"):
			if d, ok := dateOf(line[1:]); ok {
				from = d
			}
		case strings.HasPrefix(line, "+"):
			if d, ok := dateOf(line[1:]); ok && !from.IsZero() && d != from && path.Ext(name) == ".md" {
				h.Redated = append(h.Redated, Change{Commit: commit.ID, Day: commit.Day, Path: today(name), From: from, To: d})
				from = calendar.Date{}
			}
		}
	}
}

// dateOf reads the date of publication from a line of front matter.
func dateOf(line string) (calendar.Date, bool) {
	key, value, found := strings.Cut(line, ":")
	switch strings.TrimSpace(key) {
	case "date", "发布日期", "公开日期":
	default:
		return calendar.Date{}, false
	}
	if i := strings.Index(value, " #"); i >= 0 {
		value = value[:i]
	}
	s, _, err := calendar.Parse(strings.Trim(strings.TrimSpace(value), `"'`))
	return s.Date, found && err == nil
}
