package zenml

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// makeKey makes a service account with a key.
func (s *Server) makeKey() error {
	form := url.Values{"username": {s.Username}, "password": {s.Password}}

	var login struct {
		Token string `json:"access_token"`
	}

	if err := s.post("login", "", "application/x-www-form-urlencoded", []byte(form.Encode()), &login); err != nil {
		return err
	}

	var account struct {
		ID string `json:"id"`
	}

	if err := s.post("service_accounts", login.Token, "application/json", []byte(`{"name": "terraform", "active": true}`), &account); err != nil {
		return err
	}

	var key struct {
		Body struct {
			Key string `json:"key"`
		} `json:"body"`
	}

	err := s.post("service_accounts/"+account.ID+"/api_keys", login.Token, "application/json", []byte(`{"name": "tests"}`), &key)
	s.APIKey = key.Body.Key

	return err
}

func (s *Server) post(path, token, kind string, body []byte, result any) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/api/v1/"+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask for %s: %w", path, err)
	}

	request.Header.Set("Content-Type", kind)

	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}

	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask for %s: %w", path, err)
	}

	defer func() { _ = answer.Body.Close() }()

	if answer.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(answer.Body)

		return fmt.Errorf("%s answers %d: %s", path, answer.StatusCode, said)
	}

	return json.NewDecoder(answer.Body).Decode(result)
}
