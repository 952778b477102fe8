package amazon

import (
	"context"
	"regexp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

const (
	sageMaker        = "SageMaker"
	sageMakerService = "sagemaker.amazonaws.com"
)

// Execution is how a component runs jobs in SageMaker: as which role, and with what they work. It is embedded into
// configurations.
type Execution struct {
	Grants

	Region         string     `tfsdk:"region"`
	RoleARN        string     `tfsdk:"execution_role_arn"`
	KMSKey         string     `tfsdk:"kms_key"`
	Subnets        []string   `tfsdk:"subnet_ids"`
	SecurityGroups []string   `tfsdk:"security_group_ids"`
	Store          *Reference `tfsdk:"artifact_store"`
	Registry       *Reference `tfsdk:"container_registry"`
}

// DefaultExecution is that of an import, of which nothing is known.
func DefaultExecution() Execution {
	return Execution{Grants: DefaultGrants(), Subnets: []string{}, SecurityGroups: []string{}}
}

// ExecutionAttributes are those of Execution. what are the jobs, such as "pipelines"; client is as in GrantAttributes.
func ExecutionAttributes(what, client string) map[string]schema.Attribute {
	return Attributes(Located(), GrantAttributes(client), map[string]schema.Attribute{
		"execution_role_arn": Text("ARN of a role that " + what + " run as, where one exists already: then none is made, and what it may do is yours to say. Defaults to `\"\"`, a " +
			"role of the component's own that may use the bucket and the repositories."),
		"kms_key":            Text("ARN of the KMS key that encrypts the bucket, and may encrypt the volumes of jobs. Defaults to `\"\"`, none."),
		"subnet_ids":         identifiers("subnet-", "IDs of the subnets that jobs may run in; the role of the component's own may then have interfaces there."),
		"security_group_ids": identifiers("sg-", "IDs of the security groups that such interfaces may have."),
		"artifact_store": StoreAttribute("Store whose bucket the " + what + " read and write: an `mlstacks_artifact_store` of the flavor `s3`, whole. It must be in the " +
			"component's region."),
		"container_registry": RegistryAttribute("Registry with the images of the " + what + ": an `mlstacks_container_registry` of the flavor `ecr`, whole."),
	})
}

func identifiers(prefix, about string) schema.ListAttribute {
	form := regexp.MustCompile("^" + prefix + "[0-9a-f]+$")

	return schema.ListAttribute{
		Optional: true, Computed: true, ElementType: types.StringType, MarkdownDescription: about + " Defaults to `[]`.",
		Default: listdefault.StaticValue(types.ListValueMust(types.StringType, nil)),
		Validators: []validator.List{
			listvalidator.UniqueValues(), listvalidator.ValueStringsAre(stringvalidator.RegexMatches(form, "looks like "+prefix+"0123456789abcdef0")),
		},
	}
}

// ExecutionChecked adds the checks of Execution to a flavor.
func ExecutionChecked(f flavor.Flavor, rules ...Rule) flavor.Flavor {
	return f.Checked(Judged(GrantRules(append(rules, Rule{"execution_role_arn", naming.RoleARN}, Rule{"kms_key", naming.KMSKey})...)...)).
		CheckedWhole(StoreServes("artifact_store", sageMaker)).CheckedWhole(RegistryServes("container_registry", sageMaker)).
		Checked(checkNetwork)
}

// checkNetwork refuses half of what jobs in a VPC need.
func checkNetwork(v flavor.Values) []flavor.Problem {
	subnets, ok := v["subnet_ids"].([]any)
	groups, too := v["security_group_ids"].([]any)

	switch {
	case !ok || !too || (len(subnets) == 0) == (len(groups) == 0):
		return nil
	case len(subnets) == 0:
		return []flavor.Problem{Refused("security_group_ids", "there are no subnets that interfaces could be in. Set subnet_ids, too.")}
	default:
		return []flavor.Problem{Refused("subnet_ids", "a job in a subnet has security groups. Set security_group_ids, too.")}
	}
}

// PlannedExecution is the ARN of the role that jobs run as, as far as it is known at plan.
func PlannedExecution(s flavor.Subject, purpose string) any {
	switch given := s.Values["execution_role_arn"]; {
	case zenml.IsUnknown(given):
		return given
	case given != nil && given != "":
		return given
	default:
		return PlannedRole(s, purpose)
	}
}

// PlannedOutputs are the outputs of Execution, as far as they are known at plan.
func PlannedOutputs(s flavor.Subject, purpose string) map[string]any {
	name := any(zenml.Unknown{})

	switch given := s.Values["execution_role_arn"]; {
	case zenml.IsUnknown(given):
	case given != nil && given != "":
		name = ""
	default:
		name = PlannedRoleName(s, purpose)
	}

	return map[string]any{
		OutputRole: PlannedExecution(s, purpose), OutputRoleName: name, OutputClientPolicy: PlannedClient(s, purpose),
		OutputRegion: Region(s), OutputAccount: Account(s),
	}
}

// Executing is an Execution at work.
type Executing struct {
	Granted

	Execution Execution
	purpose   string
}

// Execute begins the roles and policies of a component that runs jobs for a purpose, such as "sagemaker-orchestrator".
func (e Execution) Execute(ctx context.Context, site Site, component, purpose string) (Executing, error) {
	granted, err := e.Grant(ctx, site, component)

	return Executing{Granted: granted, Execution: e, purpose: purpose}, err
}

// Runs is the ARN of the role that jobs run as.
func (e Executing) Runs() string {
	if e.Execution.RoleARN != "" {
		return e.Execution.RoleARN
	}

	return e.RoleARN(e.purpose)
}

// Bucket is the one that jobs read and write.
func (e Executing) Bucket() policy.Bucket {
	bucket := Bucket(e.Execution.Store)
	if e.Execution.KMSKey != "" {
		bucket.Key = e.Execution.KMSKey
	}

	return bucket
}

// Runtime is what the role may do.
func (e Executing) Runtime() policy.Document {
	return policy.SageMakerRuntime(e.Place, policy.Runtime{
		Role: e.RoleARN(e.purpose), Bucket: e.Bucket(), Repositories: Repositories(e.Execution.Registry),
		Subnets: e.Execution.Subnets, SecurityGroups: e.Execution.SecurityGroups,
	})
}

// orchestration are the statements of Runtime by which a pipeline starts the jobs of its steps.
var orchestration = []string{"PipelineSteps", "PipelineProcessing", "PipelineTags", "PassItself", "ManagedRules"}

// JobRuntime is Runtime for a role whose jobs start no others.
func (e Executing) JobRuntime() policy.Document {
	document := e.Runtime()
	document.Statement = slices.DeleteFunc(slices.Clone(document.Statement), func(statement policy.Statement) bool {
		return slices.Contains(orchestration, statement.Sid)
	})

	return document
}

// ClientDocument is what clients may do: what the service takes, and the bucket and the repositories of what they run.
func (e Executing) ClientDocument(service ...policy.Document) policy.Document {
	return policy.Join(append(slices.Clone(service), policy.ArtifactClient(e.Place, e.Bucket()), policy.RegistryPush(Repositories(e.Execution.Registry)))...)
}

// List begins the parts with the role, which may do what runtime says, and the policy for clients.
func (e Executing) List(about string, runtime, client policy.Document) *Listed {
	execution := e.Role(e.purpose, "Runs the jobs of the "+about+".", policy.Trust(sageMakerService, e.Place.Account),
		map[string]policy.Document{"runtime": runtime})

	return List(e.Site).Add(e.Execution.RoleARN == "", OutputRoleName, execution).
		Add(e.ClientPolicy, OutputClientPolicy, e.Client(e.purpose, "For who runs jobs with the "+about+".", client))
}

// Outputs are those of Execution.
func (e Executing) Outputs() map[string]string {
	outputs := map[string]string{
		OutputRole: e.Runs(), OutputRoleName: "", OutputClientPolicy: e.ClientARN(e.purpose), OutputRegion: e.Site.Region, OutputAccount: e.Place.Account,
	}
	if e.Execution.RoleARN == "" {
		outputs[OutputRoleName] = e.RoleName(e.purpose)
	}

	return outputs
}

// ExecutionDriver makes components of which Execution is a part.
func ExecutionDriver[C any](
	flavorName string, of func(*C) *Execution, adopt C,
	parts func(ctx context.Context, site Site, component string, cfg C) ([]part.Part, error),
	outputs func(ctx context.Context, site Site, component string, cfg C) (map[string]string, error),
) Driver[C] {
	return Driver[C]{
		Flavor:  flavorName,
		ID:      func(in flavor.Input, _ C) string { return in.Name },
		Region:  func(cfg C) string { return of(&cfg).Region },
		Parts:   parts,
		Learn:   func(cfg *C, seen []part.Seen) { of(cfg).Learned(seen) },
		Adopt:   func(string) C { return adopt },
		Outputs: outputs,
		Partial: func(cfg C) bool { return of(&cfg).Store == nil },
	}
}
