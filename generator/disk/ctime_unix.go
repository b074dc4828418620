//go:build unix && !linux

package disk

import "syscall"

func changeTime(s *syscall.Stat_t) int64 { return s.Ctimespec.Nano() }

func modifyTime(s *syscall.Stat_t) int64 { return s.Mtimespec.Nano() }
