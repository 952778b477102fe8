package clustered

import (
	"context"
	"errors"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Parts are what every service has in its configuration. Stored is nil where nothing is kept, Expose where nobody comes
// from outside.
type Parts struct {
	Workload *Workload
	Expose   *Expose
	Stored   *Stored
}

// Service is the driver of a flavor that is one Helm release with one service. Its methods can be repeated with the same
// outcome, so that what was interrupted is finished by the next one.
type Service[C any] struct {
	// Flavor is the flavor's name.
	Flavor string
	// Image is the default image, which the provider's image_registry goes before.
	Image string
	// Door is where the service listens.
	Door Door
	// DoorOf is the door where it depends on the configuration. Nil: Door.
	DoorOf func(cfg C) Door
	// Parts finds the common parts of a configuration.
	Parts func(cfg *C) Parts
	// Chart says where the chart comes from.
	Chart func(cfg C) helm.Source
	// Foreign says that the chart is not one of ours: it knows nothing of the values that those have in common.
	Foreign bool
	// Secret says what the component's Secret holds. Nil: it has none.
	Secret func(in flavor.Input, cfg C) Secret
	// Copies are what the component's Secret holds of others' credentials, as those are now. They are copied before the
	// release is judged, and what has become of them is drift. Nil: there are none.
	Copies func(ctx context.Context, site Site, cfg C) (map[string]string, error)
	// Values are those of the chart beside the ones that all charts have. Nil: there are none.
	Values func(ctx context.Context, site Site, cfg C) (map[string]any, error)
	// Identity is what the component's pods are in AWS, under the component's own name; ok is false where they need to be
	// nobody. Nil: they never do.
	Identity func(cfg C) (bucket policy.Bucket, ok bool)
	// Learn tells of a release that is imported what of the configuration it shows beside the parts that all services have;
	// where the chart is Foreign, those as well. credentials are the contents of the component's Secret. Nil: nothing.
	Learn func(cfg *C, found helm.Observed, credentials map[string]string)
	// Prepare makes what the release needs before it can run. Nil: nothing.
	Prepare func(ctx context.Context, site Site, cfg C) error
	// Furnish makes what is inside of the service once it runs. Nil: nothing.
	Furnish func(ctx context.Context, site Site, cfg C) error
	// Observe reads back what is inside of the service, and says in words what differs and no attribute shows. After an
	// import it gets the defaults of the schema. Nil: nothing.
	Observe func(ctx context.Context, site Site, cfg C) (C, []string, error)
	// Holds says what data would be lost; empty: none. Nil: with Stored in Parts there always may be some.
	Holds func(ctx context.Context, site Site, cfg C) (string, error)
	// Outputs are added to those that all services have. Nil: none.
	Outputs func(site Site, cfg C) map[string]string
	// Default is the configuration that an import begins with: the defaults of the schema.
	Default C
}

// Secret is what a component's Secret holds.
type Secret struct {
	// Generated are made once, and stay.
	Generated map[string]func() string
	// Fixed are what the user says.
	Fixed map[string]string
}

// Locate is the namespace and the name.
func (d Service[C]) Locate(in flavor.Input, cfg C) (string, error) {
	return d.Parts(&cfg).Workload.Namespace + "/" + in.Name, nil
}

// Preflight holds the values against the schema of a chart that has to be fetched first. It contacts no cluster.
func (d Service[C]) Preflight(ctx context.Context, _ flavor.Input, cfg C) error {
	source := d.Chart(cfg)
	if values := d.Parts(&cfg).Workload.Values; source.FS != nil || values.IsNull() {
		return nil // there is nothing to judge, or it was judged without fetching anything
	}

	chart, err := load(ctx, source)
	if err != nil {
		return Worded(err)
	}

	own, err := plainValues(d.Parts(&cfg).Workload.Values)
	if err != nil {
		return err
	}

	return wrongValues(chart.Check(own))
}

// Create installs the release, and finishes one of this component that was left half-made.
func (d Service[C]) Create(ctx context.Context, in flavor.Input, cfg C) (flavor.Result, error) {
	site, err := d.site(ctx, in, cfg)
	if err != nil {
		return flavor.Result{}, Worded(err)
	}

	if site.Owner.Incarnation, err = d.incarnation(ctx, site); err != nil {
		return flavor.Result{}, Worded(err)
	}

	made := flavor.Result{ID: site.ID(), Name: site.Name, Incarnation: site.Owner.Incarnation}

	// From here on something exists in the cluster, so whatever fails must not lose it.
	if err := site.Join(ctx, shared(site), user(site)); err != nil {
		return made, Worded(err)
	}

	return d.converge(ctx, site, cfg, made)
}

// Update converges again; whatever changed, or was found to differ, comes out as wanted.
func (d Service[C]) Update(ctx context.Context, in flavor.Input, id string, old, cfg C) (flavor.Result, error) {
	site, err := d.site(ctx, in, cfg)
	if err != nil {
		return flavor.Result{}, Worded(err)
	}

	if d.consents(old, cfg) { // what cannot be mended any more can still be given up
		outputs, _ := d.outputs(ctx, site, cfg, false)

		return flavor.Result{ID: id, Outputs: outputs}, nil
	}

	if err := site.Join(ctx, shared(site), user(site)); err != nil {
		return flavor.Result{}, Worded(err)
	}

	if site.Owner.Incarnation == "" { // what was imported becomes this component's
		site.Adopt = true

		if err := handover(ctx, site); err != nil {
			return flavor.Result{}, Worded(err)
		}

		if site.Owner.Incarnation, err = fresh(); err != nil {
			return flavor.Result{}, err
		}
	}

	result, err := d.converge(ctx, site, cfg, flavor.Result{})
	if err != nil {
		return flavor.Result{}, err // the state keeps the old configuration, so that the next apply tries again
	}

	result.ID, result.Incarnation = id, site.Owner.Incarnation

	return result, nil
}

// Delete removes the release with its volume, its Secret, and the namespace if nobody else needs it. Data in it needs
// consent.
func (d Service[C]) Delete(ctx context.Context, in flavor.Input, _ string, cfg C) error {
	site, gone, err := enterToDelete(ctx, in, d.Flavor)
	if err != nil {
		return Worded(err)
	}

	site.Namespace, site.Name = d.Parts(&cfg).Workload.Namespace, in.Name

	if gone {
		return Worded(d.identity(site, cfg).Remove(ctx, site, gone))
	}

	if err := d.consent(ctx, site, cfg); err != nil {
		return Worded(err)
	}

	client, err := helm.New(site.REST(), site.Namespace)
	if err != nil {
		return Worded(err)
	}

	err = client.Uninstall(ctx, site.Name, site.Owner, helm.DeleteClaims())

	switch {
	case errors.Is(err, backend.ErrForeign):
		return nil // it has come to belong to somebody else, who keeps it
	case err != nil && !errors.Is(err, backend.ErrNotFound):
		return Worded(err)
	}

	if d.Secret != nil {
		if err := site.Delete(ctx, site.Owner, one(secretObject(site))); err != nil {
			return Worded(err)
		}
	}

	if err := d.identity(site, cfg).Remove(ctx, site, false); err != nil {
		return Worded(err)
	}

	return Worded(site.Leave(ctx, shared(site), user(site)))
}

// identity is what the component's pods are in AWS; nil where they are nobody.
func (d Service[C]) identity(site Site, cfg C) *Identity {
	if d.Identity == nil {
		return nil
	}

	bucket, ok := d.Identity(cfg)
	if !ok {
		return nil
	}

	if bucket.Prefix == "" {
		bucket.Prefix = site.Name
	}

	return &Identity{Flavor: d.Flavor, Namespace: site.Namespace, Account: site.Name, Own: true, Bucket: bucket}
}

func (d Service[C]) site(ctx context.Context, in flavor.Input, cfg C) (Site, error) {
	site, err := enter(ctx, in, d.Flavor)
	site.Namespace, site.Name = d.Parts(&cfg).Workload.Namespace, in.Name

	return site, err
}

// SecretName is what the Secret of a component is called.
func SecretName(component string) string { return component + "-credentials" }

func shared(site Site) kube.Shared { return kube.SharedNamespace(site.Namespace) }

// user is who counts as a user of what components share.
func user(site Site) string { return site.Owner.Kind + "/" + site.Name }
