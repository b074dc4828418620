package mend

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"gongkai/generator/disk"
	"gongkai/generator/source"
)

// materialise returns a folder that holds the content with the mends so far: the content itself while there are none, then a copy.
func (r *run) materialise() (string, error) {
	var changed []*file
	for _, f := range r.scope {
		if f.changed() && !f.copied {
			changed = append(changed, f)
		}
	}
	if r.scratch == "" {
		if len(changed) == 0 {
			return r.opt.Source, nil
		}
		if err := r.copyContent(); err != nil {
			return "", fmt.Errorf("copy the content: %w", err)
		}
	}
	for _, f := range changed {
		name := filepath.Join(r.scratch, filepath.FromSlash(f.Path))
		// the file of the copy may be the content's own (link): it is replaced, never written to
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("copy the content: %w", err)
		}
		if _, err := disk.Create(name, f.raw); err != nil {
			return "", fmt.Errorf("copy the content: %w", err)
		}
		f.copied = true
	}
	return r.scratch, nil
}

// copyContent copies content and theme. Texts are copied, because a link to one would change what the system says of it and make the next build read it
// again; attachments are large, and linked where the file system can do so.
func (r *run) copyContent() error {
	if err := os.MkdirAll(r.opt.Scratch, 0o755); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(r.opt.Scratch, "fix-")
	if err != nil {
		return err
	}
	r.scratch = dir
	texts := map[string][]byte{}
	for _, f := range r.all {
		texts[f.Path] = f.original
	}
	for _, top := range []string{source.Dir, "themes"} {
		if err := r.copyFolder(top, texts); err != nil {
			return err
		}
	}
	return nil
}

// copyFolder copies what lies below a folder of the source, which need not exist.
func (r *run) copyFolder(top string, texts map[string][]byte) error {
	root := filepath.Join(r.opt.Source, top)
	return filepath.WalkDir(root, func(full string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && full == root {
			return filepath.SkipAll
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(r.opt.Source, full)
		if err != nil {
			return err
		}
		to := filepath.Join(r.scratch, rel)
		text, known := texts[filepath.ToSlash(rel)]
		switch {
		case d.IsDir():
			return os.MkdirAll(to, 0o755)
		case known:
			_, err := disk.Create(to, text)
			return err
		case d.Type()&fs.ModeSymlink != 0:
			return r.copyLink(full, to)
		case !d.Type().IsRegular():
			return nil
		}
		return linkOrCopy(full, to)
	})
}

// copyLink makes a symbolic link that stays inside the content lead to the same place of the copy, and any other to nothing. Where the system makes no such
// links, the file itself stands in the place of the one, and the finding about the other is missing among those that remain.
func (r *run) copyLink(full, to string) error {
	target := linkedTo(r.opt.Source, full)
	if target == "" {
		_ = os.Symlink("outside", to)
		return nil
	}
	scratch, err := filepath.Abs(r.scratch)
	if err != nil {
		return err
	}
	if os.Symlink(filepath.Join(scratch, filepath.FromSlash(target)), to) == nil {
		return nil
	}
	return linkOrCopy(filepath.Join(r.opt.Source, filepath.FromSlash(target)), to)
}

// insideContent follows every symbolic link on the way to a file and reports whether the file lies in the content.
func insideContent(dir, full string) (target string, inside bool) {
	target, err := filepath.EvalSymlinks(full)
	if err != nil {
		return "", false
	}
	top, err := filepath.EvalSymlinks(filepath.Join(dir, source.Dir))
	if err != nil {
		return "", false
	}
	rel, err := filepath.Rel(top, target)
	return target, err == nil && filepath.IsLocal(rel)
}

// linkedTo returns the content path that a symbolic link stands for, or "".
func linkedTo(dir, full string) string {
	if info, err := os.Lstat(full); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return ""
	}
	target, inside := insideContent(dir, full)
	if !inside {
		return ""
	}
	top, err := filepath.EvalSymlinks(filepath.Join(dir, source.Dir))
	if err != nil {
		return ""
	}
	rel, err := filepath.Rel(top, target)
	if err != nil {
		return ""
	}
	return source.Dir + "/" + filepath.ToSlash(rel)
}

// linkOrCopy makes a second name for a file, or a copy of it where the file system has no such names.
func linkOrCopy(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

// removeScratch removes the copy, and the folder for it where nothing else is in it.
func (r *run) removeScratch() {
	if r.scratch != "" {
		_ = os.RemoveAll(r.scratch)
		_ = os.Remove(r.opt.Scratch) // fails where it is not empty
	}
}
