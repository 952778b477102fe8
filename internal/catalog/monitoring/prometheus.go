package monitoring

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

const (
	prometheusPort = 9090
	// standardSize is that of the volume.
	standardSize = "10Gi"
)

// Prometheus is the server of the Prometheus community's chart in a cluster.
var Prometheus = flavor.Define[prometheusConfig](flavor.Meta{
	Name: "prometheus",
	Summary: "Prometheus in the cluster, from the chart of its community. It scrapes the components of the stack in whatever namespace they live: those that " +
		"tell metrics, and of the others those whose service has the annotation `prometheus.io/scrape: \"true\"`; `prometheus.io/path` and " +
		"`prometheus.io/port` say where. Without alerts, push gateway and the metrics of nodes, until `values` turn them on.",
	Runs:      flavor.InCluster,
	Clustered: true,
	Named:     true,
	Moves:     []flavor.Move{movedRelease},
	View:      func(flavor.Values) flavor.Facts { return flavor.Facts{} },
	Applied:   func(facts *flavor.Facts, s flavor.Subject) { facts.URI = clustered.Address(s) },
}, clustered.Attributes(
	clustered.WorkloadAttributes(charts.PrometheusChart, ""),
	clustered.ExposeAttribute(),
	clustered.StoredAttributes(standardSize, "the metrics"),
	map[string]schema.Attribute{
		"image": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(""),
			MarkdownDescription: "Image of the server. Empty: that of the chart, with the provider's `image_registry` before it. Defaults to empty.",
		},
		"retention": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString("15d"),
			MarkdownDescription: "How long metrics are kept, such as `12h`, `15d`, `1y`. Defaults to `15d`.",
			Validators:          []validator.String{span},
		},
		"scrape_interval": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString("30s"),
			MarkdownDescription: "How often metrics are read, such as `15s`, `1m`. Defaults to `30s`.",
			Validators:          []validator.String{span},
		},
		"chart": chartAttribute(),
	},
), prometheusService).CheckedWhole(clustered.CheckName).Checked(clustered.CheckExpose).Checked(checkChart)

var span = stringvalidator.RegexMatches(regexp.MustCompile(`^([0-9]+(ms|[smhdwy]))+$`), "must be a number with one of the units ms, s, m, h, d, w, y")

type prometheusConfig struct {
	clustered.Workload
	clustered.Exposed
	clustered.Stored

	Retention      string      `tfsdk:"retention"`
	ScrapeInterval string      `tfsdk:"scrape_interval"`
	Chart          chartConfig `tfsdk:"chart"`
}

// chartConfig says where the chart comes from.
type chartConfig struct {
	OCI        string `tfsdk:"oci"`
	Repository string `tfsdk:"repository"`
	Path       string `tfsdk:"path"`
	Version    string `tfsdk:"version"`
	Digest     string `tfsdk:"digest"`
	PlainHTTP  bool   `tfsdk:"plain_http"`
}

var upstream = chartConfig{OCI: charts.PrometheusChart, Version: charts.PrometheusChartVersion}

// source is where the chart is fetched from. Only the upstream one has a version without being told.
func (c chartConfig) source() helm.Source {
	source := helm.Source{OCI: c.OCI, Repository: c.Repository, Path: c.Path, Version: c.Version, Digest: c.Digest, PlainHTTP: c.PlainHTTP}

	if c.OCI == "" && c.Repository == "" && c.Path == "" {
		source.OCI = upstream.OCI
	}

	if source.Version == "" && source.Path == "" {
		source.Version = upstream.Version
	}

	if c.Repository != "" {
		source.Name = "prometheus"
	}

	return source
}

func chartAttribute() schema.Attribute {
	text := func(about string, validators ...validator.String) schema.Attribute {
		return schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(""), MarkdownDescription: about + " Defaults to empty.", Validators: validators,
		}
	}

	kinds := map[string]attr.Type{
		"oci": types.StringType, "repository": types.StringType, "path": types.StringType, "version": types.StringType, "digest": types.StringType,
		"plain_http": types.BoolType,
	}
	standard := types.ObjectValueMust(kinds, map[string]attr.Value{
		"oci": types.StringValue(upstream.OCI), "version": types.StringValue(upstream.Version), "plain_http": types.BoolValue(false),
		"repository": types.StringValue(""), "path": types.StringValue(""), "digest": types.StringValue(""),
	})

	return schema.SingleNestedAttribute{
		Optional: true, Computed: true, Default: objectdefault.StaticValue(standard),
		MarkdownDescription: "Where the chart comes from, which is fetched at plan: `oci`, `repository` or `path`, or none of them for `" + upstream.OCI +
			"`. It has to take the values of the upstream chart. Defaults to that in version `" + upstream.Version + "`.",
		Attributes: map[string]schema.Attribute{
			"oci": text("Place in an image registry, without a tag, such as `oci://registry.example.com/charts/prometheus`.",
				stringvalidator.RegexMatches(regexp.MustCompile(`^(oci://.+)?$`), "must begin with oci://")),
			"repository": text("URL of a repository of charts, which has an `index.yaml`.",
				stringvalidator.RegexMatches(regexp.MustCompile(`^(https?://[^@]+)?$`), "must begin with https:// or http://, without a login")),
			"path":    text("Directory or archive on this machine."),
			"version": text("Version of the chart. Empty: `" + upstream.Version + "`, and whatever is there for `path`."),
			"digest":  text("SHA-256 that the archive has to have, for `oci` that of the manifest. Empty: any."),
			"plain_http": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether the registry of `oci` is asked without TLS. Defaults to `false`.",
			},
		},
	}
}

// checkChart refuses a chart from two places.
func checkChart(v flavor.Values) []flavor.Problem {
	chart, ok := v["chart"].(map[string]any)
	if !ok {
		return nil
	}

	first := ""

	for _, name := range []string{"oci", "repository", "path"} {
		place, _ := chart[name].(string)

		switch {
		case place == "":
		case first == "":
			first = name
		default:
			return []flavor.Problem{{
				Path: []string{"chart", name}, Summary: "Chart from two places",
				Detail: "chart." + name + ": the chart comes from chart." + first + " already.\n\nLeave one of them out.",
			}}
		}
	}

	return nil
}
