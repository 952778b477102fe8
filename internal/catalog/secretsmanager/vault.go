package secretsmanager

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// authMethods are the ways to log in that Vault comes with.
var authMethods = []string{
	"alicloud", "approle", "aws", "azure", "cert", "cf", "gcp", "github", "jwt", "kerberos", "kubernetes", "ldap", "oci", "oidc", "okta",
	"radius", "saml", "token", "userpass",
}

// Vault is a key-value engine in a HashiCorp Vault that runs elsewhere.
var Vault = flavor.External(flavor.Meta{
	Name:        "vault",
	Summary:     "A key-value engine in a HashiCorp Vault, or an OpenBao, that runs already.",
	Runs:        flavor.Elsewhere,
	URI:         "address",
	Environment: func(facts flavor.Facts) map[string]any { return map[string]any{"VAULT_ADDR": facts.URI} },
}, map[string]schema.Attribute{
	"address": schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "Address of the server, such as `https://vault.example.com:8200`.",
		Validators:          []validator.String{flavor.WebAddress("https://vault.example.com:8200")},
	},
	"namespace": schema.StringAttribute{
		Optional:            true,
		Computed:            true,
		Default:             stringdefault.StaticString(""),
		MarkdownDescription: "Namespace of Vault Enterprise or HCP Vault. Defaults to `\"\"`, the root namespace.",
	},
	"mount": schema.StringAttribute{
		Optional:            true,
		Computed:            true,
		Default:             stringdefault.StaticString("secret"),
		MarkdownDescription: "Where the key-value engine is mounted. Defaults to `secret`.",
		Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
	},
	"path_prefix": schema.StringAttribute{
		Optional:            true,
		Computed:            true,
		Default:             stringdefault.StaticString(""),
		MarkdownDescription: "Path in the engine below which the secrets lie. Defaults to `\"\"`, the whole engine.",
	},
	"auth_method": schema.StringAttribute{
		Optional:            true,
		Computed:            true,
		Default:             stringdefault.StaticString("token"),
		MarkdownDescription: "How clients log in. One of `" + strings.Join(authMethods, "`, `") + "`. Defaults to `token`.",
		Validators:          []validator.String{stringvalidator.OneOf(authMethods...)},
	},
})
