package stack

import (
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

var (
	inCluster   = flavor.Flavor{Meta: flavor.Meta{Name: "pods", Runs: flavor.InCluster, Clustered: true}}
	here        = flavor.Flavor{Meta: flavor.Meta{Name: "here", Runs: flavor.ThisMachine}}
	withTracker = flavor.Flavor{Meta: flavor.Meta{Name: "beside", Runs: flavor.WithTracker}}

	trackers = flavor.Kind{Name: "experiment_tracker", Beside: flavor.WithTracker}
	models   = flavor.Kind{Name: "model_registry"}
	stores   = flavor.Kind{Name: "artifact_store"}
)

// drawn is a component as a stack reads it; cluster is nil or the way and name of one, "k3d/dev".
func drawn(kind flavor.Kind, f flavor.Flavor, name string, cluster any) component {
	return component{
		Component: compose.Component{Slot: kind.Name, Kind: kind.Name, Name: name, Flavor: f.Name, Cluster: cluster}, kind: kind, flavor: f, ok: true,
	}
}

func TestDiagram_GivesEachClusterABoxOfItsOwn(t *testing.T) {
	t.Parallel()

	got := diagram([]component{
		drawn(orchestrators, inCluster, "pipelines", "k3d/dev"), drawn(stores, inCluster, "artifacts", "kubeconfig/dev"),
		drawn(trackers, inCluster, "tracker", "k3d/dev"), drawn(models, withTracker, "models", nil),
	})

	const want = `flowchart LR
  subgraph p0["Kubernetes cluster dev (k3d)"]
    n0["pipelines<br/>orchestrator: pods"]
    n2["tracker<br/>experiment tracker: pods"]
    n3["models<br/>model registry: beside"]
  end
  subgraph p1["Kubernetes cluster dev (kubeconfig)"]
    n1["artifacts<br/>artifact store: pods"]
  end
  n0 --> n1
  n0 --> n2
  n0 --> n3
`
	if got != want {
		t.Errorf("got:\n%s", got)
	}
}

// What lives in no cluster is not where one happens to be given, and what runs beside another is there, unless that is nowhere.
func TestPlace_IsWhereAComponentRuns(t *testing.T) {
	t.Parallel()

	unknown := drawn(trackers, flavor.Flavor{}, "own", nil)
	unknown.ok = false

	for name, c := range map[string]struct {
		all  []component
		want string
	}{
		"in a cluster":                        {[]component{drawn(stores, inCluster, "s", "k3d/a/b")}, "Kubernetes cluster a/b (k3d)"},
		"in a cluster that is left to apply":  {[]component{drawn(stores, inCluster, "s", zenml.Unknown{})}, "Kubernetes cluster"},
		"here, with a cluster":                {[]component{drawn(stores, here, "s", "k3d/dev")}, "This machine"},
		"beside a tracker":                    {[]component{drawn(models, withTracker, "m", nil), drawn(trackers, here, "t", nil)}, "This machine"},
		"beside a custom tracker":             {[]component{drawn(models, withTracker, "m", nil), unknown}, "Custom flavors"},
		"beside no tracker":                   {[]component{drawn(models, withTracker, "m", nil)}, "With the experiment tracker"},
		"beside one that is beside a tracker": {[]component{drawn(models, withTracker, "m", nil), drawn(trackers, withTracker, "t", nil)}, "With the experiment tracker"},
		"custom":                              {[]component{unknown}, "Custom flavors"},
	} {
		if got := place(c.all[0], c.all).String(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A stack waits for the clusters of its components: a diagram without their names would be another one after apply.
func TestComponent_WaitsForItsCluster(t *testing.T) {
	t.Parallel()

	of := func(reference any) component {
		return readComponent(orchestrators, "orchestrator", slotOf(map[string]any{"cluster": map[string]any{"name": "dev", "reference": reference}}))
	}

	if c := of(map[string]any{"type": "eks", "name": "dev", "account": zenml.Unknown{}}); c.known() {
		t.Error("the cluster's account is unknown")
	}

	if c := of(map[string]any{"type": "k3d", "name": "dev"}); !c.known() || c.Cluster != "k3d/dev" {
		t.Errorf("everything is known: %v", c.Cluster)
	}

	if c := of(nil); !c.known() || c.Cluster != nil {
		t.Errorf("there is no reference to wait for: %v", c.Cluster)
	}
}

// Whatever a name is made of, a diagram has as many lines as it should, and each label ends where it should.
func TestDiagram_KeepsOddNamesInTheirLabels(t *testing.T) {
	t.Parallel()

	for given, want := range map[string]string{
		`a"]; click n0 "javascript:x"`: "a#34;]#59; click n0 #34;javascript#58;\u2060x#34;",
		"<b>&amp;#quot;":               `#60;b#62;#38;amp#59;#35;quot#59;`,
		"`md`":                         `#96;md#96;`,
		"%%{init: {}}%%":               "#37;#37;{init#58;\u2060 {}}#37;#37;",
		"a\nb\r\u2028\x00\u0085":       "a b    ",
		`back\slash`:                   "back#92;\u2060slash",
		"Überprüfung-مخزن":             "Überprüfung-مخزن",
	} {
		got := diagram([]component{drawn(orchestrators, here, given, nil), drawn(stores, here, "s", nil)})
		if !strings.Contains(got, `    n0["`+want+`<br/>orchestrator: here"]`+"\n") || strings.Count(got, "\n") != 6 {
			t.Errorf("%q: got\n%s", given, got)
		}
	}
}
