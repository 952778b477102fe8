package helm

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/kyaml/kio"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

// Labels and annotations beside those of package kube.
const (
	// chartLabel and ownerLabel are on a release's records, so that what is installed can be told from what is wanted
	// where the version or the name is the same.
	chartLabel = "mlstacks.io/chart-digest"
	ownerLabel = "mlstacks.io/owner-digest"

	// servedLabel is on the records of a release that was ready once. Upgrades hand it on.
	servedLabel = "mlstacks.io/served"

	releaseAnnotation   = "meta.helm.sh/release-name"
	namespaceAnnotation = "meta.helm.sh/release-namespace"
	policyAnnotation    = "helm.sh/resource-policy"

	// stampVersion changes when what stamp writes changes, so that releases of earlier versions are written anew.
	stampVersion = "1"
)

// recordLabels are those of the secrets in which Helm keeps a release.
func recordLabels(r Release) map[string]string {
	labels := kube.Labels(r.Owner)
	labels[ownerLabel] = ownerDigest(r.Owner)
	labels[chartLabel] = r.Chart.digest

	return labels
}

func ownerDigest(owner backend.Owner) string {
	if owner.Labels == nil {
		owner.Labels = map[string]string{} // no labels are the same however they are written
	}

	// Maps are encoded in the order of their keys.
	text, err := json.Marshal(struct {
		Version string
		Owner   backend.Owner
	}{stampVersion, owner})
	if err != nil {
		return "" // unreachable: texts and a map of texts
	}

	return shortDigest(text)
}

// shortDigest fits into a label.
func shortDigest(text []byte) string {
	sum := sha256.Sum256(text)

	return hex.EncodeToString(sum[:16])
}

// ofRelease says that Helm's own marks name the release.
func ofRelease(live *unstructured.Unstructured, name, namespace string) bool {
	marks := live.GetAnnotations()

	return marks[releaseAnnotation] == name && marks[namespaceAnnotation] == namespace
}

// stamp writes owner and release on every object that a chart renders. Helm's own marks are among them, so that the
// manifest it records is all that it applies.
type stamp struct {
	labels, annotations map[string]string
	// inspect may refuse the manifests: it is called while nothing has been written yet, not even a record.
	inspect func(manifests string) error
}

func newStamp(r Release, namespace string) stamp {
	annotations := map[string]string{releaseAnnotation: r.Name, namespaceAnnotation: namespace}
	maps.Copy(annotations, kube.Annotations(r.Owner))

	return stamp{labels: kube.Labels(r.Owner), annotations: annotations}
}

// Run is for Helm, which calls it a post-renderer.
func (s stamp) Run(manifests *bytes.Buffer) (*bytes.Buffer, error) {
	nodes, err := kio.ParseAll(manifests.String())
	if err != nil {
		return nil, fmt.Errorf("read manifests: %w", err)
	}

	for _, node := range nodes {
		if err := s.mark(node); err != nil {
			return nil, fmt.Errorf("label manifests: %w", err)
		}
	}

	text, err := kio.StringAll(nodes)
	if err != nil {
		return nil, fmt.Errorf("write manifests: %w", err)
	}

	if s.inspect != nil {
		if err := s.inspect(text); err != nil {
			return nil, err
		}
	}

	return bytes.NewBufferString(text), nil
}

func (s stamp) mark(node *kyaml.RNode) error {
	if strings.HasSuffix(node.GetKind(), "List") {
		if items := node.Field("items"); items != nil {
			return items.Value.VisitElements(s.mark)
		}
	}

	for _, label := range slices.Sorted(maps.Keys(s.labels)) {
		if err := node.PipeE(kyaml.SetLabel(label, s.labels[label])); err != nil {
			return err
		}
	}

	for _, annotation := range slices.Sorted(maps.Keys(s.annotations)) {
		if err := node.PipeE(kyaml.SetAnnotation(annotation, s.annotations[annotation])); err != nil {
			return err
		}
	}

	return nil
}
