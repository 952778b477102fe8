package clustered

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// question is how long a read waits for what runs to answer.
const question = 15 * time.Second

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

	var found helm.Observed

	if imported {
		if found, err = d.adopt(ctx, site, &cfg); err != nil {
			return cfg, flavor.Result{}, Worded(err)
		}
	}

	if d.Secret != nil {
		if site.Credentials, err = site.Secret(ctx, site.Namespace, SecretName(name)); err != nil && !errors.Is(err, backend.ErrNotFound) {
			return cfg, flavor.Result{}, Worded(err)
		}
	}

	if imported && d.Learn != nil {
		d.Learn(&cfg, found, site.Credentials)
	}

	return d.look(ctx, site, cfg, imported)
}

func (d Service[C]) look(ctx context.Context, site Site, cfg C, imported bool) (C, flavor.Result, error) {
	result := flavor.Result{ID: site.ID(), Name: site.Name, Cluster: site.Incarnation}

	found, err := d.observed(ctx, site, cfg)

	switch {
	case errors.Is(err, backend.ErrForeign) && site.Input.Managed: // it has come to belong to somebody else
		return cfg, flavor.Result{}, flavor.Because(flavor.ErrNotFound, OfAnother(err))
	case errors.Is(err, backend.ErrNotFound) && site.Input.Managed && site.counted(ctx):
		result.Drift = []string{fmt.Sprintf("release %s is missing", site.Name)} // and what is around it is left
		result.Outputs, _ = d.outputs(ctx, site, cfg, false)

		return cfg, result, nil
	case err != nil:
		return cfg, flavor.Result{}, Worded(err)
	}

	result.Incarnation, result.Drift = found.Owner.Incarnation, found.Drift

	if !site.Input.Managed { // what is only recorded is not held against anything
		result.Drift = nil
		result.Outputs, err = d.outputs(ctx, site, cfg, false)

		return cfg, result, Worded(err)
	}

	if d.Secret != nil && len(site.Credentials) == 0 {
		result.Drift = append(result.Drift, fmt.Sprintf("Secret/%s is missing", SecretName(site.Name)))
	}

	if !imported {
		lines, err := d.identity(site, cfg).Drift(ctx, site)
		if err != nil {
			return cfg, flavor.Result{}, Worded(err)
		}

		result.Drift = append(result.Drift, lines...)
	}

	if imported || len(result.Drift) == 0 {
		var drift []string

		cfg, drift, err = d.inside(ctx, site, cfg)

		switch {
		case err != nil && imported: // a guess at what is inside would have the next plan replace it
			return cfg, flavor.Result{}, Worded(fmt.Errorf("find out what is inside of %s: %w", site.ID(), OfAnother(err)))
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

// observed is the release as it is, held against what is wanted as far as that can be told from here.
func (d Service[C]) observed(ctx context.Context, site Site, cfg C) (helm.Observed, error) {
	client, err := helm.New(site.REST(), site.Namespace)
	if err != nil {
		return helm.Observed{}, err
	}

	bare := helm.Release{Name: site.Name, Owner: site.Owner}
	if site.Owner.Incarnation == "" {
		bare.Owner = backend.Owner{} // what was imported, whosever it is
	}

	if !site.Input.Managed || site.Input.ImageRegistryUnknown {
		return client.Observe(ctx, bare)
	}

	release, _, err := d.release(ctx, site, cfg)
	if err != nil && d.Chart(cfg).FS == nil {
		return client.Observe(ctx, bare) // a chart that cannot be fetched now is no reason not to look
	}

	if err != nil {
		return helm.Observed{}, err
	}

	release.Owner = bare.Owner

	return client.Observe(ctx, release)
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
