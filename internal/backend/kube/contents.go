package kube

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
)

// held is an object that lives in another.
type held struct {
	kind   string
	object metav1.Object
}

// String is kind and name.
func (h held) String() string { return h.kind + "/" + h.object.GetName() }

func enumerate(all []held) string {
	texts := make([]string, len(all))
	for i, h := range all {
		texts[i] = h.String()
		if space := h.object.GetNamespace(); space != "" && h.kind != "" {
			texts[i] += " in " + space
		}
	}

	return list(texts)
}

// heldBy returns what a namespace or a CRD holds that counts, and would take along. What is going anyway does not count.
func (c *Cluster) heldBy(
	ctx context.Context, live *unstructured.Unstructured, counts func(metav1.Object) bool,
) ([]held, error) {
	switch live.GetKind() {
	case kindCRD:
		return c.instances(ctx, live, counts)
	case kindNamespace:
		all, hidden, err := c.contents(ctx, live.GetName())
		if err != nil {
			return nil, err
		}

		all = slices.DeleteFunc(all, func(h held) bool {
			return h.object.GetDeletionTimestamp() != nil || belongsToAny(h) || !counts(h.object)
		})
		for _, kind := range hidden {
			all = append(all, held{kind + " that may not be listed, perhaps", &metav1.ObjectMeta{}})
		}

		return all, nil
	}

	return nil, nil
}

// instances returns the objects of a CRD's kind.
func (c *Cluster) instances(
	ctx context.Context, crd *unstructured.Unstructured, counts func(metav1.Object) bool,
) ([]held, error) {
	plural, _, _ := unstructured.NestedString(crd.Object, "spec", "names", "plural")

	for kind, versions := range definedKinds([]*unstructured.Unstructured{crd}) {
		for _, version := range versions {
			resource := schema.GroupVersionResource{Group: kind.Group, Version: version, Resource: plural}

			found, err := c.metadata.Resource(resource).List(ctx, metav1.ListOptions{})
			if err != nil && !isNotFound(err) {
				return nil, fmt.Errorf("list the objects of %s: %w", crd.GetName(), c.fault(err))
			}

			if err != nil {
				continue
			}

			var all []held

			for _, item := range found.Items {
				if item.DeletionTimestamp == nil && counts(&item) {
					all = append(all, held{kind.Kind, &item})
				}
			}

			return all, nil // every version shows the same objects
		}
	}

	return nil, nil
}

// contents returns what is in a namespace. Hidden are the kinds that may not be listed. Only metadata is read.
func (c *Cluster) contents(ctx context.Context, namespace string) (all []held, hidden []string, err error) {
	lists, err := c.discovery.ServerPreferredNamespacedResourcesWithContext(ctx)
	if err != nil && !isPartial(err) {
		return nil, nil, fmt.Errorf("list the kinds of the cluster: %w", c.fault(err))
	}

	var (
		mutex sync.Mutex
		group sync.WaitGroup
		fault error
	)

	turns := make(chan struct{}, 8)

	for resource, kind := range listable(lists) {
		group.Go(func() {
			turns <- struct{}{}

			defer func() { <-turns }()

			found, err := c.metadata.Resource(resource).Namespace(namespace).List(ctx, metav1.ListOptions{})

			mutex.Lock()
			defer mutex.Unlock()

			switch {
			case apierrors.IsForbidden(err):
				hidden = append(hidden, kind)
			case err != nil && !isNotFound(err) && !apierrors.IsMethodNotSupported(err):
				fault = fmt.Errorf("list %s in namespace %s: %w", resource.Resource, namespace, c.fault(err))
			case err == nil:
				for _, item := range found.Items {
					all = append(all, held{kind, &item})
				}
			}
		})
	}

	group.Wait()

	slices.SortFunc(all, func(a, b held) int { return strings.Compare(a.String(), b.String()) })
	slices.Sort(hidden)

	return all, hidden, fault
}

// isPartial says that only some servers behind the API did not answer.
func isPartial(err error) bool {
	var partial *discovery.ErrGroupDiscoveryFailed

	return errors.As(err, &partial)
}

func listable(lists []*metav1.APIResourceList) map[schema.GroupVersionResource]string {
	resources := map[schema.GroupVersionResource]string{}

	for _, list := range lists {
		version, err := schema.ParseGroupVersion(list.GroupVersion)
		if err != nil {
			continue
		}

		for _, resource := range list.APIResources {
			if slices.Contains(resource.Verbs, "list") && !strings.Contains(resource.Name, "/") && !derived[resource.Kind] {
				resources[version.WithResource(resource.Name)] = resource.Kind
			}
		}
	}

	return resources
}

// derived kinds are written by Kubernetes from other objects.
var derived = map[string]bool{
	"Event": true, "Endpoints": true, "EndpointSlice": true, "PodMetrics": true, "ControllerRevision": true,
}

// everywhere are objects that every namespace has, on plain Kubernetes, OpenShift and Istio.
var everywhere = []string{
	"ConfigMap/kube-root-ca.crt", "ServiceAccount/default",
	"ConfigMap/openshift-service-ca.crt", "ServiceAccount/builder", "ServiceAccount/deployer",
	"ConfigMap/istio-ca-root-cert",
}

// belongsToAny says that nobody has put the object there: every namespace has it, or Kubernetes derives it from another.
func belongsToAny(h held) bool {
	name := h.String()

	return slices.Contains(everywhere, name) || len(h.object.GetOwnerReferences()) > 0 ||
		strings.HasPrefix(name, "Secret/default-token-") || strings.HasPrefix(name, "RoleBinding/system:")
}
