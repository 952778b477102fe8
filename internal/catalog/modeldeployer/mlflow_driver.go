package modeldeployer

import (
	"context"
	"encoding/base64"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// mlflowDriver looks after the Secret with the tracker's login, which the release needs and does not bring.
type mlflowDriver struct {
	clustered.Service[mlflowConfig]
}

// Update brings the server to what is wanted, and removes a login that it has no use for any more.
func (d mlflowDriver) Update(ctx context.Context, in flavor.Input, id string, old, cfg mlflowConfig) (flavor.Result, error) {
	result, err := d.Service.Update(ctx, in, id, old, cfg)
	if err != nil || cfg.hasLogin() {
		return result, err
	}

	site, err := clustered.Enter(ctx, in, d.Flavor, cfg.Namespace)
	if err != nil {
		return flavor.Result{}, clustered.Worded(err)
	}

	if err := site.Delete(ctx, site.Owner, loginObject(site)); err != nil {
		return flavor.Result{}, clustered.Worded(err)
	}

	return result, nil
}

// Read looks at the release, and whether the login is still that of the tracker.
func (d mlflowDriver) Read(ctx context.Context, in flavor.Input, id string, cfg mlflowConfig) (mlflowConfig, flavor.Result, error) {
	cfg, result, err := d.Service.Read(ctx, in, id, cfg)
	if err != nil || !in.Managed || !cfg.hasLogin() {
		return cfg, result, err
	}

	in.Name, in.Incarnation = result.Name, result.Incarnation

	site, err := clustered.Enter(ctx, in, d.Flavor, cfg.Namespace)
	if err != nil {
		return cfg, result, clustered.Worded(err)
	}

	secret, err := trackerLogin(ctx, site, cfg)
	if err != nil {
		return cfg, result, nil //nolint:nilerr // the tracker tells of its own trouble, and what was copied is still there
	}

	lines, err := site.Drift(ctx, site.Owner, secret)
	result.Drift = append(result.Drift, lines...)

	return cfg, result, clustered.Worded(err)
}

// Delete removes the login and the server.
func (d mlflowDriver) Delete(ctx context.Context, in flavor.Input, id string, cfg mlflowConfig) error {
	site, gone, err := clustered.EnterToDelete(ctx, in, d.Flavor, cfg.Namespace)
	if err != nil || gone {
		return clustered.Worded(err)
	}

	// Before the rest: the namespace goes with the last that lies in it.
	if err := site.Delete(ctx, site.Owner, loginObject(site)); err != nil {
		return clustered.Worded(err)
	}

	return d.Service.Delete(ctx, in, id, cfg)
}

func encoded(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
