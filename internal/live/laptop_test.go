package live_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/k3d"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/zenml"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/cluster"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
)

// here is a second stack of the same parts, whose steps run on this machine: ZenML's server, which steps in pods would report
// to, is not part of this test.
const here = `
resource "mlstacks_orchestrator" "here" {
  name  = "here"
  local = {}
}

resource "mlstacks_stack" "here" {
  name               = "here"
  orchestrator       = mlstacks_orchestrator.here
  artifact_store     = mlstacks_artifact_store.main
  experiment_tracker = mlstacks_experiment_tracker.main
  model_registry     = mlstacks_model_registry.main
}

output "here" { value = mlstacks_stack.here.zenml_yaml }
`

// The example of the guide "A stack on your laptop" does what the guide says, with one apply from nothing.
func TestLaptop_OneApplyMakesAStackThatWorks(t *testing.T) {
	t.Parallel()

	images := k3d.Require(t)
	python := os.Getenv(zenml.Variable)

	if python == "" {
		t.Skip("SKIPPED: the clients of this stack need " + zenml.Variable + ", a Python with ZenML, MLflow and boto3; make test sets one up")
	}

	home := zenml.New(t)
	mirror := k3d.NewMirror(t, map[string]string{
		charts.MinIOImage: images.Minio, charts.PostgresImage: images.Postgres, charts.MLflowImage: images.MLflow,
	})
	name := k3d.NewName()
	w := open(t, name, exampleStack(t)+here)

	variables := map[string]any{"name": name, "force_destroy": true, "registries": mirror.Registries}
	if images.Node != "" {
		variables["node_image"] = images.Node
	}

	if mirror.Registry != "" {
		variables["image_registry"] = mirror.Registry
	}

	text, err := json.Marshal(variables)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(w.Dir, "terraform.tfvars.json"), text, 0o600))

	w.apply()
	w.settled()

	volumes := k3d.Volumes(t, name)
	site := laptopOf(t, name)
	store, tracker := site.secret(t, "artifacts-credentials"), site.secret(t, "tracker-credentials")
	uri := w.output("artifact_store")
	s3 := []string{
		"S3_ENDPOINT=" + uri, "AWS_ACCESS_KEY_ID=" + store["root-user"], "AWS_SECRET_ACCESS_KEY=" + store["root-password"],
		"AWS_DEFAULT_REGION=us-east-1",
	}

	step := func(what string, do func()) {
		t.Log(what)
		do()
	}

	step("an S3 client writes and reads the bucket", func() {
		if got := runPython(t, python, s3, writeAndRead); got != "hello" {
			t.Errorf("read %q", got)
		}
	})

	step("the real MLflow logs a run whose artifact lies in the bucket", func() {
		login := slices.Concat(s3, []string{
			"MLFLOW_TRACKING_URI=" + w.output("tracker"), "MLFLOW_TRACKING_USERNAME=" + tracker["username"],
			"MLFLOW_TRACKING_PASSWORD=" + tracker["password"], "MLFLOW_DISABLE_TELEMETRY=true", "GIT_PYTHON_REFRESH=quiet",
		})
		if got := runPython(t, python, login, logRun); !strings.HasSuffix(got, "/artifacts/note.txt") {
			t.Errorf("the bucket has %q of the run", got)
		}
	})

	step("a pod pulls an image that was pushed from here", func() {
		image := w.output("registry") + "/app:1"
		k3d.Push(t, images.Model, image)

		pod := clustered.Object("v1", "Pod", "default", "app", map[string]any{"spec": map[string]any{
			"containers": []any{map[string]any{"name": "app", "image": image, "imagePullPolicy": "Always"}},
		}})
		owner := backend.Owner{Kind: "test", Flavor: "test", Name: "app"}
		must(t, site.cluster.Apply(t.Context(), owner, []*unstructured.Unstructured{pod}))
		must(t, site.cluster.Wait(t.Context(), []*unstructured.Unstructured{pod}))
	})

	step("a real pipeline keeps its artifacts and its run there", func() {
		home.Secret(t, "artifacts", map[string]string{"key": store["root-user"], "secret": store["root-password"]})
		home.Secret(t, "tracker", map[string]string{"username": tracker["username"], "password": tracker["password"]})
		home.Import(t, []byte(w.output("here")))

		report := home.RunPipeline(t, zenml.RunRequest{Stack: "here", Containers: []string{hostOf(t, uri), hostOf(t, w.output("tracker"))}})
		if report.Status != "completed" || len(report.Steps) != 2 {
			t.Fatalf("%+v", report)
		}

		for _, step := range report.Steps {
			for _, output := range step.Outputs {
				if !strings.HasPrefix(output.URI, "s3://artifacts/") {
					t.Errorf("%s of %s is at %s", output.Name, step.Name, output.URI)
				}
			}
		}

		if run := report.MLflow; run == nil || run.TrackingURI != w.output("tracker") || run.Metrics["mean"] != 2.5 || len(run.Artifacts) == 0 {
			t.Errorf("MLflow has %+v", report.MLflow)
		}

		if len(report.Left) > 0 {
			t.Errorf("the run left %v here", report.Left)
		}
	})

	w.settled()
	w.destroy()

	if left := k3d.Leftovers(t, name, volumes...); len(left) > 0 {
		t.Errorf("destroy left %v", left)
	}
}

// hostOf is the host of an address.
func hostOf(t *testing.T, address string) string {
	t.Helper()

	parsed, err := url.Parse(address)
	must(t, err)

	return parsed.Hostname()
}

const writeAndRead = `
import boto3, os
s3 = boto3.client("s3", endpoint_url=os.environ["S3_ENDPOINT"])
s3.put_object(Bucket="artifacts", Key="test/hello.txt", Body=b"hello")
print(s3.get_object(Bucket="artifacts", Key="test/hello.txt")["Body"].read().decode())
`

const logRun = `
import boto3, mlflow, os
with mlflow.start_run() as run:
    mlflow.log_metric("score", 1)
    mlflow.log_text("hello", "note.txt")
s3 = boto3.client("s3", endpoint_url=os.environ["S3_ENDPOINT"])
print(*[o["Key"] for o in s3.list_objects_v2(Bucket="artifacts")["Contents"] if run.info.run_id in o["Key"]])
`

// runPython runs a program with nothing of this test's environment, and returns what it printed last.
func runPython(t *testing.T, python string, env []string, program string) string {
	t.Helper()

	command := exec.CommandContext(t.Context(), python, "-c", program)
	command.Dir = t.TempDir()
	command.Env = slices.Concat([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + command.Dir}, env)

	output, err := command.Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			t.Fatalf("%v: %s", err, exit.Stderr)
		}

		t.Fatal(err)
	}

	lines := strings.Split(strings.TrimSpace(string(output)), "\n")

	return lines[len(lines)-1]
}

// exampleStack is the example without its provider requirements, which the workspace has already.
func exampleStack(t *testing.T) string {
	t.Helper()

	files, err := filepath.Glob("../../examples/stacks/k3d/*.tf")
	must(t, err)

	var all strings.Builder

	for _, path := range files {
		text, err := os.ReadFile(path)
		must(t, err)

		file, diags := hclwrite.ParseConfig(text, path, hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}

		for _, block := range file.Body().Blocks() {
			if block.Type() == "terraform" {
				file.Body().RemoveBlock(block)
			}
		}

		all.Write(file.Bytes())
	}

	return all.String()
}

// laptop is a cluster seen from outside of Terraform.
type laptop struct{ cluster *kube.Cluster }

func laptopOf(t *testing.T, name string) laptop {
	t.Helper()

	opened, err := cluster.Open(t.Context(), nil, map[string]string{"type": cluster.TypeK3d, "name": name})
	must(t, err)

	return laptop{opened}
}

func (s laptop) secret(t *testing.T, name string) map[string]string {
	t.Helper()

	values, err := s.cluster.Secret(t.Context(), clustered.DefaultNamespace, name)
	must(t, err)

	return values
}

// output is an output of the configuration.
func (w *workspace) output(name string) string {
	w.t.Helper()

	return strings.TrimSuffix(w.does("output", "-raw", name), "\n")
}
