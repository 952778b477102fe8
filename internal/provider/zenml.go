package provider

import (
	"os"

	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/cluster"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/registration"
)

func zenmlAttribute() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "Login to ZenML servers, for `mlstacks_stack_registration`. It is used when the first stack is registered, and never before. Nothing of " +
			"it goes into the state.",
		Attributes: map[string]schema.Attribute{
			"url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The one server that `api_key` is for. Also `" + zenserver.URLVariable + "`, for the key in the environment. Null: whichever server a " +
					"stack is registered at. An import needs it.",
				Validators: []validator.String{flavor.WebAddress("https://zenml.example.com")},
			},
			"api_key": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "API key of a service account. Also `" + zenserver.APIKeyVariable + "`.",
			},
		},
	}
}

// servers are the logins to ZenML servers, one for all parts of the provider.
func (l *logins) servers(version string) *zenserver.Logins {
	l.mu.Lock()
	defer l.mu.Unlock()

	if l.zenml == nil {
		l.zenml = zenserver.NewLogins("terraform-provider-mlstacks/"+version, os.Getenv)
	}

	return l.zenml
}

// configureZenML takes over what the provider block says. Nobody is contacted.
func (p *Provider) configureZenML(block types.Object, clouds flavor.Clouds) {
	p.logins.servers(p.version).Configure(zenserver.Login{
		URL: member(block, "url"), APIKey: member(block, "api_key"), Unknown: !whole(block),
		URLUnknown: block.IsUnknown() || block.Attributes()["url"] != nil && block.Attributes()["url"].IsUnknown(),
	})

	p.logins.mu.Lock()
	defer p.logins.mu.Unlock()

	p.logins.clouds = clouds
}

// member is a text of a block; empty where it is null or unknown.
func member(block types.Object, name string) string {
	text, ok := block.Attributes()[name].(types.String)
	if !ok {
		return ""
	}

	return text.ValueString()
}

// newRegistration returns mlstacks_stack_registration with the logins of the provider block.
func (p *Provider) newRegistration(kinds []flavor.Kind) resource.Resource {
	return registration.New(kinds, candidates, registration.Outside{
		Servers: p.logins.servers(p.version),
		Clusters: func() cluster.Logins {
			p.logins.mu.Lock()
			defer p.logins.mu.Unlock()

			return cluster.LoginsOf(p.logins.clouds)
		},
	})
}
