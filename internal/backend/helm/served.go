package helm

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

// Served says whether a release has ever been ready, so that something may have been put into it. That it was applied does
// not say so: its image may not exist. One whose removal has begun does not count: there was nothing to keep, or consent,
// and nobody can be asked any more.
func (c *Client) Served(ctx context.Context, name string) (bool, error) {
	ctx, cancel := limit(ctx, 0)
	defer cancel()

	s, err := c.begin(ctx)
	if err != nil {
		return false, err
	}

	served, err := s.served(ctx, name)
	if err := explain(ctx, err); err != nil {
		return false, fmt.Errorf("read release %q in namespace %q: %w", name, c.namespace, err)
	}

	return served, nil
}

func (s *session) served(ctx context.Context, name string) (bool, error) {
	records, err := s.records(name)
	if err != nil || leaving(records) {
		return false, err
	}

	for _, record := range records {
		applied := record.Info.Status == common.StatusDeployed || record.Info.Status == common.StatusSuperseded
		theirs := record.Labels[kube.LabelManagedBy] != kube.Manager // others do not mark what was ready

		if record.Labels[servedLabel] != "" || applied && theirs {
			return true, nil
		}
	}

	return s.serving(ctx, records)
}

// serving says whether something of a release is ready now: it may have become so after nobody waited any longer.
func (s *session) serving(ctx context.Context, records []*release.Release) (bool, error) {
	objects, err := s.everything(records)
	if err != nil {
		return false, err
	}

	for _, object := range slices.DeleteFunc(objects, func(o *unstructured.Unstructured) bool { return o.GroupVersionKind().Group != "apps" }) {
		live, err := s.cluster.Get(ctx, object)
		if errors.Is(err, backend.ErrNotFound) {
			continue
		}

		if err != nil {
			return false, err
		}

		for _, count := range []string{"readyReplicas", "numberReady"} {
			if ready, _, _ := unstructured.NestedInt64(live.Object, "status", count); ready > 0 {
				return true, nil
			}
		}
	}

	return false, nil
}

// markServed notes that a release is ready.
func (s *session) markServed(record *release.Release) error {
	if record.Labels[servedLabel] != "" {
		return nil
	}

	if record.Labels == nil {
		record.Labels = map[string]string{}
	}

	record.Labels[servedLabel] = "true"

	if err := s.config.Releases.Update(record); err != nil {
		return fmt.Errorf("note that revision %d is ready: %w", record.Version, err)
	}

	return nil
}
