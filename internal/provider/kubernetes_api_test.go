package provider_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// api is as much of a Kubernetes API as a restart asks for: one Deployment, whose rollout takes two looks. It stands in for
// the wire; what a real cluster makes of a restart is shown by the tests that have one.
type api struct {
	*httptest.Server

	mu       sync.Mutex
	selector string
	patches  []string
	looks    int
}

func fakeAPI(t *testing.T) *api {
	t.Helper()

	a := &api{}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)

	return a
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()

	one := func(generation int) map[string]any {
		return map[string]any{
			"apiVersion": "apps/v1", "kind": "Deployment",
			"metadata": map[string]any{"name": "main", "namespace": "ml", "generation": 2, "uid": "1"},
			"spec":     map[string]any{"replicas": 1},
			"status": map[string]any{
				"observedGeneration": generation, "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1, "availableReplicas": 1,
				"conditions": []any{map[string]any{"type": "Available", "status": "True"}},
			},
		}
	}
	resources := func(group string, names ...string) map[string]any {
		list := []any{}
		for _, name := range names {
			list = append(list, map[string]any{"name": strings.ToLower(name) + "s", "kind": name, "namespaced": true, "verbs": []any{"list", "get", "patch"}})
		}

		return map[string]any{"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group, "resources": list}
	}

	var answer any

	switch path := r.Method + " " + r.URL.Path; path {
	case "GET /api":
		answer = map[string]any{"kind": "APIVersions", "versions": []any{"v1"}}
	case "GET /apis":
		version := map[string]any{"groupVersion": "apps/v1", "version": "v1"}
		answer = map[string]any{"kind": "APIGroupList", "apiVersion": "v1", "groups": []any{map[string]any{
			"name": "apps", "versions": []any{version}, "preferredVersion": version,
		}}}
	case "GET /api/v1":
		answer = resources("v1", "Pod", "Secret", "Event")
	case "GET /apis/apps/v1":
		answer = resources("apps/v1", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
	case "GET /api/v1/namespaces/kube-system":
		answer = map[string]any{"kind": "Namespace", "apiVersion": "v1", "metadata": map[string]any{"name": "kube-system", "uid": "u-1"}}
	case "GET /apis/apps/v1/deployments":
		a.selector = r.URL.Query().Get("labelSelector")
		answer = map[string]any{"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "items": []any{
			map[string]any{"metadata": map[string]any{"name": "main", "namespace": "ml"}},
			map[string]any{"metadata": map[string]any{"name": "main", "namespace": "elsewhere"}},
		}}
	case "GET /apis/apps/v1/statefulsets", "GET /apis/apps/v1/daemonsets":
		answer = map[string]any{"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "items": []any{}}
	case "PATCH /apis/apps/v1/namespaces/ml/deployments/main":
		var patch json.RawMessage

		_ = json.NewDecoder(r.Body).Decode(&patch)
		a.patches = append(a.patches, r.URL.Query().Get("fieldManager")+" "+string(patch))
		answer = one(1)
	case "GET /apis/apps/v1/namespaces/ml/deployments/main":
		a.looks++
		answer = one(min(a.looks, 2))
	default:
		w.WriteHeader(http.StatusNotFound)
		answer = map[string]any{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404, "message": path}
	}

	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

// reference is the way into the API.
func (a *api) reference(t *testing.T) map[string]string {
	t.Helper()

	file := filepath.Join(t.TempDir(), "config")
	must(t, os.WriteFile(file, fmt.Appendf(nil, `{"apiVersion": "v1", "kind": "Config", "clusters": [{"name": "dev", "cluster": {"server": %q}}],
"users": [{"name": "dev", "user": {}}], "contexts": [{"name": "dev", "context": {"cluster": "dev", "user": "dev"}}]}`, a.URL), 0o600))

	return map[string]string{"type": "kubeconfig", "path": file, "context": "dev"}
}
