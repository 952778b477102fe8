package experimenttracker

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
)

// mlflowServer is a server as its administrator sees it; without a name nobody logs in.
type mlflowServer struct{ address, username, password string }

// inMLflow works on the server through a way of its own into the cluster, however the service is exposed.
func inMLflow(ctx context.Context, site clustered.Site, cfg mlflowConfig, work func(mlflowServer) error) error {
	address, stop, err := site.Forward(ctx, site.Namespace, site.Name, mlflowDoor.Inside(cfg.Expose).Port)
	if err != nil {
		return err
	}
	defer stop()

	server := mlflowServer{address: "http://" + address}
	if cfg.BasicAuth {
		server.username, server.password = site.Credentials[usernameKey], site.Credentials[passwordKey]
	}

	return work(server)
}

// ask sends a request in JSON and reads the answer. Errors repeat no answer, which may repeat the request.
func (s mlflowServer) ask(ctx context.Context, method, path string, question, answer any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return fmt.Errorf("ask MLflow: %w", err)
	}

	request, err := http.NewRequestWithContext(ctx, method, s.address+"/api/2.0/mlflow/"+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask MLflow: %w", err)
	}

	request.Header.Set("Content-Type", "application/json")

	if s.username != "" {
		request.SetBasicAuth(s.username, s.password)
	}

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask MLflow: %w", err)
	}
	defer response.Body.Close() //nolint:errcheck // only read

	const longest = 1 << 20

	text, err := io.ReadAll(io.LimitReader(response.Body, longest))

	switch {
	case err != nil:
		return fmt.Errorf("ask MLflow: %w", err)
	case response.StatusCode == http.StatusUnauthorized:
		return clustered.ErrLogin
	case response.StatusCode != http.StatusOK:
		return fmt.Errorf("ask MLflow: %s answers %s", path, response.Status)
	case answer == nil:
		return nil
	}

	if err := json.Unmarshal(text, answer); err != nil {
		return fmt.Errorf("ask MLflow: read answer of %s: %w", path, err)
	}

	return nil
}

type experiments struct {
	Experiments []struct {
		ID   string `json:"experiment_id"`
		Name string `json:"name"`
	} `json:"experiments"`
}

// Login tries the login.
func (s mlflowServer) Login(ctx context.Context) error {
	return s.ask(ctx, http.MethodPost, "experiments/search", map[string]any{"max_results": 1}, nil)
}

// SetPassword changes the password of the one who asks.
func (s mlflowServer) SetPassword(ctx context.Context, to string) error {
	return s.ask(ctx, http.MethodPatch, "users/update-password",
		map[string]any{"username": s.username, "password": to, "current_password": s.password}, nil)
}

// records says what the server has beside the experiment that every server begins with; empty: nothing.
func (s mlflowServer) records(ctx context.Context) (string, error) {
	const defaultID = "0"

	var found experiments

	// Deleted ones can be restored, so that they count.
	err := s.ask(ctx, http.MethodPost, "experiments/search", map[string]any{"max_results": 2, "view_type": "ALL"}, &found)
	if err != nil {
		return "", err
	}

	for _, experiment := range found.Experiments {
		if experiment.ID != defaultID {
			return fmt.Sprintf("there is experiment %q", experiment.Name), nil
		}
	}

	var runs struct {
		Runs []json.RawMessage `json:"runs"`
	}

	err = s.ask(ctx, http.MethodPost, "runs/search",
		map[string]any{"experiment_ids": []string{defaultID}, "max_results": 1, "run_view_type": "ALL"}, &runs)
	if err != nil {
		return "", err
	}

	if len(runs.Runs) > 0 {
		return "there are runs in the default experiment", nil
	}

	var models struct {
		Models []struct {
			Name string `json:"name"`
		} `json:"registered_models"`
	}

	if err := s.ask(ctx, http.MethodGet, "registered-models/search?max_results=1", map[string]any{}, &models); err != nil {
		return "", err
	}

	if len(models.Models) > 0 {
		return fmt.Sprintf("there is model %q", models.Models[0].Name), nil
	}

	return "", nil
}
