// Package stackpage is the data source mlstacks_stack_page: a stack as one HTML page. It reads the stack and hands it to the
// page, and contacts nobody.
package stackpage

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/stack"
)

// DataSource is mlstacks_stack_page.
type DataSource struct {
	kinds      []flavor.Kind
	candidates func() []compose.Candidate
}

// New returns mlstacks_stack_page for a catalog and the candidates that fixes of findings are computed from.
func New(kinds []flavor.Kind, candidates func() []compose.Candidate) *DataSource {
	return &DataSource{kinds: kinds, candidates: candidates}
}

// Metadata names the data source mlstacks_stack_page.
func (d *DataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_stack_page"
}

// Schema takes a whole stack and answers with the page.
func (d *DataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A stack as one HTML page to look at and to show to others: its diagram, its components with where each runs and its address, " +
			"findings with their reasons, and the commands to use it. The page loads nothing from anywhere, needs no script, and holds no secret. It is the " +
			"same, byte by byte, as long as the stack is.",
		Attributes: map[string]schema.Attribute{
			"stack": schema.ObjectAttribute{
				Required:            true,
				AttributeTypes:      stack.Type(d.kinds).AttrTypes,
				MarkdownDescription: "The stack: an `mlstacks_stack`, whole.",
			},
			"html": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "The page. Known as soon as nothing of the stack is left to apply. An output of it that is `sensitive` keeps its text out of " +
					"what Terraform shows; `terraform output -raw` prints it all the same.",
			},
		},
	}
}

// Read draws the page. Terraform waits with it until the whole stack is known.
func (d *DataSource) Read(_ context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	config := map[string]tftypes.Value{}
	if err := req.Config.Raw.As(&config); err != nil {
		resp.Diagnostics.Append(diagnose.Bug("read the configuration of a page: %s", err))

		return
	}

	html, err := d.draw(config["stack"])
	if err != nil {
		resp.Diagnostics.Append(diagnose.NoPage(path.Root("stack"), err))

		return
	}

	config["html"] = tftypes.NewValue(tftypes.String, html)
	resp.State.Raw = tftypes.NewValue(req.Config.Raw.Type(), config)
}
