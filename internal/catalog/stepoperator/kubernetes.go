package stepoperator

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// The ends of the names of the service accounts that a step operator has.
const (
	kubernetesPods   = "-step-operator"
	kubernetesClient = "-step-operator-client"
)

// Kubernetes runs single steps as jobs of a cluster.
var Kubernetes = flavor.Define[kubernetesConfig](flavor.Meta{
	Name:  "kubernetes",
	ZenML: "kubernetes",
	Summary: "Runs steps as jobs of the cluster: a namespace for them, a service account without rights for their pods, one with just the rights to start " +
		"them, and a quota if wanted.",
	Runs:      flavor.InCluster,
	Clustered: true,
	Named:     true,
	Fields: map[string]string{
		"pod_count":  "Number of pods that a step runs in; more than one reach each other by name.",
		"privileged": "Whether the containers run with all rights on their node.",
		"incluster":  clustered.InClusterField,
	},
	Attribute: map[string]string{"kubernetes_namespace": "namespace", "service_account_name": "namespace"},
	View:      clustered.LauncherView("kubernetes_namespace"),
	Applied:   clustered.LauncherFacts(map[string]string{"service_account_name": kubernetesPods}),
}, clustered.Attributes(clustered.LauncherAttributes("start, watch and stop steps, such as `outputs.step_service_account` of a Kubernetes orchestrator"), map[string]schema.Attribute{"artifact_store": clustered.StoreAttribute()}), kubernetesDriver).
	CheckedWhole(clustered.CheckName).CheckedWhole(clustered.StoreServes.Check).CheckedWhole(clustered.CheckPods("artifact_store")).Checked(clustered.CheckQuota)

type kubernetesConfig struct {
	clustered.Launcher

	ArtifactStore *clustered.Component `tfsdk:"artifact_store"`

	PodCount   int64 `tfsdk:"pod_count"`
	Privileged bool  `tfsdk:"privileged"`
}

var kubernetesDriver = clustered.LauncherDriver(
	func(c *kubernetesConfig) *clustered.Launcher { return &c.Launcher },
	kubernetesAccounts,
	kubernetesConfig{Launcher: clustered.DefaultLauncher(), PodCount: 1},
)

// kubernetesAccounts are one without rights for the pods of steps, and one for who starts steps. The rights are the calls
// that ZenML 0.98 makes.
func kubernetesAccounts(site clustered.Site, cfg kubernetesConfig) clustered.Launch {
	return clustered.Launch{Store: cfg.ArtifactStore, Accounts: []clustered.Account{
		{Name: site.Name + kubernetesPods, Output: "service_account", Stored: true},
		{Name: site.Name + kubernetesClient, Output: "client_service_account", Others: cfg.GrantedTo, Rules: []clustered.Rule{
			// A job for each step, found by its labels, and deleted to stop it.
			{Group: "batch", Resource: "jobs", Verbs: []string{"create", "list", "delete"}},
			// The service by which several pods of a step reach each other; it goes with its job.
			{Resource: "services", Verbs: []string{"create"}},
		}},
	}}
}
