package live_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/artifactstore"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// What runs gets new pods, is ready afterwards and keeps its data; the plan after that has nothing to do. What was made is
// found again by its labels.
func TestRestart_GivesNewPodsAndIsNoDrift(t *testing.T) {
	t.Parallel()

	dev, images := common(t)
	w := open(t, dev.name, dev.lookup()+store("main", "restarted", images.Minio))
	w.apply()

	before := dev.pods("restarted")
	in := flavor.Input{
		Kind: "artifact_store", Managed: true, Cluster: &flavor.Cluster{Name: dev.name, Reference: map[string]string{"type": "k3d", "name": dev.name}},
	}

	lister, ok := artifactstore.Minio.Lister()
	if !ok {
		t.Fatal("cannot be listed")
	}

	var ids []string

	for one, err := range lister.List(t.Context(), in, flavor.Scope{}) {
		must(t, err)

		ids = append(ids, one.ID)
	}

	if !slices.Contains(ids, "restarted/main") { // others' tests have stores in the same cluster
		t.Errorf("found %v", ids)
	}

	restarter, ok := artifactstore.Minio.Restarter()
	if !ok {
		t.Fatal("cannot be restarted")
	}

	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()

	var said []string

	in.Name, in.Was = "main", "main"
	must(t, restarter.Restart(ctx, in, "restarted/main", func(message string) { said = append(said, message) }))

	if text := strings.Join(said, "\n"); !strings.Contains(text, "gets new pods") || !strings.Contains(text, "is ready") {
		t.Errorf("said %q", text)
	}

	if after := dev.pods("restarted"); len(after) == 0 || slices.ContainsFunc(after, func(uid string) bool { return slices.Contains(before, uid) }) {
		t.Errorf("pods before %v, after %v", before, after)
	}

	if buckets := dev.buckets("restarted"); buckets != "models" {
		t.Errorf("buckets are %q", buckets)
	}

	w.settled()
	w.destroy()
	dev.gone("restarted")
}

// pods are the UIDs of those in a namespace that are not on their way out.
func (s site) pods(namespace string) []string {
	s.t.Helper()

	list, err := s.CoreV1().Pods(namespace).List(s.t.Context(), meta.ListOptions{})
	must(s.t, err)

	var uids []string

	for i := range list.Items {
		if list.Items[i].DeletionTimestamp == nil {
			uids = append(uids, string(list.Items[i].UID))
		}
	}

	return uids
}
