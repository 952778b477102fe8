package spec

import (
	"slices"
	"sync"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
)

const (
	aws   = "aws"
	azure = "azure"
	gcp   = "gcp"
	k3d   = "k3d"
)

const (
	kindStore        = "artifact_store"
	kindRegistry     = "container_registry"
	kindTracker      = "experiment_tracker"
	kindOrchestrator = "orchestrator"
	kindPlatform     = "mlops_platform"
	kindModels       = "model_deployer"
	kindStep         = "step_operator"
)

// row says what a flavor of the tool is here.
type row struct {
	kind, tool string
	// at is the provider that the row is for; empty for all.
	at string
	// ours and zenml are its names here and in ZenML; zenml is empty where ZenML has none.
	ours, zenml string
	// native says that this provider has the flavor.
	native bool
	// idle says that the tool took it and did nothing.
	idle bool
	// clustered says that it needs a cluster here, as it did there.
	clustered bool
	// write adds the component to a configuration.
	write func(*writer, *Component)
}

func rows() []row {
	return []row{
		{kind: kindStore, tool: "s3", ours: "s3", zenml: "s3", native: true, write: (*writer).s3},
		{kind: kindStore, tool: "gcp", ours: "gcs", zenml: "gcp", write: (*writer).gcs},
		{kind: kindStore, tool: "minio", ours: "minio", zenml: "s3", native: true, clustered: true, write: (*writer).minio},

		{kind: kindRegistry, tool: "aws", ours: "ecr", zenml: "aws", native: true, write: (*writer).ecr},
		{kind: kindRegistry, tool: "gcp", ours: "artifact_registry", zenml: "gcp", write: (*writer).artifactRegistry},
		{kind: kindRegistry, tool: "default", ours: "k3d", zenml: "default", native: true, clustered: true, write: (*writer).k3dRegistry},

		{kind: kindTracker, tool: "mlflow", ours: "mlflow", zenml: "mlflow", native: true, clustered: true, write: (*writer).mlflow},

		{kind: kindOrchestrator, tool: "kubeflow", ours: "kubeflow", zenml: "kubeflow", clustered: true, write: (*writer).pipelines},
		{kind: kindOrchestrator, tool: "kubernetes", ours: "kubernetes", zenml: "kubernetes", native: true, clustered: true, write: (*writer).kubernetes},
		{kind: kindOrchestrator, tool: "sagemaker", at: k3d, ours: "sagemaker", zenml: "sagemaker", native: true, idle: true, write: (*writer).idle},
		{kind: kindOrchestrator, tool: "sagemaker", ours: "sagemaker", zenml: "sagemaker", native: true, write: (*writer).sageMaker},
		{kind: kindOrchestrator, tool: "skypilot", at: aws, ours: "skypilot_aws", zenml: "vm_aws", native: true, write: (*writer).skypilotAWS},
		{kind: kindOrchestrator, tool: "skypilot", at: gcp, ours: "skypilot_gcp", zenml: "vm_gcp", native: true, write: (*writer).skypilotGCP},
		{kind: kindOrchestrator, tool: "tekton", ours: "tekton", zenml: "tekton", clustered: true, write: (*writer).pipelines},
		{kind: kindOrchestrator, tool: "vertex", ours: "vertex", zenml: "vertex", write: (*writer).vertex},

		{kind: kindPlatform, tool: "zenml", ours: "zenml", native: true, clustered: true, write: (*writer).platform},

		{kind: kindModels, tool: "seldon", ours: "seldon", zenml: "seldon", write: (*writer).seldon},

		{kind: kindStep, tool: "sagemaker", ours: "sagemaker", zenml: "sagemaker", native: true, write: (*writer).sageMaker},
		{kind: kindStep, tool: "vertex", ours: "vertex", zenml: "vertex", write: (*writer).vertex},
	}
}

// table is what the tool offers, by provider and component type, in its own names.
var table = sync.OnceValue(func() map[string]map[string][]string {
	offers := map[string]map[string][]string{}

	for _, provider := range append(compose.Targets(), azure) {
		offers[provider] = map[string][]string{}

		for _, row := range rows() {
			kinds := offers[provider]
			if offersRow(provider, row) && !slices.Contains(kinds[row.kind], row.tool) {
				kinds[row.kind] = append(kinds[row.kind], row.tool)
			}
		}
	}

	return offers
})

// offersRow asks composition, which has the tool's table. The tool took more than it offered: rows for one provider that
// did nothing there.
func offersRow(provider string, r row) bool {
	if r.at != "" && r.at != provider {
		return false
	}

	if r.idle {
		return true
	}

	asked := compose.Stack{Target: provider, Components: []compose.Component{{Slot: r.kind, Kind: r.kind, Name: "asked", Flavor: r.ours, ZenML: r.zenml}}}
	problems := compose.Checker{SkipConfig: true}.Check(asked)

	return !slices.ContainsFunc(problems, func(p compose.Problem) bool { return p.Kind == compose.KindTarget })
}

func providers() []string { return compose.Targets() }

// kindsOf are the component types that the tool offers at a provider.
func kindsOf(provider string) []string {
	var kinds []string

	for _, kind := range allKinds() {
		if len(table()[provider][kind]) > 0 {
			kinds = append(kinds, kind)
		}
	}

	return kinds
}

func allKinds() []string {
	return []string{kindStore, kindRegistry, kindTracker, kindOrchestrator, kindPlatform, kindModels, kindStep}
}

// flavorsOf are the flavors that the tool offers of a type at a provider.
func flavorsOf(provider, kind string) []string { return table()[provider][kind] }

// effective are those with which it did something.
func effective(provider, kind string) []string {
	return slices.DeleteFunc(slices.Clone(flavorsOf(provider, kind)), func(tool string) bool { return rowOf(provider, kind, tool).idle })
}

func rowOf(provider, kind, tool string) row {
	all := rows()
	at := slices.IndexFunc(all, func(r row) bool { return r.kind == kind && r.tool == tool && (r.at == "" || r.at == provider) })

	return all[at]
}

// toolName is what the tool calls a flavor that is given by its name here; empty where it has none.
func toolName(provider, kind, ours string) string {
	for _, tool := range flavorsOf(provider, kind) {
		if rowOf(provider, kind, tool).ours == ours {
			return tool
		}
	}

	return ""
}
