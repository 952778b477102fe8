package live_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

// A provisioner stands for another provider: it is one of the few that may take what is ephemeral.
const taken = `
ephemeral "mlstacks_kubeconfig" "dev" {
  cluster = data.mlstacks_cluster.dev
}
ephemeral "mlstacks_credentials" "store" {
  component = mlstacks_artifact_store.main
  lifecycle {
    postcondition {
      condition     = length(self.username) == 20 && length(self.password) == 32
      error_message = "These are not the credentials of the store."
    }
  }
}
resource "terraform_data" "client" {
  provisioner "local-exec" {
    command     = "umask 077; printenv KUBECONFIG_TEXT > $PLACE/kubeconfig; printenv PARTS > $PLACE/parts"
    environment = {
      PLACE           = "PLACE"
      KUBECONFIG_TEXT = ephemeral.mlstacks_kubeconfig.dev.kubeconfig
      PARTS           = jsonencode({
        host        = ephemeral.mlstacks_kubeconfig.dev.host
        authority   = ephemeral.mlstacks_kubeconfig.dev.cluster_ca_certificate
        certificate = ephemeral.mlstacks_kubeconfig.dev.client_certificate
        key         = ephemeral.mlstacks_kubeconfig.dev.client_key
        token       = ephemeral.mlstacks_kubeconfig.dev.token
        user        = ephemeral.mlstacks_credentials.store.username
        password    = ephemeral.mlstacks_credentials.store.password
        values      = ephemeral.mlstacks_credentials.store.values
      })
    }
  }
}
`

func TestEphemerals_OpenTheClusterAndTheStore(t *testing.T) {
	t.Parallel()

	dev, images := common(t)
	place := t.TempDir()
	w := open(t, dev.name, dev.lookup()+store("main", "opened", images.Minio)+strings.Replace(taken, `"PLACE"`, `"`+place+`"`, 1))
	w.does("plan", "-out=1.plan") // not shown as JSON: Terraform 1.11 panics at conditions of ephemeral resources
	w.apply()
	w.settled()

	text, err := os.ReadFile(filepath.Join(place, "parts"))
	must(t, err)

	var parts struct {
		Host, Authority, Certificate, Key, Token, User, Password string
		Values                                                   map[string]string
	}

	must(t, json.Unmarshal(text, &parts))

	fromFile, err := clientcmd.BuildConfigFromFlags("", filepath.Join(place, "kubeconfig"))
	must(t, err)

	for name, config := range map[string]*rest.Config{
		"the kubeconfig": fromFile,
		"its parts": {Host: parts.Host, BearerToken: parts.Token, TLSClientConfig: rest.TLSClientConfig{
			CAData: []byte(parts.Authority), CertData: []byte(parts.Certificate), KeyData: []byte(parts.Key),
		}},
	} {
		found, err := clients(t, config).CoreV1().Secrets("opened").Get(t.Context(), "main-credentials", meta.GetOptions{})
		if err != nil || string(found.Data["root-password"]) != parts.Password || string(found.Data["root-user"]) != parts.User {
			t.Errorf("with %s: %v, and the password is another or the same", name, err)
		}
	}

	if parts.Values["root-password"] != parts.Password {
		t.Error("values has another password")
	}

	w.destroy()
	dev.gone("opened")
}

func TestImport_OfWhatIsThereReplacesNothing(t *testing.T) {
	t.Parallel()

	dev, images := common(t)
	configuration := dev.lookup() + store("main", "imported", images.Minio)
	w := open(t, dev.name, configuration)
	w.apply()

	secret := func() map[string]string {
		opened, err := kube.New(dev.config)
		must(t, err)

		values, err := opened.Secret(t.Context(), "imported", "main-credentials")
		must(t, err)

		return values
	}
	before := secret()

	must(t, os.Rename(filepath.Join(w.Dir, "terraform.tfstate"), filepath.Join(w.Dir, "lost.tfstate")))

	w.write(configuration + importing(storeAddress, "minio/k3d/"+dev.name+"/imported/main"))

	p := w.plan()
	if action := p.of(storeAddress); action != "nothing" && action != "update" || !strings.Contains(p.text, "1 to import") {
		t.Errorf("the imported store: %s\n%s", action, p.text)
	}

	w.apply()
	w.settled()

	if after := secret(); after["root-password"] != before["root-password"] {
		t.Error("the import has changed the password")
	}

	w.destroy()
	dev.gone("imported")

	// The cluster is only planned: it is the one that all tests share.
	c := open(t, dev.name, made(dev.name, images.Node)+importing(clusterAddress, "k3d/"+dev.name))

	p = c.plan()
	if action := p.of(clusterAddress); action != "nothing" && action != "update" || !strings.Contains(p.text, "1 to import") {
		t.Errorf("the imported cluster: %s\n%s", action, p.text)
	}
}

func importing(address, id string) string {
	return "import {\n  to = " + address + "\n  id = \"" + id + "\"\n}\n"
}
