package monitoring

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/watch"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// CloudWatch watches what a stack runs in SageMaker and CodeBuild.
var CloudWatch = flavor.Define[cloudWatchConfig](flavor.Meta{
	Name: "cloudwatch",
	Summary: "Amazon CloudWatch: a log group that forgets in time, a dashboard of the stack's SageMaker jobs and pipelines and its builds in CodeBuild, and alarms " +
		"when one of them fails.",
	Runs:    flavor.InAWS,
	Cloud:   amazon.Cloud,
	Named:   true,
	View:    func(flavor.Values) flavor.Facts { return flavor.Facts{} },
	Applied: cloudWatchApplied,
}, amazon.Attributes(amazon.Located(), map[string]schema.Attribute{
	"log_group": amazon.Text("Name of the log group. Changing it replaces the component. Defaults to `\"\"`: `/mlstacks/` and the component's name."),
	"retention_days": retention(30, "Days for which the log group keeps events, one of those that CloudWatch offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, "+
		"365, 400, 545, 731 and more up to 3653; 0: for ever."),
	"kms_key":   amazon.Text("ARN of the KMS key that encrypts events. Defaults to `\"\"`, a key of CloudWatch's own."),
	"dashboard": amazon.Switch(true, "Whether there is a dashboard."),
	"alarm_on_failed_jobs": amazon.Switch(true, "Whether there is an alarm for failed runs of each of the pipelines, and one for failed builds of each of the "+
		"projects."),
	"alarm_actions": list("ARNs of what alarms tell: SNS topics, best. Defaults to `[]`: alarms only show."),
	"orchestrator": watched("An `mlstacks_orchestrator` of the flavor `sagemaker`. ZenML gives each run a pipeline of its own, so that all pipelines of the account in "+
		"the region are watched.", "region"),
	"image_builder": watched("An `mlstacks_image_builder` of the flavor `codebuild`, whose builds are watched.", "project and region"),
	"pipelines":     list("Names of SageMaker pipelines to watch one by one. Defaults to `[]`, none."),
	"projects":      list("Names of further CodeBuild projects to watch. Defaults to `[]`, none."),
	"job_names": list("Words in the names of training and processing jobs that the dashboard shows, such as what the names of pipelines begin with. Defaults to " +
		"`[]`: all jobs of the account in the region."),
	"force_destroy": amazon.Switch(false, "Whether destroying the component deletes the events in the log group."),
}), cloudWatchDriver).
	Checked(amazon.Judged(amazon.Rule{Attribute: "log_group", Judge: naming.LogGroup}, amazon.Rule{Attribute: "kms_key", Judge: naming.KMSKey})).
	CheckedWhole(checkCloudWatch).Replaced(cloudWatchReplaced)

func retention(standard int64, about string) schema.Int64Attribute {
	attribute := amazon.Number(standard, about)
	attribute.Validators = []validator.Int64{int64validator.OneOf(append([]int64{0}, watch.Retentions...)...)}

	return attribute
}

func list(about string) schema.ListAttribute {
	return schema.ListAttribute{
		Optional: true, Computed: true, ElementType: types.StringType, MarkdownDescription: about,
		Default:    listdefault.StaticValue(types.ListValueMust(types.StringType, nil)),
		Validators: []validator.List{listvalidator.UniqueValues()},
	}
}

// watched refers to a component that is given whole.
func watched(about, outputs string) schema.SingleNestedAttribute {
	attribute := amazon.Omissible(amazon.StoreAttribute(about))
	attribute.Attributes["outputs"] = schema.MapAttribute{
		Required: true, ElementType: types.StringType, MarkdownDescription: "Outputs of the component: " + outputs + ".",
	}

	return attribute
}

type cloudWatchConfig struct {
	Region       string            `tfsdk:"region"`
	LogGroup     *string           `tfsdk:"log_group"`
	Retention    int64             `tfsdk:"retention_days"`
	KMSKey       string            `tfsdk:"kms_key"`
	Dashboard    bool              `tfsdk:"dashboard"`
	Alarms       bool              `tfsdk:"alarm_on_failed_jobs"`
	Actions      []string          `tfsdk:"alarm_actions"`
	Orchestrator *amazon.Reference `tfsdk:"orchestrator"`
	Builder      *amazon.Reference `tfsdk:"image_builder"`
	Pipelines    []string          `tfsdk:"pipelines"`
	Projects     []string          `tfsdk:"projects"`
	JobNames     []string          `tfsdk:"job_names"`
	ForceDestroy bool              `tfsdk:"force_destroy"`
}

// checkCloudWatch judges components that are referred to, and ARNs.
func checkCloudWatch(s flavor.Subject) []flavor.Problem {
	problems := slices.Concat(checkWatched(s, "orchestrator", "sagemaker"), checkWatched(s, "image_builder", "codebuild"))

	actions, _ := s.Values["alarm_actions"].([]any)
	for _, action := range actions {
		if arn, ok := action.(string); ok && !strings.HasPrefix(arn, "arn:") {
			problems = append(problems, amazon.Refused("alarm_actions", fmt.Sprintf("%q is no ARN: it looks like arn:aws:sns:eu-west-1:123456789012:NAME.", arn)))
		}
	}

	return problems
}

// checkWatched refuses a component that CloudWatch sees nothing of, or has metrics of elsewhere. What is not known yet is not
// refused.
func checkWatched(s flavor.Subject, attribute, wanted string) []flavor.Problem {
	reference, ok := s.Values[attribute].(map[string]any)
	if !ok {
		return nil
	}

	name, _ := reference["name"].(string)
	refuse := func(summary, fact, fix string) []flavor.Problem {
		return []flavor.Problem{{Path: []string{attribute}, Summary: summary, Detail: attribute + ": " + fact + "\n\n" + fix}}
	}

	if kind, known := reference["type"].(string); known && kind != attribute {
		return refuse("Component of another type", fmt.Sprintf("%q is of the type %s, and one of the type %s is wanted.", name, kind, attribute),
			"Give an mlstacks_"+attribute+" of the flavor "+wanted+".")
	}

	if is, known := reference["flavor"].(string); known && is != wanted {
		return refuse("Component that cannot be watched", fmt.Sprintf("%s %q is of the flavor %s: CloudWatch has metrics of the flavor %s.", attribute, name, is, wanted),
			"Give one of that flavor, or leave "+attribute+" out.")
	}

	there, known := amazon.Referred(s.Values, attribute, "region").(string)
	here, both := amazon.Region(s).(string)

	if known && both && there != "" && there != here {
		return refuse("Component in another region", fmt.Sprintf("%s %q is in %s, and this component is in %s: metrics and alarms are of one region.",
			attribute, name, there, here), "Set region = \""+there+"\".")
	}

	return nil
}

// cloudWatchReplaced says what of a change makes another log group.
func cloudWatchReplaced(before, after flavor.Values) []flavor.Problem {
	was, is := before["log_group"], after["log_group"]
	if _, known := is.(string); !known || was == is {
		return nil
	}

	return []flavor.Problem{{
		Path: []string{"log_group"}, Summary: "Log group is made anew",
		Detail: "log_group: CloudWatch does not rename log groups. The events in the old one are not copied, and are deleted only with force_destroy = true.",
	}}
}
