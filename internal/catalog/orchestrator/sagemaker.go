package orchestrator

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

const (
	sageMakerPurpose   = "sagemaker-orchestrator"
	sageMakerScheduler = "sagemaker-scheduler"

	outputScheduler = "scheduler_role_arn"
)

// The texts of attributes that ZenML knows and that are left out of its configuration when they are empty.
const (
	sageMakerInstance = "Type of instance that steps run on, such as `ml.m5.xlarge`. Defaults to `\"\"`, ZenML's choice."
	sageMakerProfile  = "Profile of the AWS configuration on the machine that starts a pipeline. Defaults to `\"\"`, none."
	sageMakerLogin    = "ARN of a role that clients take on to start pipelines. Defaults to `\"\"`, none."
)

// SageMaker runs pipelines as SageMaker Pipelines.
var SageMaker = amazon.ExecutionChecked(flavor.Define[sageMakerConfig](flavor.Meta{
	Name:  "sagemaker",
	ZenML: "sagemaker",
	Summary: "Runs pipelines as SageMaker Pipelines: a role for them that reaches the stack's bucket and repositories and nothing else, a policy for who starts " +
		"them, and a role for schedules if wanted.",
	Runs:  flavor.InAWS,
	Cloud: amazon.Cloud,
	Named: true,
	Fields: map[string]string{
		"synchronous":                  "Whether who starts a pipeline waits until it has ended.",
		"instance_type":                sageMakerInstance,
		"volume_size_in_gb":            "Size in GB of the volume of a step.",
		"max_runtime_in_seconds":       "Seconds after which a step is stopped.",
		"keep_alive_period_in_seconds": "Seconds for which the instance of a training step is kept for the next one; it is paid for.",
		"aws_access_key_id":            "Access key of clients that have no login of their own; it comes with `aws_secret_access_key`.",
		"aws_secret_access_key":        "Secret key of clients that have no login of their own.",
		"aws_profile":                  sageMakerProfile,
		"aws_auth_role_arn":            sageMakerLogin,
	},
	Attribute: map[string]string{
		"execution_role": "execution_role_arn", "scheduler_role": "schedules", "bucket": "artifact_store", "region": "region",
	},
	View:    sageMakerView,
	Applied: sageMakerApplied,
}, amazon.Attributes(amazon.ExecutionAttributes("pipelines", "start, watch and stop pipelines, read and write the bucket and push images"), map[string]schema.Attribute{
	"schedules": amazon.Switch(false, "Whether pipelines can have schedules: a role is made with which EventBridge Scheduler starts them, and clients may look after "+
		"schedules."),
	"instance_type":     amazon.Text(sageMakerInstance),
	"aws_profile":       amazon.Text(sageMakerProfile),
	"aws_auth_role_arn": amazon.Text(sageMakerLogin),
}), sageMakerDriver), amazon.Rule{Attribute: "aws_auth_role_arn", Judge: naming.RoleARN})

type sageMakerConfig struct {
	amazon.Execution

	Schedules    bool   `tfsdk:"schedules"`
	Synchronous  bool   `tfsdk:"synchronous"`
	InstanceType string `tfsdk:"instance_type"`
	VolumeSize   int64  `tfsdk:"volume_size_in_gb"`
	MaxRuntime   int64  `tfsdk:"max_runtime_in_seconds"`
	KeepAlive    int64  `tfsdk:"keep_alive_period_in_seconds"`
	Profile      string `tfsdk:"aws_profile"`
	AuthRole     string `tfsdk:"aws_auth_role_arn"`

	Settings types.Dynamic `tfsdk:"settings"`
	sageMakerSecrets
}

// sageMakerSecrets are the credentials for clients, which are ZenML's to keep: nothing here reads them.
type sageMakerSecrets struct {
	Key           *string `tfsdk:"aws_access_key_id_wo"`
	KeyVersion    *int64  `tfsdk:"aws_access_key_id_wo_version"`
	KeySecret     *string `tfsdk:"aws_access_key_id_secret"`
	Secret        *string `tfsdk:"aws_secret_access_key_wo"`
	SecretVersion *int64  `tfsdk:"aws_secret_access_key_wo_version"`
	SecretSecret  *string `tfsdk:"aws_secret_access_key_secret"`
}

func sageMakerView(v flavor.Values) flavor.Facts {
	facts := flavor.Facts{Configuration: map[string]any{}}

	for _, name := range []string{"synchronous", "volume_size_in_gb", "max_runtime_in_seconds", "keep_alive_period_in_seconds"} {
		if v[name] != nil {
			facts.Configuration[name] = v[name]
		}
	}

	amazon.Given(&facts, v, "instance_type", "aws_profile", "aws_auth_role_arn")
	flavor.AddSettings(facts.Configuration, v)

	return facts
}

// sageMakerApplied adds the roles and the places. Without a bucket the SDK of SageMaker makes one of its own.
func sageMakerApplied(facts *flavor.Facts, s flavor.Subject) {
	scheduler := amazon.If(s.Values["schedules"], func() any { return amazon.PlannedRole(s, sageMakerScheduler) })

	facts.Configuration["execution_role"] = amazon.PlannedExecution(s, sageMakerPurpose)
	facts.Configuration["region"] = amazon.Region(s)
	facts.Configuration["bucket"] = amazon.Referred(s.Values, "artifact_store", "bucket")

	if on, known := s.Values["schedules"].(bool); known && on {
		facts.Configuration["scheduler_role"] = scheduler
	} else {
		amazon.Put(facts, "scheduler_role", scheduler)
	}

	facts.Outputs = amazon.PlannedOutputs(s, sageMakerPurpose)
	facts.Outputs[outputScheduler] = scheduler
}

var sageMakerDriver = amazon.ExecutionDriver("sagemaker", func(c *sageMakerConfig) *amazon.Execution { return &c.Execution },
	sageMakerConfig{Execution: amazon.DefaultExecution(), Synchronous: true, VolumeSize: 30, MaxRuntime: 86400, KeepAlive: 300},
	sageMakerParts, sageMakerOutputs)

func sageMakerParts(ctx context.Context, site amazon.Site, name string, cfg sageMakerConfig) ([]part.Part, error) {
	e, err := cfg.Execute(ctx, site, name, sageMakerPurpose)
	if err != nil {
		return nil, err
	}

	service := []policy.Document{policy.SageMakerOrchestratorClient(e.Place, e.Runs())}
	if cfg.Schedules {
		service = append(service, policy.SageMakerSchedulerClient(e.Place, e.RoleARN(sageMakerScheduler)))
	}

	schedules := e.Role(sageMakerScheduler, fmt.Sprintf("Starts the scheduled pipelines of the orchestrator %s.", name),
		policy.Trust("scheduler.amazonaws.com", e.Place.Account), map[string]policy.Document{"start": policy.SageMakerScheduler(e.Place)})

	return e.List("orchestrator "+name, e.Runtime(), e.ClientDocument(service...)).Add(cfg.Schedules, outputScheduler, schedules).Parts(), nil
}

func sageMakerOutputs(ctx context.Context, site amazon.Site, name string, cfg sageMakerConfig) (map[string]string, error) {
	e, err := cfg.Execute(ctx, site, name, sageMakerPurpose)
	if err != nil {
		return nil, err
	}

	outputs := e.Outputs()
	outputs[outputScheduler] = ""

	if cfg.Schedules {
		outputs[outputScheduler] = e.RoleARN(sageMakerScheduler)
	}

	return outputs, nil
}
