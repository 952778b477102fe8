package modeldeployer

import (
	"context"
	"regexp"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// The defaults of a server of models.
const (
	modelPort     = 8080
	modelHealth   = "/health"
	canaryPercent = 10
)

// Kubernetes serves a model from any image that answers over HTTP.
var Kubernetes = flavor.Define[kubernetesConfig](flavor.Meta{
	Name: "kubernetes",
	Summary: "Serves a model in the cluster from any image that answers over HTTP, in any number of pods, with a canary beside it if wanted. ZenML knows no " +
		"such flavor.",
	Runs:      flavor.InCluster,
	Clustered: true,
	Named:     true,
	Applied:   func(facts *flavor.Facts, s flavor.Subject) { facts.URI = clustered.Address(s) },
}, clustered.Attributes(
	clustered.WorkloadAttributes("", ""),
	clustered.ExposeAttribute(),
	serverAttributes(),
	map[string]schema.Attribute{
		"image": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "Image with the model and its server. The provider's `image_registry` does not go before it.",
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"port": schema.Int64Attribute{
			Optional: true, Computed: true, Default: int64default.StaticInt64(modelPort),
			MarkdownDescription: "Port that the server listens on, which is that of the service too. Defaults to `8080`.",
			Validators:          []validator.Int64{int64validator.Between(1, 65535)},
		},
		"health_path": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(modelHealth),
			MarkdownDescription: "Path that answers when the model can predict. Empty: it is enough that the port is open. Defaults to `/health`.",
			Validators:          []validator.String{stringvalidator.RegexMatches(healthPath, "must be empty or begin with a slash")},
		},
		"command": schema.ListAttribute{
			Optional: true, Computed: true, ElementType: types.StringType, Default: listdefault.StaticValue(types.ListValueMust(types.StringType, nil)),
			MarkdownDescription: "Command that runs in place of the image's own. Defaults to the image's.",
		},
		"args": schema.ListAttribute{
			Optional: true, Computed: true, ElementType: types.StringType, Default: listdefault.StaticValue(types.ListValueMust(types.StringType, nil)),
			MarkdownDescription: "Arguments of the command. Defaults to the image's.",
		},
		"canary": schema.SingleNestedAttribute{
			Optional: true,
			MarkdownDescription: "Second image behind the same address, which gets a share of the requests: so many of the `replicas` run it, and at least one " +
				"runs each. Everything else is as for the first. Defaults to none.",
			Attributes: map[string]schema.Attribute{
				"image": schema.StringAttribute{
					Required: true, MarkdownDescription: "Image with the second model.", Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				},
				"weight": schema.Int64Attribute{
					Optional: true, Computed: true, Default: int64default.StaticInt64(canaryPercent),
					MarkdownDescription: "Percentage of the requests, as near as the number of replicas allows. Defaults to `10`.",
					Validators:          []validator.Int64{int64validator.Between(1, 99)},
				},
			},
		},
	},
), kubernetesService).
	CheckedWhole(clustered.CheckName).Checked(clustered.CheckExpose).Checked(checkValues).Checked(checkEnv)

var healthPath = regexp.MustCompile(`^(/[^\s?#]*)?$`)

type kubernetesConfig struct {
	server

	Port       int64    `tfsdk:"port"`
	HealthPath string   `tfsdk:"health_path"`
	Command    []string `tfsdk:"command"`
	Args       []string `tfsdk:"args"`
	Canary     *canary  `tfsdk:"canary"`
}

type canary struct {
	Image  string `tfsdk:"image"`
	Weight int64  `tfsdk:"weight"`
}

var kubernetesService = clustered.Service[kubernetesConfig]{
	Flavor: "kubernetes",
	DoorOf: func(cfg kubernetesConfig) clustered.Door {
		return clustered.Door{Scheme: "http", Port: int(cfg.Port), Path: cfg.HealthPath, Empty: cfg.Replicas == 0}
	},
	Chart: func(kubernetesConfig) helm.Source { return clustered.Embedded(charts.Model) },
	Parts: func(c *kubernetesConfig) clustered.Parts {
		return clustered.Parts{Workload: &c.Workload, Expose: &c.Expose}
	},
	Values: func(_ context.Context, _ clustered.Site, cfg kubernetesConfig) (map[string]any, error) {
		return cfg.values(), nil
	},
	Outputs: func(_ clustered.Site, cfg kubernetesConfig) map[string]string {
		return map[string]string{"replicas": strconv.FormatInt(cfg.Replicas, 10)}
	},
	Default: kubernetesConfig{server: standardServer(""), Port: modelPort, HealthPath: modelHealth, Command: []string{}, Args: []string{}},
}

// standardServer is a server with the defaults of the schema.
func standardServer(image string) server {
	return server{
		Workload: clustered.Workload{Image: image, ImagePullSecrets: []string{}},
		Replicas: 1, Env: map[string]string{}, EnvSecrets: []string{},
	}
}

// values are those of the chart.
func (c kubernetesConfig) values() map[string]any {
	values := c.server.values()
	c.listening(values, c.Port)

	values["healthPath"] = c.HealthPath
	values["command"], values["args"] = clustered.Texts(c.Command), clustered.Texts(c.Args)

	if c.Canary != nil {
		values["canary"] = map[string]any{"enabled": true, "image": c.Canary.Image, "percent": c.Canary.Weight}
	}

	return values
}
