package secretsmanager

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// ownNamespace is not that of the other components: whoever reads the Secrets of a namespace reads theirs too.
const ownNamespace = "mlstacks-secrets"

// Kubernetes is a namespace of Secrets in a cluster.
var Kubernetes = flavor.Define[kubernetesConfig](flavor.Meta{
	Name: "kubernetes",
	Summary: "Secrets in a namespace of the cluster, with a service account that may read and write the Secrets of this namespace and nothing else. Have the " +
		"cluster encrypt them at rest.",
	Runs:      flavor.InCluster,
	Clustered: true,
	Named:     true,
	View:      func(flavor.Values) flavor.Facts { return flavor.Facts{} },
}, kubernetesAttributes(), kubernetesDriver{secretsPlace}).CheckedWhole(clustered.CheckName)

type kubernetesConfig struct {
	clustered.Placed

	ReadOnly       bool                         `tfsdk:"read_only"`
	Secrets        map[string]map[string]string `tfsdk:"secrets_wo"`
	SecretsVersion *int64                       `tfsdk:"secrets_wo_version"`
	ForceDestroy   bool                         `tfsdk:"force_destroy"`
}

var (
	secretName = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)
	secretKey  = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
)

func kubernetesAttributes() map[string]schema.Attribute {
	next := path.MatchRelative().AtParent()
	attributes := clustered.PlacedAttributes()

	attributes["namespace"] = schema.StringAttribute{
		Optional: true, Computed: true, Default: stringdefault.StaticString(ownNamespace),
		MarkdownDescription: "Namespace of the Secrets, better one of their own: the service account reads every Secret in it. It is made when the first " +
			"component comes, and removed when the last one that uses it leaves and nothing else lies in it. Changing it replaces the component. Defaults to `" +
			ownNamespace + "`.",
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		Validators:    attributes["namespace"].(schema.StringAttribute).Validators, //nolint:errcheck,forcetypeassert // it is one
	}
	attributes["read_only"] = schema.BoolAttribute{
		Optional: true, Computed: true, Default: booldefault.StaticBool(false),
		MarkdownDescription: "Whether the service account may only read. Defaults to `false`.",
	}
	attributes["secrets_wo"] = schema.MapAttribute{
		Optional: true, Sensitive: true, WriteOnly: true, ElementType: types.MapType{ElemType: types.StringType},
		MarkdownDescription: "Secrets by name, each an object of keys and texts. Write-only: they are neither in the plan nor in the state. Those that are " +
			"taken out are deleted. Null: the namespace begins empty, for others to fill.",
		Validators: []validator.Map{
			mapvalidator.KeysAre(stringvalidator.LengthAtMost(253), stringvalidator.RegexMatches(secretName,
				"must have only small letters, digits, dots and hyphens, and begin and end with a letter or digit")),
			mapvalidator.ValueMapsAre(mapvalidator.KeysAre(stringvalidator.LengthAtMost(253), stringvalidator.RegexMatches(secretKey,
				"must have only letters, digits, dots, hyphens and underscores"))),
			mapvalidator.AlsoRequires(next.AtName("secrets_wo_version")),
		},
	}
	attributes["secrets_wo_version"] = schema.Int64Attribute{
		Optional:            true,
		MarkdownDescription: "Version of `secrets_wo`. Change it to have exactly those secrets written.",
		Validators:          []validator.Int64{int64validator.AlsoRequires(next.AtName("secrets_wo"))},
	}
	attributes["force_destroy"] = schema.BoolAttribute{
		Optional: true, Computed: true, Default: booldefault.StaticBool(false),
		MarkdownDescription: "Whether the component is deleted with the secrets that it wrote. Those that others put into the namespace stay in any case. " +
			"Defaults to `false`.",
	}

	return attributes
}

var secretsPlace = clustered.Objects[kubernetesConfig]{
	Flavor:  "kubernetes",
	Placed:  func(c *kubernetesConfig) *clustered.Placed { return &c.Placed },
	Objects: secretsObjects,
	Outputs: func(site clustered.Site, _ kubernetesConfig) map[string]string {
		return map[string]string{"service_account": site.Name}
	},
}

// secretsObjects are a service account and what it may do.
func secretsObjects(site clustered.Site, cfg kubernetesConfig) []*unstructured.Unstructured {
	verbs := []string{"get", "list", "watch"}
	if !cfg.ReadOnly {
		verbs = append(verbs, "create", "update", "patch", "delete")
	}

	return clustered.Account{Name: site.Name, Rules: []clustered.Rule{{Resource: "secrets", Verbs: verbs}}}.Objects(site.Namespace)
}

// namesOf is a list of names as an output has it.
func namesOf(secrets map[string]*unstructured.Unstructured) string {
	list := slices.AppendSeq([]string{}, maps.Keys(secrets))
	slices.Sort(list)

	text, err := json.Marshal(list)
	if err != nil {
		return "[]" // unreachable: texts
	}

	return string(text)
}
