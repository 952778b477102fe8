package zenserver

import (
	"encoding/json"
	"maps"
)

// Component is a stack component. As part of a Stack it has ID, Name, Type and Flavor only.
type Component struct {
	ID, Name, Type, Flavor string
	// Configuration is what the server keeps, with references to secrets as they are written.
	Configuration map[string]any
	// Labels are all of them; the values are those of JSON.
	Labels map[string]any
	// Connector is the id of the service connector; empty where there is none.
	Connector string
	// ConnectorName is its name.
	ConnectorName string
	// ResourceID is what of the connector's resources the component uses; empty where it does not say.
	ResourceID string
}

// Stack is a registered stack.
type Stack struct {
	ID, Name string
	Labels   map[string]any
	// Components are those of each type in the order of the server, the default one first.
	Components map[string][]Component
}

// Secret is a secret that the server holds.
type Secret struct {
	ID, Name string
	// Values are there where one secret was asked for, and empty in a list.
	Values map[string]string
}

// Connector is a service connector.
type Connector struct {
	ID, Name, Type, AuthMethod string
	ResourceTypes              []string
	ResourceID                 string
	// Configuration has the secrets in it where the server shows them.
	Configuration map[string]any
	Labels        map[string]string
}

// Flavor is a flavor that the server knows.
type Flavor struct {
	ID, Name, Type, Source string
	Schema                 map[string]any
	Custom                 bool
}

// Info is what a server says of itself to anybody.
type Info struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Version      string `json:"version"`
	DashboardURL string `json:"dashboard_url"`
}

// The shapes in which the server sends objects: what identifies one stands at the top, the rest in body and metadata.

type wireComponent struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Body struct {
		Type   string `json:"type"`
		Flavor string `json:"flavor_name"`
	} `json:"body"`
	Metadata struct {
		Configuration map[string]any `json:"configuration"`
		Labels        map[string]any `json:"labels"`
		ResourceID    string         `json:"connector_resource_id"`
		Connector     *struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"connector"`
	} `json:"metadata"`
}

func (w wireComponent) object() Component {
	c := Component{
		ID: w.ID, Name: w.Name, Type: w.Body.Type, Flavor: w.Body.Flavor,
		Configuration: w.Metadata.Configuration, Labels: w.Metadata.Labels, ResourceID: w.Metadata.ResourceID,
	}

	if w.Metadata.Connector != nil {
		c.Connector, c.ConnectorName = w.Metadata.Connector.ID, w.Metadata.Connector.Name
	}

	return c
}

type wireStack struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Metadata struct {
		Components map[string][]wireComponent `json:"components"`
		Labels     map[string]any             `json:"labels"`
	} `json:"metadata"`
}

func (w wireStack) object() Stack {
	s := Stack{ID: w.ID, Name: w.Name, Labels: w.Metadata.Labels, Components: map[string][]Component{}}

	for kind, components := range w.Metadata.Components {
		for _, c := range components {
			s.Components[kind] = append(s.Components[kind], c.object())
		}
	}

	return s
}

type wireSecret struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Body struct {
		Values map[string]*string `json:"values"`
	} `json:"body"`
}

func (w wireSecret) object() Secret {
	s := Secret{ID: w.ID, Name: w.Name, Values: map[string]string{}}

	for key, value := range w.Body.Values {
		if value != nil {
			s.Values[key] = *value
		}
	}

	return s
}

type wireConnector struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Body struct {
		// Type is a text, or an object where the server has the connector's libraries.
		Type          json.RawMessage `json:"connector_type"`
		AuthMethod    string          `json:"auth_method"`
		ResourceTypes []string        `json:"resource_types"`
		ResourceID    string          `json:"resource_id"`
	} `json:"body"`
	Metadata struct {
		Configuration map[string]any    `json:"configuration"`
		Labels        map[string]string `json:"labels"`
	} `json:"metadata"`
}

func (w wireConnector) object() Connector {
	c := Connector{
		ID: w.ID, Name: w.Name, AuthMethod: w.Body.AuthMethod, ResourceTypes: w.Body.ResourceTypes, ResourceID: w.Body.ResourceID,
		Configuration: w.Metadata.Configuration, Labels: maps.Clone(w.Metadata.Labels),
	}

	if json.Unmarshal(w.Body.Type, &c.Type) == nil {
		return c
	}

	var described struct {
		Type string `json:"connector_type"`
	}

	if json.Unmarshal(w.Body.Type, &described) == nil {
		c.Type = described.Type
	}

	return c
}

type wireFlavor struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Body struct {
		Type   string `json:"type"`
		Source string `json:"source"`
		Custom bool   `json:"is_custom"`
	} `json:"body"`
	Metadata struct {
		Schema map[string]any `json:"config_schema"`
	} `json:"metadata"`
}

func (w wireFlavor) object() Flavor {
	return Flavor{ID: w.ID, Name: w.Name, Type: w.Body.Type, Source: w.Body.Source, Custom: w.Body.Custom, Schema: w.Metadata.Schema}
}

// wire is a shape that an object is read from.
type wire[T any] interface{ object() T }

func objects[W wire[T], T any](sent []W) []T {
	all := make([]T, 0, len(sent))
	for _, one := range sent {
		all = append(all, one.object())
	}

	return all
}
