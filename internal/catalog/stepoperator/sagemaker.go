package stepoperator

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

const (
	sageMakerPurpose    = "sagemaker-step-operator"
	sageMakerExperiment = "Name of the SageMaker experiment that jobs are listed in. Defaults to `\"\"`, none."
)

// SageMaker runs steps as training jobs of SageMaker.
var SageMaker = amazon.ExecutionChecked(flavor.Define[sageMakerConfig](flavor.Meta{
	Name:  "sagemaker",
	ZenML: "sagemaker",
	Summary: "Runs steps as training jobs of SageMaker: a role for them that reaches the stack's bucket and repositories and nothing else, and a policy for who " +
		"starts them.",
	Runs:      flavor.InAWS,
	Cloud:     amazon.Cloud,
	Named:     true,
	Fields:    map[string]string{"experiment_name": sageMakerExperiment},
	Attribute: map[string]string{"role": "execution_role_arn", "bucket": "artifact_store"},
	View: func(v flavor.Values) flavor.Facts {
		facts := flavor.Facts{Configuration: map[string]any{}}
		amazon.Given(&facts, v, "experiment_name")
		flavor.AddSettings(facts.Configuration, v)

		return facts
	},
	// Without a bucket the SDK of SageMaker makes one of its own.
	Applied: func(facts *flavor.Facts, s flavor.Subject) {
		facts.Configuration["role"] = amazon.PlannedExecution(s, sageMakerPurpose)
		facts.Configuration["bucket"] = amazon.Referred(s.Values, "artifact_store", "bucket")
		facts.Outputs = amazon.PlannedOutputs(s, sageMakerPurpose)
	},
}, amazon.Attributes(amazon.ExecutionAttributes("steps", "start, watch and stop training jobs, read and write the bucket and push images"), map[string]schema.Attribute{
	"experiment_name": amazon.Text(sageMakerExperiment),
}), sageMakerDriver))

type sageMakerConfig struct {
	amazon.Execution

	Experiment string        `tfsdk:"experiment_name"`
	Settings   types.Dynamic `tfsdk:"settings"`
}

var sageMakerDriver = amazon.ExecutionDriver("sagemaker", func(c *sageMakerConfig) *amazon.Execution { return &c.Execution },
	sageMakerConfig{Execution: amazon.DefaultExecution()},
	func(ctx context.Context, site amazon.Site, name string, cfg sageMakerConfig) ([]part.Part, error) {
		e, err := cfg.Execute(ctx, site, name, sageMakerPurpose)
		if err != nil {
			return nil, err
		}

		return e.List("step operator "+name, e.JobRuntime(), e.ClientDocument(policy.SageMakerStepOperatorClient(e.Place, e.Runs()))).Parts(), nil
	},
	func(ctx context.Context, site amazon.Site, name string, cfg sageMakerConfig) (map[string]string, error) {
		e, err := cfg.Execute(ctx, site, name, sageMakerPurpose)

		return e.Outputs(), err
	},
)
