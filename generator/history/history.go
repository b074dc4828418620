// Package history reads from a repository when files came in and when their dates were changed.
//
// It reads git's log as a stream; nothing is kept but a line a file. Where there is no repository, or no git, there is no
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
	about, err := exec.CommandContext(ctx, git, "-C", dir, "rev-parse", "--is-shallow-repository", "--show-prefix", "--verify", "-q", "HEAD").Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	shallow, rest, _ := strings.Cut(string(about), "\n")
	prefix, _, _ := strings.Cut(rest, "\n") // from the repository's root to dir, with a final slash
	h := &History{Shallow: shallow == "true", First: map[string]Commit{}}
	if h.Shallow {
		return h, nil
	}
	renames := map[string]string{} // what a path of the repository is called today
	// today returns the present path, relative to dir, of what was called so before the commits that were read. The log is that of the whole
	// repository: where the folder itself was moved, its files came from outside.
	today := func(p string) (string, bool) {
		if name, ok := renames[p]; ok {
			p = name
		}
		p, inside := strings.CutPrefix(p, prefix)
		return p, inside && strings.HasPrefix(p, folder+"/")
	}
	// two runs: the names alone are cheap for an import of ten thousand files, and only changes need be looked into
	err = run(ctx, git, dir, []string{"--name-status", "--diff-filter=AR"}, "", func(commit Commit, lines []string) error {
		for _, line := range lines {
			if name, added := strings.CutPrefix(line, "A\t"); added {
				if _, ours := today(name); ours {
					commit.Added++
				}
			}
		}
		for _, line := range lines {
			fields := strings.Split(line, "\t")
			switch {
			case len(fields) == 2 && fields[0] == "A":
				if name, ours := today(fields[1]); ours {
					h.First[name] = commit
				}
			case len(fields) == 3 && strings.HasPrefix(fields[0], "R"):
				if name, ok := renames[fields[2]]; ok {
					renames[fields[1]] = name
				} else {
					renames[fields[1]] = fields[2]
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = run(ctx, git, dir, []string{"--patch", "--unified=0", "--dst-prefix=b/", "--diff-filter=MR", "-G" + dateLine}, ":(top)*.md", func(commit Commit, lines []string) error {
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

// run shows the lines of each commit in git's log of the repository, or of what a pattern in it names, newest first.
func run(ctx context.Context, git, dir string, options []string, pattern string, each func(Commit, []string) error) error {
	// no settings of the user, no colours, no quoting of Chinese names
	args := append([]string{"-C", dir, "-c", "core.quotepath=off", "-c", "diff.renameLimit=20000", "-c", "log.showSignature=false", "-c", "diff.relative=false", "log", "--format=%x01%h %at %ct",
		"--no-color", "--no-ext-diff", "--no-textconv", "-M60%"}, options...)
	if pattern != "" {
		args = append(args, "--", pattern)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := exec.CommandContext(ctx, git, args...)
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
func (h *History) changes(commit Commit, lines []string, today func(string) (string, bool)) {
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
				if now, ours := today(name); ours {
					h.Redated = append(h.Redated, Change{Commit: commit.ID, Day: commit.Day, Path: now, From: from, To: d})
				}
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
