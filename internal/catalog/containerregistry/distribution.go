package containerregistry

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

const registryPort = 5000

// Distribution is the CNCF registry in a cluster.
var Distribution = flavor.Define[distributionConfig](flavor.Meta{
	Name:  "distribution",
	ZenML: "default",
	Summary: "The CNCF registry in the cluster, on a volume or in a bucket of the stack's artifact store. It speaks plain HTTP, which Docker and containerd " +
		"take from `localhost` only: with `expose = { type = \"node_port\", port = N }` and a port of a k3d cluster that maps N to N its address is " +
		"`localhost:N`, here and in the images of pods. By any other address the nodes have to be told that it speaks plain HTTP, or an ingress with " +
		"TLS stands before it.",
	Runs:      flavor.InCluster,
	Clustered: true,
	Named:     true,
	Moves:     []flavor.Move{keptRegistry},
	Fields: map[string]string{
		"default_repository": "Repository of the registry that images go into.",
		"authentication_secret": "Name of the ZenML secret with `username` and `password`. With `username`, and without this, the configuration names a " +
			"secret that is called as the component, which has to be made from the component's own (see `mlstacks_credentials`).",
	},
	Attribute: map[string]string{"uri": "expose"},
	View:      registryView,
	Applied:   distributionFacts,
}, clustered.Attributes(
	clustered.WorkloadAttributes(charts.DistributionImage, ""),
	clustered.ExposeAttribute(),
	clustered.StoredAttributes("20Gi", "the images; without `artifact_store`"),
	map[string]schema.Attribute{
		"artifact_store": clustered.ComponentAttribute("S3-compatible store that keeps the images in the place of a volume: an `mlstacks_artifact_store` of " +
			"the flavor `minio`, whole. Its keys are copied from its Secret. The images stay there when the registry goes. Another store replaces the component. " +
			"Null: the volume."),
		"bucket": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(""),
			MarkdownDescription: "Bucket of `artifact_store`, which has to exist. Changing it replaces the component. Empty: that of the store. Defaults to empty.",
		},
		"prefix": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString("registry"),
			MarkdownDescription: "Prefix in the bucket that images lie below. Changing it replaces the component. Defaults to `registry`.",
			Validators:          []validator.String{stringvalidator.RegexMatches(prefixPattern, "must have no slash at its ends, and no spaces")},
		},
		"username": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(""),
			MarkdownDescription: "User that may push and pull, with the password in the component's Secret; the Secret `<name>-pull` is for the " +
				"`image_pull_secrets` of others. Empty: whoever reaches the registry may. Defaults to empty.",
			Validators: []validator.String{stringvalidator.RegexMatches(userPattern, "must have no colon and no spaces")},
		},
		"password_wo": schema.StringAttribute{
			Optional: true, Sensitive: true, WriteOnly: true,
			MarkdownDescription: "Password of `username`, at most 72 bytes. Write-only: it is neither in the plan nor in the state. Null: one is generated.",
			Validators: []validator.String{
				stringvalidator.LengthBetween(1, maxPassword),
				stringvalidator.AlsoRequires(beside("password_wo_version"), beside("username")),
			},
		},
		"password_wo_version": schema.Int64Attribute{
			Optional:            true,
			MarkdownDescription: "Version of `password_wo`. Raise it to hand over a changed value.",
			Validators:          []validator.Int64{int64validator.AlsoRequires(beside("password_wo"))},
		},
	},
), distributionDriver{distributionService}).
	CheckedWhole(clustered.CheckName).
	Checked(clustered.CheckExpose).
	Checked(clustered.CheckValues(charts.Distribution)).
	CheckedWhole(imageStore.Check).
	Checked(checkDistribution).
	Replaced(distributionReplaced)

// imageStore is where images can lie.
var imageStore = clustered.Wanted{
	Attribute: "artifact_store", Kind: "artifact_store", Flavors: []string{"minio"},
	Reasons: map[string]string{"": "a registry needs a store that speaks S3 and keeps its keys in a cluster"},
}

func beside(name string) path.Expression { return path.MatchRelative().AtParent().AtName(name) }

type distributionConfig struct {
	clustered.Workload
	clustered.Exposed
	clustered.Stored

	Store                *clustered.Component `tfsdk:"artifact_store"`
	Bucket               string               `tfsdk:"bucket"`
	Prefix               string               `tfsdk:"prefix"`
	Username             string               `tfsdk:"username"`
	Password             *string              `tfsdk:"password_wo"`
	PasswordVersion      *int64               `tfsdk:"password_wo_version"`
	DefaultRepository    *string              `tfsdk:"default_repository"`
	AuthenticationSecret *string              `tfsdk:"authentication_secret"`
	Settings             types.Dynamic        `tfsdk:"settings"`

	// secret is what the component's Secret holds beside what is generated. It is found out before anything is made.
	secret map[string]string
}

// bucket is where the images lie in the store.
func (c distributionConfig) bucket() string {
	if c.Bucket != "" || c.Store == nil {
		return c.Bucket
	}

	return c.Store.Outputs["bucket"]
}

// distributionFacts adds what apply tells, and the login.
func distributionFacts(facts *flavor.Facts, s flavor.Subject) {
	facts.URI = clustered.Address(s)
	facts.Configuration["uri"] = facts.URI

	if _, given := facts.Configuration["authentication_secret"]; given {
		return
	}

	switch username := s.Values["username"]; {
	case zenml.IsUnknown(username):
		facts.Open = true // whether there is a login is told later
	case username != nil && username != "":
		facts.Configuration["authentication_secret"] = s.Name
	}
}

// checkDistribution refuses what makes sense with a store only.
func checkDistribution(v flavor.Values) []flavor.Problem {
	if zenml.IsUnknown(v["artifact_store"]) {
		return nil
	}

	if bucket, _ := v["bucket"].(string); v["artifact_store"] == nil && bucket != "" {
		return []flavor.Problem{{
			Path: []string{"bucket"}, Summary: "Bucket without a store",
			Detail: fmt.Sprintf("bucket: %q is a bucket of artifact_store, and none is set.\n\nSet artifact_store, or leave bucket out to keep the images on a "+
				"volume.", bucket),
		}}
	}

	return nil
}

// distributionReplaced says what would leave images behind where the registry does not look any more.
func distributionReplaced(before, after flavor.Values) []flavor.Problem {
	var problems []flavor.Problem

	for _, name := range []string{"artifact_store", "bucket", "prefix"} {
		was, is := place(before, name), place(after, name)
		if was == is || zenml.IsUnknown(is) || name == "prefix" && after["artifact_store"] == nil {
			continue
		}

		problems = append(problems, flavor.Problem{
			Path: []string{name}, Summary: "Registry is replaced",
			Detail: fmt.Sprintf("%s: the images lie where it says, and do not move along when it changes. The registry is made anew and begins empty.", name),
		})
	}

	return problems
}

// place is what decides where images lie: of a store only which it is.
func place(v flavor.Values, name string) any {
	store, ok := v[name].(map[string]any)
	if !ok {
		return v[name]
	}

	return store["name"]
}
