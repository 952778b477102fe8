package custom

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
)

// IdentitySchema says what tells one flavor from another. Neither part can change: another one is another flavor.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = slot.IdentitySchema(
		slot.IdentityPart{Name: "component_type", Required: true, Description: "Type of component the flavor is for."},
		slot.IdentityPart{Name: "name", Required: true, Description: "Name of the flavor."},
	)
}

// identify writes the identity of a flavor that is recorded.
func identify(ctx context.Context, state tfsdk.State, into *tfsdk.ResourceIdentity) diag.Diagnostics {
	var m model

	diags := state.Get(ctx, &m)
	if diags.HasError() {
		return diags
	}

	return slot.SetIdentity(ctx, into, map[string]string{"component_type": m.ComponentType.ValueString(), "name": m.Name.ValueString()})
}
