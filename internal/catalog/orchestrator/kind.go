// Package orchestrator has the flavors of orchestrators.
package orchestrator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type orchestrator.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:      "orchestrator",
		ZenML:     true,
		Required:  true,
		Pipelines: true,
		Clustered: true,
		Purpose: "An orchestrator runs pipelines: it brings the steps into order, starts each where it belongs and follows it to " +
			"its end. Every stack needs one, and what it can reach decides which other components fit beside it.",
		Flavors: []flavor.Flavor{
			Local, LocalDocker, Kubernetes, Airflow, AzureML, Databricks, SkyPilotAzure, SkyPilotGCP, SkyPilotLambda,
			SkyPilotKubernetes, SkyPilotAWS, SageMaker, HyperAI, Lightning, Modal, SSH, DVC,
		},
	}
}
