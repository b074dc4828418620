// Package disk creates and reads whole files with as few system calls as that takes.
//
// os.File is made for pipes and terminals as well: each one that is opened costs five calls more, to find out that a file needs no poller,
// and a finalizer. A build opens two files a document.
package disk

import "errors"

// ErrTooLarge says that a file was not read because of its size.
var ErrTooLarge = errors.New("file too large")
