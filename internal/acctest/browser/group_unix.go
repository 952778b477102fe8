//go:build unix

package browser

import (
	"os/exec"
	"syscall"
)

// ownGroup puts the browser into a group of its own, which is killed as a whole: the program may be a script that starts
// the browser, and the browser has processes of its own.
func ownGroup(process *exec.Cmd) {
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	process.Cancel = func() error { return syscall.Kill(-process.Process.Pid, syscall.SIGKILL) }
}
