package compose

import (
	"slices"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// offers is what the mlstacks tool can deploy, as its documentation has it: kind, then what it has on aws, gcp and k3d.
var offers = []struct {
	kind          string
	aws, gcp, k3d []string
}{
	{"artifact_store", []string{"s3"}, []string{"gcs"}, []string{"minio"}},
	{"container_registry", []string{"ecr"}, []string{"artifact_registry"}, []string{"k3d"}},
	{"experiment_tracker", trackers, trackers, trackers},
	{
		"orchestrator",
		[]string{"kubeflow", "kubernetes", "sagemaker", "skypilot_aws", "skypilot_kubernetes", "tekton"},
		[]string{"kubeflow", "kubernetes", "skypilot_gcp", "skypilot_kubernetes", "tekton", "vertex"},
		[]string{"kubeflow", "kubernetes", "tekton"},
	},
	{"mlops_platform", []string{"zenml"}, []string{"zenml"}, []string{"zenml"}},
	{"model_deployer", []string{"seldon"}, []string{"seldon"}, []string{"seldon"}},
	{"step_operator", []string{"sagemaker"}, []string{"vertex"}, nil},
}

var trackers = []string{"mlflow", "mlflow_local", "mlflow_server"}

// elsewhere are flavors that the tool offers under one name for several providers: those of the wrong one.
var elsewhere = map[string][]string{
	"aws": {"skypilot_azure", "skypilot_gcp", "skypilot_lambda"},
	"gcp": {"skypilot_aws", "skypilot_azure", "skypilot_lambda"},
}

// everyFlavor lists flavors of a kind under our names: ZenML's, those of the table, and one that nobody has.
func everyFlavor(kind string) []string {
	all := []string{"custom/lakefs", "zenml", "zenml_server", "minio", "k3d", "mlflow_local", "mlflow_server"}
	for _, name := range zenml.FlavorNames(kind) {
		all = append(all, ourFlavor(kind, name))
	}

	slices.Sort(all)

	return slices.Compact(all)
}

func TestTarget_HoldsInEveryCellOfTheTable(t *testing.T) {
	t.Parallel()

	kinds := append(zenml.Types(), "mlops_platform", "metadata_store", "monitoring", "secrets_manager", "code_repository", "cluster")
	judged := 0

	for _, target := range []string{"aws", "gcp", "k3d"} {
		for _, kind := range kinds {
			for _, flavor := range everyFlavor(kind) {
				want := cell(target, kind, flavor)
				s := Stack{Target: target, Components: []Component{{Slot: kind, Kind: kind, Flavor: flavor}}}
				got := ids(Checker{}.checkTarget(s))
				judged++

				if !slices.Equal(got, want) {
					t.Errorf("%s %s on %s: want %v, got %v", kind, flavor, target, want, got)
				}
			}
		}
	}

	t.Logf("judged %d cells", judged)
}

func cell(target, kind, flavor string) []string {
	at := slices.IndexFunc(offers, func(row struct {
		kind          string
		aws, gcp, k3d []string
	},
	) bool {
		return row.kind == kind
	})
	if at < 0 {
		return []string{idOfferedKind}
	}

	flavors := map[string][]string{"aws": offers[at].aws, "gcp": offers[at].gcp, "k3d": offers[at].k3d}[target]

	switch {
	case flavors == nil:
		return []string{idOfferedKind}
	case slices.Contains(flavors, flavor):
		return nil
	case kind == kindOrchestrator && slices.Contains(elsewhere[target], flavor):
		return []string{idOneProvider}
	default:
		return []string{idOfferedFlavor}
	}
}

func TestTarget_TellsTheProviderByFlavorOrAddress(t *testing.T) {
	t.Parallel()

	for _, c := range []struct {
		component Component
		want      string
	}{
		{Adapt("artifact_store", "s3", conf{"path": "s3://b"}, nil), "aws"},
		{Adapt("artifact_store", "s3", conf{"path": "s3://b", "client_kwargs": `{"endpoint_url": "http://minio:9000"}`}, nil), ""},
		{Adapt("artifact_store", "s3", conf{"path": "s3://b", "client_kwargs": conf{"endpoint_url": zenml.Unknown{}}}, nil), ""},
		{Adapt("artifact_store", "gcp", conf{"path": "gs://b"}, nil), "gcp"},
		{Adapt("artifact_store", "azure", conf{"path": "az://b"}, nil), "azure"},
		{Adapt("artifact_store", "local", nil, nil), ""},
		{Adapt("orchestrator", "vm_lambda", nil, nil), "lambda"},
		{Adapt("orchestrator", "kubernetes", nil, nil), ""},
		{Component{Kind: kindRegistry, Flavor: "k3d", URI: "k3d-dev.localhost:5050"}, "k3d"},
		{Component{Kind: "secrets_manager", Flavor: "aws"}, "aws"},
		{Adapt("container_registry", "default", conf{"uri": "123456789012.dkr.ecr.eu-west-1.amazonaws.com"}, nil), "aws"},
		{Adapt("container_registry", "default", conf{"uri": "europe-west1-docker.pkg.dev/p/r"}, nil), "gcp"},
		{Adapt("container_registry", "default", conf{"uri": "acme.azurecr.io"}, nil), "azure"},
		{Adapt("container_registry", "default", conf{"uri": "notamazonaws.com"}, nil), ""},
		{Adapt("container_registry", "default", conf{"uri": zenml.Unknown{}}, nil), ""},
		{Adapt("experiment_tracker", "mlflow", conf{"tracking_uri": "https://mlflow-1.a.run.app:443/x"}, nil), "gcp"},
	} {
		if got := providerOf(&c.component); got != c.want {
			t.Errorf("%s at %v: want %q, got %q", c.component.label(), c.component.URI, c.want, got)
		}
	}
}

func TestTarget_LooksBehindAWaivedRule(t *testing.T) {
	t.Parallel()

	s := stackOf(cloud.with(gcs))
	s.Target = "aws"

	if got := ids(Checker{}.checkTarget(s)); !slices.Equal(got, []string{idOfferedFlavor}) {
		t.Errorf("one word for one component, got %v", got)
	}

	if got := ids(Checker{Waive: []string{idOfferedFlavor}}.checkTarget(s)); !slices.Equal(got, []string{idOfferedFlavor, idOneProvider}) {
		t.Errorf("the provider must not hide behind a waived rule, got %v", got)
	}
}
