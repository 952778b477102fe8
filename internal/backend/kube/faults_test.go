package kube_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

func clusterAt(t *testing.T, address string) *kube.Cluster {
	t.Helper()

	cluster, err := kube.New(&rest.Config{Host: address, BearerToken: "s3cr3t-token"})
	if err != nil {
		t.Fatal(err)
	}

	return cluster
}

func answering(t *testing.T, status int, body string) string {
	t.Helper()

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)

	return server.URL
}

func TestFaults_NobodyWhoAnswersIsNotGone(t *testing.T) {
	t.Parallel()

	closed := httptest.NewServer(nil)
	closed.Close()

	for name, c := range map[string]struct {
		address string
		says    string
	}{
		"closed port":     {strings.Replace(closed.URL, "http://", "http://user:s3cr3t@", 1), "connection refused"},
		"no such host":    {"https://nowhere.invalid", "cluster at https://nowhere.invalid cannot be reached"},
		"no credentials":  {answering(t, 401, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Unauthorized","code":401}`), "does not accept these credentials"},
		"another server":  {answering(t, 404, `page not found`), "could not find the requested resource"},
		"starting":        {answering(t, 503, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"ServiceUnavailable","code":503}`), "cannot be reached"},
		"broken gateway":  {answering(t, 502, `<html>`), "cannot be reached"},
		"not an API, 200": {answering(t, 200, `<html>`), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()

			cluster := clusterAt(t, c.address)
			object := &unstructured.Unstructured{Object: map[string]any{
				"apiVersion": "v1", "kind": "Secret", "metadata": map[string]any{"name": "a", "namespace": "b"},
			}}

			_, _, identity := cluster.Identity(ctx)
			_, get := cluster.Get(ctx, object)
			_, secret := cluster.Secret(ctx, "b", "a")
			_, drift := cluster.Drift(ctx, backend.Owner{}, []*unstructured.Unstructured{object})

			for what, err := range map[string]error{"identity": identity, "get": get, "secret": secret, "drift": drift} {
				if err == nil || errors.Is(err, backend.ErrNotFound) || !errors.Is(err, backend.ErrUnreachable) {
					t.Errorf("%s: %v", what, err)

					continue
				}

				if strings.Contains(err.Error(), "s3cr3t") || !strings.Contains(err.Error(), c.says) {
					t.Errorf("%s says %q", what, err)
				}
			}
		})
	}
}
