// Package access lets other configurations and providers in: a data source that looks up clusters, and ephemeral resources
// that hand out credentials, which stay out of state and plan.
package access

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// clusterReference is a cluster as a configuration hands it over.
type clusterReference struct {
	Name      types.String `tfsdk:"name"`
	Reference types.Map    `tfsdk:"reference"`
}

// parts are the way into the cluster. known is false while a part of it is left to apply.
func (r clusterReference) parts() (reference map[string]string, known bool) {
	reference = map[string]string{}

	if r.Reference.IsUnknown() {
		return nil, false
	}

	for key, value := range r.Reference.Elements() {
		text, ok := value.(types.String)
		if !ok || text.IsUnknown() {
			return nil, false
		}

		if !text.IsNull() {
			reference[key] = text.ValueString()
		}
	}

	return reference, true
}

// worded turns the errors of backends into those that diagnostics know.
func worded(err error) error {
	if errors.Is(err, backend.ErrUnreachable) {
		return flavor.Because(flavor.ErrUnreachable, err)
	}

	return err
}

// texts makes a Terraform map of texts.
func texts(ctx context.Context, values map[string]string) (types.Map, error) {
	value, diags := types.MapValueFrom(ctx, types.StringType, values)
	if diags.HasError() {
		return value, fmt.Errorf("write map: %s", diags.Errors()[0].Detail())
	}

	return value, nil
}

// object makes the Terraform value of a flavor's configuration for a lookup: what is given, and null for the rest.
func object(ctx context.Context, f flavor.Flavor, kind flavor.Kind, given map[string]attr.Value) (basetypes.ObjectValue, error) {
	kinds := map[string]attr.Type{}
	values := map[string]attr.Value{}

	for name, attribute := range f.Attributes(kind) {
		kinds[name] = attribute.GetType()

		if value, ok := given[name]; ok {
			values[name] = value

			continue
		}

		null, err := attribute.GetType().ValueFromTerraform(ctx, nullOf(ctx, attribute.GetType()))
		if err != nil {
			return basetypes.ObjectValue{}, fmt.Errorf("write %s: %w", name, err)
		}

		values[name] = null
	}

	value, diags := types.ObjectValue(kinds, values)
	if diags.HasError() {
		return value, fmt.Errorf("write configuration: %s", diags.Errors()[0].Detail())
	}

	return value, nil
}
