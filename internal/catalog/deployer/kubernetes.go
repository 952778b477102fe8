package deployer

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// The ends of the names of the service accounts that a deployer has.
const (
	kubernetesPods   = "-deployer"
	kubernetesClient = "-deployer-client"
)

const (
	deploymentPort    = 8000
	deploymentSeconds = 600
	nodePort          = "NodePort"
)

// Kubernetes deploys pipelines as services of a cluster.
var Kubernetes = flavor.Define[kubernetesConfig](flavor.Meta{
	Name:  "kubernetes",
	ZenML: "kubernetes",
	Summary: "Deploys pipelines as web services of the cluster: a namespace for them, a service account without rights for their pods, one with just the " +
		"rights to deploy, and a quota if wanted.",
	Runs:      flavor.InCluster,
	Clustered: true,
	Named:     true,
	Fields: map[string]string{
		"service_type":      "How deployments are reached; `LoadBalancer` works in k3d too.",
		"service_port":      "Port of each deployment's service.",
		"auth_key":          "Key that callers of every deployment must show.",
		"generate_auth_key": "Whether each deployment gets a random key that callers must show.",
		"lcm_timeout":       "Seconds to wait for a deployment to start or stop.",
		"atomic_provision":  "Whether a deployment that cannot be made whole is taken back.",
		"local": "Whether the cluster runs on this machine, so that ZenML takes parts of the stack that exist on this machine alone. ZenML sees it by the " +
			"context of a k3d cluster too.",
		"skip_local_validations": "Whether ZenML accepts a stack with parts that look as if they were on this machine alone.",
		"incluster":              clustered.InClusterField,
	},
	Attribute: map[string]string{"service_account_name": "namespace"},
	View:      clustered.LauncherView("namespace"),
	Applied:   clustered.LauncherFacts(map[string]string{"service_account_name": kubernetesPods}),
}, clustered.LauncherAttributes("deploy pipelines, look after deployments and remove them; what templates of `additional_resources` make takes rights of your own"),
	kubernetesDriver).CheckedWhole(clustered.CheckName).Checked(clustered.CheckQuota)

type kubernetesConfig struct {
	clustered.Launcher

	ServiceType          string  `tfsdk:"service_type"`
	ServicePort          int64   `tfsdk:"service_port"`
	AuthKey              *string `tfsdk:"auth_key_wo"`
	AuthKeyVersion       *int64  `tfsdk:"auth_key_wo_version"`
	AuthKeySecret        *string `tfsdk:"auth_key_secret"`
	GenerateAuthKey      bool    `tfsdk:"generate_auth_key"`
	Timeout              int64   `tfsdk:"lcm_timeout"`
	Atomic               bool    `tfsdk:"atomic_provision"`
	Local                bool    `tfsdk:"local"`
	SkipLocalValidations bool    `tfsdk:"skip_local_validations"`
}

var kubernetesDriver = clustered.LauncherDriver(
	func(c *kubernetesConfig) *clustered.Launcher { return &c.Launcher },
	kubernetesAccounts,
	kubernetesConfig{
		Launcher: clustered.DefaultLauncher(), ServiceType: "LoadBalancer", ServicePort: deploymentPort, Timeout: deploymentSeconds,
	},
)

// kubernetesAccounts are one without rights for the pods of deployments, and one for who deploys. The rights are the calls
// that ZenML 0.98 makes; it applies everything, which takes patch and, for what is not there yet, create.
func kubernetesAccounts(site clustered.Site, cfg kubernetesConfig) clustered.Launch {
	made := clustered.Launch{Accounts: []clustered.Account{
		{Name: site.Name + kubernetesPods, Output: "service_account"},
		{Name: site.Name + kubernetesClient, Output: "client_service_account", Others: cfg.GrantedTo, Rules: []clustered.Rule{
			// The namespace is applied with each deployment, though it is there; ZenML never deletes it.
			{Resource: "namespaces", Names: []string{site.Namespace}, Verbs: []string{"patch"}},
			// What a deployment is made of; get is for waiting and for its address.
			{Group: "apps", Resource: "deployments", Verbs: []string{"create", "patch", "get", "delete"}},
			{Resource: "services", Verbs: []string{"create", "patch", "get", "delete"}},
			// Its secret variables, which are never read back.
			{Resource: "secrets", Verbs: []string{"create", "patch", "delete"}},
			// Its logs, which are those of its pods.
			{Resource: "pods", Verbs: []string{"list"}},
			{Resource: "pods/log", Verbs: []string{"get"}},
		}},
	}}

	if cfg.ServiceType == nodePort { // whose address is that of a node
		made.Wide = []clustered.Rule{{Resource: "nodes", Verbs: []string{"list"}}}
	}

	return made
}
