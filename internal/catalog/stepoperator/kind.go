// Package stepoperator has the flavors of step operators.
package stepoperator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type step_operator.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:      "step_operator",
		ZenML:     true,
		Many:      true,
		Clustered: true,
		Purpose: "A step operator runs single steps somewhere better suited than the orchestrator, such as training on GPUs. Only " +
			"steps that ask for it go there; a stack may hold several.",
		Flavors: []flavor.Flavor{Kubernetes, SageMaker, AzureML, Databricks, Modal, RunAI, Baseten, SSH},
	}
}
