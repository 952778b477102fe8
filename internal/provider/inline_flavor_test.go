package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
)

// A flavor written in place is judged as one of its own resource would be.
func TestCustom_FlavorWrittenInPlaceIsJudged(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct{ flavor, says string }{
		"name":     {`name = "lo cal!"`, `"lo cal!" is not the name of a flavor`},
		"built-in": {`name = "azure"`, `has a built-in flavor "azure"`},
		"schema":   {`name = "lakefs", config_schema = "{"`, `config_schema of flavor "lakefs", line 1`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Run(t, resource.TestStep{
				Config: `resource "mlstacks_artifact_store" "x" {
  name = "x"
  custom = {
    flavor = { component_type = "artifact_store", ` + c.flavor + ` }
    config = { path = "x" }
  }
}`,
				PlanOnly: true, ExpectError: acctest.SaysAll("flavor = {", c.says),
			})
		})
	}
}

func TestSettings_ThatAreNoObjectAreRefused(t *testing.T) {
	t.Parallel()
	acctest.Run(t, resource.TestStep{
		Config: `resource "mlstacks_artifact_store" "x" {
  name = "x"
  b2   = { path = "s3://bucket", settings = "text" }
}`,
		PlanOnly: true, ExpectError: acctest.Says("b2.settings: an object of names and values is wanted"),
	})
}

func TestLocalPath_WithASchemeIsRefused(t *testing.T) {
	t.Parallel()
	acctest.Run(t, resource.TestStep{
		Config: `resource "mlstacks_artifact_store" "x" {
  name  = "x"
  local = { path = "s3://bucket" }
}`,
		PlanOnly: true, ExpectError: acctest.Says("must be a path on this machine, not an address with a scheme"),
	})
}
