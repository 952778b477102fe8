package provider_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/provider"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
)

// lakefs is a flavor that is created in the same plan as the component that uses it.
const lakefs = `
resource "terraform_data" "later" { input = "x" }
resource "mlstacks_flavor" "lakefs" {
  component_type = "artifact_store"
  name           = "lakefs"
  schemes        = ["s3://", "lakefs://"]
  config_schema  = jsonencode({
    type                 = "object"
    required             = ["path"]
    additionalProperties = false
    properties = {
      path     = { type = "string" }
      replicas = { type = "integer", minimum = 1 }
      endpoint = { type = "string", format = "uri" }
      auth     = { type = "object", properties = { method = { enum = ["basic", "token"] } }, additionalProperties = false }
      zones    = { type = "array", items = { type = "string" } }
    }
  })
}
`

func lakefsStore(config string) string {
	return lakefs + `
resource "mlstacks_artifact_store" "x" {
  name = "x"
  custom = {
    flavor = mlstacks_flavor.lakefs
    ` + config + `
  }
}`
}

func TestCustom_ConfigurationIsRefusedAtItsLine(t *testing.T) {
	t.Parallel()

	cases := map[string]struct {
		config string
		says   *regexp.Regexp
	}{
		"unknown key": {
			`config = { path = "s3://b", repicas = 1 }`,
			acctest.SaysAll("config = {", "custom.config.repicas: the schema has no such key", `config_schema of flavor "lakefs"`),
		},
		"unknown key of an object": {
			`config = { path = "s3://b", auth = { methd = "basic" } }`,
			acctest.SaysAll("config = {", "custom.config.auth.methd: the schema has no such key"),
		},
		"unknown key beside an unknown value": {
			`config = { path = terraform_data.later.output, repicas = 1 }`,
			acctest.SaysAll("config = {", "custom.config.repicas: the schema has no such key"),
		},
		"wrong type":  {`config = { path = "s3://b", replicas = "three" }`, acctest.SaysAll("config = {", "custom.config.replicas: got string, want integer")},
		"wrong value": {`config = { path = "s3://b", replicas = 0 }`, acctest.SaysAll("config = {", "custom.config.replicas: minimum: got 0, want 1")},
		"wrong item":  {`config = { path = "s3://b", zones = ["a", 1] }`, acctest.SaysAll("config = {", "custom.config.zones.1: got number, want string")},
		"none of the values": {
			`config = { path = "s3://b", auth = { method = "magic" } }`,
			acctest.SaysAll("config = {", "custom.config.auth.method: value must be one of 'basic', 'token'"),
		},
		"format":         {`config = { path = "s3://b", endpoint = "nowhere" }`, acctest.SaysAll("config = {", "custom.config.endpoint: 'nowhere' is not valid uri")},
		"missing key":    {`config = { replicas = 1 }`, acctest.SaysAll("config = {", "custom.config: missing: path")},
		"null key":       {`config = { path = null }`, acctest.SaysAll("config = {", "custom.config: missing: path")},
		"no config":      {``, acctest.SaysAll("custom = {", "custom.config: missing: path")},
		"not an object":  {`config = ["s3://b"]`, acctest.SaysAll(`config = ["s3://b"]`, "is an object of names and values")},
		"scheme":         {`config = { path = "gs://b" }`, acctest.SaysAll("config = {", `"gs://b" does not begin with a scheme of flavor "lakefs"`, "s3://, lakefs://")},
		"scheme, by var": {"config = local.config\n  }\n}\nlocals {\n  config = {\n  path = \"gs://b\"\n", acctest.SaysAll("config = local.config", `"gs://b"`)},
	}

	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Run(t, resource.TestStep{Config: lakefsStore(c.config), PlanOnly: true, ExpectError: c.says})
		})
	}
}

func TestCustom_SchemaIsRefusedAtItsLine(t *testing.T) {
	t.Parallel()

	cases := map[string]struct {
		schema string
		says   *regexp.Regexp
	}{
		"not JSON":         {"<<-EOT\n{\n  \"type\": \"object\",\n}\nEOT", acctest.SaysAll("config_schema = <<-EOT", "Line 3: not JSON")},
		"one line":         {`jsonencode({ properties = { path = { type = "text" } } })`, acctest.SaysAll("config_schema = jsonencode(", "Line 1: /properties/path/type: value must be one of")},
		"another document": {"<<-EOT\n{\n  \"$ref\": \"https://example.com/a.json\"\n}\nEOT", acctest.SaysAll("config_schema = <<-EOT", "Line 2:", "https://example.com/a.json", "self-contained")},
	}

	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Run(t, resource.TestStep{PlanOnly: true, ExpectError: c.says, Config: `
resource "mlstacks_flavor" "x" {
  component_type = "artifact_store"
  name           = "lakefs"
  config_schema = ` + c.schema + `
}`})
		})
	}
}

// Which alternative holds is known only at apply.
func TestCustom_AlternativesWaitForUnknownValues(t *testing.T) {
	t.Parallel()

	config := func(kind, size string) string {
		return fmt.Sprintf(`
resource "terraform_data" "later" { input = 3 }
resource "mlstacks_flavor" "x" {
  component_type = "artifact_store"
  name           = "lakefs"
  config_schema = jsonencode({
    "$defs" = {
      a = { properties = { kind = { const = "a" } } }
      b = { properties = { kind = { const = "b" }, size = { type = "number" } } }
    }
    anyOf = [{ "$ref" = "#/$defs/a" }, { "$ref" = "#/$defs/b" }]
  })
}
resource "mlstacks_artifact_store" "x" {
  name = "x"
  custom = {
    flavor = mlstacks_flavor.x
    config = { kind = %q, size = %s }
  }
}`, kind, size)
	}

	acctest.Run(t,
		resource.TestStep{Config: config("b", "terraform_data.later.output"), PlanOnly: true, ExpectNonEmptyPlan: true},
		resource.TestStep{Config: config("b", "terraform_data.later.output")},
		resource.TestStep{Config: config("b", `"large"`), PlanOnly: true, ExpectError: acctest.SaysAll("config = {", "custom.config.size: got string, want number")},
	)
}

func TestCustom_UnknownThatTurnsOutToBeNullKeepsItsKey(t *testing.T) {
	t.Parallel()

	config := lakefsStore(`config = {
      path     = "s3://b"
      endpoint = terraform_data.later.output == "x" ? null : "https://example.com"
      auth     = { method = terraform_data.later.output == "x" ? null : "basic" }
    }`)

	acctest.Run(t,
		resource.TestStep{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(store, tfjsonpath.New("zenml").AtMapKey("configuration").AtMapKey("path"), knownvalue.StringExact("s3://b")),
				statecheck.ExpectKnownValue(store, tfjsonpath.New("zenml").AtMapKey("configuration").AtMapKey("endpoint"), knownvalue.Null()),
			},
		},
		resource.TestStep{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
	)
}

func TestCustom_AddressMayBeUnknownUntilApply(t *testing.T) {
	t.Parallel()

	config := lakefsStore(`config = { path = "s3://${terraform_data.later.output}" }`)
	acctest.Run(t,
		resource.TestStep{
			Config: config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownValue(store, tfjsonpath.New("uri")),
				plancheck.ExpectKnownValue(store, tfjsonpath.New("flavor"), knownvalue.StringExact("custom/lakefs")),
			}},
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(store, tfjsonpath.New("uri"), knownvalue.StringExact("s3://x"))},
		},
		resource.TestStep{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
	)
}

func TestCustom_AbilitiesMayBeUnknownUntilApply(t *testing.T) {
	t.Parallel()

	for name, provides := range map[string]string{
		"element": `["s3", terraform_data.later.output]`,
		"list":    `split(",", "s3,${terraform_data.later.output}")`,
		"null":    `terraform_data.later.output == "gcs" ? null : ["s3"]`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			config := `
resource "terraform_data" "later" { input = "gcs" }
resource "mlstacks_flavor" "x" {
  component_type = "artifact_store"
  name           = "lakefs"
  provides       = ` + provides + `
}
resource "mlstacks_artifact_store" "x" {
  name   = "x"
  custom = { flavor = mlstacks_flavor.x }
}`

			want := knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("s3"), knownvalue.StringExact("gcs")})

			var check knownvalue.Check = want
			if name == "null" {
				check = knownvalue.Null()
			}

			acctest.Run(t,
				resource.TestStep{
					Config:            config,
					ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectUnknownValue(store, tfjsonpath.New("provides"))}},
					ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(store, tfjsonpath.New("provides"), check)},
				},
				resource.TestStep{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
			)
		})
	}
}

func TestCustom_StackWaitsForUnknownAbilities(t *testing.T) {
	t.Parallel()

	login := aws.Identity(t)
	config := func(ability string) string {
		return login + `
resource "terraform_data" "later" { input = "s3" }
resource "mlstacks_flavor" "store" {
  component_type = "artifact_store"
  name           = "lakefs"
  provides       = [` + ability + `]
}
resource "mlstacks_orchestrator" "x" {
  name  = "x"
  local = {}
}
resource "mlstacks_artifact_store" "x" {
  name   = "x"
  custom = { flavor = mlstacks_flavor.store }
}
resource "mlstacks_step_operator" "x" {
  name   = "x"
  sagemaker = {
    execution_role_arn = "arn:aws:iam::123456789012:role/x"
    client_policy      = false
    artifact_store = {
      name = "bucket", type = "artifact_store", flavor = "s3", outputs = { bucket = "acme-ml", region = "eu-west-1" }
    }
    container_registry = {
      name = "images", type = "container_registry", flavor = "ecr", outputs = { repositories = "ml", region = "eu-west-1", account = "123456789012" }
    }
  }
}
resource "mlstacks_image_builder" "x" {
  name  = "x"
  local = {}
}
resource "mlstacks_container_registry" "x" {
  name = "x"
  ghcr = { uri = "ghcr.io/acme" }
}
resource "mlstacks_stack" "x" {
  name               = "x"
  orchestrator       = mlstacks_orchestrator.x
  artifact_store     = mlstacks_artifact_store.x
  step_operator      = mlstacks_step_operator.x
  image_builder      = mlstacks_image_builder.x
  container_registry = mlstacks_container_registry.x
}`
	}

	acctest.Run(t,
		resource.TestStep{Config: config(`"gcs"`), PlanOnly: true, ExpectError: acctest.SaysAll("step_operator = mlstacks_step_operator.x", "provides s3")},
		resource.TestStep{Config: config("terraform_data.later.output")},
	)
}

func TestCustom_FlavorMayBeChosenAtApply(t *testing.T) {
	t.Parallel()

	config := `
resource "terraform_data" "later" { input = "x" }
resource "mlstacks_flavor" "a" {
  component_type = "artifact_store"
  name           = "a"
  provides       = ["s3"]
}
resource "mlstacks_flavor" "b" {
  component_type = "artifact_store"
  name           = "b"
}
resource "mlstacks_artifact_store" "x" {
  name   = "x"
  custom = { flavor = terraform_data.later.output == "x" ? mlstacks_flavor.a : mlstacks_flavor.b, config = { path = "s3://b" } }
}`

	acctest.Run(t,
		resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(store, tfjsonpath.New("flavor"), knownvalue.StringExact("custom/a")),
		}},
		resource.TestStep{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
	)
}

func TestCustom_AbilityThatNobodyAsksForIsPointedOut(t *testing.T) {
	t.Parallel()

	output, err := acctest.NewCLI(t, `
resource "mlstacks_flavor" "x" {
  component_type = "container_registry"
  name           = "x"
  provides       = ["artifacts_registry"]
}`).Run(t, "plan")
	if err != nil {
		t.Fatalf("%v: %s", err, output)
	}

	for _, text := range []string{"Warning: Ability that no rule asks for", `Did you mean "artifact_registry"?`, "provides       = ["} {
		if !strings.Contains(strings.Join(strings.Fields(output), " "), strings.Join(strings.Fields(text), " ")) {
			t.Errorf("the plan does not say %q: %s", text, output)
		}
	}
}

func TestCustom_Import(t *testing.T) {
	t.Parallel()

	config := lakefsStore(`config = { path = "s3://b" }`)

	acctest.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			Config: config, ResourceName: "mlstacks_flavor.lakefs", ImportState: true, ImportStateId: "artifact_store/lakefs",
			ImportStateVerify: true, ImportStateVerifyIgnore: []string{"schemes", "config_schema"},
		},
		resource.TestStep{
			Config: config, ResourceName: store, ImportState: true, ImportStateId: "custom/lakefs/x",
			ImportStateCheck: func(imported []*terraform.InstanceState) error {
				if len(imported) != 1 || imported[0].Attributes["flavor"] != "custom/lakefs" || imported[0].Attributes["name"] != "x" {
					return fmt.Errorf("imported %v", imported)
				}

				return nil
			},
		},
	)
}

// What an import cannot tell is taken from the configuration, in place.
func TestCustom_ImportedOnesAreUpdated(t *testing.T) {
	t.Parallel()

	config := lakefsStore(`config = { path = "s3://b" }`)

	acctest.Run(t,
		resource.TestStep{
			Config: config + `
import {
  to = mlstacks_flavor.lakefs
  id = "artifact_store/lakefs"
}
import {
  to = mlstacks_artifact_store.x
  id = "custom/lakefs/x"
}`,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("mlstacks_flavor.lakefs", plancheck.ResourceActionUpdate),
				plancheck.ExpectResourceAction(store, plancheck.ResourceActionUpdate),
			}},
		},
		resource.TestStep{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
	)
}

func TestCustom_ImportIdentifierThatDoesNotParse(t *testing.T) {
	t.Parallel()

	for at, identifiers := range map[string][]string{
		"mlstacks_flavor.lakefs": {"lakefs", "artifact_store", "artifact_store/", "/lakefs", "artefact_store/lakefs", "artifact_store/-lakefs", "artifact_store/lake/fs"}, //nolint:misspell // those are the cases
		store:                    {"custom", "custom/", "custom/lakefs", "custom/lakefs/", "custom//x", "custom/lakefs/x/y"},
	} {
		for _, identifier := range identifiers {
			t.Run(identifier, func(t *testing.T) {
				t.Parallel()
				acctest.Run(t, resource.TestStep{
					Config:   lakefsStore(`config = { path = "s3://b" }`) + fmt.Sprintf("\nimport {\n  to = %s\n  id = %q\n}", at, identifier),
					PlanOnly: true, ExpectError: acctest.Says(fmt.Sprintf("%q is not of the form", identifier)),
				})
			})
		}
	}
}

func TestCustom_FlavorOfAnOlderVersionIsRead(t *testing.T) {
	t.Parallel()

	schemas, err := provider.NewServer("test").GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	must(t, err)

	if version := schemas.ResourceSchemas["mlstacks_flavor"].Version; version != slot.SchemaVersion {
		t.Errorf("the schema has version %d, want %d", version, slot.SchemaVersion)
	}

	state := upgraded(t, "mlstacks_flavor", "flavor-v0.json", 0)
	want(t, state, "id", "artifact_store/lakefs")
	want(t, state, "component_type", "artifact_store")
	want(t, state, "name", "lakefs")
	want(t, state, "provides", nil)
	want(t, state, "config_schema", `{"type":"object"}`)

	if schemes, ok := state["schemes"].([]any); !ok || len(schemes) != 2 || schemes[0] != "s3://" {
		t.Errorf("schemes are %v", state["schemes"])
	}
}
