package spec

import (
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"
)

// The keys that the tool reads.
const (
	keyVersion    = "spec_version"
	keyType       = "spec_type"
	keyName       = "name"
	keyProvider   = "provider"
	keyRegion     = "default_region"
	keyTags       = "default_tags"
	keyDeployment = "deployment_method"
	keyComponents = "components"
	keyKind       = "component_type"
	keyFlavor     = "component_flavor"
	keyMetadata   = "metadata"
	keyConfig     = "config"
	keyVariables  = "environment_variables"

	// Those of the metadata that the tool's documentation has and the tool never read.
	keyOwnTags   = "tags"
	keyOwnRegion = "region"
)

const (
	typeStack     = "stack"
	typeComponent = "component"
)

var namePattern = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_-]*$`)

// stack reads the stack file, and the component files that files finds for their names.
func (r *reader) stack(f File, files func([]listed) []File) Stack {
	s := Stack{Tags: map[string]string{}, at: map[string]Mark{}}

	m, ok := r.document(f, typeStack)
	if !ok {
		return s
	}

	r.known(m, "A stack", keyVersion, keyType, keyName, keyProvider, keyRegion, keyTags, keyDeployment, keyComponents)

	s.Name = r.name(m, "The stack")
	s.Provider = r.provider(m, "The stack")
	s.Region = r.text(m, keyRegion, RuleShape)
	s.Tags, _ = r.texts(m, keyTags)
	r.checkTags(m, keyTags, s.Tags)

	for _, key := range []string{keyName, keyProvider, keyRegion, keyComponents} {
		s.at[key] = m.mark(key)
	}

	if method := r.text(m, keyDeployment, RuleDeployment); method != "" && method != "kubernetes" {
		r.refuse(RuleDeployment, m.mark(keyDeployment), "Unknown deployment method", "Write kubernetes, or remove the key.",
			"The tool has the deployment method kubernetes, and this is %q.", method)
	}

	names := r.names(m)

	for _, file := range files(names) {
		if c, ok := r.component(file, s); ok {
			s.Components = append(s.Components, c)
		}
	}

	r.offersNothing(s, m)

	s.whole = r.identify(&s) && len(s.Components) == len(names) && slices.Contains(providers(), s.Provider) &&
		!slices.ContainsFunc(s.Components, func(c Component) bool { return c.row.write == nil || c.Provider != s.Provider })

	return s
}

// document reads a file of a type. A file of the other type is refused for that and for nothing else.
func (r *reader) document(f File, want string) (mapping, bool) {
	node, ok := r.parse(f)
	if !ok {
		return mapping{}, false
	}

	m, ok := r.mapping(f, node, f.Name)
	if !ok {
		return m, false
	}

	e, ok := m.get(keyType)

	switch {
	case !ok:
		r.refuse(RuleVersion, m.mark(keyType), "Key missing", "Write spec_type: "+want+".", "A spec says what it is, and there is no spec_type.")
	case e.node.Kind == yaml.ScalarNode && e.node.Value == want:
	case e.node.Kind == yaml.ScalarNode && e.node.Value == typeComponent:
		r.refuse(RuleVersion, e.value, "Component in the place of the stack", "Name the stack file, which lists its component files below components.",
			"%s is a component.", f.Name)

		return m, false
	case e.node.Kind == yaml.ScalarNode && e.node.Value == typeStack:
		r.refuse(RuleVersion, e.value, "Stack in the place of a component", "List component files below components; a stack holds no other stack.",
			"%s is a stack.", f.Name)

		return m, false
	default:
		r.refuse(RuleVersion, e.value, "Unknown type of spec", "Write spec_type: "+want+".", "spec_type is %q, and it is stack or component.", e.node.Value)
	}

	r.version(m)

	return m, true
}

func (r *reader) version(m mapping) {
	e, ok := m.get(keyVersion)

	switch {
	case !ok:
		r.refuse(RuleVersion, m.mark(keyVersion), "Key missing", "Write spec_version: 1.", "A spec says of which version it is, and there is no spec_version.")
	case e.node.Kind == yaml.ScalarNode && e.node.ShortTag() == "!!int" && e.node.Value == "1":
	case e.node.Kind == yaml.ScalarNode && e.node.Value == "1":
		r.refuse(RuleVersion, e.value, "Version is a text", "Write spec_version: 1, without quotes.", "spec_version is a number, and %q is a text.", e.node.Value)
	default:
		r.refuse(RuleVersion, e.value, "Unknown version", "Write spec_version: 1.", "The version of specs is 1, and this is %s.", shown(e.node))
	}
}

func shown(node *yaml.Node) string {
	if node.Kind == yaml.ScalarNode {
		return quoted(node.Value)
	}

	return tagged(node)
}

func (r *reader) name(m mapping, what string) string {
	name := r.required(m, keyName, what, "Name it, as in name: my_"+m.kind()+".")
	if name != "" && !namePattern.MatchString(name) {
		r.refuse(RuleName, m.mark(keyName), "Invalid name", "Use letters, digits, underscores and hyphens; begin with a letter or a digit.",
			"%q is no name of a %s.", name, m.kind())
	}

	return name
}

// kind is what a file is about, for messages.
func (m mapping) kind() string {
	if m.file.Argument == 0 {
		return typeStack
	}

	return typeComponent
}

func (r *reader) provider(m mapping, what string) string {
	provider := r.required(m, keyProvider, what, "Say where it runs: provider: k3d. The tool has "+list(providers())+".")
	if provider != "" && !slices.Contains(providers(), provider) && provider != azure {
		r.refuse(RuleType, m.mark(keyProvider), "Unknown provider", oneOf(provider, providers()), "The tool has no provider %q.", provider)

		return ""
	}

	return provider
}

// names are the component files that a stack lists.
func (r *reader) names(m mapping) []listed {
	e, ok := m.get(keyComponents)
	if !ok {
		return nil
	}

	if e.node.Kind != yaml.SequenceNode {
		r.refuse(RuleShape, e.value, "Not a list", "Write a list of files: a line with a hyphen for each.", "components is %s, and a list of files is wanted.", tagged(e.node))

		return nil
	}

	var names []listed

	for _, item := range e.node.Content {
		at, node := m.file.at(item), followed(item)
		if node.Kind == yaml.MappingNode {
			r.refuse(RuleShape, at, "Component in the stack file", "Move it into a file of its own, and list the name of that file here.",
				"components lists the names of files, and this is a map.")

			continue
		}

		before := len(r.problems)
		name := r.scalar(entry{key: "A component file", value: at, node: node}, RuleShape, false)

		switch twin := slices.IndexFunc(names, func(l listed) bool { return l.name == name }); {
		case len(r.problems) > before:
		case name == "":
			r.refuse(RuleMissing, at, "Component file not found", "Name the component's file.", "The name of the file is empty.")
		case twin >= 0:
			r.refuse(RuleTwins, at, "Component listed twice", "Remove one of the two lines.", "%q stands at line %d already.", name, names[twin].at.Line)
		default:
			names = append(names, listed{name: name, at: at})
		}
	}

	return names
}

// offersNothing refuses a stack at a provider for which the tool could deploy nothing, where no component says so already.
func (r *reader) offersNothing(s Stack, m mapping) {
	if s.Provider == azure && len(s.Components) == 0 && !r.failed() {
		r.refuse(RuleType, m.mark(keyProvider), "Provider without components", "Use one of: "+list(providers())+".", "The tool offers nothing on azure.")
	}
}

// identify gives each component its key; it is false where two would have the same.
func (r *reader) identify(s *Stack) bool {
	different := true
	names := map[string]int{}
	for _, c := range s.Components {
		names[c.Name]++
	}

	for i := range s.Components {
		c := &s.Components[i]
		if c.Key = c.Name; names[c.Name] > 1 {
			c.Key = c.Type + "/" + c.Name
		}

		for _, other := range s.Components[:i] {
			if other.Key == c.Key && c.Name != "" {
				r.refuse(RuleTwins, c.at[keyName], "Two components of one name", "Rename one of them.", "The %s of %s is called %q, too.", words(c.Type), other.File, c.Name)

				different = false
			}
		}
	}

	return different
}

// maxTag is how long the key of a label may be in this provider.
const maxTag = 63

func (r *reader) checkTags(m mapping, key string, tags map[string]string) {
	e, ok := m.get(key)
	if !ok {
		return
	}

	for name := range tags {
		if len(name) == 0 || len(name) > maxTag {
			r.refuse(RuleValue, e.value, "Tag that cannot be a label", "Shorten its key.", "A label's key has 1 to %d bytes, and %q has %d.", maxTag, name, len(name))
		}
	}
}
