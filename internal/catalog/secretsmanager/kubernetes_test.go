package secretsmanager

import (
	"encoding/base64"
	"fmt"
	"slices"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

func TestKubernetes_MayUseSecretsOfItsNamespaceAlone(t *testing.T) {
	t.Parallel()

	site := clustered.Site{Namespace: "ml-secrets", Name: "main"}

	for _, readOnly := range []bool{false, true} {
		role := secretsObjects(site, kubernetesConfig{ReadOnly: readOnly})[1]
		if role.GetKind() != "Role" || role.GetNamespace() != "ml-secrets" {
			t.Fatalf("rights are %v", role.Object)
		}

		rule, _ := role.Object["rules"].([]any)[0].(map[string]any) //nolint:forcetypeassert // it is one
		if fmt.Sprint(rule["resources"]) != "[secrets]" {
			t.Errorf("rights on %v", rule["resources"])
		}

		verbs, _ := rule["verbs"].([]any)
		for _, verb := range []any{"create", "update", "patch", "delete"} {
			if slices.Contains(verbs, verb) == readOnly {
				t.Errorf("read only %v: may %v", readOnly, verbs)
			}
		}
	}
}

func TestKubernetes_MakesSecretsOfWhatIsWritten(t *testing.T) {
	t.Parallel()

	one := int64(1)

	made := userSecrets(clustered.Site{Namespace: "ml-secrets"}, kubernetesConfig{
		Secrets: map[string]map[string]string{"wandb": {"api_key": "k"}, "github": {"user": "u", "token": "t"}}, SecretsVersion: &one,
	})

	data, _ := made["github"].Object["data"].(map[string]any)
	if len(made) != 2 || len(data) != 2 || data["token"] != base64.StdEncoding.EncodeToString([]byte("t")) || made["wandb"].GetNamespace() != "ml-secrets" {
		t.Errorf("made %v", made)
	}

	if names := namesOf(made); names != `["github","wandb"]` {
		t.Errorf("names are %s", names)
	}

	if names := namesOf(nil); names != `[]` {
		t.Errorf("no names are %s", names)
	}
}

func TestKubernetes_HasANamespaceOfItsOwn(t *testing.T) {
	t.Parallel()

	if ownNamespace == clustered.DefaultNamespace {
		t.Error("whoever reads these secrets would read the credentials of all components")
	}

	facts := Kubernetes.Facts(Kind(), flavor.Subject{Name: "main", Values: flavor.Values{"namespace": ownNamespace}})
	if facts.ZenML != nil || facts.Configuration != nil || facts.URI != nil {
		t.Errorf("facts are %+v", facts)
	}
}
