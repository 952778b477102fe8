package compose

import (
	"slices"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// conf is a configuration; parts are the components of a stack in ZenML's names: "kind/flavor" → configuration.
type conf = map[string]any

type parts map[string]conf

// stackOf builds a stack the way everything from ZenML comes in. An orchestrator, a store and a registry that fit
// anywhere are added where a part does not say otherwise.
func stackOf(p parts) Stack {
	var s Stack
	for _, name := range sortedParts(p) {
		kind, flavor, _ := strings.Cut(name, "/")
		s.Components = append(s.Components, Adapt(kind, flavor, p[name], nil))
	}
	return s
}

func sortedParts(p parts) []string {
	names := make([]string, 0, len(p))
	for name := range p {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// with copies the parts and adds others; a key that begins with "-" takes a kind out.
func (p parts) with(more parts) parts {
	out := parts{}
	for name, c := range p {
		kind, _, _ := strings.Cut(name, "/")
		replaced := false
		for other := range more {
			otherKind, _, _ := strings.Cut(strings.TrimPrefix(other, "-"), "/")
			replaced = replaced || otherKind == kind
		}
		if !replaced {
			out[name] = c
		}
	}
	for name, c := range more {
		if !strings.HasPrefix(name, "-") {
			out[name] = c
		}
	}
	return out
}

var (
	ecr     = parts{"container_registry/aws": {"uri": "123456789012.dkr.ecr.eu-west-1.amazonaws.com"}}
	s3      = parts{"artifact_store/s3": {"path": "s3://b"}}
	gcs     = parts{"artifact_store/gcp": {"path": "gs://b"}}
	cloud   = parts{"orchestrator/kubernetes": {"kubernetes_context": "prod"}}.with(s3).with(ecr)
	laptop  = parts{"orchestrator/local": {}, "artifact_store/local": {}}
	hereReg = parts{"container_registry/default": {"uri": "localhost:5000"}}
	role    = conf{"execution_role": "r"}
	local   = parts{"artifact_store/local": {}}
	mlflow  = parts{"experiment_tracker/mlflow": {}}
)

// ruleCase is a stack in which a rule objects, one in which it does not, and the input it decides by: a kind whose
// component or slot, or kind.field whose value, is then made unknown.
type ruleCase struct {
	id      string
	fires   parts
	holds   parts
	unknown string
	adjust  func(*Stack)
}

func ruleCases() []ruleCase {
	orchestrator := func(flavor string, c conf) parts { return cloud.with(parts{"orchestrator/" + flavor: c}) }
	sagemaker, vertex := orchestrator("sagemaker", role), orchestrator("vertex", conf{"location": "l"}).with(gcs)
	azure := conf{"subscription_id": "s", "resource_group": "r", "workspace": "w"}
	kaniko := func(c conf) parts { return cloud.with(parts{"image_builder/kaniko": c}) }
	return []ruleCase{
		{id: "local-docker-needs-builder", fires: laptop.with(parts{"orchestrator/local_docker": {}}), holds: laptop.with(parts{"orchestrator/local_docker": {}, "image_builder/local": {}}), unknown: "image_builder"},
		{id: "airflow-needs-registry", fires: orchestrator("airflow", conf{"local": "false"}).with(parts{"-container_registry/": nil}), holds: orchestrator("airflow", conf{}).with(parts{"-container_registry/": nil}), unknown: "orchestrator.local"},
		{id: "deployer-needs-builder", fires: laptop.with(parts{"deployer/docker": {}}), holds: laptop.with(parts{"deployer/docker": {}, "image_builder/local": {}}), unknown: "image_builder"},
		{id: "deployer-needs-registry", fires: laptop.with(parts{"deployer/gcp": {}, "image_builder/local": {}}), holds: laptop.with(parts{"deployer/gcp": {}, "image_builder/local": {}}).with(ecr), unknown: "container_registry"},
		{id: "seldon-needs-builder", fires: laptop.with(parts{"model_deployer/seldon": {"base_url": "u", "secret": nil, "kubernetes_secret_name": nil}}), holds: laptop.with(parts{"image_builder/local": {}, "model_deployer/seldon": {"base_url": "u", "secret": nil, "kubernetes_secret_name": nil}}), unknown: "image_builder"},
		{id: "image-builder-needs-registry", fires: kaniko(conf{"kubernetes_context": "c"}).with(parts{"-container_registry/": nil}), holds: kaniko(conf{"kubernetes_context": "c"}), unknown: "container_registry"},
		{id: "mlflow-registry-needs-tracker", fires: laptop.with(parts{"model_registry/mlflow": {}}), holds: laptop.with(parts{"model_registry/mlflow": {}}).with(mlflow), unknown: "experiment_tracker"},
		{id: "orchestrator-needs-registry", fires: sagemaker.with(parts{"-container_registry/": nil, "image_builder/local": {}}), holds: sagemaker.with(parts{"image_builder/local": {}}), unknown: "container_registry"},
		{id: "step-operator-needs-registry", fires: laptop.with(parts{"step_operator/kubernetes": {}, "image_builder/local": {}}), holds: cloud.with(parts{"step_operator/kubernetes": {}, "image_builder/local": {}}), unknown: "container_registry"},
		{id: "airflow-needs-remote-parts", fires: orchestrator("airflow", conf{"local": false}).with(local), holds: orchestrator("airflow", conf{"local": false}), unknown: "artifact_store"},
		{id: "sagemaker-needs-remote-parts", fires: sagemaker.with(local), holds: sagemaker, unknown: "artifact_store"},
		{id: "azureml-needs-remote-parts", fires: orchestrator("azureml", azure).with(local), holds: orchestrator("azureml", azure), unknown: "artifact_store"},
		{id: "skypilot-needs-remote-parts", fires: orchestrator("vm_aws", conf{}).with(local), holds: orchestrator("vm_aws", conf{}), unknown: "artifact_store"},
		{id: "databricks-needs-remote-parts", fires: orchestrator("databricks", conf{"host": "h"}).with(local), holds: orchestrator("databricks", conf{"host": "h"}), unknown: "artifact_store"},
		{id: "vertex-needs-remote-registry", fires: vertex.with(hereReg), holds: vertex, unknown: "container_registry.uri"},
		{id: "vertex-needs-remote-parts", fires: vertex.with(local), holds: vertex, unknown: "artifact_store"},
		{id: "vertex-needs-pipeline-root", fires: vertex.with(s3), holds: vertex, unknown: "orchestrator.pipeline_root"},
		{id: "modal-needs-remote-store", fires: orchestrator("modal", conf{}).with(hereReg), holds: orchestrator("modal", conf{}), unknown: "container_registry.uri"},
		{id: "modal-needs-remote-parts", fires: orchestrator("modal", conf{}).with(parts{"experiment_tracker/mlflow": {"tracking_uri": "file:"}}), holds: orchestrator("modal", conf{}), unknown: "experiment_tracker.tracking_uri"},
		{id: "kubernetes-needs-cluster", fires: orchestrator("kubernetes", conf{}), holds: cloud, unknown: "orchestrator.kubernetes_context"},
		{id: "kubernetes-needs-remote-parts", fires: cloud.with(local), holds: cloud, unknown: "artifact_store"},
		{id: "kubernetes-needs-remote-registry", fires: cloud.with(hereReg), holds: cloud.with(hereReg).with(parts{"orchestrator/kubernetes": {"kubernetes_context": "k3d-a", "local": true}}), unknown: "orchestrator.skip_local_validations"},
		{id: "kubernetes-deployer-needs-cluster", fires: cloud.with(parts{"deployer/kubernetes": {}}), holds: cloud.with(parts{"deployer/kubernetes": {"incluster": true}}), unknown: "deployer.incluster"},
		{id: "kubernetes-deployer-needs-remote-parts", fires: laptop.with(ecr).with(parts{"deployer/kubernetes": {"kubernetes_context": "prod"}}), holds: laptop.with(ecr).with(parts{"deployer/kubernetes": {"kubernetes_context": "k3d-a"}}), unknown: "deployer.kubernetes_context"},
		{id: "kubernetes-deployer-needs-remote-registry", fires: cloud.with(hereReg).with(parts{"orchestrator/local": {}, "deployer/kubernetes": {"kubernetes_context": "prod"}}), holds: cloud.with(parts{"deployer/kubernetes": {"kubernetes_context": "prod"}}), unknown: "container_registry.uri"},
		{id: "kubeflow-needs-cluster", fires: orchestrator("kubeflow", conf{}), holds: orchestrator("kubeflow", conf{"kubeflow_hostname": "h"}), unknown: "orchestrator.kubeflow_hostname"},
		{id: "kubeflow-needs-remote-parts", fires: orchestrator("kubeflow", conf{"kubernetes_context": "c"}).with(local), holds: orchestrator("kubeflow", conf{"kubernetes_context": "c"}), unknown: "artifact_store"},
		{id: "kubeflow-needs-remote-registry", fires: orchestrator("kubeflow", conf{"kubernetes_context": "c"}).with(hereReg), holds: orchestrator("kubeflow", conf{"kubernetes_context": "c"}), unknown: "container_registry.uri"},
		{id: "tekton-needs-cluster", fires: orchestrator("tekton", conf{}), holds: orchestrator("tekton", conf{"kubernetes_context": "c"}), unknown: "orchestrator.kubernetes_context"},
		{id: "tekton-needs-remote-parts", fires: orchestrator("tekton", conf{"kubernetes_context": "c"}).with(local), holds: orchestrator("tekton", conf{"kubernetes_context": "c"}), unknown: "artifact_store"},
		{id: "tekton-needs-remote-registry", fires: orchestrator("tekton", conf{"kubernetes_context": "c"}).with(hereReg), holds: orchestrator("tekton", conf{"kubernetes_context": "c"}), unknown: "container_registry.uri"},
		{id: "step-operator-needs-remote-store", fires: laptop.with(ecr).with(parts{"step_operator/kubernetes": {}}), holds: cloud.with(parts{"step_operator/kubernetes": {}}), unknown: "artifact_store"},
		{id: "databricks-step-needs-remote-store", fires: laptop.with(parts{"step_operator/databricks": {"host": "h"}}), holds: cloud.with(parts{"step_operator/databricks": {"host": "h"}}), unknown: "artifact_store"},
		{id: "kaniko-needs-remote-registry", fires: kaniko(conf{"kubernetes_context": "c"}).with(hereReg), holds: kaniko(conf{"kubernetes_context": "c"}), unknown: "container_registry.uri"},
		{id: "kaniko-needs-remote-store", fires: kaniko(conf{"kubernetes_context": "c", "store_context_in_artifact_store": "true"}).with(local), holds: kaniko(conf{"kubernetes_context": "c"}).with(local), unknown: "image_builder.store_context_in_artifact_store"},
		{id: "cloud-build-needs-remote-registry", fires: cloud.with(gcs).with(hereReg).with(parts{"image_builder/gcp": {}}), holds: cloud.with(gcs).with(parts{"image_builder/gcp": {}}), unknown: "container_registry.uri"},
		{id: "cloud-build-needs-gcs-store", fires: cloud.with(parts{"image_builder/gcp": {}}), holds: cloud.with(gcs).with(parts{"image_builder/gcp": {}}), unknown: "artifact_store"},
		{id: "codebuild-needs-s3-store", fires: cloud.with(gcs).with(parts{"image_builder/aws": {"code_build_project": "p"}}), holds: cloud.with(parts{"image_builder/aws": {"code_build_project": "p"}}), unknown: "artifact_store"},
		{id: "huggingface-deployer-needs-token", fires: cloud.with(parts{"deployer/huggingface": {}}), holds: cloud.with(parts{"deployer/huggingface": {"token": "t"}}), unknown: "deployer.token"},
		{id: "huggingface-deployer-needs-registry", fires: laptop.with(parts{"deployer/huggingface": {"token": "t"}}), holds: cloud.with(parts{"deployer/huggingface": {"token": "t"}}), unknown: "container_registry"},
		{id: "huggingface-model-needs-token", fires: cloud.with(parts{"model_deployer/huggingface": {"namespace": "n"}}), holds: cloud.with(parts{"model_deployer/huggingface": {"namespace": "n", "secret_name": "s"}}), unknown: "model_deployer.token"},
		{id: "databricks-model-needs-login", fires: cloud.with(parts{"model_deployer/databricks": {"host": "h", "client_id": "i"}}), holds: cloud.with(parts{"model_deployer/databricks": {"host": "h", "client_id": "i", "client_secret": "s"}}), unknown: "model_deployer.client_secret"},
		{id: "mlflow-registry-needs-mlflow-tracker", fires: laptop.with(parts{"model_registry/mlflow": {}, "experiment_tracker/comet": {"api_key": "k", "workspace": "w", "project_name": "p"}}), holds: laptop.with(parts{"model_registry/mlflow": {}}).with(mlflow), unknown: "experiment_tracker"},
		{id: "mlflow-without-server-needs-local-store", fires: laptop.with(s3).with(mlflow), holds: laptop.with(mlflow), unknown: "experiment_tracker.tracking_uri"},
		{id: "sagemaker-needs-s3-store", fires: sagemaker.with(gcs), holds: sagemaker, unknown: "artifact_store"},
		{id: "sagemaker-bucket-region", fires: sagemaker.with(parts{"orchestrator/sagemaker": {"execution_role": "r", "region": "us-east-1"}, "artifact_store/s3": {"path": "s3://b", "client_kwargs": conf{"region_name": "eu-west-1"}}}), holds: sagemaker, unknown: "orchestrator.region"},
		{id: "sagemaker-registry-region", fires: sagemaker.with(parts{"orchestrator/sagemaker": {"execution_role": "r", "region": "us-east-1"}}), holds: sagemaker, unknown: "container_registry.uri"},
		{id: "sagemaker-registry-account", fires: sagemaker.with(parts{"orchestrator/sagemaker": {"execution_role": "arn:aws:iam::210987654321:role/runs"}}), holds: sagemaker.with(parts{"orchestrator/sagemaker": {"execution_role": "arn:aws:iam::123456789012:role/runs"}}), unknown: "container_registry.uri"},
		{id: "sagemaker-registry-account", fires: cloud.with(parts{"step_operator/sagemaker": {"role": "arn:aws:iam::210987654321:role/runs"}}), holds: cloud.with(parts{"step_operator/sagemaker": {"role": "runs"}}), unknown: "step_operator.role"},
		{id: "sagemaker-prefers-ecr", fires: sagemaker.with(parts{"container_registry/github": {"uri": "ghcr.io/a"}}), holds: sagemaker, unknown: "container_registry.uri"},
		{id: "codebuild-prefers-ecr", fires: cloud.with(parts{"image_builder/aws": {"code_build_project": "p"}, "container_registry/github": {"uri": "ghcr.io/a"}}), holds: cloud.with(parts{"image_builder/aws": {"code_build_project": "p"}}), unknown: "container_registry.uri"},
		{id: "app-runner-needs-ecr", fires: cloud.with(parts{"deployer/aws": {}, "container_registry/github": {"uri": "ghcr.io/a"}}), holds: cloud.with(parts{"deployer/aws": {}, "container_registry/default": {"uri": "123456789012.dkr.ecr.eu-west-1.amazonaws.com"}}), unknown: "container_registry.uri"},
		{id: "vertex-prefers-artifact-registry", fires: vertex, holds: vertex.with(parts{"container_registry/gcp": {"uri": "europe-west1-docker.pkg.dev/p/r"}}), unknown: "container_registry"},
		{id: "cloud-build-prefers-artifact-registry", fires: cloud.with(gcs).with(parts{"image_builder/gcp": {}}), holds: cloud.with(gcs).with(parts{"image_builder/gcp": {}, "container_registry/gcp": {"uri": "europe-west1-docker.pkg.dev/p/r"}}), unknown: "container_registry"},
		{id: "cloud-run-prefers-artifact-registry", fires: cloud.with(parts{"deployer/gcp": {}}), holds: cloud.with(parts{"deployer/gcp": {}, "container_registry/gcp": {"uri": "europe-west1-docker.pkg.dev/p/r"}}), unknown: "container_registry"},
		{id: "vertex-bucket-project", fires: vertex.with(parts{"orchestrator/vertex": {"location": "l", "project": "mine"}}), holds: vertex, unknown: "orchestrator.project", adjust: setFact(kindStore, FactProject, "theirs")},
		{id: "cloud-build-bucket-project", fires: cloud.with(gcs).with(parts{"image_builder/gcp": {"project": "mine"}}), holds: cloud.with(gcs).with(parts{"image_builder/gcp": {}}), unknown: "image_builder.project", adjust: setFact(kindStore, FactProject, "theirs")},
		{id: "cloud-run-bucket-project", fires: cloud.with(gcs).with(parts{"deployer/gcp": {"project": "mine"}}), holds: cloud.with(gcs).with(parts{"deployer/gcp": {}}), unknown: "deployer.project", adjust: setFact(kindStore, FactProject, "theirs")},
		{id: "azureml-prefers-blob-store", fires: orchestrator("azureml", azure), holds: orchestrator("azureml", azure).with(parts{"artifact_store/azure": {"path": "az://c"}}), unknown: "artifact_store"},
		{id: "mlflow-registry-shares-tracker", fires: laptop.with(parts{"model_registry/mlflow": {}, "experiment_tracker/mlflow": {"tracking_uri": "http://a:5000", "tracking_token": "t"}}), holds: laptop.with(parts{"model_registry/mlflow": {}, "experiment_tracker/mlflow": {"tracking_uri": "http://b:5000/", "tracking_token": "t"}}), unknown: "experiment_tracker", adjust: registryAt("http://b:5000")},
		{id: "seldon-chart-too-old", fires: cloud.with(parts{"model_deployer/seldon": {"base_url": "u", "secret": nil, "kubernetes_secret_name": nil}}), holds: cloud, unknown: "model_deployer", adjust: oldSeldon},
		{id: "remote-needs-reachability", fires: cloud.with(parts{"experiment_tracker/mlflow": {"tracking_uri": "http://localhost:5000", "tracking_token": "t"}}), holds: cloud.with(parts{"experiment_tracker/mlflow": {"tracking_uri": "https://m", "tracking_token": "t"}}), unknown: "experiment_tracker.tracking_uri"},
		{id: "remote-prefers-reachability", fires: cloud.with(parts{"annotator/argilla": {"instance_url": "http://localhost"}}), holds: cloud.with(parts{"annotator/argilla": {}}), unknown: "annotator.instance_url"},
		{id: "one-cluster-or-reachable", fires: sagemaker.with(parts{"experiment_tracker/mlflow": {"tracking_uri": "http://m.ml.svc.cluster.local", "tracking_token": "t"}}), holds: cloud.with(parts{"experiment_tracker/mlflow": {"tracking_uri": "http://m.ml.svc.cluster.local", "tracking_token": "t"}}), unknown: "experiment_tracker.tracking_uri"},
		{id: "plain-http-with-remote", fires: cloud.with(parts{"experiment_tracker/mlflow": {"tracking_uri": "http://m", "tracking_token": "t"}}), holds: cloud.with(parts{"experiment_tracker/mlflow": {"tracking_uri": "https://m", "tracking_token": "t"}}), unknown: "experiment_tracker.tracking_uri"},
		{id: "mlflow-needs-server", fires: local.with(ecr).with(mlflow).with(parts{"orchestrator/hyperai": {}}), holds: laptop.with(mlflow), unknown: "orchestrator"},
		{id: "mlflow-prefers-server", fires: cloud.with(parts{"experiment_tracker/mlflow": {"tracking_uri": "sqlite:///m.db"}}), holds: laptop.with(parts{"experiment_tracker/mlflow": {"tracking_uri": "sqlite:///m.db"}}), unknown: "orchestrator"},
		{id: "local-docker-needs-local-stores", fires: laptop.with(parts{"orchestrator/local_docker": {}, "artifact_store/local": {"path": "/data"}}), holds: laptop.with(parts{"orchestrator/local_docker": {}, "artifact_store/local": {"path": "/home/me/.config/zenml/local_stores/a"}}), unknown: "artifact_store.path"},
		{id: "local-docker-needs-local-stores", fires: laptop.with(parts{"deployer/docker": {}, "artifact_store/local": {"path": "/data/local_stores_2"}}), holds: laptop.with(parts{"deployer/docker": {}, "artifact_store/local": {"path": `C:\zenml\local_stores\a`}}), unknown: "artifact_store.path"},
		{id: "local-docker-needs-local-stores", fires: laptop.with(parts{"orchestrator/airflow": {}, "artifact_store/local": {"path": "/data"}}), holds: cloud.with(parts{"orchestrator/airflow": {"local": false}}), unknown: "orchestrator.local"},
		{id: "remote-prefers-remote-store", fires: laptop.with(ecr).with(parts{"orchestrator/lightning": {}}), holds: cloud.with(parts{"orchestrator/lightning": {}}), unknown: "artifact_store"},
		{id: "remote-prefers-remote-store", fires: laptop.with(ecr).with(parts{"orchestrator/ssh": {"hostname": "gpu", "username": "me"}}), holds: laptop.with(ecr).with(parts{"orchestrator/ssh": {"hostname": "localhost", "username": "me"}}), unknown: "orchestrator.hostname"},
		{id: "remote-prefers-remote-store", fires: laptop.with(ecr).with(parts{"orchestrator/hyperai": {}}), holds: laptop, unknown: "orchestrator"},
		{id: "feast-needs-reachable-store", fires: cloud.with(parts{"feature_store/feast": {"feast_repo": "r"}}), holds: cloud.with(parts{"feature_store/feast": {"feast_repo": "r", "online_host": "redis"}}), unknown: "feature_store.online_host"},
		{id: "local-model-deployer-with-remote", fires: cloud.with(parts{"orchestrator/hyperai": {}, "model_deployer/bentoml": {}}), holds: laptop.with(parts{"model_deployer/bentoml": {}}), unknown: "orchestrator"},
	}
}

func setFact(kind, fact, value string) func(*Stack) {
	return func(s *Stack) {
		for i := range s.Components {
			if s.Components[i].Kind == kind {
				s.Components[i].Facts[fact] = value
			}
		}
	}
}

// registryAt says where the registry is, and of the tracker that it is where its configuration says.
func registryAt(uri string) func(*Stack) {
	return func(s *Stack) {
		for i := range s.Components {
			switch c := &s.Components[i]; c.Kind {
			case kindRegistryOfML:
				c.URI = uri
			case kindTracker:
				c.URI = c.Config["tracking_uri"]
			}
		}
	}
}

func oldSeldon(s *Stack) {
	setFact(kindModel, FactChartVersion, "1.14.1")(s)
	setFact(kindModel, FactKubernetesVersion, "1.33")(s)
}

func (c ruleCase) stack(p parts) Stack {
	s := stackOf(p)
	if c.adjust != nil {
		c.adjust(&s)
	}
	return s
}

// checkerFor adds no image builder for the rules that are about its absence.
func (c ruleCase) checker() Checker {
	return Checker{ImageBuilderDefault: !strings.HasSuffix(c.id, "-needs-builder")}
}

func ids(problems []Problem) []string {
	var out []string
	for _, p := range problems {
		out = append(out, p.ID)
	}
	return out
}

func TestCheck_AppliesEveryRule(t *testing.T) {
	t.Parallel()
	covered := map[string]bool{}
	for _, c := range ruleCases() {
		covered[c.id] = true
		t.Run(c.id, func(t *testing.T) {
			t.Parallel()
			if got := ids(c.checker().Check(c.stack(c.fires))); !slices.Contains(got, c.id) {
				t.Errorf("the rule should object, got %v", got)
			}
			if got := ids(c.checker().Check(c.stack(c.holds))); slices.Contains(got, c.id) {
				t.Errorf("the rule should be content, got %v", got)
			}
		})
	}
	for _, r := range rows() {
		if !covered[r.id] {
			t.Errorf("the rule %s has no case", r.id)
		}
	}
}

func TestCheck_NeverRefusesForAnUnknown(t *testing.T) {
	t.Parallel()
	for _, c := range ruleCases() {
		t.Run(c.id, func(t *testing.T) {
			t.Parallel()
			s := c.stack(c.fires)
			hide(&s, c.unknown)
			if got := ids(c.checker().Check(s)); slices.Contains(got, c.id) {
				t.Errorf("with %s unknown the rule should wait, got %v", c.unknown, got)
			}
		})
	}
}

// hide makes an input of a stack unknown: a whole component, an empty slot, or one value of a component.
func hide(s *Stack, what string) {
	kind, field, isField := strings.Cut(what, ".")
	found := false
	for i, c := range s.Components {
		if c.Kind != kind {
			continue
		}
		found = true
		if !isField {
			s.Components[i] = Component{Slot: c.Slot, Kind: kind, Unknown: true}
			continue
		}
		given := conf{field: zenml.Unknown{}}
		for key, value := range c.Given {
			if key != field {
				given[key] = value
			}
		}
		again := Adapt(c.Kind, c.ZenML, given, c.Connector)
		again.Slot = c.Slot
		s.Components[i] = again
	}
	if !found {
		s.UnknownSlots = append(s.UnknownSlots, kind)
	}
}
