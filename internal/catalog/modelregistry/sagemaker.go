package modelregistry

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/models"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

const sageMakerPurpose = "sagemaker-models"

// SageMaker is a model package group in SageMaker's model registry.
var SageMaker = flavor.Define[sageMakerConfig](flavor.Meta{
	Name:    "sagemaker",
	Summary: "A model package group in SageMaker's model registry, and a policy for who registers models with it. ZenML has no such flavor, so it stays out of its YAML.",
	Runs:    flavor.InAWS,
	Cloud:   amazon.Cloud,
	View:    func(flavor.Values) flavor.Facts { return flavor.Facts{} },
	Applied: func(facts *flavor.Facts, s flavor.Subject) {
		group := s.Values["group"]

		facts.Outputs = map[string]any{
			"group": group, "arn": plannedGroup(s, group), amazon.OutputRegion: amazon.Region(s), amazon.OutputAccount: amazon.Account(s),
			amazon.OutputClientPolicy: amazon.PlannedClientOf(s, group, sageMakerPurpose),
		}
	},
}, amazon.Attributes(amazon.Located(), amazon.PolicyAttributes("register, read and approve the versions of the model"), map[string]schema.Attribute{
	"group":         amazon.Name("Name of the model package group: up to 63 letters, digits and hyphens."),
	"description":   description(),
	"force_destroy": amazon.Switch(false, "Whether destroying the component deletes the versions that are in the group."),
}), sageMakerDriver).Checked(amazon.Judged(amazon.GrantRules(amazon.Rule{Attribute: "group", Judge: naming.ModelPackageGroup})...))

// description is text that SageMaker never changes.
func description() schema.StringAttribute {
	text := amazon.Text("What the models in the group are for. Changing it replaces the component. Defaults to `\"\"`.")
	text.PlanModifiers = []planmodifier.String{stringplanmodifier.RequiresReplace()}

	return text
}

type sageMakerConfig struct {
	Region       string `tfsdk:"region"`
	RolePath     string `tfsdk:"role_path"`
	ClientPolicy bool   `tfsdk:"client_policy"`
	Group        string `tfsdk:"group"`
	Description  string `tfsdk:"description"`
	ForceDestroy bool   `tfsdk:"force_destroy"`
}

func (c sageMakerConfig) grant(ctx context.Context, site amazon.Site) (amazon.Granted, error) {
	return amazon.Grants{RolePath: c.RolePath, ClientPolicy: c.ClientPolicy}.Grant(ctx, site, c.Group)
}

func (c sageMakerConfig) part(site amazon.Site) models.Group {
	return models.Group{Session: site.Session, Name: c.Group, Description: c.Description, Force: c.ForceDestroy}
}

// plannedGroup is the ARN of a group. Where the name has capitals SageMaker tells how it writes them.
func plannedGroup(s flavor.Subject, group any) any {
	if name, ok := group.(string); ok && hasCapitals(name) {
		return known(s.Output("arn"))
	}

	return amazon.ARN(s, "sagemaker", false, flavor.Map(group, func(name string) any { return "model-package-group/" + name }))
}

func known(output any) any {
	if output == nil {
		return zenml.Unknown{}
	}

	return output
}

func hasCapitals(name string) bool { return strings.ToLower(name) != name }

var sageMakerDriver = amazon.Driver[sageMakerConfig]{
	Flavor: "sagemaker",
	Named:  "group",
	ID:     func(_ flavor.Input, cfg sageMakerConfig) string { return cfg.Group },
	Region: func(cfg sageMakerConfig) string { return cfg.Region },
	Parts: func(ctx context.Context, site amazon.Site, _ string, cfg sageMakerConfig) ([]part.Part, error) {
		g, err := cfg.grant(ctx, site)
		if err != nil {
			return nil, err
		}

		client := g.Client(sageMakerPurpose, "For who registers models in the group "+cfg.Group+".", policy.ModelPackageGroupClient(g.Place, cfg.Group))

		return amazon.List(site).Add(true, "group", cfg.part(site)).Add(cfg.ClientPolicy, amazon.OutputClientPolicy, client).Parts(), nil
	},
	Learn: func(cfg *sageMakerConfig, seen []part.Seen) {
		if found, ok := seen[0].Facts.(models.Found); ok {
			cfg.Description = found.Description
		}
	},
	Adopt: func(id string) sageMakerConfig {
		return sageMakerConfig{Group: id, RolePath: amazon.RolePath, ClientPolicy: true}
	},
	Outputs: func(ctx context.Context, site amazon.Site, _ string, cfg sageMakerConfig) (map[string]string, error) {
		g, err := cfg.grant(ctx, site)
		if err != nil {
			return nil, err
		}

		arn := naming.ARN(g.Place.Partition, "sagemaker", site.Region, g.Place.Account, "model-package-group/"+cfg.Group)

		if hasCapitals(cfg.Group) {
			if arn, err = cfg.part(site).ARN(ctx); err != nil {
				return nil, err
			}
		}

		return map[string]string{
			"group": cfg.Group, "arn": arn, amazon.OutputRegion: site.Region, amazon.OutputAccount: g.Place.Account,
			amazon.OutputClientPolicy: g.ClientARN(sageMakerPurpose),
		}, nil
	},
}
