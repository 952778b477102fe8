//go:build !unix

package rig

import "syscall"

// apart does nothing here.
func apart() *syscall.SysProcAttr { return nil }
