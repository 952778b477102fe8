package provider_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
)

const platform = "mlstacks_mlops_platform.x"

// platformIn is a stack with the platform that some blocks make.
func platformIn(t *testing.T, blocks string) string {
	t.Helper()

	path := filepath.Join(t.TempDir(), "artifacts")

	return blocks + stackX(fmt.Sprintf("local = { path = %q }", path), "mlops_platform = mlstacks_mlops_platform.x")
}

// The flavor has the name of the attribute in which other components show what ZenML calls them.
func TestPlatform_OfTheFlavorZenMLFitsIntoAStack(t *testing.T) {
	t.Parallel()

	acctest.Run(t, resource.TestStep{
		Config: platformIn(t, `
resource "mlstacks_cluster" "x" {
  name = "platform-of-a-plan"
  k3d  = {}
}
resource "mlstacks_metadata_store" "x" {
  name    = "records"
  cluster = mlstacks_cluster.x
  mysql   = {}
}
resource "mlstacks_mlops_platform" "x" {
  name    = "zenml"
  cluster = mlstacks_cluster.x
  zenml   = { metadata_store = mlstacks_metadata_store.x }
}`),
		PlanOnly: true, ExpectNonEmptyPlan: true,
		ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPreRefresh: []plancheck.PlanCheck{
			plancheck.ExpectKnownValue(platform, tfjsonpath.New("flavor"), knownvalue.StringExact("zenml")),
			plancheck.ExpectKnownValue(platform, tfjsonpath.New("zenml").AtMapKey("username"), knownvalue.StringExact("admin")),
			plancheck.ExpectUnknownValue(platform, tfjsonpath.New("uri")),
			plancheck.ExpectKnownValue("mlstacks_stack.x", tfjsonpath.New("mlops_platform").AtMapKey("flavor"), knownvalue.StringExact("zenml")),
		}},
	})
}

// What is elsewhere has none of the flavor's attributes, in the plan and in the state.
func TestPlatform_ElsewhereShowsNoServerOfItsOwn(t *testing.T) {
	t.Parallel()

	acctest.Run(t, resource.TestStep{
		Config: platformIn(t, `
resource "mlstacks_mlops_platform" "x" {
  name   = "mlflow"
  mlflow = { tracking_uri = "https://mlflow.example.com" }
}`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(platform, tfjsonpath.New("zenml"), knownvalue.Null()),
			statecheck.ExpectKnownValue("mlstacks_stack.x", tfjsonpath.New("mlops_platform").AtMapKey("uri"), knownvalue.StringExact("https://mlflow.example.com")),
		},
	})
}
