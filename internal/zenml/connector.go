package zenml

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Connector is a ZenML service connector as far as it matters for whether it can serve a component.
type Connector struct {
	// Type is the connector's type: aws, gcp, azure, kubernetes, docker, hyperai, oauth2.
	Type string
	// ResourceTypes are the ones this connector offers; empty means all that the type has.
	ResourceTypes []string
}

// ConnectorTypes maps every connector type to the resource types it offers.
func ConnectorTypes() map[string][]string { return maps.Clone(facts().Connectors) }

func connectorRules() []Rule {
	on := []string{"*/*"}
	return []Rule{
		{
			ID: "zenml-connector-type", On: on, Stage: StageConnector,
			Demand: "The service connector has a type that ZenML knows and the flavor accepts.", Because: "ZenML refuses to link any other.",
			check: checkConnectorType,
		},
		{
			ID: "zenml-connector-resource", On: on, Stage: StageConnector,
			Demand: "The service connector offers the resource the flavor needs.", Because: "ZenML refuses to link a connector without it.",
			check: checkConnectorResource,
		},
		{
			ID: "zenml-connector-resource-id", On: on, Stage: StageConnector,
			Demand: "The field that names the resource to the connector is set.", Because: "ZenML reads the resource's id from it.",
			check: checkConnectorResourceID,
		},
	}
}

func checkConnectorType(s *subject) []fault {
	if s.connector == nil {
		return nil
	}
	known := facts().Connectors
	need := s.flavor.Connector
	switch _, ok := known[s.connector.Type]; {
	case !ok:
		return []fault{{
			message: fmt.Sprintf("ZenML has no service connector type %q.", s.connector.Type),
			fix:     oneOf(s.connector.Type, slices.Collect(maps.Keys(known))),
		}}
	case need == nil:
		return []fault{{
			message: fmt.Sprintf("The %s flavor %q takes no service connector.", strings.ReplaceAll(s.flavor.Type, "_", " "), s.flavor.Name),
			fix:     "Remove the connector and give credentials in the configuration.",
		}}
	case need.Type != "" && need.Type != s.connector.Type:
		return []fault{{
			message: fmt.Sprintf("A connector of type %q cannot serve this flavor.", s.connector.Type),
			fix:     fmt.Sprintf("Use a connector of type %q.", need.Type),
		}}
	}
	return nil
}

func checkConnectorResource(s *subject) []fault {
	if s.connector == nil || s.flavor.Connector == nil {
		return nil
	}
	offered, ok := facts().Connectors[s.connector.Type]
	if !ok {
		return nil // said already
	}
	if len(s.connector.ResourceTypes) > 0 {
		offered = s.connector.ResourceTypes
	}
	wanted := s.flavor.Connector.ResourceType
	if slices.Contains(offered, wanted) {
		return nil
	}
	var able []string
	for name, resources := range facts().Connectors {
		if slices.Contains(resources, wanted) && (s.flavor.Connector.Type == "" || s.flavor.Connector.Type == name) {
			able = append(able, name)
		}
	}
	slices.Sort(able)
	return []fault{{
		message: fmt.Sprintf("The connector offers %s, but this flavor needs %s.", strings.Join(offered, ", "), wanted),
		fix:     "Connector types that can offer it: " + strings.Join(able, ", ") + ".",
	}}
}

func checkConnectorResourceID(s *subject) []fault {
	if s.connector == nil || s.flavor.Connector == nil || s.flavor.Connector.ResourceIDFrom == "" {
		return nil
	}
	field := s.flavor.Connector.ResourceIDFrom
	return objection(s.before(field).set(), field, "a component with a connector needs this field: it names the resource to the connector", "Set it.")
}
