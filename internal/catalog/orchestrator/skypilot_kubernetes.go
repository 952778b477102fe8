package orchestrator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// SkyPilotKubernetes runs pipelines in pods that SkyPilot starts and stops.
var SkyPilotKubernetes = flavor.External(flavor.Meta{
	Name:    "skypilot_kubernetes",
	ZenML:   "vm_kubernetes",
	Summary: "Runs pipelines in pods that SkyPilot starts and stops in a Kubernetes cluster that exists already.",
	Runs:    flavor.Elsewhere,
	Fields: skypilotFields(map[string]string{
		"region": "Context of the cluster, as the kubeconfig names it.",
	}),
}, nil)
