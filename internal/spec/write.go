package spec

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// writer makes a configuration out of a stack.
type writer struct {
	*reader

	stack Stack
	// parts are the components and those that were added, by their places in the configuration.
	parts     []Component
	resources []*resource
	variables []variable
	// labels are the names that resources have, by their types.
	labels map[string]bool
}

// resource is a resource block.
type resource struct {
	kind, label string
	// argument is the place of the component in the stack; 0 for what no file has.
	argument int
	comments []string
	body     object
	// off says that the block is written as a comment.
	off bool
}

func (r *resource) address() expression {
	return expression(typePrefix + r.kind + "." + r.label)
}

// variable is a value that the files do not tell.
type variable struct{ name, about string }

const typePrefix = "mlstacks_"

// write makes the configuration. What cannot be carried over is warned of, and the warnings stand in the text.
func (r *reader) write(s Stack) string {
	w := &writer{reader: r, stack: s, parts: s.all(), labels: map[string]bool{}}

	if s.clustered() {
		w.cluster()
	}

	for i := range w.parts {
		w.parts[i].renamed = w.parts[i].Name
		if w.parts[i].row.clustered && w.parts[i].row.native {
			w.rename(&w.parts[i])
		}
	}

	for _, kind := range append([]string{kindStore, kindRegistry}, others...) { // what others refer to comes first
		for i := range w.parts {
			if w.parts[i].Type == kind {
				w.parts[i].row.write(w, &w.parts[i])
			}
		}
	}

	w.mention()

	return w.render()
}

var others = []string{kindOrchestrator, kindStep, kindTracker, kindModels, kindPlatform, kindBuilder}

// maxName is the longest name of a component in a cluster.
const maxName = 45

// rename gives a component a name that Kubernetes takes.
func (w *writer) rename(c *Component) {
	fit := fitted(c.Name, maxName, "c")
	if fit == c.Name {
		return
	}

	c.renamed = fit
	w.warn(RuleCarry, c.at[keyName], "Component renamed", "", "%q cannot name objects in a cluster: they have small letters, digits and hyphens, and begin with a letter. "+
		"It is called %q here.", c.Name, fit)
}

// add puts a component into the configuration.
func (w *writer) add(c *Component, body ...field) *resource {
	own := object{{"name", text(c.renamed)}}
	if len(c.Labels) > 0 && !maps.Equal(c.Labels, w.stack.Tags) {
		own = append(own, field{"labels", texts(c.Labels)})
	}

	r := &resource{kind: c.Type, label: w.label(c.Type, c.Name), argument: c.at[keyName].Argument, body: append(own, body...)}
	w.resources = append(w.resources, r)

	return r
}

// label is the name of a resource: that of the component, as Terraform takes it.
func (w *writer) label(kind, name string) string {
	label := name
	if label[0] >= '0' && label[0] <= '9' {
		label = "_" + label
	}

	for w.labels[kind+"."+label] {
		label += "_"
	}

	w.labels[kind+"."+label] = true

	return label
}

// need asks for a value that the files do not tell.
func (w *writer) need(name, about string) expression {
	if !slices.ContainsFunc(w.variables, func(v variable) bool { return v.name == name }) {
		w.variables = append(w.variables, variable{name, about})
	}

	return expression("var." + name)
}

// of finds the first resource of a kind.
func (w *writer) of(kind string) *resource {
	for _, r := range w.resources {
		if r.kind == kind && !r.off {
			return r
		}
	}

	return nil
}

const kindCluster = "cluster"

func (w *writer) inCluster() field { return field{"cluster", w.of(kindCluster).address()} }

// lost warns of a component that is not carried over as it was.
func (w *writer) lost(c *Component, summary, fix, format string, args ...any) {
	at := c.at[keyFlavor]
	if len(c.at) == 0 {
		at = w.stack.at[keyComponents]
	}

	w.warn(RuleCarry, at, summary, fix, format, args...)
}

// mention says what the configuration has besides, and puts the warnings of each file above its block.
func (w *writer) mention() {
	for _, c := range w.parts[len(w.stack.Components):] {
		r := w.of(c.Type)

		switch {
		case r == nil:
		case c.row.ours != "local":
			r.comments = append(r.comments, "Not in the files, but "+w.stack.needy()+" cannot do without one.")
			w.warn(RuleAdded, w.stack.at[keyComponents], "Stack completed", "Name one in the files, or keep what the configuration has.",
				"The files have no %s, and %s cannot do without one: hcl has one of the flavor %s.", words(c.Type), w.stack.needy(), c.row.ours)
		case c.Type == kindBuilder:
			r.comments = append(r.comments, "Not in the files: ZenML "+zenml.Version+" builds images with Docker where a pipeline is started.")
		default:
			r.comments = append(r.comments, "Not in the files: mlstacks exported a local one then.")
		}
	}

	for _, p := range w.sorted() {
		if p.Severity != compose.Warning || p.Argument == 0 {
			continue
		}

		for _, r := range w.resources {
			if r.argument == p.Argument {
				r.comments = append(r.comments, comment(p))
			}
		}
	}
}

// comment is a warning in a configuration.
func comment(p Problem) string {
	words := []string{p.String() + ":", sentence(p.Message)}
	if p.Because != "" {
		words = append(words, "Because: "+sentence(p.Because))
	}

	return oneLine(strings.Join(append(words, p.Fix), " "))
}

func sentence(text string) string {
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".?!") {
		return text
	}

	return text + "."
}

// slots are the components of the stack by the attributes of mlstacks_stack.
func (w *writer) slots() object {
	slots := object{{"name", text(w.stack.Name)}}

	for _, kind := range []string{
		kindOrchestrator, kindStore, kindRegistry, kindTracker, kindStep, kindModels, kindBuilder, kindPlatform,
	} {
		var found []value

		for _, r := range w.resources {
			if r.kind == kind && !r.off && r.argument >= 0 {
				found = append(found, r.address())
			}
		}

		if len(found) > 0 {
			slots = append(slots, field{kind, found[0]})
		}

		if len(found) > 1 {
			slots = append(slots, field{fmt.Sprintf("additional_%ss", kind), tuple(found[1:])})
		}
	}

	return slots
}
