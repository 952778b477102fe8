package custom

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// schemePattern matches a URI scheme with its separator.
var schemePattern = regexp.MustCompile(`^[a-z][a-z0-9+.-]*://$`)

const artifactStore = "artifact_store"

// Resource is mlstacks_flavor.
type Resource struct {
	kinds []flavor.Kind
	// abilities are those that a composition rule asks for.
	abilities []string
}

var (
	_ resource.ResourceWithValidateConfig = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan     = (*Resource)(nil)
	_ resource.ResourceWithImportState    = (*Resource)(nil)
	_ resource.ResourceWithIdentity       = (*Resource)(nil)
	_ resource.ResourceWithUpgradeState   = (*Resource)(nil)
)

// NewResource returns mlstacks_flavor for a catalog: the kinds a flavor can be of, and the names it must not take.
// abilities are those that a composition rule asks for.
func NewResource(kinds []flavor.Kind, abilities []string) *Resource {
	return &Resource{kinds: kinds, abilities: abilities}
}

type model struct {
	ID            types.String `tfsdk:"id"`
	ComponentType types.String `tfsdk:"component_type"`
	Name          types.String `tfsdk:"name"`
	Schemes       types.List   `tfsdk:"schemes"`
	Provides      types.List   `tfsdk:"provides"`
	ConfigSchema  types.String `tfsdk:"config_schema"`
}

// Metadata names the resource mlstacks_flavor.
func (r *Resource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_flavor"
}

// Schema describes a flavor.
func (r *Resource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	kinds := make([]string, 0, len(r.kinds))
	for _, kind := range r.kinds {
		kinds = append(kinds, kind.Name)
	}

	replace := []planmodifier.String{stringplanmodifier.RequiresReplace()}

	resp.Schema = schema.Schema{
		Version: slot.SchemaVersion,
		MarkdownDescription: "A flavor that this provider does not know: one of your own, or one of ZenML's that it has no attribute for yet. " +
			"Components use it through `custom = { flavor = …, config = … }`, and their configuration is checked against the schema at plan, " +
			"even when the flavor is created in the same plan.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{Computed: true, MarkdownDescription: "`<component_type>/<name>`."},
			"component_type": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Type of component the flavor is for. One of `" + strings.Join(kinds, "`, `") + "`.",
				Validators:          []validator.String{stringvalidator.OneOf(kinds...)},
				PlanModifiers:       replace,
			},
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the flavor, as ZenML knows it. The name of a built-in flavor is refused.",
				Validators:          []validator.String{slot.Name()},
				PlanModifiers:       replace,
			},
			"schemes": schema.ListAttribute{
				Optional:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "For artifact stores: the URI schemes that `config.path` may begin with, such as `s3://`.",
				Validators: []validator.List{listvalidator.SizeAtLeast(1), listvalidator.ValueStringsAre(
					stringvalidator.RegexMatches(schemePattern, "must be a URI scheme with its ://, such as s3://"))},
			},
			"provides": schema.ListAttribute{
				Optional:    true,
				ElementType: types.StringType,
				MarkdownDescription: "What the flavor provides to other components, in the words of composition rules: `" +
					strings.Join(r.abilities, "`, `") + "`.",
				Validators: []validator.List{listvalidator.UniqueValues(), listvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1))},
			},
			"config_schema": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "JSON Schema (draft 2020-12) of the configuration. Null allows any configuration.",
			},
		},
	}
}

// ValidateConfig refuses a schema that is none, and a name that would shadow a built-in flavor.
func (r *Resource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config model

	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)

	if resp.Diagnostics.HasError() {
		return
	}

	if name := config.Name.ValueString(); r.shadows(config.ComponentType.ValueString(), name) {
		resp.Diagnostics.AddAttributeError(path.Root("name"), "Name of a built-in flavor",
			fmt.Sprintf("%s has a built-in flavor %q.\n\nUse the built-in one, or choose another name.", config.ComponentType.ValueString(), name))
	}

	if !config.Schemes.IsNull() && !config.ComponentType.IsUnknown() && config.ComponentType.ValueString() != artifactStore {
		resp.Diagnostics.AddAttributeError(path.Root("schemes"), "Schemes on a flavor without a path",
			fmt.Sprintf("Only artifact stores have a path with a scheme; this is a flavor of %s.\n\nRemove schemes.", config.ComponentType.ValueString()))
	}

	resp.Diagnostics.Append(r.idle(config.Provides)...)

	if config.ConfigSchema.IsNull() || config.ConfigSchema.IsUnknown() {
		return
	}

	var invalid *SchemaError
	if _, err := compile(config.ConfigSchema.ValueString()); errors.As(err, &invalid) {
		resp.Diagnostics.AddAttributeError(path.Root("config_schema"), "Invalid JSON Schema",
			fmt.Sprintf("Line %d: %s.\n\nMend the schema; it is read as JSON Schema draft 2020-12.", invalid.Line, invalid.Reason))
	}
}

// idle warns of abilities that no rule asks for: they change nothing, and most likely another one is meant.
func (r *Resource) idle(provides types.List) diag.Diagnostics {
	var diags diag.Diagnostics

	for _, element := range provides.Elements() {
		ability, ok := element.(types.String)
		if !ok || ability.IsNull() || ability.IsUnknown() || slices.Contains(r.abilities, ability.ValueString()) {
			continue
		}

		hint := ""
		if near := zenml.DidYouMean(ability.ValueString(), r.abilities); near != "" {
			hint = fmt.Sprintf(" Did you mean %q?", near)
		}

		diags.AddAttributeWarning(path.Root("provides"), "Ability that no rule asks for",
			fmt.Sprintf("No composition rule asks for %q, so that it changes nothing.%s\n\nUse one of: %s; or remove it.",
				ability.ValueString(), hint, strings.Join(r.abilities, ", ")))
	}

	return diags
}

func (r *Resource) shadows(componentType, name string) bool {
	return slices.ContainsFunc(r.kinds, func(kind flavor.Kind) bool { return kind.Name == componentType && shadows(kind, name) })
}

// shadows says whether a kind has a built-in flavor of a name, ours or ZenML's. What lives in a cluster is only one of the
// things that ZenML's flavor is good for.
func shadows(kind flavor.Kind, name string) bool {
	return name != "" && slices.ContainsFunc(kind.Flavors, func(f flavor.Flavor) bool {
		return f.Name == name || f.ZenML == name && !f.Clustered
	})
}

// ModifyPlan tells the id at plan.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}

	var plan model

	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)

	if resp.Diagnostics.HasError() {
		return
	}

	if !plan.Name.IsUnknown() && !plan.ComponentType.IsUnknown() {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("id"), plan.ComponentType.ValueString()+"/"+plan.Name.ValueString())...)
	}
}

// Create records the flavor.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	resp.State.Raw = req.Plan.Raw
	resp.Diagnostics.Append(identify(ctx, resp.State, resp.Identity)...)
}

// Read has nothing to observe: a flavor is a description.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	resp.Diagnostics.Append(identify(ctx, req.State, resp.Identity)...)
}

// Update records the changed description.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
	resp.Diagnostics.Append(identify(ctx, resp.State, resp.Identity)...)
}

// Delete forgets the flavor.
func (r *Resource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// ImportState takes "<component_type>/<name>", or an identity with both.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := req.ID

	if parts, there, diags := slot.Identity(ctx, req.Identity); there {
		resp.Diagnostics.Append(diags...)

		id = parts["component_type"] + "/" + parts["name"]
	}

	kind, name, ok := strings.Cut(id, "/")
	if !ok || !slot.ValidName(name) || !slices.ContainsFunc(r.kinds, func(k flavor.Kind) bool { return k.Name == kind }) {
		resp.Diagnostics.Append(diagnose.FlavorImportID(id))

		return
	}

	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("component_type"), kind)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("name"), name)...)
	resp.Diagnostics.Append(identify(ctx, resp.State, resp.Identity)...)
}

// UpgradeState reads states of every older schema version.
func (r *Resource) UpgradeState(ctx context.Context) map[int64]resource.StateUpgrader {
	var current resource.SchemaResponse

	r.Schema(ctx, resource.SchemaRequest{}, &current)

	return slot.Upgraders(current.Schema.Type().TerraformType(ctx), nil)
}
