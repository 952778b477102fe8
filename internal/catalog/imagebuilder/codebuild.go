package imagebuilder

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// CodeBuild builds images in a project of AWS CodeBuild.
var CodeBuild = flavor.Define[codeBuildConfig](flavor.Meta{
	Name:  "codebuild",
	ZenML: "aws",
	Summary: "Builds images in AWS CodeBuild: a project, a role for its builds that reads the stack's bucket, pushes to the stack's repositories and does nothing " +
		"else, and a policy for who starts builds.",
	Runs:  flavor.InAWS,
	Cloud: amazon.Cloud,
	Named: true,
	Fields: map[string]string{
		"build_image":                      codeBuildImage,
		"compute_type":                     "Type of machine that builds run on: `BUILD_GENERAL1_` and `SMALL`, `MEDIUM`, `LARGE`, `XLARGE` or `2XLARGE`.",
		"custom_env_vars":                  codeBuildVariables,
		"implicit_container_registry_auth": "Whether builds log in to the registry by their role; otherwise ZenML hands them the registry's login as plain variables.",
	},
	Attribute: map[string]string{"code_build_project": "project"},
	View:      codeBuildView,
	Applied:   codeBuildApplied,
}, amazon.Attributes(amazon.Located(), amazon.GrantAttributes("start, watch and stop builds"), codeBuildAttributes()), codeBuildDriver).
	Checked(amazon.Judged(amazon.GrantRules(
		amazon.Rule{Attribute: "project", Judge: naming.CodeBuildProject}, amazon.Rule{Attribute: "role_arn", Judge: naming.RoleARN},
		amazon.Rule{Attribute: "kms_key", Judge: naming.KMSKey}, amazon.Rule{Attribute: "compute_type", Judge: computeType},
	)...)).
	CheckedWhole(amazon.StoreServes("artifact_store", "CodeBuild")).
	CheckedWhole(amazon.RegistryServes("container_registry", "CodeBuild")).
	Replaced(codeBuildReplaced)

const (
	codeBuildImage = "Image that builds run in; it needs Docker and the AWS CLI. AWS pulls it anonymously, so that a mirror of your own helps where Docker Hub limits " +
		"pulls."
	codeBuildVariables = "Variables for builds, which are no place for secrets."
)

func codeBuildAttributes() map[string]schema.Attribute {
	timeout := amazon.Number(60, "Minutes after which a build is stopped, 5 to 2160.")
	timeout.Validators = []validator.Int64{int64validator.Between(5, 2160)}

	retention := amazon.Number(0, "Days for which the logs of builds are kept: 1, 3, 5, 7, 14, 30, 60, 90, 180, 365 or another number that CloudWatch Logs knows; the logs go "+
		"with the component. 0 leaves them to CodeBuild, which keeps them for good, also when the component is gone.")
	retention.Validators = []validator.Int64{int64validator.OneOf(0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)}

	return map[string]schema.Attribute{
		"project": amazon.Text("Name of the project: 2 to 150 letters, digits, hyphens and underscores. Changing it replaces the component. Defaults to `\"\"`, the component's " +
			"name."),
		"artifact_store": amazon.StoreAttribute("Store whose bucket ZenML puts what is to be built into: an `mlstacks_artifact_store` of the flavor `s3`, whole. It must be in " +
			"the component's region."),
		"container_registry": amazon.Omissible(amazon.RegistryAttribute("Registry that images are pushed to: an `mlstacks_container_registry` of the flavor `ecr`, whole. " +
			"Without it builds can push to no registry of AWS.")),
		"kms_key": amazon.Text("ARN of the KMS key that encrypts the bucket. Defaults to `\"\"`, none."),
		"role_arn": amazon.Text("ARN of a role that builds run as, where one exists already: then none is made, and what it may do is yours to say. Defaults to `\"\"`, a role of " +
			"the component's own."),
		"privileged":         amazon.Switch(true, "Whether builds that others start in the project can run a Docker daemon. ZenML itself says for each of its builds that they cannot."),
		"timeout_minutes":    timeout,
		"log_retention_days": retention,
		"custom_env_vars": schema.MapAttribute{
			Optional: true, Computed: true, ElementType: types.StringType, MarkdownDescription: codeBuildVariables + " Defaults to `{}`.",
			Default: mapdefault.StaticValue(types.MapValueMust(types.StringType, nil)),
		},
	}
}

var knownCompute = regexp.MustCompile(`^(BUILD_GENERAL1_(SMALL|MEDIUM|LARGE|XLARGE|2XLARGE)|ATTRIBUTE_BASED_COMPUTE|CUSTOM_INSTANCE_TYPE)$`)

// computeType judges the type of machine by those that containers on Linux, which ZenML asks for, can have.
func computeType(name string) string {
	if knownCompute.MatchString(name) {
		return ""
	}

	return "\"" + name + "\" is no type of machine for containers on Linux: it is BUILD_GENERAL1_SMALL, _MEDIUM, _LARGE, _XLARGE or _2XLARGE."
}

// codeBuildReplaced says that a project cannot be renamed.
func codeBuildReplaced(before, after flavor.Values) []flavor.Problem {
	if before["project"] == after["project"] {
		return nil
	}

	return []flavor.Problem{{
		Path: []string{"project"}, Warning: true, Summary: "Project is replaced",
		Detail: "project: CodeBuild cannot rename a project. It is deleted with its history of builds, and one of the new name is made.",
	}}
}

type codeBuildConfig struct {
	amazon.Grants

	Region string `tfsdk:"region"`
	// Project is nil after the import of one that has the component's name.
	Project      *string           `tfsdk:"project"`
	Store        *amazon.Reference `tfsdk:"artifact_store"`
	Registry     *amazon.Reference `tfsdk:"container_registry"`
	KMSKey       string            `tfsdk:"kms_key"`
	RoleARN      string            `tfsdk:"role_arn"`
	Privileged   bool              `tfsdk:"privileged"`
	Timeout      int64             `tfsdk:"timeout_minutes"`
	LogRetention int64             `tfsdk:"log_retention_days"`

	Image     string            `tfsdk:"build_image"`
	Compute   string            `tfsdk:"compute_type"`
	Variables map[string]string `tfsdk:"custom_env_vars"`
	Implicit  bool              `tfsdk:"implicit_container_registry_auth"`
	Settings  types.Dynamic     `tfsdk:"settings"`
}

func codeBuildView(v flavor.Values) flavor.Facts {
	facts := flavor.Facts{Configuration: map[string]any{}}

	for _, name := range []string{"build_image", "compute_type", "implicit_container_registry_auth"} {
		if v[name] != nil {
			facts.Configuration[name] = v[name]
		}
	}

	if variables, known := v["custom_env_vars"].(map[string]any); !known || len(variables) > 0 {
		amazon.Put(&facts, "custom_env_vars", v["custom_env_vars"])
	}

	flavor.AddSettings(facts.Configuration, v)

	return facts
}

// The outputs of an image builder in CodeBuild, beside those that others have, too.
const (
	outputProject    = "project"
	outputProjectARN = "project_arn"
	outputLogGroup   = "log_group"
)

// codeBuildApplied adds what depends on the component's name and on the login.
func codeBuildApplied(facts *flavor.Facts, s flavor.Subject) {
	project := plannedProject(s)
	facts.Configuration["code_build_project"] = project

	named := s
	named.Name = project // roles and policies are named by the project

	given := s.Values.Text("role_arn", "")

	runs, name := given, any("")
	switch {
	case zenml.IsUnknown(given):
		name = given
	case given == "":
		runs, name = amazon.PlannedRole(named, codeBuildPurpose), amazon.PlannedRoleName(named, codeBuildPurpose)
	}

	facts.Outputs = map[string]any{
		outputProject:             project,
		outputProjectARN:          amazon.ARN(s, "codebuild", false, amazon.Texts(func(texts ...string) any { return "project/" + texts[0] }, project)),
		outputLogGroup:            plannedGroup(s.Values["log_retention_days"], project),
		amazon.OutputRole:         runs,
		amazon.OutputRoleName:     name,
		amazon.OutputClientPolicy: amazon.PlannedClient(named, codeBuildPurpose),
		amazon.OutputRegion:       amazon.Region(s),
		amazon.OutputAccount:      amazon.Account(s),
	}
}

func plannedProject(s flavor.Subject) any {
	if project := s.Values.Text("project", ""); project != "" {
		return project
	}

	return flavor.Map(s.Name, func(name string) any { return projectOf("", name) })
}

// projectOf is the name of a component's project.
func projectOf(project, component string) string {
	if project != "" {
		return project
	}

	return naming.Derived(naming.ForCodeBuild, component)
}
