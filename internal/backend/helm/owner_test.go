package helm

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

func testOwner(name, incarnation string) backend.Owner {
	return backend.Owner{
		Kind: "artifact_store", Flavor: "minio", Name: name, Incarnation: incarnation,
		Labels: map[string]string{"team": "a b/c: d"},
	}
}

func TestStamp_MarksEveryObjectAndKeepsTheRest(t *testing.T) {
	t.Parallel()

	out, err := newStamp(Release{Name: "r", Owner: testOwner("data", "one")}, "ns").Run(bytes.NewBufferString(`
apiVersion: v1
kind: ConfigMap
metadata: {name: a, labels: {app: x, app.kubernetes.io/managed-by: Helm}}
data: {number: "1", yes: "on"}
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}
`))
	if err != nil {
		t.Fatal(err)
	}

	text := strings.ReplaceAll(out.String(), "'", "")
	for want, times := range map[string]int{
		"app.kubernetes.io/managed-by: mlstacks": 2, "mlstacks.io/kind: artifact_store": 2, "mlstacks.io/incarnation: one": 2,
		"meta.helm.sh/release-namespace: ns": 2, `mlstacks.io/labels: {"team":"a b/c: d"}`: 2, "app: x": 1, `number: "1"`: 1,
	} {
		if got := strings.Count(text, want); got != times {
			t.Errorf("%s is there %d times, not %d:\n%s", want, got, times, text)
		}
	}
}

func TestBelongs_IncarnationDecidesWhereBothAreKnown(t *testing.T) {
	t.Parallel()

	labels := kube.Labels(testOwner("data", "one"))
	other := testOwner("data", "one")
	other.Flavor = "other"

	for name, test := range map[string]struct {
		owner backend.Owner
		want  bool
	}{
		"same":             {testOwner("data", "one"), true},
		"made again":       {testOwner("data", "two"), false},
		"renamed":          {testOwner("new", "one"), true},
		"not known":        {testOwner("data", ""), true},
		"other name":       {testOwner("new", ""), false},
		"other flavor":     {other, false},
		"nothing is known": {backend.Owner{Kind: "artifact_store", Flavor: "minio"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if got := kube.Belongs(labels, test.owner); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestBound_EndsRequestsWithItsSession(t *testing.T) {
	t.Parallel()

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		<-request.Context().Done()
	}))
	t.Cleanup(server.Close)

	ctx, cancel := context.WithCancel(t.Context())
	client := http.Client{Transport: bound{ctx: ctx, next: http.DefaultTransport}}

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}

	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}

	defer func() { _ = response.Body.Close() }()

	cancel()

	if _, err := io.ReadAll(response.Body); !errors.Is(err, context.Canceled) {
		t.Errorf("a request that runs: got %v", err)
	}

	again, err := client.Do(request)
	if err == nil {
		_ = again.Body.Close()
	}

	if !errors.Is(err, context.Canceled) {
		t.Errorf("a request afterwards: got %v", err)
	}
}

func TestOwnerDigest_OfNoLabelsIsTheSameHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()

	if ownerDigest(backend.Owner{Name: "x"}) != ownerDigest(backend.Owner{Name: "x", Labels: map[string]string{}}) {
		t.Error("an imported release without labels would be taken for one with others")
	}
}
