package modeldeployer

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// BentoML serves bentos from this machine.
var BentoML = flavor.External(flavor.Meta{
	Name:    "bentoml",
	ZenML:   "bentoml",
	Summary: "Serves bentos from this machine, as processes or containers.",
	Runs:    flavor.ThisMachine,
	Fields:  map[string]string{}, // all of them through settings
}, nil)
