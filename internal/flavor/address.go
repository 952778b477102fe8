package flavor

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// WebAddress validates an http:// or https:// address without a login. Its message does not repeat the value, which may
// hold a password.
func WebAddress(example string) validator.String { return webAddress{example: example} }

type webAddress struct{ example string }

var webAddressPattern = regexp.MustCompile(`^https?://[^\s/?#@]+(/[^\s?#]*)?$`)

// Description says what an address must be.
func (v webAddress) Description(context.Context) string {
	return "must be an http:// or https:// address without a login, such as " + v.example
}

// MarkdownDescription says what an address must be.
func (v webAddress) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString refuses anything else.
func (v webAddress) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || webAddressPattern.MatchString(req.ConfigValue.ValueString()) {
		return
	}

	resp.Diagnostics.AddAttributeError(req.Path, "Invalid address", fmt.Sprintf("%s %s.", req.Path, v.Description(ctx)))
}
