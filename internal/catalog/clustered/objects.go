package clustered

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Objects is the driver of a flavor that is a handful of Kubernetes' own objects. Its methods can be repeated with the same
// outcome.
type Objects[C any] struct {
	// Flavor is the flavor's name.
	Flavor string
	// Placed finds the place in a configuration.
	Placed func(cfg *C) *Placed
	// Objects are what is made, without its namespace. The first one stands for the component.
	Objects func(site Site, cfg C) []*unstructured.Unstructured
	// Secret says what the component's Secret holds. Nil: it has none.
	Secret func(in flavor.Input, cfg C) Secret
	// Outputs are added to the namespace. Nil: none.
	Outputs func(site Site, cfg C) map[string]string
	// Identities are what the component's pods are in AWS. Nil: nobody.
	Identities func(site Site, cfg C) []*Identity
	// Default is the configuration that an import begins with: the defaults of the schema.
	Default C
}

// Locate is the namespace and the name.
func (d Objects[C]) Locate(in flavor.Input, cfg C) (string, error) {
	return d.Placed(&cfg).Namespace + "/" + in.Name, nil
}

// Create applies the objects, and finishes what was left half-made.
func (d Objects[C]) Create(ctx context.Context, in flavor.Input, cfg C) (flavor.Result, error) {
	site, err := d.site(ctx, in, cfg)
	if err != nil {
		return flavor.Result{}, Worded(err)
	}

	if site.Owner.Incarnation, err = d.incarnation(ctx, site, cfg); err != nil {
		return flavor.Result{}, Worded(err)
	}

	made := flavor.Result{ID: site.ID(), Name: site.Name, Incarnation: site.Owner.Incarnation}

	if err := site.Join(ctx, shared(site), user(site)); err != nil {
		return made, Worded(err)
	}

	return d.converge(ctx, site, nil, cfg, made)
}

// incarnation is that of the objects that are there already, if they are this component's, or a fresh one.
func (d Objects[C]) incarnation(ctx context.Context, site Site, cfg C) (string, error) {
	live, err := d.left(ctx, site, cfg)
	if err != nil {
		return "", err
	}

	if live != nil {
		if owner, ours := kube.OwnerOf(live.GetLabels()); ours && owner.Incarnation != "" {
			return owner.Incarnation, nil // whether it is this component's is for Apply to say
		}
	}

	return fresh()
}

// left is the first of the component's objects that is there; nil for none. One that was deleted by hand must not make the
// others somebody else's.
func (d Objects[C]) left(ctx context.Context, site Site, cfg C) (*unstructured.Unstructured, error) {
	objects := d.Objects(site, cfg)
	if d.Secret != nil {
		objects = append(objects, secretObject(site))
	}

	for _, object := range objects {
		live, err := site.Get(ctx, object)
		if err == nil {
			return live, nil
		}

		if !errors.Is(err, backend.ErrNotFound) {
			return nil, err
		}
	}

	return nil, nil
}

func (d Objects[C]) converge(ctx context.Context, site Site, old *C, cfg C, result flavor.Result) (flavor.Result, error) {
	if d.Secret != nil {
		secret := d.Secret(site.Input, cfg)

		_, err := site.EnsureSecret(ctx, site.Owner, site.Namespace, SecretName(site.Name), secret.Generated, secret.Fixed)
		if err != nil {
			return result, Worded(err)
		}
	}

	wanted := d.Objects(site, cfg)

	if old != nil {
		left := slices.DeleteFunc(d.Objects(site, *old), func(o *unstructured.Unstructured) bool { return slices.ContainsFunc(wanted, same(o)) })
		if err := site.Delete(ctx, site.Owner, left); err != nil {
			return result, Worded(err)
		}
	}

	if err := site.Repair(ctx, site.Owner, wanted); err != nil {
		return result, Worded(err)
	}

	if err := site.Wait(ctx, wanted); err != nil {
		return result, Worded(err)
	}

	if err := d.identify(ctx, site, old, cfg); err != nil {
		return result, Worded(err)
	}

	result.Outputs = d.outputs(site, cfg)

	return result, nil
}

func same(a *unstructured.Unstructured) func(*unstructured.Unstructured) bool {
	return func(b *unstructured.Unstructured) bool {
		return a.GroupVersionKind() == b.GroupVersionKind() && a.GetNamespace() == b.GetNamespace() && a.GetName() == b.GetName()
	}
}

// Read compares the objects with what they should be.
func (d Objects[C]) Read(ctx context.Context, in flavor.Input, id string, cfg C) (C, flavor.Result, error) {
	namespace, name, _ := strings.Cut(id, "/")

	if d.Placed(&cfg).Namespace == "" { // an import
		cfg = d.Default
		d.Placed(&cfg).Namespace = namespace
		in.Name = name
	}

	site, err := d.site(ctx, in, cfg)
	if err != nil {
		return cfg, flavor.Result{}, asleep(err)
	}

	site.Name = name

	live, err := d.left(ctx, site, cfg)

	switch {
	case err != nil:
		return cfg, flavor.Result{}, Worded(err)
	case live == nil && in.Managed && site.counted(ctx): // a removal that did not get to its end
		return cfg, flavor.Result{
			ID: id, Name: name, Cluster: site.Incarnation, Outputs: d.outputs(site, cfg), Drift: []string{"its objects are missing"},
		}, nil
	case live == nil:
		return cfg, flavor.Result{}, fmt.Errorf("%s in namespace %s: %w", name, namespace, flavor.ErrNotFound)
	}

	owner, ours := kube.OwnerOf(live.GetLabels())
	if in.Managed && (!ours || owner.Kind != in.Kind || in.Incarnation != "" && owner.Incarnation != in.Incarnation) {
		return cfg, flavor.Result{}, fmt.Errorf("%s in namespace %s belongs to somebody else: the component %w", name, namespace, flavor.ErrNotFound)
	}

	site.Owner.Incarnation = owner.Incarnation
	result := flavor.Result{
		ID: id, Name: name, Incarnation: owner.Incarnation, Cluster: site.Incarnation, Outputs: d.outputs(site, cfg),
	}

	if in.Managed {
		if result.Drift, err = site.Drift(ctx, site.Owner, d.Objects(site, cfg)); err != nil {
			return cfg, flavor.Result{}, Worded(err)
		}

		for _, identity := range d.identities(site, cfg) {
			lines, err := identity.Drift(ctx, site)
			if err != nil {
				return cfg, flavor.Result{}, Worded(err)
			}

			result.Drift = append(result.Drift, lines...)
		}
	}

	return cfg, result, nil
}

// Update applies the objects again, and removes those that are not wanted any more.
func (d Objects[C]) Update(ctx context.Context, in flavor.Input, id string, old, cfg C) (flavor.Result, error) {
	site, err := d.site(ctx, in, cfg)
	if err != nil {
		return flavor.Result{}, Worded(err)
	}

	if err := site.Join(ctx, shared(site), user(site)); err != nil {
		return flavor.Result{}, Worded(err)
	}

	result, err := d.converge(ctx, site, &old, cfg, flavor.Result{})
	if err != nil {
		return flavor.Result{}, err
	}

	result.ID = id

	return result, nil
}

// Delete removes the objects, and the namespace if nobody else needs it.
func (d Objects[C]) Delete(ctx context.Context, in flavor.Input, _ string, cfg C) error {
	site, gone, err := enterToDelete(ctx, in, d.Flavor)
	if err != nil {
		return Worded(err)
	}

	site.Namespace, site.Name = d.Placed(&cfg).Namespace, in.Name

	for _, identity := range d.identities(site, cfg) {
		if err := identity.Remove(ctx, site, gone); err != nil {
			return Worded(err)
		}
	}

	if gone {
		return nil
	}

	objects := d.Objects(site, cfg)
	if d.Secret != nil {
		objects = append(objects, secretObject(site))
	}

	if err := site.Delete(ctx, site.Owner, objects); err != nil {
		return Worded(err)
	}

	return Worded(site.Leave(ctx, shared(site), user(site)))
}

func (d Objects[C]) site(ctx context.Context, in flavor.Input, cfg C) (Site, error) {
	site, err := enter(ctx, in, d.Flavor)
	site.Namespace, site.Name = d.Placed(&cfg).Namespace, in.Name

	return site, err
}

func (d Objects[C]) outputs(site Site, cfg C) map[string]string {
	all := map[string]string{"namespace": site.Namespace}

	if d.Secret != nil {
		all["credentials_secret"] = SecretName(site.Name)
	}

	if d.Outputs != nil {
		maps.Copy(all, d.Outputs(site, cfg))
	}

	return all
}

// Object makes an object of Kubernetes' from its parts.
func Object(apiVersion, kind, namespace, name string, content map[string]any) *unstructured.Unstructured {
	object := &unstructured.Unstructured{Object: map[string]any{}}
	maps.Copy(object.Object, content)

	object.SetAPIVersion(apiVersion)
	object.SetKind(kind)
	object.SetName(name)

	if namespace != "" {
		object.SetNamespace(namespace)
	}

	return object
}

func secretObject(site Site) *unstructured.Unstructured {
	return Object("v1", "Secret", site.Namespace, SecretName(site.Name), nil)
}

func one(object *unstructured.Unstructured) []*unstructured.Unstructured {
	return []*unstructured.Unstructured{object}
}
