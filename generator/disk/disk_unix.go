//go:build unix

package disk

import (
	"io/fs"
	"syscall"
)

// Create writes a file that does not exist yet, and returns its stamp.
func Create(name string, data []byte) (Stamp, error) {
	fd, err := open(name, syscall.O_WRONLY|syscall.O_CREAT|syscall.O_EXCL|syscall.O_CLOEXEC)
	if err != nil {
		return Stamp{}, err
	}
	for len(data) > 0 {
		n, err := syscall.Write(fd, data)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			syscall.Close(fd)
			return Stamp{}, &fs.PathError{Op: "write", Path: name, Err: err}
		}
		data = data[n:]
	}
	var info syscall.Stat_t
	if err := syscall.Fstat(fd, &info); err != nil {
		syscall.Close(fd)
		return Stamp{}, &fs.PathError{Op: "stat", Path: name, Err: err}
	}
	if err := syscall.Close(fd); err != nil && err != syscall.EINTR {
		return Stamp{}, &fs.PathError{Op: "close", Path: name, Err: err}
	}
	return Stamp{info.Size, modifyTime(&info), changeTime(&info), uint64(info.Ino)}, nil
}

// Read returns the bytes of a regular file, which may be at most so large, and its size.
func Read(name string, most int64) ([]byte, int64, error) {
	fd, err := open(name, syscall.O_RDONLY|syscall.O_CLOEXEC)
	if err != nil {
		return nil, 0, err
	}
	defer syscall.Close(fd)
	var info syscall.Stat_t
	if err := syscall.Fstat(fd, &info); err != nil {
		return nil, 0, &fs.PathError{Op: "stat", Path: name, Err: err}
	}
	if info.Size > most {
		return nil, info.Size, &fs.PathError{Op: "read", Path: name, Err: ErrTooLarge}
	}
	data := make([]byte, info.Size)
	n := 0
	for n < len(data) {
		k, err := syscall.Read(fd, data[n:])
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return nil, 0, &fs.PathError{Op: "read", Path: name, Err: err}
		}
		if k == 0 { // it has become shorter meanwhile
			break
		}
		n += k
	}
	return data[:n:n], info.Size, nil
}

func open(name string, flags int) (int, error) {
	for {
		fd, err := syscall.Open(name, flags, 0o644)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return -1, &fs.PathError{Op: "open", Path: name, Err: err}
		}
		return fd, nil
	}
}
