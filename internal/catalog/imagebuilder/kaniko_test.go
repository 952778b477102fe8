package imagebuilder

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

func builder(v flavor.Values, outputs any) flavor.Subject {
	whole := flavor.Values{"namespace": "ml", "kubernetes_context": "", "registry_secret": ""}
	maps.Copy(whole, v)

	return flavor.Subject{
		Name: "builds", Values: whole, Outputs: outputs,
		Cluster: map[string]any{"name": "dev", "reference": map[string]any{"type": "k3d", "name": "dev"}},
	}
}

func TestKaniko_TellsZenMLWhereAndAsWhomToBuild(t *testing.T) {
	t.Parallel()

	facts := Kaniko.Facts(Kind(), builder(nil, map[string]any{"executor_image": "mirror.example.com/kaniko:1"}))

	for name, want := range map[string]any{
		"kubernetes_context": "k3d-dev", "kubernetes_namespace": "ml", "service_account_name": "builds", "executor_image": "mirror.example.com/kaniko:1",
	} {
		if facts.Configuration[name] != want {
			t.Errorf("%s is %v, want %v", name, facts.Configuration[name], want)
		}
	}

	if facts.Configuration["volumes"] != nil {
		t.Error("a login is mounted that is not there")
	}

	own := Kaniko.Facts(Kind(), builder(flavor.Values{"kubernetes_context": "mine"}, nil))
	if own.Configuration["kubernetes_context"] != "mine" {
		t.Errorf("context is %v", own.Configuration["kubernetes_context"])
	}
}

func TestKaniko_MountsTheLoginOfTheRegistry(t *testing.T) {
	t.Parallel()

	registry := map[string]any{"name": "images"}

	for want, s := range map[string]flavor.Subject{
		"own":             builder(flavor.Values{"registry_secret": "own"}, zenml.Unknown{}),
		"builds-registry": builder(flavor.Values{"container_registry": registry}, map[string]any{"registry_secret": "builds-registry"}),
		"":                builder(flavor.Values{"container_registry": registry}, map[string]any{}),
	} {
		facts := Kaniko.Facts(Kind(), s)
		if facts.Open {
			t.Errorf("%q: open", want)
		}

		got := ""

		if volumes, ok := facts.Configuration["volumes"].([]any); ok {
			got, _ = volumes[0].(map[string]any)["secret"].(map[string]any)["secretName"].(string)
		}

		if got != want {
			t.Errorf("mounted %q, want %q", got, want)
		}
	}

	for what, s := range map[string]flavor.Subject{
		"registry": builder(flavor.Values{"container_registry": zenml.Unknown{}}, nil),
		"secret":   builder(flavor.Values{"registry_secret": zenml.Unknown{}}, nil),
		"login":    builder(flavor.Values{"container_registry": registry}, zenml.Unknown{}),
	} {
		if !Kaniko.Facts(Kind(), s).Open {
			t.Errorf("unknown %s: nothing more can follow", what)
		}
	}
}

func TestKaniko_RefusesARegistryWithoutALoginToCopy(t *testing.T) {
	t.Parallel()

	for name, refused := range map[string]bool{"distribution": false, "k3d": false, "ghcr": true, "custom/own": true} {
		problems := Kaniko.Check(Kind(), builder(flavor.Values{
			"container_registry": map[string]any{"name": "r", "flavor": name, "outputs": map[string]any{}},
		}, nil))
		if (len(problems) > 0) != refused {
			t.Errorf("%s: %v", name, problems)
		}
	}
}

func TestKaniko_BuildsGetNoToken(t *testing.T) {
	t.Parallel()

	objects := buildersPlace(clustered.Site{Namespace: "ml", Name: "builds"}, kanikoConfig{})

	account := objects[0]
	if account.GetKind() != "ServiceAccount" || account.Object["automountServiceAccountToken"] != false {
		t.Errorf("account is %v", account.Object)
	}

	if rules := fmt.Sprint(objects[1].Object["rules"]); strings.Contains(rules, "secrets") || strings.Contains(rules, "*") {
		t.Errorf("whoever starts builds may %s", rules)
	}
}

func TestKaniko_TheMirrorGoesBeforeTheDefaultImage(t *testing.T) {
	t.Parallel()

	site := clustered.Site{Name: "builds", Input: flavor.Input{ImageRegistry: "mirror.example.com/all"}}
	registry := &clustered.Component{Outputs: map[string]string{"pull_secret": "images-pull"}}

	outputs := kanikoObjects.Outputs(site, kanikoConfig{ExecutorImage: charts.KanikoImage, Registry: registry})
	if outputs["executor_image"] == charts.KanikoImage || outputs["registry_secret"] != "builds-registry" {
		t.Errorf("told %v", outputs)
	}

	if own := kanikoObjects.Outputs(site, kanikoConfig{ExecutorImage: "own:1"}); own["executor_image"] != "own:1" || own["registry_secret"] != "" {
		t.Errorf("told %v", own)
	}
}
