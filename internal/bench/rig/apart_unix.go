//go:build unix

package rig

import "syscall"

// apart keeps what a terminal sends from reaching a program that we start.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
