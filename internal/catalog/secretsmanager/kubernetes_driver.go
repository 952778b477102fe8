package secretsmanager

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// kubernetesDriver adds to the objects the Secrets of the user's own, which are in no state that could list them: they are
// known by their labels.
type kubernetesDriver struct {
	clustered.Objects[kubernetesConfig]
}

// Create makes the place and writes the Secrets.
func (d kubernetesDriver) Create(ctx context.Context, in flavor.Input, cfg kubernetesConfig) (flavor.Result, error) {
	result, err := d.Objects.Create(ctx, in, cfg)
	if err != nil {
		return result, err
	}

	in.Incarnation = result.Incarnation

	names, err := d.write(ctx, in, nil, cfg)
	if err == nil {
		result.Outputs["names"] = names
	}

	return result, err
}

// Update brings the place to what is wanted, and writes the Secrets when their version has changed.
func (d kubernetesDriver) Update(ctx context.Context, in flavor.Input, id string, old, cfg kubernetesConfig) (flavor.Result, error) {
	result, err := d.Objects.Update(ctx, in, id, old, cfg)
	if err != nil {
		return flavor.Result{}, err
	}

	names, err := d.write(ctx, in, &old, cfg)
	if err != nil {
		return flavor.Result{}, err
	}

	result.Outputs["names"] = names

	return result, nil
}

// Read looks at the place and at which Secrets there are. Their values are nobody's business.
func (d kubernetesDriver) Read(ctx context.Context, in flavor.Input, id string, cfg kubernetesConfig) (kubernetesConfig, flavor.Result, error) {
	cfg, result, err := d.Objects.Read(ctx, in, id, cfg)
	if err != nil {
		return cfg, result, err
	}

	in.Name, in.Incarnation = result.Name, result.Incarnation

	site, err := clustered.Enter(ctx, in, d.Flavor, cfg.Namespace)
	if err != nil {
		return cfg, result, clustered.Worded(err)
	}

	written, err := written(ctx, site)
	if err != nil {
		return cfg, result, clustered.Worded(err)
	}

	result.Outputs["names"] = namesOf(written)

	return cfg, result, nil
}

// Delete removes the Secrets that the component wrote, with consent, and the place.
func (d kubernetesDriver) Delete(ctx context.Context, in flavor.Input, id string, cfg kubernetesConfig) error {
	site, gone, err := clustered.EnterToDelete(ctx, in, d.Flavor, cfg.Namespace)
	if err != nil || gone {
		return clustered.Worded(err)
	}

	held, err := written(ctx, site)
	if err != nil {
		return clustered.Worded(err)
	}

	if len(held) > 0 && !cfg.ForceDestroy {
		return &flavor.AttributeError{
			Attribute: []string{"force_destroy"},
			Err: fmt.Errorf("namespace %s %w: the secrets %s", site.Namespace, flavor.ErrHoldsData,
				strings.Join(slices.Sorted(maps.Keys(held)), ", ")),
			Fix: "Set force_destroy = true and apply, to have it deleted with its secrets.",
		}
	}

	if err := site.Delete(ctx, site.Owner, slices.Collect(maps.Values(held))); err != nil {
		return clustered.Worded(err)
	}

	return d.Objects.Delete(ctx, in, id, cfg)
}

// write writes the Secrets, removes those that are taken out, and tells the names of what is there then.
func (d kubernetesDriver) write(ctx context.Context, in flavor.Input, old *kubernetesConfig, cfg kubernetesConfig) (string, error) {
	site, err := clustered.Enter(ctx, in, d.Flavor, cfg.Namespace)
	if err != nil {
		return "", clustered.Worded(err)
	}

	have, err := written(ctx, site)
	if err != nil || cfg.SecretsVersion == nil || old != nil && old.SecretsVersion != nil && *old.SecretsVersion == *cfg.SecretsVersion {
		return namesOf(have), clustered.Worded(err)
	}

	wanted := userSecrets(site, cfg)

	if err := site.Repair(ctx, site.Owner, slices.Collect(maps.Values(wanted))); err != nil {
		return "", clustered.Worded(err, "secrets_wo")
	}

	maps.DeleteFunc(have, func(name string, _ *unstructured.Unstructured) bool { return wanted[name] != nil })

	if err := site.Delete(ctx, site.Owner, slices.Collect(maps.Values(have))); err != nil {
		return "", clustered.Worded(err, "secrets_wo")
	}

	return namesOf(wanted), nil
}

// userSecrets are the Secrets of a configuration by their names.
func userSecrets(site clustered.Site, cfg kubernetesConfig) map[string]*unstructured.Unstructured {
	all := make(map[string]*unstructured.Unstructured, len(cfg.Secrets))

	for name, values := range cfg.Secrets {
		data := make(map[string]any, len(values))
		for key, value := range values {
			data[key] = base64.StdEncoding.EncodeToString([]byte(value))
		}

		all[name] = clustered.Object("v1", "Secret", site.Namespace, name, map[string]any{"type": "Opaque", "data": data})
	}

	return all
}

// written are the Secrets that the component wrote, by their names.
func written(ctx context.Context, site clustered.Site) (map[string]*unstructured.Unstructured, error) {
	live, err := site.List(ctx, clustered.Object("v1", "Secret", site.Namespace, "", nil))
	if err != nil {
		return nil, err
	}

	all := map[string]*unstructured.Unstructured{}

	for _, secret := range live {
		owner, ours := kube.OwnerOf(secret.GetLabels())
		if ours && owner.Kind == site.Owner.Kind && owner.Flavor == site.Owner.Flavor && owner.Name == site.Owner.Name &&
			(site.Owner.Incarnation == "" || owner.Incarnation == site.Owner.Incarnation) {
			all[secret.GetName()] = clustered.Object("v1", "Secret", site.Namespace, secret.GetName(), nil)
		}
	}

	return all, nil
}
