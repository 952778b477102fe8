package registration

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/stack"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// addStack takes over the components that ZenML has types and flavors for.
func (w *wanted) addStack(whole stack.Whole) {
	w.name = whole.Name()

	if !whole.Known() {
		return
	}

	w.required = whole.RequiredSecrets()

	seen := map[string]bool{}

	for _, of := range whole.Parts() {
		if of.ZenML == "" || !of.Kind.ZenML {
			continue
		}

		p := part{slot: of.Slot, Component: zenserver.Component{
			Name: of.Name, Type: of.Kind.Name, Flavor: of.ZenML, Configuration: of.Configuration, ConnectorName: of.ConnectorName,
		}}

		if p.Configuration == nil {
			p.Configuration = map[string]any{}
		}

		if of.ConnectorName != "" {
			p.ResourceID = resourceID(p.Component)
		}

		if !seen[p.key()] { // a component in two slots of a stack is one component
			w.parts = append(w.parts, p)
			seen[p.key()] = true
		}
	}
}

// resourceID is what of a connector's resources a component uses, where its configuration says so.
func resourceID(c zenserver.Component) string {
	of, ok := zenml.Lookup(c.Type, c.Flavor)
	if !ok || of.Connector == nil || of.Connector.ResourceIDFrom == "" {
		return ""
	}

	id, _ := c.Configuration[of.Connector.ResourceIDFrom].(string)

	return id
}
