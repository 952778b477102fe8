package imagebuilder

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Kaniko builds images in pods of a cluster.
var Kaniko = flavor.Define[kanikoConfig](flavor.Meta{
	Name:  "kaniko",
	ZenML: "kaniko",
	Summary: "Builds images in pods of the cluster, which need no Docker: a place for them, with a login for the registry. ZenML starts them with " +
		"`kubectl` and the context of a kubeconfig; a registry at `localhost` is out of their reach.",
	Runs:      flavor.InCluster,
	Clustered: true,
	Named:     true,
	Fields: map[string]string{
		"pod_running_timeout":             "Seconds that a pod may take until it builds.",
		"store_context_in_artifact_store": "Whether the build context goes through the artifact store, and not through the standard input of `kubectl`.",
	},
	Attribute: map[string]string{
		"kubernetes_namespace": "namespace", "service_account_name": "namespace",
		"volumes": "registry_secret", "volume_mounts": "registry_secret",
	},
	View:    kanikoView,
	Applied: kanikoFacts,
}, clustered.Attributes(
	clustered.PlacedAttributes(),
	map[string]schema.Attribute{
		"kubernetes_context": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(""),
			MarkdownDescription: "Context of the kubeconfig that ZenML reaches the cluster by. Empty: `k3d-<name>` for a k3d cluster, that of the cluster for " +
				"others. Defaults to empty.",
		},
		"executor_image": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(charts.KanikoImage),
			MarkdownDescription: "Image that builds. Google has archived its own; the default is a fork that is kept up. The provider's `image_registry` goes " +
				"before the default. Defaults to `" + charts.KanikoImage + "`.",
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"executor_args": schema.ListAttribute{
			Optional: true, Computed: true, ElementType: types.StringType, Default: listdefault.StaticValue(types.ListValueMust(types.StringType, nil)),
			MarkdownDescription: "Further arguments of the executor, such as `--insecure-registry=<address>` for a registry that speaks plain HTTP. Defaults to none.",
		},
		"container_registry": clustered.ComponentAttribute("Registry in a cluster whose login is copied for the builds: an `mlstacks_container_registry`, whole. " +
			"Null: none."),
		"registry_secret": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(""),
			MarkdownDescription: "In place of `container_registry`: name of a Secret of type `kubernetes.io/dockerconfigjson` in the namespace, with the " +
				"login for the registry. Empty: none. Defaults to empty.",
			Validators: []validator.String{stringvalidator.ConflictsWith(path.MatchRelative().AtParent().AtName("container_registry"))},
		},
	},
), kanikoDriver{kanikoObjects}).CheckedWhole(clustered.CheckName).Checked(checkKaniko)

type kanikoConfig struct {
	clustered.Placed

	KubernetesContext string               `tfsdk:"kubernetes_context"`
	ExecutorImage     string               `tfsdk:"executor_image"`
	ExecutorArgs      []string             `tfsdk:"executor_args"`
	Registry          *clustered.Component `tfsdk:"container_registry"`
	RegistrySecret    string               `tfsdk:"registry_secret"`
	PodRunningTimeout int64                `tfsdk:"pod_running_timeout"`
	StoreContext      bool                 `tfsdk:"store_context_in_artifact_store"`
	Settings          types.Dynamic        `tfsdk:"settings"`
}

// loginVolume is what the volume with the login is called in the pods.
const loginVolume = "registry-login"

func kanikoView(v flavor.Values) flavor.Facts {
	configuration := map[string]any{"kubernetes_namespace": v["namespace"]}

	for _, name := range []string{"executor_args", "pod_running_timeout", "store_context_in_artifact_store"} {
		if v[name] != nil {
			configuration[name] = v[name]
		}
	}

	flavor.AddSettings(configuration, v)

	return flavor.Facts{Configuration: configuration}
}

// kanikoFacts adds what depends on the cluster, on the component's name and on apply.
func kanikoFacts(facts *flavor.Facts, s flavor.Subject) {
	facts.Configuration["kubernetes_context"] = contextOf(s)
	facts.Configuration["service_account_name"] = s.Name
	facts.Configuration["executor_image"] = s.Output("executor_image") // the provider's mirror goes before it

	registry, secret := s.Values["container_registry"], s.Values["registry_secret"]

	switch {
	case zenml.IsUnknown(registry) || zenml.IsUnknown(secret):
		facts.Open = true
	case secret != nil && secret != "":
		mountLogin(facts.Configuration, secret)
	case registry != nil:
		login := s.Output("registry_secret") // a registry may turn out to need none

		if zenml.IsUnknown(login) {
			facts.Open = true
		} else if login != nil {
			mountLogin(facts.Configuration, login)
		}
	}
}

// contextOf is the context that is given, or that of the cluster. A missing cluster is refused elsewhere.
func contextOf(s flavor.Subject) any {
	given := s.Values["kubernetes_context"]

	switch {
	case given != nil && given != "":
		return given
	case s.Cluster == nil:
		return zenml.Unknown{}
	case clustered.Context(s) == nil:
		return s.Reference("name") // an import can name only the context
	default:
		return clustered.Context(s)
	}
}

// mountLogin puts a Secret where the executor looks for logins.
func mountLogin(configuration map[string]any, secret any) {
	configuration["volumes"] = []any{map[string]any{"name": loginVolume, "secret": map[string]any{
		"secretName": secret, "items": []any{map[string]any{"key": ".dockerconfigjson", "path": "config.json"}},
	}}}
	configuration["volume_mounts"] = []any{map[string]any{"name": loginVolume, "mountPath": "/kaniko/.docker", "readOnly": true}}
}

// known are the registries that keep their login in a cluster, or need none.
var known = clustered.Wanted{
	Attribute: "container_registry", Kind: "container_registry", Flavors: []string{"distribution", "k3d"},
	Reasons: map[string]string{"": "it runs elsewhere, and its login is not in a cluster; make a Secret of type kubernetes.io/dockerconfigjson with it, and " +
		"name that in registry_secret"},
}

// checkKaniko refuses registries without a login to copy, wherever the others are: only the login counts.
func checkKaniko(v flavor.Values) []flavor.Problem { return known.Check(flavor.Subject{Values: v}) }
