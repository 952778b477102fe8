package provider_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/provider"
)

// States written by older schema versions are stored with the tests and must be readable forever: what they lack is
// null, what is gone is dropped, and nothing that is still there is lost.
func TestState_OfAnOlderVersionIsRead(t *testing.T) {
	t.Parallel()

	t.Run("component", func(t *testing.T) {
		t.Parallel()

		state := upgraded(t, "mlstacks_artifact_store", "artifact_store-v0.json", 0)
		want(t, state, "name", "artifacts")
		want(t, state, "managed", true)
		want(t, state, "uri", "az://container/zenml")
		want(t, state, "connector", nil)
		want(t, state["azure_blob"], "path", "az://container/zenml")
		want(t, state["azure_blob"], "authentication_secret", nil)
		want(t, state["labels"], "team", "ml")
	})

	t.Run("stack", func(t *testing.T) {
		t.Parallel()

		state := upgraded(t, "mlstacks_stack", "stack-v0.json", 0)
		want(t, state, "name", "laptop")
		want(t, state, "zenml_yaml", "stack_name: laptop\n")
		want(t, state, "diagram", nil)
		want(t, state["artifact_store"], "uri", "az://container")
		want(t, state["orchestrator"], "uri", nil)
	})
}

func upgraded(t *testing.T, resource, file string, version int64) map[string]any {
	t.Helper()

	stored, err := os.ReadFile(filepath.Join("testdata", "state", file))
	must(t, err)

	server := provider.NewServer("test")

	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	must(t, err)

	answer, err := server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
		TypeName: resource, Version: version, RawState: &tfprotov6.RawState{JSON: stored},
	})
	must(t, err)

	for _, d := range answer.Diagnostics {
		t.Errorf("%s: %s", d.Summary, d.Detail)
	}

	if answer.UpgradedState == nil {
		t.Fatal("no state")
	}

	value, err := answer.UpgradedState.Unmarshal(schemas.ResourceSchemas[resource].ValueType())
	must(t, err)

	if value.Type().Is(tftypes.Object{}) && value.IsNull() {
		t.Fatal("the state is null")
	}

	state, _, err := flavor.PlainMap(value)
	must(t, err)

	return state
}

func want(t *testing.T, in any, name string, value any) {
	t.Helper()

	object, ok := in.(map[string]any)
	if !ok {
		t.Fatalf("%v is no object", in)
	}

	if got, ok := object[name]; !ok || got != value {
		t.Errorf("%s is %v, want %v", name, got, value)
	}
}
