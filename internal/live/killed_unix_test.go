//go:build unix

package live_test

import (
	"bytes"
	"context"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// end is a way in which a run comes to a sudden end.
type end func(t *testing.T, cli int)

// everything kills the CLI together with the provider.
func everything(t *testing.T, cli int) {
	t.Helper()
	must(t, syscall.Kill(-cli, syscall.SIGKILL))
}

// providerAlone kills the provider and lets the CLI live to write down what it makes of that.
func providerAlone(t *testing.T, cli int) {
	t.Helper()

	children, err := exec.CommandContext(t.Context(), "ps", "-A", "-o", "pid=,ppid=,args=").Output()
	must(t, err)

	killed := 0

	for line := range strings.Lines(string(children)) {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[1] != strconv.Itoa(cli) || !strings.HasSuffix(fields[2], "terraform-provider-mlstacks") {
			continue
		}

		pid, err := strconv.Atoi(fields[0])
		must(t, err)
		must(t, syscall.Kill(pid, syscall.SIGKILL))

		killed++
	}

	if killed == 0 {
		t.Errorf("the CLI %d has no provider to kill", cli)
	}
}

// killed starts a command and ends it as soon as reached says so.
func (w *workspace) killed(by end, what string, reached func() bool, arguments ...string) {
	w.t.Helper()

	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()

	var said bytes.Buffer

	command := w.Command(ctx, append(arguments, "-lock=false")...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // the provider is to be hit too
	command.Stdout, command.Stderr = &said, &said
	must(w.t, command.Start())

	done := make(chan error, 1)
	go func() { done <- command.Wait() }()

	for deadline := time.Now().Add(2 * time.Minute); !reached(); time.Sleep(20 * time.Millisecond) {
		select {
		case err := <-done:
			w.t.Fatalf("the command ended before it could be killed when %s: %v\n%s", what, err, said.String())
		default:
		}

		if time.Now().After(deadline) {
			w.t.Errorf("waited in vain until %s", what)

			break
		}
	}

	by(w.t, command.Process.Pid)

	if err := <-done; err == nil {
		w.t.Errorf("the command went through although it was killed\n%s", said.String())
	}

	w.keep("said.log", said.Bytes())
	w.keep("states.log", []byte(w.state()))
	w.learn()
}

func TestStore_KilledWhileItIsInstalledOrRemovedConverges(t *testing.T) {
	t.Parallel()

	for name, by := range map[string]end{"everything": everything, "provider": providerAlone} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			dev, images := common(t)
			namespace := "killed-" + name
			w := open(t, dev.name, dev.lookup()+store("main", namespace, images.Minio))

			w.killed(by, "the Deployment is there", func() bool {
				_, err := dev.AppsV1().Deployments(namespace).Get(t.Context(), "main", meta.GetOptions{})

				return err == nil
			}, "apply", "-auto-approve")

			w.apply()
			w.settled()

			w.killed(by, "the Deployment goes", func() bool {
				live, err := dev.AppsV1().Deployments(namespace).Get(t.Context(), "main", meta.GetOptions{})

				return apierrors.IsNotFound(err) || err == nil && live.DeletionTimestamp != nil
			}, "destroy", "-auto-approve")

			w.destroy()
			dev.gone(namespace)
		})
	}
}
