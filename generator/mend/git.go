package mend

import (
	"bytes"
	"context"
	"os/exec"
	"strings"

	"gongkai/generator/source"
)

// past is what the repository knows of documents that are no longer where they were. Where there is no repository, or no git, it knows nothing.
type past struct {
	ctx     context.Context
	git     string // empty where there is none
	dir     string
	renamed map[string]string // old content path -> what it is called today
	deleted map[string]string // content path -> commit that deleted it
}

// readPast reads the renames of the content. Trouble with git is no trouble of a mend, which then knows less.
func readPast(ctx context.Context, dir string) *past {
	p := &past{ctx: ctx, dir: dir, renamed: map[string]string{}, deleted: map[string]string{}}
	var err error
	if p.git, err = exec.LookPath("git"); err != nil {
		p.git = ""
		return p
	}
	// -z: names as they are; newest first
	log, err := p.run("log", "-z", "--format=%x01%h", "--relative", "--name-status", "--no-color", "--no-ext-diff", "-M60%", "--diff-filter=RD", "--", source.Dir)
	if err != nil {
		p.git = ""
		return p
	}
	p.read(log)
	return p
}

func (p *past) run(args ...string) ([]byte, error) {
	// no settings of the user
	args = append([]string{"-C", p.dir, "-c", "diff.renameLimit=20000", "-c", "log.showSignature=false"}, args...)
	return exec.CommandContext(p.ctx, p.git, args...).Output()
}

// read takes renames and deletions from a log: a commit after 0x01, then a letter and names, each ended by NUL.
func (p *past) read(log []byte) {
	commit := ""
	words := strings.Split(string(log), "\x00")
	for i := 0; i < len(words); i++ {
		word := strings.TrimLeft(words[i], "\n")
		switch {
		case strings.HasPrefix(word, "\x01"):
			commit = strings.TrimSpace(word[1:])
		case strings.HasPrefix(word, "R") && i+2 < len(words):
			old, today := words[i+1], words[i+2]
			if later, ok := p.renamed[today]; ok {
				today = later
			}
			if _, known := p.renamed[old]; !known {
				p.renamed[old] = today
			}
			i += 2
		case strings.HasPrefix(word, "D") && i+1 < len(words):
			if _, known := p.deleted[words[i+1]]; !known {
				p.deleted[words[i+1]] = commit
			}
			i++
		}
	}
}

// today returns what a file is called today that once had the content path, or "".
func (p *past) today(contentPath string) string { return p.renamed[contentPath] }

// indexNo returns the index number of a document that is no longer at the content path, or "": of the last commit that has it.
func (p *past) indexNo(contentPath string) string {
	if p.git == "" {
		return ""
	}
	revision := "HEAD"
	if commit := p.deleted[contentPath]; commit != "" {
		revision = commit + "^"
	}
	raw, err := p.run("show", revision+":./"+contentPath)
	if err != nil {
		return ""
	}
	file, ok := source.FileAt(contentPath)
	if !ok || !file.IsDisclosure() {
		return ""
	}
	return indexOf(file, bytes.Clone(raw))
}
