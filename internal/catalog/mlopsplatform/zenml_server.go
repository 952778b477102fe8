package mlopsplatform

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// ZenMLServer is a ZenML server that runs elsewhere.
var ZenMLServer = flavor.External(flavor.Meta{
	Name:        "zenml_server",
	Summary:     "A ZenML server that runs already.",
	Runs:        flavor.Elsewhere,
	URI:         "url",
	Environment: func(facts flavor.Facts) map[string]any { return map[string]any{"ZENML_STORE_URL": facts.URI} },
}, map[string]schema.Attribute{
	"url": schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "Address of the server, such as `https://zenml.example.com`.",
		Validators:          []validator.String{flavor.WebAddress("https://zenml.example.com")},
	},
	"service_account": schema.StringAttribute{
		Optional:            true,
		Computed:            true,
		Default:             stringdefault.StaticString(""),
		MarkdownDescription: "Name of the service account that clients log in as. Defaults to `\"\"`: not recorded.",
	},
})
