package registration

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
)

var _ resource.ResourceWithIdentity = (*Resource)(nil)

// IdentitySchema says what tells one registration from another: the id that the server gave the stack, which stays through
// every change.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = slot.IdentitySchema(slot.IdentityPart{Name: "id", Required: true, Description: "ZenML's id of the stack."})
}

// identify writes the identity. An import by name knows no id before it has read the stack.
func identify(ctx context.Context, id types.String, into *tfsdk.ResourceIdentity) diag.Diagnostics {
	if !uuid.MatchString(id.ValueString()) {
		return nil
	}

	return slot.SetIdentity(ctx, into, map[string]string{"id": id.ValueString()})
}
