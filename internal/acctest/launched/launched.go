// Package launched tries flavors that ZenML starts pods by: what they grant in a cluster, and what they tell ZenML of it.
package launched

import (
	"fmt"
	"maps"
	"reflect"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Site is where Grants are made: the component kube in the namespace runs.
var Site = clustered.Site{Namespace: "runs", Name: "kube"}

// Grants holds what is made to the rights that each account shall have in the namespace, and to those outside of it, as fmt
// prints them. What ZenML calls in a cluster is looked up in its code: a right that is added or dropped has to be one that
// it uses.
func Grants(t *testing.T, made clustered.Launch, want map[string][]string, wide string) {
	t.Helper()

	got := map[string][]string{}

	for _, account := range made.Accounts {
		got[account.Name] = nil
		for _, rule := range account.Rules {
			got[account.Name] = append(got[account.Name], fmt.Sprint(rule))
		}
	}

	if !reflect.DeepEqual(got, want) {
		t.Errorf("rights are %v, want %v", got, want)
	}

	if outside := fmt.Sprint(made.Wide); outside != wide {
		t.Errorf("rights outside of the namespace are %s, want %s", outside, wide)
	}
}

// Tells holds the configuration of the component kube in the namespace runs to what is wanted beside its context, for
// each way into a cluster.
func Tells(t *testing.T, kind flavor.Kind, f flavor.Flavor, beside map[string]any) {
	t.Helper()

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
		want := maps.Clone(beside)
		want["kubernetes_context"] = c.context

		if got := f.Facts(kind, c.subject).Configuration; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: configuration is %v, want %v", name, got, want)
		}
	}
}
