package clustered

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Launcher is what every component says that ZenML starts pods of its own by. Flavors embed it.
type Launcher struct {
	Placed

	Context   string            `tfsdk:"kubernetes_context"`
	InCluster bool              `tfsdk:"incluster"`
	Quota     map[string]string `tfsdk:"resource_quota"`
	GrantedTo []string          `tfsdk:"granted_to"`
	Settings  types.Dynamic     `tfsdk:"settings"`
}

// InClusterField describes ZenML's field incluster, which every Launcher takes over.
const InClusterField = "Whether ZenML uses the service account of the pod that it runs in. For pipelines that use the component from within pods: name " +
	"their accounts in `granted_to`."

// DefaultLauncher is a Launcher with the defaults of the schema.
func DefaultLauncher() Launcher {
	return Launcher{Quota: map[string]string{}, GrantedTo: []string{}}
}

var accountName = regexp.MustCompile(`^([a-z0-9-]+/)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)

// LauncherAttributes are the attributes of Launcher, as far as they are not ZenML's. does says what who is granted it may do.
func LauncherAttributes(does string) map[string]schema.Attribute {
	return Attributes(PlacedAttributes(), map[string]schema.Attribute{
		"kubernetes_context": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(""),
			MarkdownDescription: "Context of the kubeconfig that ZenML reaches the cluster by; the kubeconfig is for its user to have, and never written. " +
				"Empty: `k3d-<name>` for a k3d cluster, that of the cluster for others. Defaults to empty.",
		},
		"resource_quota": schema.MapAttribute{
			Optional: true, Computed: true, ElementType: types.StringType, Default: mapdefault.StaticValue(types.MapValueMust(types.StringType, nil)),
			MarkdownDescription: "What everything in the namespace may take together, as quantities of Kubernetes: `{ \"requests.cpu\" = \"4\", pods = \"20\" }`. It " +
				"counts what other components run there too, and pods that say nothing of a limited quantity are refused: best with a namespace of the " +
				"component's own. Defaults to none.",
		},
		"granted_to": schema.ListAttribute{
			Optional: true, Computed: true, ElementType: types.StringType, Default: listdefault.StaticValue(types.ListValueMust(types.StringType, nil)),
			MarkdownDescription: "Service accounts that may " + does + ", beside the account `outputs.client_service_account` that is made for it: a name " +
				"in the namespace, or `namespace/name`. Defaults to none.",
			Validators: []validator.List{listvalidator.ValueStringsAre(
				stringvalidator.RegexMatches(accountName, "must be the name of a service account, or namespace/name"),
			)},
		},
	})
}

// launcherOwn are the attributes that ZenML has no field for, or another one.
var launcherOwn = []string{"namespace", "kubernetes_context", "resource_quota", "granted_to", "settings", "artifact_store"}

// LauncherView hands over to ZenML what bears the name of its field, and the namespace as what ZenML calls it.
func LauncherView(namespace string) func(flavor.Values) flavor.Facts {
	return func(v flavor.Values) flavor.Facts {
		configuration := map[string]any{namespace: v["namespace"]}

		for name, value := range v {
			if value != nil && !slices.Contains(launcherOwn, name) {
				configuration[name] = value
			}
		}

		flavor.AddSettings(configuration, v)

		return flavor.Facts{Configuration: configuration}
	}
}

// LauncherFacts adds to the facts what follows from the cluster and from the component's name: the context, and the
// service accounts, by ZenML's field and the end of their names.
func LauncherFacts(accounts map[string]string) func(*flavor.Facts, flavor.Subject) {
	return func(facts *flavor.Facts, s flavor.Subject) {
		context := s.Values["kubernetes_context"]
		if context == nil || context == "" {
			context = Context(s)
		}

		facts.Configuration["kubernetes_context"] = context

		for field, end := range accounts {
			facts.Configuration[field] = flavor.Map(s.Name, func(name string) any { return name + end })
		}
	}
}

// Launch says what a flavor with a Launcher makes beside its namespace.
type Launch struct {
	// Accounts are the service accounts. The first one stands for the component.
	Accounts []Account
	// Wide is what the last of the accounts may do outside of the namespace.
	Wide []Rule
	// Store is the artifact store that pods of the accounts work with that are Stored; nil for none.
	Store *Component
}

// LauncherDriver makes the namespace, the service accounts with their rights, and the quota.
func LauncherDriver[C any](part func(*C) *Launcher, launch func(site Site, cfg C) Launch, standard C) Objects[C] {
	return Objects[C]{
		Flavor: "kubernetes",
		Placed: func(c *C) *Placed { return &part(c).Placed },
		Objects: func(site Site, cfg C) []*unstructured.Unstructured {
			var objects []*unstructured.Unstructured

			made := launch(site, cfg)
			for _, account := range made.Accounts {
				objects = append(objects, account.Objects(site.Namespace)...)
			}

			if len(made.Wide) > 0 {
				objects = append(objects, made.Accounts[len(made.Accounts)-1].wide(site.Namespace, made.Wide...)...)
			}

			if quota := part(&cfg).Quota; len(quota) > 0 {
				objects = append(objects, quotaObject(site.Namespace, made.Accounts[0].Name, quota))
			}

			return objects
		},
		Outputs: func(site Site, cfg C) map[string]string {
			outputs := map[string]string{}
			for _, account := range launch(site, cfg).Accounts {
				outputs[account.Output] = account.Name
			}

			return outputs
		},
		Identities: func(site Site, cfg C) []*Identity { return launch(site, cfg).identities(site) },
		Default:    standard,
	}
}

func quotaObject(namespace, name string, quota map[string]string) *unstructured.Unstructured {
	hard := map[string]any{}
	for what, quantity := range quota {
		hard[what] = quantity
	}

	return Object("v1", "ResourceQuota", namespace, name, map[string]any{"spec": map[string]any{"hard": hard}})
}

// CheckQuota refuses at plan what is no quantity.
func CheckQuota(v flavor.Values) []flavor.Problem {
	quota, ok := v["resource_quota"].(map[string]any)
	if !ok {
		return nil
	}

	var problems []flavor.Problem

	for _, what := range slices.Sorted(maps.Keys(quota)) {
		if zenml.IsUnknown(quota[what]) {
			continue
		}

		text, _ := quota[what].(string)
		if value, err := resource.ParseQuantity(strings.TrimSpace(text)); err == nil && value.Sign() >= 0 && text == strings.TrimSpace(text) {
			continue
		}

		problems = append(problems, flavor.Problem{
			Path: []string{"resource_quota", what}, Summary: "Not a quantity",
			Detail: fmt.Sprintf("resource_quota: %q of %s is not a quantity of Kubernetes.\n\nWrite one such as 4, 500m or 8Gi.", text, what),
		})
	}

	return problems
}
