package helm

import (
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// childVariable makes a test binary do one call, to be killed in the middle of it.
const childVariable = "MLSTACKS_TEST_HELM_CHILD"

type childCall struct {
	Namespace, Name, Incarnation string
	Values                       object
	Uninstall                    bool
}

func TestReal_Child(t *testing.T) {
	t.Parallel()

	text := os.Getenv(childVariable)
	if text == "" {
		return // only another test calls this one
	}

	var call childCall
	if err := json.Unmarshal([]byte(text), &call); err != nil {
		t.Fatal(err)
	}

	client, err := New(connect(t), call.Namespace)
	if err != nil {
		t.Fatal(err)
	}

	owner := testOwner("data", call.Incarnation)
	if call.Uninstall {
		err = client.Uninstall(t.Context(), call.Name, owner, DeleteClaims())
	} else {
		err = client.Converge(t.Context(), Release{Name: call.Name, Chart: app(t), Values: call.Values, Owner: owner})
	}

	if err != nil {
		t.Fatal(err)
	}
}

// killed runs a call in a process of its own and kills it when ready returns.
func (b bench) killed(t *testing.T, call childCall, ready func()) {
	t.Helper()

	call.Namespace, call.Name, call.Incarnation = b.space, "web", "one"

	text, err := json.Marshal(call)
	if err != nil {
		t.Fatal(err)
	}

	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestReal_Child$")
	child.Env = append(os.Environ(), childVariable+"="+string(text))

	if err := child.Start(); err != nil {
		t.Fatal(err)
	}

	ready()

	_ = child.Process.Kill()
	_ = child.Wait()

	status := "gone"
	if observed, err := b.Observe(t.Context(), Release{Name: call.Name}); err == nil {
		status = observed.Status
	}

	t.Logf("killed after it was %s", status)
}

func TestReal_KilledInItsHooksIsRepaired(t *testing.T) {
	t.Parallel()

	b := newBench(t)
	slow := b.release(t, object{"hooks": true, "hookSeconds": 60, "extra": true})
	r := b.release(t, object{"hooks": true, "message": "second"})

	b.killed(t, childCall{Values: slow.Values}, func() { b.await(t, slow, "pending-install") })
	b.converge(t, r)
	b.settledAt(t, r, 0)

	b.killed(t, childCall{Values: slow.Values}, func() { b.await(t, slow, "pending-upgrade") })

	if drift := b.observe(t, r).Drift; !strings.Contains(strings.Join(drift, "\n"), "is pending-upgrade, should be deployed") {
		t.Errorf("got %q", drift)
	}

	b.converge(t, r)
	b.settledAt(t, r, 0)

	b.killed(t, childCall{Values: slow.Values}, func() { b.await(t, slow, "pending-upgrade") })

	if err := b.Uninstall(t.Context(), r.Name, r.Owner); err != nil {
		t.Fatal(err)
	}

	if left := b.left(t); len(left) > 0 && !slices.Equal(left, []string{"ConfigMap/web-kept"}) {
		t.Errorf("left: %q", left)
	}
}

// turns returns a function that waits until a record of the release gets a status, seen at once.
func (b bench) turns(t *testing.T, status string) func() {
	t.Helper()

	events, err := b.CoreV1().Secrets(b.space).Watch(t.Context(), metav1.ListOptions{LabelSelector: "owner=helm,status=" + status})
	if err != nil {
		t.Fatal(err)
	}

	return func() {
		defer events.Stop()

		select {
		case <-events.ResultChan():
		case <-time.After(time.Minute):
			t.Errorf("it never was %s", status)
		}
	}
}

func TestReal_KilledAnywhereConverges(t *testing.T) {
	t.Parallel()

	b := newBench(t)
	values := []object{{"storage": true, "extra": true}, {"storage": true, "message": "other"}}

	for i := range 6 {
		wait := time.Duration(30*i) * time.Millisecond
		r, other := b.release(t, values[i%2]), b.release(t, values[(i+1)%2])

		pending := b.turns(t, "pending-install")
		b.killed(t, childCall{Values: r.Values}, func() {
			pending()
			time.Sleep(wait)
		})

		if i%3 != 2 {
			b.converge(t, other)
			b.settledAt(t, other, 0)

			pending = b.turns(t, "pending-upgrade")
			b.killed(t, childCall{Values: r.Values}, func() {
				pending()
				time.Sleep(wait)
			})
		}

		leaving := b.turns(t, "uninstalling")
		b.killed(t, childCall{Uninstall: true}, func() {
			leaving()
			time.Sleep(5 * wait)
		})

		if i%2 == 0 {
			b.converge(t, other)
			b.settledAt(t, other, 0)
		}

		if err := b.Uninstall(t.Context(), r.Name, r.Owner, DeleteClaims()); err != nil {
			t.Fatal(err)
		}

		left := slices.DeleteFunc(b.left(t), func(name string) bool { return name == "ConfigMap/web-kept" })
		if len(left) > 0 {
			t.Errorf("killed after %s, left: %q", wait, left)
		}
	}
}
