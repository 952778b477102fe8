package slot

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// IdentityPart is one attribute of a resource's identity; all of them are texts.
type IdentityPart struct {
	Name string
	// Required says that an import cannot do without it.
	Required bool
	// Description is plain text.
	Description string
}

// IdentitySchema describes an identity, for a resource's method of that name.
func IdentitySchema(parts ...IdentityPart) identityschema.Schema {
	attributes := make(map[string]identityschema.Attribute, len(parts))
	for _, part := range parts {
		attributes[part.Name] = identityschema.StringAttribute{
			RequiredForImport: part.Required, OptionalForImport: !part.Required, Description: part.Description,
		}
	}

	return identityschema.Schema{Attributes: attributes}
}

// SetIdentity writes an identity; parts that are missing or empty are null. There is none to write where Terraform, or the
// resource, has no identities.
func SetIdentity(ctx context.Context, into *tfsdk.ResourceIdentity, parts map[string]string) diag.Diagnostics {
	var diags diag.Diagnostics

	if into == nil {
		return diags
	}

	for name := range into.Schema.GetAttributes() {
		value := types.StringNull()
		if text := parts[name]; text != "" {
			value = types.StringValue(text)
		}

		diags.Append(into.SetAttribute(ctx, path.Root(name), value)...)
	}

	return diags
}

// Identity reads an identity: the parts that it has, and whether there is one at all. There is none in a state that an
// older CLI or an older version of the provider wrote, and none when an import goes by its identifier.
func Identity(ctx context.Context, from *tfsdk.ResourceIdentity) (parts map[string]string, there bool, diags diag.Diagnostics) {
	if from == nil || from.Raw.IsNull() || from.Raw.IsFullyNull() {
		return nil, false, diags
	}

	parts = map[string]string{}

	for name := range from.Schema.GetAttributes() {
		var value types.String

		diags.Append(from.GetAttribute(ctx, path.Root(name), &value)...)

		if text := value.ValueString(); text != "" {
			parts[name] = text
		}
	}

	return parts, !diags.HasError(), diags
}
