package component

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
)

// ImportState takes "<flavor>/<identifier>", or an identity that stands for one. Read finds out the rest.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	parts, there, diags := slot.Identity(ctx, req.Identity)
	resp.Diagnostics.Append(diags...)

	if there {
		req.ID, diags = r.identifier(parts)
		resp.Diagnostics.Append(diags...)
	}

	if !resp.Diagnostics.HasError() {
		r.importByID(ctx, req, resp)
	}

	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(r.identifyStored(ctx, resp.Identity, resp.State.Raw)...)
	}
}

func (r *Resource) importByID(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	name, identifier, _ := strings.Cut(req.ID, "/")

	f, ok := r.kind.Flavor(name)
	if !ok || identifier == "" {
		resp.Diagnostics.Append(diagnose.ImportID(r.kind, req.ID))

		return
	}

	if f.Clustered {
		where, rest, ok := splitCluster(identifier)
		if !ok {
			resp.Diagnostics.Append(diagnose.ClusteredImportID(r.kind, f, req.ID))

			return
		}

		identifier = rest

		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("cluster").AtName("name"), where.Name)...)
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("cluster").AtName("reference"), where.Reference)...)
	}

	if f.Imported != nil {
		if name, identifier, ok = f.Imported(identifier); !ok {
			resp.Diagnostics.Append(diagnose.ImportID(r.kind, req.ID))

			return
		}
	}

	// What cannot be read back from the object is taken over by the first update, and replaces nothing.
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, []byte("true"))...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("flavor"), name)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), identifier)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("managed"), true)...)
}

// splitCluster reads "<type of cluster>/<its name>/<namespace>/<name>". Names of contexts may have slashes in them.
func splitCluster(identifier string) (where flavor.Cluster, id string, ok bool) {
	by, rest, ok := strings.Cut(identifier, "/")
	parts := strings.Split(rest, "/")

	if !ok || len(parts) < 3 || slices.Contains(parts, "") {
		return where, "", false
	}

	at := len(parts) - 2
	where.Name = strings.Join(parts[:at], "/")
	where.Reference = map[string]string{"type": by, "name": where.Name}

	return where, strings.Join(parts[at:], "/"), true
}

// imported is the flavor that an import named, before Read has filled in its configuration.
func (r *Resource) imported(o object) (flavor.Flavor, bool) {
	name, _ := o.plain("flavor").(string)
	name, _, _ = strings.Cut(name, "/")

	return r.kind.Flavor(name)
}

// UpgradeState reads states of every older schema version. What they managed before managed existed, they managed.
func (r *Resource) UpgradeState(ctx context.Context) map[int64]resource.StateUpgrader {
	var current resource.SchemaResponse

	r.Schema(ctx, resource.SchemaRequest{}, &current)

	return slot.Upgraders(current.Schema.Type().TerraformType(ctx), map[string]json.RawMessage{"managed": json.RawMessage("true")})
}
