package orchestrator

import (
	"context"
	"regexp"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/role"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

const (
	skypilotPurpose = "skypilot"

	outputInstanceProfile = "instance_profile"
	outputInstanceRole    = "instance_role_arn"
)

const (
	skypilotInstance = "Type of instance, such as `g5.xlarge`. Defaults to `\"\"`, SkyPilot's choice."
	skypilotRegion   = "Region of the machines. The policy reaches no other, unless `regions` says so. Defaults to `\"\"`: SkyPilot chooses, and the policy is for every region."
	skypilotZone     = "Availability zone in the region. Defaults to `\"\"`, SkyPilot's choice."
	skypilotSpot     = "Whether to use spot machines."
	skypilotInfra    = "Where to run, in one text such as `aws/eu-west-1`; it excludes `region` and `zone`. Defaults to `\"\"`."
)

// SkyPilotAWS runs pipelines on machines in EC2 that SkyPilot starts and stops.
var SkyPilotAWS = flavor.Define[skypilotAWSConfig](flavor.Meta{
	Name:  "skypilot_aws",
	ZenML: "vm_aws",
	Summary: "Runs pipelines on machines in EC2 that SkyPilot starts and stops: a policy for who starts pipelines, which reaches SkyPilot's own machines only, and the " +
		"role of the machines if wanted.",
	Runs:  flavor.InAWS,
	Cloud: amazon.Cloud,
	Named: true,
	Fields: skypilotFields(map[string]string{
		"infra":         skypilotInfra,
		"instance_type": skypilotInstance,
		"region":        skypilotRegion,
		"zone":          skypilotZone,
		"use_spot":      skypilotSpot,
	}),
	View:    skypilotAWSView,
	Applied: skypilotAWSApplied,
}, amazon.Attributes(amazon.GrantAttributes("launch machines with SkyPilot and run pipelines on them"), map[string]schema.Attribute{
	"instance_type": amazon.Text(skypilotInstance),
	"region":        amazon.Text(skypilotRegion),
	"zone":          amazon.Text(skypilotZone),
	"infra":         amazon.Text(skypilotInfra),
	"use_spot":      amazon.Switch(false, skypilotSpot),
	"regions": schema.ListAttribute{
		Optional: true, Computed: true, ElementType: types.StringType, Default: listdefault.StaticValue(types.ListValueMust(types.StringType, nil)),
		MarkdownDescription: "Regions that the policy lets machines be started in. Defaults to `[]`: the one of `region` or `infra`, or any where neither names one.",
		Validators:          []validator.List{listvalidator.UniqueValues()},
	},
	"open_ports": amazon.Switch(false, "Whether the policy lets ports of machines be opened, for which SkyPilot makes and removes security groups."),
	"instance_profile": amazon.Switch(false, "Whether the role of the machines and its instance profile are made. SkyPilot wants both to be called `"+policy.SkyPilotRole+
		"`, so that all its users in the account share them: one component of an account may make them, and they are gone for everybody when that one is destroyed."),
	"artifact_store": amazon.Omissible(amazon.StoreAttribute("Store whose bucket who starts pipelines, and the machines, read and write: an `mlstacks_artifact_store` of the " +
		"flavor `s3`, whole; in any region. Null: the policy reaches no bucket.")),
}), skypilotAWSDriver).
	Checked(amazon.Judged(amazon.GrantRules()...)).Checked(checkSkypilotAWS).CheckedWhole(amazon.StoreAnywhere("artifact_store", "SkyPilot"))

type skypilotAWSConfig struct {
	amazon.Grants

	Infra           string            `tfsdk:"infra"`
	InstanceType    string            `tfsdk:"instance_type"`
	Region          string            `tfsdk:"region"`
	Zone            string            `tfsdk:"zone"`
	UseSpot         bool              `tfsdk:"use_spot"`
	Retry           bool              `tfsdk:"retry_until_up"`
	Idle            int64             `tfsdk:"idle_minutes_to_autostop"`
	Down            bool              `tfsdk:"down"`
	Logs            bool              `tfsdk:"stream_logs"`
	Regions         []string          `tfsdk:"regions"`
	OpenPorts       bool              `tfsdk:"open_ports"`
	InstanceProfile bool              `tfsdk:"instance_profile"`
	Store           *amazon.Reference `tfsdk:"artifact_store"`
	Settings        types.Dynamic     `tfsdk:"settings"`
}

// infraForm is SkyPilot's way to name a place: aws/REGION/ZONE, of which what is "*" or missing is its choice.
var infraForm = regexp.MustCompile(`^aws(?:/([a-z0-9-]+|\*))?(?:/([a-z0-9-]+|\*))?$`)

// regions are those that machines may be started in; none means any.
func (c skypilotAWSConfig) regions() []string {
	if len(c.Regions) > 0 {
		return c.Regions
	}

	if c.Region != "" {
		return []string{c.Region}
	}

	if region := infraRegion(c.Infra); region != "" {
		return []string{region}
	}

	return nil
}

// infraRegion is the region that a text in SkyPilot's way names, or "".
func infraRegion(infra string) string {
	match := infraForm.FindStringSubmatch(infra)
	if len(match) < 2 || match[1] == "*" {
		return ""
	}

	return match[1]
}

// checkSkypilotAWS refuses what is in no region of AWS, and two ways to say where.
func checkSkypilotAWS(v flavor.Values) []flavor.Problem {
	var problems []flavor.Problem

	regions, _ := v["regions"].([]any)
	for _, region := range regions {
		if name, ok := region.(string); ok {
			if problem := naming.Region(name); problem != "" {
				problems = append(problems, amazon.Refused("regions", problem))
			}
		}
	}

	infra, _ := v["infra"].(string)
	if infra == "" {
		return problems
	}

	if !infraForm.MatchString(infra) {
		return append(problems, amazon.Refused("infra", strconv.Quote(infra)+" is not in AWS: write aws, aws/REGION or aws/REGION/ZONE."))
	}

	if region := infraRegion(infra); region != "" {
		if problem := naming.Region(region); problem != "" {
			problems = append(problems, amazon.Refused("infra", problem))
		}
	}

	return problems
}

func skypilotAWSView(v flavor.Values) flavor.Facts {
	facts := flavor.Facts{Configuration: map[string]any{}}

	for _, name := range []string{"use_spot", "retry_until_up", "idle_minutes_to_autostop", "down", "stream_logs"} {
		if v[name] != nil {
			facts.Configuration[name] = v[name]
		}
	}

	amazon.Given(&facts, v, "infra", "instance_type", "region", "zone")
	flavor.AddSettings(facts.Configuration, v)

	return facts
}

func skypilotAWSApplied(facts *flavor.Facts, s flavor.Subject) {
	// Policies have no region, so that the login's tells their names: that of the machines may change.
	here := s
	here.Values = flavor.Values{"client_policy": s.Values["client_policy"], "role_path": s.Values["role_path"]}

	facts.Outputs = map[string]any{
		amazon.OutputClientPolicy: amazon.PlannedClient(here, skypilotPurpose), amazon.OutputRegion: amazon.Region(here),
		amazon.OutputAccount:  amazon.Account(here),
		outputInstanceProfile: amazon.If(s.Values["instance_profile"], func() any { return policy.SkyPilotRole }),
		outputInstanceRole:    amazon.If(s.Values["instance_profile"], func() any { return amazon.ARN(here, "iam", true, "role/"+policy.SkyPilotRole) }),
	}
}

var skypilotAWSDriver = amazon.Driver[skypilotAWSConfig]{
	Flavor: "skypilot_aws",
	ID:     func(in flavor.Input, _ skypilotAWSConfig) string { return in.Name },
	Parts:  skypilotAWSParts,
	Learn: func(cfg *skypilotAWSConfig, seen []part.Seen) {
		path := cfg.RolePath // that of the policy: the role of the machines has none
		cfg.Learned(seen)
		cfg.RolePath = path
	},
	Adopt: func(string) skypilotAWSConfig {
		return skypilotAWSConfig{Grants: amazon.DefaultGrants(), Regions: []string{}, Idle: 30, Down: true, Logs: true}
	},
	Outputs: func(ctx context.Context, site amazon.Site, name string, cfg skypilotAWSConfig) (map[string]string, error) {
		g, err := cfg.Grant(ctx, site, name)
		if err != nil {
			return nil, err
		}

		outputs := map[string]string{
			amazon.OutputClientPolicy: g.ClientARN(skypilotPurpose), amazon.OutputRegion: site.Region, amazon.OutputAccount: g.Place.Account,
			outputInstanceProfile: "", outputInstanceRole: "",
		}

		if cfg.InstanceProfile {
			outputs[outputInstanceProfile], outputs[outputInstanceRole] = policy.SkyPilotRole, g.Place.RoleARN("", policy.SkyPilotRole)
		}

		return outputs, nil
	},
}

func skypilotAWSParts(ctx context.Context, site amazon.Site, name string, cfg skypilotAWSConfig) ([]part.Part, error) {
	g, err := cfg.Grant(ctx, site, name)
	if err != nil {
		return nil, err
	}

	document := policy.SkyPilotAWS(g.Place, policy.SkyPilot{Regions: cfg.regions(), Ports: cfg.OpenPorts, Bucket: amazon.Bucket(cfg.Store)})

	// The role is the same for everybody, and SkyPilot looks for it outside of any path.
	machines := g.Role(skypilotPurpose, "Machines that SkyPilot starts.", policy.Trust("ec2.amazonaws.com", g.Place.Account),
		map[string]policy.Document{"skypilot": document})
	machines.Name, machines.Path = policy.SkyPilotRole, ""

	return amazon.List(site).
		Add(cfg.ClientPolicy, amazon.OutputClientPolicy, g.Client(skypilotPurpose, "For who runs pipelines with the orchestrator "+name+".", document)).
		Add(cfg.InstanceProfile, outputInstanceRole, machines).
		Add(cfg.InstanceProfile, outputInstanceProfile, role.Profile{Session: site.Session, Name: policy.SkyPilotRole}).
		Parts(), nil
}
