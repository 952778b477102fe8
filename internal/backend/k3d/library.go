package k3d

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/k3d-io/k3d/v5/pkg/logger"
	"github.com/k3d-io/k3d/v5/pkg/runtimes"
	"github.com/k3d-io/k3d/v5/pkg/types"
	"github.com/k3d-io/k3d/v5/pkg/types/fixes"
	"github.com/k3d-io/k3d/v5/version"
	"github.com/sirupsen/logrus"
)

// libraryVersion is that of the k3d library in go.mod, which does not know it: programs are expected to set it when they are
// linked. Without it the library wants helper images called latest.
const libraryVersion = "v5.8.3"

// starting is held while the library starts containers: its source of random names is not safe for concurrent use.
var starting sync.Mutex

var (
	prepareOnce sync.Once
	fixesMutex  sync.Mutex
	sink        atomic.Pointer[func(message string)]
)

// SetLog hands what the library has to say to a function, without tokens. Nothing is said until then.
func SetLog(to func(message string)) { sink.Store(&to) }

// prepare makes the library fit for life inside another program.
func prepare() {
	prepareOnce.Do(func() {
		if version.Version == "" {
			version.Version = libraryVersion
			types.DefaultRuntimeLabelsVar["k3d.version"] = libraryVersion
		}

		log := logger.Log()
		log.SetOutput(io.Discard)
		log.SetLevel(logrus.InfoLevel) // what is below prints tokens and kubeconfigs
		log.AddHook(hook{})
		log.ExitFunc = func(code int) { panic(fmt.Sprintf("the library wants to exit with %d", code)) }
	})
}

// prepareFixes lets the library find out what the engine needs, since it remembers that in a plain variable. The engine must
// have answered: the library takes silence for an answer.
func prepareFixes() {
	fixesMutex.Lock()
	defer fixesMutex.Unlock()

	fixes.GetFixes(runtimes.Docker)
}

type hook struct{}

// Levels are those that the hook is told of: all that the library writes.
func (hook) Levels() []logrus.Level { return logrus.AllLevels }

// Fire hands an entry on, without tokens.
func (hook) Fire(entry *logrus.Entry) error {
	if to := sink.Load(); to != nil {
		(*to)(redact(entry.Message))
	}

	return nil
}

var tokenPattern = regexp.MustCompile(`((?:K3S_(?:AGENT_)?TOKEN=|k3d\.cluster\.token[:=]|(?:--token|-t)[ =])\s*)\S+`)

func redact(text string) string { return tokenPattern.ReplaceAllString(text, "$1***") }

// guard calls the library: its panics become errors, and its errors show no token.
func guard(call func() error) (err error) {
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("k3d's library failed: %s", redact(fmt.Sprint(problem)))
		}
	}()

	err = call()
	if err != nil {
		if text := err.Error(); redact(text) != text {
			return errors.New(redact(text))
		}
	}

	return err
}

// lastLine is the part of an engine's message that says something.
func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")

	return lines[len(lines)-1]
}
