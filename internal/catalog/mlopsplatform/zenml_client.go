package mlopsplatform

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
)

// errLogin says that the server does not let us in.
var errLogin = errors.New("refuses the login")

// zenMLClient is a server as its administrator sees it.
type zenMLClient struct{ address, username, password, token string }

// inZenML works on the server through a way of its own into the cluster, however the service is exposed.
func inZenML(ctx context.Context, site clustered.Site, cfg zenMLConfig, work func(*zenMLClient) error) error {
	address, stop, err := site.Forward(ctx, site.Namespace, site.Name, zenMLDoor.Inside(cfg.Expose).Port)
	if err != nil {
		return err
	}
	defer stop()

	return work(&zenMLClient{address: "http://" + address, username: site.Credentials[usernameKey], password: site.Credentials[passwordKey]})
}

// login gets a token, which the questions after it need.
func (s *zenMLClient) login(ctx context.Context) error {
	form := url.Values{"username": {s.username}, "password": {s.password}}

	var granted struct {
		Token string `json:"access_token"`
	}

	err := s.send(ctx, http.MethodPost, "login", "application/x-www-form-urlencoded", []byte(form.Encode()), &granted)
	s.token = granted.Token

	return err
}

// setPassword changes the password of the one who is logged in, which ends the login.
func (s *zenMLClient) setPassword(ctx context.Context, to string) error {
	body, err := json.Marshal(map[string]string{"password": to, "old_password": s.password})
	if err != nil {
		return fmt.Errorf("ask ZenML: %w", err)
	}

	return s.send(ctx, http.MethodPut, "current-user", "application/json", body, nil)
}

// holding is what a server may hold: where it is listed, and what one is called. Without own, a fresh server has none.
type holding struct {
	list, what string
	// own is the name of the one that every server begins with.
	own string
}

const zenMLDefault = "default"

// secretValues can be read with the server's key alone, wherever they lie.
var secretValues = holding{list: "secrets", what: "secret"}

// holdings are what somebody has put into a server. A run and what it made belong to a pipeline, or to nothing at all.
func (s *zenMLClient) holdings() []holding {
	return []holding{
		{list: "pipelines", what: "pipeline"},
		{list: "runs", what: "run"},
		{list: "stacks", what: "stack", own: zenMLDefault},
		secretValues,
		{list: "components", what: "stack component", own: zenMLDefault},
		{list: "artifacts", what: "artifact"},
		{list: "models", what: "model"},
		{list: "service_connectors", what: "service connector"},
		{list: "code_repositories", what: "code repository"},
		{list: "projects", what: "project", own: zenMLDefault},
		{list: "users", what: "user", own: s.username},
		{list: "service_accounts", what: "service account"},
	}
}

// first says what of the holdings the server has; empty: nothing.
func (s *zenMLClient) first(ctx context.Context, holdings ...holding) (string, error) {
	for _, one := range holdings {
		query := url.Values{"size": {"1"}}
		if one.own != "" {
			query.Set("name", "notequals:"+one.own)
		}

		var page struct {
			Items []struct {
				Name string `json:"name"`
			} `json:"items"`
		}

		if err := s.send(ctx, http.MethodGet, one.list+"?"+query.Encode(), "", nil, &page); err != nil {
			return "", err
		}

		if len(page.Items) > 0 {
			return fmt.Sprintf("there is %s %q", one.what, page.Items[0].Name), nil
		}
	}

	return "", nil
}

// send makes a request and reads the answer. Errors repeat no answer, which may repeat the request.
func (s *zenMLClient) send(ctx context.Context, method, path, kind string, body []byte, answer any) error {
	request, err := http.NewRequestWithContext(ctx, method, s.address+"/api/v1/"+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask ZenML: %w", err)
	}

	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}

	if s.token != "" {
		request.Header.Set("Authorization", "Bearer "+s.token)
	}

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask ZenML: %w", err)
	}
	defer response.Body.Close() //nolint:errcheck // only read

	const longest = 1 << 20

	text, err := io.ReadAll(io.LimitReader(response.Body, longest))

	switch {
	case err != nil:
		return fmt.Errorf("ask ZenML: %w", err)
	case response.StatusCode == http.StatusUnauthorized:
		return errLogin
	case response.StatusCode != http.StatusOK:
		return fmt.Errorf("ask ZenML: %s answers %s", request.URL.Path, response.Status)
	case answer == nil:
		return nil
	}

	if err := json.Unmarshal(text, answer); err != nil {
		return fmt.Errorf("ask ZenML: read answer of %s: %w", request.URL.Path, err)
	}

	return nil
}
