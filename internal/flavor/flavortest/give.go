package flavortest

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Given is a configuration as the engine hands it to a flavor.
type Given struct {
	// Full is what Create and Update get, Stored what Read and Delete get: without write-only values.
	Full, Stored types.Object
}

// Give puts two configurations of a flavor through validation and planning, for tests of their own.
func Give(t *testing.T, kind flavor.Kind, f flavor.Flavor, config, changed Make) (first, second Given) {
	t.Helper()

	s := suite{kind: kind, flavor: f, sample: Sample{Config: config, Changed: changed}, attributes: f.Attributes(kind)}
	s.server = serve(f.Name, s.attributes)

	one, other := s.samples(t, t.TempDir())

	return Given{Full: one.full, Stored: one.stored}, Given{Full: other.full, Stored: other.stored}
}
