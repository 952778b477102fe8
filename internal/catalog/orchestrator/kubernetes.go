package orchestrator

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// The ends of the names of the service accounts that an orchestrator has.
const (
	kubernetesPods   = "-orchestrator"
	kubernetesSteps  = "-orchestrator-step"
	kubernetesClient = "-orchestrator-client"
)

// Kubernetes runs pipelines as jobs of a cluster.
var Kubernetes = flavor.Define[kubernetesConfig](flavor.Meta{
	Name:  "kubernetes",
	ZenML: "kubernetes",
	Summary: "Runs pipelines as jobs of the cluster, a pod for each step: a namespace for them, service accounts with no more rights than ZenML " +
		"uses, and a quota if wanted.",
	Runs:      flavor.InCluster,
	Clustered: true,
	Named:     true,
	Fields: map[string]string{
		"synchronous": "Whether who starts a pipeline waits until it has ended.",
		"local": "Whether the cluster runs on the machine that ZenML's client and its database are on: ZenML then mounts its local stores into the pods, " +
			"asks for no server that pods could reach, and takes parts of the stack that exist on this machine alone. The nodes of a k3d cluster need the " +
			"directory of those stores in `volumes` of the cluster.",
		"skip_local_validations": "Whether ZenML accepts a stack with parts that look as if they were on this machine alone. Right for a k3d cluster with a " +
			"registry at `localhost:<port>`, which its nodes mirror, while ZenML's server and the other parts are within reach of the pods.",
		"incluster":                  clustered.InClusterField,
		"pass_zenml_token_as_secret": "Whether the pods get ZenML's token from a Secret that is made for each run, and not as a plain variable.",
	},
	Attribute: map[string]string{
		"kubernetes_namespace": "namespace", "service_account_name": "namespace", "step_pod_service_account_name": "namespace",
	},
	View: clustered.LauncherView("kubernetes_namespace"),
	Applied: clustered.LauncherFacts(map[string]string{
		"service_account_name": kubernetesPods, "step_pod_service_account_name": kubernetesSteps,
	}),
}, clustered.Attributes(clustered.LauncherAttributes("start, watch and stop pipelines"), map[string]schema.Attribute{"artifact_store": clustered.StoreAttribute()}), kubernetesDriver).
	CheckedWhole(clustered.CheckName).CheckedWhole(clustered.StoreServes.Check).CheckedWhole(clustered.CheckPods("artifact_store")).Checked(clustered.CheckQuota)

type kubernetesConfig struct {
	clustered.Launcher

	ArtifactStore *clustered.Component `tfsdk:"artifact_store"`

	Synchronous          bool `tfsdk:"synchronous"`
	Local                bool `tfsdk:"local"`
	SkipLocalValidations bool `tfsdk:"skip_local_validations"`
	TokenAsSecret        bool `tfsdk:"pass_zenml_token_as_secret"`
}

var kubernetesDriver = clustered.LauncherDriver(
	func(c *kubernetesConfig) *clustered.Launcher { return &c.Launcher },
	kubernetesAccounts,
	kubernetesConfig{Launcher: clustered.DefaultLauncher(), Synchronous: true},
)

// kubernetesAccounts are one for the pod that runs a pipeline, one without rights for the pods of its steps, and one for who
// starts pipelines. The rights are the calls that ZenML 0.98 makes.
func kubernetesAccounts(site clustered.Site, cfg kubernetesConfig) clustered.Launch {
	pods := []clustered.Rule{
		// It finds its own job and its owners by its pod, and reads of the steps' pods why they wait or failed.
		{Resource: "pods", Verbs: []string{"get", "list"}},
		// A job for each step, found again after a restart, and deleted to stop it; patch writes the run's id to its own.
		{Group: "batch", Resource: "jobs", Verbs: []string{"create", "get", "list", "patch", "delete"}},
		// Its own job becomes the owner of those of the steps and waits for their deletion, which some clusters ask this for.
		{Group: "batch", Resource: "jobs/finalizers", Verbs: []string{"update"}},
	}
	client := []clustered.Rule{
		// The job that runs a pipeline; list and delete are for looking after a run and for stopping it.
		{Group: "batch", Resource: "jobs", Verbs: []string{"create", "get", "list", "delete"}},
		// Schedules: made, paused or moved, and removed.
		{Group: "batch", Resource: "cronjobs", Verbs: []string{"create", "patch", "delete"}},
		// A client that waits looks for pods that cannot start, and shows the log of the pipeline.
		{Resource: "pods", Verbs: []string{"list"}},
		{Resource: "pods/log", Verbs: []string{"get"}},
	}

	if cfg.TokenAsSecret { // by a name that each run has anew; neither ever reads one
		pods = append(pods, clustered.Rule{Resource: "secrets", Verbs: []string{"delete"}})
		client = append(client, clustered.Rule{Resource: "secrets", Verbs: []string{"create", "patch", "delete"}})
	}

	return clustered.Launch{Store: cfg.ArtifactStore, Accounts: []clustered.Account{
		{Name: site.Name + kubernetesPods, Output: "service_account", Rules: pods, Stored: true},
		// Steps get a token all the same: what they start elsewhere in the cluster is granted to this account there.
		{Name: site.Name + kubernetesSteps, Output: "step_service_account", Stored: true},
		{Name: site.Name + kubernetesClient, Output: "client_service_account", Rules: client, Others: cfg.GrantedTo},
	}}
}
