package sandbox

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// The ends of the names of the service accounts that a sandbox has.
const (
	kubernetesPods   = "-sandbox"
	kubernetesClient = "-sandbox-client"
)

const (
	sandboxImage   = "python:3.11-slim"
	sandboxSeconds = 120
)

// Kubernetes runs code in pods of a cluster.
var Kubernetes = flavor.Define[kubernetesConfig](flavor.Meta{
	Name:  "kubernetes",
	ZenML: "kubernetes",
	Summary: "Pods of the cluster: a namespace for them, a service account that has no rights and gives out no token, one with just the rights to use " +
		"sandboxes, and a quota if wanted.",
	Runs:      flavor.InCluster,
	Clustered: true,
	Named:     true,
	Fields: map[string]string{
		"image":                           "Image of the pods.",
		"owner":                           "What of the step a sandbox ends with; other than `none` it takes steps in pods of the same namespace.",
		"privileged":                      "Whether the containers run with all rights on their node.",
		"automount_service_account_token": "Whether code in a sandbox gets the token of its service account.",
		"pod_startup_timeout":             "Seconds that a pod may take to start.",
		"incluster":                       clustered.InClusterField,
	},
	Attribute: map[string]string{"kubernetes_namespace": "namespace", "service_account_name": "namespace"},
	View:      clustered.LauncherView("kubernetes_namespace"),
	Applied:   clustered.LauncherFacts(map[string]string{"service_account_name": kubernetesPods}),
}, clustered.LauncherAttributes("start sandboxes and run commands in them, such as `outputs.step_service_account` of a Kubernetes orchestrator"), kubernetesDriver).
	CheckedWhole(clustered.CheckName).Checked(clustered.CheckQuota)

type kubernetesConfig struct {
	clustered.Launcher

	Image             string `tfsdk:"image"`
	Owner             string `tfsdk:"owner"`
	Privileged        bool   `tfsdk:"privileged"`
	Token             bool   `tfsdk:"automount_service_account_token"`
	PodStartupTimeout int64  `tfsdk:"pod_startup_timeout"`
}

var kubernetesDriver = clustered.LauncherDriver(
	func(c *kubernetesConfig) *clustered.Launcher { return &c.Launcher },
	kubernetesAccounts,
	kubernetesConfig{Launcher: clustered.DefaultLauncher(), Image: sandboxImage, Owner: "none", PodStartupTimeout: sandboxSeconds},
)

// kubernetesAccounts are one without rights for the sandboxes, and one for who uses them. The rights are the calls that ZenML
// 0.98 makes.
func kubernetesAccounts(site clustered.Site, cfg kubernetesConfig) clustered.Launch {
	return clustered.Launch{Accounts: []clustered.Account{
		{Name: site.Name + kubernetesPods, Output: "service_account", Tokenless: true},
		{Name: site.Name + kubernetesClient, Output: "client_service_account", Others: cfg.GrantedTo, Rules: []clustered.Rule{
			// A pod for each session, waited for, found again by its labels, and deleted; get is for the owner too.
			{Resource: "pods", Verbs: []string{"create", "get", "list", "delete"}},
			// Commands and files go in and out by a web socket, which is a GET; Kubernetes 1.35 and later ask for create too.
			{Resource: "pods/exec", Verbs: []string{"get", "create"}},
		}},
	}}
}
