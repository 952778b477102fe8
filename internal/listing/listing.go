// Package listing is the list resource behind every kind: it finds what components have made, by the marks that say whose
// it is, so that `terraform query` shows it and writes import blocks for it. It never names a flavor; how to look for one is
// its driver's to say.
package listing

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/component"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
)

// List lists the components of one kind.
type List struct {
	kind   flavor.Kind
	clouds flavor.Clouds
}

var (
	_ list.ListResourceWithConfigure      = (*List)(nil)
	_ list.ListResourceWithValidateConfig = (*List)(nil)
)

// New returns the list resource of a kind.
func New(kind flavor.Kind) *List { return &List{kind: kind} }

// Can says whether components of any flavor of a kind can be listed.
func Can(kind flavor.Kind) bool { return len(listable(kind)) > 0 }

func listable(kind flavor.Kind) []flavor.Flavor {
	var flavors []flavor.Flavor

	for _, f := range kind.Flavors {
		if _, ok := f.Lister(); ok {
			flavors = append(flavors, f)
		}
	}

	return flavors
}

// Metadata names the list resource as its resource.
func (l *List) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + l.kind.Name
}

// Configure takes over the logins of the provider block.
func (l *List) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	resp.Diagnostics.Append(diagnose.Configured(req.ProviderData, &l.clouds)...)
}

// ValidateListResourceConfig refuses a list that would look nowhere.
func (l *List) ValidateListResourceConfig(ctx context.Context, req list.ValidateConfigRequest, resp *list.ValidateConfigResponse) {
	where, known, diags := l.read(ctx, req.Config)
	resp.Diagnostics.Append(diags...)

	if diags.HasError() || !known {
		return
	}

	_, diags = l.targets(where)
	resp.Diagnostics.Append(diags...)
}

// List finds components, flavor by flavor. What goes wrong with one of them does not keep the others from being found.
func (l *List) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	where, known, diags := l.read(ctx, req.Config)
	if !diags.HasError() && !known {
		diags.Append(diagnose.ListUnknown(l.kind))
	}

	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)

		return
	}

	targets, diags := l.targets(where)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)

		return
	}

	stream.Results = l.results(ctx, req, targets)
}

func (l *List) results(ctx context.Context, req list.ListRequest, targets []target) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		left := req.Limit

		for _, t := range targets {
			for found, err := range t.lister.List(ctx, t.input, t.scope) {
				result := req.NewListResult(ctx)

				if err != nil {
					result.Diagnostics.Append(diagnose.ListFailure(l.kind, t.flavor, err))
				} else {
					result.DisplayName = displayName(t.flavor, found)
					result.Diagnostics.Append(slot.SetIdentity(ctx, result.Identity, component.Parts(t.flavor, t.input, found))...)
				}

				if !push(result) {
					return
				}

				if left--; left == 0 { // a request without a limit never gets there
					return
				}
			}

			if ctx.Err() != nil {
				return // the lister has said so
			}
		}
	}
}

// displayName is what people know a component by: its name, its flavor, and what it stands for where that says more.
func displayName(f flavor.Flavor, found flavor.Found) string {
	name := found.Name
	if name == "" {
		name = found.ID
	}

	name += " (" + f.Name
	if found.ID != found.Name {
		name += ", " + found.ID
	}

	return name + ")"
}

// targets are where to look for which flavors.
func (l *List) targets(where place) ([]target, diag.Diagnostics) {
	var (
		diags   diag.Diagnostics
		targets []target
	)

	for _, f := range l.chosen(where, &diags) {
		lister, _ := f.Lister()
		t := target{flavor: f, lister: lister, input: flavor.Input{Kind: l.kind.Name, Managed: true, Clouds: l.clouds}}

		switch {
		case f.Clustered:
			t.input.Cluster = where.cluster
		case f.Cloud != "":
			t.input.Clouds = l.clouds.At(f.Cloud, where.region)
		default:
			t.scope.Directory = where.directory
		}

		targets = append(targets, t)
	}

	return targets, diags
}

// target is a flavor, and where to look for it.
type target struct {
	flavor flavor.Flavor
	lister flavor.Lister
	input  flavor.Input
	scope  flavor.Scope
}
