// Package spec reads the YAML of the mlstacks tool: a stack file and a file for each component. It holds them to the tool's
// rules and to the stack's own, says for every mistake in which file, line and column it is, and translates what is left
// into the names of this provider and into its configuration as text.
//
// The package knows nothing of Terraform's plugins; the data source and the function are in specdata.
package spec

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
)

// Stack is what the files say, in this provider's names.
type Stack struct {
	// Name is the stack's name, Provider one of aws, gcp, k3d.
	Name, Provider string
	// Region is where the tool would have put things: the default region, unless a component's config names another.
	// It is empty where the files name none.
	Region string
	// Tags are the stack's default_tags.
	Tags map[string]string
	// Components are in the order of the stack file.
	Components []Component
	// HCL is the same stack as a configuration of this provider; empty while there are errors.
	HCL string

	// state is where the tool kept its state, as backend and bucket.
	state *remoteState
	at    map[string]Mark
	// whole says that every component is there and known, so that what the stack lacks it really lacks.
	whole bool
}

// Component is one component file.
type Component struct {
	// Key tells the component from the others of its stack: its name, or <type>/<name> where two types share a name.
	Key string
	// Name and Type are as the file has them.
	Name, Type string
	// Flavor is this provider's name of the flavor; ToolFlavor is what the file calls it.
	Flavor, ToolFlavor string
	// Provider is one of aws, gcp, k3d; Region where the tool would have put it, or empty.
	Provider, Region string
	// Configuration is what the file configures, by the attributes of this provider's flavor. It holds no secrets.
	Configuration map[string]string
	// Labels are the component's own tags.
	Labels map[string]string
	// BuiltIn says that this provider has the flavor.
	BuiltIn bool
	// File is the file's name, as it was found.
	File string

	row     row
	config  map[string]string
	at      map[string]Mark
	renamed string
}

// Options are what the reader has to be told of the provider.
type Options struct {
	// Candidates are what the suggestions of objections are computed from.
	Candidates []compose.Candidate
	// StateURL is where the tool kept its state: s3://… or gs://…; empty where that is of no interest.
	StateURL string
}

// Parse reads a stack and its components from texts; the components are in the order in which the stack names them. The
// problems are all there are, in the order of the files, errors and warnings mixed; after an error the stack is incomplete.
func Parse(stack string, components []string, options Options) (Stack, []Problem) {
	r := &reader{}
	files := make([]File, 0, len(components))

	for i, text := range components {
		files = append(files, File{Name: componentText(i), Argument: i + 1, Text: []byte(text)})
	}

	parsed := r.stack(File{Name: "stack_yaml", Text: []byte(stack)}, func(names []listed) []File { return r.handed(names, files) })

	return r.finish(parsed, options)
}

// Read reads a stack file and the component files that it names. A relative path starts at the directory base, or at the
// working directory where base is empty. Component files are looked for beside the stack file, and then there.
func Read(path, base string, options Options) (Stack, []Problem) {
	r := &reader{}

	file, ok := r.open(path, base)
	if !ok {
		return Stack{}, r.problems
	}

	parsed := r.stack(file, func(names []listed) []File { return r.beside(file, base, names) })

	return r.finish(parsed, options)
}

// finish judges a stack as far as its files are right, and writes one without mistakes as a configuration.
func (r *reader) finish(s Stack, options Options) (Stack, []Problem) {
	s.state = r.stateOf(options.StateURL)

	r.configure(&s)

	if s.whole {
		r.judge(s, options.Candidates)
	}

	if !r.failed() {
		s.HCL = r.write(s)
	}

	return s, r.sorted()
}
