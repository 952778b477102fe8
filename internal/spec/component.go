package spec

import (
	"slices"
	"strings"
)

// component reads a component file of a stack.
func (r *reader) component(f File, s Stack) (Component, bool) {
	c := Component{File: f.Name, Labels: map[string]string{}, Configuration: map[string]string{}, at: map[string]Mark{}, config: map[string]string{}}

	m, ok := r.document(f, typeComponent)
	if !ok {
		return c, false
	}

	r.known(m, "A component", keyVersion, keyType, keyName, keyProvider, keyKind, keyFlavor, keyMetadata)

	c.Name = r.name(m, "The component")
	c.Provider = r.provider(m, "The component")
	c.Type = r.required(m, keyKind, "The component", "Say what it is: component_type: artifact_store.")
	c.ToolFlavor = r.required(m, keyFlavor, "The component", "Say of which flavor it is, such as component_flavor: s3.")
	c.Region = s.Region

	for _, key := range []string{keyName, keyProvider, keyKind, keyFlavor, keyMetadata} {
		c.at[key] = m.mark(key)
	}

	if c.Provider != "" && s.Provider != "" && c.Provider != s.Provider {
		r.refuse(RuleProvider, c.at[keyProvider], "Component of another provider", "Use provider: "+s.Provider+", or leave the component out of the stack.",
			"The component is on %s, and the stack is on %s (%s).", c.Provider, s.Provider, s.at[keyProvider])
	}

	r.offered(&c)
	r.metadata(m, &c)

	return c, true
}

// offered holds a component to what the tool offers at its provider, and finds what it is called here.
func (r *reader) offered(c *Component) {
	if c.Provider == "" || c.Type == "" {
		return
	}

	kinds := kindsOf(c.Provider)

	if !slices.Contains(kinds, c.Type) {
		fix := "Leave the component out."

		switch {
		case len(kinds) == 0:
			fix = "Use one of the providers " + list(providers()) + "."
		case !slices.Contains(allKinds(), c.Type):
			fix = oneOf(c.Type, kinds)
		}

		r.refuse(RuleType, c.at[keyKind], "Component type that is not offered", fix, "The tool offers no component type %q on %s.", c.Type, c.Provider)

		return
	}

	if c.ToolFlavor == "" {
		return
	}

	flavors := flavorsOf(c.Provider, c.Type)
	if !slices.Contains(flavors, c.ToolFlavor) {
		fix := oneOf(c.ToolFlavor, flavors)
		if name := toolName(c.Provider, c.Type, c.ToolFlavor); name != "" {
			fix = "The tool calls it " + quoted(name) + "."
		}

		r.refuse(RuleFlavor, c.at[keyFlavor], "Flavor that is not offered", fix, "The tool offers no %s %q on %s.", words(c.Type), c.ToolFlavor, c.Provider)

		return
	}

	c.row = rowOf(c.Provider, c.Type, c.ToolFlavor)
	c.Flavor, c.BuiltIn = c.row.ours, c.row.native

	if c.row.idle {
		r.warn(RuleIgnored, c.at[keyFlavor], "Component that did nothing", "Remove it, or use one of: "+list(effective(c.Provider, c.Type))+".",
			"The tool took %s %q on %s and deployed nothing for it.", words(c.Type), c.ToolFlavor, c.Provider)
	}
}

// metadata reads what configures a component.
func (r *reader) metadata(m mapping, c *Component) {
	e, ok := m.get(keyMetadata)
	if !ok {
		return
	}

	inner, ok := r.mapping(m.file, e.node, keyMetadata)
	if !ok {
		return
	}

	r.known(inner, keyMetadata, keyConfig, keyVariables, keyOwnTags, keyOwnRegion)

	var places map[string]Mark

	c.config, places = r.texts(inner, keyConfig)
	for key, at := range places {
		c.at[keyConfig+"."+key] = at
	}

	if variables, _ := r.texts(inner, keyVariables); len(variables) > 0 {
		r.warn(RuleIgnored, inner.mark(keyVariables), "Environment variables that did nothing", "Remove them; the environment of the stack is an output of mlstacks_stack.",
			"The tool handed environment_variables to Terraform under names that Terraform does not read.")
	}

	c.Labels, _ = r.texts(inner, keyOwnTags)
	r.checkTags(inner, keyOwnTags, c.Labels)

	if region := r.text(inner, keyOwnRegion, RuleShape); region != "" && c.Region == "" {
		c.Region = region
	} else if region != "" && region != c.Region {
		r.warn(RuleIgnored, inner.mark(keyOwnRegion), "Region that did nothing", "Remove it, or make the two the same.",
			"The tool deployed to the stack's region, %s, and did not read this one, %s.", c.Region, region)
	}
}

// value is what a key of the config was for a component: the tool threw those of all components together, so that one that
// stands with another component counts, too.
func (s Stack) value(c Component, key string) (value string, at Mark, ok bool) {
	if value, ok = c.config[key]; ok {
		return value, c.at[keyConfig+"."+key], true
	}

	for _, other := range slices.Backward(s.Components) {
		if value, ok = other.config[key]; ok {
			return value, other.at[keyConfig+"."+key], true
		}
	}

	return "", Mark{}, false
}

func words(kind string) string { return strings.ReplaceAll(kind, "_", " ") }
