package registration

import (
	"maps"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
)

// The labels by which objects on a server are known again.
const (
	// markStack names the stack that an object was made for.
	markStack = "mlstacks:stack"
	// markIncarnation tells this making of a registration from another of the same name; only stacks have it.
	markIncarnation = "mlstacks:registration"
	// markUnfinished is on a stack while it is being registered: one that has it still was left by a run that was killed. Only
	// such a one is taken over; any other belongs to whoever has it in a state.
	markUnfinished = "mlstacks:unfinished"
	// markSchema stands in the schema of a flavor, which has no labels.
	markSchema = "$comment"
	ourSchema  = "made by mlstacks"
)

// owned is what of a server belongs to a registration: ids by keys.
type owned struct {
	stack       string
	components  map[string]string
	connectors  map[string]string
	flavors     map[string]string
	secrets     map[string]string
	incarnation string
}

func newOwned() owned {
	return owned{components: map[string]string{}, connectors: map[string]string{}, flavors: map[string]string{}, secrets: map[string]string{}}
}

// forget takes a component out, by its id.
func (o owned) forget(component string) {
	maps.DeleteFunc(o.components, func(_, id string) bool { return id == component })
}

// marked says which stack an object was made for; empty for an object of somebody else.
func marked(labels map[string]any) string {
	name, _ := labels[markStack].(string)

	return name
}

// labeled are the labels an object is to have: those that it has, without those of ours that are not wanted any more,
// with those that are, and marks.
func labeled(has map[string]any, former, want map[string]string, marks map[string]string) map[string]any {
	return relabeled(has, former, func(value string) any { return value }, want, marks)
}

// relabeled is labeled for values of any type, which as makes of texts.
func relabeled[V any](has map[string]V, former map[string]string, as func(string) V, wanted ...map[string]string) map[string]V {
	all := map[string]V{}
	maps.Copy(all, has)

	for name := range former {
		delete(all, name)
	}

	for _, labels := range wanted {
		for name, value := range labels {
			all[name] = as(value)
		}
	}

	return all
}

// sameLabels compares labels by their texts.
func sameLabels(a, b map[string]any) bool {
	return maps.EqualFunc(a, b, func(x, y any) bool { return text(x) == text(y) })
}

// differs says what of a component is not as it is wanted; empty where nothing is. Labels are compared apart.
func differs(has, want zenserver.Component) string {
	switch {
	case has.Name != want.Name:
		return "is called \"" + has.Name + "\""
	case has.Flavor != want.Flavor:
		return "has the flavor \"" + has.Flavor + "\""
	case !sameConfiguration(has.Configuration, want.Configuration):
		return "is configured otherwise: " + difference(has.Configuration, want.Configuration)
	case has.ConnectorName != want.ConnectorName:
		return "uses " + connectorWords(has.ConnectorName)
	case want.ConnectorName != "" && has.ResourceID != want.ResourceID:
		return "uses another resource of the service connector"
	}

	return ""
}

func connectorWords(name string) string {
	if name == "" {
		return "no service connector"
	}

	return "the service connector \"" + name + "\""
}
