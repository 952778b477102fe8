package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// counted is a server that takes everything and remembers what it was asked.
type counted struct {
	*httptest.Server

	mu    sync.Mutex
	calls []string
}

func serve(t *testing.T) *counted {
	t.Helper()

	c := &counted{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()

		c.calls = append(c.calls, r.Method+" "+r.URL.Path)
		_, _ = fmt.Fprintf(w, `{"access_token": "t", "id": "00000000-0000-4000-8000-%012d"}`, len(c.calls))
	}))
	t.Cleanup(c.Close)

	return c
}

// lived are the calls of each command.
func lived(t *testing.T, keep bool, stacks int) (calls [][]string) {
	t.Helper()

	c := serve(t)

	for _, do := range (&peer{url: c.URL, key: "k", keep: keep}).life(t.Context(), stacks) {
		c.calls = nil

		if err := do(); err != nil {
			t.Fatal(err)
		}

		calls = append(calls, c.calls)
	}

	return calls
}

func TestPeer_CallsAsItIsAreThoseWithOneLoginEachWithALogin(t *testing.T) {
	t.Parallel()

	for _, stacks := range []int{1, 30} {
		as, kept := lived(t, false, stacks), lived(t, true, stacks)

		for i, each := range []int{5, 3, 8} { // calls of one stack that are no login
			if got, want := len(kept[i]), 2+each*stacks; got != want { // and the login, and the server's version
				t.Errorf("%s of %d stacks: %d calls with one login, want %d: %q", commands()[i], stacks, got, want, tally(kept[i]))
			}

			if got, want := len(as[i]), withLogins(kept[i]); got != want || got != 2*(1+each*stacks) {
				t.Errorf("%s of %d stacks: %d calls as it is, of which %d are told", commands()[i], stacks, got, want)
			}
		}
	}
}

func TestPeer_LogsInForSeveralCallsAtOnce(t *testing.T) {
	t.Parallel()

	var (
		mu        sync.Mutex
		now, most int
		both      = make(chan struct{})
	)

	c := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/login") {
			mu.Lock()

			if now++; now > most {
				if most = now; most == 2 {
					close(both)
				}
			}

			mu.Unlock()

			select { // the first waits for another
			case <-both:
			case <-time.After(200 * time.Millisecond):
			}

			mu.Lock()
			now--
			mu.Unlock()
		}

		_, _ = fmt.Fprint(w, `{"access_token": "t", "id": "x"}`)
	}))
	t.Cleanup(c.Close)

	if err := (&peer{url: c.URL}).life(t.Context(), 2)[0](); err != nil {
		t.Fatal(err)
	}

	if most < 2 {
		t.Error("logins wait for each other; zenml-io/zenml's do not")
	}
}

func TestReport_SaysWhatWasNotMeasuredAndCountsItsCalls(t *testing.T) {
	t.Parallel()

	o := options{sizes: []int{2, 10}, rounds: 1, asIs: 2}
	r := report{options: o, sizes: map[int]measured{}, machine: "a machine"}

	for _, stacks := range o.sizes {
		m := measured{}

		for _, command := range commands() {
			m[command] = &[3][]figure{}

			for _, s := range o.turns(stacks, 0) {
				took := time.Duration(stacks*[]int{900, 100, 300}[s]) * time.Millisecond
				calls := slices.Repeat([]string{"GET /api/v1/stacks/7b1f2c3d-0000-4000-8000-000000000000"}, 3*stacks)

				if s == asIs {
					calls = slices.Repeat(append(calls, login), 2)[:6*stacks]
				}

				m[command][s] = append(m[command][s], figure{took: took, calls: calls})
			}
		}

		r.sizes[stacks] = m
	}

	var text strings.Builder

	r.print(&text)

	for _, want := range []string{
		"| 2 | `apply` | 900 ms | 100 ms | 300 ms | 0.33 | 3.00 | 6.00 | 3.00 | 3.00 | 0.50 |\n",
		"| 10 | `destroy` | not measured (calls are the same per stack) | 100 ms | 300 ms | – | 3.00 | 6.00 | 3.00 | 3.00 | 0.50 |\n",
		"With more than 2 stacks", "- `no-op plan`, mlstacks in the CLI: 30 GET /stacks/{id}\n", "a machine",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, &text)
		}
	}

	r.options.sizes = []int{2}
	text.Reset()
	r.print(&text)

	if strings.Contains(text.String(), "not measured") || strings.Contains(text.String(), "With more than") {
		t.Errorf("everything was measured, and the report says otherwise:\n%s", &text)
	}
}

func TestMeasured_AgreeRefusesAPatternThatDependsOnItsLogin(t *testing.T) {
	t.Parallel()

	m := measured{}
	for _, command := range commands() {
		m[command] = &[3][]figure{{{calls: []string{login, "GET /x"}}}, {{calls: []string{login, "GET /x"}}}, nil}
	}

	if err := m.agree(); err != nil {
		t.Error(err)
	}

	m[planCommand][asIs][0].calls = []string{login, "GET /x", login, "GET /y"}

	if err := m.agree(); err == nil || !strings.Contains(err.Error(), planCommand) {
		t.Errorf("got %v, want an error about %s", err, planCommand)
	}
}

func TestTurns_LeaveOutWhatTakesLongAndChange(t *testing.T) {
	t.Parallel()

	o := options{asIs: 50}

	for _, c := range []struct {
		stacks, round int
		want          []side
	}{
		{50, 0, []side{asIs, oneLogin, ours}},
		{50, 1, []side{ours, oneLogin, asIs}},
		{51, 0, []side{oneLogin, ours}},
		{200, 1, []side{ours, oneLogin}},
	} {
		if got := o.turns(c.stacks, c.round); !slices.Equal(got, c.want) {
			t.Errorf("round %d of %d stacks: %v, want %v", c.round, c.stacks, got, c.want)
		}
	}
}
