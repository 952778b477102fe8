package clustered

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// plainValues are the user's own values for the chart.
func plainValues(values types.Dynamic) (map[string]any, error) {
	if values.IsNull() || values.IsUnknown() || values.IsUnderlyingValueNull() {
		return nil, nil
	}

	raw, err := values.UnderlyingValue().ToTerraformValue(context.Background())
	if err != nil {
		return nil, fmt.Errorf("read values: %w", err)
	}

	plain, err := flavor.Plain(raw)
	if err != nil {
		return nil, fmt.Errorf("read values: %w", err)
	}

	object, ok := plain.(map[string]any)
	if !ok {
		return nil, &flavor.AttributeError{Attribute: []string{"values"}, Err: errors.New("the values of a chart are an object"), Fix: "Write values = { … }."}
	}

	return object, nil
}

// Embedded is a chart that comes with the provider.
func Embedded(name string) helm.Source { return helm.Source{FS: charts.FS(name), Name: name} }

// charted are the charts that come with the provider, by their names; each is read when it is first needed.
var charted sync.Map

// load reads a chart, one that comes with the provider once.
func load(ctx context.Context, source helm.Source) (*helm.Chart, error) {
	if source.FS == nil {
		return helm.Load(ctx, source)
	}

	if chart, ok := charted.Load(source.Name); ok {
		return chart.(*helm.Chart), nil //nolint:errcheck,forcetypeassert // nothing else is stored
	}

	chart, err := helm.Load(ctx, source)
	if err == nil {
		charted.Store(source.Name, chart)
	}

	return chart, err
}

// CheckValues judges the user's own values at plan by the schema of a chart that comes with the provider.
func CheckValues(name string) func(flavor.Values) []flavor.Problem {
	return func(v flavor.Values) []flavor.Problem {
		if v["values"] == nil || zenml.IsUnknown(v["values"]) {
			return nil
		}

		own, ok := v["values"].(map[string]any)
		if !ok {
			return []flavor.Problem{{
				Path: []string{"values"}, Summary: "Values are not an object", Detail: "The values of a chart are an object.\n\nWrite values = { … }.",
			}}
		}

		chart, err := load(context.Background(), Embedded(name))
		if err != nil {
			return nil // unreachable: the chart is in the binary, and a test loads it
		}

		var problems []flavor.Problem

		for _, p := range chart.Check(unknowing(own).(map[string]any)) { //nolint:errcheck,forcetypeassert // an object stays one
			problems = append(problems, flavor.Problem{
				Path:    append([]string{"values"}, p.Path...),
				Summary: "Value that the chart does not take",
				Detail:  fmt.Sprintf("%s: %s.\n\nSee values.schema.json of the chart.", strings.Join(append([]string{"values"}, p.Path...), "."), p.Message),
			})
		}

		return problems
	}
}

// unknowing puts the unknown of charts in the place of ours.
func unknowing(value any) any {
	switch value := value.(type) {
	case zenml.Unknown:
		return helm.Unknown{}
	case map[string]any:
		object := make(map[string]any, len(value))
		for key, one := range value {
			object[key] = unknowing(one)
		}

		return object
	case []any:
		list := make([]any, 0, len(value))
		for _, one := range value {
			list = append(list, unknowing(one))
		}

		return list
	default:
		return value
	}
}

// common are the values that every chart of ours takes.
func (d Service[C]) common(in flavor.Input, cfg C) map[string]any {
	if d.Foreign {
		return map[string]any{}
	}

	parts := d.Parts(&cfg)
	values := map[string]any{
		"image": Mirrored(in, parts.Workload.Image, d.Image), "imagePullSecrets": Texts(parts.Workload.ImagePullSecrets),
	}

	if parts.Stored != nil {
		values["storage"] = map[string]any{"size": parts.Stored.Storage, "className": parts.Stored.StorageClass}
	}

	if d.Secret != nil {
		values["existingSecret"] = SecretName(in.Name)
	}

	if parts.Expose != nil {
		expose := *parts.Expose
		service := map[string]any{"type": map[string]string{"node_port": "NodePort", "load_balancer": "LoadBalancer"}[expose.Type]}

		if service["type"] == "" {
			service["type"] = "ClusterIP"
		}

		if expose.Type == "node_port" {
			service["nodePort"] = expose.Port
		}

		if expose.Type == "load_balancer" && expose.Port != 0 {
			service["port"] = expose.Port
		}

		values["service"] = service

		if expose.Type == "ingress" {
			values["ingress"] = map[string]any{"enabled": true, "host": expose.Host, "tlsSecret": expose.TLS}
		}
	}

	return values
}

// Mirrored puts the provider's mirror before an image, unless the user has named one.
func Mirrored(in flavor.Input, image, standard string) string {
	if in.ImageRegistry == "" || image != standard {
		return image
	}

	host, rest, ok := strings.Cut(image, "/")
	if !ok || !strings.ContainsAny(host, ".:") && host != "localhost" {
		rest = image // Docker Hub's images go without a host
	}

	return strings.TrimSuffix(in.ImageRegistry, "/") + "/" + rest
}
