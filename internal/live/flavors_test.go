package live_test

import (
	"fmt"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/k3d"
)

// The namespaces of this test: services, what starts pods of its own under a quota, and secrets.
const (
	flavorsServices = "flavors"
	flavorsRuns     = "flavors-runs"
	flavorsSecrets  = "flavors-secrets"
)

// What write-only attributes get. The search at the end looks for these too.
const (
	flavorsPassword = "Nv4kWq7zLm2xTr9bHd5s"
	flavorsToken    = "Pj6hRc3yGf8wKt1nQv0z"
)

// flavorsConfiguration takes the images of the registry and of the tracker, each as its line or as nothing, that of the model, and
// how many replicas it has. Names in Secrets are shorter than what the search at the end looks for.
const flavorsConfiguration = `
variable "password" {
  type      = string
  ephemeral = true
}
variable "token" {
  type      = string
  ephemeral = true
}

resource "mlstacks_container_registry" "images" {
  name         = "images"
  cluster      = data.mlstacks_cluster.dev
  distribution = {
    namespace     = "flavors"
    username      = "ml"
    storage       = "64Mi"
    force_destroy = true
    expose        = { type = "node_port" }
    %[1]s
  }
  timeouts = { create = "2m", update = "2m", delete = "2m" }
}

resource "mlstacks_experiment_tracker" "tracker" {
  name    = "tracker"
  cluster = data.mlstacks_cluster.dev
  mlflow  = {
    namespace           = "flavors"
    storage             = "64Mi"
    force_destroy       = true
    password_wo         = var.password
    password_wo_version = 1
    expose              = { type = "node_port" }
    %[2]s
  }
  timeouts = { create = "3m", update = "2m", delete = "2m" }
}

resource "mlstacks_model_deployer" "churn" {
  name       = "churn"
  cluster    = data.mlstacks_cluster.dev
  kubernetes = {
    namespace = "flavors"
    image     = %[3]q
    replicas  = %[4]d
    expose    = { type = "node_port" }
  }
  timeouts = { create = "2m", update = "2m", delete = "2m" }
}

resource "mlstacks_image_builder" "builds" {
  name    = "builds"
  cluster = data.mlstacks_cluster.dev
  kaniko  = {
    namespace          = "flavors"
    container_registry = mlstacks_container_registry.images
  }
}

resource "mlstacks_orchestrator" "pods" {
  name       = "pods"
  cluster    = data.mlstacks_cluster.dev
  kubernetes = {
    namespace      = "flavors-runs"
    resource_quota = { pods = "7" }
  }
}

resource "mlstacks_step_operator" "pods" {
  name       = "pods"
  cluster    = data.mlstacks_cluster.dev
  kubernetes = {
    namespace  = "flavors-runs"
    granted_to = [mlstacks_orchestrator.pods.outputs.step_service_account]
  }
}

resource "mlstacks_deployer" "pods" {
  name       = "pods"
  cluster    = data.mlstacks_cluster.dev
  kubernetes = {
    namespace    = "flavors-runs"
    service_type = "NodePort"
  }
}

resource "mlstacks_sandbox" "pods" {
  name       = "pods"
  cluster    = data.mlstacks_cluster.dev
  kubernetes = { namespace = "flavors-runs" }
}

resource "mlstacks_secrets_manager" "secrets" {
  name       = "secrets"
  cluster    = data.mlstacks_cluster.dev
  kubernetes = {
    namespace          = "flavors-secrets"
    force_destroy      = true
    secrets_wo         = { registry = { token = var.token } }
    secrets_wo_version = 1
  }
}

output "registry" { value = mlstacks_container_registry.images.uri }
output "tracker" { value = mlstacks_experiment_tracker.tracker.uri }
output "model" { value = mlstacks_model_deployer.churn.uri }
`

// flavored is a configuration with a component of nearly every kind.
type flavored struct{ lodged }

func TestFlavors_LiveInARealCluster(t *testing.T) {
	t.Parallel()

	images := k3d.Require(t)
	f := flavored{lodge(t, images, images.MySQL, images.Registry, images.MLflow, images.Model)}
	f.secrets.add("password of the tracker, as it was given", flavorsPassword)
	f.secrets.add("token of the secrets manager, as it was given", flavorsToken)

	f.hand("password="+flavorsPassword, "token="+flavorsToken)
	f.scale(1)

	for _, step := range []struct {
		what string
		do   func(*testing.T)
	}{
		{"the database is there, and takes the login of its Secret", f.database},
		{"the registry asks for its login, and takes it", f.registry},
		{"the tracker asks for the given login, and takes it", f.tracker},
		{"accounts may do what they are for and no more", f.rights},
		{"the secret is there", f.secret},
		{"the model answers, and is scaled in place", f.model},
	} {
		t.Log(step.what)
		step.do(t)
	}

	f.destroy()

	for _, namespace := range []string{flavorsServices, flavorsRuns, flavorsSecrets} {
		f.dev.gone(namespace)
	}

	// The deployer's right to see nodes belongs to no namespace.
	for what, get := range map[string]func() error{
		"role": func() error {
			_, err := f.dev.RbacV1().ClusterRoles().Get(t.Context(), flavorsRuns+".pods-deployer-client", meta.GetOptions{})

			return err
		},
		"binding": func() error {
			_, err := f.dev.RbacV1().ClusterRoleBindings().Get(t.Context(), flavorsRuns+".pods-deployer-client", meta.GetOptions{})

			return err
		},
	} {
		if err := get(); !apierrors.IsNotFound(err) {
			t.Errorf("the %s of the deployer for the whole cluster is left: %v", what, err)
		}
	}
}

// scale applies the configuration with so many replicas of the model, and finds nothing left to do.
func (f flavored) scale(replicas int) {
	f.t.Helper()

	f.write(f.dev.lookup() + mysql("lineage", flavorsServices, f.images.MySQL, `database = "run_lineage"`) + fmt.Sprintf(flavorsConfiguration,
		imageLine(f.images.Registry), imageLine(f.images.MLflow), f.images.Model, replicas))
	f.apply()
	f.settled()
}
