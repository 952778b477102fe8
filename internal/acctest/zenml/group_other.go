//go:build !unix

package zenml

import "os/exec"

// ownGroup does nothing where there are no process groups; worker.py needs a Unix anyway, for its forks.
func ownGroup(*exec.Cmd) {}
