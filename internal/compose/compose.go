// Package compose judges whether the components of a stack fit together. Its rules are data: rows with a stable id,
// a severity, what they are about, what they demand and because of what. They are evaluated in three-valued logic,
// so that a value only apply can tell never makes a stack fail.
//
// The package knows neither Terraform nor any cloud.
package compose

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Truth is the outcome of a condition some of whose inputs may be unknown.
type Truth = zenml.Truth

// Component is one part of a stack, as far as the rules look at it.
type Component struct {
	// Slot is how the stack calls the place: "artifact_store", "additional_alerters[0]".
	Slot string
	// SlotKind is the kind that the slot takes; empty where nobody asks.
	SlotKind string
	// Kind is what it is: "artifact_store". It may be a kind that ZenML lacks, such as "metadata_store".
	Kind string
	// Name is what the user called it.
	Name string
	// Flavor is our name: "azure_blob", "custom/lakefs"; empty when only ZenML's is known.
	Flavor string
	// ZenML is ZenML's name of the flavor; empty when ZenML has none.
	ZenML string
	// Config is ZenML's configuration in typed values, as Flavor.Normalize gives it. It may hold zenml.Unknown.
	Config map[string]any
	// Given is the configuration as the user gave it; nil when that is Config. ZenML checks some things in it
	// before it converts values.
	Given map[string]any
	// Connector is the service connector, if any.
	Connector *zenml.Connector
	// ConnectorUnknown says that there may be a connector, of whatever type: Connector is nil then.
	ConnectorUnknown bool
	// Provides lists abilities: "s3", "gcs", "azure_blob", "ecr", "artifact_registry".
	Provides []string
	// ProvidesUnknown says that it may provide more than Provides lists.
	ProvidesUnknown bool
	// URI is where others find it: a string, nil or zenml.Unknown.
	URI any
	// Cluster identifies the cluster it lives in: a string, nil or zenml.Unknown.
	Cluster any
	// Facts are known beside ZenML's configuration, under the Fact names: strings or zenml.Unknown.
	Facts map[string]any
	// Unknown says that nothing but the kind is known yet, not even whether there is a component at all.
	Unknown bool
	// Fault is what keeps this from being a component at all, so that it is Unknown for good; nil where nothing does.
	Fault *Fault
}

// Fault says what is wrong with what stands in the place of a component, and what to do.
type Fault struct{ Message, Fix string }

// The names of facts that rules look at. Adapt derives region, project and account where the configuration tells them.
const (
	FactRegion            = "region"             // where a bucket, registry or service is: "eu-central-1"
	FactProject           = "project"            // the Google Cloud project
	FactAccount           = "account"            // the AWS account: "123456789012"
	FactChartVersion      = "chart_version"      // the version of the Helm chart it was installed with
	FactKubernetesVersion = "kubernetes_version" // the version of the cluster it lives in: "1.33"
)

// Stack is what is judged.
type Stack struct {
	// Name is the stack's name; empty while it is not known.
	Name string
	// Components are in the order of the stack's slots; the first of a kind is its default.
	Components []Component
	// Target holds the stack to the mlstacks tool's table for aws, gcp, azure or k3d; empty does not.
	Target string
	// UnknownSlots are slots of which not even the presence is known yet.
	UnknownSlots []string
}

// Severity says whether a problem stops a plan.
type Severity int

// The severities.
const (
	Error Severity = iota
	Warning
)

// String names the severity as the documentation does.
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// What a problem is about.
const (
	KindConfig      = "config"      // a component's own configuration
	KindMissing     = "missing"     // a kind that every stack needs is absent
	KindCardinality = "cardinality" // more components of a kind than ZenML takes
	KindComposition = "composition" // components that do not fit together
	KindTarget      = "target"      // what the mlstacks tool does not offer where the stack is to run
	KindWaiver      = "waiver"      // a waiver that waives nothing
)

// Where a rule comes from.
const (
	SourceZenML    = "ZenML " + zenml.Version
	SourceMLStacks = "mlstacks"
	SourceOurs     = "ours"
)

// Party is a component that a problem speaks of.
type Party struct {
	Slot, Kind, Flavor, Name string
	// Path is the field of its ZenML configuration that is at fault, if one is.
	Path []string
}

// Problem is one thing that will not work.
type Problem struct {
	// ID is the id of the rule, for waivers and documentation.
	ID       string
	Severity Severity
	// Kind is one of the Kind constants, Source one of the Source constants.
	Kind, Source string
	// Subject is the component whose rule objects, Others those it objects to.
	Subject Party
	Others  []Party
	// Summary is a headline, Message the fact, Because the reason and Fix what to do.
	Summary, Message, Because, Fix string
	// Missing lists the kinds that would have to be there.
	Missing []string
	// Waived says that the rule was turned into a warning by the stack's waivers.
	Waived bool
	// Stage says where ZenML notices a config problem; one of zenml's Stage constants.
	Stage string
}

// Candidate is a flavor that may be suggested, with the smallest configuration it can have.
type Candidate struct {
	Kind, Flavor, ZenML string
	Provides            []string
	Config              map[string]any
	// Here says that whatever has the flavor is on this machine, so that it is no better in the place of its like.
	Here bool
}

// Checker judges stacks.
type Checker struct {
	// Candidates are what suggestions are computed from.
	Candidates []Candidate
	// Waive lists ids of rules whose problems become warnings.
	Waive []string
	// WaiveUnknown says that further rules may be waived: errors that could be are not reported yet.
	WaiveUnknown bool
	// ImageBuilderDefault says that ZenML adds a local image builder where one is needed, which it does unless it is
	// told not to.
	ImageBuilderDefault bool
	// SkipConfig leaves out the rules about each component's own configuration, for when that was checked already.
	SkipConfig bool
}
