package component

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

var (
	textMap  = tftypes.Map{ElementType: tftypes.String}
	textList = tftypes.List{ElementType: tftypes.String}
)

// view is the attribute that shows what ZenML calls a component.
const view = "zenml"

// zenmlType is the type of the view.
var zenmlType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"flavor": tftypes.String, "configuration": textMap}}

// answer writes the facts into a component's computed attributes.
func (r *Resource) answer(o object, facts flavor.Facts) {
	o["type"] = tftypes.NewValue(tftypes.String, r.kind.Name)
	o["flavor"] = terraformText(facts.Flavor)

	if r.kind.Hosts {
		o["reference"] = terraformReference(facts.Reference)

		return
	}

	o["uri"] = terraformText(facts.URI)
	o["provides"] = terraformProvides(facts.Provides)

	if !r.kind.Viewless {
		o[view] = terraformZenML(facts)
	}
}

// answerUnknown writes unknown facts, while it cannot be told which flavor is set.
func (r *Resource) answerUnknown(o object) {
	o["type"] = tftypes.NewValue(tftypes.String, r.kind.Name)
	o["drift"] = tftypes.NewValue(textList, nil)

	for _, name := range []string{
		"flavor", "uri", "provides", view, "outputs", "id", "reference", "incarnation", "kubernetes_version",
	} {
		if name != view || !r.kind.Viewless {
			o.unknow(name)
		}
	}
}

// unknow leaves an attribute to apply, where the component has it.
func (o object) unknow(name string) {
	if value, ok := o[name]; ok {
		o[name] = tftypes.NewValue(value.Type(), tftypes.UnknownValue)
	}
}

// labels are the component's labels over the provider's. One that is unknown may turn out to be null, and a map must not
// lose a key that it was planned with: then the whole map is unknown.
func (r *Resource) labels(o object) tftypes.Value {
	unknown := tftypes.NewValue(textMap, tftypes.UnknownValue)

	own, known, err := flavor.PlainMap(o["labels"])
	if err != nil || !known || r.settings.DefaultLabelsUnknown || zenml.HoldsUnknown(own) {
		return unknown
	}

	all := map[string]any{}
	for name, value := range r.settings.DefaultLabels {
		all[name] = value
	}

	for name, value := range own {
		if value != nil {
			all[name] = value
		}
	}

	return terraformMap(all)
}

func terraformText(value any) tftypes.Value {
	switch value := value.(type) {
	case nil:
		return tftypes.NewValue(tftypes.String, nil)
	case string:
		return tftypes.NewValue(tftypes.String, value)
	default:
		return tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	}
}

func terraformReference(reference any) tftypes.Value {
	switch reference := reference.(type) {
	case nil:
		return tftypes.NewValue(textMap, nil)
	case map[string]any:
		return terraformMap(reference)
	default:
		return tftypes.NewValue(textMap, tftypes.UnknownValue)
	}
}

func terraformProvides(provides any) tftypes.Value {
	values, known := provides.([]string)
	if provides != nil && !known {
		return tftypes.NewValue(textList, tftypes.UnknownValue)
	}

	return terraformTexts(values)
}

// terraformTexts writes a list of texts; null where there is none.
func terraformTexts(values []string) tftypes.Value {
	if values == nil {
		return tftypes.NewValue(textList, nil)
	}

	elements := make([]tftypes.Value, 0, len(values))
	for _, value := range values {
		elements = append(elements, tftypes.NewValue(tftypes.String, value))
	}

	return tftypes.NewValue(textList, elements)
}

// terraformMap writes plain values as a map of strings; an element with an unknown part is unknown, one that is null is
// null: a key that was planned as unknown must not vanish.
func terraformMap(values map[string]any) tftypes.Value {
	elements := make(map[string]tftypes.Value, len(values))

	for _, name := range slices.Sorted(maps.Keys(values)) {
		elements[name] = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)

		if values[name] == nil {
			elements[name] = tftypes.NewValue(tftypes.String, nil)
		} else if text, known := flavor.Text(values[name]); known {
			elements[name] = tftypes.NewValue(tftypes.String, text)
		}
	}

	return tftypes.NewValue(textMap, elements)
}

// completed fills in what apply tells of outputs. What was planned is what is stored.
func completed(planned tftypes.Value, told map[string]any) (tftypes.Value, error) {
	if planned.IsNull() || !planned.IsKnown() {
		return terraformMap(told), nil
	}

	plain, _, err := flavor.PlainMap(planned)
	if err != nil {
		return planned, err
	}

	for name, value := range plain {
		answer, ok := told[name]

		switch {
		case zenml.IsUnknown(value):
			plain[name] = answer
		case ok && answer != value:
			return planned, fmt.Errorf("output %s was planned as %q, and is %q", name, value, answer)
		}
	}

	return terraformMap(plain), nil
}

func terraformZenML(facts flavor.Facts) tftypes.Value {
	switch facts.ZenML.(type) {
	case nil:
		return tftypes.NewValue(zenmlType, nil)
	case zenml.Unknown:
		return tftypes.NewValue(zenmlType, tftypes.UnknownValue)
	}

	configuration := tftypes.NewValue(textMap, tftypes.UnknownValue)
	if !facts.Open {
		configuration = terraformMap(facts.Configuration)
	}

	return tftypes.NewValue(zenmlType, map[string]tftypes.Value{
		"flavor":        terraformText(facts.ZenML),
		"configuration": configuration,
	})
}
