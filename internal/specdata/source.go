package specdata

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/spec"
)

// Source is the data source mlstacks_stack_spec.
type Source struct{ candidates func() []compose.Candidate }

var _ datasource.DataSource = (*Source)(nil)

// NewSource returns the data source mlstacks_stack_spec; candidates are what objections suggest.
func NewSource(candidates func() []compose.Candidate) *Source { return &Source{candidates: candidates} }

type sourceModel struct {
	Path     types.String `tfsdk:"path"`
	Base     types.String `tfsdk:"base"`
	StateURL types.String `tfsdk:"remote_state_url"`

	result
}

// Metadata names the data source mlstacks_stack_spec.
func (d *Source) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_stack_spec"
}

// Schema describes where the files are, and what is told of them.
func (d *Source) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	given := []validator.String{stringvalidator.LengthAtLeast(1)}
	attributes := map[string]schema.Attribute{
		"path": schema.StringAttribute{
			Required: true, Validators: given,
			MarkdownDescription: "Path of the stack file, such as `${path.module}/stack.yaml`. The component files that it names are looked for beside it, and then in `base`.",
		},
		"base": schema.StringAttribute{
			Optional: true, Validators: given,
			MarkdownDescription: "Directory that a relative `path` starts at, and in which component files are looked for that are not beside the stack file. Null: the " +
				"working directory, as with the tool.",
		},
		"remote_state_url": schema.StringAttribute{
			Optional: true, Validators: given,
			MarkdownDescription: "Bucket that the tool kept its state in, as `s3://<bucket>` or `gs://<bucket>`: `hcl` then keeps its own state there, under a key of " +
				"its own. Null: `hcl` has no backend.",
		},
	}

	maps.Copy(attributes, described())

	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a stack of the mlstacks tool from its YAML files, holds it to the tool's rules and to those of `mlstacks_stack`, and translates it: into " +
			"components for `for_each`, and into a whole configuration as text. Every mistake is reported with file, line and column, all at once. Nothing is contacted.",
		Attributes: attributes,
	}
}

func described() map[string]schema.Attribute {
	text := func(about string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: about}
	}
	mapped := func(about string) schema.MapAttribute {
		return schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: about}
	}

	return map[string]schema.Attribute{
		"name":          text("Name of the stack."),
		"provider_name": text("Provider of the stack (`provider`): one of `aws`, `gcp`, `k3d`."),
		"region":        text("Region of the stack: `region` of a component's config, or else `default_region`. Null where the files name none."),
		"tags":          mapped("The stack's `default_tags`."),
		"components": schema.MapNestedAttribute{
			Computed: true,
			MarkdownDescription: "The components by their names; where two types share a name, by `<type>/<name>`. Made for `for_each`, as in " +
				"`{ for key, c in data.mlstacks_stack_spec.this.components : key => c if c.flavor == \"s3\" }`.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"name":     text("Name of the component."),
				"type":     text("Type of the component, such as `artifact_store`: the kind of its resource."),
				"flavor":   text("Name that the flavor has in this provider, such as `ecr` for the tool's `aws`."),
				"built_in": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether this provider has the flavor. Others go through `custom`."},
				"provider": text("Provider of the component: that of the stack."),
				"region":   text("Region of the component: that of the stack, or the component's own where the stack has none. Null where the files name none."),
				"configuration": mapped("What the file configures, by the attributes of the flavor, such as `bucket`. Secrets are left out, and a warning says so; bucket names have " +
					"the `zenml-` that the tool put before them in clouds."),
				"labels": mapped("The component's own `tags`."),
				"file":   text("File that the component is from."),
			}},
		},
		"warnings": schema.ListAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "What cannot be carried over as it is, what the tool never did anything with, and what the stack's rules warn of; with file, line and column.",
		},
		"hcl": text("The stack as a configuration of this provider, formatted: requirements, provider block, cluster, components that refer to each other, and the stack. What " +
			"cannot be carried over is a comment. Write it into a directory of its own: `terraform output -raw hcl > ../stack/main.tf`."),
	}
}

// Read reads the files. While a path is unknown, Terraform does not ask.
func (d *Source) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m sourceModel

	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("path"), &m.Path)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("base"), &m.Base)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("remote_state_url"), &m.StateURL)...)

	if resp.Diagnostics.HasError() {
		return
	}

	stack, problems := spec.Read(m.Path.ValueString(), m.Base.ValueString(), spec.Options{Candidates: d.candidates(), StateURL: m.StateURL.ValueString()})

	for _, p := range problems {
		at := path.Root("path")
		if p.Rule == spec.RuleState {
			at = path.Root("remote_state_url")
		}

		resp.Diagnostics.Append(diagnose.Spec(at, worded(p)))
	}

	if resp.Diagnostics.HasError() {
		return
	}

	m.result = resultOf(stack, problems)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
