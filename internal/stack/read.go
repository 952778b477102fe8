package stack

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// content is a stack as it was configured or planned.
type content struct {
	attributes map[string]tftypes.Value
	name       any
	target     any
	waive      []string
	// waiveUnknown says that waive may name further rules.
	waiveUnknown bool
	components   []component
	// unknown lists the slots of which nothing is known, not even whether they are used.
	unknown []string
}

// component is what a slot holds: as composition judges it, and what the exports need beside that.
type component struct {
	compose.Component

	kind flavor.Kind
	// flavor is the built-in flavor; ok is false for a custom or unknown one.
	flavor flavor.Flavor
	ok     bool
	facts  flavor.Facts
	// waits says that the name is left to apply.
	waits bool
	// connectorName is ZenML's name of the connector; empty where there is none.
	connectorName string
}

// known says that nothing of a component is left to apply.
func (c component) known() bool {
	return !c.Unknown && !c.ConnectorUnknown && !c.ProvidesUnknown && !c.waits && !c.facts.Open &&
		!zenml.HoldsUnknown(c.facts.Configuration) && !zenml.HoldsUnknown(c.URI) && !zenml.IsUnknown(c.Cluster)
}

func (r *Resource) read(raw tftypes.Value) (content, error) {
	s := content{attributes: map[string]tftypes.Value{}}
	if err := raw.As(&s.attributes); err != nil {
		return s, fmt.Errorf("read stack: %w", err)
	}

	plain, _, err := flavor.PlainMap(raw)
	if err != nil {
		return s, fmt.Errorf("read stack: %w", err)
	}

	s.name, s.target = plain["name"], plain["target"]

	s.waive, s.waiveUnknown = readTexts(plain["waive"])

	for _, kind := range r.kinds {
		s.add(kind, kind.Name, plain[kind.Name])

		if !kind.Many {
			continue
		}

		switch more := plain[additional(kind.Name)].(type) {
		case []any:
			for i, one := range more {
				s.add(kind, additional(kind.Name)+"["+strconv.Itoa(i)+"]", one)
			}
		case zenml.Unknown:
			s.unknown = append(s.unknown, additional(kind.Name))
		}
	}

	return s, nil
}

func (s *content) add(kind flavor.Kind, name string, value any) {
	switch value := value.(type) {
	case zenml.Unknown:
		s.unknown = append(s.unknown, name)
	case map[string]any:
		s.components = append(s.components, readComponent(kind, name, value))
	}
}

// readComponent turns what a slot holds into what composition judges, through the same adapter as an exported stack.
func readComponent(kind flavor.Kind, in string, plain map[string]any) component {
	if kind.Viewless { // what stands there is a flavor's
		plain = maps.Clone(plain)
		delete(plain, "zenml")
	}

	c := component{kind: kind}
	declared, _ := plain["type"].(string)
	full, known := plain["flavor"].(string)
	named, _ := plain["name"].(string)
	c.waits = zenml.IsUnknown(plain["name"])
	fault := findFault(kind, plain)

	if known {
		c.facts = readFacts(declared, full, plain)
	}

	// Without ZenML's name of the flavor, too, rules could only guess what it is; of what is no component, they would
	// say the wrong things.
	if !known || declared == "" || zenml.IsUnknown(c.facts.ZenML) || fault != nil {
		c.Component = compose.Component{Slot: in, Kind: kind.Name, Name: named, Flavor: full, Unknown: true, Fault: fault}

		return c
	}

	c.flavor, c.ok = kind.Flavor(full)
	connector, connectorKnown := readConnector(plain["connector"])
	provides, providesMore := readTexts(plain["provides"])
	name, _ := c.facts.ZenML.(string)
	c.Component = compose.Adapt(declared, name, c.facts.Complete(declared), connector)
	c.Slot, c.SlotKind, c.Kind, c.Flavor, c.URI = in, kind.Name, declared, full, c.facts.URI
	c.Name = named
	c.Provides = slices.Concat(c.Provides, c.flavor.Provides, provides)
	c.ConnectorUnknown, c.ProvidesUnknown = !connectorKnown, providesMore
	c.Cluster = readCluster(plain["cluster"])

	if named, ok := plain["connector"].(map[string]any); ok {
		c.connectorName, _ = named["name"].(string)
	}

	return c
}

// readCluster tells the cluster that a component lives in from others, by the way into it: which making of it this is will
// only be known when it has been made. It is nil where the component lives in none.
func readCluster(value any) any {
	cluster, ok := value.(map[string]any)
	if !ok {
		return value
	}

	if cluster["reference"] == nil { // no reference of a cluster, and none will come
		return nil
	}

	reference, ok := cluster["reference"].(map[string]any)
	if !ok || zenml.HoldsUnknown(reference) {
		return zenml.Unknown{}
	}

	return fmt.Sprint(reference["type"], "/", reference["name"])
}

// readConnector reads the connector of a slot; there is none where a null stands.
func readConnector(value any) (connector *zenml.Connector, known bool) {
	switch value := value.(type) {
	case map[string]any:
		return slot.Connector(value)
	default:
		return nil, value == nil
	}
}

// readTexts reads a list of texts. more says that there may be others, which only apply can tell.
func readTexts(value any) (texts []string, more bool) {
	list, _ := value.([]any)

	for _, one := range list {
		if text, ok := one.(string); ok {
			texts = append(texts, text)
		}
	}

	return texts, zenml.HoldsUnknown(value)
}

func readFacts(kind, full string, plain map[string]any) flavor.Facts {
	facts := flavor.Facts{Flavor: full, URI: plain["uri"]}

	view, ok := plain["zenml"].(map[string]any)
	if !ok {
		facts.ZenML = plain["zenml"] // unknown, or null where ZenML has no such flavor

		return facts
	}

	facts.ZenML = view["flavor"]
	configuration, _ := view["configuration"].(map[string]any)
	facts.Open = zenml.IsUnknown(view["configuration"])
	facts.Configuration = map[string]any{}

	for key, value := range configuration {
		if value != nil { // an element that was unknown at plan and turned out to be null
			facts.Configuration[key] = value
		}
	}

	if name, ok := facts.ZenML.(string); ok {
		if of, ok := zenml.Lookup(kind, name); ok {
			facts.Configuration = of.Normalize(facts.Configuration)
		}
	}

	return facts
}

// at is the attribute of a slot, "additional_alerters[0]" included.
func at(name string) path.Path {
	attribute, rest, indexed := strings.Cut(name, "[")
	if !indexed {
		return path.Root(attribute)
	}

	index, err := strconv.Atoi(strings.TrimSuffix(rest, "]"))
	if err != nil {
		return path.Root(attribute)
	}

	return path.Root(attribute).AtListIndex(index)
}
