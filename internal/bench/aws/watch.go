package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

// interval is how often processes are looked at. The least that a provider lives is many times that.
const interval = 5 * time.Millisecond

// tick is the unit of times in /proc.
const tick = 10 * time.Millisecond

// seen is what looking at a process of the CLI has told; all of it is zero where the system has no /proc.
type seen struct {
	// providers are the IDs of the provider processes that it has started.
	providers map[int]bool
	// memory is the most resident memory of any of them in bytes.
	memory int64
	// busy is the processor's time that the CLI itself has had, without its providers.
	busy time.Duration
}

// watch looks at a process and its children until it is told to stop, and then tells what it saw.
func watch(process int, stop <-chan struct{}) <-chan seen {
	told := make(chan seen, 1)

	go func() {
		s := seen{providers: map[int]bool{}}
		next := time.NewTicker(interval)

		defer next.Stop()

		for {
			s.look(process)

			select {
			case <-stop:
				told <- s

				return
			case <-next.C:
			}
		}
	}()

	return told
}

// look takes one look. What has ended meanwhile is not there, and what was seen of it stays.
func (s *seen) look(process int) {
	s.busy = max(s.busy, busyOf(process))

	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", process))
	if err != nil {
		return
	}

	for _, list := range lists {
		text, err := os.ReadFile(list)
		if err != nil {
			continue
		}

		for field := range strings.FieldsSeq(string(text)) {
			child, err := strconv.Atoi(field)
			if err != nil || !isProvider(child) {
				continue
			}

			s.providers[child] = true
			s.memory = max(s.memory, peakOf(child))
		}
	}
}

// isProvider tells a provider from a copy of the CLI that is about to become one.
func isProvider(process int) bool {
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", process))

	return err == nil && strings.HasPrefix(string(name), "terraform-prov")
}

// peakOf is the most resident memory that a running process has had in bytes, 0 where the system does not tell.
func peakOf(process int) int64 {
	value := rig.LineOf(fmt.Sprintf("/proc/%d/status", process), "VmHWM", ":")

	kibibytes, err := strconv.ParseInt(strings.TrimSuffix(value, " kB"), 10, 64)
	if err != nil {
		return 0
	}

	return kibibytes * 1024
}

// busyOf is the processor's time that a running process has had, 0 where the system does not tell.
func busyOf(process int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", process))
	if err != nil {
		return 0
	}

	// The second field is a name in parentheses, which may have anything in it; user and system time are the 14th and 15th.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 13 {
		return 0
	}

	var ticks int64

	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0
		}

		ticks += n
	}

	return time.Duration(ticks) * tick
}
