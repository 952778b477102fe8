package modeldeployer

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// maxReplicas is the number of pods that the chart takes.
const maxReplicas = 1000

// server is what the servers of models in a cluster have in common. Flavors embed it.
type server struct {
	clustered.Workload
	clustered.Exposed

	Replicas   int64             `tfsdk:"replicas"`
	Env        map[string]string `tfsdk:"env"`
	EnvSecrets []string          `tfsdk:"env_secrets"`
}

// variableName is that of an environment variable.
var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func serverAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"replicas": schema.Int64Attribute{
			Optional: true, Computed: true, Default: int64default.StaticInt64(1),
			MarkdownDescription: "Number of pods that serve the model. With `0` nothing answers, while everything else stays. Defaults to `1`.",
			Validators:          []validator.Int64{int64validator.Between(0, maxReplicas)},
		},
		"env": schema.MapAttribute{
			Optional: true, Computed: true, ElementType: types.StringType, Default: mapdefault.StaticValue(types.MapValueMust(types.StringType, nil)),
			MarkdownDescription: "Environment variables of the server. Secrets belong into `env_secrets`. Defaults to none.",
			Validators: []validator.Map{mapvalidator.KeysAre(
				stringvalidator.RegexMatches(variableName, "must be the name of an environment variable"),
			)},
		},
		"env_secrets": schema.ListAttribute{
			Optional: true, Computed: true, ElementType: types.StringType, Default: listdefault.StaticValue(types.ListValueMust(types.StringType, nil)),
			MarkdownDescription: "Names of Secrets in the namespace all of whose keys become environment variables. Defaults to none.",
		},
	}
}

// values are what a server says to the chart.
func (s server) values() map[string]any {
	env := map[string]any{}
	for name, value := range s.Env {
		env[name] = value
	}

	return map[string]any{"replicas": s.Replicas, "env": env, "envSecrets": clustered.Texts(s.EnvSecrets)}
}

// listening has the container and the service listen on a port, unless what balances the load has one of its own.
func (s server) listening(values map[string]any, port int64) {
	values["containerPort"] = port

	if s.Expose.Type != "load_balancer" || s.Expose.Port == 0 {
		values["service"] = map[string]any{"port": port}
	}
}

// checkValues holds the user's own values against the chart, whose image has no default.
func checkValues(v flavor.Values) []flavor.Problem {
	if own, ok := v["values"].(map[string]any); ok && own["image"] == nil {
		v = maps.Clone(v)
		own = maps.Clone(own)
		own["image"] = "given"
		v["values"] = own
	}

	return clustered.CheckValues(charts.Model)(v)
}

// secretName tells the name of a variable that holds a secret.
var secretName = regexp.MustCompile(`(?i)(^|_)(TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|API_?KEY|(ACCESS|PRIVATE|SIGNING|SECRET|AUTH)_KEY)$`)

// checkEnv refuses variables that the state would keep and must not.
func checkEnv(v flavor.Values) []flavor.Problem {
	env, ok := v["env"].(map[string]any)
	if !ok {
		return nil
	}

	var problems []flavor.Problem

	for _, name := range slices.Sorted(maps.Keys(env)) {
		if value, ok := env[name].(string); !ok || value == "" || !secretName.MatchString(name) {
			continue
		}

		problems = append(problems, flavor.Problem{
			Path: []string{"env", name}, Summary: "Secret in plain text",
			Detail: fmt.Sprintf("env.%s: this looks like a secret, and the state would keep it.\n\nPut it into a Secret of the namespace under this key, and "+
				"name the Secret in env_secrets.", name),
		})
	}

	return problems
}
