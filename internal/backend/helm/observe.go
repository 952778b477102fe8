package helm

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

// Observed is a release as the cluster has it.
type Observed struct {
	// Owner is who the release says it belongs to; empty for one that is not ours.
	Owner backend.Owner
	// Chart and ChartVersion are those of the last revision.
	Chart, ChartVersion string
	// Status is Helm's word, for example deployed or pending-install.
	Status string
	// Revision counts installations, upgrades and repairs.
	Revision int
	// Values are those that went over the chart's.
	Values map[string]any
	// Objects are those of the manifest, as they should be.
	Objects []*unstructured.Unstructured
	// Drift has a line for everything that the next Converge would put right.
	Drift []string
}

// Observe reads a release and says how it differs from what is wanted: without a Chart, only whether its objects are
// what its own record says. There being none is backend.ErrNotFound, one of somebody else backend.ErrForeign; an empty
// Owner takes any.
func (c *Client) Observe(ctx context.Context, r Release) (Observed, error) {
	ctx, cancel := limit(ctx, r.Timeout)
	defer cancel()

	s, err := c.begin(ctx)
	if err != nil {
		return Observed{}, err
	}

	observed, err := s.observe(ctx, r)
	if err := explain(ctx, err); err != nil {
		return Observed{}, fmt.Errorf("read release %q in namespace %q: %w", r.Name, c.namespace, err)
	}

	return observed, nil
}

func (s *session) observe(ctx context.Context, r Release) (Observed, error) {
	records, err := s.records(r.Name)
	if err != nil {
		return Observed{}, err
	}

	if len(records) == 0 {
		return Observed{}, backend.ErrNotFound
	}

	anybody := r.Owner.Kind == "" && r.Owner.Name == ""
	if err := foreign(records, r, s.namespace); err != nil && !anybody {
		return Observed{}, err
	}

	last := records[len(records)-1]
	observed := Observed{Status: last.Info.Status.String(), Revision: last.Version}

	if observed.Values, err = plain(last.Config); err != nil {
		return Observed{}, err
	}

	if last.Chart != nil && last.Chart.Metadata != nil {
		observed.Chart, observed.ChartVersion = last.Chart.Metadata.Name, last.Chart.Metadata.Version
	}

	if observed.Objects, err = s.objects(last.Manifest); err != nil {
		return Observed{}, err
	}

	if last.Labels[kube.LabelManagedBy] == kube.Manager {
		observed.Owner, _ = kube.OwnerOf(last.Labels)
		observed.Owner.Labels = userLabels(observed.Objects)
	}

	if anybody {
		r.Owner = observed.Owner
	}

	if last.Info.Status != common.StatusDeployed {
		observed.Drift = append(observed.Drift,
			fmt.Sprintf("release %s: revision %d is %s, should be deployed", r.Name, last.Version, last.Info.Status))
	}

	if r.Chart != nil {
		if r.Values, err = plain(r.Values); err != nil {
			return Observed{}, err
		}

		observed.Drift = append(observed.Drift, differences(last, r)...)
	}

	drift, err := s.drift(ctx, r, last)
	observed.Drift = append(observed.Drift, drift...)

	return observed, err
}

// drift says how the objects of a revision differ from its manifest.
func (s *session) drift(ctx context.Context, r Release, record *release.Release) ([]string, error) {
	objects, err := s.objects(record.Manifest)
	if err != nil || len(objects) == 0 {
		return nil, err
	}

	return s.cluster.Drift(ctx, r.Owner, objects)
}

// differences says how a recorded release differs from what is wanted. Values are not repeated: it is enough to know
// which ones.
func differences(record *release.Release, r Release) []string {
	var lines []string

	line := func(format string, arguments ...any) {
		lines = append(lines, "release "+record.Name+": "+fmt.Sprintf(format, arguments...))
	}

	switch {
	case chartOf(record) != r.Chart.String():
		line("chart is %s, should be %s", chartOf(record), r.Chart)
	case record.Labels[chartLabel] != r.Chart.digest:
		line("chart %s has other content", r.Chart)
	}

	recorded, err := plain(record.Config)
	if err != nil {
		line("its values cannot be read")
	}

	for _, path := range compare(recorded, r.Values, nil) {
		line("value %s is not what it should be", path)
	}

	if record.Labels[ownerLabel] != ownerDigest(r.Owner) {
		line("its labels are not those of its component")
	}

	return lines
}

// compare lists the paths where values differ.
func compare(have, want map[string]any, path []string) []string {
	keys := map[string]bool{}
	for key := range have {
		keys[key] = true
	}

	for key := range want {
		keys[key] = true
	}

	var paths []string

	for _, key := range slices.Sorted(maps.Keys(keys)) {
		here := append(slices.Clone(path), key)

		left, isObject := have[key].(map[string]any)
		right, both := want[key].(map[string]any)

		if isObject && both {
			paths = append(paths, compare(left, right, here)...)

			continue
		}

		_, inHave := have[key]
		_, inWant := want[key]

		if inHave != inWant || !bytes.Equal(encoded(have[key]), encoded(want[key])) {
			paths = append(paths, strings.Join(here, "."))
		}
	}

	return paths
}

func encoded(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		return nil // unreachable: plain has encoded it before
	}

	return text
}

// userLabels are the user's, which only objects have room for.
func userLabels(objects []*unstructured.Unstructured) map[string]string {
	for _, object := range objects {
		var labels map[string]string
		if json.Unmarshal([]byte(object.GetAnnotations()[kube.AnnotationLabels]), &labels) == nil {
			return labels
		}
	}

	return nil
}
