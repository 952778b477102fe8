//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peakOf is the most resident memory that an ended process took, in bytes.
func peakOf(ended *os.ProcessState) int64 {
	usage, ok := ended.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}

	if runtime.GOOS == "darwin" {
		return wide(usage.Maxrss)
	}

	return wide(usage.Maxrss) * 1024
}

// wide is a number whose type depends on the system.
func wide[T int32 | int64](n T) int64 { return int64(n) }
