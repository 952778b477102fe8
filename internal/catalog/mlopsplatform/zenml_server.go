package mlopsplatform

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// userAgent tells servers who asks.
const userAgent = "terraform-provider-mlstacks"

// ZenMLServer is a ZenML server that runs elsewhere. Nothing is made; apply makes sure that the server answers, and that it
// takes the key where one is given.
var ZenMLServer = flavor.Asked(flavor.Meta{
	Name:        "zenml_server",
	Summary:     "A ZenML server that runs already.",
	Runs:        flavor.Elsewhere,
	Registers:   true,
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
	"api_key_wo": schema.StringAttribute{
		Optional: true, Sensitive: true, WriteOnly: true,
		MarkdownDescription: "API key of a service account, for `mlstacks_stack_registration`s at this server. Write-only: it is neither in the plan nor in the state, " +
			"so that it is known only in a run that plans or changes the platform. `zenml.api_key` in the provider block, or `ZENML_STORE_API_KEY`, serves every run.",
		Validators: []validator.String{
			stringvalidator.LengthAtLeast(1),
			stringvalidator.AlsoRequires(path.MatchRelative().AtParent().AtName("api_key_wo_version")),
		},
	},
	"api_key_wo_version": schema.Int64Attribute{
		Optional:            true,
		MarkdownDescription: "Version of `api_key_wo`. Raise it to hand over a changed key.",
		Validators:          []validator.Int64{int64validator.AlsoRequires(path.MatchRelative().AtParent().AtName("api_key_wo"))},
	},
}, greet).Checked(rememberKey)

// rememberKey keeps the key for what is registered at the server later in this run. It objects to nothing.
func rememberKey(v flavor.Values) []flavor.Problem {
	url, known := v["url"].(string)
	key, given := v["api_key_wo"].(string)

	if known && given && key != "" {
		zenserver.Remember(url, key)
	}

	return nil
}

type zenmlServerConfig struct {
	URL            string       `tfsdk:"url"`
	ServiceAccount string       `tfsdk:"service_account"`
	APIKey         types.String `tfsdk:"api_key_wo"`
	APIKeyVersion  types.Int64  `tfsdk:"api_key_wo_version"`
}

// greet asks the server what it is, and logs in where there is a key.
func greet(ctx context.Context, _ flavor.Input, cfg zenmlServerConfig) (notices []string, err error) {
	client := zenserver.New(zenserver.Config{URL: cfg.URL, APIKey: cfg.APIKey.ValueString(), UserAgent: userAgent})

	info, err := client.Info(ctx)
	if other, ok := errors.AsType[*zenserver.VersionError](err); ok {
		notices = []string{fmt.Sprintf("The server is ZenML %s, and this provider was made for %s. What both know works.", info.Version, other.Wanted)}
		err = nil
	}

	if err != nil {
		return nil, serverFault("url", err)
	}

	if cfg.APIKey.ValueString() == "" {
		return notices, nil
	}

	zenserver.Remember(cfg.URL, cfg.APIKey.ValueString())

	if err := client.Login(ctx); err != nil {
		return nil, serverFault("api_key_wo", err)
	}

	return notices, nil
}

// serverFault says which attribute an error is about.
func serverFault(attribute string, err error) error {
	switch {
	case errors.Is(err, backend.ErrUnreachable):
		err = flavor.Because(flavor.ErrUnreachable, err)
		attribute = "url"
	case errors.Is(err, zenserver.ErrNotZenML):
		return &flavor.AttributeError{Attribute: []string{"url"}, Err: err, Fix: "Set url to the address of the server itself, without /api/v1."}
	case errors.Is(err, zenserver.ErrUnauthorized):
		return &flavor.AttributeError{
			Attribute: []string{attribute}, Err: err, Fix: "Check that the key is of this server, active, and was not rotated; then raise api_key_wo_version.",
		}
	}

	return &flavor.AttributeError{Attribute: []string{attribute}, Err: err}
}
