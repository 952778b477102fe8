package spec

import (
	"fmt"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// judge holds the stack to the rules of composition, as far as the files tell what it will be. What they do not tell is unknown,
// and nothing is said of it.
func (r *reader) judge(s Stack, candidates []compose.Candidate) {
	stack := compose.Stack{Name: s.Name}
	places := map[string]Mark{}
	count := map[string]int{}

	for _, c := range s.all() {
		if c.row.idle {
			continue
		}

		part := compose.Adapt(c.Type, c.row.zenml, known(s, c), nil)
		part.Kind, part.SlotKind, part.Name, part.Flavor, part.Slot = c.Type, c.Type, c.Name, c.row.ours, slotOf(c.Type, count[c.Type])
		count[c.Type]++
		places[part.Slot] = s.at[keyComponents]

		if at, ok := c.at[keyFlavor]; ok {
			places[part.Slot] = at
		}

		stack.Components = append(stack.Components, part)
	}

	for _, p := range (compose.Checker{Candidates: candidates, SkipConfig: true, ImageBuilderDefault: true}).Check(stack) {
		at, ok := places[p.Subject.Slot]
		if !ok {
			at = s.at[keyComponents]
		}

		r.problems = append(r.problems, Problem{
			Mark: at, Rule: p.ID, Severity: p.Severity, Summary: p.Summary, Message: p.Message, Because: p.Because, Fix: p.Fix,
		})
	}
}

// slotOf is what mlstacks_stack calls the place of a component: the first of its type has the type's own.
func slotOf(kind string, before int) string {
	if before == 0 || !zenml.Repeatable(kind) {
		return kind
	}

	return fmt.Sprintf("additional_%ss[%d]", kind, before-1)
}

// known is ZenML's configuration of a component, as far as the files tell it.
func known(s Stack, c Component) map[string]any {
	config := map[string]any{}

	of, ok := zenml.Lookup(c.Type, c.row.zenml)
	if !ok {
		return config
	}

	for _, field := range of.Fields {
		if field.Required {
			config[field.Name] = zenml.Unknown{}
		}
	}

	orUnknown := func(text string) any {
		if text == "" {
			return zenml.Unknown{}
		}

		return text
	}

	switch c.Type + "/" + c.row.ours {
	case kindStore + "/s3":
		config["client_kwargs"] = map[string]any{"region_name": orUnknown(s.Region)}
		if bucket := c.Configuration["bucket"]; bucket != "" {
			config["path"] = "s3://" + bucket
		}
	case kindStore + "/gcs":
		if bucket := c.Configuration["bucket"]; bucket != "" {
			config["path"] = "gs://" + bucket
		}
	case kindStore + "/minio":
		config["path"] = "s3://" + c.Configuration["bucket"]
		config["client_kwargs"] = map[string]any{"endpoint_url": zenml.Unknown{}}
	case kindRegistry + "/artifact_registry":
		config["uri"] = registryHost + c.Configuration["project"]
	case kindTracker + "/mlflow":
		config["tracking_uri"] = zenml.Unknown{}
	case kindOrchestrator + "/kubernetes":
		config["kubernetes_context"] = zenml.Unknown{}
		config["skip_local_validations"] = s.Provider == k3d
	case kindOrchestrator + "/kubeflow", kindOrchestrator + "/tekton":
		config["kubernetes_context"] = zenml.Unknown{}
	case kindOrchestrator + "/sagemaker", kindOrchestrator + "/skypilot_aws", kindOrchestrator + "/skypilot_gcp":
		config["region"] = orUnknown(s.Region)
	case kindOrchestrator + "/vertex":
		config["location"], config["project"] = orUnknown(s.Region), orUnknown(c.Configuration["project"])
	case kindStep + "/vertex":
		config["region"], config["project"] = orUnknown(s.Region), orUnknown(c.Configuration["project"])
	}

	return config
}

// all are the components of the files, and those that the configuration has besides.
func (s Stack) all() []Component {
	return append(append([]Component{}, s.Components...), s.additions()...)
}

// has says that a stack has a component of a type that did something.
func (s Stack) has(kind string) bool {
	for _, c := range s.Components {
		if c.Type == kind && !c.row.idle {
			return true
		}
	}

	return false
}

// clustered says that the stack needs a cluster.
func (s Stack) clustered() bool {
	for _, c := range s.all() {
		if c.row.clustered {
			return true
		}
	}

	return false
}

const kindBuilder = "image_builder"

// additions are what a stack needs and the files do not have. The tool's export named a local orchestrator and a local
// store there; what runs elsewhere cannot use such a store, and gets the provider's.
func (s Stack) additions() []Component {
	var more []Component

	add := func(kind, tool, name string, r row) {
		more = append(more, Component{
			Name: name, Type: kind, Flavor: r.ours, ToolFlavor: tool, Provider: s.Provider, Region: s.Region, row: r,
			Configuration: map[string]string{}, Labels: map[string]string{}, at: map[string]Mark{}, config: map[string]string{},
		})
	}

	offered := func(kind, name string) {
		tool := flavorsOf(s.Provider, kind)[0]
		add(kind, tool, name, rowOf(s.Provider, kind, tool))
	}

	local := func(kind, name string) {
		add(kind, "", name, row{kind: kind, ours: "local", zenml: "local", native: true, write: (*writer).local})
	}

	away := s.has(kindOrchestrator) || s.has(kindStep)

	if !s.has(kindOrchestrator) {
		local(kindOrchestrator, "local")
	}

	switch {
	case s.has(kindStore):
	case away || s.has(kindTracker) && s.Provider != gcp:
		offered(kindStore, "artifacts")
	default:
		local(kindStore, "local")
	}

	if away && !s.has(kindRegistry) {
		offered(kindRegistry, "images")
	}

	if away || s.has(kindModels) {
		local(kindBuilder, "docker")
	}

	for i := range more {
		more[i].Configuration = (&reader{}).configuration(s, more[i])
	}

	return more
}

// needy names what asks for a component that the files do not have.
func (s Stack) needy() string {
	var names []string

	for _, c := range s.Components {
		if !c.row.idle && (c.Type == kindOrchestrator || c.Type == kindStep || c.Type == kindTracker) {
			names = append(names, words(c.Type)+" "+quoted(c.Name))
		}
	}

	return strings.Join(names, " and ")
}
