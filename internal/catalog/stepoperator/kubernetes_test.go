package stepoperator

import (
	"fmt"
	"maps"
	"reflect"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// What ZenML calls in a cluster is looked up in its code: a right that is added or dropped here has to be one that it uses.
func TestKubernetes_GrantsWhatZenMLCallsAndNothingElse(t *testing.T) {
	t.Parallel()

	for _, c := range []struct {
		cfg  kubernetesConfig
		want map[string][]string
		wide string
	}{
		{kubernetesConfig{}, map[string][]string{
			"kube-step-operator": nil,
			"kube-step-operator-client": {
				"{batch jobs [] [create list delete]}",
				"{ services [] [create]}",
			},
		}, "[]"},
	} {
		made := kubernetesAccounts(clustered.Site{Namespace: "runs", Name: "kube"}, c.cfg)
		got := map[string][]string{}

		for _, account := range made.Accounts {
			got[account.Name] = nil
			for _, rule := range account.Rules {
				got[account.Name] = append(got[account.Name], fmt.Sprint(rule))
			}
		}

		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("rights are %v, want %v", got, c.want)
		}

		if wide := fmt.Sprint(made.Wide); wide != c.wide {
			t.Errorf("rights outside of the namespace are %s, want %s", wide, c.wide)
		}
	}
}

func TestKubernetes_TellsZenMLWhereAndAsWhom(t *testing.T) {
	t.Parallel()

	kind := Kind()
	place := flavor.Values{"namespace": "runs", "kubernetes_context": "", "resource_quota": map[string]any{"pods": "3"}, "granted_to": []any{"a"}}
	named := maps.Clone(place)
	named["kubernetes_context"] = "admin@prod"

	k3d := map[string]any{"name": "dev", "reference": map[string]any{"type": "k3d", "name": "dev"}}
	kubeconfig := map[string]any{"name": "prod", "reference": map[string]any{"type": "kubeconfig", "path": "/srv/config", "context": "prod"}}

	for name, c := range map[string]struct {
		subject flavor.Subject
		context any
	}{
		"k3d":                  {flavor.Subject{Name: "kube", Values: place, Cluster: k3d}, "k3d-dev"},
		"kubeconfig":           {flavor.Subject{Name: "kube", Values: place, Cluster: kubeconfig}, "prod"},
		"a context of its own": {flavor.Subject{Name: "kube", Values: named, Cluster: k3d}, "admin@prod"},
		"an unknown cluster":   {flavor.Subject{Name: "kube", Values: place, Cluster: zenml.Unknown{}}, zenml.Unknown{}},
	} {
		want := map[string]any{"kubernetes_namespace": "runs", "service_account_name": "kube-step-operator", "kubernetes_context": c.context}
		if got := Kubernetes.Facts(kind, c.subject).Configuration; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: configuration is %v, want %v", name, got, want)
		}
	}
}
