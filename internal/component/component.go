// Package component is the one resource behind every component type: schema, plan, create, read, update, delete and
// import, for whatever flavors a kind has. It never names a flavor; what differs between them is theirs to say.
package component

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Settings are what the provider block tells every component.
type Settings struct {
	// DefaultLabels are put under each component's own labels.
	DefaultLabels map[string]string
	// DefaultLabelsUnknown says that the labels are known only after other resources have been applied.
	DefaultLabelsUnknown bool
	// ImageRegistry stands before the default images of what runs in clusters.
	ImageRegistry string
	// ImageRegistryUnknown says that it is known only after other resources have been applied.
	ImageRegistryUnknown bool
	// Clouds are the logins; each is used when the first component needs it.
	Clouds flavor.Clouds
}

// Resource serves one kind.
type Resource struct {
	kind     flavor.Kind
	settings Settings
}

var (
	_ resource.ResourceWithConfigure      = (*Resource)(nil)
	_ resource.ResourceWithValidateConfig = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan     = (*Resource)(nil)
	_ resource.ResourceWithImportState    = (*Resource)(nil)
	_ resource.ResourceWithUpgradeState   = (*Resource)(nil)
	_ resource.ResourceWithMoveState      = (*Resource)(nil)
)

// New returns the resource of a kind. door is the way in for custom flavors; it stands beside the built-in ones.
func New(kind flavor.Kind, door flavor.Flavor) *Resource {
	kind.Flavors = append(append([]flavor.Flavor{}, kind.Flavors...), door)

	return &Resource{kind: kind}
}

// NewHost returns the resource of a kind that components live in. There are no flavors of one's own: somebody has to know
// how to get in.
func NewHost(kind flavor.Kind) *Resource { return &Resource{kind: kind} }

// Metadata names the resource mlstacks_<kind>.
func (r *Resource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.kind.Name
	// What is only recorded is known by its name, and that may be changed in place; so may the way into a cluster.
	resp.ResourceBehavior.MutableIdentity = true
}

// Configure takes over what the provider block says.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	resp.Diagnostics.Append(diagnose.Configured(req.ProviderData, &r.settings)...)
}
