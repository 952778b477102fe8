package experimenttracker

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/owned"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

type mlflowConfig struct {
	clustered.Workload
	clustered.Exposed
	clustered.Stored

	MetadataStore *clustered.Component `tfsdk:"metadata_store"`
	ArtifactStore *clustered.Component `tfsdk:"artifact_store"`

	BasicAuth         bool    `tfsdk:"basic_auth"`
	Username          string  `tfsdk:"username"`
	PasswordWO        *string `tfsdk:"password_wo"`
	PasswordWOVersion *int64  `tfsdk:"password_wo_version"`

	ExperimentName         *string       `tfsdk:"experiment_name"`
	Nested                 bool          `tfsdk:"nested"`
	TrackingTokenWO        *string       `tfsdk:"tracking_token_wo"`
	TrackingTokenWOVersion *int64        `tfsdk:"tracking_token_wo_version"`
	TrackingTokenSecret    *string       `tfsdk:"tracking_token_secret"`
	Settings               types.Dynamic `tfsdk:"settings"`
}

const (
	// mlflowAdmin is the administrator, where nobody says otherwise.
	mlflowAdmin = "admin"
	// mlflowShortest is the shortest password that MLflow takes.
	mlflowShortest = 12
)

// mlflowViewed are the fields of ZenML's that are taken over as they are.
var mlflowViewed = map[string]string{
	"experiment_name": "MLflow experiment that runs are logged to; without it, one with the name of the pipeline.",
	"nested":          "Whether every step becomes a run within the run of its pipeline.",
}

// MLflow is an MLflow tracking server in a cluster.
var MLflow = flavor.Define[mlflowConfig](flavor.Meta{
	Name:      "mlflow",
	ZenML:     "mlflow",
	Summary:   "An MLflow tracking server in the cluster, on a database and a bucket of the stack's, or on a volume of its own.",
	Runs:      flavor.InCluster,
	Clustered: true,
	Named:     true,
	Moves:     []flavor.Move{keptServer},
	Fields: map[string]string{
		"experiment_name": mlflowViewed["experiment_name"], "nested": mlflowViewed["nested"],
		"tracking_token": "Token that ZenML logs in with, for a server without `basic_auth`: that of a proxy before it, or any at all, since ZenML does " +
			"not take a server without a login.",
	},
	View:    viewMLflow,
	Applied: applyMLflow,
	Attribute: map[string]string{
		"tracking_uri": "expose", "tracking_username": "basic_auth", "tracking_password": "basic_auth",
		"databricks_client_id": "basic_auth", "databricks_client_secret": "basic_auth",
	},
	Environment: func(facts flavor.Facts) map[string]any {
		variables := map[string]any{}
		if facts.URI != nil {
			variables["MLFLOW_TRACKING_URI"] = facts.URI
		}

		if insecure := facts.Configuration["tracking_insecure_tls"]; insecure != false && insecure != nil {
			variables["MLFLOW_TRACKING_INSECURE_TLS"] = insecure
		}

		return variables
	},
}, mlflowAttributes(), mlflowService).
	CheckedWhole(clustered.CheckName).Checked(clustered.CheckExpose).Checked(clustered.CheckValues(charts.MLflow)).
	CheckedWhole(mlflowDatabases.Check).CheckedWhole(mlflowBuckets.Check).CheckedWhole(clustered.CheckPods("artifact_store")).Checked(checkMLflowLogin).Replaced(replacesMLflow)

var (
	mlflowDatabases = clustered.Wanted{
		Attribute: "metadata_store", Kind: "metadata_store", Flavors: []string{"postgres", "mysql"},
		Reasons: map[string]string{
			"sqlite": "it is a file on this machine, which pods cannot see",
			"dvc":    "a remote of DVC is no database",
			"":       "nothing tells how a server in a cluster gets into it",
		},
	}
	mlflowBuckets = clustered.Wanted{
		Attribute: "artifact_store", Kind: "artifact_store", Flavors: []string{"minio", "s3"},
		Reasons: map[string]string{
			"local": "it is a directory on this machine, which pods cannot see",
			"":      "its credentials are in no Secret of a cluster that the server could read",
		},
	}
)

func mlflowAttributes() map[string]schema.Attribute {
	beside := path.MatchRelative().AtParent()

	return clustered.Attributes(
		clustered.WorkloadAttributes(charts.MLflowImage, "It needs boto3 for an `artifact_store`, psycopg2 or PyMySQL for a `metadata_store`, and Flask-WTF for "+
			"`basic_auth`, none of which MLflow's plain images have."),
		clustered.ExposeAttribute(), clustered.StoredAttributes("10Gi", "what goes into no `metadata_store` and no `artifact_store`"),
		map[string]schema.Attribute{
			"metadata_store": clustered.ComponentAttribute("Database that keeps runs, models and users: an `mlstacks_metadata_store` of the flavor `postgres` or " +
				"`mysql`, whole; `mysql` not with `basic_auth`. Its credentials are copied into the Secret of this component. Another one replaces the component. Null: SQLite on the volume."),
			"artifact_store": clustered.ComponentAttribute("Store that keeps the artifacts of runs, below the name of this component: an `mlstacks_artifact_store` of " +
				"the flavor `minio`, whole, or in a cluster of the flavor `eks` of the flavor `s3`. The credentials of `minio` are copied into the Secret of this " +
				"component; for `s3` the server gets a role of its own in AWS and no keys. Clients need none. Another one replaces the component. Null: the volume."),
			"basic_auth": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(true),
				MarkdownDescription: "Whether clients have to log in. ZenML's configuration refers to the login as `{{<component name>.username}}` and " +
					"`{{<component name>.password}}`, a secret that must exist in ZenML (see `required_secrets` of the stack). Defaults to `true`.",
			},
			"username": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(mlflowAdmin),
				MarkdownDescription: "Administrator of the server. Changing it replaces the component. Defaults to `" + mlflowAdmin + "`.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"password_wo": schema.StringAttribute{
				Optional: true, Sensitive: true, WriteOnly: true,
				MarkdownDescription: "Password of the administrator, of at least 12 characters. Write-only: it is neither in the plan nor in the state. Null: one is " +
					"generated into the Secret of the component.",
				Validators: []validator.String{
					stringvalidator.LengthAtLeast(mlflowShortest), stringvalidator.AlsoRequires(beside.AtName("password_wo_version")),
				},
			},
			"password_wo_version": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "Version of `password_wo`. Raise it to hand over a changed value.",
				Validators:          []validator.Int64{int64validator.AlsoRequires(beside.AtName("password_wo"))},
			},
		},
	)
}

func viewMLflow(v flavor.Values) flavor.Facts {
	return flavor.Facts{
		Configuration: owned.ZenML(v, mlflowViewed, nil),
		Open:          zenml.IsUnknown(v["basic_auth"]), // it decides about keys
	}
}

func applyMLflow(facts *flavor.Facts, s flavor.Subject) {
	facts.URI = clustered.Address(s)
	facts.Configuration["tracking_uri"] = facts.URI

	if s.Values["basic_auth"] == false {
		return
	}

	for field, key := range map[string]string{"tracking_username": usernameKey, "tracking_password": passwordKey} {
		facts.Configuration[field] = flavor.Map(s.Name, func(name string) any { return "{{" + name + "." + key + "}}" })

		if zenml.IsUnknown(s.Values["basic_auth"]) {
			facts.Configuration[field] = zenml.Unknown{}
		}
	}
}

// checkMLflowLogin wants exactly one login, as ZenML does for every server that it reaches over a network.
func checkMLflowLogin(v flavor.Values) []flavor.Problem {
	token := zenml.False

	for _, name := range []string{"tracking_token_wo", "tracking_token_wo_version", "tracking_token_secret"} {
		if zenml.IsUnknown(v[name]) {
			token = zenml.Any(token, zenml.Undecided)
		} else {
			token = zenml.Any(token, zenml.Is(v[name] != nil))
		}
	}

	auth := v["basic_auth"] == true || v["basic_auth"] == nil // before defaults

	database, _ := v["metadata_store"].(map[string]any)

	switch {
	case zenml.IsUnknown(v["basic_auth"]):
		return nil
	case auth && database["flavor"] == "mysql":
		return []flavor.Problem{{
			Path: []string{"basic_auth"}, Summary: "Login that MySQL cannot keep",
			Detail: "basic_auth: MLflow keeps users beside its runs, and MySQL refuses the tables for them, two of which give a constraint the same name.\n\n" +
				"Use a metadata_store of the flavor postgres, or set basic_auth = false with tracking_token_secret and a proxy that asks for the login.",
		}}
	case auth && token == zenml.True:
		return []flavor.Problem{{
			Path: []string{"basic_auth"}, Summary: "Two logins",
			Detail: "basic_auth: clients log in with user and password, and tracking_token is another login, which the server does not know.\n\n" +
				"Leave tracking_token out, or set basic_auth = false.",
		}}
	case !auth && token == zenml.False:
		return []flavor.Problem{{
			Path: []string{"basic_auth"}, Summary: "Server without a login",
			Detail: "basic_auth: ZenML does not take a server without a login.\n\nSet basic_auth = true, or tracking_token_secret; a server that asks for no " +
				"login takes any token.",
		}}
	case !auth && v["password_wo_version"] != nil && !zenml.IsUnknown(v["password_wo_version"]):
		return []flavor.Problem{{
			Path: []string{"password_wo"}, Summary: "Password without a login",
			Detail: "password_wo: the server asks for no login.\n\nSet basic_auth = true, or leave password_wo out.",
		}}
	}

	return nil
}

// replacesMLflow keeps records from being left behind without a word: a server does not move them from one store to
// another.
func replacesMLflow(before, after flavor.Values) []flavor.Problem {
	var problems []flavor.Problem

	for attribute, what := range map[string]string{"metadata_store": "runs and models", "artifact_store": "artifacts"} {
		was, is := nameOf(before[attribute]), nameOf(after[attribute])
		if was == is || zenml.IsUnknown(is) {
			continue
		}

		problems = append(problems, flavor.Problem{
			Path: []string{attribute}, Summary: "Server is made anew",
			Detail: attribute + ": MLflow does not move " + what + " from one place to another, so that a new server is made. What lies on a volume of the old " +
				"one is deleted with it only with force_destroy = true.",
		})
	}

	return problems
}

func nameOf(component any) any {
	switch component := component.(type) {
	case map[string]any:
		return component["name"]
	default:
		return component
	}
}
