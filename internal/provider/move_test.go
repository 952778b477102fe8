package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/provider"
)

// The providers that states are moved from.
const (
	fromAWS   = "registry.terraform.io/hashicorp/aws"
	fromHelm  = "registry.terraform.io/hashicorp/helm"
	fromK3d   = "registry.terraform.io/pvotal-tech/k3d"
	fromZenML = "registry.terraform.io/zenml-io/zenml"
)

// source is a resource in a state of another provider.
type source struct {
	resource, provider string
	version            int64
	state              string
}

// stored is a source with a state that is kept with the tests, and texts in it replaced.
func (s source) stored(t *testing.T, file string, replace ...string) source {
	t.Helper()

	text, err := os.ReadFile(filepath.Join("testdata", "moved", file))
	must(t, err)

	s.state = strings.NewReplacer(replace...).Replace(string(text))

	return s
}

// move asks the server for the state that a resource gets of a source: nil where that is refused, and what was said.
func move(t *testing.T, target string, s source) (map[string]any, string, string) {
	t.Helper()

	server := provider.NewServer("test")

	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	must(t, err)

	answer, err := server.MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: s.provider, SourceTypeName: s.resource, SourceSchemaVersion: s.version,
		SourceState: &tfprotov6.RawState{JSON: []byte(s.state)}, TargetTypeName: target,
	})
	must(t, err)

	var said, refused strings.Builder

	for _, d := range answer.Diagnostics {
		text := d.Summary + ": " + d.Detail + "\n"
		said.WriteString(text)

		if d.Severity == tfprotov6.DiagnosticSeverityError {
			refused.WriteString(text)
		}
	}

	if refused.Len() > 0 || answer.TargetState == nil {
		return nil, said.String(), string(answer.TargetPrivate)
	}

	value, err := answer.TargetState.Unmarshal(schemas.ResourceSchemas[target].ValueType())
	must(t, err)

	state, _, err := flavor.PlainMap(value)
	must(t, err)

	if state["zenml"] != nil || value.Type().Is(tftypes.Object{}) && value.IsNull() {
		t.Errorf("the state tells more than was moved: %v", state)
	}

	return state, said.String(), string(answer.TargetPrivate)
}

// A bucket is known by its name and its region, whatever else the versions of the provider write about it.
func TestMove_TakesABucketOfEveryVersionOfItsProvider(t *testing.T) {
	t.Parallel()

	for _, s := range []source{
		source{resource: "aws_s3_bucket", provider: fromAWS}.stored(t, "aws_s3_bucket-v3.json"),
		source{resource: "aws_s3_bucket", provider: fromAWS}.stored(t, "aws_s3_bucket-v5.json", "BUCKET", "acme-artifacts", "REGION", "eu-central-1"),
		source{resource: "aws_s3_bucket", provider: fromAWS}.stored(t, "aws_s3_bucket-v6.json"),
		source{resource: "aws_s3_bucket", provider: "registry.opentofu.org/hashicorp/aws", version: 7}.stored(t, "aws_s3_bucket-v6.json"),
	} {
		state, said, private := move(t, "mlstacks_artifact_store", s)
		want(t, state, "flavor", "s3")
		want(t, state, "id", "acme-artifacts")
		want(t, state, "managed", true)
		want(t, state, "name", nil) // a bucket records none: the configuration gives it
		want(t, state["outputs"], "region", "eu-central-1")

		if said != "" || !strings.Contains(private, "imported") {
			t.Errorf("it said %q, and keeps %s", said, private)
		}
	}
}

func TestMove_TakesAClusterAndLeavesItsCredentials(t *testing.T) {
	t.Parallel()

	state, said, private := move(t, "mlstacks_cluster", source{resource: "k3d_cluster", provider: fromK3d}.stored(t, "k3d_cluster.json"))
	want(t, state, "flavor", "k3d")
	want(t, state, "id", "dev")
	want(t, state, "outputs", nil)

	if said != "" || strings.Contains(private, "HIDDEN") {
		t.Errorf("it said %q, and keeps %s", said, private)
	}
}

func TestMove_TakesAStackByItsID(t *testing.T) {
	t.Parallel()

	state, said, private := move(t, "mlstacks_stack_registration", source{resource: "zenml_stack", provider: fromZenML}.stored(t, "zenml_stack.json"))
	want(t, state, "id", "5c1b1c5e-8f2f-4a0e-9a7e-2f8f4c1a0000")
	want(t, state, "stack", nil) // what it consists of is for the configuration to say

	if said != "" || private != "" {
		t.Errorf("it said %q, and keeps %s", said, private)
	}
}

// A release of the chart that the flavor installs itself is taken over where its volume is the one that the flavor will ask
// for; the state tells no cluster, so the configuration has to.
func TestMove_TakesAReleaseThatLosesNothing(t *testing.T) {
	t.Parallel()

	for _, file := range []string{"helm_release-v2.json", "helm_release-v3.json"} {
		for change, warning := range map[string]string{
			`\"fullnameOverride\": \"metrics\"`:                                                          "",
			`\"name\": \"x\", \"statefulSet\": {\"enabled\": false}`:                                     "-",
			`\"persistentVolume\": {\"existingClaim\": \"old\"}, \"x\": 1`:                               `existingClaim = "old"`,
			`\"persistentVolume\": {\"annotations\": {\"helm.sh/resource-policy\": \"keep\"}}, \"x\": 1`: `existingClaim = "metrics-prometheus-server"`,
			`\"persistentVolume\": {\"enabled\": false}, \"x\": 1`:                                       `is called "metrics-prometheus-server" now and becomes "metrics"`,
		} {
			s := source{resource: "helm_release", provider: fromHelm, version: 1}.stored(t, file,
				`\"fullnameOverride\": \"metrics\"`, change, `, \"persistentVolume\": {\"size\": \"8Gi\"}`, "")

			state, said, _ := move(t, "mlstacks_monitoring", s)
			if warning == "-" {
				if state != nil || !strings.Contains(said, `"metrics-prometheus-x" would be removed by the upgrade`) {
					t.Errorf("%s, %s: %v, %s", file, change, state, said)
				}

				continue
			}

			want(t, state, "flavor", "prometheus")
			want(t, state, "id", "monitoring/metrics")
			want(t, state, "cluster", nil)

			if !strings.Contains(said, warning) || (warning == "") != (said == "") {
				t.Errorf("%s, %s: it said %q", file, change, said)
			}
		}
	}
}

// What cannot be taken over is refused with the reason and with what to do, and nothing is written.
func TestMove_RefusesWhatItCannotTakeOver(t *testing.T) {
	t.Parallel()

	bucket := source{resource: "aws_s3_bucket", provider: fromAWS}
	release := source{resource: "helm_release", provider: fromHelm, version: 1}
	bitnami := []string{`"chart": "prometheus"`, `"chart": "minio"`, "27.20.0", "17.0.21"}

	for name, c := range map[string]struct {
		target string
		source source
		says   []string
	}{
		"another resource": {
			"mlstacks_artifact_store",
			source{resource: "aws_instance", provider: fromAWS, state: "{}"},
			[]string{"Cannot move to artifact store", "aws_instance", "It takes over aws_s3_bucket of hashicorp/aws, helm_release of hashicorp/helm", "removed {", "import block"},
		},
		"another provider": {
			"mlstacks_artifact_store", source{resource: "aws_s3_bucket", provider: "registry.terraform.io/acme/aws"}.stored(t, "aws_s3_bucket-v6.json"),
			[]string{"cannot be moved from aws_s3_bucket of registry.terraform.io/acme/aws"},
		},
		"a kind that takes nothing": {
			"mlstacks_alerter", source{resource: "aws_s3_bucket", provider: fromAWS, state: "{}"}, []string{"It takes over no resource of another provider"},
		},
		"no name": {
			"mlstacks_artifact_store",
			source{resource: bucket.resource, provider: bucket.provider, state: `{"bucket": "", "region": "eu-central-1"}`},
			[]string{"Cannot move aws_s3_bucket to artifact store", "Its state has no bucket", "finish it with its own provider", "import block"},
		},
		"no region": {
			"mlstacks_artifact_store", source{resource: bucket.resource, provider: bucket.provider, state: `{"bucket": "acme"}`}, []string{"Its state has no region"},
		},
		"no state": {
			"mlstacks_artifact_store", source{resource: bucket.resource, provider: bucket.provider, state: `null`}, []string{"Its state has no bucket"},
		},
		"a state of another form": {
			"mlstacks_cluster", source{resource: "k3d_cluster", provider: fromK3d, state: `{"name": ["dev"]}`}, []string{"Its state has no name"},
		},
		"a stack without an id": {
			"mlstacks_stack_registration",
			source{resource: "zenml_stack", provider: fromZenML, state: `{"name": "prod"}`},
			[]string{"Cannot move zenml_stack to stack registration", "Its state has no id"},
		},
		"another resource for a stack": {
			"mlstacks_stack_registration",
			source{resource: "zenml_stack_component", provider: fromZenML, state: `{}`},
			[]string{"mlstacks_stack_registration cannot be moved from zenml_stack_component", "It takes over zenml_stack of zenml-io/zenml"},
		},
		"a release without metadata": {
			"mlstacks_monitoring",
			source{resource: release.resource, provider: fromHelm, state: `{"name": "metrics", "namespace": "monitoring"}`},
			[]string{"Its state has no chart"},
		},
		"a release of another chart": {
			"mlstacks_monitoring", release.stored(t, "helm_release-v3.json", `"chart": "prometheus"`, `"chart": "kube-prometheus-stack"`),
			[]string{"Cannot move helm_release to monitoring", "Release monitoring/metrics is made from the chart kube-prometheus-stack", "Keep the helm_release"},
		},
		"storage of another chart": {
			"mlstacks_artifact_store", release.stored(t, "helm_release-v2.json", bitnami...),
			[]string{"made from the chart minio 17.0.21", "the flavor minio has a chart of its own", "remove the volumes", "Keep the helm_release", "endpoint_url"},
		},
		"a database of another chart": {
			"mlstacks_metadata_store", release.stored(t, "helm_release-v3.json", bitnami...),
			[]string{"the flavor postgres has a chart of its own", "the flavor mysql has a chart of its own"},
		},
		"volumes of a StatefulSet": {
			"mlstacks_monitoring",
			release.stored(t, "helm_release-v3.json", `\"fullnameOverride\": \"metrics\"`, `\"fullnameOverride\": \"metrics\", \"statefulSet\": {\"enabled\": true}`),
			[]string{"cannot be carried on without a loss", "volumes of a StatefulSet"},
		},
	} {
		state, said, _ := move(t, c.target, c.source)
		if state != nil || !acctest.SaysAll(c.says...).MatchString(said) {
			t.Errorf("%s: it gave %v and said\n%s\nand should say %q", name, state, said, c.says)
		}
	}
}
