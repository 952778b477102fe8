package secretsmanager

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

const (
	// awsPrefix is that of the secrets that a ZenML server keeps in Secrets Manager; it cannot be told to use another.
	awsPrefix = "zenml/"
	// awsRecovery is how long AWS keeps a deleted secret by itself, in days.
	awsRecovery = 30
	// awsLargest is how many bytes the value of a secret may have.
	awsLargest = 65536
)

// AWS is secrets below a prefix in Secrets Manager, with the policy for those who may have them.
var AWS = flavor.Define[awsConfig](flavor.Meta{
	Name: "aws",
	Summary: "Secrets below a prefix in Secrets Manager: a policy for whoever reads and writes them, a ZenML server above all, and secrets whose values the state " +
		"never sees.",
	Runs:    flavor.InAWS,
	Cloud:   amazon.Cloud,
	Named:   true,
	View:    func(flavor.Values) flavor.Facts { return flavor.Facts{} },
	Applied: awsApplied,
}, amazon.Attributes(amazon.Located(), awsAttributes()), awsDriver{awsObjects}).Checked(amazon.Judged(
	amazon.Rule{Attribute: "prefix", Judge: naming.SecretPrefix}, amazon.Rule{Attribute: "kms_key", Judge: naming.KMSKey},
	amazon.Rule{Attribute: "policy_path", Judge: naming.RolePath},
)).Checked(awsNames)

func awsAttributes() map[string]schema.Attribute {
	beside := path.MatchRelative().AtParent()
	recovery := amazon.Number(awsRecovery, "Days for which a deleted secret can be restored and keeps its name, 7 to 30; 0: it is gone at once.")
	recovery.Validators = []validator.Int64{int64validator.Any(int64validator.OneOf(0), int64validator.Between(7, 30))}

	return map[string]schema.Attribute{
		"prefix": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(awsPrefix), Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			MarkdownDescription: "What the names of the secrets begin with, and all that the policy reaches. A ZenML server uses `zenml/` and no other. Defaults to `zenml/`.",
		},
		"kms_key": amazon.Text("ARN of the KMS key that encrypts the secrets of `secrets_wo`, and that the policy lets be used. Defaults to `\"\"`: the account's own key " +
			"for secrets."),
		"policy_path": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(amazon.RolePath),
			MarkdownDescription: "Path of the policy, by which policies of your own can refer to it. Changing it replaces the component. Defaults to `\"" + amazon.RolePath + "\"`.",
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"recovery_window_days": recovery,
		"secrets_wo": schema.MapAttribute{
			Optional: true, Sensitive: true, WriteOnly: true, ElementType: types.StringType,
			MarkdownDescription: "Secrets by what follows the prefix in their names. Write-only: they are neither in the plan nor in the state, which keeps their names alone " +
				"(output `secrets`).",
			Validators: []validator.Map{
				mapvalidator.ValueStringsAre(stringvalidator.LengthBetween(1, awsLargest)),
				mapvalidator.AlsoRequires(beside.AtName("secrets_wo_version")),
			},
		},
		"secrets_wo_version": schema.Int64Attribute{
			Optional:            true,
			MarkdownDescription: "Version of `secrets_wo`. Change it to have exactly those secrets written: others that the component has made are deleted.",
			Validators:          []validator.Int64{int64validator.AlsoRequires(beside.AtName("secrets_wo"))},
		},
	}
}

// awsNames judges the names of secrets, and says nothing of their values.
func awsNames(v flavor.Values) []flavor.Problem {
	secrets, _ := v["secrets_wo"].(map[string]any) // what is not known yet is judged at apply
	prefix, known := v.Text("prefix", awsPrefix).(string)

	if !known {
		return nil
	}

	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		problem := naming.SecretName(prefix + name)
		if name == "" {
			problem = "a secret needs a name behind the prefix."
		}

		if problem != "" {
			return []flavor.Problem{amazon.Refused("secrets_wo", problem)}
		}
	}

	return nil
}

type awsConfig struct {
	Region       string `tfsdk:"region"`
	Prefix       string `tfsdk:"prefix"`
	KMSKey       string `tfsdk:"kms_key"`
	PolicyPath   string `tfsdk:"policy_path"`
	RecoveryDays int64  `tfsdk:"recovery_window_days"`

	Secrets        map[string]string `tfsdk:"secrets_wo"`
	SecretsVersion *int64            `tfsdk:"secrets_wo_version"`
}

// The outputs of a secrets manager in AWS. The state has the names of the secrets from there, and no more of them.
const (
	outputPolicy  = "policy_arn"
	outputSecrets = "secrets"
)

func awsApplied(facts *flavor.Facts, s flavor.Subject) {
	name := amazon.Texts(func(texts ...string) any { return policyName(texts[0], texts[1]) }, s.Name, amazon.Region(s))

	var secrets any = ""
	if s.Values["secrets_wo_version"] != nil { // their names are as little in a plan as their values
		secrets = s.Output(outputSecrets)
	}

	facts.Outputs = map[string]any{
		outputPolicy: amazon.ARN(s, "iam", true, amazon.Texts(func(texts ...string) any { return "policy" + texts[0] + texts[1] },
			s.Values.Text("policy_path", amazon.RolePath), name)),
		"prefix":      s.Values.Text("prefix", awsPrefix),
		outputSecrets: secrets,
		"region":      amazon.Region(s),
		"account":     amazon.Account(s),
	}
}

// policyName is that of a component's policy: the same component in another region has another one, though policies have
// no region.
func policyName(component, region string) string {
	return naming.Derived(naming.ForPolicy, component, "secrets", region)
}
