//go:build !linux && !darwin

package build

import "os"

// exchange swaps two folders in two steps. A build that is killed between them is mended by the next one (stage.recover).
func exchange(a, b string) error {
	if err := os.Rename(b, a+".old"); err != nil {
		return err
	}
	if err := os.Rename(a, b); err != nil {
		_ = os.Rename(a+".old", b)
		return err
	}
	return os.Rename(a+".old", a)
}
