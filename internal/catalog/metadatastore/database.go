package metadatastore

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// databaseConfig is that of a database server in a cluster.
type databaseConfig struct {
	clustered.Workload
	clustered.Exposed
	clustered.Stored

	Database string `tfsdk:"database"`
	Username string `tfsdk:"username"`
}

// The keys of the Secret, and the name that database and user have where none is given.
const (
	usernameKey = "username"
	passwordKey = "password"
	databaseKey = "database"
	urlKey      = "url"

	standardName = "mlstacks"
	passwordSize = 32
)

// engine is what tells one database server from another.
type engine struct {
	flavor, summary, chart, image, about string
	scheme                               string
	port                                 int
	// generated are the keys of the Secret beside the user's password.
	generated []string
	// reserved are names that belong to the server.
	reserved []string
	// longest is how long a user's name may be.
	longest int
	// furnish makes sure that database and user are there.
	furnish func(ctx context.Context, site clustered.Site, cfg databaseConfig) error
	// databases logs in as the component's user and lists the databases that the user sees.
	databases func(ctx context.Context, site clustered.Site) ([]string, error)
	// holds says what would be lost.
	holds func(ctx context.Context, site clustered.Site, cfg databaseConfig) (string, error)
}

// define makes the flavor.
func (e engine) define() flavor.Flavor {
	return flavor.Define(flavor.Meta{
		Name:      e.flavor,
		Summary:   e.summary,
		Runs:      flavor.InCluster,
		Clustered: true,
		Named:     true,
		Moves:     []flavor.Move{keptDatabase(e.flavor)},
		View:      func(flavor.Values) flavor.Facts { return flavor.Facts{} },
		Applied: func(facts *flavor.Facts, s flavor.Subject) {
			facts.URI = flavor.Map(clustered.Address(s), func(address string) any {
				return flavor.Map(s.Values["database"], func(database string) any { return address + "/" + database })
			})
		},
	}, e.attributes(), e.service()).
		CheckedWhole(clustered.CheckName).Checked(clustered.CheckExpose).Checked(refuseIngress).Checked(clustered.CheckValues(e.chart))
}

var plainName = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)

func (e engine) attributes() map[string]schema.Attribute {
	const longestDatabase = 63

	name := func(longest int) []validator.String {
		return []validator.String{
			stringvalidator.LengthAtMost(longest),
			stringvalidator.RegexMatches(plainName, "must have only small letters, digits and underscores, and not begin with a digit"),
			stringvalidator.NoneOf(e.reserved...),
		}
	}

	return clustered.Attributes(
		clustered.WorkloadAttributes(e.image, e.about), clustered.ExposeAttribute(), clustered.StoredAttributes("10Gi", "the database"),
		map[string]schema.Attribute{
			"database": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(standardName), Validators: name(longestDatabase),
				MarkdownDescription: "Name of the database, which is made where it is missing. One that is no longer named stays where it is. Defaults to `" + standardName + "`.",
			},
			"username": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(standardName), Validators: name(e.longest),
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
				MarkdownDescription: "User who owns the database. The password is generated into the Secret of the component, together with `url`, the whole " +
					"address for pods. Changing the user replaces the component. Defaults to `" + standardName + "`.",
			},
		},
	)
}

// refuseIngress objects to a way that leads to web servers only.
func refuseIngress(v flavor.Values) []flavor.Problem {
	expose, ok := v["expose"].(map[string]any)
	if !ok || expose["type"] != "ingress" {
		return nil
	}

	return []flavor.Problem{{
		Path: []string{"expose", "type"}, Summary: "Ingress to a database",
		Detail: "expose.type: an ingress leads to web servers, and a database speaks another protocol.\n\nUse node_port or load_balancer.",
	}}
}

func (e engine) service() clustered.Service[databaseConfig] {
	return clustered.Service[databaseConfig]{
		Flavor: e.flavor,
		Image:  e.image,
		Door:   clustered.Door{Scheme: e.scheme, Port: e.port},
		Chart:  func(databaseConfig) helm.Source { return clustered.Embedded(e.chart) },
		Parts: func(c *databaseConfig) clustered.Parts {
			return clustered.Parts{Workload: &c.Workload, Expose: &c.Expose, Stored: &c.Stored}
		},
		Secret: func(_ flavor.Input, cfg databaseConfig) clustered.Secret {
			secret := clustered.Secret{Generated: map[string]func() string{}, Fixed: map[string]string{usernameKey: cfg.Username, databaseKey: cfg.Database}}
			for _, key := range append([]string{passwordKey}, e.generated...) {
				secret.Generated[key] = clustered.Random(passwordSize)
			}

			return secret
		},
		Learn: func(cfg *databaseConfig, _ helm.Observed, credentials map[string]string) {
			clustered.Learn(&cfg.Username, credentials[usernameKey])
			clustered.Learn(&cfg.Database, credentials[databaseKey])
		},
		Furnish: func(ctx context.Context, site clustered.Site, cfg databaseConfig) error {
			if err := e.furnish(ctx, site, cfg); err != nil {
				return fmt.Errorf("make database %q: %w", cfg.Database, err)
			}

			_, err := site.EnsureSecret(ctx, site.Owner, site.Namespace, clustered.SecretName(site.Name), nil, map[string]string{urlKey: e.url(site, cfg)})

			return err
		},
		Observe: e.observe,
		Holds:   e.holds,
		Outputs: func(_ clustered.Site, cfg databaseConfig) map[string]string {
			return map[string]string{databaseKey: cfg.Database}
		},
		Default: databaseConfig{
			Workload: clustered.Workload{Image: e.image, ImagePullSecrets: []string{}}, Database: standardName, Username: standardName,
		},
	}
}

// observe logs in as consumers do. What is wrong is put right by furnish.
func (e engine) observe(ctx context.Context, site clustered.Site, cfg databaseConfig) (databaseConfig, []string, error) {
	secret := clustered.SecretName(site.Name)

	for key, want := range map[string]string{usernameKey: cfg.Username, databaseKey: cfg.Database, urlKey: e.url(site, cfg)} {
		if site.Credentials[key] != want {
			return cfg, []string{fmt.Sprintf("Secret/%s: %s is not that of the database", secret, key)}, nil
		}
	}

	names, err := e.databases(ctx, site)
	if err != nil {
		return cfg, nil, fmt.Errorf("log in with Secret/%s: %w", secret, err)
	}

	if !slices.Contains(names, cfg.Database) {
		return cfg, []string{fmt.Sprintf("database %s is missing", cfg.Database)}, nil
	}

	return cfg, nil, nil
}

// url is the whole address for pods. It holds the password.
func (e engine) url(site clustered.Site, cfg databaseConfig) string {
	address := url.URL{
		Scheme: e.scheme, User: url.UserPassword(cfg.Username, site.Credentials[passwordKey]), Path: "/" + cfg.Database,
		Host: net.JoinHostPort(site.Name+"."+site.Namespace+".svc.cluster.local", strconv.Itoa(clustered.Door{Port: e.port}.Inside(cfg.Expose).Port)),
	}

	return address.String()
}

// pod is the one of the StatefulSet.
func pod(site clustered.Site) string { return site.Name + "-0" }

// quoted is a text as SQL writes it.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// counted reads lines of a name and a number of tables, and says what of it would be lost.
func counted(lines string) string {
	for line := range strings.Lines(lines) {
		name, tables, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if tables != "" && tables != "0" {
			return fmt.Sprintf("database %s has %s tables", name, tables)
		}
	}

	return ""
}
