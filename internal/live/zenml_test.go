package live_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/k3d"
)

const (
	zenMLNamespace = "zenml"
	zenMLAddress   = "mlstacks_mlops_platform.zenml"
	zenMLTeam      = "mlstacks_mlops_platform.team"

	// zenMLPassword is handed over to a server that has another one. The search at the end looks for it.
	zenMLPassword = "Wd8xPq4nZs6vKb3mRt7y"
	// zenMLValue is the value of a secret in ZenML.
	zenMLValue = "Ga2jLc9uTe5hXo1iYf6w"
)

// zenMLConfiguration is a server on a volume and one on a database, and somebody who is handed the credentials of the first.
// It takes the image of the servers as a line, more lines of the first server, and a place for the credentials.
const zenMLConfiguration = `
variable "password" {
  type      = string
  ephemeral = true
}

resource "mlstacks_mlops_platform" "zenml" {
  name    = "zenml"
  cluster = data.mlstacks_cluster.dev
  zenml = {
    namespace = "zenml"
    storage   = "128Mi"
    expose    = { type = "node_port" }
    %[1]s
    %[2]s
  }
  timeouts = { create = "3m", update = "3m", delete = "2m" }
}

resource "mlstacks_mlops_platform" "team" {
  name    = "team"
  cluster = data.mlstacks_cluster.dev
  zenml = {
    namespace      = "zenml"
    metadata_store = mlstacks_metadata_store.records
    expose         = { type = "node_port" }
    %[1]s
  }
  timeouts = { create = "3m", update = "3m", delete = "2m" }
}

ephemeral "mlstacks_credentials" "zenml" {
  component = mlstacks_mlops_platform.zenml
}
resource "terraform_data" "client" {
  triggers_replace = mlstacks_mlops_platform.zenml.uri
  provisioner "local-exec" {
    command     = "umask 077; printenv LOGIN > $PLACE/login"
    environment = {
      PLACE = %[3]q
      LOGIN = jsonencode({ username = ephemeral.mlstacks_credentials.zenml.username, password = ephemeral.mlstacks_credentials.zenml.password })
    }
  }
}

output "zenml" { value = mlstacks_mlops_platform.zenml.uri }
output "team" { value = mlstacks_mlops_platform.team.uri }
`

// served is a configuration with two servers, and where the credentials of one of them are put.
type served struct {
	lodged

	place string
}

// One test, since starting a server is most of its time.
func TestZenML_LivesInARealCluster(t *testing.T) {
	t.Parallel()

	images := k3d.Require(t)
	z := &served{lodged: lodge(t, images, images.ZenML, images.MySQL), place: t.TempDir()}
	z.secrets.add("password of the server, as it was handed over", zenMLPassword)
	z.hand("password=" + zenMLPassword)

	z.with("")
	z.apply()

	for _, step := range []struct {
		what string
		do   func(*testing.T)
	}{
		{"it answers as soon as apply says done, and takes the login that is handed out", z.login},
		{"a second plan has nothing to do", func(*testing.T) { z.settled() }},
		{"what is secret is not written as it is", z.encrypted},
		{"deleted by hand, it is made again with what it held", z.repaired},
		{"another image and another password keep what it held", z.changed},
		{"what it holds is kept unless somebody gives it up", z.kept},
	} {
		t.Log(step.what)
		step.do(t)
	}

	z.destroy()
	z.dev.gone(zenMLNamespace)

	volumes, err := z.dev.CoreV1().PersistentVolumes().List(t.Context(), meta.ListOptions{})
	must(t, err)

	for _, volume := range volumes.Items {
		if claim := volume.Spec.ClaimRef; claim != nil && claim.Namespace == zenMLNamespace && volume.DeletionTimestamp == nil {
			t.Errorf("volume %s of %s is left", volume.Name, claim.Name)
		}
	}
}

// with writes the configuration, with more lines for the server on the volume.
func (z *served) with(more ...string) {
	z.t.Helper()

	z.write(z.dev.lookup() + mysql("records", zenMLNamespace, z.images.MySQL) +
		fmt.Sprintf(zenMLConfiguration, imageLine(z.images.ZenML), strings.Join(more, "\n    "), z.place))
}

func (z *served) login(t *testing.T) {
	t.Helper()

	for _, server := range []string{"zenml", "team"} {
		if status, text := request(t, http.MethodGet, z.output(server)+"/ready", "", "", ""); status != http.StatusOK {
			t.Errorf("%s is not ready: %d %s", server, status, text)
		}

		if found := z.ask(t, server, http.MethodGet, "stacks", ""); !strings.Contains(found, `"total":1,`) {
			t.Errorf("%s has other stacks than one: %s", server, found)
		}
	}

	text, err := os.ReadFile(filepath.Join(z.place, "login"))
	must(t, err)

	var login struct{ Username, Password string }
	must(t, json.Unmarshal(text, &login))

	if login.Username != "admin" || z.token(t, "zenml", login.Username, login.Password) == "" {
		t.Errorf("%s is not let in with what was handed out", login.Username)
	}

	if z.token(t, "zenml", "admin", "") != "" || z.token(t, "zenml", "admin", "password1234") != "" {
		t.Error("a wrong password is let in")
	}
}

func (z *served) repaired(t *testing.T) {
	t.Helper()
	must(t, z.dev.AppsV1().Deployments(zenMLNamespace).Delete(t.Context(), "zenml", meta.DeleteOptions{}))

	p := z.plan()
	z.will(p, map[string]string{zenMLAddress: "update", zenMLTeam: "nothing"})

	if !strings.Contains(p.drift(zenMLAddress), "Deployment/zenml does not exist") {
		t.Errorf("the plan does not say what is missing:\n%s", p.text)
	}

	z.apply()
	z.settled()
	z.remembered(t)
}

// changed gives the server another image, as far as that can be told by its name, and another password.
func (z *served) changed(t *testing.T) {
	t.Helper()

	if z.images.Offline {
		next := z.images.ZenML + "-next"
		must(t, exec.CommandContext(t.Context(), "docker", "tag", z.images.ZenML, next).Run())

		t.Cleanup(func() { _ = exec.Command("docker", "image", "rm", next).Run() }) //nolint:noctx // after the test's time

		must(t, k3d.Import(t.Context(), z.dev.name, next))

		z.images.ZenML = next
	}

	before := z.pod(t)
	z.with("password_wo = var.password", "password_wo_version = 1")
	z.apply()
	z.settled()

	if z.images.Offline && z.pod(t) == before {
		t.Error("another image has made no other pod")
	}

	if z.token(t, "zenml", "admin", zenMLPassword) == "" {
		t.Error("the new password is not let in")
	}

	z.remembered(t)
}

func (z *served) kept(t *testing.T) {
	t.Helper()

	z.fails([]string{"destroy", "-auto-approve", "-target=" + zenMLAddress},
		`Cannot delete mlops platform "zenml"`, `there is secret "probe"`, "force_destroy = true")
	z.fails([]string{"destroy", "-auto-approve", "-target=" + zenMLTeam},
		`Cannot delete mlops platform "team"`, `there is secret "probe"`, "the key", "force_destroy = true")
	z.remembered(t)

	// What is as it began needs nobody's consent, and what was given up is not asked for.
	var page struct{ Items []struct{ ID string } }

	must(t, json.Unmarshal([]byte(z.ask(t, "team", http.MethodGet, "secrets", "")), &page))
	z.ask(t, "team", http.MethodDelete, "secrets/"+page.Items[0].ID, "")
	z.with("password_wo = var.password", "password_wo_version = 1", "force_destroy = true")
	z.apply()
}
