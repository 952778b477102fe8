//go:build unix

package zenml

import (
	"os/exec"
	"syscall"
)

// ownGroup puts a process into a group of its own, which is killed as a whole.
func ownGroup(process *exec.Cmd) {
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	process.Cancel = func() error {
		return syscall.Kill(-process.Process.Pid, syscall.SIGKILL)
	}
}
