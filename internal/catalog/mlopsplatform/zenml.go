package mlopsplatform

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

type zenMLConfig struct {
	clustered.Workload
	clustered.Exposed
	clustered.Stored

	MetadataStore  *clustered.Component `tfsdk:"metadata_store"`
	DatabaseSecret *string              `tfsdk:"database_secret"`

	Username          string  `tfsdk:"username"`
	PasswordWO        *string `tfsdk:"password_wo"`
	PasswordWOVersion *int64  `tfsdk:"password_wo_version"`
}

// onVolume says that the server keeps its records itself.
func (c zenMLConfig) onVolume() bool { return c.MetadataStore == nil && c.databaseSecret() == "" }

func (c zenMLConfig) databaseSecret() string {
	if c.DatabaseSecret == nil { // after an import
		return ""
	}

	return *c.DatabaseSecret
}

const (
	// zenMLAdmin is the administrator, where nobody says otherwise.
	zenMLAdmin = "admin"
	// zenMLLongest is how many bytes of a password ZenML looks at.
	zenMLLongest = 72
)

// ZenML is a ZenML server in a cluster.
var ZenML = flavor.Define[zenMLConfig](flavor.Meta{
	Name:      "zenml",
	Summary:   "A ZenML server with its dashboard in the cluster, on a MySQL database or on a volume of its own.",
	Runs:      flavor.InCluster,
	Clustered: true,
	Named:     true,
	Registers: true,
	Moves:     []flavor.Move{keptServer},
	View:      func(flavor.Values) flavor.Facts { return flavor.Facts{} },
	Applied:   func(facts *flavor.Facts, s flavor.Subject) { facts.URI = clustered.Address(s) },
	Environment: func(facts flavor.Facts) map[string]any {
		if facts.URI == nil {
			return nil
		}

		return map[string]any{"ZENML_STORE_URL": facts.URI}
	},
}, zenMLAttributes(), zenMLService).
	CheckedWhole(clustered.CheckName).Checked(clustered.CheckExpose).Checked(clustered.CheckValues(charts.ZenML)).
	CheckedWhole(zenMLDatabases.Check).Checked(checkZenMLDatabase).Replaced(replacesZenML)

var zenMLDatabases = clustered.Wanted{
	Attribute: "metadata_store", Kind: "metadata_store", Flavors: []string{"mysql"},
	Reasons: map[string]string{
		"postgres": "ZenML keeps its records in MySQL or SQLite alone",
		"sqlite":   "it is a file on this machine, which pods cannot see; without a metadata_store the server has one of its own",
		"dvc":      "a remote of DVC is no database",
		"rds":      "its password is in no Secret of a cluster; database_secret takes one of MySQL with a user made for ZenML",
		"":         "nothing tells how a server in a cluster gets into it",
	},
}

func zenMLAttributes() map[string]schema.Attribute {
	beside := path.MatchRelative().AtParent()

	return clustered.Attributes(
		clustered.WorkloadAttributes(charts.ZenMLImage, "Another version migrates the database when it starts, and none goes back to an older one."),
		clustered.ExposeAttribute(), clustered.StoredAttributes("5Gi", "the records of a server without a database elsewhere"),
		map[string]schema.Attribute{
			"metadata_store": clustered.ComponentAttribute("Database that keeps stacks, pipelines, runs and users: an `mlstacks_metadata_store` of the flavor " +
				"`mysql`, whole. Its credentials are copied into the Secret of this component. Another one replaces the component. Null: SQLite on the volume."),
			"database_secret": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(""),
				MarkdownDescription: "Name of a Secret in the namespace whose key `url` leads to a MySQL database elsewhere, as " +
					"`mysql://user:password@host:3306/database`. It is copied into the Secret of this component. Not with `metadata_store`. Another one replaces " +
					"the component. Defaults to empty: none.",
			},
			"username": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(zenMLAdmin),
				MarkdownDescription: "Administrator of the server. Changing it replaces the component. Defaults to `" + zenMLAdmin + "`.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"password_wo": schema.StringAttribute{
				Optional: true, Sensitive: true, WriteOnly: true,
				MarkdownDescription: "Password of the administrator, of at most 72 bytes. Write-only: it is neither in the plan nor in the state. Null: one is " +
					"generated into the Secret of the component. A server on a database that another one had before needs that one's.",
				Validators: []validator.String{
					stringvalidator.LengthBetween(1, zenMLLongest), stringvalidator.AlsoRequires(beside.AtName("password_wo_version")),
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

// checkZenMLDatabase refuses two databases for one server.
func checkZenMLDatabase(v flavor.Values) []flavor.Problem {
	secret, _ := v["database_secret"].(string)
	if secret == "" || v["metadata_store"] == nil || zenml.IsUnknown(v["metadata_store"]) {
		return nil
	}

	return []flavor.Problem{{
		Path: []string{"database_secret"}, Summary: "Two databases",
		Detail: "database_secret: the records go into the database of metadata_store, and " + secret + " leads to another one.\n\nLeave one of the two out.",
	}}
}

// replacesZenML keeps records from being left behind without a word: a server does not move them from one database to
// another.
func replacesZenML(before, after flavor.Values) []flavor.Problem {
	var problems []flavor.Problem

	for _, attribute := range []string{"metadata_store", "database_secret"} {
		was, is := named(before[attribute]), named(after[attribute])
		if was == is || zenml.IsUnknown(is) {
			continue
		}

		problems = append(problems, flavor.Problem{
			Path: []string{attribute}, Summary: "Server is made anew",
			Detail: attribute + ": ZenML does not move its records from one database to another, so that a new server is made. What lies on a volume of the " +
				"old one is deleted with it only with force_destroy = true.",
		})
	}

	return problems
}

// named is the name of what an attribute refers to; none, however it is written, is nil.
func named(value any) any {
	if component, ok := value.(map[string]any); ok {
		value = component["name"]
	}

	if value == "" {
		return nil
	}

	return value
}
