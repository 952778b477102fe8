package stack

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
)

var _ resource.ResourceWithIdentity = (*Resource)(nil)

// IdentitySchema says what tells one stack from another: its name, which may be changed in place.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = slot.IdentitySchema(slot.IdentityPart{Name: "name", Required: true, Description: "Name of the stack."})
}

// identify writes the identity of a stack as it is planned or stored. What is not known yet leaves it as it is.
func identify(ctx context.Context, stack tftypes.Value, into *tfsdk.ResourceIdentity) diag.Diagnostics {
	plain, known, err := flavor.PlainMap(stack)
	if err != nil || !known {
		return nil
	}

	name, ok := plain["name"].(string)
	if !ok {
		return nil
	}

	return slot.SetIdentity(ctx, into, map[string]string{"name": name})
}
