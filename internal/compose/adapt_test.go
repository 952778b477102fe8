package compose

import (
	"slices"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

func TestAdapt_TellsWhatAComponentIsAndProvides(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind, flavor string
		config       conf
		ours         string
		uri          any
		provides     []string
	}{
		{"artifact_store", "s3", conf{"path": "'s3://b'"}, "s3", "s3://b", []string{AbilityS3}},
		{"artifact_store", "b2", conf{"path": "s3://b"}, "b2", "s3://b", []string{AbilityS3}},
		{"artifact_store", "gcp", conf{"path": "gs://b"}, "gcs", "gs://b", []string{AbilityGCS}},
		{"artifact_store", "azure", conf{"path": "az://b"}, "azure_blob", "az://b", []string{AbilityAzureBlob}},
		{"artifact_store", "local", nil, "local", nil, nil},
		{"container_registry", "default", conf{"uri": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/"}, "generic", "123456789012.dkr.ecr.eu-west-1.amazonaws.com", []string{AbilityECR}},
		{"container_registry", "default", conf{"uri": zenml.Unknown{}}, "generic", zenml.Unknown{}, nil},
		{"container_registry", "gcp", conf{"uri": "europe-west1-docker.pkg.dev/p/r"}, "artifact_registry", "europe-west1-docker.pkg.dev/p/r", []string{AbilityArtifacts}},
		{"experiment_tracker", "mlflow", conf{"tracking_uri": "{{m.uri}}"}, "mlflow", zenml.Unknown{}, nil},
		{"orchestrator", "vm_aws", nil, "skypilot_aws", nil, nil},
	} {
		got := Adapt(c.kind, c.flavor, c.config, nil)
		if got.Flavor != c.ours || got.URI != c.uri || !slices.Equal(got.Provides, c.provides) {
			t.Errorf("%s/%s: got flavor %q, uri %v, provides %v", c.kind, c.flavor, got.Flavor, got.URI, got.Provides)
		}
	}
}

func TestAdapt_LocatesByConfiguration(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		component Component
		fact      string
		want      any
	}{
		{Adapt("artifact_store", "s3", conf{"path": "s3://b", "client_kwargs": `{"region_name": "eu-west-1"}`}, nil), FactRegion, "eu-west-1"},
		{Adapt("artifact_store", "s3", conf{"path": "s3://b", "client_kwargs": conf{"region_name": "eu-west-1", "endpoint_url": "http://minio"}}, nil), FactRegion, nil},
		{Adapt("artifact_store", "s3", conf{"path": "s3://b", "client_kwargs": zenml.Unknown{}}, nil), FactRegion, zenml.Unknown{}},
		{Adapt("container_registry", "aws", conf{"uri": "123456789012.dkr.ecr.eu-west-1.amazonaws.com"}, nil), FactRegion, "eu-west-1"},
		{Adapt("container_registry", "aws", conf{"uri": "123456789012.dkr.ecr.eu-west-1.amazonaws.com"}, nil), FactAccount, "123456789012"},
		{Adapt("container_registry", "aws", conf{"uri": zenml.Unknown{}}, nil), FactAccount, zenml.Unknown{}},
		{Adapt("orchestrator", "sagemaker", conf{"execution_role": "arn:aws-cn:iam::123456789012:role/a/b"}, nil), FactAccount, "123456789012"},
		{Adapt("orchestrator", "sagemaker", conf{"execution_role": "b"}, nil), FactAccount, nil},
		{Adapt("step_operator", "sagemaker", conf{"role": zenml.Unknown{}}, nil), FactAccount, zenml.Unknown{}},
		{Adapt("container_registry", "gcp", conf{"uri": "europe-west1-docker.pkg.dev/p/r"}, nil), FactProject, "p"},
		{Adapt("orchestrator", "vertex", conf{"location": "europe-west1", "project": "p"}, nil), FactRegion, "europe-west1"},
		{Adapt("orchestrator", "sagemaker", conf{"execution_role": "r", "region": zenml.Unknown{}}, nil), FactRegion, zenml.Unknown{}},
	} {
		if got := c.component.Facts[c.fact]; got != c.want {
			t.Errorf("%s: want %v, got %v", c.component.label(), c.want, got)
		}
	}
}

func TestHostOf_FindsTheHost(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]string{
		"http://LOCALHOST:5000/x": "localhost", "postgresql://u:p@db:5432/x": "db", "localhost": "localhost", "http://[::1]:80": "::1", "sqlite:///x.db": "", "": "",
	} {
		if got := hostOf(uri); got != want {
			t.Errorf("%q: want %q, got %q", uri, want, got)
		}
	}
}
