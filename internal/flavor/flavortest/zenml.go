package flavortest

import (
	"regexp"
	"slices"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// checkZenML holds the sample to what ZenML accepts, and the judgment to the promise that a stack that can work is
// never refused.
func (s suite) checkZenML(t *testing.T) {
	first, changed := s.samples(t, t.TempDir())

	t.Run("accepts the sample", func(t *testing.T) {
		s.accepts(t, "written", componentName, first.written)
		s.accepts(t, "planned", componentName, first.planned)

		for _, p := range refused(s.flavor.Check(s.kind, about(componentName, changed.planned))) {
			t.Errorf("changed: %v: %s: %s", p.Path, p.Summary, p.Detail)
		}
	})

	t.Run("refuses nothing that is unknown", func(t *testing.T) {
		s.accepts(t, "everything unknown", zenml.Unknown{}, s.allUnknown())

		for _, base := range []flavor.Values{first.written, first.planned} {
			for _, at := range places(base, nil) {
				s.accepts(t, "unknown "+at.String(), zenml.Unknown{}, with(base, at, zenml.Unknown{}))
			}
		}
	})
}

// refused leaves out what is only a warning.
func refused(problems []flavor.Problem) []flavor.Problem {
	return slices.DeleteFunc(problems, func(p flavor.Problem) bool { return p.Warning })
}

func (s suite) accepts(t *testing.T, what string, name any, v flavor.Values) {
	t.Helper()

	for _, p := range refused(s.flavor.Check(s.kind, about(componentName, v))) {
		t.Errorf("%s: %v: %s: %s", what, p.Path, p.Summary, p.Detail)
	}

	for _, p := range s.flavor.Facts(s.kind, about(name, v)).Judge(s.kind.Name, s.sample.Connector) {
		t.Errorf("%s: %v: %s (%s)", what, p.Path, p.Message, p.Rule)
	}
}

var variable = regexp.MustCompile(`^_?[A-Z][A-Z0-9_]*$`)

// checkEnvironment holds the variables for clients to what a shell and a reader of the state may see.
func (s suite) checkEnvironment(t *testing.T) {
	if s.flavor.Environment == nil {
		return
	}

	dir := t.TempDir()
	first, changed := s.samples(t, dir)
	secrets, _ := s.withSecrets(t, dir)

	for what, base := range map[string]flavor.Values{
		"sample": first.planned, "changed": changed.planned, "secrets": secrets.written, "secrets planned": secrets.planned,
	} {
		for name, value := range s.flavor.Environment(s.flavor.Facts(s.kind, about(componentName, base))) {
			if !variable.MatchString(name) {
				t.Errorf("%s: %q is no name of a variable", what, name)
			}

			text, known := flavor.Text(value)
			if !known && s.flavor.Applied == nil {
				t.Errorf("%s: %s is unknown", what, name)
			}

			if zenml.IsSecretReference(text) {
				t.Errorf("%s: %s refers to a secret, which no client can resolve: %s", what, name, text)
			}

			tellsNo(t, name, text)
		}
	}
}
