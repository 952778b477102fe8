package live_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	authorization "k8s.io/api/authorization/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/k3d"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
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

// flavorsConfiguration takes the images, each as its line or as nothing, that of the model, and how many replicas it has. Names
// in Secrets are shorter than what the search at the end looks for.
const flavorsConfiguration = `
variable "password" {
  type      = string
  ephemeral = true
}
variable "token" {
  type      = string
  ephemeral = true
}

resource "mlstacks_metadata_store" "lineage" {
  name    = "lineage"
  cluster = data.mlstacks_cluster.dev
  mysql   = {
    namespace     = "flavors"
    database      = "run_lineage"
    storage       = "512Mi"
    force_destroy = true
    %[1]s
  }
  timeouts = { create = "2m", update = "2m", delete = "2m" }
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
    %[2]s
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
    %[3]s
  }
  timeouts = { create = "3m", update = "2m", delete = "2m" }
}

resource "mlstacks_model_deployer" "churn" {
  name       = "churn"
  cluster    = data.mlstacks_cluster.dev
  kubernetes = {
    namespace = "flavors"
    image     = %[4]q
    replicas  = %[5]d
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

// flavored is a configuration with a component of nearly every kind, and the cluster that they live in.
type flavored struct {
	*workspace

	dev    site
	opened *kube.Cluster
	images k3d.Images
}

func TestFlavors_LiveInARealCluster(t *testing.T) {
	t.Parallel()

	images := k3d.Require(t)
	dev := enter(t, k3d.Shared(t, images.MySQL, images.Registry, images.MLflow, images.Model).Name)
	opened, err := kube.New(dev.config)
	must(t, err)

	f := flavored{dev: dev, opened: opened, images: images, workspace: open(t, dev.name, "")}
	f.secrets.add("password of the tracker, as it was given", flavorsPassword)
	f.secrets.add("token of the secrets manager, as it was given", flavorsToken)

	prepare := f.Prepare
	f.Prepare = func(command *exec.Cmd) {
		prepare(command)
		// Not in a file, where the search would find them.
		command.Env = append(command.Env, "TF_VAR_password="+flavorsPassword, "TF_VAR_token="+flavorsToken)
	}

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
		dev.gone(namespace)
	}

	// The deployer's right to see nodes belongs to no namespace.
	for what, get := range map[string]func() error{
		"role": func() error {
			_, err := dev.RbacV1().ClusterRoles().Get(t.Context(), flavorsRuns+".pods-deployer-client", meta.GetOptions{})

			return err
		},
		"binding": func() error {
			_, err := dev.RbacV1().ClusterRoleBindings().Get(t.Context(), flavorsRuns+".pods-deployer-client", meta.GetOptions{})

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

	image := func(name string) string {
		if name == "" {
			return "" // the published one
		}

		return fmt.Sprintf("image = %q", name)
	}

	f.write(f.dev.lookup() + fmt.Sprintf(flavorsConfiguration,
		image(f.images.MySQL), image(f.images.Registry), image(f.images.MLflow), f.images.Model, replicas))
	f.apply()
	f.settled()
}

func (f flavored) credentials(t *testing.T, name string) map[string]string {
	t.Helper()

	values, err := f.opened.Secret(t.Context(), flavorsServices, name+"-credentials")
	must(t, err)

	return values
}

func (f flavored) database(t *testing.T) {
	t.Helper()

	login := f.credentials(t, "lineage")
	if login["username"] != "mlstacks" || login["database"] != "run_lineage" || !strings.HasSuffix(login["url"], ":3306/run_lineage") {
		t.Errorf("its Secret is of user %q and database %q", login["username"], login["database"])
	}

	// A table is something to lose, so that what is destroyed is destroyed by consent.
	names, err := clustered.Site{Cluster: f.opened, Namespace: flavorsServices}.Run(t.Context(), "lineage-0",
		login["password"]+"\nCREATE TABLE runs (id INT);\nSHOW TABLES;\nSELECT database();\n", "sh", "-c",
		`read -r MYSQL_PWD; export MYSQL_PWD; exec "$(command -v mysql || command -v mariadb)" --no-defaults --batch --skip-column-names `+
			`--protocol=tcp --host=lineage --user=mlstacks run_lineage`)
	if got := strings.Fields(names); err != nil || !slices.Equal(got, []string{"runs", "run_lineage"}) {
		t.Errorf("as its user: %q, %v", got, err)
	}
}

func (f flavored) registry(t *testing.T) {
	t.Helper()

	base := "http://" + f.output("registry")
	login := f.credentials(t, "images")

	for what, c := range map[string]struct {
		method, path, user, password string
		status                       int
	}{
		"nobody":                  {http.MethodGet, "/v2/", "", "", http.StatusUnauthorized},
		"somebody else":           {http.MethodGet, "/v2/", "ml", "wrong", http.StatusUnauthorized},
		"its user":                {http.MethodGet, "/v2/", login["username"], login["password"], http.StatusOK},
		"its user, with an image": {http.MethodPost, "/v2/app/blobs/uploads/", login["username"], login["password"], http.StatusAccepted},
	} {
		if status, text := request(t, c.method, base+c.path, c.user, c.password, ""); status != c.status {
			t.Errorf("%s gets %d, should be %d: %s", what, status, c.status, text)
		}
	}

	// Builders and pods have the same login, each in its own Secret.
	for _, name := range []string{"images-pull", "builds-registry"} {
		secret, err := f.opened.Secret(t.Context(), flavorsServices, name)
		must(t, err)

		if !strings.Contains(secret[".dockerconfigjson"], login["password"]) {
			t.Errorf("Secret/%s has another login", name)
		}
	}
}

func (f flavored) tracker(t *testing.T) {
	t.Helper()

	address := f.output("tracker") + "/api/2.0/mlflow/experiments/get-by-name?experiment_name=Default"

	for what, c := range map[string]struct {
		user, password string
		status         int
	}{
		"nobody":        {"", "", http.StatusUnauthorized},
		"its user":      {"admin", flavorsPassword, http.StatusOK},
		"somebody else": {"admin", "password1234", http.StatusUnauthorized},
	} {
		if status, text := request(t, http.MethodGet, address, c.user, c.password, ""); status != c.status {
			t.Errorf("%s gets %d, should be %d: %s", what, status, c.status, text)
		}
	}
}

// right is what a service account may do, or may not.
type right struct {
	account, verb, group, resource, namespace string
}

func (f flavored) rights(t *testing.T) {
	t.Helper()

	const pods, client = "pods-orchestrator", "pods-orchestrator-client"

	allowed := map[right]bool{
		{pods, "create", "batch", "jobs", flavorsRuns}:                         true,
		{pods, "list", "", "pods", flavorsRuns}:                                true,
		{client, "create", "batch", "jobs", flavorsRuns}:                       true,
		{client, "create", "batch", "jobs", flavorsServices}:                   false,
		{"pods-orchestrator-step", "create", "batch", "jobs", flavorsRuns}:     true, // granted by the step operator
		{"pods-step-operator", "create", "batch", "jobs", flavorsRuns}:         false,
		{"pods-step-operator-client", "create", "batch", "jobs", flavorsRuns}:  true,
		{"pods-deployer", "list", "", "pods", flavorsRuns}:                     false,
		{"pods-deployer-client", "create", "apps", "deployments", flavorsRuns}: true,
		{"pods-deployer-client", "list", "", "nodes", ""}:                      true,
		{"pods-deployer-client", "get", "", "secrets", flavorsRuns}:            false,
		{"pods-sandbox", "create", "", "pods", flavorsRuns}:                    false,
		{"pods-sandbox-client", "create", "", "pods", flavorsRuns}:             true,
		{"pods-sandbox-client", "create", "", "pods", flavorsServices}:         false,
		{flavorsServices + "/builds", "create", "", "pods", flavorsServices}:   true,
		{flavorsServices + "/builds", "get", "", "secrets", flavorsServices}:   false,
		{flavorsSecrets + "/secrets", "get", "", "secrets", flavorsSecrets}:    true,
		{flavorsSecrets + "/secrets", "get", "", "secrets", flavorsServices}:   false,
		{flavorsSecrets + "/secrets", "create", "", "pods", flavorsSecrets}:    false,
		{pods, "delete", "", "secrets", flavorsRuns}:                           false, // only where the token is a secret
		{client, "create", "", "serviceaccounts/token", ""}:                    false,
	}

	for _, account := range []string{
		pods, client, "pods-orchestrator-step", "pods-step-operator", "pods-step-operator-client", "pods-deployer", "pods-deployer-client",
		"pods-sandbox", "pods-sandbox-client", flavorsServices + "/builds", flavorsSecrets + "/secrets",
	} {
		allowed[right{account, "list", "", "secrets", ""}] = false
		allowed[right{account, "delete", "", "namespaces", ""}] = false
	}

	for may, want := range allowed {
		if got := f.dev.may(t, may); got != want {
			t.Errorf("%+v: %v, should be %v", may, got, want)
		}
	}

	quotas, err := f.dev.CoreV1().ResourceQuotas(flavorsRuns).List(t.Context(), meta.ListOptions{})
	must(t, err)

	if len(quotas.Items) != 1 || quotas.Items[0].Spec.Hard.Pods().Value() != 7 {
		t.Errorf("the quotas are %v", quotas.Items)
	}
}

// may asks the cluster about a service account: of the namespace of runs, where none is named.
func (s site) may(t *testing.T, r right) bool {
	t.Helper()

	namespace, name, ok := strings.Cut(r.account, "/")
	if !ok {
		namespace, name = flavorsRuns, r.account
	}

	if _, err := s.CoreV1().ServiceAccounts(namespace).Get(t.Context(), name, meta.GetOptions{}); err != nil {
		t.Error(err)
	}

	resource, part, _ := strings.Cut(r.resource, "/")
	review := &authorization.SubjectAccessReview{Spec: authorization.SubjectAccessReviewSpec{
		User:   "system:serviceaccount:" + namespace + ":" + name,
		Groups: []string{"system:serviceaccounts", "system:serviceaccounts:" + namespace, "system:authenticated"},
		ResourceAttributes: &authorization.ResourceAttributes{
			Namespace: r.namespace, Verb: r.verb, Group: r.group, Resource: resource, Subresource: part,
		},
	}}

	answer, err := s.AuthorizationV1().SubjectAccessReviews().Create(t.Context(), review, meta.CreateOptions{})
	must(t, err)

	return answer.Status.Allowed
}

func (f flavored) secret(t *testing.T) {
	t.Helper()

	values, err := f.opened.Secret(t.Context(), flavorsSecrets, "registry")
	must(t, err)

	if len(values) != 1 || values["token"] != flavorsToken {
		t.Errorf("there are %d values, or another token", len(values))
	}
}

// model asks the model, then has it scaled to nothing and up again.
func (f flavored) model(t *testing.T) {
	t.Helper()

	uri := f.output("model")
	deployments := f.dev.AppsV1().Deployments(flavorsServices)

	first, err := deployments.Get(t.Context(), "churn", meta.GetOptions{})
	must(t, err)

	for i, replicas := range []int{1, 0, 2} {
		if i > 0 {
			f.scale(replicas)
		}

		live, err := deployments.Get(t.Context(), "churn", meta.GetOptions{})
		must(t, err)

		if live.UID != first.UID || int(live.Status.ReadyReplicas) != replicas || int(*live.Spec.Replicas) != replicas {
			t.Errorf("of %d replicas there are %d ready; the same Deployment: %v", replicas, live.Status.ReadyReplicas, live.UID == first.UID)
		}

		if replicas == 0 {
			continue
		}

		status, text := request(t, http.MethodPost, uri+"/invocations", "", "", `{"inputs": [[1, 2], [3, 4.5]]}`)

		var answer struct{ Predictions []float64 }
		if err := json.Unmarshal([]byte(text), &answer); err != nil || status != http.StatusOK || !slices.Equal(answer.Predictions, []float64{3, 7.5}) {
			t.Errorf("with %d replicas the model answers %d: %s", replicas, status, text)
		}
	}

	if again := f.output("model"); again != uri {
		t.Errorf("the address was %s and is %s", uri, again)
	}
}

// request asks a server, with a login where there is one.
func request(t *testing.T, method, address, user, password, body string) (status int, text string) {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()

	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	must(t, err)

	if user != "" {
		req.SetBasicAuth(user, password)
	}

	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}

	resp, err := http.DefaultClient.Do(req)
	must(t, err)

	defer resp.Body.Close() //nolint:errcheck // nothing is written

	all, err := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	must(t, err)

	return resp.StatusCode, string(all)
}
