package containerregistry

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

func on(by string) map[string]any {
	return map[string]any{"name": "dev", "reference": map[string]any{"type": by, "name": "dev"}}
}

func TestK3d_RefusesOtherClustersAtPlan(t *testing.T) {
	t.Parallel()

	for by, refused := range map[string]bool{"k3d": false, "kubeconfig": true, "eks": true} {
		problems := K3d.Check(Kind(), flavor.Subject{Name: "x", Values: flavor.Values{}, Cluster: on(by)})
		if (len(problems) > 0) != refused {
			t.Errorf("%s: %v", by, problems)
		}
	}

	for _, unknown := range []any{zenml.Unknown{}, nil, map[string]any{"reference": zenml.Unknown{}}} {
		if problems := K3d.Check(Kind(), flavor.Subject{Name: "x", Values: flavor.Values{}, Cluster: unknown}); len(problems) > 0 {
			t.Errorf("%v: %v", unknown, problems)
		}
	}
}

func TestK3d_HasTheAddressThatApplyTells(t *testing.T) {
	t.Parallel()

	subject := flavor.Subject{Name: "x", Values: flavor.Values{"default_repository": "ml"}, Cluster: on("k3d"), Outputs: zenml.Unknown{}}

	if facts := K3d.Facts(Kind(), subject); !zenml.IsUnknown(facts.URI) || !zenml.IsUnknown(facts.Configuration["uri"]) {
		t.Errorf("before apply: %+v", facts)
	}

	result := k3dResult(k3d.Observed{RegistryHost: "localhost:5050", RegistryCluster: "k3d-dev-registry:5000"}, flavor.Input{Name: "x"})

	outputs := map[string]any{}
	for key, value := range result.Outputs {
		outputs[key] = value
	}

	subject.Outputs = outputs

	facts := K3d.Facts(Kind(), subject)
	if facts.URI != "localhost:5050" || facts.Configuration["uri"] != "localhost:5050" || facts.Configuration["default_repository"] != "ml" {
		t.Errorf("after apply: %+v", facts)
	}

	if id, err := (k3dDriver{}).Locate(flavor.Input{Name: "x"}, k3dConfig{}); err != nil || id != result.ID {
		t.Errorf("located %q, made %q: %v", id, result.ID, err)
	}
}

func TestReach_TakesARegistryForOneWithOrWithoutALogin(t *testing.T) {
	t.Parallel()

	for status, says := range map[int]string{
		http.StatusOK: "", http.StatusUnauthorized: "", http.StatusNotFound: "404 Not Found, which no registry does", http.StatusFound: "302 Found",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/v2/" {
				t.Errorf("asked for %s", r.URL.Path)
			}

			w.WriteHeader(status)
		}))

		err := ask(t.Context(), server.URL)
		if (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%d: %v", status, err)
		}

		server.Close()
	}
}
