package secretsmanager

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/role"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/secret"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// awsDriver makes the policy and the secrets. Only Create and Update see which secrets are wanted; everybody else has their
// names from the outputs.
type awsDriver struct{ amazon.Driver[awsConfig] }

// Create makes them, or takes over what a run that was killed has left of them.
func (d awsDriver) Create(ctx context.Context, in flavor.Input, cfg awsConfig) (flavor.Result, error) {
	names := given(cfg)

	result, err := d.having(names).Create(ctx, in, cfg)
	if err != nil && result.ID != "" { // what is half made is deleted by these names
		result.Outputs = map[string]string{outputSecrets: strings.Join(names, ",")}
	}

	return result, err
}

// Delete removes them, and what an update that failed has made beside them.
func (d awsDriver) Delete(ctx context.Context, in flavor.Input, id string, cfg awsConfig) error {
	parts := d.Parts
	d.Parts = func(ctx context.Context, site amazon.Site, id string, cfg awsConfig) ([]part.Part, error) {
		all, err := parts(ctx, site, id, cfg)
		if err != nil || in.Incarnation == "" {
			return all, err
		}

		left, err := secret.Of(ctx, site.Session, in.Incarnation)

		for _, name := range left {
			one := secret.Secret{Session: site.Session, Name: name, RecoveryDays: cfg.RecoveryDays}
			if !slices.ContainsFunc(all, func(known part.Part) bool { return known.What() == one.What() }) {
				all = append(all, one)
			}
		}

		return all, err
	}

	return d.Driver.Delete(ctx, in, id, cfg)
}

// Update brings them to what is wanted. As long as the version is the same, the secrets are those that were written.
func (d awsDriver) Update(ctx context.Context, in flavor.Input, id string, old, cfg awsConfig) (flavor.Result, error) {
	names := given(cfg)
	if cfg.SecretsVersion != nil && old.SecretsVersion != nil && *cfg.SecretsVersion == *old.SecretsVersion {
		names = recorded(in)
	}

	return d.having(names).Update(ctx, in, id, old, cfg)
}

// given are the names of the secrets in a configuration, never nil.
func given(cfg awsConfig) []string {
	return slices.AppendSeq([]string{}, maps.Keys(cfg.Secrets))
}

// recorded are the names of the secrets in the state.
func recorded(in flavor.Input) []string {
	return slices.DeleteFunc(strings.Split(in.Outputs[outputSecrets], ","), func(name string) bool { return name == "" })
}

// having is the driver of a component that has these secrets.
func (d awsDriver) having(names []string) amazon.Driver[awsConfig] {
	slices.Sort(names)

	d.Parts = func(ctx context.Context, site amazon.Site, id string, cfg awsConfig) ([]part.Part, error) {
		return awsParts(ctx, site, id, cfg, names)
	}
	d.Outputs = func(ctx context.Context, site amazon.Site, id string, cfg awsConfig) (map[string]string, error) {
		return awsOutputs(ctx, site, id, cfg, names)
	}

	return d.Driver
}

var awsObjects = amazon.Driver[awsConfig]{
	Flavor: "aws",
	ID:     func(in flavor.Input, _ awsConfig) string { return in.Name },
	Region: func(cfg awsConfig) string { return cfg.Region },
	Parts: func(ctx context.Context, site amazon.Site, id string, cfg awsConfig) ([]part.Part, error) {
		return awsParts(ctx, site, id, cfg, recorded(site.Input))
	},
	Learn: func(cfg *awsConfig, seen []part.Seen) {
		was := cfg.KMSKey

		for _, one := range seen {
			if found, ok := one.Facts.(secret.Found); ok && found.KMSKey != was {
				cfg.KMSKey = found.KMSKey
			}
		}
	},
	Adopt: func(string) awsConfig {
		return awsConfig{Prefix: awsPrefix, PolicyPath: amazon.RolePath, RecoveryDays: awsRecovery}
	},
	Outputs: func(ctx context.Context, site amazon.Site, id string, cfg awsConfig) (map[string]string, error) {
		return awsOutputs(ctx, site, id, cfg, recorded(site.Input))
	},
}

// awsParts are the policy and the secrets: those of the names, and behind them those that the state has and that are to go.
func awsParts(ctx context.Context, site amazon.Site, component string, cfg awsConfig, names []string) ([]part.Part, error) {
	place, err := site.Place(ctx)
	if err != nil {
		return nil, err
	}

	list := amazon.List(site).Add(true, outputPolicy, role.Policy{
		Session: site.Session, Place: place, Name: policyName(component, site.Region), Path: cfg.PolicyPath,
		Document:    policy.SecretsClient(place, cfg.Prefix, cfg.KMSKey),
		Description: "For who reads and writes the secrets of " + component + ".",
	})

	// Under another prefix all of them are others.
	var before []string
	for _, name := range recorded(site.Input) {
		before = append(before, site.Input.Outputs["prefix"]+name)
	}

	var wanted []string

	for _, name := range names {
		one := cfg.one(site, name)
		wanted = append(wanted, one.Name)

		if slices.Contains(before, one.Name) {
			list.Add(true, outputSecrets, one)
		} else {
			list.Add(true, outputSecrets, amazon.Added{Part: one})
		}
	}

	for _, name := range before {
		if !slices.Contains(wanted, name) {
			list.Add(false, outputSecrets, secret.Secret{Session: site.Session, Name: name, RecoveryDays: cfg.RecoveryDays})
		}
	}

	return list.Parts(), nil
}

// one is a secret with its value, where that is at hand.
func (c awsConfig) one(site amazon.Site, name string) secret.Secret {
	one := secret.Secret{Session: site.Session, Name: c.Prefix + name, KMSKey: c.KMSKey, RecoveryDays: c.RecoveryDays}
	if c.SecretsVersion != nil {
		one.Version = strconv.FormatInt(*c.SecretsVersion, 10)
	}

	if value, ok := c.Secrets[name]; ok {
		one.Value = &value
	}

	return one
}

func awsOutputs(ctx context.Context, site amazon.Site, component string, cfg awsConfig, names []string) (map[string]string, error) {
	place, err := site.Place(ctx)

	return map[string]string{
		outputPolicy: role.PolicyARN(place, cfg.PolicyPath, policyName(component, site.Region)), "prefix": cfg.Prefix,
		outputSecrets: strings.Join(names, ","), "region": site.Region, "account": place.Account,
	}, err
}
