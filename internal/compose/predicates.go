package compose

import (
	"regexp"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// predicate is a row: a component that matches the pattern has the property when the condition holds.
type predicate struct {
	on   string
	when Condition
}

// laptopContexts are parts of the names that tools for local clusters give to their contexts.
var laptopContexts = []string{"k3d-", "kind-", "minikube", "docker-desktop", "colima", "rancher-desktop"}

var localRegistry = regexp.MustCompile(`^localhost:[0-9]{4,5}$`)

// localRows say what ZenML takes for bound to this machine.
var localRows = []predicate{
	{"artifact_store/local", always()},
	{"container_registry/*", onText("uri", "has a uri localhost:<port>", func(uri string) bool { return localRegistry.MatchString(strings.TrimRight(uri, "/")) })},
	{"orchestrator/local|local_docker", always()},
	{"orchestrator/kubernetes|airflow", isTrue("local")},
	{"deployer/local|docker", always()},
	{"deployer/kubernetes", anyOf(isTrue("local"), onLaptop())},
	{"experiment_tracker/mlflow", not(anyOf(startsWith("tracking_uri", "http://", "https://"), equals("tracking_uri", "databricks")))},
	{"model_deployer/mlflow", always()},
	{"feature_store/feast", equals("online_host", "localhost", "127.0.0.1")},
	{"data_validator/great_expectations", isNotNull("context_root_dir")},
	{"sandbox/local|docker", always()},
}

// remoteRows say what ZenML takes for running elsewhere and in need of a server it can reach.
var remoteRows = []predicate{
	{"orchestrator/sagemaker|azureml|vertex|databricks|hyperai|kubeflow|tekton|modal|ssh", always()},
	{"orchestrator/kubernetes", not(isTrue("local"))},
	{"step_operator/sagemaker|azureml|vertex|databricks|kubernetes|modal|runai|baseten|ssh", always()},
	{"deployer/aws|gcp", always()},
	{"deployer/kubernetes", not(anyOf(isTrue("local"), onLaptop()))},
	{"sandbox/kubernetes|modal", always()},
}

// localPathRows say what keeps files in a directory of this machine.
var localPathRows = []predicate{
	{"artifact_store/local", always()},
	{"experiment_tracker/mlflow", anyOf(not(isSet("tracking_uri")), startsWith("tracking_uri", "file:"))},
	{"model_deployer/mlflow|bentoml|vllm", always()},
	{"data_validator/great_expectations", isNotNull("context_root_dir")},
}

// emptyPathRows say where that directory is the empty text, which some of ZenML's validators take for none.
var emptyPathRows = []predicate{
	{"experiment_tracker/mlflow", equals("tracking_uri", "file:")},
	{"data_validator/great_expectations", equals("context_root_dir", "")},
}

// farOrchestrators run pipelines on other machines although ZenML does not call all of them remote.
var farRows = append([]predicate{
	{"orchestrator/vm_*|lightning", always()},
	{"orchestrator/airflow", not(isTrue("local"))},
}, remoteRows...)

// has looks a property up; what no row speaks of does not have it.
func has(rows []predicate, c *Component) Truth {
	if c.Unknown {
		return zenml.Undecided
	}
	result := zenml.False
	for _, row := range rows {
		if matches(row.on, c) {
			result = zenml.Any(result, row.when.of(c))
		}
	}
	return result
}

func isLocal(c *Component) Truth      { return has(localRows, c) }
func isRemote(c *Component) Truth     { return has(remoteRows, c) }
func hasLocalPath(c *Component) Truth { return has(localPathRows, c) }

// builderDefaulted tells whether ZenML adds a local image builder to the stack, provided that it has none.
func builderDefaulted(s situation) Truth {
	result := zenml.False
	for i := range s.stack.Components {
		c := &s.stack.Components[i]
		var needs Truth
		switch c.Kind {
		case kindOrchestrator:
			needs = zenml.Is(c.ZenML != "local")
		case kindStepOperator, kindDeployer:
			needs = zenml.True
		case kindModel:
			needs = zenml.Is(c.ZenML != "mlflow")
		default:
			continue
		}
		switch {
		case c.Unknown:
			needs = zenml.Undecided
		case c.ZenML == "":
			needs = zenml.False // ZenML never sees it
		}
		result = zenml.Any(result, needs)
	}
	return result
}

// RequiresRemoteServer tells whether pipelines on the stack can only run against a ZenML server that other machines
// reach: the orchestrator or a step operator runs elsewhere.
func RequiresRemoteServer(s Stack) Truth {
	result := zenml.False
	for i := range s.Components {
		if c := &s.Components[i]; c.Kind == kindOrchestrator || c.Kind == kindStepOperator {
			result = zenml.Any(result, isRemote(c))
		}
	}
	for _, slot := range s.UnknownSlots {
		if kind := slotKind(slot); kind == kindOrchestrator || kind == kindStepOperator {
			result = zenml.Any(result, zenml.Undecided)
		}
	}
	return result
}
