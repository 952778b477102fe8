package modeldeployer

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// VLLM serves large language models from this machine.
var VLLM = flavor.External(flavor.Meta{
	Name:    "vllm",
	ZenML:   "vllm",
	Summary: "Serves large language models from this machine with vLLM, behind the interface of OpenAI.",
	Runs:    flavor.ThisMachine,
	Fields:  map[string]string{}, // all of them through settings
}, nil)
