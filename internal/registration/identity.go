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
// every change but for one that has to make the stack anew.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = slot.IdentitySchema(slot.IdentityPart{Name: "id", Required: true, Description: "ZenML's id of the stack."})
}

// noStack stands in for the id where there is no stack yet: nothing in a state may be without an identity.
const noStack = "00000000-0000-0000-0000-000000000000"

// identify writes the identity. A registration that was left half-made has no stack, and an import by name knows no id before
// it has read it.
func identify(ctx context.Context, id types.String, into *tfsdk.ResourceIdentity) diag.Diagnostics {
	known := id.ValueString()
	if !uuid.MatchString(known) {
		known = noStack
	}

	return slot.SetIdentity(ctx, into, map[string]string{"id": known})
}
