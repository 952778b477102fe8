// Package deployer has the flavors of deployers.
package deployer

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type deployer.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:      "deployer",
		ZenML:     true,
		Clustered: true,
		Purpose: "A deployer turns a whole pipeline into a web service that runs it on request: pre-processing, model and " +
			"post-processing, or the calls of an agent. Where only a model is to be served, a model deployer is enough.",
		Flavors: []flavor.Flavor{Local, Docker, Kubernetes, AppRunner, HuggingFace},
	}
}
