package stack

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

func slotOf(more map[string]any) map[string]any {
	plain := map[string]any{
		"name": "c", "type": "orchestrator", "flavor": "custom/kubernetes", "uri": nil, "provides": nil, "connector": nil,
		"zenml": map[string]any{"flavor": "kubernetes", "configuration": map[string]any{}},
	}
	maps.Copy(plain, more)

	return plain
}

var orchestrators = flavor.Kind{Name: "orchestrator", ZenML: true, Pipelines: true}

// Nothing that is unknown of a component counts as absent, and a stack waits with its exports until all of it is known.
func TestReadComponent_KeepsWhatIsUnknown(t *testing.T) {
	t.Parallel()

	connector := map[string]any{"type": "kubernetes", "name": "k", "resource_types": []any{"kubernetes-cluster"}}
	with := func(name string, value any) map[string]any {
		changed := maps.Clone(connector)
		changed[name] = value

		return changed
	}

	for name, c := range map[string]struct {
		slot                          map[string]any
		known                         bool
		connectorOpen, abilitiesOpen  bool
		unknown                       bool
		provides                      []string
		connectorType, zenmlFlavorOut string
	}{
		"all known":                       {slot: slotOf(nil), known: true, zenmlFlavorOut: "kubernetes"},
		"connector":                       {slot: slotOf(map[string]any{"connector": connector}), known: true, connectorType: "kubernetes", zenmlFlavorOut: "kubernetes"},
		"name of the connector unknown":   {slot: slotOf(map[string]any{"connector": with("name", zenml.Unknown{})}), known: true, connectorType: "kubernetes", zenmlFlavorOut: "kubernetes"},
		"connector unknown":               {slot: slotOf(map[string]any{"connector": zenml.Unknown{}}), connectorOpen: true, zenmlFlavorOut: "kubernetes"},
		"type of the connector unknown":   {slot: slotOf(map[string]any{"connector": with("type", zenml.Unknown{})}), connectorOpen: true, zenmlFlavorOut: "kubernetes"},
		"its resource types unknown":      {slot: slotOf(map[string]any{"connector": with("resource_types", zenml.Unknown{})}), connectorOpen: true, zenmlFlavorOut: "kubernetes"},
		"one of its resource types":       {slot: slotOf(map[string]any{"connector": with("resource_types", []any{zenml.Unknown{}})}), connectorOpen: true, zenmlFlavorOut: "kubernetes"},
		"abilities unknown":               {slot: slotOf(map[string]any{"provides": zenml.Unknown{}}), abilitiesOpen: true, zenmlFlavorOut: "kubernetes"},
		"one ability unknown":             {slot: slotOf(map[string]any{"provides": []any{"s3", zenml.Unknown{}}}), abilitiesOpen: true, provides: []string{"s3"}, zenmlFlavorOut: "kubernetes"},
		"abilities":                       {slot: slotOf(map[string]any{"provides": []any{"s3"}}), known: true, provides: []string{"s3"}, zenmlFlavorOut: "kubernetes"},
		"ZenML's view unknown":            {slot: slotOf(map[string]any{"zenml": zenml.Unknown{}}), unknown: true},
		"ZenML's flavor unknown":          {slot: slotOf(map[string]any{"zenml": map[string]any{"flavor": zenml.Unknown{}, "configuration": map[string]any{}}}), unknown: true},
		"ZenML's configuration unknown":   {slot: slotOf(map[string]any{"zenml": map[string]any{"flavor": "kubernetes", "configuration": zenml.Unknown{}}}), zenmlFlavorOut: "kubernetes"},
		"a flavor that ZenML has none of": {slot: slotOf(map[string]any{"zenml": nil}), known: true},
		"flavor unknown":                  {slot: slotOf(map[string]any{"flavor": zenml.Unknown{}}), unknown: true},
		"name unknown":                    {slot: slotOf(map[string]any{"name": zenml.Unknown{}}), zenmlFlavorOut: "kubernetes"},
		"address unknown":                 {slot: slotOf(map[string]any{"uri": zenml.Unknown{}}), zenmlFlavorOut: "kubernetes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got := readComponent(orchestrators, "orchestrator", c.slot)
			if got.known() != c.known || got.Unknown != c.unknown || got.ConnectorUnknown != c.connectorOpen || got.ProvidesUnknown != c.abilitiesOpen {
				t.Errorf("known %v, unknown %v, connector unknown %v, abilities unknown %v", got.known(), got.Unknown, got.ConnectorUnknown, got.ProvidesUnknown)
			}

			if (got.Connector == nil) != (c.connectorType == "") || (got.Connector != nil && got.Connector.Type != c.connectorType) {
				t.Errorf("connector %+v, want %q", got.Connector, c.connectorType)
			}

			if !slices.Equal(got.Provides, c.provides) || got.ZenML != c.zenmlFlavorOut {
				t.Errorf("provides %v as %q, want %v as %q", got.Provides, got.ZenML, c.provides, c.zenmlFlavorOut)
			}
		})
	}
}

func TestContent_WaitsForWhatItMayWaive(t *testing.T) {
	t.Parallel()

	for name, value := range map[string]any{"all": zenml.Unknown{}, "one": []any{"plain-http-with-remote", zenml.Unknown{}}} {
		waive, more := readTexts(value)
		if s := (content{name: "s", waive: waive, waiveUnknown: more}); s.settled() {
			t.Errorf("%s unknown: the findings wait for what is waived", name)
		}
	}

	if waive, more := readTexts([]any{"a", "b"}); more || !slices.Equal(waive, []string{"a", "b"}) {
		t.Errorf("got %v, %v", waive, more)
	}

	if !(content{name: "s"}).settled() {
		t.Error("everything is known")
	}
}

func TestExports_ReportWhatCannotBeWritten(t *testing.T) {
	t.Parallel()

	odd := component{kind: orchestrators, Component: compose.Component{Slot: "orchestrator", Kind: "orchestrator", Flavor: "custom/x", Name: "odd"}}
	odd.facts = flavor.Facts{ZenML: "x", Configuration: map[string]any{"channel": make(chan int)}}

	r := New(nil, func() []compose.Candidate { return nil })
	if _, err := r.exports(content{name: "s", components: []component{odd}}); err == nil || !strings.Contains(err.Error(), "odd") {
		t.Errorf("want an error that names the component, got %v", err)
	}

	var into tftypes.Value
	if said := r.answer(tftypes.NewValue(tftypes.String, "no stack"), &into); !said.HasError() || said[0].Summary() != "Provider bug" {
		t.Errorf("want a provider bug, got %v", said)
	}
}
