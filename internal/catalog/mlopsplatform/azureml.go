package mlopsplatform

import (
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

var subscriptionID = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// AzureML is a workspace in Azure Machine Learning that exists already.
var AzureML = flavor.External(flavor.Meta{
	Name:    "azureml",
	Summary: "A workspace in Azure Machine Learning that exists already.",
	Runs:    flavor.Elsewhere,
	View:    func(v flavor.Values) flavor.Facts { return flavor.Facts{URI: studio(v)} },
}, map[string]schema.Attribute{
	"subscription_id": schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "Id of the Azure subscription.",
		Validators: []validator.String{
			stringvalidator.RegexMatches(subscriptionID, "must be the id of a subscription, such as 00000000-0000-0000-0000-000000000000"),
		},
	},
	"resource_group": schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "Name of the resource group that holds the workspace.",
		Validators:          []validator.String{stringvalidator.LengthBetween(1, 90)},
	},
	"workspace": schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "Name of the workspace.",
		Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
	},
})

// studio is the address of the workspace in Azure's studio: none while a part of it is not there, as after an import,
// and unknown while a part of it is.
func studio(v flavor.Values) any {
	var address strings.Builder
	address.WriteString("https://ml.azure.com/?wsid=")

	for _, part := range [][2]string{{"subscriptions", "subscription_id"}, {"resourcegroups", "resource_group"}, {"workspaces", "workspace"}} {
		switch text := v[part[1]].(type) {
		case string:
			address.WriteString("/" + part[0] + "/" + text)
		case nil:
			return nil
		default:
			return zenml.Unknown{}
		}
	}

	return address.String()
}
