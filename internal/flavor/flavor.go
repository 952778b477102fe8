// Package flavor says what a flavor is: one way to make a component of a stack real.
//
// A flavor is a row of data (Meta), a schema, and a Driver. The engine in internal/component serves every flavor
// through the Flavor type and never learns a flavor's name; what differs between flavors lives in their own files
// under internal/catalog.
package flavor

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Place says where the component of a flavor runs. It groups the nodes of a stack's diagram.
type Place string

// The places a component can run in.
const (
	ThisMachine Place = "This machine"
	Elsewhere   Place = "Services elsewhere"
	InCluster   Place = "Kubernetes cluster"
	InAWS       Place = "Amazon Web Services"
	WithTracker Place = "With the experiment tracker"
	Custom      Place = "Custom flavors"
)

// Kind is one type of component, such as artifact_store, with every flavor it comes in.
type Kind struct {
	// Name is the type as users write it, for example "artifact_store"; the resource is mlstacks_<Name>.
	Name string
	// Many says that a stack takes further ones in additional_<Name>s.
	Many bool
	// Required says that no stack works without one.
	Required bool
	// Pipelines says that components of this kind run pipelines, which use the other components of a stack.
	Pipelines bool
	// Purpose tells in Markdown what such a component is for.
	Purpose string
	// ZenML says whether ZenML has a component type of this name. Kinds it has none for stay out of its YAML.
	ZenML bool
	// Viewless says that components of this kind do not show what ZenML calls them: it knows none of them, and a flavor has
	// the name of that attribute.
	Viewless bool
	// Clustered says that some of the flavors live in a Kubernetes cluster.
	Clustered bool
	// Beside is what flavors name in Runs whose components are where one of this kind is. Empty: none are.
	Beside Place
	// Hosts says that components live in what this kind makes. It takes no part in a stack, and shows a reference in
	// the place of ZenML's view.
	Hosts bool
	// Slow says that making some of the flavors takes longer than twenty minutes.
	Slow bool
	// Flavors are the built-in flavors, in the order the documentation lists them.
	Flavors []Flavor
}

// Flavor finds a built-in flavor by the name users write.
func (k Kind) Flavor(name string) (Flavor, bool) {
	for _, f := range k.Flavors {
		if f.Name == name {
			return f, true
		}
	}

	return Flavor{}, false
}

// Meta is what is known of a flavor without running it.
type Meta struct {
	// Name is what users write, for example "azure_blob".
	Name string
	// ZenML is the name ZenML knows the flavor by; empty when ZenML has none.
	ZenML string
	// Summary is one sentence for the documentation.
	Summary string
	// Provides lists abilities that composition rules ask for, for example "s3".
	Provides []string
	// Runs is where the component runs.
	Runs Place
	// Clustered says that the component lives in a Kubernetes cluster, which the attribute cluster names.
	Clustered bool
	// Cloud is the name of the login that the component is made with; see Clouds. Empty: none.
	Cloud string
	// Named says that the object bears the component's name: under another name it is another object.
	Named bool
	// Registers says that the component is a ZenML server, at which stacks are registered.
	Registers bool
	// URI names the attribute that holds the component's address; empty when it has none.
	URI string
	// Fields are the attributes taken over from ZenML's facts: ZenML's field name to one sentence on it. Types,
	// defaults, allowed values and secrecy come from the facts.
	Fields map[string]string
	// Rest is the attribute that takes what has none of its own; empty means settings.
	Rest string
	// View turns the configuration into facts. Nil takes every attribute over under its own name.
	View func(Values) Facts
	// Attribute maps a ZenML field to the attribute that feeds it, where the two differ.
	Attribute map[string]string
	// Imported splits the identifier of an import into the flavor's full name and the object's id, where the
	// identifier holds both. Nil takes it as the id.
	Imported func(identifier string) (name, id string, ok bool)
	// Moves are the resources of other providers that the flavor takes over. Nil: none.
	Moves []Move
	// Applied adds to the facts what the cluster and the outputs tell; see Subject.Output.
	Applied func(facts *Facts, s Subject)
	// Environment lists the variables a client needs to use the component.
	Environment func(Facts) map[string]any
}

// Flavor is a flavor with its configuration type erased, as the engine and the documentation see it.
type Flavor struct {
	Meta

	attributes func(kind Kind) map[string]schema.Attribute
	operations operations
	check      func(Subject) []Problem
	replaces   func(before, after Values) []Problem
}

// Subject is a component as its facts and checks see it; any part of it may be zenml.Unknown.
type Subject struct {
	// Name is the component's name: a string, nil or unknown.
	Name any
	// Values are the flavor's configuration.
	Values Values
	// Cluster is the attribute cluster: nil, a map[string]any or unknown.
	Cluster any
	// Outputs is the attribute outputs: nil, a map[string]any or unknown.
	Outputs any
	// Ask asks the login that the component is made with; nil while there is none. See Fact.
	Ask func(name string) any
}

// Fact returns what the login knows, such as the region: a text, nil where there is none, or zenml.Unknown where it cannot
// be told yet.
func (s Subject) Fact(name string) any {
	if s.Ask == nil {
		return zenml.Unknown{}
	}

	return s.Ask(name)
}

// Output returns what apply told of the object: a string, nil where there is none of that name, or zenml.Unknown before
// apply.
func (s Subject) Output(name string) any { return member(s.Outputs, name) }

// Reference returns a part of the way into the component's cluster: a string, nil where there is none, or zenml.Unknown.
func (s Subject) Reference(name string) any { return member(member(s.Cluster, "reference"), name) }

func member(of any, name string) any {
	switch of := of.(type) {
	case map[string]any:
		return of[name]
	case nil:
		return nil
	default:
		return zenml.Unknown{}
	}
}

// Problem is an objection to a configuration, found at plan.
type Problem struct {
	// Path leads from the flavor's attribute to the value at fault; empty for the flavor itself.
	Path []string
	// Beside is the attribute at fault where it is not one of the flavor's but stands beside it, such as name; Path is empty then.
	Beside string
	// Refused says of a change that it cannot be made at all: nothing is replaced for it.
	Refused bool
	// Warning says that it may work all the same.
	Warning bool
	// Summary and Detail follow the manners of the diagnose package.
	Summary, Detail string
}

// Attributes returns the schema of the flavor's nested attribute. It is shared: callers do not change it.
func (f Flavor) Attributes(kind Kind) map[string]schema.Attribute { return f.attributes(kind) }

// Check judges a configuration by the flavor's own rules, those that neither the schema nor ZenML's facts hold.
func (f Flavor) Check(kind Kind, s Subject) []Problem {
	problems := f.checkSettings(kind, s.Values)
	if f.check != nil {
		problems = append(problems, f.check(s)...)
	}

	return problems
}

// Replaces lists what of a change cannot be done in place, and why, beside what the schema marks.
func (f Flavor) Replaces(before, after Values) []Problem {
	if f.replaces == nil {
		return nil
	}

	return f.replaces(before, after)
}

// Facts computes the facts of a component from its configuration, and from its outputs where apply has told them.
func (f Flavor) Facts(kind Kind, s Subject) Facts {
	v := s.Values
	facts := f.facts(kind, s.Name, v)

	if f.Applied != nil {
		f.Applied(&facts, s)
	}

	if facts.ZenML == nil || !kind.ZenML {
		facts.ZenML, facts.Configuration = nil, nil
	}

	if reference, ok := facts.Reference.(map[string]any); ok {
		reference["name"] = s.Name
	}

	return facts
}

func (f Flavor) facts(kind Kind, name any, v Values) Facts {
	facts := Facts{}
	if f.View != nil {
		facts = f.View(v)
	} else {
		facts.Configuration = ownNames(v)
	}

	facts.Open = facts.Open || v[settingsName] == zenml.Unknown{} || f.mayLose(kind, v)

	if f.URI != "" && facts.URI == nil {
		facts.URI = v[f.URI]
	}

	if facts.Flavor == nil {
		facts.Flavor = f.Name
	}

	if facts.ZenML == nil && f.ZenML != "" {
		facts.ZenML = f.ZenML
	}

	if facts.ZenML == nil || !kind.ZenML {
		return facts
	}

	addSecrets(facts.Configuration, name, v, f.secrets(kind))

	return facts
}

// mayLose says that an attribute is unknown and may turn out to be null: then the configuration loses a key, so that not
// even its keys are known. Attributes that are required or have a default always have a value.
func (f Flavor) mayLose(kind Kind, v Values) bool {
	attributes := f.attributes(kind)

	for name, value := range v {
		if !zenml.IsUnknown(value) {
			continue
		}

		if attribute := attributes[name]; attribute != nil && attribute.IsOptional() && !attribute.IsComputed() {
			return true
		}
	}

	return false
}

// secrets lists the fields that stand for secrets.
func (f Flavor) secrets(kind Kind) []string {
	known, ok := zenml.Lookup(kind.Name, f.ZenML)
	if !ok {
		return nil
	}

	var names []string

	for name := range f.Fields {
		if field, ok := known.Field(name); ok && field.Secret {
			names = append(names, name)
		}
	}

	return names
}
