package custom

import (
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

func resourceOf(t *testing.T) (*Resource, schema.Schema) {
	t.Helper()

	r := NewResource([]flavor.Kind{stores, {Name: "orchestrator"}}, []string{"s3", "gcs", "artifact_registry"})

	var resp resource.SchemaResponse

	r.Schema(t.Context(), resource.SchemaRequest{}, &resp)

	return r, resp.Schema
}

var list = tftypes.List{ElementType: tftypes.String}

// raw is an mlstacks_flavor as Terraform hands it over.
func raw(shape tftypes.Type, more map[string]tftypes.Value) tftypes.Value {
	values := map[string]tftypes.Value{
		"id": tftypes.NewValue(tftypes.String, nil), "component_type": tftypes.NewValue(tftypes.String, "artifact_store"),
		"name": tftypes.NewValue(tftypes.String, "lakefs"), "schemes": tftypes.NewValue(list, nil), "provides": tftypes.NewValue(list, nil),
		"config_schema": tftypes.NewValue(tftypes.String, nil),
	}
	maps.Copy(values, more)

	return tftypes.NewValue(shape, values)
}

func textList(values ...any) tftypes.Value {
	elements := make([]tftypes.Value, 0, len(values))
	for _, value := range values {
		elements = append(elements, tftypes.NewValue(tftypes.String, value))
	}

	return tftypes.NewValue(list, elements)
}

func TestResource_WarnsOfAbilitiesThatNobodyAsksFor(t *testing.T) {
	t.Parallel()

	r, of := resourceOf(t)

	for name, c := range map[string]struct {
		provides tftypes.Value
		says     []string
	}{
		"none":                    {tftypes.NewValue(list, nil), nil},
		"unknown":                 {tftypes.NewValue(list, tftypes.UnknownValue), nil},
		"an unknown one":          {textList("s3", tftypes.UnknownValue, nil), nil},
		"known ones":              {textList("s3", "artifact_registry"), nil},
		"one that nobody knows":   {textList("s3", "block_storage"), []string{`"block_storage"`, "s3, gcs, artifact_registry"}},
		"a misspelled one":        {textList("artifacts_registry"), []string{`"artifacts_registry"`, `Did you mean "artifact_registry"?`}},
		"misspelled, among known": {textList("gsc", tftypes.UnknownValue), []string{`"gsc"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var resp resource.ValidateConfigResponse

			r.ValidateConfig(t.Context(), resource.ValidateConfigRequest{Config: tfsdk.Config{
				Schema: of, Raw: raw(of.Type().TerraformType(t.Context()), map[string]tftypes.Value{"provides": c.provides}),
			}}, &resp)

			if resp.Diagnostics.HasError() || (resp.Diagnostics.WarningsCount() == 1) != (c.says != nil) {
				t.Fatalf("said %v", resp.Diagnostics)
			}

			for _, text := range c.says {
				if !strings.Contains(resp.Diagnostics[0].Detail(), text) {
					t.Errorf("%q does not say %q", resp.Diagnostics[0].Detail(), text)
				}
			}

			for _, d := range resp.Diagnostics {
				if at, ok := d.(diag.DiagnosticWithPath); !ok || !at.Path().Equal(path.Root("provides")) {
					t.Errorf("%v is not at provides", d)
				}
			}
		})
	}
}

func TestResource_OffersTheAbilitiesItWasGiven(t *testing.T) {
	t.Parallel()

	_, of := resourceOf(t)

	text := of.Attributes["provides"].GetMarkdownDescription()
	if !strings.Contains(text, "`s3`, `gcs`, `artifact_registry`") || strings.Contains(text, "acr") {
		t.Error(text)
	}
}

func TestResource_PlansNothingOfAPlanItCannotRead(t *testing.T) {
	t.Parallel()

	r, of := resourceOf(t)
	delete(of.Attributes, "provides") // a shape that the resource does not expect

	shape := of.Type().TerraformType(t.Context())
	plan := tftypes.NewValue(shape, map[string]tftypes.Value{
		"id": tftypes.NewValue(tftypes.String, tftypes.UnknownValue), "component_type": tftypes.NewValue(tftypes.String, "artifact_store"),
		"name": tftypes.NewValue(tftypes.String, "lakefs"), "schemes": tftypes.NewValue(list, nil),
		"config_schema": tftypes.NewValue(tftypes.String, nil),
	})
	resp := resource.ModifyPlanResponse{Plan: tfsdk.Plan{Schema: of, Raw: plan}}

	r.ModifyPlan(t.Context(), resource.ModifyPlanRequest{Plan: resp.Plan}, &resp)

	if !resp.Diagnostics.HasError() {
		t.Fatal("no error")
	}

	if !resp.Plan.Raw.Equal(plan) {
		t.Errorf("the plan became %s", resp.Plan.Raw)
	}
}
