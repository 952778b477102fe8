package zenml

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

var (
	//go:embed worker.py
	workerScript []byte
	//go:embed pipeline.py
	pipelineScript []byte
)

// scripts is the directory below a home that holds the Python files.
const scripts = "scripts"

// request is what worker.py reads.
type request struct {
	// Program is zenml or the path of a Python file.
	Program     string            `json:"program"`
	Arguments   []string          `json:"arguments"`
	Directory   string            `json:"directory"`
	Environment map[string]string `json:"environment"`
	Log         string            `json:"log"`
	Seconds     int               `json:"seconds"`
}

// answer is what worker.py writes.
type answer struct {
	Code int `json:"code"`
}

// worker is the Python process that has ZenML loaded.
type worker struct {
	process  *exec.Cmd
	stdin    io.WriteCloser
	answers  chan answer
	cancel   context.CancelFunc
	stopping sync.Once
	log      string
}

// writeScripts puts the Python files where an interpreter can read them.
func writeScripts(home string) error {
	directory := filepath.Join(home, scripts)
	if err := os.Mkdir(directory, 0o755); err != nil {
		return fmt.Errorf("write the scripts: %w", err)
	}
	for name, text := range map[string][]byte{"worker.py": workerScript, "pipeline.py": pipelineScript} {
		if err := os.WriteFile(filepath.Join(directory, name), text, 0o600); err != nil {
			return fmt.Errorf("write the scripts: %w", err)
		}
	}
	return nil
}

// startWorker starts worker.py and does not wait for it to be ready.
func startWorker(ctx context.Context, python, home string, environment []string) (*worker, error) {
	ctx, cancel := context.WithCancel(ctx)
	w := &worker{
		process: exec.CommandContext(ctx, python, filepath.Join(home, scripts, "worker.py")),
		answers: make(chan answer),
		cancel:  cancel,
		log:     filepath.Join(home, "log", "worker.log"),
	}
	w.process.Env = environment
	w.process.Dir = home
	w.process.WaitDelay = 10 * time.Second
	ownGroup(w.process)
	if err := w.start(); err != nil {
		cancel()
		return nil, err
	}
	return w, nil
}

func (w *worker) start() error {
	// Files, and not pipes, take the output: a process that outlives its parent cannot hold up the end of the test.
	log, err := os.Create(w.log)
	if err != nil {
		return fmt.Errorf("open the log: %w", err)
	}
	defer log.Close() //nolint:errcheck // the process has a copy, nothing was written here
	w.process.Stderr = log
	if w.stdin, err = w.process.StdinPipe(); err != nil {
		return fmt.Errorf("open standard input: %w", err)
	}
	stdout, err := w.process.StdoutPipe()
	if err != nil {
		return fmt.Errorf("open standard output: %w", err)
	}
	if err := w.process.Start(); err != nil {
		return fmt.Errorf("start %s: %w", w.process.Path, err)
	}
	go func() {
		defer close(w.answers)
		decoder := json.NewDecoder(stdout)
		for {
			var a answer
			if decoder.Decode(&a) != nil {
				return // the process ended; whoever waits for an answer learns it from the closed channel
			}
			w.answers <- a
		}
	}()
	return nil
}

// do sends one request and waits for its answer. Errors end with the end of the output.
func (w *worker) do(r request) error {
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write a request: %w", err)
	}
	if _, err := w.stdin.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("python ended (%w) with\n%s", err, tail(w.log))
	}
	// Python ends a request that takes too long; this is for a Python that does not.
	timeout := time.NewTimer(time.Duration(r.Seconds)*time.Second + 10*time.Second)
	defer timeout.Stop()
	select {
	case a, ok := <-w.answers:
		switch {
		case !ok:
			return fmt.Errorf("python ended with\n%s\n%s", tail(w.log), tail(r.Log))
		case a.Code != 0:
			return fmt.Errorf("%s %q ended with %d (-14 is a timeout) and\n%s", r.Program, r.Arguments, a.Code, tail(r.Log))
		}
		return nil
	case <-timeout.C:
		w.cancel()
		return errors.New("python gave no answer in time; its output ends with\n" + tail(r.Log))
	}
}

// stop ends the process and all it started, also when the process itself has ended before.
func (w *worker) stop() {
	w.stopping.Do(func() { // once: later its number may be another process's
		w.cancel()
		_ = w.process.Cancel() // there may be nothing left to end
		for range w.answers {
			continue // an answer that nobody waits for must not hold up the reader
		}
		_ = w.process.Wait() // it was killed, as the error would say
	})
}
