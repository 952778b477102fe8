package imagebuilder

import (
	"context"
	"errors"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

var kanikoObjects = clustered.Objects[kanikoConfig]{
	Flavor:  "kaniko",
	Placed:  func(c *kanikoConfig) *clustered.Placed { return &c.Placed },
	Objects: buildersPlace,
	Outputs: func(site clustered.Site, cfg kanikoConfig) map[string]string {
		outputs := map[string]string{
			"service_account": site.Name,
			"executor_image":  clustered.Mirrored(site.Input, cfg.ExecutorImage, charts.KanikoImage),
		}

		switch {
		case cfg.RegistrySecret != "":
			outputs["registry_secret"] = cfg.RegistrySecret
		case cfg.Registry != nil && hasLogin(*cfg.Registry):
			outputs["registry_secret"] = loginName(site.Name)
		}

		return outputs
	},
	Default: kanikoConfig{ExecutorImage: charts.KanikoImage, ExecutorArgs: []string{}, PodRunningTimeout: 300},
}

// buildersPlace is a service account that builds run as, with the rights that ZenML's builder needs. A build runs what its
// Dockerfile says, so its pod gets no token: the rights are for who takes one out to start builds.
func buildersPlace(site clustered.Site, _ kanikoConfig) []*unstructured.Unstructured {
	return clustered.Account{Name: site.Name, Tokenless: true, Rules: []clustered.Rule{
		{Resource: "pods", Verbs: []string{"create", "get", "list", "watch", "delete"}},
		{Resource: "pods/attach", Verbs: []string{"create", "get"}}, // the build context comes in by standard input
		{Resource: "pods/log", Verbs: []string{"get"}},
	}}.Objects(site.Namespace)
}

func loginName(component string) string { return component + "-registry" }

// hasLogin says whether a registry keeps a login in a cluster.
func hasLogin(registry clustered.Component) bool { return registry.Outputs["pull_secret"] != "" }

// kanikoDriver adds to the objects a Secret with the login of the registry, which is only known where it is.
type kanikoDriver struct {
	clustered.Objects[kanikoConfig]
}

// Create makes the place for builds.
func (d kanikoDriver) Create(ctx context.Context, in flavor.Input, cfg kanikoConfig) (flavor.Result, error) {
	result, err := d.Objects.Create(ctx, in, cfg)
	if err != nil {
		return result, err
	}

	in.Incarnation = result.Incarnation

	return result, d.login(ctx, in, cfg)
}

// Update brings the place and the login to what is wanted.
func (d kanikoDriver) Update(ctx context.Context, in flavor.Input, id string, old, cfg kanikoConfig) (flavor.Result, error) {
	result, err := d.Objects.Update(ctx, in, id, old, cfg)
	if err != nil {
		return flavor.Result{}, err
	}

	if err := d.login(ctx, in, cfg); err != nil {
		return flavor.Result{}, err
	}

	return result, nil
}

// Read looks at the place, and whether the login is still that of the registry.
func (d kanikoDriver) Read(ctx context.Context, in flavor.Input, id string, cfg kanikoConfig) (kanikoConfig, flavor.Result, error) {
	cfg, result, err := d.Objects.Read(ctx, in, id, cfg)
	if err != nil || !in.Managed || cfg.Registry == nil || !hasLogin(*cfg.Registry) {
		return cfg, result, err
	}

	in.Name, in.Incarnation = result.Name, result.Incarnation

	site, err := clustered.Enter(ctx, in, d.Flavor, cfg.Namespace)
	if err != nil {
		return cfg, result, clustered.Worded(err)
	}

	secret, err := wantedLogin(ctx, site, cfg)
	if err != nil {
		return cfg, result, nil //nolint:nilerr // the registry tells of its own trouble, and what was copied is still there
	}

	lines, err := site.LoginDrift(ctx, secret[0])
	result.Drift = append(result.Drift, lines...)

	return cfg, result, clustered.Worded(err)
}

// Delete removes the login and the place.
func (d kanikoDriver) Delete(ctx context.Context, in flavor.Input, id string, cfg kanikoConfig) error {
	site, gone, err := clustered.EnterToDelete(ctx, in, d.Flavor, cfg.Namespace)
	if err != nil || gone {
		return clustered.Worded(err)
	}

	if err := site.Delete(ctx, site.Owner, noLogin(site)); err != nil {
		return clustered.Worded(err)
	}

	return d.Objects.Delete(ctx, in, id, cfg)
}

// login makes the Secret with the registry's login, or removes it where there is none any more.
func (d kanikoDriver) login(ctx context.Context, in flavor.Input, cfg kanikoConfig) error {
	site, err := clustered.Enter(ctx, in, d.Flavor, cfg.Namespace)
	if err != nil {
		return clustered.Worded(err)
	}

	if cfg.Registry == nil || !hasLogin(*cfg.Registry) {
		return clustered.Worded(site.Delete(ctx, site.Owner, noLogin(site)))
	}

	secret, err := wantedLogin(ctx, site, cfg)
	if err != nil {
		return &flavor.AttributeError{
			Attribute: []string{"container_registry"}, Err: err, Fix: "Check the registry, then apply again.",
		}
	}

	return clustered.Worded(site.Repair(ctx, site.Owner, secret))
}

func noLogin(site clustered.Site) []*unstructured.Unstructured {
	return []*unstructured.Unstructured{clustered.Object("v1", "Secret", site.Namespace, loginName(site.Name), nil)}
}

func wantedLogin(ctx context.Context, site clustered.Site, cfg kanikoConfig) ([]*unstructured.Unstructured, error) {
	credentials, err := site.CredentialsOf(ctx, *cfg.Registry)
	if err != nil {
		return nil, err
	}

	login := clustered.Login{Username: credentials["username"], Password: credentials["password"]}
	if login.Username == "" || login.Password == "" {
		return nil, errors.New("the registry's Secret has no username and password")
	}

	secret, err := clustered.LoginSecret(site.Namespace, loginName(site.Name), map[string]clustered.Login{
		cfg.Registry.Outputs["uri"]: login, cfg.Registry.Outputs["cluster_uri"]: login,
	})

	return []*unstructured.Unstructured{secret}, err
}
