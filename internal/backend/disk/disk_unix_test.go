//go:build unix

package disk_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/disk"
)

func TestClaim_LeavesNothingWhereItMayNotWrite(t *testing.T) {
	t.Parallel()

	if at := os.Getenv("MLSTACKS_DISK_DENIED"); at != "" {
		object := disk.Object{Path: filepath.Join(at, "a", "store"), Directory: true, Mode: 0o755}
		is(t, claimed(object), fs.ErrPermission)

		return
	}

	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o555)) //nolint:gosec // what nobody may write to

	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestClaim_LeavesNothingWhereItMayNotWrite$")
	child.Env = append(os.Environ(), "MLSTACKS_DISK_DENIED="+dir)

	if os.Getuid() == 0 { // whom no mode stops
		for at := dir; at != "/tmp" && at != "/"; at = filepath.Dir(at) {
			info, err := os.Stat(at)
			must(t, err)
			must(t, os.Chmod(at, info.Mode().Perm()|0o055))
		}

		binary := filepath.Join(os.TempDir(), "mlstacks-disk-test-"+filepath.Base(filepath.Dir(dir)))
		text, err := os.ReadFile(os.Args[0])
		must(t, err)
		must(t, os.WriteFile(binary, text, 0o755)) //nolint:gosec // another user has to run it
		t.Cleanup(func() { _ = os.Remove(binary) })

		child.Path = binary
		child.Dir = "/"
		child.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}

	if output, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}

	nothing(t, dir)
}
