package helm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	helmkube "helm.sh/helm/v4/pkg/kube"
	release "helm.sh/helm/v4/pkg/release/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/dynamic"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

// marking undoes the one mark that Helm puts on everything: what is ours says so, and Helm's word for it would make
// others believe that `helm` takes care of it.
type marking struct {
	*helmkube.Client
}

// Create is for Helm.
func (m marking) Create(resources helmkube.ResourceList, options ...helmkube.ClientCreateOption) (*helmkube.Result, error) {
	if err := ours(resources); err != nil {
		return nil, err
	}

	return m.Client.Create(resources, options...)
}

// Update is for Helm.
func (m marking) Update(
	originals, targets helmkube.ResourceList, options ...helmkube.ClientUpdateOption,
) (*helmkube.Result, error) {
	if err := ours(targets); err != nil {
		return &helmkube.Result{}, err
	}

	return m.Client.Update(originals, targets, options...)
}

func ours(resources helmkube.ResourceList) error {
	for _, info := range resources {
		object, err := meta.Accessor(info.Object)
		if err != nil {
			return fmt.Errorf("label %s: %w", info.Name, err)
		}

		labels := object.GetLabels()
		if labels == nil {
			labels = map[string]string{}
		}

		labels[kube.LabelManagedBy] = kube.Manager
		object.SetLabels(labels)
	}

	return nil
}

// objects are what a manifest holds, each in its namespace. A kind that the cluster does not have, or no longer, is no
// reason to lose sight of the rest.
func (s *session) objects(manifest string) ([]*unstructured.Unstructured, error) {
	var objects []*unstructured.Unstructured

	decoder := yaml.NewYAMLOrJSONDecoder(strings.NewReader(manifest), 4096)

	for {
		var raw runtime.RawExtension

		if err := decoder.Decode(&raw); errors.Is(err, io.EOF) {
			return objects, nil
		} else if err != nil {
			return nil, fmt.Errorf("read manifest: %w", err)
		}

		if len(raw.Raw) == 0 || string(raw.Raw) == "null" {
			continue
		}

		object := &unstructured.Unstructured{}
		if err := object.UnmarshalJSON(raw.Raw); err != nil {
			return nil, fmt.Errorf("read manifest: %w", err)
		}

		several := []*unstructured.Unstructured{object}

		if object.IsList() {
			several = nil

			if err := object.EachListItem(func(item runtime.Object) error {
				if item, ok := item.(*unstructured.Unstructured); ok {
					several = append(several, item)
				}

				return nil
			}); err != nil {
				return nil, fmt.Errorf("read manifest: %w", err)
			}
		}

		for _, each := range several {
			if err := s.settleIn(each); err != nil {
				return nil, err
			}

			objects = append(objects, each)
		}
	}
}

// settleIn gives an object of a namespaced kind the release's namespace, unless it has one.
func (s *session) settleIn(object *unstructured.Unstructured) error {
	if object.GetNamespace() != "" {
		return nil
	}

	kind := object.GroupVersionKind()

	mapping, err := s.getter.mapper.RESTMapping(kind.GroupKind(), kind.Version)

	switch {
	case meta.IsNoMatchError(err):
		return nil
	case err != nil:
		return fmt.Errorf("look up kind %s: %w", kind.Kind, err)
	case mapping.Scope.Name() == meta.RESTScopeNameNamespace:
		object.SetNamespace(s.namespace)
	}

	return nil
}

// everything are the objects of several records, each once, without those that outlive a release by its chart's wish.
// Hooks are among them: Helm forgets those that nothing else removes.
func (s *session) everything(records []*release.Release) ([]*unstructured.Unstructured, error) {
	var all []*unstructured.Unstructured

	seen := map[string]bool{}

	for _, record := range records {
		manifests := []string{record.Manifest}
		for _, hook := range record.Hooks {
			manifests = append(manifests, hook.Manifest)
		}

		for _, manifest := range manifests {
			objects, err := s.objects(manifest)
			if err != nil {
				return nil, err
			}

			for _, object := range objects {
				if key := keyOf(object); !seen[key] && !isKept(object) {
					seen[key] = true

					all = append(all, object)
				}
			}
		}
	}

	return all, nil
}

func keyOf(object *unstructured.Unstructured) string {
	kind := object.GroupVersionKind().GroupKind()

	return kind.String() + " " + object.GetNamespace() + "/" + object.GetName()
}

// remove deletes objects and waits until they are gone; what has become somebody else's is left to them. Objects that
// have lost our marks, as they do when somebody upgrades the release by hand, get them back first.
func (s *session) remove(ctx context.Context, r Release, objects []*unstructured.Unstructured) error {
	for _, object := range objects {
		live, err := s.cluster.Get(ctx, object)

		switch {
		case errors.Is(err, backend.ErrNotFound):
			continue
		case err != nil:
			return err
		case live.GetLabels()[kube.LabelManagedBy] != kube.Manager && ofRelease(live, r.Name, s.namespace):
			if err := s.mark(ctx, r, live); err != nil {
				return err
			}
		}
	}

	return s.cluster.Delete(ctx, r.Owner, objects)
}

// mark writes our marks on an object that is there.
func (s *session) mark(ctx context.Context, r Release, object *unstructured.Unstructured) error {
	marks := newStamp(r, s.namespace)

	patch, err := json.Marshal(map[string]any{
		"metadata": map[string]any{"labels": marks.labels, "annotations": marks.annotations},
	})
	if err != nil {
		return fmt.Errorf("mark %s/%s: %w", object.GetKind(), object.GetName(), err)
	}

	kind := object.GroupVersionKind()

	mapping, err := s.getter.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if err != nil {
		return fmt.Errorf("mark %s/%s: %w", object.GetKind(), object.GetName(), err)
	}

	client, err := dynamic.NewForConfig(s.getter.config)
	if err != nil {
		return fmt.Errorf("mark %s/%s: %w", object.GetKind(), object.GetName(), err)
	}

	_, err = client.Resource(mapping.Resource).Namespace(object.GetNamespace()).Patch(ctx, object.GetName(),
		types.MergePatchType, patch, metav1.PatchOptions{FieldManager: kube.Manager})
	if err != nil {
		return fmt.Errorf("mark %s/%s: %w", object.GetKind(), object.GetName(), err)
	}

	return nil
}

// inspect refuses manifests that would take over what is somebody else's.
func (s *session) inspect(ctx context.Context, r Release, manifests string) error {
	objects, err := s.objects(manifests)
	if err != nil {
		return err
	}

	for _, object := range objects {
		if object.GetName() == "" {
			continue // The cluster makes a name that nobody has.
		}

		live, err := s.cluster.Get(ctx, object)

		switch {
		case errors.Is(err, backend.ErrNotFound):
			continue
		case err != nil:
			return err
		case kube.Belongs(live.GetLabels(), r.Owner), ofRelease(live, r.Name, s.namespace):
			continue
		}

		whose := "nobody that it names"
		if name := live.GetAnnotations()[releaseAnnotation]; name != "" {
			whose = fmt.Sprintf("Helm release %q in namespace %q", name, live.GetAnnotations()[namespaceAnnotation])
		} else if by := live.GetLabels()[kube.LabelManagedBy]; by != "" {
			whose = fmt.Sprintf("%s %s %q", by, live.GetLabels()[kube.LabelKind], live.GetLabels()[kube.LabelName])
		}

		return fmt.Errorf("%s/%s in namespace %q %w: %s; delete it, or give the release another name",
			live.GetKind(), live.GetName(), live.GetNamespace(), backend.ErrForeign, whose)
	}

	return nil
}
