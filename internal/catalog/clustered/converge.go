package clustered

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

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
	case !errors.Is(err, backend.ErrForeign) && err != nil:
		return "", err
	case err != nil:
		return "", fmt.Errorf("%w\n\nGive the component another name, or take the release over: terraform import <address> %s/%s/%s/%s", err,
			d.Flavor, site.Input.Cluster.Reference["type"], imported(site.Input.Cluster.Reference), site.ID())
	case found.Owner.Incarnation == "":
		return fresh()
	}

	return found.Owner.Incarnation, nil
}

// imported is what an import calls a cluster.
func imported(reference map[string]string) string {
	if context := reference["context"]; context != "" {
		return context
	}

	return reference["name"]
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

	if err := d.identity(site, cfg).Ensure(ctx, site); err != nil { // pods get it when they start, and not later
		return result, Worded(err)
	}

	if d.Prepare != nil {
		if err := d.Prepare(ctx, site, cfg); err != nil {
			return result, Worded(err)
		}
	}

	if site.Credentials, err = d.copied(ctx, site, cfg); err != nil {
		return result, Worded(err)
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
	release := helm.Release{Name: site.Name, Owner: site.Owner, Adopt: site.Adopt}

	client, err := helm.New(site.REST(), site.Namespace)
	if err != nil {
		return release, nil, err
	}

	if release.Chart, err = load(ctx, d.Chart(cfg)); err != nil {
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
