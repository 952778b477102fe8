package zenserver_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
)

// double answers like a ZenML server, for what a real one does not do on demand.
type double struct {
	mu     sync.Mutex
	logins int
	token  string
	keys   []string
	waits  []time.Duration
	answer func(w http.ResponseWriter, r *http.Request)
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/api/v1/login" {
		d.mu.Lock()
		d.logins++
		d.token = fmt.Sprintf("token-%d", d.logins)
		token := d.token
		d.mu.Unlock()

		if r.FormValue("password") == "bad" {
			say(w, http.StatusUnauthorized, `{"detail": ["CredentialsNotValid", "no"]}`)

			return
		}

		say(w, http.StatusOK, `{"access_token": "`+token+`"}`)

		return
	}

	d.mu.Lock()
	d.keys = append(d.keys, r.Header.Get("Idempotency-Key"))
	d.mu.Unlock()

	d.answer(w, r)
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) //nolint:gosec // no browser reads it
}

func (d *double) client(t *testing.T, key string) *zenserver.Client {
	t.Helper()

	server := httptest.NewServer(d)
	t.Cleanup(server.Close)

	return zenserver.New(zenserver.Config{URL: server.URL + "/", APIKey: key, Pause: func(ctx context.Context, wait time.Duration) error {
		d.mu.Lock()
		d.waits = append(d.waits, wait)
		d.mu.Unlock()

		return ctx.Err()
	}})
}

func TestClient_TellsAnswersApart(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		status int
		body   string
		class  error
	}{
		"forbidden":        {http.StatusForbidden, `{"detail": ["AuthorizationException", "you may not"]}`, zenserver.ErrForbidden},
		"in use":           {http.StatusForbidden, `{"detail": ["IllegalOperationError", "part of 2 stacks"]}`, zenserver.ErrRefused},
		"gone":             {http.StatusNotFound, `{"detail": ["KeyError", "\"no such stack\""]}`, backend.ErrNotFound},
		"another address":  {http.StatusNotFound, `{"detail": "Not Found"}`, zenserver.ErrNotZenML},
		"taken":            {http.StatusConflict, `{"detail": ["EntityExistsError", "there is one"]}`, zenserver.ErrConflict},
		"unknown key":      {http.StatusBadRequest, `{"detail": ["ValueError", "Invalid configuration keys ['x']"]}`, zenserver.ErrInvalid},
		"failed":           {http.StatusInternalServerError, `{"detail": ["RuntimeError", "boom"]}`, zenserver.ErrBroken},
		"never authorized": {http.StatusUnauthorized, `{"detail": ["CredentialsNotValid", "no"]}`, zenserver.ErrUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			d := &double{answer: func(w http.ResponseWriter, _ *http.Request) { say(w, c.status, c.body) }}
			_, err := d.client(t, "key").Stack(t.Context(), "1")

			if !errors.Is(err, c.class) {
				t.Errorf("%d %s is %v", c.status, c.body, err)
			}
		})
	}
}

func TestClient_NamesTheFieldsThatAreRefused(t *testing.T) {
	t.Parallel()

	for name, body := range map[string]string{
		"as text": `["ValueError", "2 errors:\n {'type': 'missing', 'loc': ('body', 'flavor')}\n {'type': 'missing', 'loc': ('body', 'components', 0)}` +
			`\n\n  File \"/app/x.py\", line 3"]`,
		"as a list": `{"detail": [{"loc": ["body", "flavor"], "msg": "x"}, {"loc": ["body", "components", 0], "msg": "y"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			d := &double{answer: func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusUnprocessableEntity, body) }}
			_, err := d.client(t, "key").CreateComponent(t.Context(), zenserver.Component{Name: "x"})

			var answer *zenserver.Error
			if !errors.As(err, &answer) || !errors.Is(err, zenserver.ErrInvalid) || !slices.Equal(answer.Fields, []string{"flavor", "components.0"}) {
				t.Errorf("the error is %v with fields %v", err, answer)
			}
		})
	}
}

func TestClient_RepeatsNoContentThatIsRefused(t *testing.T) {
	t.Parallel()

	for name, body := range map[string]string{
		"as text": `["ValueError", "1 validation error:\n {'type': 'x', 'loc': ('body', 'values'), 'msg': 'Input should be shorter', ` +
			`'input': {'token': 'hunter2', 'more': \"it's 'hunter2'\"}, 'ctx': {'given': 'hunter2'}}\n\n  File \"/app/x.py\", line 3"]`,
		"as a list": `{"detail": [{"loc": ["body", "values"], "msg": "Input should be shorter", "input": "hunter2"}]}`,
		"by a model": `["ValueError", "1 validation error for SecretRequest\nvalues: Input should be shorter ` +
			`[type=string_type, input_value={'token': 'hunter2]'}, input_type=dict]\n    For further information visit https://errors.pydantic.dev"]`,
		"by the database": `["OperationalError", "values: Input should be shorter\n[SQL: INSERT INTO secret VALUES (?)]\n[parameters: ('hunter2',)]"]`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			status := http.StatusUnprocessableEntity
			if strings.Contains(body, "SQL") {
				status = http.StatusInternalServerError
			}

			d := &double{answer: func(w http.ResponseWriter, _ *http.Request) { say(w, status, body) }}

			_, err := d.client(t, "key").CreateSecret(t.Context(), "x", map[string]string{"token": "hunter2"})
			if text := fmt.Sprint(err); strings.Contains(text, "hunter2") || !strings.Contains(text, "values: Input should be shorter") {
				t.Errorf("the error is %s", text)
			}
		})
	}
}

func TestClient_RefusesPages(t *testing.T) {
	t.Parallel()

	for _, status := range []int{http.StatusOK, http.StatusNotFound, http.StatusFound} {
		d := &double{answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			_, _ = w.Write([]byte("<html><style>p{}</style><p>Sign in</p></html>"))
		}}

		_, err := d.client(t, "key").Stack(t.Context(), "1")
		if !errors.Is(err, zenserver.ErrNotZenML) || errors.Is(err, backend.ErrNotFound) {
			t.Errorf("a page with status %d is %v", status, err)
		}
	}
}

func TestClient_FollowsNoRedirectThatLeadsElsewhere(t *testing.T) {
	t.Parallel()

	for name, to := range map[string]string{"to another scheme": "https://%s/api/v1/stacks/1", "to another server": "http://other.example.com/"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var address string

			d := &double{answer: func(w http.ResponseWriter, r *http.Request) {
				address = strings.ReplaceAll(to, "%s", r.Host)
				http.Redirect(w, r, address, http.StatusMovedPermanently)
			}}

			_, err := d.client(t, "key").Stack(t.Context(), "1")

			host, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://"), "/")
			if !errors.Is(err, zenserver.ErrNotZenML) || !strings.Contains(fmt.Sprint(err), "it leads to "+strings.SplitN(to, ":", 2)[0]+"://"+host) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestClient_WaitsForALoginNoLongerThanItMay(t *testing.T) {
	t.Parallel()

	release, begun := make(chan struct{}), make(chan struct{})

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-release
		say(w, http.StatusOK, `{"access_token": "t"}`)
	}))
	defer server.Close()

	client := zenserver.New(zenserver.Config{URL: server.URL, APIKey: "key"})

	var first sync.WaitGroup

	first.Go(func() { _ = client.Login(t.Context()) })
	<-begun

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()

	if err := client.Login(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the second login is %v", err)
	}

	close(release)
	first.Wait()
}

func TestClient_RenewsTheTokenOnce(t *testing.T) {
	t.Parallel()

	d := &double{}
	d.answer = func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer token-2" {
			say(w, http.StatusUnauthorized, `{"detail": ["CredentialsNotValid", "expired"]}`)

			return
		}

		say(w, http.StatusOK, `{"id": "1", "name": "x"}`)
	}

	client := d.client(t, "key")

	var calls sync.WaitGroup
	for range 8 {
		calls.Go(func() {
			if _, err := client.Stack(t.Context(), "1"); err != nil {
				t.Error(err)
			}
		})
	}

	calls.Wait()

	if d.logins != 2 {
		t.Errorf("%d logins", d.logins)
	}
}

func TestClient_AsksOnceWhatAServerIs(t *testing.T) {
	t.Parallel()

	d := &double{answer: func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(20 * time.Millisecond)
		say(w, http.StatusOK, `{"id": "1", "version": "`+zenserver.Version+`.0"}`)
	}}
	client := d.client(t, "key")

	var calls sync.WaitGroup
	for range 8 {
		calls.Go(func() {
			if _, err := client.Info(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}

	calls.Wait()

	if asked := client.Calls(); asked != 1 {
		t.Errorf("it was asked %d times", asked)
	}
}

func TestClient_SaysThatTheKeyIsWrong(t *testing.T) {
	t.Parallel()

	d := &double{answer: func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, `{}`) }}

	if err := d.client(t, "bad").Login(t.Context()); !errors.Is(err, zenserver.ErrUnauthorized) {
		t.Errorf("a wrong key is %v", err)
	}

	if err := d.client(t, "").Login(t.Context()); !errors.Is(err, zenserver.ErrNoCredentials) {
		t.Errorf("no key is %v", err)
	}
}

func TestClient_WaitsAsLongAsItIsAskedTo(t *testing.T) {
	t.Parallel()

	var tries atomic.Int32

	d := &double{answer: func(w http.ResponseWriter, _ *http.Request) {
		if tries.Add(1) < 3 {
			w.Header().Set("Retry-After", "7")
			say(w, http.StatusTooManyRequests, `{"error": "busy"}`)

			return
		}

		say(w, http.StatusOK, `{"id": "1", "name": "x"}`)
	}}

	if _, err := d.client(t, "key").CreateComponent(t.Context(), zenserver.Component{Name: "x"}); err != nil {
		t.Fatal(err)
	}

	if !slices.Equal(d.waits, []time.Duration{7 * time.Second, 7 * time.Second}) {
		t.Errorf("it waited %v", d.waits)
	}

	if d.keys[0] == "" || d.keys[0] != d.keys[2] {
		t.Errorf("the tries of one POST have the keys %v", d.keys)
	}

	tries.Store(-100)

	if _, err := d.client(t, "key").Stack(t.Context(), "1"); !errors.Is(err, zenserver.ErrBusy) || tries.Load() > -90 {
		t.Errorf("a server that stays busy is %v after %d tries", err, tries.Load()+100)
	}
}

func TestClient_RepeatsOnlyWhatDoesNoHarm(t *testing.T) {
	t.Parallel()

	var tries atomic.Int32

	d := &double{answer: func(w http.ResponseWriter, _ *http.Request) {
		tries.Add(1)
		say(w, http.StatusInternalServerError, `{"detail": ["RuntimeError", "boom"]}`)
	}}

	if _, err := d.client(t, "key").CreateComponent(t.Context(), zenserver.Component{}); !errors.Is(err, zenserver.ErrBroken) || tries.Load() != 1 {
		t.Errorf("a POST that failed: %v after %d tries", err, tries.Load())
	}

	tries.Store(0)

	if _, err := d.client(t, "key").Stack(t.Context(), "1"); !errors.Is(err, zenserver.ErrBroken) || tries.Load() < 2 {
		t.Errorf("a GET that failed: %v after %d tries", err, tries.Load())
	}
}

func TestClient_FollowsPages(t *testing.T) {
	t.Parallel()

	d := &double{answer: func(w http.ResponseWriter, r *http.Request) {
		n := r.URL.Query().Get("page")
		say(w, http.StatusOK, `{"index": `+n+`, "total_pages": 3, "items": [{"id": "`+n+`", "name": "x"}]}`)
	}}

	found, err := d.client(t, "key").ComponentsByName(t.Context(), []string{"x"})
	if err != nil || len(found) != 3 || found[2].ID != "3" {
		t.Errorf("three pages are %v (%v)", found, err)
	}
}

func TestClient_HonorsTheContext(t *testing.T) {
	t.Parallel()

	ctx, cancel := context.WithCancel(t.Context())

	d := &double{answer: func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
		say(w, http.StatusOK, `{}`)
	}}

	if _, err := d.client(t, "key").Stack(ctx, "1"); !errors.Is(err, context.Canceled) {
		t.Errorf("a call that was called off is %v", err)
	}
}

func TestClient_TellsOtherVersions(t *testing.T) {
	t.Parallel()

	d := &double{answer: func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, `{"version": "0.97.1"}`) }}
	info, err := d.client(t, "").Info(t.Context())

	var other *zenserver.VersionError
	if !errors.As(err, &other) || info.Version != "0.97.1" {
		t.Errorf("another version is %v", err)
	}
}

func TestClient_SaysWhoCannotBeReached(t *testing.T) {
	t.Parallel()

	server := httptest.NewServer(nil)
	server.Close()

	client := zenserver.New(zenserver.Config{URL: server.URL, APIKey: "key", Pause: func(context.Context, time.Duration) error { return nil }})

	if _, err := client.Stack(t.Context(), "1"); !errors.Is(err, backend.ErrUnreachable) {
		t.Errorf("a server that is not there is %v", err)
	}
}
