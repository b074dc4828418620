package watch

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// remoteKinds are file systems whose files others may write without this system being told.
var remoteKinds = map[int64]string{
	unix.NFS_SUPER_MAGIC: "NFS", unix.SMB_SUPER_MAGIC: "SMB", unix.CIFS_SUPER_MAGIC: "CIFS", unix.SMB2_SUPER_MAGIC: "SMB2", unix.V9FS_MAGIC: "9P", unix.FUSE_SUPER_MAGIC: "FUSE",
	unix.AFS_SUPER_MAGIC: "AFS", unix.CODA_SUPER_MAGIC: "Coda", unix.CEPH_SUPER_MAGIC: "Ceph", unix.OCFS2_SUPER_MAGIC: "OCFS2",
}

// remote returns why the system would not tell of changes in a folder, or nil.
func remote(dir string) error {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return nil // what is wrong with it will show
	}
	if kind, known := remoteKinds[int64(s.Type)]; known {
		return fmt.Errorf("%s: file system %s does not tell of changes", dir, kind)
	}
	return nil
}
