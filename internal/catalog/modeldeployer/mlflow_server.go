package modeldeployer

import (
	"context"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

const mlflowPort = 8080

// MLflowServer serves a model that MLflow knows.
var MLflowServer = flavor.Define[mlflowConfig](flavor.Meta{
	Name: "mlflow_server",
	Summary: "Serves a model that MLflow knows in the cluster, by MLflow's scoring protocol, in any number of pods. ZenML knows no such flavor; its own one " +
		"for MLflow is `mlflow_local`.",
	Runs:      flavor.InCluster,
	Clustered: true,
	Named:     true,
	Applied:   func(facts *flavor.Facts, s flavor.Subject) { facts.URI = clustered.Address(s) },
}, clustered.Attributes(
	clustered.WorkloadAttributes(charts.MLflowImage, "It needs what the model needs, as nothing is installed when it starts: build one upon this with the "+
		"packages of the model's `requirements.txt`."),
	clustered.ExposeAttribute(),
	serverAttributes(),
	map[string]schema.Attribute{
		"model_uri": schema.StringAttribute{
			Required: true,
			MarkdownDescription: "What is served: `models:/<name>/<version>` or `models:/<name>@<alias>` of the tracker's registry, `runs:/<run>/<path>`, or an " +
				"address such as `s3://bucket/path`. What an alias stands for is looked up when a pod starts.",
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"experiment_tracker": clustered.ComponentAttribute("Tracker whose registry and artifacts the model comes from: an `mlstacks_experiment_tracker` of the " +
			"flavor `mlflow`. Its login is copied into a Secret of the server. Defaults to none."),
		"args": schema.ListAttribute{
			Optional: true, Computed: true, ElementType: types.StringType, Default: listdefault.StaticValue(types.ListValueMust(types.StringType, nil)),
			MarkdownDescription: "Further arguments of `mlflow models serve`, such as `--workers=2`. Defaults to none.",
		},
	},
), mlflowDriver{mlflowService}).
	CheckedWhole(clustered.CheckName).CheckedWhole(mlflowTracker.Check).
	Checked(clustered.CheckExpose).Checked(checkValues).Checked(checkEnv)

var mlflowTracker = clustered.Wanted{
	Attribute: "experiment_tracker", Kind: "experiment_tracker", Flavors: []string{"mlflow"},
	Reasons: map[string]string{
		"mlflow_server": "it runs elsewhere; set MLFLOW_TRACKING_URI in env to its address, and put its login into a Secret that env_secrets names",
		"":              "it has no MLflow server in a cluster",
	},
}

type mlflowConfig struct {
	server

	ModelURI string               `tfsdk:"model_uri"`
	Tracker  *clustered.Component `tfsdk:"experiment_tracker"`
	Args     []string             `tfsdk:"args"`
}

var mlflowService = clustered.Service[mlflowConfig]{
	Flavor: "mlflow_server",
	Image:  charts.MLflowImage,
	DoorOf: func(cfg mlflowConfig) clustered.Door {
		return clustered.Door{Scheme: "http", Port: mlflowPort, Path: "/ping", Empty: cfg.Replicas == 0}
	},
	Chart: func(mlflowConfig) helm.Source { return clustered.Embedded(charts.Model) },
	Parts: func(c *mlflowConfig) clustered.Parts {
		return clustered.Parts{Workload: &c.Workload, Expose: &c.Expose}
	},
	Prepare: func(ctx context.Context, site clustered.Site, cfg mlflowConfig) error {
		if !cfg.hasLogin() {
			return nil // what a former one has left is removed when nothing uses it any more
		}

		secret, err := trackerLogin(ctx, site, cfg)
		if err != nil {
			return err
		}

		return site.Repair(ctx, site.Owner, secret)
	},
	Values: func(_ context.Context, site clustered.Site, cfg mlflowConfig) (map[string]any, error) {
		return cfg.values(site)
	},
	Outputs: func(_ clustered.Site, cfg mlflowConfig) map[string]string {
		return map[string]string{"replicas": strconv.FormatInt(cfg.Replicas, 10), "model_uri": cfg.ModelURI}
	},
	Default: mlflowConfig{server: standardServer(charts.MLflowImage), Args: []string{}},
}

// values are those of the chart.
func (c mlflowConfig) values(site clustered.Site) (map[string]any, error) {
	values := c.server.values()
	c.listening(values, mlflowPort)

	port := strconv.Itoa(mlflowPort)
	command := []string{
		"mlflow", "models", "serve", "--env-manager", "local", "--host", "0.0.0.0", "--port", port, "--model-uri", c.ModelURI,
	}

	values["command"], values["args"] = clustered.Texts(command), clustered.Texts(c.Args)
	values["healthPath"] = "/ping"

	if c.Tracker == nil {
		return values, nil
	}

	address, err := site.AddressOf(*c.Tracker)
	if err != nil {
		return nil, &flavor.AttributeError{
			Attribute: []string{"experiment_tracker"}, Err: err, Fix: "Set its expose, or put both into one cluster.",
		}
	}

	env := map[string]any{"MLFLOW_TRACKING_URI": address}
	for name, value := range c.Env { // the user's own win
		env[name] = value
	}

	values["env"] = env

	if c.hasLogin() {
		values["envSecrets"] = append([]any{loginName(site.Name)}, clustered.Texts(c.EnvSecrets)...)
	}

	return values, nil
}

// hasLogin says whether the tracker asks for a login.
func (c mlflowConfig) hasLogin() bool {
	return c.Tracker != nil && c.Tracker.Outputs["credentials_secret"] != ""
}

func loginName(component string) string { return component + "-tracker" }

// loginObject is the Secret with the tracker's login, without what it holds.
func loginObject(site clustered.Site) []*unstructured.Unstructured {
	return []*unstructured.Unstructured{clustered.Object("v1", "Secret", site.Namespace, loginName(site.Name), nil)}
}

// trackerLogin is the Secret with the tracker's login under the names that MLflow's client reads: what the tracker keeps may
// be in another namespace or cluster, and has more in it.
func trackerLogin(ctx context.Context, site clustered.Site, cfg mlflowConfig) ([]*unstructured.Unstructured, error) {
	login, err := site.CredentialsOf(ctx, *cfg.Tracker)
	if err != nil {
		return nil, &flavor.AttributeError{Attribute: []string{"experiment_tracker"}, Err: err, Fix: "Check the tracker, then apply again."}
	}

	secret := loginObject(site)
	secret[0].Object["type"] = "Opaque"

	if login["password"] != "" { // without a login the tracker keeps other things there
		secret[0].Object["data"] = map[string]any{
			"MLFLOW_TRACKING_USERNAME": encoded(login["username"]), "MLFLOW_TRACKING_PASSWORD": encoded(login["password"]),
		}
	}

	return secret, nil
}
