//go:build unix

package zenml

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// fakePython starts a worker with a shell script for an interpreter.
func fakePython(t *testing.T, script string) (*worker, string) {
	t.Helper()
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, "log"), 0o755); err != nil {
		t.Fatal(err)
	}
	python := filepath.Join(home, "python")
	if err := os.WriteFile(python, []byte("#!/bin/sh\n"+script), 0o700); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	w, err := startWorker(t.Context(), python, home, []string{"PATH=" + os.Getenv("PATH")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.stop)
	return w, home
}

func TestWorker_SaysWhyPythonEnded(t *testing.T) {
	t.Parallel()
	w, home := fakePython(t, "read -r request; echo no module named zenml >&2; exit 1\n")
	err := w.do(request{Program: "zenml", Log: filepath.Join(home, "log", "1.log"), Seconds: 60})
	if err == nil || !strings.Contains(err.Error(), "no module named zenml") {
		t.Errorf("got error %v, want the end of the output", err)
	}
}

func TestWorker_TakesWhatPythonStartedWithIt(t *testing.T) {
	t.Parallel()
	w, home := fakePython(t, "read -r request; sleep 600 & echo $! > pid; echo '{\"code\": 0}'; exit\n")
	if err := w.do(request{Program: "zenml", Seconds: 60}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(home, "pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	w.stop()
	for range 100 { // whoever adopted the process takes a moment to reap it
		if syscall.Kill(pid, 0) != nil {
			return
		}
		if state, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat"); err == nil &&
			strings.Contains(string(state), ") Z ") {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("process %d outlived the test", pid)
}
