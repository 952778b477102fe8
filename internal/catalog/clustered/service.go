package clustered

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
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
	// Values are those of the chart beside the ones that all charts have. Nil: there are none.
	Values func(ctx context.Context, site Site, cfg C) (map[string]any, error)
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
func (d Service[C]) Preflight(ctx context.Context, in flavor.Input, cfg C) error {
	source := d.Chart(cfg)
	if source.FS != nil {
		return nil // judged without any of this, whether the configuration is known or not
	}

	chart, err := helm.Load(ctx, source)
	if err != nil {
		return Worded(err)
	}

	own, err := plainValues(d.Parts(&cfg).Workload.Values)
	if err != nil {
		return err
	}

	return wrongValues(chart.Check(own))
}

// question is how long a read waits for what runs to answer.
const question = 15 * time.Second

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

// incarnation is that of the release that is there already, if it is this component's, or a fresh one.
func (d Service[C]) incarnation(ctx context.Context, site Site) (string, error) {
	client, err := helm.New(site.REST(), site.Namespace)
	if err != nil {
		return "", err
	}

	found, err := client.Observe(ctx, helm.Release{Name: site.Name, Owner: site.Owner})

	switch {
	case errors.Is(err, backend.ErrNotFound):
		return d.leftover(ctx, site)
	case err != nil:
		return "", fmt.Errorf("%w\n\nGive the component another name, or take the release over: terraform import <address> %s/%s/%s/%s", err,
			d.Flavor, site.Input.Cluster.Reference["type"], site.Input.Cluster.Reference["name"], site.ID())
	case found.Owner.Incarnation == "":
		return fresh()
	}

	return found.Owner.Incarnation, nil
}

func fresh() (string, error) {
	token := make([]byte, 8)
	if _, err := rand.Read(token); err != nil {
		return "", fmt.Errorf("make incarnation: %w", err)
	}

	return hex.EncodeToString(token), nil
}

// converge brings everything of the component to what is wanted.
func (d Service[C]) converge(ctx context.Context, site Site, cfg C, result flavor.Result) (flavor.Result, error) {
	var err error

	if d.Secret != nil {
		secret := d.Secret(site.Input, cfg)

		site.Credentials, err = site.EnsureSecret(ctx, site.Owner, site.Namespace, SecretName(site.Name), secret.Generated, secret.Fixed)
		if err != nil {
			return result, Worded(err)
		}
	}

	if d.Prepare != nil {
		if err := d.Prepare(ctx, site, cfg); err != nil {
			return result, Worded(err)
		}
	}

	release, client, err := d.release(ctx, site, cfg)
	if err != nil {
		return result, Worded(err)
	}

	if err := client.Converge(ctx, release); err != nil {
		return result, Worded(err)
	}

	if d.Furnish != nil {
		if err := d.Furnish(ctx, site, cfg); err != nil {
			return result, Worded(err)
		}
	}

	result.Outputs, err = d.outputs(ctx, site, cfg, true)

	return result, Worded(err)
}

// release is what is wanted.
func (d Service[C]) release(ctx context.Context, site Site, cfg C) (helm.Release, *helm.Client, error) {
	// What was imported may be somebody else's, and is taken over.
	release := helm.Release{Name: site.Name, Owner: site.Owner, Adopt: site.Owner.Incarnation == ""}

	client, err := helm.New(site.REST(), site.Namespace)
	if err != nil {
		return release, nil, err
	}

	if release.Chart, err = helm.Load(ctx, d.Chart(cfg)); err != nil {
		return release, nil, err
	}

	release.Values = d.common(site.Input, cfg)

	if d.Values != nil {
		more, err := d.Values(ctx, site, cfg)
		if err != nil {
			return release, nil, err
		}

		release.Values = helm.Merge(release.Values, more)
	}

	own, err := plainValues(d.Parts(&cfg).Workload.Values)
	if err != nil {
		return release, nil, err
	}

	release.Values = helm.Merge(release.Values, own)

	return release, client, wrongValues(release.Chart.Check(release.Values))
}

func wrongValues(problems []helm.Problem) error {
	if len(problems) == 0 {
		return nil
	}

	texts := make([]string, 0, len(problems))
	for _, p := range problems {
		texts = append(texts, p.String())
	}

	return &flavor.AttributeError{
		Attribute: []string{"values"},
		Err:       fmt.Errorf("the chart's schema refuses the values: %s", strings.Join(texts, "; ")),
		Fix:       "Correct them; the schema is values.schema.json of the chart.",
	}
}

// Read looks at the release, at what it made, and at what is inside.
func (d Service[C]) Read(ctx context.Context, in flavor.Input, id string, cfg C) (C, flavor.Result, error) {
	namespace, name, _ := strings.Cut(id, "/")
	imported := d.Parts(&cfg).Workload.Namespace == ""

	if imported {
		cfg = d.Default
		d.Parts(&cfg).Workload.Namespace = namespace
		in.Name = name
	}

	site, err := d.site(ctx, in, cfg)
	if err != nil {
		return cfg, flavor.Result{}, asleep(err)
	}

	site.Name = name

	if imported {
		if err := d.adopt(ctx, site, &cfg); err != nil {
			return cfg, flavor.Result{}, Worded(err)
		}
	}

	if d.Secret != nil {
		if site.Credentials, err = site.Secret(ctx, site.Namespace, SecretName(name)); err != nil && !errors.Is(err, backend.ErrNotFound) {
			return cfg, flavor.Result{}, Worded(err)
		}
	}

	return d.look(ctx, site, cfg, imported)
}

func (d Service[C]) look(ctx context.Context, site Site, cfg C, imported bool) (C, flavor.Result, error) {
	release, client, err := d.release(ctx, site, cfg)
	if err != nil {
		return cfg, flavor.Result{}, Worded(err)
	}

	if release.Adopt {
		release.Owner = backend.Owner{} // whosever it is
	}

	found, err := client.Observe(ctx, release)
	if errors.Is(err, backend.ErrForeign) && site.Input.Managed {
		err = fmt.Errorf("%w: %w", backend.ErrNotFound, err) // it has come to belong to somebody else
	}

	if err != nil {
		return cfg, flavor.Result{}, Worded(err)
	}

	result := flavor.Result{
		ID: site.ID(), Name: site.Name, Incarnation: found.Owner.Incarnation, Cluster: site.Incarnation, Drift: found.Drift,
	}

	if d.Secret != nil && len(site.Credentials) == 0 {
		result.Drift = append(result.Drift, fmt.Sprintf("Secret/%s is missing", SecretName(site.Name)))
	}

	if d.Observe != nil && (imported || len(result.Drift) == 0) {
		inside, cancel := context.WithTimeout(ctx, question)
		defer cancel()

		var drift []string

		cfg, drift, err = d.Observe(inside, site, cfg)

		switch {
		case err != nil && imported: // a guess at what is inside would have the next plan replace it
			return cfg, flavor.Result{}, Worded(fmt.Errorf("find out what is inside of %s: %w", site.ID(), err))
		case err != nil: // what runs cannot be asked: that is something to repair, not a reason to stop
			drift = []string{err.Error()}
		}

		result.Drift = append(result.Drift, drift...)
	}

	if result.Outputs, err = d.outputs(ctx, site, cfg, false); err != nil {
		result.Drift = append(result.Drift, err.Error())
	}

	return cfg, result, nil
}

// Update converges again; whatever changed, or was found to differ, comes out as wanted.
func (d Service[C]) Update(ctx context.Context, in flavor.Input, id string, _, cfg C) (flavor.Result, error) {
	site, err := d.site(ctx, in, cfg)
	if err != nil {
		return flavor.Result{}, Worded(err)
	}

	if err := site.Join(ctx, shared(site), user(site)); err != nil {
		return flavor.Result{}, Worded(err)
	}

	result, err := d.converge(ctx, site, cfg, flavor.Result{})
	if err != nil {
		return flavor.Result{}, err // the state keeps the old configuration, so that the next apply tries again
	}

	result.ID = id

	return result, nil
}

// Delete removes the release with its volume, its Secret, and the namespace if nobody else needs it. Data in it needs
// consent.
func (d Service[C]) Delete(ctx context.Context, in flavor.Input, _ string, cfg C) error {
	site, gone, err := enterToDelete(ctx, in, d.Flavor)
	if err != nil || gone {
		return Worded(err)
	}

	site.Namespace, site.Name = d.Parts(&cfg).Workload.Namespace, in.Name

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

	return Worded(site.Leave(ctx, shared(site), user(site)))
}

func (d Service[C]) site(ctx context.Context, in flavor.Input, cfg C) (Site, error) {
	site, err := enter(ctx, in, d.Flavor)
	site.Namespace, site.Name = d.Parts(&cfg).Workload.Namespace, in.Name

	return site, err
}

// outputs are what all services tell, and the flavor's own. With reach the address has to be reached for real.
func (d Service[C]) outputs(ctx context.Context, site Site, cfg C, reach bool) (map[string]string, error) {
	all := map[string]string{"namespace": site.Namespace, "service": site.Name, "cluster_uri": d.door(cfg).within(site)}

	if d.Secret != nil {
		all["credentials_secret"] = SecretName(site.Name)
	}

	var err error

	if expose := d.Parts(&cfg).Expose; expose != nil {
		var addresses map[string]string

		addresses, err = d.door(cfg).addresses(ctx, site, *expose, reach)
		maps.Copy(all, addresses)
	}

	if d.Outputs != nil {
		maps.Copy(all, d.Outputs(site, cfg))
	}

	return all, err
}

// door is where the service listens in a configuration. What balances its load has the port that was asked for, and so
// has the service then.
func (d Service[C]) door(cfg C) Door {
	door := d.Door
	if d.DoorOf != nil {
		door = d.DoorOf(cfg)
	}

	if expose := d.Parts(&cfg).Expose; expose != nil && expose.Type == "load_balancer" && expose.Port != 0 {
		door.Port = int(expose.Port)
	}

	return door
}

// SecretName is what the Secret of a component is called.
func SecretName(component string) string { return component + "-credentials" }

func shared(site Site) kube.Shared { return kube.SharedNamespace(site.Namespace) }

// user is who counts as a user of what components share.
func user(site Site) string { return site.Owner.Kind + "/" + site.Name }
