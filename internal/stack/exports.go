package stack

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

var (
	texts       = tftypes.List{ElementType: tftypes.String}
	environment = tftypes.Map{ElementType: tftypes.String}
	finding     = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"rule": tftypes.String, "severity": tftypes.String, "slot": tftypes.String, "message": tftypes.String,
		"because": tftypes.String, "fix": tftypes.String, "waived": tftypes.Bool,
	}}
	findings = tftypes.List{ElementType: finding}
)

// exports are the computed attributes of a stack. They are unknown until everything in the stack is known: half a
// stack has no YAML.
func (r *Resource) exports(s content) (map[string]tftypes.Value, error) {
	name, _ := s.name.(string)
	id := text(name)

	if zenml.IsUnknown(s.name) {
		id = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	}

	unknown := map[string]tftypes.Value{
		"id":               id,
		"zenml_yaml":       tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
		"diagram":          tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
		"environment":      tftypes.NewValue(environment, tftypes.UnknownValue),
		"required_secrets": tftypes.NewValue(texts, tftypes.UnknownValue),
		"findings":         tftypes.NewValue(findings, tftypes.UnknownValue),
	}

	if !s.settled() {
		return unknown, nil
	}

	yaml, err := exportYAML(name, s.components)
	if err != nil {
		return nil, fmt.Errorf("write stack %q as YAML: %w", name, err)
	}

	return map[string]tftypes.Value{
		"id":               id,
		"zenml_yaml":       text(yaml),
		"diagram":          text(diagram(s.components)),
		"environment":      variables(s.components),
		"required_secrets": secrets(s.components),
		"findings":         found(r.judge(s)),
	}, nil
}

func exportYAML(name string, components []component) (string, error) {
	var exported []zenml.StackComponent

	for _, c := range components {
		if of, ok := c.facts.ZenML.(string); ok {
			exported = append(exported, zenml.StackComponent{
				Type: c.kind.Name, Name: c.Name, Flavor: of, Configuration: c.facts.Configuration,
			})
		}
	}

	yaml, err := zenml.ExportStack(name, exported)

	return string(yaml), err
}

// environmentOf merges what the components' clients need; the first component to name a variable decides it, as the
// first of several is the default one.
func environmentOf(components []component) map[string]string {
	all := map[string]string{}

	for _, c := range components {
		if !c.ok || c.flavor.Environment == nil {
			continue
		}

		for name, value := range c.flavor.Environment(c.facts) {
			if _, taken := all[name]; taken {
				continue
			}

			if plain, known := flavor.Text(value); known && value != nil {
				all[name] = plain
			}
		}
	}

	return all
}

// variables writes what environmentOf found.
func variables(components []component) tftypes.Value {
	all := map[string]tftypes.Value{}

	for name, value := range environmentOf(components) {
		all[name] = text(value)
	}

	return tftypes.NewValue(environment, all)
}

func requiredSecrets(components []component) []string {
	names := map[string]bool{}

	for _, c := range components {
		of, _ := c.facts.ZenML.(string)

		for _, name := range zenml.RequiredSecrets(c.kind.Name, of, c.facts.Configuration) {
			names[name] = true
		}
	}

	return slices.Sorted(maps.Keys(names))
}

func secrets(components []component) tftypes.Value {
	list := []tftypes.Value{}
	for _, name := range requiredSecrets(components) {
		list = append(list, text(name))
	}

	return tftypes.NewValue(texts, list)
}

func found(problems []compose.Problem) tftypes.Value {
	list := []tftypes.Value{}

	for _, p := range problems {
		list = append(list, tftypes.NewValue(finding, map[string]tftypes.Value{
			"rule": text(p.ID), "severity": text(p.Severity.String()), "slot": text(p.Subject.Slot), "message": text(p.Message),
			"because": text(p.Because), "fix": text(p.Fix), "waived": tftypes.NewValue(tftypes.Bool, p.Waived),
		}))
	}

	return tftypes.NewValue(findings, list)
}

func text(value string) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }
