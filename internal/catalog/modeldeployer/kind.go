// Package modeldeployer has the flavors of model deployers.
package modeldeployer

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type model_deployer.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:      "model_deployer",
		ZenML:     true,
		Clustered: true,
		Purpose: "A model deployer turns a trained model into an endpoint that answers predictions, and keeps account of which " +
			"model of which run is being served. Pipelines use it to put a new model into service once it has proved itself.",
		Flavors: []flavor.Flavor{Kubernetes, MLflowServer, MLflowLocal, BentoML, VLLM, HuggingFace, Databricks},
	}
}
