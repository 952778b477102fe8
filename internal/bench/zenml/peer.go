package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// peer makes the calls that the provider zenml-io/zenml makes for stacks and their components: each command begins with the
// server's version; of a component, the user is asked for and it is posted; a stack is posted; each is read by itself; before a
// component is deleted, the stacks that have it are listed. It renews its token as that provider does: one whose end the server
// does not tell, before each call, whatever other calls do at the same time.
type peer struct {
	url, key string
	// keep uses one token for a command, as with a server that tells its end.
	keep bool

	mu    sync.Mutex
	token string
}

// made are the ids of what was registered for a stack.
type made struct{ stack, orchestrator, store string }

// parallel is how many resources Terraform works on at once.
const parallel = 10

// life is what each of commands does.
func (p *peer) life(ctx context.Context, stacks int) []func() error {
	all := make([]made, stacks)

	command := func(parts ...func(context.Context, []made) error) func() error {
		return func() error {
			p.token = "" // each command has a provider of its own

			if _, err := p.call(ctx, http.MethodGet, "info", nil); err != nil {
				return err
			}

			for _, part := range parts {
				if err := part(ctx, all); err != nil {
					return err
				}
			}

			return nil
		}
	}

	return []func() error{command(p.create), command(p.read), command(p.read, p.remove)}
}

// create registers stacks of two components each.
func (p *peer) create(ctx context.Context, all []made) error {
	return together(len(all), func(i int) (err error) {
		name := fmt.Sprintf("peer-%d", i)

		if all[i].orchestrator, err = p.component(ctx, name, "orchestrator", map[string]any{}); err != nil {
			return err
		}

		if all[i].store, err = p.component(ctx, name, "artifact_store", map[string]any{"path": "/tmp/" + name}); err != nil {
			return err
		}

		all[i].stack, err = p.object(ctx, http.MethodPost, "stacks", map[string]any{
			"name": name, "labels": map[string]string{},
			"components": map[string][]string{"orchestrator": {all[i].orchestrator}, "artifact_store": {all[i].store}},
		})

		return err
	})
}

func (p *peer) component(ctx context.Context, name, kind string, configuration map[string]any) (string, error) {
	user, err := p.object(ctx, http.MethodGet, "current-user", nil)
	if err != nil {
		return "", err
	}

	return p.object(ctx, http.MethodPost, "components", map[string]any{
		"user": user, "name": name, "type": kind, "flavor": "local", "configuration": configuration, "labels": map[string]string{},
	})
}

// read looks at everything, as a plan does.
func (p *peer) read(ctx context.Context, all []made) error {
	return together(len(all), func(i int) error {
		for _, path := range []string{"components/" + all[i].orchestrator, "components/" + all[i].store, "stacks/" + all[i].stack} {
			if _, err := p.object(ctx, http.MethodGet, path, nil); err != nil {
				return err
			}
		}

		return nil
	})
}

// remove deletes everything.
func (p *peer) remove(ctx context.Context, all []made) error {
	return together(len(all), func(i int) error {
		if _, err := p.call(ctx, http.MethodDelete, "stacks/"+all[i].stack, nil); err != nil {
			return err
		}

		for _, id := range []string{all[i].orchestrator, all[i].store} {
			if _, err := p.call(ctx, http.MethodGet, "stacks?"+url.Values{"component_id": {id}, "page": {"1"}, "size": {"100"}}.Encode(), nil); err != nil {
				return err
			}

			if _, err := p.call(ctx, http.MethodDelete, "components/"+id, nil); err != nil {
				return err
			}
		}

		return nil
	})
}

func (p *peer) object(ctx context.Context, method, path string, content any) (id string, err error) {
	body, err := p.call(ctx, method, path, content)
	if err != nil {
		return "", err
	}

	var object struct {
		ID string `json:"id"`
	}

	if err := json.Unmarshal(body, &object); err != nil {
		return "", fmt.Errorf("%s %s: %w", method, path, err)
	}

	return object.ID, nil
}

func (p *peer) call(ctx context.Context, method, path string, content any) ([]byte, error) {
	token, err := p.bearer(ctx)
	if err != nil {
		return nil, err
	}

	var body []byte

	if content != nil {
		if body, err = json.Marshal(content); err != nil {
			return nil, fmt.Errorf("%s %s: %w", method, path, err)
		}
	}

	return send(ctx, method, p.url+"/api/v1/"+path, "application/json", token, body)
}

func (p *peer) bearer(ctx context.Context) (string, error) {
	if !p.keep {
		return p.login(ctx) // nothing holds it up
	}

	p.mu.Lock()
	defer p.mu.Unlock()

	if p.token != "" {
		return p.token, nil
	}

	var err error
	p.token, err = p.login(ctx)

	return p.token, err
}

func (p *peer) login(ctx context.Context) (string, error) {
	body, err := send(ctx, http.MethodPost, p.url+"/api/v1/login", "application/x-www-form-urlencoded", "",
		[]byte(url.Values{"password": {p.key}}.Encode()))
	if err != nil {
		return "", err
	}

	var granted struct {
		Token string `json:"access_token"`
	}

	if err := json.Unmarshal(body, &granted); err != nil {
		return "", fmt.Errorf("log in: %w", err)
	}

	return granted.Token, nil
}

func send(ctx context.Context, method, address, kind, token string, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, address, err)
	}

	request.Header.Set("Content-Type", kind)

	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}

	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, address, err)
	}

	defer func() { _ = answer.Body.Close() }()

	said, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s answers %d: %s", method, address, answer.StatusCode, strings.TrimSpace(string(said)))
	}

	return said, err
}

// together works on everything, some at a time, and returns the first error.
func together(n int, work func(i int) error) error {
	var (
		group sync.WaitGroup
		once  sync.Once
		first error
	)

	slots := make(chan struct{}, parallel)

	for i := range n {
		slots <- struct{}{}

		group.Go(func() {
			defer func() { <-slots }()

			if err := work(i); err != nil {
				once.Do(func() { first = err })
			}
		})
	}

	group.Wait()

	return first
}
