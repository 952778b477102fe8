package stack

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Type is the type of a stack in an attribute of something else, which takes a whole mlstacks_stack: Terraform narrows it
// to the name, the slots and what decides the stack's judgement, and refuses what is no stack.
func Type(kinds []flavor.Kind) types.ObjectType {
	attributes := map[string]attr.Type{
		"name":   types.StringType,
		"target": types.StringType,
		"waive":  types.ListType{ElemType: types.StringType},
	}

	for _, kind := range kinds {
		attributes[kind.Name] = slot.Type(true)

		if kind.Many {
			attributes[additional(kind.Name)] = types.ListType{ElemType: slot.Type(kind.Clustered)}
		}
	}

	return types.ObjectType{AttrTypes: attributes}
}

// Whole is a stack as something else got it through an attribute of Type.
type Whole struct {
	resource Resource
	content  content
}

// Part is one component of a stack.
type Part struct {
	// Slot is how the stack calls the place: "artifact_store", "additional_alerters[0]".
	Slot string
	// Kind is the kind that the slot takes.
	Kind flavor.Kind
	// Name is the component's own.
	Name string
	// Flavor is the full name, "custom/lakefs" for a custom flavor.
	Flavor string
	// BuiltIn is the flavor where it is a built-in one; IsBuiltIn says so.
	BuiltIn   flavor.Flavor
	IsBuiltIn bool
	// ZenML is ZenML's name of the flavor; empty where ZenML has none.
	ZenML string
	// Configuration is ZenML's, typed as the flavor's facts have it.
	Configuration map[string]any
	// URI is the component's address; empty where it has none.
	URI string
	// Connector is the service connector that the component names; nil where it names none. ConnectorName is ZenML's name of it.
	Connector     *zenml.Connector
	ConnectorName string
	// Cluster tells the cluster that the component lives in from others; empty where it lives in none.
	Cluster string
	// Place is where it runs, as the box around it in diagrams.
	Place Place
}

// Read reads a value of Type. The kinds and candidates are those of the catalog.
func Read(kinds []flavor.Kind, candidates func() []compose.Candidate, value tftypes.Value) (Whole, error) {
	w := Whole{resource: Resource{kinds: kinds, candidates: candidates}}
	if !value.IsKnown() || value.IsNull() {
		w.content.name = zenml.Unknown{}

		return w, nil
	}

	var err error
	if w.content, err = w.resource.read(value); err != nil {
		return w, fmt.Errorf("read a whole stack: %w", err)
	}

	return w, nil
}

// Known says that nothing of the stack is left to apply. Everything else but Name is for a stack that is known.
func (w Whole) Known() bool { return w.content.settled() }

// Name is the stack's name; empty while it is unknown.
func (w Whole) Name() string {
	name, _ := w.content.name.(string)

	return name
}

// Parts are the stack's components in the order of its slots.
func (w Whole) Parts() []Part {
	parts := make([]Part, 0, len(w.content.components))

	for _, c := range w.content.components {
		p := Part{
			Slot: c.Slot, Kind: c.kind, Name: c.Name, Flavor: c.Flavor, BuiltIn: c.flavor, IsBuiltIn: c.ok,
			Configuration: c.facts.Configuration, Connector: c.Connector, ConnectorName: c.connectorName,
			Place: place(c, w.content.components),
		}
		p.ZenML, _ = c.facts.ZenML.(string)
		p.URI, _ = c.URI.(string)
		p.Cluster, _ = c.Cluster.(string)
		parts = append(parts, p)
	}

	return parts
}

// Findings are all objections to the stack, errors and warnings.
func (w Whole) Findings() []compose.Problem { return w.resource.judge(w.content) }

// YAML is the stack as `zenml stack export` writes it.
func (w Whole) YAML() (string, error) { return exportYAML(w.Name(), w.content.components) }

// Diagram is the stack as a Mermaid flowchart.
func (w Whole) Diagram() string { return diagram(w.content.components) }

// Environment are the variables that a client of the stack needs.
func (w Whole) Environment() map[string]string { return environmentOf(w.content.components) }

// RequiredSecrets must exist in ZenML: "name.key" for one value, "name" for a secret that a component takes whole.
func (w Whole) RequiredSecrets() []string { return requiredSecrets(w.content.components) }
