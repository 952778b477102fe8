package diagnose

import "github.com/hashicorp/terraform-plugin-framework/diag"

// Configured takes over what the provider hands to those it serves; before the provider block is read there is nothing. What is
// of another type only a mistake in the provider explains.
func Configured[T any](data any, into *T) diag.Diagnostics {
	if data == nil {
		return nil
	}

	given, ok := data.(T)
	if !ok {
		return diag.Diagnostics{Bug("provider data of type %T", data)}
	}

	*into = given

	return nil
}
