package deployer

import (
	"context"
	"regexp"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// What the roles and the policy are for, in their names.
const (
	appRunnerInstance = "app-runner-instance"
	appRunnerAccess   = "app-runner-access"
	appRunnerClient   = "app-runner"
)

// The outputs.
const (
	outputInstanceRole = "instance_role_arn"
	outputAccessRole   = "access_role_arn"
)

// AppRunner deploys pipelines as services of App Runner.
var AppRunner = flavor.Define[appRunnerConfig](flavor.Meta{
	Name:  "app_runner",
	ZenML: "aws",
	Summary: "Deploys pipelines as services of AWS App Runner, which takes no new customers since 2026-04-30: a role for the services, which reads their secrets and " +
		"nothing else, one that pulls their images, and a policy for who deploys.",
	Runs:  flavor.InAWS,
	Cloud: amazon.Cloud,
	Named: true,
	Fields: map[string]string{
		"auth_key":               "Key that callers of every deployment must show.",
		"generate_auth_key":      "Whether each deployment gets a random key that callers must show.",
		"lcm_timeout":            "Seconds to wait for a deployment to start or stop.",
		"is_publicly_accessible": "Whether services have addresses on the internet.",
		"service_name_prefix":    "Beginning of the names of services; the policy for who deploys reaches no others.",
		"use_secrets_manager":    "Whether a service gets its secrets from Secrets Manager, and not as plain variables.",
		"secret_name_prefix":     "Beginning of the names of the services' secrets in Secrets Manager; the roles reach no others.",
	},
	Attribute: map[string]string{"region": "region", "instance_role_arn": "role_path", "access_role_arn": "role_path"},
	View:      appRunnerView,
	Applied:   appRunnerApplied,
}, amazon.Attributes(amazon.Located(), amazon.GrantAttributes("deploy, watch and remove services, with their secrets and logs"), map[string]schema.Attribute{
	"container_registry": amazon.RegistryAttribute("Registry with the images of the services: an `mlstacks_container_registry` of the flavor `ecr`, whole."),
}), appRunnerDriver).
	Checked(amazon.Judged(amazon.GrantRules(
		amazon.Rule{Attribute: "service_name_prefix", Judge: servicePrefix}, amazon.Rule{Attribute: "secret_name_prefix", Judge: naming.SecretPrefix})...)).
	CheckedWhole(amazon.RegistryServes("container_registry", "App Runner")).
	Checked(warnOfEnd)

// warnOfEnd says that App Runner is closed to those who have not used it before.
func warnOfEnd(flavor.Values) []flavor.Problem {
	return []flavor.Problem{{
		Warning: true, Summary: "App Runner takes no new customers",
		Detail: "app_runner: AWS closed App Runner to new customers on 2026-04-30. An account that used it before can go on; in any other one the roles and the policy " +
			"are made, and every deployment fails.\n\nUse the flavor kubernetes in an mlstacks_cluster of the flavor eks instead, unless this account used App Runner " +
			"before that day.",
	}}
}

var serviceNames = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// longestPrefix leaves room for some of a deployment's own name: services have at most 40 characters.
const longestPrefix = 32

func servicePrefix(prefix string) string {
	if len(prefix) > longestPrefix || !serviceNames.MatchString(prefix) {
		return strconv.Quote(prefix) + " is no beginning of a service's name: up to " + strconv.Itoa(longestPrefix) +
			" letters, digits, hyphens and underscores, of which the first is a letter or digit."
	}

	return ""
}

type appRunnerConfig struct {
	amazon.Grants

	Region   string            `tfsdk:"region"`
	Registry *amazon.Reference `tfsdk:"container_registry"`

	GenerateAuthKey bool   `tfsdk:"generate_auth_key"`
	Timeout         int64  `tfsdk:"lcm_timeout"`
	Public          bool   `tfsdk:"is_publicly_accessible"`
	ServicePrefix   string `tfsdk:"service_name_prefix"`
	UseSecrets      bool   `tfsdk:"use_secrets_manager"`
	SecretPrefix    string `tfsdk:"secret_name_prefix"`

	AuthKey        *string       `tfsdk:"auth_key_wo"`
	AuthKeyVersion *int64        `tfsdk:"auth_key_wo_version"`
	AuthKeySecret  *string       `tfsdk:"auth_key_secret"`
	Settings       types.Dynamic `tfsdk:"settings"`
}

func appRunnerView(v flavor.Values) flavor.Facts {
	facts := flavor.Facts{Configuration: map[string]any{}}

	for _, name := range []string{
		"generate_auth_key", "lcm_timeout", "is_publicly_accessible", "service_name_prefix", "use_secrets_manager", "secret_name_prefix",
	} {
		if v[name] != nil {
			facts.Configuration[name] = v[name]
		}
	}

	flavor.AddSettings(facts.Configuration, v)

	return facts
}

func appRunnerApplied(facts *flavor.Facts, s flavor.Subject) {
	instance, access := amazon.PlannedRole(s, appRunnerInstance), amazon.PlannedRole(s, appRunnerAccess)

	facts.Configuration["region"] = amazon.Region(s)
	facts.Configuration["instance_role_arn"] = instance
	facts.Configuration["access_role_arn"] = access
	facts.Outputs = map[string]any{
		outputInstanceRole: instance, outputAccessRole: access, amazon.OutputClientPolicy: amazon.PlannedClient(s, appRunnerClient),
		amazon.OutputRegion: amazon.Region(s), amazon.OutputAccount: amazon.Account(s),
	}
}

// secretPrefix is what the names of secrets begin with, or "" where there are none: nobody may read any then.
func (c appRunnerConfig) secretPrefix() string {
	if !c.UseSecrets {
		return ""
	}

	return c.SecretPrefix
}

var appRunnerDriver = amazon.Driver[appRunnerConfig]{
	Partial: func(cfg appRunnerConfig) bool { return cfg.Registry == nil },
	Flavor:  "app_runner",
	ID:      func(in flavor.Input, _ appRunnerConfig) string { return in.Name },
	Region:  func(cfg appRunnerConfig) string { return cfg.Region },
	Parts:   appRunnerParts,
	Learn:   func(cfg *appRunnerConfig, seen []part.Seen) { cfg.Learned(seen) },
	Adopt: func(string) appRunnerConfig {
		return appRunnerConfig{
			Grants: amazon.DefaultGrants(), Timeout: 600, Public: true, ServicePrefix: "zenml-", UseSecrets: true, SecretPrefix: "zenml-",
		}
	},
	Outputs: func(ctx context.Context, site amazon.Site, name string, cfg appRunnerConfig) (map[string]string, error) {
		g, err := cfg.Grant(ctx, site, name)

		return map[string]string{
			outputInstanceRole: g.RoleARN(appRunnerInstance), outputAccessRole: g.RoleARN(appRunnerAccess),
			amazon.OutputClientPolicy: g.ClientARN(appRunnerClient), amazon.OutputRegion: site.Region, amazon.OutputAccount: g.Place.Account,
		}, err
	},
}

func appRunnerParts(ctx context.Context, site amazon.Site, name string, cfg appRunnerConfig) ([]part.Part, error) {
	g, err := cfg.Grant(ctx, site, name)
	if err != nil {
		return nil, err
	}

	instance := g.Role(appRunnerInstance, "Runs the services of the deployer "+name+".", policy.Trust("tasks.apprunner.amazonaws.com", g.Place.Account),
		map[string]policy.Document{"secrets": policy.AppRunnerInstance(g.Place, cfg.secretPrefix())})
	access := g.Role(appRunnerAccess, "Pulls the images of the deployer "+name+".", policy.Trust("build.apprunner.amazonaws.com", g.Place.Account),
		map[string]policy.Document{"images": policy.AppRunnerAccess(amazon.Repositories(cfg.Registry))})
	client := g.Client(appRunnerClient, "For who deploys with the deployer "+name+".", policy.Join(policy.AppRunnerClient(g.Place, policy.Deployer{
		ServicePrefix: cfg.ServicePrefix, SecretPrefix: cfg.secretPrefix(),
		AccessRole: g.RoleARN(appRunnerAccess), InstanceRole: g.RoleARN(appRunnerInstance),
	}), policy.RegistryPush(amazon.Repositories(cfg.Registry))))

	return amazon.List(site).Add(true, outputInstanceRole, instance).Add(true, outputAccessRole, access).
		Add(cfg.ClientPolicy, amazon.OutputClientPolicy, client).Parts(), nil
}
